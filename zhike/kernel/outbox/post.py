"""Put messages and events into the outbox, inside the transaction of the action: they leave only if it commits."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db.models import Model

from zhike.kernel.parties.models import Party, Unit
from zhike.kernel.parties.subjects import label_of

from .events import NAMES
from .models import Event, Message

TITLE_LENGTH = 200


def notify(
    *,
    to: Party,
    kind: str,
    title: str,
    body: str = "",
    subject: Model | None,
    by: Party | None,
    at: dt.datetime,
    email: bool = False,
    clause: str = "",
) -> None:
    """Tell a person, in the product and, if `email`, by e-mail too. One INSERT. A long title is cut to 200."""
    Message.objects.create(
        to=to,
        kind=kind,
        title=" ".join(title.split())[:TITLE_LENGTH],
        body=body,
        subject_label=label_of(subject) if subject else "",
        subject_id=subject.pk if subject else None,
        unit_id=_unit_of(subject),
        clause=clause,
        by=by,
        at=at,
        email_state=Message.EmailState.WAITING if email else Message.EmailState.NONE,
        next_try_at=at if email else None,
    )


def _unit_of(subject: Model | None) -> int | None:
    if isinstance(subject, Unit):
        return subject.pk
    found: int | None = getattr(subject, "unit_id", None)
    return found


def emit(name: str, *, ids: dict[str, Any], at: dt.datetime) -> None:
    """Say that a kernel event happened. One INSERT. Raises ValueError for a name that events.py does not know."""
    if name not in NAMES:
        raise ValueError(f"there is no kernel event {name!r}")
    Event.objects.create(name=name, ids=ids, at=at, next_try_at=at)
