"""Rent of the landlord's tenants: five months of bills, most paid in time, some late, one reminded twice."""

from __future__ import annotations

import datetime as dt
import random
from decimal import Decimal

from zhike.complaints.questions import ROLES
from zhike.customers.charges import actions
from zhike.customers.models import Customer
from zhike.kernel.parties.models import Party
from zhike.kernel.policy.manual.periods import add_months
from zhike.kernel.worktime import calendars
from zhike.manuals import actions as manuals

from .enterprise import LIBRARY, House

DAY = dt.timedelta(days=1)
MONTHS = 5
STATIONS = ("人民广场站", "南门站", "大学城站")
# of ten bills: how many days after the due day they are paid; None is not paid yet, unless it is old
PAID = (-3, -1, 0, -2, -4, 0, 6, -1, 12, None)
LATEST = 40  # nobody owes for longer, but for the first tenant


def fill(house: House, now: dt.datetime) -> None:
    dice = random.Random(11)
    unit, manager = house.units["metro"], house.staff["metro", "P002-02"][0]
    first = add_months(calendars.local_day(now, unit.pk).replace(day=1), -MONTHS)
    text = (LIBRARY / "rent-collection.md").read_text(encoding="utf-8")
    manuals.publish_and_install(text=text, unit=unit, by=None, now=now - 300 * DAY, roles=ROLES)
    for place, tenant in enumerate(Customer.objects.filter(unit=unit).order_by("pk")):
        tenant.region = STATIONS[place % len(STATIONS)]
        tenant.save(update_fields=["region"])
        rent = Decimal(8_000 + 500 * dice.randint(0, 40))
        for month in range(MONTHS + 1):
            _month(
                dice,
                tenant,
                rent,
                add_months(first, month),
                f"{'ABC'[place % 3]}-{place + 1:02}",
                manager,
                now,
            )


def _month(
    dice: random.Random,
    tenant: Customer,
    rent: Decimal,
    begin: dt.date,
    shop: str,
    by: Party,
    now: dt.datetime,
) -> None:
    zone = calendars.calendar_for(tenant.unit_id).zone
    billed = dt.datetime.combine(begin - 10 * DAY, dt.time(9, 30), tzinfo=zone)
    due_on = begin + 9 * DAY
    charge = actions.bill(
        customer=tenant, kind="RENT", amount=rent, period_from=begin, period_to=add_months(begin, 1), due_on=due_on,
        shop=shop, by=by, now=min(billed, now),
    )  # fmt: skip
    late = dice.choice(PAID)
    if (
        late is None
        and now - dt.datetime.combine(due_on, dt.time(), tzinfo=zone) > LATEST * DAY
        and shop != "A-01"
    ):
        late = 20
    for word, days in (("电话：财务说本周内付", 3), ("上门：老板出差，下周一付", 8)):
        at = dt.datetime.combine(due_on + days * DAY, dt.time(10), tzinfo=zone)
        if (late is None or late > days) and at <= now:
            actions.remind(charge=charge, text=word, by=by, now=at)
    if late is not None:
        at = dt.datetime.combine(due_on + late * DAY, dt.time(15), tzinfo=zone)
        if at <= now:
            actions.receive(charge=charge, amount=rent, on=due_on + late * DAY, by=by, now=at)
