"""What the register of promises asks the manuals."""

from __future__ import annotations

from zhike.kernel.policy.questions import Bool, Fact, NumberOut, Outcome, Question, register

PROMISE = register(
    Question(
        "customer.promise",
        facts=[Fact("dependent", Bool, zh="有依赖", en="dependent")],
        outcome=[Outcome("ahead", NumberOut, zh="提前天数", en="days ahead")],
        required=False,
    )
)
