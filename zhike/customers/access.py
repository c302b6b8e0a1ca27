"""Who may see and change customers, and the gate to one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404

from zhike.customers import history, queries
from zhike.customers.dossier.reading import Wishes, wishes_of
from zhike.customers.models import Customer, Phone
from zhike.kernel.parties.models import Unit
from zhike.people.access import may, scope_of, standing
from zhike.people.models import User

Verb = Literal["see", "edit", "reveal"]
POWERS: dict[str, str] = {"see": "customer.see", "edit": "customer.edit", "reveal": "customer.reveal"}


def customers_of(user: User) -> QuerySet[Customer]:
    """Every customer that this person may see."""
    return queries.customers(scope_of(user, POWERS["see"]))


def customer_for(user: User, pk: int, *, to: Verb = "see") -> Customer:
    """The customer, for somebody who may do this. A customer out of sight does not exist (404).

    Raises Http404, or PermissionDenied when the customer is seen but the power is lacking.
    """
    rows = customers_of(user).select_related("unit", "owner", "verified_by", "created_by")
    customer = rows.filter(pk=pk).first()
    if customer is None:
        raise Http404
    if to != "see" and not can(user, to, customer):
        raise PermissionDenied(POWERS[to])
    return customer


def phone_for(user: User, pk: int, phone: int, *, to: Verb) -> Phone:
    """One number of a customer, through the customer's gate."""
    customer = customer_for(user, pk, to=to)
    found = customer.phones.filter(pk=phone).first()
    if found is None:
        raise Http404
    return found


def can(user: User, verb: Verb, customer: Customer) -> bool:
    return may(user, POWERS[verb], customer.unit_id, named=(customer.created_by_id, customer.owner_id))


def units_to_create_in(user: User) -> QuerySet[Unit]:
    """Units for which this person may open a file."""
    reached = standing(user).units(POWERS["edit"])
    rows = Unit.objects.filter(closed_on=None)
    return rows if reached is None else rows.filter(pk__in=sorted(reached))


@dataclass(frozen=True)
class May:
    """What a person may do with a customer, for templates."""

    see: bool
    edit: bool
    reveal: bool


def may_do(user: User, customer: Customer) -> May:
    seen = scope_of(user, POWERS["see"])
    named = seen.party is not None and seen.party in {customer.created_by_id, customer.owner_id}
    see = (seen.sees_unit(customer.unit_id) and customer.secrecy <= seen.secrecy) or named
    return May(see, see and can(user, "edit", customer), see and can(user, "reveal", customer))


@dataclass(frozen=True)
class Card:
    """A customer beside a case, for the template `customers/_card.html`."""

    customer: Customer
    phones: list[Phone]
    may: May
    history: history.History | None
    wishes: Wishes | None = None


def card_for(user: User, customer: Customer) -> Card:
    """The customer as the reader of a case sees them: name and masks; history only for who may see the file."""
    may = may_do(user, customer)
    phones = list(customer.phones.defer("number"))
    if not may.see:
        return Card(customer, phones, may, None)
    return Card(customer, phones, may, history.of(user, customer, limit=5), wishes_of(customer))
