"""Who reads and who publishes: everybody what is addressed to them; publishers what their units have sent."""

from __future__ import annotations

import datetime as dt

from django.core.exceptions import PermissionDenied
from django.db.models import Q, QuerySet
from django.http import Http404

from zhike.kernel import clock
from zhike.kernel.parties.scope import Scope
from zhike.kernel.worktime import calendars
from zhike.people.access import may, scope_of
from zhike.people.models import User

from . import queries
from .models import Information

PUBLISH = "information.publish"


def mine(user: User) -> Scope:
    """What is addressed to oneself, which takes no power."""
    return Scope(party=user.pk)


def scope(user: User) -> Scope:
    """What the units have sent for which one publishes."""
    return scope_of(user, PUBLISH)


def seen(user: User) -> QuerySet[Information]:
    """What the person may open today: what the own units have sent, and what was addressed to the person."""
    unit = user.party.unit_id or 0
    received = queries.addressed(mine(user), unit=unit, on=calendars.local_day(clock.now(), unit))
    sent = queries.published(scope(user))
    return Information.objects.filter(Q(pk__in=sent.values("pk")) | Q(pk__in=received.values("pk")))


def item_for(user: User, pk: int, on: dt.date, *, to: str = "see") -> Information:
    """The gate of one item: 404 out of sight, 403 without the power. `to`: see, publish."""
    sent = queries.published(scope(user)).filter(pk=pk).first()
    received = queries.addressed(mine(user), unit=user.party.unit_id or 0, on=on)
    found = sent or received.filter(pk=pk).first()
    if found is None:
        raise Http404
    if to == "publish" and (sent is None or not may(user, PUBLISH, sent.unit_id)):
        raise PermissionDenied(PUBLISH)
    return found
