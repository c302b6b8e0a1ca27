"""The parts of the customer's page that show grades: the strip under the name, and why the foremost value is so."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from zhike.customers.models import Customer, Proposal
from zhike.customers.panels import SIDE, STRIP, Panel, register
from zhike.kernel import clock
from zhike.people.models import User

from . import access, queries, reading
from .dimensions import DIMENSIONS


def _strip(_user: User, customer: Customer) -> Mapping[str, Any] | None:
    shown = reading.boxes(customer, clock.now())
    return {"boxes": shown} if shown else None


def _why(user: User, customer: Customer) -> Mapping[str, Any] | None:
    now = clock.now()
    ruled = [
        dimension
        for dimension in DIMENSIONS.values()
        if queries.answer_for(dimension, customer.unit_id, queries.today(customer, now)) is not None
    ]
    shown = reading.boxes(customer, now)
    if not ruled and not shown:
        return None
    foremost = shown[0] if shown else None
    waiting = list(Proposal.objects.filter(customer=customer, state=Proposal.State.OPEN).select_related("by"))
    return {
        "box": foremost,
        "why": reading.why(customer, foremost, now) if foremost else None,
        "proposals": [(one, _words(one)) for one in waiting],
        "may_grade": access.may_grade(user, customer.unit_id),
        "ruled": bool(ruled),
    }


def _words(proposal: Proposal) -> str:
    dimension = DIMENSIONS[proposal.dimension]
    words = dict(queries.words(proposal.customer, proposal.dimension))
    return f"{dimension.label}: {words.get(proposal.before, proposal.before or '—')} → {words.get(proposal.value, proposal.value)}"


def register_all() -> None:
    register(Panel("grades", "customers/grading/_strip.html", read=_strip, place=STRIP, order=10))
    register(Panel("why_grade", "customers/grading/_why.html", read=_why, place=SIDE, order=20))
