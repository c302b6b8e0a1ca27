"""One row of each kind of the work platform, written by hand: no regulation on it is in force in the world."""

from __future__ import annotations

import datetime as dt
from typing import Any

from zhike.customers.contacts import actions as contacts
from zhike.manuals.models import Information
from zhike.people.models import Request
from zhike.workbench.models import CustomerMessage, Report

from .world import World

DAY = dt.date(2026, 3, 9)


def a_request(world: World, state: str = "OPEN") -> Request:
    people = world.people
    more: dict[str, Any] = {"answer": "…"} if state == "ANSWERED" else {}
    return Request.objects.get_or_create(
        number=f"QQ-{state}",
        defaults={
            "kind": "COORDINATION", "text": "…", "unit": people.south_service, "to_unit": people.south_cash,
            "owner": people.cashier_supervisor.party, "asked_by": people.specialist.party, "asked_at": world.now,
            "week": DAY, "state": state, **more,
        },
    )[0]  # fmt: skip


def an_item(world: World) -> Information:
    return Information.objects.get_or_create(
        number="XX-1",
        defaults={
            "kind": "NOTICE", "title": "…", "body": "…", "unit": world.people.south, "valid_from": DAY,
            "state": "PUBLISHED", "made_by": world.people.manager.party, "made_at": world.now,
            "published_by": world.people.manager.party, "published_at": world.now,
        },
    )[0]  # fmt: skip


def a_report(world: World, state: str = "SUBMITTED") -> Report:
    """Of the specialist."""
    return Report.objects.get_or_create(
        kind="WEEK" if state == "DRAFT" else "MONTH_PLAN", author=world.people.specialist.party, first=DAY,
        defaults={"unit": world.people.south_service, "after": dt.date(2026, 4, 1), "state": state, "opened_at": world.now},
    )[0]  # fmt: skip


def a_message(world: World) -> CustomerMessage:
    known = CustomerMessage.objects.first()
    if known is not None:
        return known
    heard = contacts.record(
        customer=world.customer, way="MESSAGE", by=None, now=world.now, content="…", is_incoming=True
    )
    return CustomerMessage.objects.create(
        customer=world.customer, unit=world.customer.unit, interaction=heard, text="…", at=world.now
    )
