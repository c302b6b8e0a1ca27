"""Stretches of time over which is counted: half-open, in days of the enterprise's time zone."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _


class Kind(StrEnum):
    WEEK = "WEEK"
    MONTH = "MONTH"
    QUARTER = "QUARTER"
    YEAR = "YEAR"
    CUSTOM = "CUSTOM"


_MONTHS = {Kind.MONTH: 1, Kind.QUARTER: 3, Kind.YEAR: 12}


def _months_on(first: dt.date, months: int) -> dt.date:
    """The first of the month so many months on."""
    number = first.year * 12 + first.month - 1 + months
    return dt.date(number // 12, number % 12 + 1, 1)


@dataclass(frozen=True)
class Period:
    """The days from `first` up to but not including `after`."""

    kind: Kind
    first: dt.date
    after: dt.date
    tz: str

    def __post_init__(self) -> None:
        if self.after <= self.first:
            raise ValueError("a period ends after it begins")

    @classmethod
    def around(cls, kind: Kind, day: dt.date, tz: str) -> Period:
        """The week (from Monday), month, quarter or year that holds `day`."""
        if kind == Kind.CUSTOM:
            raise ValueError("a custom period is given by its days: Period.of_days")
        if kind == Kind.WEEK:
            first = day - dt.timedelta(days=day.weekday())
            return cls(kind, first, first + dt.timedelta(days=7), tz)
        months = _MONTHS[kind]
        first = dt.date(day.year, (day.month - 1) // months * months + 1, 1)
        return cls(kind, first, _months_on(first, months), tz)

    @classmethod
    def of_days(cls, first: dt.date, last: dt.date, tz: str) -> Period:
        """All days from `first` to `last`, both counted. Raises ValueError when they are the wrong way round."""
        return cls(Kind.CUSTOM, first, last + dt.timedelta(days=1), tz)

    @property
    def last(self) -> dt.date:
        return self.after - dt.timedelta(days=1)

    @property
    def begins_at(self) -> dt.datetime:
        """The first moment; rows count when `begins_at <= moment < ends_at`."""
        return dt.datetime.combine(self.first, dt.time(), ZoneInfo(self.tz))

    @property
    def ends_at(self) -> dt.datetime:
        return dt.datetime.combine(self.after, dt.time(), ZoneInfo(self.tz))

    def within(self, column: str) -> dict[str, dt.datetime]:
        """Filter for a moment inside the period: `queryset.filter(**period.within("opened_at"))`."""
        return {f"{column}__gte": self.begins_at, f"{column}__lt": self.ends_at}

    def previous(self) -> Period:
        """The period of the same kind before; before a custom one as many days."""
        if self.kind in _MONTHS:
            return Period(self.kind, _months_on(self.first, -_MONTHS[self.kind]), self.first, self.tz)
        return Period(self.kind, self.first - (self.after - self.first), self.first, self.tz)

    def a_year_before(self) -> Period:
        """The same days of the year before; weeks go back 52 weeks, 29 February becomes 1 March."""
        if self.kind in _MONTHS:
            return Period(self.kind, _months_on(self.first, -12), _months_on(self.after, -12), self.tz)
        if self.kind == Kind.WEEK:
            year = dt.timedelta(weeks=52)
            return Period(self.kind, self.first - year, self.after - year, self.tz)
        return Period(
            self.kind, _year_back(self.first), _year_back(self.last) + dt.timedelta(days=1), self.tz
        )

    @property
    def params(self) -> dict[str, str]:
        """The period as parameters of an address; both days are counted."""
        return {"from": self.first.isoformat(), "to": self.last.isoformat()}

    def __str__(self) -> str:
        """Its name in the reader's language: 2026年11月, 2026年第4季度, 2026-11-16 ~ 2026-11-22."""
        names = {"year": self.first.year, "month": self.first.month, "quarter": (self.first.month + 2) // 3}
        if self.kind == Kind.MONTH:
            return _("%(year)d-%(month)02d") % names
        if self.kind == Kind.QUARTER:
            return _("Quarter %(quarter)d of %(year)d") % names
        if self.kind == Kind.YEAR:
            return _("Year %(year)d") % names
        return f"{self.first} ~ {self.last}"


def _year_back(day: dt.date) -> dt.date:
    try:
        return day.replace(year=day.year - 1)
    except ValueError:
        return dt.date(day.year - 1, 3, 1)
