"""Working time laid out on the real line: prefix sums, one table a year, joined as far as asked.

All moments are whole seconds since 1970-01-01 UTC. A position is the number of working seconds since the
beginning of the line, so every question is one or two binary searches.
"""

from __future__ import annotations

import datetime as dt
from bisect import bisect_left, bisect_right
from dataclasses import dataclass, field
from itertools import accumulate
from typing import NamedTuple
from zoneinfo import ZoneInfo

from zhike.kernel.worktime.pattern import Calendar
from zhike.kernel.worktime.refusals import CalendarError, NoWorkingTime
from zhike.kernel.worktime.spec import DAY_SECONDS

MIN_YEAR, MAX_YEAR = 1900, 2199
EPOCH_ORDINAL = dt.date(1970, 1, 1).toordinal()


class Day(NamedTuple):
    """A working day: its date as ordinal, its local midnight and its close of business."""

    ordinal: int
    midnight: int
    close: int


@dataclass(frozen=True, slots=True)
class YearTable:
    """The working intervals and working days of one local year; `[opens, ends)` is the year itself."""

    opens: int
    ends: int
    intervals: list[tuple[int, int]]
    days: list[Day]
    midnights: list[int]  # of every date of the year, working or not


def local_to_epoch(ordinal: int, seconds: int, zone: ZoneInfo) -> int:
    """The moment of a wall-clock time.

    A time that a clock change leaves out is the moment of the change; of a repeated one the first counts.
    """
    ordinal, seconds = ordinal + seconds // DAY_SECONDS, seconds % DAY_SECONDS
    wall = dt.datetime.fromordinal(ordinal) + dt.timedelta(seconds=seconds)
    before, after = _offset(wall.replace(tzinfo=zone)), _offset(wall.replace(tzinfo=zone, fold=1))
    flat = (ordinal - EPOCH_ORDINAL) * DAY_SECONDS + seconds
    if before >= after:
        return flat - before
    low, high = flat - after, flat - before  # the change lies in (low, high]
    while high - low > 1:
        middle = (low + high) // 2
        if _offset(dt.datetime.fromtimestamp(middle, zone)) == before:
            low = middle
        else:
            high = middle
    return high


def _offset(moment: dt.datetime) -> int:
    offset = moment.utcoffset()
    assert offset is not None
    return int(offset.total_seconds())


def build_year(calendar: Calendar, year: int) -> YearTable:
    """Lay out one year; a few milliseconds."""
    first, last = dt.date(year, 1, 1).toordinal(), dt.date(year, 12, 31).toordinal()
    midnights = _midnights(first, last + 1, calendar.zone)
    intervals: list[tuple[int, int]] = []
    days: list[Day] = []
    for index, midnight in enumerate(midnights[:-1]):
        found = _moments(calendar, first + index, midnight, midnights[index + 1])
        if found:
            intervals += found
            days.append(Day(first + index, midnight, found[-1][1]))
    return YearTable(midnights[0], midnights[-1], intervals, days, midnights[:-1])


def _midnights(first: int, last: int, zone: ZoneInfo) -> list[int]:
    """The local midnights of the dates `first`..`last`.

    Where noon has the same offset as the noon before, no clock was changed in between.
    """
    noon = dt.time(12, tzinfo=zone)
    before = dt.datetime.combine(dt.date.fromordinal(first - 1), noon).utcoffset()
    seconds = _offset(dt.datetime.combine(dt.date.fromordinal(first - 1), noon))
    found = []
    for ordinal in range(first, last + 1):
        moment = dt.datetime.combine(dt.date.fromordinal(ordinal), noon)
        offset = moment.utcoffset()
        if offset == before:
            found.append((ordinal - EPOCH_ORDINAL) * DAY_SECONDS - seconds)
        else:
            found.append(local_to_epoch(ordinal, 0, zone))
            before, seconds = offset, _offset(moment)
    return found


def _moments(calendar: Calendar, ordinal: int, midnight: int, next_midnight: int) -> list[tuple[int, int]]:
    hours = calendar.hours_on(dt.date.fromordinal(ordinal))
    if next_midnight - midnight == DAY_SECONDS:
        return [(midnight + begin, midnight + end) for begin, end in hours]
    found = [
        (local_to_epoch(ordinal, begin, calendar.zone), local_to_epoch(ordinal, end, calendar.zone))
        for begin, end in hours
    ]
    return [(begin, end) for begin, end in found if begin < end]


@dataclass(slots=True)
class Line:
    """The years `low`..`high` joined. Never changed after it is built."""

    low: int
    high: int
    tables: list[YearTable]
    zone: ZoneInfo
    opens: int = field(init=False)
    ends: int = field(init=False)
    starts: list[int] = field(init=False)
    stops: list[int] = field(init=False)
    sums: list[int] = field(init=False)  # position at the end of each interval
    ordinals: list[int] = field(init=False)  # of working days, as are the next three
    midnights: list[int] = field(init=False)
    closes: list[int] = field(init=False)
    close_moments: list[dt.datetime] = field(init=False)
    first: int = field(init=False)  # ordinal of the first date; the next two have one entry for each date
    dates: list[int] = field(init=False)  # midnights
    coming: list[int] = field(init=False)  # index of the first working day on or after the date

    def __post_init__(self) -> None:
        self.opens, self.ends = self.tables[0].opens, self.tables[-1].ends
        intervals = [pair for table in self.tables for pair in table.intervals]
        self.starts = [begin for begin, _ in intervals]
        self.stops = [end for _, end in intervals]
        self.sums = list(accumulate(end - begin for begin, end in intervals))
        days = [day for table in self.tables for day in table.days]
        self.ordinals = [day.ordinal for day in days]
        self.midnights = [day.midnight for day in days]
        self.closes = [day.close for day in days]
        self.close_moments = [dt.datetime.fromtimestamp(close, self.zone) for close in self.closes]
        self.first = dt.date(self.low, 1, 1).toordinal()
        self.dates = [midnight for table in self.tables for midnight in table.midnights]
        self.coming = [bisect_left(self.ordinals, self.first + index) for index in range(len(self.dates))]

    def position(self, moment: int) -> int:
        """Working seconds from the beginning of the line to `moment`."""
        index = bisect_right(self.starts, moment) - 1
        if index < 0:
            return 0
        left = self.stops[index] - moment
        return self.sums[index] - left if left > 0 else self.sums[index]


class Timeline:
    """The line of one calendar, made longer as questions reach further."""

    def __init__(self, calendar: Calendar) -> None:
        self.calendar = calendar
        self._years: dict[int, YearTable] = {}
        self.line: Line | None = None
        dates = [day.year for day, own in calendar.open if own]
        weekly = any(calendar.week)
        # Without weekly hours only the own dates hold working time: nothing is to be found beyond them.
        self.first_year = MIN_YEAR if weekly else min(dates, default=MAX_YEAR)
        self.last_year = MAX_YEAR if weekly else max(dates, default=MIN_YEAR)

    def at(self, moment: int) -> Line:
        """A line that holds `moment`. Raises CalendarError outside 1900 to 2199."""
        line = self.line
        if line is not None and line.opens <= moment < line.ends:
            return line
        year = dt.datetime.fromtimestamp(within(moment), self.calendar.zone).year
        return self._reach(year - 1, year + 1)

    def on(self, ordinal: int) -> Line:
        """A line that holds the date. Raises CalendarError outside 1900 to 2199."""
        year = dt.date.fromordinal(ordinal).year
        line = self.line
        if line is not None and line.low <= year <= line.high:
            return line
        within((ordinal - EPOCH_ORDINAL) * DAY_SECONDS)
        return self._reach(year - 1, year + 1)

    def from_to(self, begin: int, end: int) -> Line:
        """A line that holds both moments."""
        self.at(begin)
        line = self.at(end)
        return line if line.opens <= begin else self.at(begin)

    def later(self, line: Line) -> Line:
        """A line that reaches further into the future. Raises NoWorkingTime when nothing is left there."""
        if not any(self.calendar.week) and not any(own for _, own in self.calendar.open):
            raise NoWorkingTime("日历里没有任何工作时间", "the calendar has no working time at all")
        if line.high >= self.last_year:
            raise NoWorkingTime("日历里没有足够的工作时间", "the calendar has not enough working time ahead")
        return self._reach(line.low, line.high + line.high - line.low + 1)

    def earlier(self, line: Line) -> Line:
        """A line that reaches further into the past. Raises NoWorkingTime when nothing is left there."""
        if line.low <= self.first_year:
            raise NoWorkingTime(
                "日历里此前没有足够的工作时间", "the calendar has not enough working time before"
            )
        return self._reach(line.low - (line.high - line.low + 1), line.high)

    def _reach(self, low: int, high: int) -> Line:
        old = self.line
        low, high = max(MIN_YEAR, low), min(MAX_YEAR, high)
        if old is not None:
            low, high = min(low, old.low), max(high, old.high)
        tables = [self._year(year) for year in range(low, high + 1)]
        self.line = line = Line(low, high, tables, self.calendar.zone)
        return line

    def _year(self, year: int) -> YearTable:
        if year not in self._years:
            self._years[year] = build_year(self.calendar, year)
        return self._years[year]


_LOW = (dt.date(MIN_YEAR, 1, 2).toordinal() - EPOCH_ORDINAL) * DAY_SECONDS
_HIGH = (dt.date(MAX_YEAR, 12, 31).toordinal() - EPOCH_ORDINAL) * DAY_SECONDS


def within(moment: int) -> int:
    """The moment itself. Raises CalendarError outside 1900 to 2199."""
    if not _LOW <= moment < _HIGH:
        raise CalendarError("时间超出 1900 年至 2199 年", "the time lies outside the years 1900 to 2199")
    return moment


def timeline_of(calendar: Calendar) -> Timeline:
    """The timeline of a calendar, made at the first question and kept with it."""
    timeline: Timeline | None = calendar.__dict__.get("_timeline")
    if timeline is None:
        timeline = calendar.__dict__.setdefault("_timeline", Timeline(calendar))
    return timeline
