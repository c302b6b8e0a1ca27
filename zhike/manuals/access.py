"""Who reads, publishes and installs regulations. Every employee reads them."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404

from zhike.kernel.parties.models import Unit
from zhike.kernel.parties.scope import Scope
from zhike.kernel.records.models import Record
from zhike.people import access as people
from zhike.people.models import User

from .queries._mission import FIVE, MISSION
from .queries._standards import DEPARTURE

INSTALL = "manual.install"
PUBLISH = "manual.publish"
REVISE = "manual.revise"
READERS = "report.see"  # heads see who of their units has read a regulation
# Roles of cases that a manual's 负责 may name beside posts; trades add theirs when they start.
ROLES: set[str] = set()


def units_to_install_in(user: User, power: str = INSTALL) -> QuerySet[Unit]:
    """Where the person installs, or, with REVISE, for whom they may write a new regulation."""
    scope = people.scope_of(user, power)
    rows = Unit.objects.filter(closed_on=None).order_by("path")
    return rows if scope.units is None else rows.filter(pk__in=sorted(scope.units))


def settable(user: User) -> set[int]:
    """Units whose own values the person may set."""
    return set(units_to_install_in(user).values_list("pk", flat=True))


def may_write(user: User) -> bool:
    """Drafts regulations, records editions and copies, writes mission and brands, reviews departures."""
    return people.may(user, REVISE)


def may_approve(user: User) -> bool:
    """Heads: ask for a repeal, approve mission and brands."""
    return people.may(user, PUBLISH)


def departures_scope(user: User) -> Scope:
    """Departures of the units whose standards one answers for, and one's own."""
    return people.scope_of(user, REVISE)


def departure_for(user: User, pk: int, *, to: str = "") -> Record:
    """A departure that the person may read, or a good practice, which is everybody's; Http404 else.

    `to="review"` asks for the power over the unit where it happened.
    """
    row = Record.objects.filter(form=DEPARTURE, pk=pk).exclude(state=Record.State.VOID).first()
    if row is None:
        raise Http404
    example = row.state == Record.State.REVIEWED and bool(row.data.get("good"))
    if not (example or row.by_id == user.party.pk or departures_scope(user).sees_unit(row.unit_id)):
        raise Http404
    if to and not people.may(user, REVISE, row.unit_id):
        raise PermissionDenied(REVISE)
    return row


def sheet_for(user: User, pk: int, *, to: str = "") -> Record:
    """A sheet of mission or brands: all staff read what is approved, writers and heads what is on its way."""
    row = Record.objects.filter(form__in=[MISSION, FIVE], pk=pk).exclude(state=Record.State.VOID).first()
    if row is None or (row.state != Record.State.REVIEWED and not (may_write(user) or may_approve(user))):
        raise Http404
    if (to == "write" and not may_write(user)) or (to == "approve" and not may_approve(user)):
        raise PermissionDenied(REVISE if to == "write" else PUBLISH)
    return row
