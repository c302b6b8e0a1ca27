"""Who may see and do what with grumbles: whoever sees complaints sees them, whoever takes complaints records them."""

from __future__ import annotations

from dataclasses import dataclass

from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404

from zhike.complaints import access as complaints
from zhike.kernel.parties.scope import Scope
from zhike.people import access as people
from zhike.people.models import User

from . import queries
from .models import Grumble

SEE = complaints.SEE
RECORD = complaints.POWERS["take"]


@dataclass(frozen=True)
class May:
    settle: bool
    turn: bool


def scope(user: User) -> Scope:
    return people.scope_of(user, SEE)


def seen(user: User) -> QuerySet[Grumble]:
    return queries.grumbles(scope(user))


def may(user: User, grumble: Grumble) -> May:
    """What the person may do with one grumble: a settled one may still become a complaint."""
    works = people.may(user, RECORD, grumble.unit_id, named=(grumble.by_id,))
    return May(
        settle=works and grumble.state == Grumble.State.OPEN,
        turn=works and grumble.complaint_id is None,
    )


def grumble_for(user: User, pk: int, to: str = "see") -> Grumble:
    """The gate: 404 outside the scope, 403 without the power."""
    grumble = seen(user).filter(pk=pk).first()
    if grumble is None:
        raise Http404
    if to != "see" and not getattr(may(user, grumble), to):
        raise PermissionDenied(to)
    return grumble
