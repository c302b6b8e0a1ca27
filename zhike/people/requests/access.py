"""Who asks, sees, answers: askers and who owes the answer, and those who answer for their units."""

from __future__ import annotations

from dataclasses import dataclass

from django.core.exceptions import PermissionDenied
from django.http import Http404

from zhike.kernel.parties.scope import Scope
from zhike.people import access as people
from zhike.people.models import User

from . import queries
from .models import Request

ASK = "cooperation.request"
ANSWER = "cooperation.answer"


def scope(user: User) -> Scope:
    """What the person asked or owes an answer to, which takes no power, and what their units are asked."""
    standing = people.standing(user)
    powers = [power for power in (ASK, ANSWER) if standing.has(power)]
    return standing.scope(*powers) if powers else Scope(party=user.pk)


@dataclass(frozen=True)
class May:
    """What a person may do with one request as it stands."""

    answer: bool
    settle: bool
    withdraw: bool


def may(user: User, request: Request) -> May:
    is_open, mine = request.state == Request.State.OPEN, request.asked_by_id == user.pk
    answers = people.may(user, ANSWER, request.to_unit_id, named=(request.owner_id,))
    return May(
        answer=is_open and not mine and (answers or request.owner_id == user.pk),
        settle=mine and request.state == Request.State.ANSWERED,
        withdraw=mine and is_open,
    )


def request_for(user: User, pk: int, *, to: str = "see") -> Request:
    """The gate of one request: 404 out of sight, 403 where the verb is somebody else's. `to`: a field of `May`."""
    found = queries.requests(scope(user)).filter(pk=pk).first()
    if found is None:
        raise Http404
    if to != "see" and not getattr(may(user, found), to):
        raise PermissionDenied(to)
    return found
