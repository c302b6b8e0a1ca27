"""What happens to a duty: it is opened, done, waived, cancelled, handed to another, paused and resumed.

A duty that was late stays late: `done_at` is compared with `due_at`, whenever anybody looks.
All guards are compare-and-set on `state`; a second attempt changes nothing and returns False or raises.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from django.db import IntegrityError, transaction
from django.db.models import Model, QuerySet
from django.utils.translation import gettext as _

from zhike.kernel.audit import trail
from zhike.kernel.parties import subjects
from zhike.kernel.parties.models import Party
from zhike.kernel.worktime import calendars

from . import escalation
from .models import Duty, Pause


class CannotPause(Exception):
    """The clock of this duty does not run, or stands already."""


@dataclass(frozen=True)
class Draft:
    """A duty to be opened. `limit` is a text that stands for itself (3工作日); empty means no due date."""

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


def open_duties(
    drafts: Iterable[Draft],
    *,
    subject: Model,
    unit_id: int,
    matter: str,
    customer_id: int | None = None,
    secrecy: int = 0,
) -> list[Duty]:
    """Open several duties about one subject with one statement."""
    calendar = calendars.calendar_for(unit_id)
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
            limit=draft.limit,
            clause=draft.clause,
            version_id=draft.version_id,
            ruling_id=draft.ruling_id,
        )
        if draft.limit:
            found = calendars.due(calendar, draft.began_at, draft.limit)
            duty.due_at, duty.provisional = found.at, bool(found.provisional)
            escalation.plan(duty, calendar)
        duties.append(duty)
    return Duty.objects.bulk_create(duties)


def discharge(*, subject: Model, kinds: Iterable[str], by: Party, now: dt.datetime, reason: str = "") -> int:
    """Mark the open duties of these kinds about the subject as done. Returns how many there were."""
    return (
        _open(subject)
        .filter(kind__in=list(kinds))
        .update(state=Duty.State.DONE, done_at=now, done_by=by, reason=reason[:200], look_again_at=None)
    )


def cancel(*, subject: Model, now: dt.datetime, by: Party, reason: str, kinds: Iterable[str] = ()) -> int:
    """Cancel the open duties about the subject, or those of the kinds given: they are owed no longer."""
    rows = _open(subject)
    if kinds := list(kinds):
        rows = rows.filter(kind__in=kinds)
    return rows.update(
        state=Duty.State.CANCELLED, done_at=now, done_by=by, reason=reason[:200], look_again_at=None
    )


def reassign(*, subject: Model, from_owner: Party | None, to_owner: Party) -> int:
    """Hand the open duties of one owner about the subject to another."""
    return _open(subject).filter(owner=from_owner).update(owner=to_owner, owner_post="")


@transaction.atomic
def pause(*, duty: Duty, by: Party, now: dt.datetime, reason: str) -> Pause:
    """Stop the clock of a duty. Raises CannotPause."""
    if duty.state != Duty.State.OPEN or duty.due_at is None:
        raise CannotPause(_("This duty has no running clock."))
    try:
        with transaction.atomic():
            row = Pause.objects.create(duty=duty, since=now, reason=reason[:200], by=by)
    except IntegrityError as known:
        raise CannotPause(_("The clock of this duty stands already.")) from known
    Duty.objects.filter(pk=duty.pk).update(look_again_at=None)
    trail.record(
        "duties.paused",
        subject=duty,
        by=by,
        at=now,
        clause=duty.clause,
        after={"reason": reason},
        unit_id=duty.unit_id,
        secrecy=duty.secrecy,
    )
    return row


@transaction.atomic
def resume(*, duty: Duty, by: Party, now: dt.datetime) -> Duty:
    """Let the clock run again; the due moment moves by what the pause took out. Raises CannotPause."""
    if not duty.pauses.filter(until=None).update(until=now):
        raise CannotPause(_("The clock of this duty is running."))
    before = duty.due_at
    recompute(duty)
    trail.record(
        "duties.resumed",
        subject=duty,
        by=by,
        at=now,
        clause=duty.clause,
        before={"due_at": before},
        after={"due_at": duty.due_at},
        unit_id=duty.unit_id,
        secrecy=duty.secrecy,
    )
    return duty


def recompute(duty: Duty) -> bool:
    """Derive the due moment anew from its inputs; True if it moved. Used after pauses and calendar changes."""
    if not duty.limit:
        return False
    calendar = calendars.calendar_for(duty.unit_id)
    pauses = [(row.since, row.until) for row in duty.pauses.all() if row.until is not None]
    found = calendars.due(calendar, duty.began_at, duty.limit, pauses)
    moved = found.at != duty.due_at
    duty.due_at, duty.provisional = found.at, bool(found.provisional)
    escalation.plan(duty, calendar)
    duty.save(update_fields=["due_at", "provisional", "warn_at", "look_again_at"])
    return moved


@transaction.atomic
def recompute_open(*, now: dt.datetime, by: Party | None, units: Iterable[int] | None = None) -> int:
    """After a change of calendars: shift open duties, one audit row for each shift. Returns the shifts."""
    rows = Duty.objects.filter(state=Duty.State.OPEN, due_at__isnull=False).prefetch_related("pauses")
    if units is not None:
        rows = rows.filter(unit__in=list(units))
    shifted = 0
    for duty in rows.iterator(chunk_size=500):
        before = duty.due_at
        if recompute(duty):
            shifted += 1
            trail.record(
                "duties.shifted",
                subject=duty,
                by=by,
                at=now,
                clause=duty.clause,
                before={"due_at": before},
                after={"due_at": duty.due_at},
                unit_id=duty.unit_id,
                secrecy=duty.secrecy,
            )
    return shifted


def _open(subject: Model) -> QuerySet[Duty]:
    return Duty.objects.filter(**subjects.key(subject), state=Duty.State.OPEN)
