"""Who sees and answers customers' messages: who sees the customer, who looks after it, who owes the answer."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404

from zhike.kernel import clock
from zhike.kernel.duties.models import Duty
from zhike.kernel.parties import subjects
from zhike.people.access import may, scope_of
from zhike.people.models import User
from zhike.workbench.models import CustomerMessage
from zhike.workbench.queries import duties_of

from . import queries

SEE, WORK = "customer.see", "customer.edit"


def _owed(user: User) -> QuerySet[Duty]:
    return duties_of(user.pk, clock.now())


def seen(user: User) -> QuerySet[CustomerMessage]:
    return queries.messages(scope_of(user, SEE), owed=_owed(user))


def works(user: User, row: CustomerMessage) -> bool:
    """Who may change files of the customer answers, and whoever owes it."""
    mine = (row.customer.owner_id, row.interaction.by_id)
    return may(user, WORK, row.unit_id, named=mine) or _owed(user).filter(**subjects.key(row)).exists()


def message_for(user: User, pk: int, *, to: str = "see") -> CustomerMessage:
    """The gate of one message: 404 out of sight, 403 where somebody else answers. `to`: see, answer."""
    found = seen(user).filter(pk=pk).first()
    if found is None:
        raise Http404
    if to == "answer" and not works(user, found):
        raise PermissionDenied(to)
    return found
