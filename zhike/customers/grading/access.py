"""Who may look at grades and decide on them, and the gates to what is not the customer itself."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404

from zhike.customers import access as customers
from zhike.customers.models import Customer, Evaluation, Persona, Proposal, Run, SegmentPlan
from zhike.kernel.parties.models import Party, Unit
from zhike.kernel.records.models import Record
from zhike.people.access import may, scope_of
from zhike.people.models import User

from . import queries

SEE, EDIT, GRADE = "customer.see", "customer.edit", "customer.grade"


def may_grade(user: User, unit_id: int) -> bool:
    """Whether this person decides on grades at the unit without asking somebody else."""
    return may(user, GRADE, unit_id)


def units_to_grade(user: User) -> QuerySet[Unit]:
    """Units all of whose customers this person may have graded."""
    reached = scope_of(user, GRADE).units
    rows = Unit.objects.filter(closed_on=None)
    return rows if reached is None else rows.filter(pk__in=sorted(reached))


def units_to_see(user: User) -> QuerySet[Unit]:
    reached = scope_of(user, SEE).units
    rows = Unit.objects.filter(closed_on=None)
    return rows if reached is None else rows.filter(pk__in=sorted(reached))


def colleagues(user: User) -> QuerySet[Party]:
    """Staff of the person's own unit, to be made responsible."""
    return Party.objects.filter(kind=Party.Kind.STAFF, unit=user.party.unit_id).order_by("name")


def record_of(customer: Customer, pk: int) -> Record:
    """A form that was signed about a customer, whose gate was passed. Raises Http404."""
    found = Record.objects.filter(pk=pk, subject_label=Customer._meta.label, subject_id=customer.pk).first()
    if found is None:
        raise Http404
    return found


def units_to_edit(user: User) -> QuerySet[Unit]:
    reached = scope_of(user, EDIT).units
    rows = Unit.objects.filter(closed_on=None)
    return rows if reached is None else rows.filter(pk__in=sorted(reached))


def proposal_for(user: User, pk: int, *, to: str = "see") -> Proposal:
    """Raises Http404, or PermissionDenied where the power to decide is lacking."""
    found = queries.proposals(scope_of(user, SEE)).filter(pk=pk).first()
    if found is None:
        raise Http404
    if to == "decide" and not may_grade(user, found.customer.unit_id):
        raise PermissionDenied(GRADE)
    return found


def evaluation_for(user: User, pk: int, *, to: str = "see") -> Evaluation:
    """An evaluation, through the gate of its customer."""
    found = Evaluation.objects.select_related("customer__unit").filter(pk=pk).first()
    if found is None:
        raise Http404
    customers.customer_for(user, found.customer_id, to="edit" if to == "edit" else "see")
    return found


def personas(user: User) -> QuerySet[Persona]:
    """Personas of the units whose customers one sees; one of a single customer only with that customer in sight."""
    scope = scope_of(user, SEE)
    rows = scope.rows(Persona.objects.select_related("unit", "by", "customer"), unit="unit", named=("by",))
    hidden = rows.exclude(customer=None).exclude(
        customer__in=customers.customers_of(user).order_by().values("pk")
    )
    return rows.exclude(pk__in=hidden.order_by().values("pk"))


def plans(user: User) -> QuerySet[SegmentPlan]:
    rows = SegmentPlan.objects.select_related("unit", "owner", "by")
    return scope_of(user, SEE).rows(rows, unit="unit", named=("owner", "by"))


def runs(user: User) -> QuerySet[Run]:
    return scope_of(user, GRADE).rows(Run.objects.select_related("unit", "by"), unit="unit", named=("by",))
