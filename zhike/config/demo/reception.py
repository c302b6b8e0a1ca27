"""The reception of the demo: visitors received well and badly, letters and calls answered or waiting, hospitality; invented."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from zhike.customers.models import Customer
from zhike.kernel.parties import subjects
from zhike.kernel.parties.models import Party, Unit
from zhike.kernel.procedures import approvals
from zhike.kernel.procedures.models import Approval
from zhike.kernel.worktime import calendars
from zhike.visits.reception import actions
from zhike.visits.reception.hospitality import actions as hosting
from zhike.visits.reception.models import Reception

from .enterprise import House

DAY, MINUTE, SECOND = dt.timedelta(days=1), dt.timedelta(minutes=1), dt.timedelta(seconds=1)
CAME = [  # days ago, seconds until greeted, purpose, result
    (6, 35, "看新品，了解供货", "留下样品目录，约定下周再谈"),
    (4, 150, "咨询合同续签", "续签一年"),
    (2, 50, "参观展厅", "对新系列有兴趣，已报价"),
]
WROTE = [
    ("CALL", 5, "询问节日期间送货安排", "照常送货，已告知"),
    ("LETTER", 4, "来信建议提前公布促销计划", "采纳，从下月起提前一周公布"),
    ("CALL", 0, "询问开票信息", ""),
]


def fill(house: House, now: dt.datetime) -> None:
    unit = house.units["enterprise"]
    head, manager = house.staff["enterprise", "P002-02"][0], house.staff["enterprise", "CUSTOMER_MANAGER"][0]
    customers = list(Customer.objects.filter(unit=unit, state=Customer.State.ACTIVE).order_by("pk")[:6])
    if not customers:
        return
    for place, (days, wait, purpose, result) in enumerate(CAME):
        at = now - days * DAY
        row = _came(unit, customers[place % len(customers)], manager, at)
        actions.greet(reception=row, by=manager, now=at + wait * SECOND)
        _received(row, purpose, head, manager, at + 5 * MINUTE, locker=place + 1)
        actions.answer(reception=row, answer=result, by=manager, now=at + 50 * MINUTE)
    _came(unit, customers[-1], manager, now - MINUTE)
    for place, (kind, days, matter, said) in enumerate(WROTE):
        customer, at = customers[-place % len(customers)], now - days * DAY
        row = actions.receive(
            unit=unit, kind=kind, name="", matter=matter, customer=customer, by=manager, now=at
        )
        if said:
            actions.answer(reception=row, answer=said, by=manager, now=at + 90 * MINUTE)
    _hosted(customers, manager, now)


def _hosted(customers: list[Customer], manager: Party, now: dt.datetime) -> None:
    """One meal settled above its budget, one visit of leaders that waits for its approval."""
    at = now - 5 * DAY
    day = calendars.local_day(at, customers[0].unit_id)
    meal = hosting.apply(
        customer=customers[0], kind="MEAL", guests=3, guest_names="王总、李经理、赵工程师", reason="续签年度合同",
        place="湖畔餐厅", on=day + DAY, budget=Decimal(300), by=manager, now=at,
    )  # fmt: skip
    approval = Approval.objects.get(**subjects.key(meal))
    approver = approval.steps.select_related("approver").get(decision="NOW").approver
    approvals.decide(approval=approval, decision="YES", opinion="同意", by=approver, now=at + 60 * MINUTE)
    meal.refresh_from_db()
    hosting.settle(
        hospitality=meal, actual_on=day + DAY, actual_guests=4, cost=Decimal(356), invoice="033002600411",
        overrun_reason="客户多来一位", result="续签一年", satisfaction=5, by=manager, now=at + 2 * DAY,
    )  # fmt: skip
    hosting.apply(
        customer=customers[-1], kind="LEADERS", guests=4, guest_names="董事长、总经理等", companions=2,
        companion_names="总经理、销售经理", reason="高层互访，参观工厂", place="总部", on=day + 12 * DAY,
        budget=Decimal(2800), by=manager, now=now,
    )  # fmt: skip


def _came(unit: Unit, customer: Customer, by: Party, at: dt.datetime) -> Reception:
    return actions.receive(unit=unit, kind="VISIT", name="", customer=customer, by=by, now=at)


def _received(row: Reception, purpose: str, head: Party, by: Party, at: dt.datetime, *, locker: int) -> None:
    """All steps of the standard; every third visitor got no water."""
    if locker % 3:
        actions.note(reception=row, step="water", by=by, now=at)
    actions.ask_purpose(reception=row, purpose=purpose, passed_to=by, by=by, now=at)
    use = actions.lend(reception=row, locker=locker, key=f"K{locker:02}", by=by, now=at)
    actions.assign(reception=row, receiver=by, by=head, now=at)
    actions.tell_name(reception=row, by=by, now=at)
    actions.enter(reception=row, by=by, now=at + MINUTE)
    actions.take_back(use=use, by=by, now=at + 40 * MINUTE)
