"""The bills of one customer for the panel, and what erasure does with them."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

from django.db.models import Count, Min, Q, Sum

from zhike.customers.models import Charge, ChargeStep, Customer
from zhike.kernel import clock
from zhike.kernel.worktime import calendars

from . import queries


def standing(customer: Customer) -> dict[str, Any] | None:
    """How many bills there are, what is owed and what is late; None where there never was one."""
    today = calendars.local_day(clock.now(), customer.unit_id)
    late = Q(sale__due_on__lt=today)
    # without the count of reminders, whose join would count a bill for each
    rows = Charge.objects.filter(sale__customer=customer).annotate(open=queries.OWED).order_by()
    found = rows.aggregate(
        bills=Count("pk"), owed=Sum("open"), late=Sum("open", filter=late), since=Min("sale__due_on", filter=late & Q(open__gt=0)),
        next=Min("sale__due_on", filter=~late & Q(open__gt=0)),
    )  # fmt: skip
    if not found["bills"]:
        return None
    return {
        **found,
        "owed": found["owed"] or Decimal(0),
        "late": found["late"] or Decimal(0),
        "days": (today - found["since"]).days if found["since"] else 0,
    }


def forget(customer: Customer, _words: frozenset[str], _now: dt.datetime) -> int:
    """What was said at a reminder goes; amounts and days stay for the books."""
    return ChargeStep.objects.filter(charge__sale__customer=customer).exclude(text="").update(text="—")
