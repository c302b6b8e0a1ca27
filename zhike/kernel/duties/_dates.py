"""Due dates derived anew from their inputs: after pauses, after changes of calendars, when holidays are published."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection, Iterable, Mapping

from django.db import transaction

from zhike.kernel.audit import trail
from zhike.kernel.parties.models import Party
from zhike.kernel.parties.tree import tree
from zhike.kernel.worktime import arithmetic, calendars

from . import escalation
from .models import Duty

CHUNK = 500
COLUMNS = ["due_at", "provisional", "warn_at", "look_again_at", "urge_at", "level"]

# What an app does when due dates of its subjects have moved: gets their ids, inside the same transaction.
Moved = Callable[[Collection[int]], None]
_moved: dict[str, Moved] = {}


def when_moved(subject_label: str, then: Moved) -> None:
    """Register what follows a shift of due dates for subjects of this label; called in `AppConfig.ready()`."""
    _moved[subject_label] = then


def recompute(duty: Duty) -> bool:
    """Derive the due moment of an open duty anew and save it; True if it moved."""
    calendar, ladders = calendars.calendar_for(duty.unit_id), escalation.Ladders()
    before = duty.due_at
    if not _derive(duty, calendar, ladders):
        return False
    Duty.objects.open().filter(pk=duty.pk).update(**{name: getattr(duty, name) for name in COLUMNS})
    if duty.due_at == before:
        return False
    _tell({duty.subject_label: {duty.subject_id}})
    return True


@transaction.atomic
def recompute_open(
    *, now: dt.datetime, by: Party | None, units: Iterable[int] | None = None, only_provisional: bool = False
) -> int:
    """After a change of calendars: shift open duties, one audit row for each shift. Returns the shifts.

    `only_provisional`: those whose date rests on a year without published holidays, when its data has come. Work and memory grow with the open duties of these units; nothing is written for those that stay.
    """
    rows = Duty.objects.open().exclude(limit="").prefetch_related("pauses").order_by("pk")
    if units is not None:
        rows = rows.filter(unit__in=list(units))
    if only_provisional:
        rows = rows.filter(provisional=True)
    known, place, ladders = calendars.calendars(), tree(), escalation.Ladders()
    shifted = 0
    subjects: dict[str, set[int]] = {}
    for duty in rows.iterator(chunk_size=CHUNK):
        before = {"due_at": duty.due_at}
        calendar = calendars.nearest(known, place.line(duty.unit_id))
        if not _derive(duty, calendar, ladders):
            continue
        Duty.objects.open().filter(pk=duty.pk).update(**{name: getattr(duty, name) for name in COLUMNS})
        if duty.due_at != before["due_at"]:
            shifted += 1
            subjects.setdefault(duty.subject_label, set()).add(duty.subject_id)
            _record(duty, before, by=by, now=now)
    _tell(subjects)
    return shifted


def _derive(duty: Duty, calendar: arithmetic.Calendar, ladders: escalation.Ladders) -> bool:
    """Set the dates of a duty from its inputs; True if any of them changed. Does not save.

    A duty that was given a moment instead of a limit keeps it.
    """
    if not duty.limit:
        return False
    before = [getattr(duty, name) for name in COLUMNS]
    pauses = [(row.since, row.until) for row in duty.pauses.all() if row.until is not None]
    found = calendars.due(calendar, duty.began_at, duty.limit, pauses)
    duty.due_at, duty.provisional = found.at, bool(found.provisional)
    escalation.plan(duty, calendar, ladders)
    return before != [getattr(duty, name) for name in COLUMNS]


def _record(duty: Duty, before: Mapping[str, object], *, by: Party | None, now: dt.datetime) -> None:
    trail.record(
        "duties.shifted",
        subject=duty,
        by=by,
        at=now,
        clause=duty.clause,
        before=before,
        after={"due_at": duty.due_at},
        unit_id=duty.unit_id,
        secrecy=duty.secrecy,
    )


def _tell(subjects: Mapping[str, Collection[int]]) -> None:
    for label, ids in subjects.items():
        if label in _moved and ids:
            _moved[label](ids)
