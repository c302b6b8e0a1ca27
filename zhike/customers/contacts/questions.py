"""What the register of promises asks the manuals."""

from __future__ import annotations

from zhike.kernel.policy.questions import Bool, Enum, Fact, NumberOut, Outcome, Question, register

PROMISE = register(
    Question(
        "customer.promise",
        facts=[Fact("dependent", Bool, zh="有依赖", en="dependent")],
        outcome=[Outcome("ahead", NumberOut, zh="提前天数", en="days ahead")],
        required=False,
    )
)

# what a contact brings; codes of Interaction.Content
CONTENT = [
    ("SERVICE", "服务事项", "Service matter"),
    ("ADVICE", "个性化服务建议", "Individual advice"),
    ("NEWS", "行业资讯", "News of the trade"),
    ("INVITATION", "活动邀请", "Invitation"),
    ("GREETING", "问候", "Greeting"),
]

CONTACT_LIMIT = register(
    Question(
        "customer.contact_limit",
        facts=[Fact("content", Enum(CONTENT), zh="内容", en="content")],
        outcome=[
            Outcome("times", NumberOut, zh="次数", en="times", optional=True),
            Outcome("days", NumberOut, zh="天数", en="days", optional=True),
        ],
        required=False,
    )
)
