"""Calendars: weekly hours and the days that differ. Every change raises the revision, so stale dates are known."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from zhike.kernel.audit import trail
from zhike.kernel.parties.models import Party, Unit
from zhike.kernel.worktime import arithmetic
from zhike.kernel.worktime.calendars import STANDARD_WEEK
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

    calendar = WorkCalendar.objects.create(unit=unit, name=name, week=STANDARD_WEEK)
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
    _changed(calendar)
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
    _changed(calendar)
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
    _changed(calendar)
    trail.record("people.day_dropped", subject=calendar, by=by, at=now, before=before)


def _changed(calendar: WorkCalendar) -> None:
    WorkCalendar.objects.filter(pk=calendar.pk).update(revision=F("revision") + 1)
    calendar.refresh_from_db(fields=["revision"])


def _refuse_wrong(calendar: WorkCalendar, **spec: Any) -> None:
    """Let the arithmetic read the calendar as it would be; its refusal is the sentence shown."""
    try:
        arithmetic.Calendar.of({"tz": calendar.tz, **spec})
    except arithmetic.CalendarError as error:
        raise CannotConfigure(error.said((get_language() or "zh")[:2])) from error
