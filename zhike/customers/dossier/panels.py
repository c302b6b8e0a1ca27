"""The parts of the customer's page that this package shows."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from zhike.customers import access
from zhike.customers.models import Customer
from zhike.customers.panels import BELOW, LEFT, SIDE, Panel, register
from zhike.people.models import User

from . import parts, reading


def _contacts(_user: User, customer: Customer) -> Mapping[str, Any] | None:
    rows = parts.contacts(customer)
    business = customer.kind == Customer.Kind.ORGANISATION
    if not rows and not business:
        return None
    finance = any(row.function == row.Function.FINANCE for row in rows)
    return {"contacts": rows, "no_finance": business and not finance}


def _links(user: User, customer: Customer) -> Mapping[str, Any] | None:
    out, back = parts.links(customer), parts.linked(customer)
    if not out and not back:
        return None
    keys = {row.other_id for row in out} | {row.customer_id for row in back}
    seen = _seen(user, keys)
    return {
        "out": [row for row in out if row.other_id in seen],
        "back": [row for row in back if row.customer_id in seen],
        "hidden": len([key for key in keys if key not in seen]),
    }


def _seen(user: User, keys: set[int]) -> set[int]:
    """Those of the customers that the person may see."""
    rows = access.customers_of(user).filter(pk__in=keys).order_by().values_list("pk", flat=True)
    return set(rows) if keys else set()


def _theirs(user: User, customer: Customer) -> Mapping[str, Any] | None:
    if customer.position != Customer.Position.INTERMEDIATE:
        return None
    seen = _seen(user, {row.customer_id for row in parts.linked(customer)})
    return {"theirs": reading.theirs_of(user, customer, reading.today(customer), seen)}


def _needs(_user: User, customer: Customer) -> Mapping[str, Any] | None:
    return {"needs": parts.needs_of(customer)[:8]}


def _quality(_user: User, customer: Customer) -> Mapping[str, Any] | None:
    return {"quality": reading.quality_of(customer, reading.today(customer))}


def _wishes(_user: User, customer: Customer) -> Mapping[str, Any] | None:
    return {"wishes": reading.wishes_of(customer)}


def _consents(_user: User, customer: Customer) -> Mapping[str, Any] | None:
    return {"consents": parts.consents(customer)}


def ready() -> None:
    for key, place, order, read in (
        ("contacts", LEFT, 20, _contacts),
        ("links", LEFT, 60, _links),
        ("needs", BELOW, 60, _needs),
        ("theirs", BELOW, 70, _theirs),
        ("wishes", SIDE, 20, _wishes),
        ("quality", SIDE, 40, _quality),
        ("consents", SIDE, 50, _consents),
    ):
        register(Panel(f"dossier_{key}", f"customers/dossier/_{key}.html", read, place, order))
