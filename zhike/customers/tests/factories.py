"""Customers for tests, made by the actions."""

from __future__ import annotations

from zhike.customers import actions
from zhike.customers.models import Customer
from zhike.kernel.parties.models import Unit
from zhike.people.models import User
from zhike.people.tests.factories import MONDAY


def a_customer(unit: Unit, by: User, name: str = "江牧原", phone: str = "13800005678", **more) -> Customer:
    if more.get("kind") == Customer.Kind.ORGANISATION:
        more.setdefault("position", Customer.Position.END)
    return actions.create(name=name, phone=phone, unit=unit, by=by.party, now=MONDAY, knowing=True, **more)
