"""What archives ask the regulation `customer-archives`: limits of filing and keeping, and who approves a loan."""

from __future__ import annotations

from zhike.kernel.policy.questions import DueTime, Enum, Fact, Int, Outcome, Question, TextOut, register

CLASSES = "档案类别"

FILING = register(
    Question(
        "customer.archive",
        facts=[Fact("kind", Enum(CLASSES), zh="档案类别", en="class")],
        outcome=[
            Outcome("filing", DueTime, zh="归档期限", en="file within"),
            Outcome("keep", DueTime, zh="保管期限", en="keep for"),
        ],
    )
)

LENDING = register(
    Question(
        "customer.lending",
        facts=[Fact("secrecy", Int, zh="级数", en="level of secrecy")],
        outcome=[
            Outcome("approver", TextOut, zh="批准人", en="approved by"),
            Outcome("days", DueTime, zh="借期", en="lent for"),
        ],
    )
)
