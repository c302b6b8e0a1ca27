"""Who applies for hospitality: whoever keeps files. Who sees it: who applied, who approves it or reads figures."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied

from zhike.kernel.parties.scope import Scope
from zhike.people import access as people
from zhike.people.models import User
from zhike.visits.access import WORK, one

from . import queries
from .models import Hospitality

APPROVE, FIGURES = "reception.approve", "report.see"
SEE = (WORK, APPROVE, FIGURES)


def scope(user: User) -> Scope:
    """One's own applications, which takes no power, and those of the units whose costs one approves or reads."""
    standing = people.standing(user)
    powers = [power for power in (APPROVE, FIGURES) if standing.has(power)]
    return standing.scope(*powers) if powers else Scope(party=user.pk)


def hospitality_for(user: User, pk: int, *, to: str = "see") -> Hospitality:
    """The gate: 404 out of sight; settled by who applied for it."""
    row = one(queries.hospitality(scope(user)), pk)
    if to == "settle" and not settles(user, row):
        raise PermissionDenied(to)
    return row


def settles(user: User, row: Hospitality) -> bool:
    return row.by_id == user.party.pk and row.state == Hospitality.State.APPROVED
