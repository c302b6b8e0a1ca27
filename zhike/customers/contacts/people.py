"""Who may keep a promise or look after a customer."""

from __future__ import annotations

import datetime as dt

from django.db.models import QuerySet

from zhike.kernel.parties.models import Party
from zhike.people.queries import current_appointments


def in_office(now: dt.datetime) -> QuerySet[Party]:
    """Staff who hold a post now, by name."""
    held = current_appointments(now).values_list("party", flat=True)
    return Party.objects.filter(pk__in=held, kind=Party.Kind.STAFF).order_by("name", "pk")
