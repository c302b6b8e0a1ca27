"""Who may see and do at the reception: who sees customers sees the log, who keeps files receives, leaders assign."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied

from zhike.people import access as people
from zhike.people.models import User
from zhike.visits.access import SEE, WORK, one, scope

from . import queries
from .models import Reception

__all__ = ["ASSIGN", "SEE", "WORK", "may_assign", "reception_for", "scope", "works"]
ASSIGN = "reception.assign"


def works(user: User, row: Reception) -> bool:
    return people.may(user, WORK, row.unit_id, named=(row.by_id, row.receiver_id, row.passed_to_id))


def may_assign(user: User, row: Reception) -> bool:
    return people.may(user, ASSIGN, row.unit_id)


def reception_for(user: User, pk: int, *, to: str = "see") -> Reception:
    """The gate to a reception: 404 out of sight, 403 without the power. `to`: see, work, assign."""
    row = one(queries.receptions(scope(user)), pk)
    if (to == "work" and not works(user, row)) or (to == "assign" and not may_assign(user, row)):
        raise PermissionDenied(to)
    return row
