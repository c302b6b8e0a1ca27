"""What happens to a duty: it is opened, done, waived, cancelled, handed to another, paused and resumed.

A duty that was late stays late: `done_at` is compared with `due_at`, whenever anybody looks.
All guards are compare-and-set on `state`; a second attempt changes nothing and returns False or raises.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from django.db import IntegrityError, transaction
from django.db.models import Model
from django.utils.translation import gettext as _

from zhike.kernel.audit import trail
from zhike.kernel.parties import subjects
from zhike.kernel.parties.models import Party
from zhike.kernel.worktime import calendars

from . import escalation
from ._dates import recompute, recompute_open, when_moved
from .models import Duty, DutyQuerySet, Pause
from .titles import titled

__all__ = [
    "CannotPause",
    "CannotWaive",
    "Draft",
    "cancel",
    "discharge",
    "open_duties",
    "pause",
    "planned",
    "reassign",
    "recompute",
    "recompute_open",
    "reopen",
    "resume",
    "titled",
    "waive",
    "when_moved",
]


class CannotPause(Exception):
    """The clock of this duty does not run, or stands already."""


class CannotWaive(Exception):
    """The duty is not open any more, or no reason was given."""


@dataclass(frozen=True)
class Draft:
    """A duty to be opened. `limit` is a text that stands for itself (3工作日); empty means no due date.

    `due_at` instead of a limit is a moment that somebody has named.
    """

    kind: str
    title: str
    owner: Party | None
    began_at: dt.datetime
    limit: str = ""
    owner_post: str = ""
    title_en: str = ""
    clause: str = ""
    version_id: int | None = None
    ruling_id: int | None = None
    due_at: dt.datetime | None = None


def open_duties(
    drafts: Iterable[Draft],
    *,
    subject: Model,
    unit_id: int,
    matter: str,
    customer_id: int | None = None,
    secrecy: int = 0,
) -> list[Duty]:
    """Open several duties about one subject with one INSERT. Raises PhraseError for a text that is no limit."""
    return Duty.objects.bulk_create(
        planned(
            drafts, subject=subject, unit_id=unit_id, matter=matter, customer_id=customer_id, secrecy=secrecy
        )
    )


def planned(
    drafts: Iterable[Draft],
    *,
    subject: Model,
    unit_id: int,
    matter: str,
    customer_id: int | None = None,
    secrecy: int = 0,
) -> list[Duty]:
    """The rows that `open_duties` inserts, with their due moments."""
    calendar, ladders = calendars.calendar_for(unit_id), escalation.Ladders()
    duties = []
    for draft in drafts:
        duty = Duty(
            **subjects.key(subject),
            kind=draft.kind,
            title=draft.title,
            title_en=draft.title_en,
            matter=matter[:200],
            customer_id=customer_id,
            unit_id=unit_id,
            secrecy=secrecy,
            owner=draft.owner,
            owner_post=draft.owner_post,
            began_at=draft.began_at,
            limit=draft.limit or "",
            due_at=draft.due_at,
            clause=draft.clause,
            version_id=draft.version_id,
            ruling_id=draft.ruling_id,
        )
        if draft.limit:
            found = calendars.due(calendar, draft.began_at, draft.limit)
            duty.due_at, duty.provisional = found.at, bool(found.provisional)
        escalation.plan(duty, calendar, ladders)
        duties.append(duty)
    return duties


def discharge(
    *,
    subject: Model,
    kinds: Iterable[str],
    by: Party,
    now: dt.datetime,
    reason: str = "",
    only: Duty | None = None,
) -> int:
    """Mark the open duties of these kinds about the subject, or `only` one, as done. Returns how many there were."""
    rows = _open(subject).filter(kind__in=list(kinds))
    if only is not None:
        rows = rows.filter(pk=only.pk)
    return _close(rows, Duty.State.DONE, by=by, now=now, reason=reason)


def cancel(
    *,
    subject: Model,
    now: dt.datetime,
    by: Party,
    reason: str,
    kinds: Iterable[str] = (),
    titles: Iterable[str] = (),
) -> int:
    """Cancel the open duties about the subject, or those of the kinds and titles given: they are owed no longer."""
    rows = _open(subject)
    if kinds := list(kinds):
        rows = rows.filter(kind__in=kinds)
    if titles := list(titles):
        rows = rows.filter(title__in=titles)
    return _close(rows, Duty.State.CANCELLED, by=by, now=now, reason=reason)


@transaction.atomic
def reopen(*, subject: Model, ids: Iterable[int]) -> int:
    """Owe again what was cancelled of these: same owner, same date, whatever time has passed meanwhile.

    Levels of escalation that are over stay over; a clock that stood goes on to stand.
    """
    cancelled = Duty.objects.filter(**subjects.key(subject), pk__in=list(ids), state=Duty.State.CANCELLED)
    rows = list(cancelled.order_by("pk"))
    ladders = escalation.Ladders()
    for duty in rows:
        duty.state, duty.done_at, duty.done_by, duty.reason = Duty.State.OPEN, None, None, ""
        escalation.plan(duty, calendars.calendar_for(duty.unit_id), ladders)
    columns = ["state", "done_at", "done_by", "reason", "warn_at", "look_again_at", "urge_at", "level"]
    Duty.objects.bulk_update(rows, columns)
    return len(rows)


@transaction.atomic
def waive(*, duty: Duty, by: Party, now: dt.datetime, reason: str) -> Duty:
    """Let somebody off one duty. Raises CannotWaive."""
    if not reason.strip():
        raise CannotWaive(_("Say why."))
    rows = Duty.objects.open().filter(pk=duty.pk)
    if not _close(rows, Duty.State.WAIVED, by=by, now=now, reason=reason.strip()):
        raise CannotWaive(_("This duty is not open any more."))
    duty.refresh_from_db()
    _record("duties.waived", duty, by=by, at=now, after={"reason": reason.strip()})
    return duty


def reassign(*, subject: Model, from_owner: Party | None, to_owner: Party) -> int:
    """Hand the open duties of one owner about the subject to another."""
    return _open(subject).filter(owner=from_owner).update(owner=to_owner, owner_post="")


@transaction.atomic
def pause(*, duty: Duty, by: Party, now: dt.datetime, reason: str) -> Pause:
    """Stop the clock of a duty: nothing becomes late and nobody is reminded meanwhile. Raises CannotPause."""
    if not reason.strip():
        raise CannotPause(_("Say why."))
    running = Duty.objects.open().filter(pk=duty.pk, due_at__isnull=False).exclude(limit="")
    if not running.exists():
        raise CannotPause(_("This duty has no running clock."))
    if not running.filter(paused_at=None).update(paused_at=now, look_again_at=None, urge_at=None):
        raise CannotPause(_("The clock of this duty stands already."))
    try:
        with transaction.atomic():
            row = Pause.objects.create(duty=duty, since=now, reason=reason.strip()[:200], by=by)
    except IntegrityError as known:
        raise CannotPause(_("The clock of this duty stands already.")) from known
    duty.refresh_from_db()
    _record("duties.paused", duty, by=by, at=now, after={"reason": reason.strip()})
    return row


@transaction.atomic
def resume(*, duty: Duty, by: Party, now: dt.datetime) -> Duty:
    """Let the clock run again; the due moment moves by what the pause took out. Raises CannotPause."""
    since = Duty.objects.open().filter(pk=duty.pk).values_list("paused_at", flat=True).first()
    if since is None or not Pause.objects.filter(duty=duty, until=None).update(until=max(now, since)):
        raise CannotPause(_("The clock of this duty is running."))
    Duty.objects.filter(pk=duty.pk).update(paused_at=None)
    duty.refresh_from_db()
    before = duty.due_at
    recompute(duty)
    _record("duties.resumed", duty, by=by, at=now, before={"due_at": before}, after={"due_at": duty.due_at})
    return duty


def _close(rows: DutyQuerySet, state: str, *, by: Party, now: dt.datetime, reason: str) -> int:
    """End open duties with one UPDATE. A clock that stands stays where it is: `paused_at` decides about late."""
    return rows.update(state=state, done_at=now, done_by=by, reason=reason[:200], look_again_at=None)


def _open(subject: Model) -> DutyQuerySet:
    return Duty.objects.open().filter(**subjects.key(subject))


def _record(
    code: str,
    duty: Duty,
    *,
    by: Party | None,
    at: dt.datetime,
    before: dict[str, object] | None = None,
    after: dict[str, object] | None = None,
) -> None:
    trail.record(
        code,
        subject=duty,
        by=by,
        at=at,
        clause=duty.clause,
        ruling=duty.ruling_id,
        before=before,
        after=after,
        unit_id=duty.unit_id,
        secrecy=duty.secrecy,
    )
