"""What reception asks the manuals: within which limit a visitor is greeted and a letter, call or visit answered."""

from __future__ import annotations

from zhike.kernel.policy.questions import (
    Bool,
    DueTime,
    Enum,
    Fact,
    Money,
    Multi,
    NumberOut,
    Outcome,
    Question,
    register,
)

CHECKS = "接待检查"  # list of the manual: what is checked of each reception (T001-24)
LOCKERS = "存放箱数"
GREET = "GREET"

LIMIT = register(
    Question(
        "reception.limits",
        facts=[
            Fact(
                "matter",
                Enum(
                    [
                        (GREET, "迎接", "Greeting"),
                        ("LETTER", "来信", "Letter"),
                        ("CALL", "来电", "Call"),
                        ("VISIT", "来访", "Visit"),
                    ]
                ),
                zh="事项",
                en="matter",
            )
        ],
        outcome=[Outcome("limit", DueTime, zh="期限", en="limit")],
    )
)

KINDS = [
    ("MEAL", "用餐", "Meal"),
    ("LODGING", "住宿", "Lodging"),
    ("GIFT", "礼品", "Gift"),
    ("TOUR", "参观", "Tour"),
    ("TRAVEL", "旅游", "Travel"),
    ("MEETING", "承办会议", "Hosted meeting"),
    ("LEADERS", "领导互访", "Leaders' visit"),
    ("OTHER", "其他", "Other"),
]
DAYS_AFTER = "补报天数"  # within which what was spent without an application is applied for

STANDARD = register(
    Question(
        "reception.standard",
        facts=[
            Fact("kind", Enum(KINDS), zh="种类", en="kind"),
            Fact("key", Bool, zh="重点客户", en="key customer"),
        ],
        outcome=[
            Outcome("each", NumberOut, zh="人均标准", en="per person"),
            Outcome("companions", NumberOut, zh="陪同人数", en="companions"),
        ],
        required=False,
    )
)
APPROVAL = register(
    Question(
        "reception.approval",
        facts=[Fact("amount", Money, zh="金额", en="amount")],
        outcome=[
            Outcome("approvers", Multi(), zh="审批人", en="approvers"),
            Outcome("limit", DueTime, zh="时限", en="limit", optional=True),
        ],
        required=False,
    )
)
