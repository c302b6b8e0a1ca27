"""Limits of time as values: what a clause grants, before any calendar is asked.

A limit knows no calendar and no clock. `arithmetic.due` turns it into a moment.
Pure Python; safe to keep, compare, hash and pickle.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum


class Unit(StrEnum):
    """Unit of an amount. Hours and minutes are real time; working hours run only in opening hours."""

    MINUTE = "minute"
    HOUR = "hour"
    WORKING_HOUR = "working_hour"
    WORKING_DAY = "working_day"
    DAY = "day"
    WEEK = "week"
    MONTH = "month"
    YEAR = "year"


class Period(StrEnum):
    """A stretch of the civil calendar. Weeks begin on Monday, half-years in January and July."""

    DAY = "day"
    WEEK = "week"
    MONTH = "month"
    QUARTER = "quarter"
    HALF_YEAR = "half_year"
    YEAR = "year"


class Week(StrEnum):
    """Which week a weekday belongs to; COMING is the first one that still lies ahead."""

    COMING = "coming"
    THIS = "this"
    NEXT = "next"


_MEASURES: dict[Unit, tuple[str, int]] = {
    Unit.MINUTE: ("clock", 60),
    Unit.HOUR: ("clock", 3600),
    Unit.WORKING_HOUR: ("working_hours", 3600),
    Unit.WORKING_DAY: ("working_days", 1),
    Unit.DAY: ("days", 1),
    Unit.WEEK: ("days", 7),
    Unit.MONTH: ("months", 1),
    Unit.YEAR: ("months", 12),
}

# Above this no answer lies inside the calendar (years 1900 to 2199), whatever the unit.
MAX_AMOUNT = 200_000_000


@dataclass(frozen=True, slots=True)
class Limit:
    """An amount of one unit: 3 working days, 90 minutes, 1 month. Zero is allowed, less is not."""

    amount: int
    unit: Unit

    def __post_init__(self) -> None:
        if not 0 <= self.amount <= MAX_AMOUNT:
            raise ValueError(f"a limit lies between 0 and {MAX_AMOUNT}, not {self.amount}")

    @property
    def measure(self) -> tuple[str, int]:
        """(family, size): two limits can be ordered only if their families are equal.

        Families: clock (seconds), working_hours (seconds), working_days, days, months.
        """
        family, size = _MEASURES[self.unit]
        return family, self.amount * size


@dataclass(frozen=True, slots=True)
class Immediate:
    """At once (立即、当场): due at the start itself, done in the same action."""


@dataclass(frozen=True, slots=True)
class EndOf:
    """Close of the last working day of the period in which the start lies (当天内、本周内、月末前)."""

    period: Period


@dataclass(frozen=True, slots=True)
class OnWeekday:
    """A weekday, 0 = Monday.

    `before` asks for the close of the last working day before that day (周五前); without it the day
    itself is meant. `at` names a time of day and is then taken as it stands (周五 15:00).
    """

    weekday: int
    week: Week = Week.COMING
    before: bool = False
    at: dt.time | None = None

    def __post_init__(self) -> None:
        if not 0 <= self.weekday <= 6:
            raise ValueError(f"a weekday lies between 0 and 6, not {self.weekday}")


@dataclass(frozen=True, slots=True)
class Before:
    """`limit` before an anchor: the beginning of the next week, month ... or, with None, the event."""

    limit: Limit
    anchor: Period | None = None


@dataclass(frozen=True, slots=True)
class AtEvent:
    """At the moment of a declared date or event itself (答应时间前)."""


AnyLimit = Limit | Immediate | EndOf | OnWeekday | Before | AtEvent


@dataclass(frozen=True, slots=True)
class Recurrence:
    """Something owed again and again: `times` in every `every` periods.

    `at` narrows the place inside each period (每周五前, 每月末前).
    """

    every: int
    period: Period
    times: int = 1
    at: OnWeekday | EndOf | None = None

    def __post_init__(self) -> None:
        if self.every < 1 or self.times < 1:
            raise ValueError("a recurrence has at least one period and at least one time")

    @property
    def interval(self) -> Limit:
        """The longest gap allowed between two times, as a limit from the last one.

        Once a period is the period itself; several times a period share its days evenly
        (a month taken as 30 days, a quarter 90, half a year 182, a year 365; never less than one day).
        """
        if self.times == 1:
            amount, unit = _PERIOD_LIMITS[self.period]
            return Limit(amount * self.every, unit)
        return Limit(max(1, _PERIOD_DAYS[self.period] * self.every // self.times), Unit.DAY)


_PERIOD_LIMITS: dict[Period, tuple[int, Unit]] = {
    Period.DAY: (1, Unit.DAY),
    Period.WEEK: (1, Unit.WEEK),
    Period.MONTH: (1, Unit.MONTH),
    Period.QUARTER: (3, Unit.MONTH),
    Period.HALF_YEAR: (6, Unit.MONTH),
    Period.YEAR: (1, Unit.YEAR),
}
_PERIOD_DAYS: dict[Period, int] = {
    Period.DAY: 1,
    Period.WEEK: 7,
    Period.MONTH: 30,
    Period.QUARTER: 90,
    Period.HALF_YEAR: 182,
    Period.YEAR: 365,
}
