"""The gates to the parts of a file: through the customer, so that secrecy and scope hold for each of them."""

from __future__ import annotations

from typing import Any, TypeVar

from django.db.models import Model, QuerySet
from django.http import Http404

from zhike.customers import access, queries
from zhike.customers.dossier.models import FieldDefinition
from zhike.customers.models import Customer
from zhike.kernel.parties.models import Party, Unit
from zhike.people.access import standing
from zhike.people.models import User

R = TypeVar("R", bound=Model)
DEFINE = "system.configure"


def part_for(user: User, model: type[R], pk: int, row: int, *, to: access.Verb) -> R:
    """One row of a customer's file, for somebody who may do this with the customer. Raises Http404."""
    customer = access.customer_for(user, pk, to=to)
    found: Any = model._default_manager.filter(customer=customer, pk=row).first()
    if found is None:
        raise Http404
    found.customer = customer
    return found  # type: ignore[no-any-return]


def staff_near(customer: Customer) -> QuerySet[Party]:
    """Who may be responsible for the customer: the staff of the same house."""
    house = sorted(queries.house_of(customer.unit))
    rows = Party.objects.filter(kind=Party.Kind.STAFF, unit__in=house, user__is_active=True)
    return rows.order_by("name", "pk")


def staff_of(user: User) -> QuerySet[Party]:
    """Who may be responsible for a new customer: the staff of the person's own house."""
    unit = user.party.unit
    house = sorted(queries.house_of(unit)) if unit is not None else []
    rows = Party.objects.filter(kind=Party.Kind.STAFF, unit__in=house, user__is_active=True)
    return rows.order_by("name", "pk")


def units_to_define_in(user: User) -> QuerySet[Unit]:
    """Units whose further fields this person defines."""
    reached = standing(user).units(DEFINE)
    rows = Unit.objects.filter(closed_on=None).order_by("path")
    return rows if reached is None else rows.filter(pk__in=sorted(reached))


def definitions_of(user: User) -> QuerySet[FieldDefinition]:
    """The further fields of the units that this person looks after."""
    rows = FieldDefinition.objects.filter(unit__in=units_to_define_in(user)).select_related("unit")
    return rows.order_by("unit__path", "place", "id")
