"""Who may see, keep, borrow and destroy archives. A file out of sight is a 404."""

from __future__ import annotations

from dataclasses import dataclass

from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404

from zhike.customers.models import Archive, ArchiveCheck, Destruction, Loan
from zhike.kernel.parties.scope import Scope
from zhike.people.access import may, scope_of
from zhike.people.models import User

from . import queries

SEE, KEEP, APPROVE = "customer.see", "archive.keep", "archive.approve"


@dataclass(frozen=True)
class MayArchive:
    keep: bool
    approve: bool


def scope(user: User) -> Scope:
    return scope_of(user, SEE)


def seen(user: User) -> QuerySet[Archive]:
    return queries.archives(scope(user))


def checks(user: User) -> QuerySet[ArchiveCheck]:
    return queries.checks(scope_of(user, KEEP))


def destructions(user: User) -> QuerySet[Destruction]:
    """Lists of the units whose archives one keeps or signs for."""
    rows = queries.destructions(scope_of(user, KEEP)) | queries.destructions(scope_of(user, APPROVE))
    return rows.distinct()


def may_do(user: User, unit: int) -> MayArchive:
    return MayArchive(may(user, KEEP, unit), may(user, APPROVE, unit))


def archive_for(user: User, pk: int, *, to: str = SEE) -> Archive:
    found = seen(user).filter(pk=pk).first()
    if found is None:
        raise Http404
    if to != SEE and not may(user, to, found.unit_id):
        raise PermissionDenied(to)
    return found


def loan_for(user: User, pk: int, *, to: str) -> Loan:
    found = queries.loans(scope(user)).filter(pk=pk).first()
    if found is None:
        raise Http404
    if not may(user, to, found.archive.unit_id):
        raise PermissionDenied(to)
    return found


def check_for(user: User, pk: int) -> ArchiveCheck:
    found = checks(user).filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


def destruction_for(user: User, pk: int, *, to: str = "") -> Destruction:
    """A list, for who keeps or signs archives of the unit."""
    found = destructions(user).filter(pk=pk).first()
    if found is None:
        raise Http404
    if to and not may(user, to, found.unit_id):
        raise PermissionDenied(to)
    return found
