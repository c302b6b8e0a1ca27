"""Contacts, visits, orders and rulings on the one timeline of the customer's page."""

from __future__ import annotations

import datetime as dt

from django.utils.translation import gettext_lazy as _

from zhike.customers.contacts.models import Interaction
from zhike.customers.history import Line, Source
from zhike.customers.models import Customer
from zhike.kernel.worktime import calendars
from zhike.people.models import User

VISIT = Interaction.Way.VISIT


def _talks(customer: Customer, *, visits: bool, limit: int) -> list[Line]:
    rows = customer.interactions.select_related("by", "contact").defer("contact__number", "content", "feedback")
    rows = rows.filter(way=VISIT) if visits else rows.exclude(way=VISIT)
    lines = []
    for row in rows.order_by("-at", "-id")[:limit]:
        parts = (row.by.name if row.by else "", str(row.get_way_display()), row.contact.name if row.contact else "")
        said = row.purpose or row.result
        title = " ".join(part for part in parts if part) + (f"：{said}" if said else "")
        lines.append(Line(row.at, title, kind="met"))
    return lines


def _contacts(_user: User, customer: Customer, limit: int) -> list[Line]:
    return _talks(customer, visits=False, limit=limit)


def _visits(_user: User, customer: Customer, limit: int) -> list[Line]:
    return _talks(customer, visits=True, limit=limit)


def _count_contacts(_user: User, customer: Customer) -> int:
    return customer.interactions.exclude(way=VISIT).count()


def _count_visits(_user: User, customer: Customer) -> int:
    return customer.interactions.filter(way=VISIT).count()


def _orders(_user: User, customer: Customer, limit: int) -> list[Line]:
    zone = calendars.calendar_for(customer.unit_id).zone
    return [
        Line(
            dt.datetime.combine(row.on, dt.time(12), tzinfo=zone),
            f"{row.product} {row.model} ¥{row.amount:,.2f}".replace("  ", " "),
            number=row.number,
        )
        for row in customer.sales.order_by("-on", "-id")[:limit]
    ]


def _count_orders(_user: User, customer: Customer) -> int:
    return customer.sales.count()


def ready() -> None:
    from zhike.customers.history import register

    register(Source("contacts", _("Contacts"), _contacts, _count_contacts))
    register(Source("visits", _("Visits"), _visits, _count_visits))
    register(Source("orders", _("Orders"), _orders, _count_orders))
