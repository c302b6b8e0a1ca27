"""Orders and rulings on the one timeline of the customer's page; contacts and cases come from their own parts."""

from __future__ import annotations

import datetime as dt

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from zhike.customers.grading import queries as grading
from zhike.customers.grading.dimensions import DIMENSIONS
from zhike.customers.history import Line, Source, register
from zhike.customers.models import Customer, Grade
from zhike.kernel.worktime import calendars
from zhike.people.models import User


def _orders(_user: User, customer: Customer, limit: int) -> list[Line]:
    zone = calendars.calendar_for(customer.unit_id).zone
    return [
        Line(
            dt.datetime.combine(row.on, dt.time(), tzinfo=zone),
            " ".join(part for part in (row.product, row.model, f"¥{row.amount:,.2f}") if part),
            number=row.number,
        )
        for row in customer.sales.order_by("-on", "-id")[:limit]
    ]


def _count_orders(_user: User, customer: Customer) -> int:
    return customer.sales.count()


def _rulings(_user: User, customer: Customer, limit: int) -> list[Line]:
    """Each value that the customer got, with the one before it in the same dimension; what only was confirmed is none."""
    rows = _moves(customer)
    words = grading.labels(rows)
    before: dict[str, str] = {}
    lines = []
    for row in rows:
        name = words.get((row.dimension, row.value), row.value)
        known = DIMENSIONS.get(row.dimension)
        former = before.get(row.dimension)
        moved = f"{former} → {name}" if former is not None else name
        said = {"dimension": known.label if known else row.dimension, "moved": moved}
        title = _("Ruling: %(dimension)s %(moved)s") % said
        lines.append(Line(row.since, " ".join(part for part in (title, row.reason) if part), kind="brand"))
        before[row.dimension] = name
    return lines[::-1][:limit]


def _count_rulings(_user: User, customer: Customer) -> int:
    return len(_moves(customer))


def _moves(customer: Customer) -> list[Grade]:
    """The values that differ from the one before, earliest first."""
    before: dict[str, str] = {}
    found = []
    for row in grading.course(customer):
        if before.get(row.dimension) != row.value:
            found.append(row)
        before[row.dimension] = row.value
    return found


def ready() -> None:
    register(Source("orders", gettext_lazy("Orders"), _orders, _count_orders, order=80))
    register(Source("rulings", gettext_lazy("Rulings"), _rulings, _count_rulings, order=90))
