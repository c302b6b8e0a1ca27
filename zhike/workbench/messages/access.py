"""Who sees and answers customers' messages: who sees the customer, and who looks after it."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.http import Http404

from zhike.kernel.parties.scope import Scope
from zhike.people.access import may, scope_of
from zhike.people.models import User
from zhike.workbench.models import CustomerMessage

from . import queries

SEE, WORK = "customer.see", "customer.edit"


def scope(user: User) -> Scope:
    return scope_of(user, SEE)


def answers(user: User, row: CustomerMessage) -> bool:
    return row.state == CustomerMessage.State.OPEN and may(
        user, WORK, row.unit_id, named=(row.customer.owner_id,)
    )


def message_for(user: User, pk: int, *, to: str = "see") -> CustomerMessage:
    """The gate of one message: 404 out of sight, 403 where somebody else answers. `to`: see, answer."""
    found = queries.messages(scope(user)).filter(pk=pk).first()
    if found is None:
        raise Http404
    if to == "answer" and not may(user, WORK, found.unit_id, named=(found.customer.owner_id,)):
        raise PermissionDenied(to)
    return found
