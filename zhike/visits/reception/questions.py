"""What reception asks the manuals: within which limit a visitor is greeted and a letter, call or visit answered."""

from __future__ import annotations

from zhike.kernel.policy.questions import DueTime, Enum, Fact, Outcome, Question, register

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
