"""Who may see and do in tracking: who sees customers sees their plans, who keeps files keeps journals."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeVar

from django.core.exceptions import PermissionDenied
from django.db.models import Model, QuerySet
from django.http import Http404

from zhike.customers import access as customers
from zhike.customers.models import Customer
from zhike.kernel.parties.scope import Scope
from zhike.people import access as people
from zhike.people.models import User

from . import queries
from .models import Activity, Moment, Observation

M = TypeVar("M", bound=Model)
SEE = "customer.see"
WORK = "customer.edit"
LEAD = "tracking.lead"  # fixes owners, sees the whole team's figures, approves activities


def scope(user: User) -> Scope:
    return people.scope_of(user, SEE)


def leads(user: User) -> bool:
    return people.may(user, LEAD)


@dataclass(frozen=True)
class May:
    """What a person may do with the upkeep of one customer."""

    work: bool
    lead: bool
    reveal: bool


def may(user: User, customer: Customer) -> May:
    named = (customer.created_by_id, customer.owner_id)
    return May(
        work=people.may(user, WORK, customer.unit_id, named=named),
        lead=people.may(user, LEAD, customer.unit_id),
        reveal=people.may(user, "customer.reveal", customer.unit_id, named=named),
    )


def seen(user: User) -> QuerySet[Customer]:
    return customers.customers_of(user) | queries.owned(scope(user))


def customer_for(user: User, pk: int, *, to: str = "see") -> Customer:
    """The gate to a customer: 404 out of sight, 403 without the power. `to` is see or a field of `May`.

    An owner sees the customers that were given to them, wherever their post reaches.
    """
    customer = seen(user).filter(pk=pk).first()
    if customer is None:
        raise Http404
    if to != "see" and not getattr(may(user, customer), to):
        raise PermissionDenied(to)
    return customer


def activity_for(user: User, pk: int, *, to: str = "see") -> Activity:
    """`to`: see; work (what the planner does); lead (decide)."""
    activity = one(queries.activities(scope(user)), pk)
    power = {"see": SEE, "work": WORK, "lead": LEAD}[to]
    if not people.may(user, power, activity.unit_id, named=(activity.by_id,) if to == "work" else ()):
        raise PermissionDenied(power)
    return activity


def moment_for(user: User, pk: int) -> Moment:
    moment = one(queries.moments(scope(user)), pk)
    customer_for(user, moment.customer_id, to="work")
    return moment


def observation_for(user: User, pk: int) -> Observation:
    found = one(queries.observations(scope(user)), pk)
    customer_for(user, found.customer_id, to="work")
    return found


def one(rows: QuerySet[M], pk: int) -> M:
    """The row with this key among those that the person sees; 404 for all others."""
    found = rows.filter(pk=pk).first()
    if found is None:
        raise Http404
    return found
