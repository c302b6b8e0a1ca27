"""What a person was told. A person reads only their own messages."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from django.db.models import QuerySet

from zhike.kernel.parties.scope import Scope

from .models import Message


def messages(scope: Scope) -> QuerySet[Message]:
    """The messages to the person of the scope, newest first; nobody's for a scope without a person."""
    return Message.objects.filter(to_id=scope.party).order_by("-at", "-pk")


def unread(scope: Scope) -> QuerySet[Message]:
    return messages(scope).filter(read_at=None)


def mark_read(scope: Scope, ids: Iterable[int] | None, now: dt.datetime) -> int:
    """Mark these messages (None: all) as read; the number that were unread. Others' messages are left alone."""
    found = unread(scope).order_by()
    return (found if ids is None else found.filter(pk__in=list(ids))).update(read_at=now)
