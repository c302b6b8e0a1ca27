"""Shops with a place, plans by routes and what stands where in them, for tests."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

from zhike.customers.dossier import actions as dossier
from zhike.people.tests.factories import MONDAY
from zhike.visits import actions
from zhike.visits.models import Routes, WeekPlan
from zhike.visits.planning import actions as planning
from zhike.visits.planning import showing

from .factories import DAY, a_shop

NEXT = MONDAY.date() + 7 * DAY
HOME = ("30.55000", "114.30000")


def placed(cast, name: str, east: float = 0.0, **facts: str):
    """A shop so many hundredths of a degree east of where the day begins, with facts of its file."""
    shop = a_shop(cast, name)
    dossier.add_address(
        customer=shop, text=f"{name}路1号", by=cast.specialist.party, now=MONDAY,
        latitude=Decimal(HOME[0]), longitude=Decimal(HOME[1]) + Decimal(str(east)),
    )  # fmt: skip
    for field, value in facts.items():
        dossier.learn(
            customer=shop, field=f"visit.{field}", value=value, source="VISIT", by=cast.specialist.party, now=MONDAY
        )  # fmt: skip
    return shop


def a_plan(cast, customers, by=None) -> WeekPlan:
    me = cast.specialist.party
    return actions.plan_week(
        manager=me, unit=cast.south.pk, monday=NEXT, by=by or me, now=MONDAY, customers=customers
    )


def asked(cast, plan, **more) -> Routes:
    row = planning.ask(plan=plan, by=cast.specialist.party, now=MONDAY, queue=lambda *a, **k: None, **more)
    return worked(row)


def worked(row: Routes) -> Routes:
    planning.work_out(row.pk)
    row = Routes.objects.select_related("plan").get(pk=row.pk)
    assert row.state == "DONE", row.problem
    return row


def again(row: Routes) -> Routes:
    planning.ask_again(routes=row, now=MONDAY, queue=lambda *a, **k: None)
    return worked(row)


def page_of(row: Routes) -> showing.Shown:
    return showing.shown(planning.task_of(row, MONDAY), row)


def names(row: Routes) -> dict[dt.date, list[str]]:
    return {day.day: [one.one.customer.name for one in day.rows] for day in page_of(row).days if day.rows}


def where(row: Routes, name: str) -> dt.date | None:
    return next((day for day, found in names(row).items() if name in found), None)


def key_of(row: Routes, name: str) -> int:
    found = planning.task_of(row, MONDAY).wanted
    return next(key for key, one in found.items() if one.customer.name == name)


def put(row: Routes, name: str, to: Any, at: int | None = None) -> dict[str, int]:
    to = to if isinstance(to, str) else to.isoformat()
    return planning.place(routes=row, key=key_of(row, name), to=to, at=at, now=MONDAY)[1]
