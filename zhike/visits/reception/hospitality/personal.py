"""What hospitality holds of a customer as a person."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from django.utils.translation import gettext as _

from zhike.customers.models import Customer
from zhike.customers.privacy import holdings

from .models import Hospitality

TEXTS = ("guest_names", "reason", "result")
OPEN = (Hospitality.State.ASKED, Hospitality.State.APPROVED)


def blocks(customer: Customer, now: dt.datetime) -> str:
    row = Hospitality.objects.filter(customer=customer, state__in=OPEN).first()
    return _("Hospitality %(number)s is not settled.") % {"number": row.number} if row is not None else ""


def gather(customer: Customer) -> Iterator[holdings.Group]:
    rows = Hospitality.objects.filter(customer=customer)
    found = [{"number": row.number, "at": row.on.isoformat(), "text": row.reason} for row in rows]
    if found:
        yield "visits", found


def erase(customer: Customer, words: frozenset[str], now: dt.datetime) -> int:
    """The figures stay; texts lose the person."""
    rows = list(Hospitality.objects.filter(customer=customer))
    for row in rows:
        cleaned = {name: holdings.cleaned(getattr(row, name), words) for name in TEXTS}
        Hospitality.objects.filter(pk=row.pk).update(**cleaned)
    return len(rows)


HOLDING = holdings.Holding("hospitality", blocks, gather, erase, own=frozenset({Hospitality._meta.label}))
