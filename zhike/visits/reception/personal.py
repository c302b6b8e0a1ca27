"""What the reception holds of a customer as a person."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from django.utils.translation import gettext as _

from zhike.customers.models import Customer
from zhike.customers.privacy import holdings

from .models import Reception

TEXTS = ("name", "company", "source", "matter", "purpose", "answer")


def blocks(customer: Customer, now: dt.datetime) -> str:
    row = Reception.objects.filter(customer=customer, state=Reception.State.OPEN).first()
    return _("Reception %(number)s is under way.") % {"number": row.number} if row is not None else ""


def gather(customer: Customer) -> Iterator[holdings.Group]:
    rows = Reception.objects.filter(customer=customer)
    found = [
        {"number": row.number, "at": row.arrived_at.isoformat(), "text": row.matter or row.purpose}
        for row in rows
    ]
    if found:
        yield "visits", found


def erase(customer: Customer, words: frozenset[str], now: dt.datetime) -> int:
    """The log keeps moments; its texts lose the person."""
    rows = list(Reception.objects.filter(customer=customer))
    for row in rows:
        cleaned = {name: holdings.cleaned(getattr(row, name), words) for name in TEXTS}
        Reception.objects.filter(pk=row.pk).update(**cleaned)
    return len(rows)


HOLDING = holdings.Holding("receptions", blocks, gather, erase, own=frozenset({Reception._meta.label}))
