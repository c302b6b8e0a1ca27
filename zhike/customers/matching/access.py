"""Who looks after duplicates, and the gates to a pair and to a merge."""

from __future__ import annotations

from django.http import Http404

from zhike.people.access import may, scope_of
from zhike.people.models import User

from . import queries
from .models import Candidate, Merge

POWER = "customer.keep"


def candidate_for(user: User, pk: int) -> Candidate:
    """The pair, for somebody who keeps the library and sees both files; else it does not exist (404)."""
    found = queries.candidates(scope_of(user, POWER)).filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


def merge_for(user: User, pk: int) -> Merge:
    found = queries.merges(scope_of(user, POWER)).filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


def may_keep(user: User, unit: int | None = None) -> bool:
    return may(user, POWER, unit)
