"""Put messages and events into the outbox, inside the transaction of the action: they leave only if it commits."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Model

from zhike.kernel.parties import bulk
from zhike.kernel.parties.models import Party, Unit
from zhike.kernel.parties.subjects import label_of

from .events import NAMES
from .models import Event, Message

TITLE_LENGTH = 200


@dataclass(frozen=True)
class Notice:
    """One message to one person; `unit_id` is that of the subject."""

    to: Party
    kind: str
    title: str
    at: dt.datetime
    body: str = ""
    subject_label: str = ""
    subject_id: int | None = None
    unit_id: int | None = None
    by: Party | None = None
    email: bool = False
    clause: str = ""
    params: Mapping[str, str] = field(default_factory=dict)  # for the sentence of this kind, see `wording`
    envelope: Mapping[str, Any] = field(default_factory=dict)  # of a letter, see `write`
    message_id: str = ""


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
    params: Mapping[str, str] | None = None,
) -> None:
    """Tell a person, in the product and, if `email`, by e-mail too. One INSERT. A long title is cut to 200.

    With `params` the sentence registered for the kind is said in the reader's language (`wording`).
    """
    label, pk = (label_of(subject), subject.pk) if subject else ("", None)
    unit = _unit_of(subject)
    notify_many([Notice(to, kind, title, at, body, label, pk, unit, by, email, clause, params or {})])


def write(
    *,
    to: Party,
    kind: str,
    address: str,
    sender: str,
    title: str,
    body: str,
    message_id: str,
    headers: Mapping[str, str],
    subject: Model,
    by: Party | None,
    at: dt.datetime,
    files: Iterable[Mapping[str, str]] = (),
    more: Mapping[str, Any] | None = None,
) -> None:
    """A letter to somebody outside the house, by e-mail alone and without an address of our pages. One INSERT.

    `files` name kept bytes: {"name", "content_type", "sha256"}. `more` is kept with the envelope for who wrote it.
    """
    envelope = {
        **(more or {}),
        "to": address,
        "from": sender,
        "subject": " ".join(title.split()),
        "headers": {name: " ".join(value.split()) for name, value in headers.items()},
        "files": [dict(file) for file in files],
    }
    label, pk = label_of(subject), subject.pk
    letter = {"envelope": envelope, "message_id": message_id}
    notify_many(
        [Notice(to, kind, title, at, body, label, pk, _unit_of(subject), by, email=True, **letter)]  # type: ignore[arg-type]
    )


def notify_many(notices: Iterable[Notice]) -> None:
    """Tell many people with one INSERT."""
    bulk.insert(
        Message,
        [
            {
                "to_id": notice.to.pk,
                "kind": notice.kind,
                "title": " ".join(notice.title.split())[:TITLE_LENGTH],
                "params": dict(notice.params),
                "body": notice.body,
                "subject_label": notice.subject_label,
                "subject_id": notice.subject_id,
                "unit_id": notice.unit_id,
                "clause": notice.clause,
                "by_id": notice.by.pk if notice.by else None,
                "at": notice.at,
                "email_state": Message.EmailState.WAITING if notice.email else Message.EmailState.NONE,
                "next_try_at": notice.at if notice.email else None,
                "envelope": dict(notice.envelope),
                "message_id": notice.message_id,
            }
            for notice in notices
        ],
    )


def _unit_of(subject: Model | None) -> int | None:
    if isinstance(subject, Unit):
        return subject.pk
    found: int | None = getattr(subject, "unit_id", None)
    return found


def emit(name: str, *, ids: dict[str, Any], at: dt.datetime) -> None:
    """Say that a kernel event happened. One INSERT. Raises ValueError for a name that events.py does not know."""
    emit_many(name, [ids], at=at)


def emit_many(name: str, ids: Iterable[dict[str, Any]], *, at: dt.datetime) -> None:
    """Say that a kernel event happened several times, with one INSERT. Raises ValueError as `emit`."""
    if name not in NAMES:
        raise ValueError(f"there is no kernel event {name!r}")
    bulk.insert(Event, [{"name": name, "ids": each, "at": at, "next_try_at": at} for each in ids])
