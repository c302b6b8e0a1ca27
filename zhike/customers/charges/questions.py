"""What the collection of charges asks the regulation `rent-collection`."""

from __future__ import annotations

from zhike.kernel.policy.questions import DueTime, Enum, Fact, NumberOut, Outcome, Question, TextOut, register

KINDS = "收费项目"
AGES = "账龄"

CHARGE = register(
    Question(
        "customer.charge",
        facts=[Fact("kind", Enum(KINDS), zh="收费项目", en="kind of charge")],
        outcome=[
            Outcome("chase", DueTime, zh="催缴间隔", en="remind again within"),
            # the post that collects of a tenant whom nobody looks after
            Outcome("keeper", TextOut, zh="负责", en="collected by", optional=True),
            # part of what is late, for each day
            Outcome("late_rate", NumberOut, zh="滞纳金日率", en="late fee a day", optional=True),
        ],
    )
)
