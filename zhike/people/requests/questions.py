"""What requests ask the manuals: by when each kind is answered and passed on to the customer."""

from __future__ import annotations

from zhike.kernel.policy.questions import DueTime, Enum, Fact, Outcome, Question, register

KINDS = [
    ("FEEDBACK", "一般问题", "Weekly feedback"),
    ("URGENT", "紧急问题", "Urgent report"),
    ("COORDINATION", "协调事项", "Coordination"),
    ("ENQUIRY", "信息咨询", "Enquiry"),
]
PASSINGS = "转办次数"  # how often a request may be passed on, before it lies with the common leader

REQUEST = register(
    Question(
        "request.limits",
        facts=[Fact("kind", Enum(KINDS), zh="事项", en="kind")],
        outcome=[
            Outcome("answer", DueTime, zh="答复期限", en="answer within"),
            Outcome("tell", DueTime, zh="转告期限", en="pass on within", optional=True),
        ],
    )
)
