"""What information asks the manuals: which kinds are studied, which only read, and by when."""

from __future__ import annotations

from zhike.kernel.policy.questions import Choice, DueTime, Enum, Fact, Outcome, Question, register

KINDS = "信息种类"

READING = register(
    Question(
        "information.reading",
        facts=[Fact("kind", Enum(KINDS), zh="种类", en="kind")],
        outcome=[
            Outcome(
                "demand",
                Choice([("STUDY", "学习", "Study"), ("READ", "阅读", "Read")]),
                zh="要求",
                en="demand",
            ),
            Outcome("limit", DueTime, zh="期限", en="within", optional=True),
        ],
    )
)
