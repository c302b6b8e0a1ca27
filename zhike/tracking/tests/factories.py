"""Customers under upkeep for tests, made by the actions."""

from __future__ import annotations

import datetime as dt
from typing import Any

from zhike.customers.grading import actions as grading
from zhike.customers.models import Customer
from zhike.customers.tests.factories import a_customer as bare
from zhike.people.tests.factories import MONDAY, Cast
from zhike.tracking import actions

DAY = dt.timedelta(days=1)


def a_customer(cast: Cast, name: str = "澜石精密", grade: str = "", **more: Any) -> Customer:
    """Of the south store; with a grade, decided by hand."""
    given = {"phone": "", "kind": "ORGANISATION"} | more
    customer = bare(cast.south, cast.taker, name=name, **given)
    if grade:
        grading.regrade(
            customer=customer, dimension="grade", by=cast.supervisor.party, now=MONDAY - DAY,
            value=grade, reason="面谈",
        )  # fmt: skip
    return customer


def a_plan(cast: Cast, customer: Customer | None = None, **more: Any):
    """Fixed in all four ways, looked after by the specialist."""
    given = {
        "owner": cast.specialist.party, "place": "浦江路88号", "suits": "周三下午", "region": "华东",
        "by": cast.supervisor.party, "now": MONDAY,
    } | more  # fmt: skip
    return actions.fix(customer=customer or a_customer(cast), **given)
