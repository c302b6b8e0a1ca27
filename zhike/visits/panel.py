"""The visits of a customer on the customer's page."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from zhike.customers import panels
from zhike.customers.models import Customer
from zhike.people.models import User

from . import access, queries

SHOWN = 5


def visits(user: User, customer: Customer) -> Mapping[str, Any] | None:
    scope = access.scope(user)
    found = queries.visits(scope).filter(customer=customer).order_by("-planned_on", "-id")
    rows = list(found.select_related(None).select_related("manager")[:SHOWN])
    if not rows:
        return None
    problems = queries.problems(scope).filter(visit__customer=customer, state="OPEN")
    return {
        "visits": rows,
        "problems": list(problems[:SHOWN]),
        "may_work": access.may_visit(user, customer),
    }


def register() -> None:
    panels.register(panels.Panel("visits", "visits/_panel.html", read=visits, place=panels.BELOW, order=10))
