"""A calendar as a year to look at: which days are open, closed, holidays, make-up days, and why."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from zhike.kernel.worktime import arithmetic
from zhike.kernel.worktime.models import WorkCalendar
from zhike.kernel.worktime.pattern import DayKind

WEEKDAYS = (
    ("mon", gettext_lazy("Monday")),
    ("tue", gettext_lazy("Tuesday")),
    ("wed", gettext_lazy("Wednesday")),
    ("thu", gettext_lazy("Thursday")),
    ("fri", gettext_lazy("Friday")),
    ("sat", gettext_lazy("Saturday")),
    ("sun", gettext_lazy("Sunday")),
)


@dataclass(frozen=True)
class Day:
    """One cell: `look` is open, shut, holiday, makeup, own or away."""

    day: dt.date
    look: str
    title: str
    is_today: bool

    @property
    def number(self) -> int:
        return self.day.day


@dataclass(frozen=True)
class Month:
    """Weeks from Monday; None stands before the first and after the last day."""

    first: dt.date
    weeks: list[list[Day | None]]


@dataclass(frozen=True)
class Year:
    """`published` is False while the official holidays of that year are not known."""

    number: int
    months: list[Month]
    published: bool
    working_days: int


_LOOKS = {
    DayKind.HOLIDAY: "holiday",
    DayKind.MAKE_UP: "makeup",
    DayKind.CLOSED: "away",
    DayKind.OPEN: "own",
}


def year_of(row: WorkCalendar, number: int, today: dt.date) -> Year:
    """Every day of the year as the calendar has it."""
    calendar = _pure(row)
    lang = (get_language() or "zh")[:2]
    official = calendar.official(number, "en" if lang == "en" else "zh")
    names = official.days_off if official else {}
    months = [_month(calendar, dt.date(number, month, 1), today, names) for month in range(1, 13)]
    open_days = sum(
        1 for month in months for week in month.weeks for day in week if day and calendar.hours_on(day.day)
    )
    return Year(number, months, calendar.is_published(number), open_days)


def _pure(row: WorkCalendar) -> arithmetic.Calendar:
    days = list(row.days.all())
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


def _month(
    calendar: arithmetic.Calendar, first: dt.date, today: dt.date, names: Mapping[dt.date, str]
) -> Month:
    cells: list[Day | None] = [None] * first.weekday()
    day = first
    while day.month == first.month:
        cells.append(_day(calendar, day, today, names))
        day += dt.timedelta(days=1)
    cells += [None] * (-len(cells) % 7)
    return Month(first, [cells[start : start + 7] for start in range(0, len(cells), 7)])


def _day(calendar: arithmetic.Calendar, day: dt.date, today: dt.date, names: Mapping[dt.date, str]) -> Day:
    kind = calendar.kind_of(day)
    hours = calendar.hours_on(day)
    look = _LOOKS.get(kind, "open" if hours else "shut")
    reason = calendar.closed_reasons.get(day) or names.get(day, "")
    if kind is DayKind.MAKE_UP:
        reason = _("make-up working day")
    text = ", ".join(f"{_clock(start)}-{_clock(end)}" for start, end in hours) or _("day off")
    title = f"{day.isoformat()} {reason} {text}" if reason else f"{day.isoformat()} {text}"
    return Day(day, look, title, day == today)


def _clock(seconds: int) -> str:
    return f"{seconds // 3600:02d}:{seconds % 3600 // 60:02d}"


def week_lines(week: dict[str, list[list[str]]]) -> list[tuple[str, str]]:
    """Weekdays with their hours; days with the same hours in a row share a line."""
    lines: list[list[str]] = []
    for key, label in WEEKDAYS:
        text = hours_text(week.get(key, [])) or _("day off")
        if lines and lines[-1][2] == text:
            lines[-1][1] = str(label)
        else:
            lines.append([str(label), "", text])
    return [(f"{first} – {last}" if last else first, text) for first, last, text in lines]


def hours_text(hours: Sequence[Sequence[str]]) -> str:
    """[["09:00", "12:00"]] as it is typed and read: 09:00-12:00, 13:30-18:00."""
    return ", ".join(f"{start}-{end}" for start, end in hours)
