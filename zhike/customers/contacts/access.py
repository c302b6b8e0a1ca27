"""Who may see and do what with contacts and promises: who sees a customer sees them, who keeps files records."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.http import Http404

from zhike.kernel.parties.scope import Scope
from zhike.people import access as people
from zhike.people.models import User

from . import queries
from .models import Interaction, Promise

SEE, EDIT = "customer.see", "customer.edit"


def scope(user: User) -> Scope:
    return people.scope_of(user, SEE)


def may_remark(user: User, interaction: Interaction) -> bool:
    """Colleagues and superiors, nobody on an own entry (R002-076)."""
    return bool(interaction.by_id != user.pk)


def may_end(user: User, promise: Promise) -> bool:
    open_one = promise.state == Promise.State.OPEN
    return open_one and people.may(user, EDIT, promise.unit_id, named=(promise.keeper_id, promise.by_id))


def interaction_for(user: User, pk: int, *, to: str = "see") -> Interaction:
    found = queries.interactions(scope(user)).filter(pk=pk).first()
    if found is None:
        raise Http404
    if to == "remark" and not may_remark(user, found):
        raise PermissionDenied(to)
    return found


def promise_for(user: User, pk: int, *, to: str = "see") -> Promise:
    found = queries.promises(scope(user)).filter(pk=pk).first()
    if found is None:
        raise Http404
    if to == "end" and not may_end(user, found):
        raise PermissionDenied(to)
    return found
