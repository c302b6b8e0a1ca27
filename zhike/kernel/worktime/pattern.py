"""The calendar of an enterprise: which seconds are working time.

A `Calendar` is immutable and compares by what it says. Clock times are seconds from local midnight, half
open `[from, to)`; 86400 is midnight at the end of the day.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property
from zoneinfo import ZoneInfo

from zhike.kernel.worktime.refusals import CalendarError
from zhike.kernel.worktime.spec import Convention, Hours, Week, ordinary_of, read_spec, zone
from zhike.kernel.worktime.years import HolidayYear, holiday_year, known_countries


class DayKind(StrEnum):
    """Why a day has the hours it has."""

    WEEK = "week"  # the weekly pattern
    HOLIDAY = "holiday"  # an official day off
    MAKE_UP = "make_up"  # an official working day on a weekend
    CLOSED = "closed"  # the enterprise's own day off
    OPEN = "open"  # the enterprise's own hours for that date


@dataclass(frozen=True)
class Calendar:
    """Build it with `Calendar.of`; the fields are the checked, normal form.

    `before_includes_day` settles whether 周五前 may still be met on the Friday itself.
    """

    tz: str
    week: Week
    holidays: str | None = None
    closed: tuple[tuple[dt.date, str], ...] = ()
    open: tuple[tuple[dt.date, Hours], ...] = ()
    convention: Convention = Convention.CIVIL
    before_includes_day: bool = False
    name: str = field(default="", compare=False)

    @classmethod
    def of(cls, spec: Mapping[str, object], *, name: str = "") -> Calendar:
        """A checked calendar from the form it has in `zhike due`.

        Keys: `tz`; `week`, "mon".."sun" to pairs of "HH:MM" (missing days are closed); and optionally
        `holidays` (country code), `closed` (dates, or dates with reasons), `open` (dates with own hours;
        null for those of an ordinary weekday), `convention`, `before_includes_day`.
        Raises CalendarError with one sentence.
        """
        checked = read_spec(spec)
        if checked.holidays is not None and checked.holidays not in known_countries():
            raise CalendarError(
                f"没有“{checked.holidays}”的节假日数据", f"no holiday data for “{checked.holidays}”"
            )
        ordinary = ordinary_of(checked.week)
        return cls(
            checked.tz,
            checked.week,
            checked.holidays,
            tuple(sorted(checked.closed.items())),
            tuple(sorted((day, ordinary if own is None else own) for day, own in checked.open.items())),
            checked.convention,
            checked.before_includes_day,
            name,
        )

    @cached_property
    def zone(self) -> ZoneInfo:
        return zone(self.tz)

    @cached_property
    def closed_reasons(self) -> dict[dt.date, str]:
        return dict(self.closed)

    @cached_property
    def own_hours(self) -> dict[dt.date, Hours]:
        return dict(self.open)

    @cached_property
    def ordinary_hours(self) -> Hours:
        """The hours of a make-up day: those most weekdays have."""
        return ordinary_of(self.week)

    def official(self, year: int, lang: str = "zh") -> HolidayYear | None:
        """The official holidays of a year, or None when the calendar follows no country."""
        return holiday_year(self.holidays, year, lang) if self.holidays else None

    def is_published(self, year: int) -> bool:
        """False while what is computed for that year is provisional."""
        official = self.official(year)
        return official is None or official.published

    def kind_of(self, day: dt.date) -> DayKind:
        """Own dates come first, then official days, then the weekly pattern."""
        if day in self.own_hours:
            return DayKind.OPEN
        if day in self.closed_reasons:
            return DayKind.CLOSED
        official = self.official(day.year)
        if official is not None and day in official.days_off:
            return DayKind.HOLIDAY
        if official is not None and day in official.make_up:
            return DayKind.MAKE_UP
        return DayKind.WEEK

    def hours_on(self, day: dt.date) -> Hours:
        """Working intervals of a date.

        A make-up day has the hours of an ordinary weekday unless the calendar gives its own.
        """
        kind = self.kind_of(day)
        if kind is DayKind.OPEN:
            return self.own_hours[day]
        if kind in {DayKind.CLOSED, DayKind.HOLIDAY}:
            return ()
        weekly = self.week[day.weekday()]
        return (self.ordinary_hours or weekly) if kind is DayKind.MAKE_UP else weekly
