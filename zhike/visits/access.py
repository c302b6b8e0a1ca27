"""Who may see and do in visits: who sees customers sees their visits, who keeps files makes them."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from django.core.exceptions import PermissionDenied
from django.db.models import Model, QuerySet
from django.http import Http404
from django.utils.translation import gettext as _

from zhike.customers import access as customers
from zhike.customers.models import Customer
from zhike.kernel.parties.scope import Scope
from zhike.people import access as people
from zhike.people.models import User

from . import queries
from .models import SyncEntry, Visit, WeekPlan

M = TypeVar("M", bound=Model)
SEE = "customer.see"
WORK = "customer.edit"
LEAD = "visit.approve"  # plans of others, conflicts of devices


def scope(user: User) -> Scope:
    return people.scope_of(user, SEE)


def works(user: User, visit: Visit) -> bool:
    """The visitor, and who leads the visits of the unit."""
    if visit.manager_id == user.party.pk:
        return people.may(user, WORK, visit.unit_id, named=(visit.manager_id,))
    return leads(user, visit.unit_id)


def leads(user: User, unit: int | None = None) -> bool:
    return people.may(user, LEAD, unit) if unit is not None else people.may(user, LEAD)


def visit_for(user: User, pk: int, *, to: str = "see") -> Visit:
    """The gate to a visit: 404 out of sight, 403 without the power. `to`: see, work, lead."""
    visit = one(queries.visits(scope(user)), pk)
    if to == "work" and not works(user, visit):
        raise PermissionDenied(WORK)
    if to == "lead" and not leads(user, visit.unit_id):
        raise PermissionDenied(LEAD)
    return visit


def plan_for(user: User, pk: int, *, to: str = "see") -> WeekPlan:
    plan = one(queries.plans(scope(user)), pk)
    own = plan.manager_id == user.party.pk and people.may(user, WORK, plan.unit_id, named=(plan.manager_id,))
    if to == "work" and not own and not leads(user, plan.unit_id):
        raise PermissionDenied(WORK)
    return plan


def entry_for(user: User, uid: object) -> SyncEntry:
    """What a device sent: settled by who made it or who leads."""
    entry = queries.unsettled(scope(user)).filter(pk=uid).first()
    if entry is None:
        raise Http404
    if entry.visit is not None and not works(user, entry.visit):
        raise PermissionDenied(WORK)
    return entry


def customer_for(user: User, pk: int, *, to: str = "see") -> Customer:
    """A customer of the person's reach, or one whom the person looks after."""
    customer = one(customers.customers_of(user) | queries.customers(scope(user)), pk)
    if to == "work" and not may_visit(user, customer):
        raise PermissionDenied(WORK)
    return customer


def may_visit(user: User, customer: Customer) -> bool:
    return people.may(user, WORK, customer.unit_id, named=(customer.created_by_id, customer.owner_id))


def gate(user: User) -> Callable[[Customer], str]:
    """What `actions.sync` asks of each entry's customer."""

    def refusal(customer: Customer) -> str:
        seen = queries.customers(scope(user)).filter(pk=customer.pk).exists()
        return "" if seen and may_visit(user, customer) else _("You may not visit this customer.")

    return refusal


def one(rows: QuerySet[M], pk: int) -> M:
    """The row with this key among those that the person sees; 404 for all others."""
    found = rows.filter(pk=pk).first()
    if found is None:
        raise Http404
    return found
