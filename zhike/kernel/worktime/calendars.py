"""Calendars in force: the rows of a unit, or of the nearest unit above, as pure calendars."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from functools import lru_cache

from zhike.kernel.parties.held import forget
from zhike.kernel.parties.kept import kept
from zhike.kernel.parties.tree import tree

from . import arithmetic, limits, phrases
from .models import CalendarDay, WorkCalendar, new_revision

# Hours of an enterprise that has set none: Monday to Friday, as in T001-38.
STANDARD_WEEK = {day: [["08:30", "12:00"], ["13:00", "17:30"]] for day in ("mon", "tue", "wed", "thu", "fri")}
STANDARD = {"tz": "Asia/Shanghai", "week": STANDARD_WEEK, "holidays": "CN", "convention": "civil"}


def calendar_for(unit: int) -> arithmetic.Calendar:
    """The calendar of the unit, else of the nearest unit above it, else the standard one."""
    rows = _rows()
    for here in [*tree().line(unit), None]:
        if here in rows:
            return _built(rows[here].pk, rows[here].revision)
    return _standard()


def calendars() -> dict[int | None, arithmetic.Calendar]:
    """Every calendar by its unit, for work on many rows; look up with `nearest`."""
    return {unit: _built(row.pk, row.revision) for unit, row in _rows().items()}


def _rows() -> dict[int | None, WorkCalendar]:
    return kept("calendars", lambda: {row.unit_id: row for row in WorkCalendar.objects.all()})


def nearest(found: Mapping[int | None, arithmetic.Calendar], line: Sequence[int]) -> arithmetic.Calendar:
    """The calendar of the first unit of `line` (nearest first) that has one."""
    for here in [*line, None]:
        if here in found:
            return found[here]
    return _standard()


def touch(calendar: WorkCalendar) -> None:
    """Make known that a calendar or one of its days has changed; called in the transaction of the change."""
    calendar.revision = new_revision()
    WorkCalendar.objects.filter(pk=calendar.pk).update(revision=calendar.revision)
    forget()


@lru_cache(maxsize=1)
def _standard() -> arithmetic.Calendar:
    return arithmetic.Calendar.of(STANDARD)


@lru_cache(maxsize=256)
def _built(calendar: int, revision: int) -> arithmetic.Calendar:
    row = WorkCalendar.objects.get(pk=calendar)
    days = CalendarDay.objects.filter(calendar=row)
    return arithmetic.Calendar.of(
        {
            "tz": row.tz,
            "week": row.week,
            "holidays": row.holidays or None,
            "closed": {day.day.isoformat(): day.note for day in days if day.hours == []},
            "open": {day.day.isoformat(): day.hours for day in days if day.hours != []},
            "convention": row.convention,
        }
    )


def due(
    calendar: arithmetic.Calendar,
    start: dt.datetime,
    limit: str,
    pauses: Sequence[tuple[dt.datetime, dt.datetime]] = (),
) -> arithmetic.Due:
    """When a limit given as text is up. Raises PhraseError for a text that is no limit."""
    return arithmetic.due(calendar, start, parsed(limit), pauses=pauses)


def due_at(calendar: arithmetic.Calendar, start: dt.datetime, limit: str) -> dt.datetime:
    """Like `due`, the bare moment: for work on many rows."""
    return arithmetic.due_at(calendar, start, parsed(limit))


def before(calendar: arithmetic.Calendar, moment: dt.datetime, amount: str) -> dt.datetime:
    """The moment that lies `amount` (3工作日, 30分钟) before another."""
    limit = parsed(amount)
    if not isinstance(limit, limits.Limit):
        raise phrases.PhraseError(f"时限看不懂：“{amount}”不是一段时间")
    return arithmetic.due_at(calendar, moment, limits.Before(limit))


@lru_cache(maxsize=2048)
def parsed(limit: str) -> limits.AnyLimit:
    return phrases.parse_limit(limit)


def text_of(limit: limits.AnyLimit) -> str:
    """A limit as text that `parsed` reads back to the same limit."""
    return phrases.explain_limit(limit, "zh")


def local_day(moment: dt.datetime, unit: int) -> dt.date:
    """The business day of a moment at a unit: the only way from a moment to a day."""
    return arithmetic.local_date(moment, calendar_for(unit).tz)
