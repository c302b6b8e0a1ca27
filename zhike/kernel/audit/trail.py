"""Write and read the trail. One action writes one entry, in its own transaction."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.db.models import Model, QuerySet

from zhike.kernel.parties import bulk
from zhike.kernel.parties.models import Party, Unit
from zhike.kernel.parties.scope import Scope
from zhike.kernel.parties.subjects import label_of

from . import requests
from .models import Entry


def record(
    code: str,
    *,
    subject: Model,
    by: Party | None,
    at: dt.datetime,
    clause: str = "",
    ruling: Model | int | None = None,
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
    unit_id: int | None = None,
    secrecy: int | None = None,
) -> None:
    """Add one entry: exactly one INSERT, rolled back with the action that it belongs to.

    Unit and secrecy default to those of the subject. Personal values in `before` and `after` are passed through
    `personal.sealed` first. Raises ValueError for a naive `at` or a subject that was not saved.
    """
    if at.tzinfo is None:
        raise ValueError("a moment must be aware")
    if subject.pk is None:
        raise ValueError("the subject of an entry must be saved first")
    entry = {
        "code": code,
        "subject_label": label_of(subject),
        "subject_id": subject.pk,
        "unit_id": _unit_of(subject) if unit_id is None else unit_id,
        "secrecy": (getattr(subject, "secrecy", None) or 0) if secrecy is None else secrecy,
        "by_id": by.pk if by is not None else None,
        "at": at,
        "clause": clause,
        "ruling_id": ruling.pk if isinstance(ruling, Model) else ruling,
        "before": None if before is None else dict(before),
        "after": None if after is None else dict(after),
        "request": requests.current(),
    }
    bulk.insert(Entry, [entry])


def _unit_of(subject: Model) -> int | None:
    if isinstance(subject, Unit):
        return subject.pk
    found: int | None = getattr(subject, "unit_id", None)
    return found


def entries(scope: Scope) -> QuerySet[Entry]:
    """Every entry that the person may see, newest first: of visible units, and the person's own."""
    return scope.rows(Entry.objects.order_by("-at", "-id"), named=("by",), secrecy="secrecy")


def entries_of(scope: Scope, subject: Model) -> QuerySet[Entry]:
    """The history of one subject, oldest first, with the names of those who acted."""
    found = Entry.objects.filter(subject_label=label_of(subject), subject_id=subject.pk)
    return scope.rows(found, named=("by",), secrecy="secrecy").select_related("by").order_by("at", "id")
