"""What tracking holds of a customer as a person, beside its tables that point to one (`privacy.holdings`)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from zhike.customers.models import Customer
from zhike.customers.privacy import holdings

from .models import JournalEntry, Moment


def gather(customer: Customer) -> Iterator[holdings.Group]:
    """The words of the journal; an entry points to its contact and not to the customer."""
    entries = JournalEntry.objects.filter(plan=customer.pk).exclude(progress="", next_step="")
    rows = [
        {"at": holdings.plain(one.at), "progress": one.progress, "next_step": one.next_step}
        for one in entries.order_by("at")
    ]
    if rows:
        yield "tracking.JournalEntry", rows


def erase(customer: Customer, words: frozenset[str], now: dt.datetime) -> int:
    """Grades and dates stay as figures; the occasion of a key moment may name a contact person."""
    for moment in Moment.objects.filter(customer=customer):
        Moment.objects.filter(pk=moment.pk).update(occasion=holdings.cleaned(moment.occasion, words))
    return JournalEntry.objects.filter(plan=customer.pk).update(progress="", next_step="")


HOLDING = holdings.Holding(
    "tracking",
    gather=gather,
    erase=erase,
    deleted=frozenset({"tracking.Observation", "tracking.RoleEvidence", "tracking.ServicePlan"}),
    emptied={
        "tracking.Plan": dict.fromkeys(
            ("place", "suits", "origin", "resting", "silence", "risk_why", "risk_measure"), ""
        ),
        "tracking.Moment": {"template": "", "reply": ""},
    },
    kept=frozenset({"tracking.Activity_customers"}),
)
