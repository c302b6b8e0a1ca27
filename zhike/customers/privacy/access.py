"""Who keeps, reads and answers for personal data."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404

from zhike.customers import access as customers
from zhike.customers.models import Breach, Customer, Release, RightsRequest
from zhike.kernel.parties.scope import Scope
from zhike.people.access import may, scope_of, standing
from zhike.people.models import User

from . import queries

ANSWER, SECRECY, KEEP, APPROVE, AUDIT, HAND_OVER = (
    "privacy.answer",
    "archive.set_secrecy",
    "archive.keep",
    "archive.approve",
    "audit.read",
    "customer.hand_over",
)


def may_read_log(user: User, customer: Customer) -> bool:
    """Data keepers and auditors read who looked at what."""
    return may(user, KEEP, customer.unit_id) or may(user, AUDIT, customer.unit_id)


def customer_for(user: User, pk: int, *, to: str) -> Customer:
    customer = customers.customer_for(user, pk)
    if not may(user, to, customer.unit_id):
        raise PermissionDenied(to)
    return customer


def request_for(user: User, pk: int) -> RightsRequest:
    found = requests(user).filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


def requests(user: User) -> QuerySet[RightsRequest]:
    return queries.requests(scope_of(user, ANSWER))


def breaches(user: User) -> QuerySet[Breach]:
    """Leaks that one owns, and those of the units whose data one keeps or audits."""
    return queries.breaches(Scope(party=user.pk)) | queries.breaches(standing(user).scope(KEEP, AUDIT))


def keeper_scope(user: User) -> Scope:
    """Releases, exports and breaches: for keepers of data, who approve, and auditors."""
    return standing(user).scope(KEEP, APPROVE, AUDIT)


def release_for(user: User, pk: int) -> Release:
    found = queries.releases(scope_of(user, APPROVE)).filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


def breach_for(user: User, pk: int) -> Breach:
    found = queries.breaches(standing(user).scope(KEEP, APPROVE, AUDIT, "customer.see")).filter(pk=pk).first()
    if found is None:
        raise Http404
    if not (may_work_on(user, found) or may(user, AUDIT, found.unit_id)):
        raise PermissionDenied(KEEP)
    return found


def may_work_on(user: User, breach: Breach) -> bool:
    return breach.owner_id == user.pk or may(user, KEEP, breach.unit_id)
