"""Calendars: weekly hours and the days that differ. Every change shifts the open duties that it reaches."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django.db import transaction
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from zhike.kernel.audit import trail
from zhike.kernel.duties import actions as duties
from zhike.kernel.parties.models import Party, Unit
from zhike.kernel.parties.tree import tree
from zhike.kernel.worktime import arithmetic, calendars
from zhike.kernel.worktime.models import CalendarDay, WorkCalendar

from ._refusal import Refusal, require

Hours = Sequence[Sequence[str]]


class CannotConfigure(Refusal):
    """The calendar may not be changed this way."""


@transaction.atomic
def open_calendar(*, unit: Unit, name: str, by: Party | None, now: dt.datetime) -> WorkCalendar:
    """A calendar of its own for the unit and everything below it, with the standard hours to begin with."""
    require(by, "calendar.configure", unit, now, CannotConfigure)
    if WorkCalendar.objects.filter(unit=unit).exists():
        raise CannotConfigure(_("“%(unit)s” has a calendar of its own already.") % {"unit": unit.label})

    calendar = WorkCalendar.objects.create(unit=unit, name=name, week=calendars.STANDARD_WEEK)
    _changed(calendar, by=by, now=now)
    trail.record("people.calendar_opened", subject=calendar, by=by, at=now, after={"name": name})
    return calendar


@transaction.atomic
def set_week(
    *,
    calendar: WorkCalendar,
    week: dict[str, list[list[str]]],
    by: Party | None,
    now: dt.datetime,
    holidays: str = "CN",
    convention: str = WorkCalendar.Convention.CIVIL,
) -> None:
    """Working intervals per weekday ({"mon": [["09:00", "12:00"]]}), holidays followed, counting convention."""
    require(by, "calendar.configure", calendar.unit, now, CannotConfigure)
    before = {"week": calendar.week, "holidays": calendar.holidays, "convention": calendar.convention}
    week = {day: hours for day, hours in week.items() if hours}
    if not week:
        raise CannotConfigure(_("A calendar needs working hours on one day at least."))
    _refuse_wrong(calendar, week=week, holidays=holidays or None, convention=convention)

    calendar.week, calendar.holidays, calendar.convention = week, holidays, convention
    calendar.save(update_fields=["week", "holidays", "convention"])
    _changed(calendar, by=by, now=now)
    after = {"week": week, "holidays": holidays, "convention": convention}
    trail.record("people.week_set", subject=calendar, by=by, at=now, before=before, after=after)


@transaction.atomic
def set_day(
    *,
    calendar: WorkCalendar,
    day: dt.date,
    hours: Hours | None,
    by: Party | None,
    now: dt.datetime,
    note: str = "",
) -> CalendarDay:
    """One day that differs: [] closed, None open with the ordinary hours, else open with these hours."""
    require(by, "calendar.configure", calendar.unit, now, CannotConfigure)
    kept = None if hours is None else [list(interval) for interval in hours]
    if kept != []:
        _refuse_wrong(calendar, week=calendar.week, open={day.isoformat(): kept})
    old = CalendarDay.objects.filter(calendar=calendar, day=day).first()
    before = {"day": day.isoformat(), "hours": old.hours, "note": old.note} if old else None

    row, _made = CalendarDay.objects.update_or_create(
        calendar=calendar, day=day, defaults={"hours": kept, "note": note}
    )
    _changed(calendar, by=by, now=now)
    after = {"day": day.isoformat(), "hours": kept, "note": note}
    trail.record("people.day_set", subject=calendar, by=by, at=now, before=before, after=after)
    return row


@transaction.atomic
def drop_day(*, row: CalendarDay, by: Party, now: dt.datetime) -> None:
    """The day follows the week and the holidays again."""
    calendar = row.calendar
    require(by, "calendar.configure", calendar.unit, now, CannotConfigure)
    before = {"day": row.day.isoformat(), "hours": row.hours, "note": row.note}

    row.delete()
    _changed(calendar, by=by, now=now)
    trail.record("people.day_dropped", subject=calendar, by=by, at=now, before=before)


def _changed(calendar: WorkCalendar, *, by: Party | None, now: dt.datetime) -> None:
    """Make the change known, and shift the open duties below, with an audit row for each shift."""
    calendars.touch(calendar)
    units = None if calendar.unit_id is None else tree().below(calendar.unit_id)
    duties.recompute_open(now=now, by=by, units=units)


def _refuse_wrong(calendar: WorkCalendar, **spec: Any) -> None:
    """Let the arithmetic read the calendar as it would be; its refusal is the sentence shown."""
    try:
        arithmetic.Calendar.of({"tz": calendar.tz, **spec})
    except arithmetic.CalendarError as error:
        raise CannotConfigure(error.said((get_language() or "zh")[:2])) from error
