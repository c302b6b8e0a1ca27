"""Working-time arithmetic: when a limit is due, how long was worked, what day it is.

Pure functions over an immutable `Calendar`. Moments go in aware and come out in the calendar's time zone;
fractions of a second are dropped from every moment first, after that everything is exact.
Questions outside the years 1900 to 2199, and questions the calendar has not enough working time for, raise
CalendarError with one sentence. Register: T001-37, T001-38.
"""

from __future__ import annotations

import datetime as dt
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from zhike.kernel.worktime import rules
from zhike.kernel.worktime.explain import Explanation, explain_due, explain_worked
from zhike.kernel.worktime.limits import AnyLimit, Limit, Unit
from zhike.kernel.worktime.pattern import Calendar
from zhike.kernel.worktime.refusals import CalendarError, NoWorkingTime
from zhike.kernel.worktime.spec import Convention, zone
from zhike.kernel.worktime.story import DayMark, Mark, Story
from zhike.kernel.worktime.timeline import timeline_of, within

__all__ = [
    "Calendar",
    "CalendarError",
    "Convention",
    "DayMark",
    "Due",
    "Explanation",
    "Mark",
    "NoWorkingTime",
    "Pause",
    "Worked",
    "add_working_days",
    "due",
    "due_at",
    "is_open",
    "is_working_day",
    "local_date",
    "measure",
    "next_open",
    "worked",
]

_EPOCH = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
# Years or months beyond this are left to the full rules, which refuse them if they must.
_MANY = 300

Pause = tuple[dt.datetime, dt.datetime]


def due_at(
    calendar: Calendar,
    start: dt.datetime,
    limit: AnyLimit,
    pauses: Sequence[Pause] = (),
    convention: Convention | None = None,
) -> dt.datetime:
    """The moment `limit` is due when it runs from `start` (aware), in the calendar's time zone.

    `pauses` are `[from, to)`, in any order; seconds paused twice count once. `convention` overrides that
    of the calendar.
    """
    if not pauses and isinstance(limit, Limit) and limit.amount and start.tzinfo is not None:
        found = _plain(calendar, start, limit, convention)
        if found is not None:
            return found
    epoch = rules.due_epoch(calendar, _epoch(start), limit, _spans(pauses), convention or calendar.convention)
    return _moment(calendar, epoch)


def _plain(
    calendar: Calendar, start: dt.datetime, limit: Limit, convention: Convention | None
) -> dt.datetime | None:
    """The everyday cases straight from the tables; None leaves the question to `rules`.

    It must answer as `rules.due_epoch` does; a property test holds the two together.
    """
    since = start - _EPOCH
    begin = since.days * 86_400 + since.seconds
    line = timeline_of(calendar).line
    if line is None or not line.opens <= begin < line.ends:
        return None
    unit = limit.unit
    if unit is Unit.WORKING_HOUR:
        place = bisect_right(line.starts, begin) - 1
        left = max(line.stops[place] - begin, 0) if place >= 0 else 0
        target = (line.sums[place] if place >= 0 else 0) - left + limit.amount * 3600
        index = bisect_left(line.sums, target)
        if index == len(line.sums):
            return None
        return dt.datetime.fromtimestamp(line.stops[index] - line.sums[index] + target, calendar.zone)
    if unit is Unit.HOUR or unit is Unit.MINUTE:
        end = begin + limit.amount * (3600 if unit is Unit.HOUR else 60)
        return dt.datetime.fromtimestamp(end, calendar.zone) if end < line.ends else None
    if (convention or calendar.convention) != Convention.CIVIL:
        return None
    if unit is Unit.WORKING_DAY:
        # Working days whose midnight is past are the start's own date and those before it: not counted.
        index = bisect_right(line.midnights, begin) + limit.amount - 1
    else:
        date = bisect_right(line.dates, begin) - 1
        if unit is Unit.DAY:
            date += limit.amount
        elif unit is Unit.WEEK:
            date += limit.amount * 7
        elif limit.amount > _MANY:
            return None
        else:
            months = limit.amount if unit is Unit.MONTH else limit.amount * 12
            day = rules.on_corresponding_day(dt.date.fromordinal(line.first + date), months)
            date = day.toordinal() - line.first
        if date >= len(line.coming):
            return None
        index = line.coming[date]
    return line.close_moments[index] if index < len(line.closes) else None


@dataclass(frozen=True)
class Due:
    """An answer with its question, so that it can be explained when somebody asks.

    `start` and `at` are in the calendar's time zone, `pauses` are merged epoch seconds.
    """

    calendar: Calendar
    start: dt.datetime
    limit: AnyLimit
    convention: Convention
    at: dt.datetime
    pauses: tuple[tuple[int, int], ...] = ()

    @cached_property
    def worked_seconds(self) -> int:
        """Working seconds between start and due moment, pauses taken out."""
        return _worked(self.calendar, _epoch(self.start), _epoch(self.at), self.pauses)

    @cached_property
    def provisional(self) -> tuple[int, ...]:
        """Years without published holidays that the answer depends on; empty when it is final."""
        if isinstance(self.limit, Limit) and rules.runs_on_real_time(self.limit):
            return ()
        years = range(min(self.start, self.at).year, max(self.start, self.at).year + 1)
        return tuple(year for year in years if not self.calendar.is_published(year))

    def explain(self, lang: str = "zh") -> Explanation:
        """Why this date: sentences, and a mark for every day of the little calendar. "zh" or "en"."""
        return explain_due(self._story, self.limit, self.convention, lang)

    @property
    def explanation(self) -> tuple[str, ...]:
        """The Chinese sentences."""
        return self.explain().lines

    @property
    def _story(self) -> Story:
        return Story(
            self.calendar,
            _epoch(self.start),
            _epoch(self.at),
            self.pauses,
            self.worked_seconds,
            self.provisional,
        )


def due(
    calendar: Calendar,
    start: dt.datetime,
    limit: AnyLimit,
    pauses: Sequence[Pause] = (),
    convention: Convention | None = None,
) -> Due:
    """Like `due_at`, with working seconds, provisional years and explanation, each worked out on demand."""
    return Due(
        calendar,
        _moment(calendar, _epoch(start)),
        limit,
        Convention(convention or calendar.convention),
        due_at(calendar, start, limit, pauses, convention),
        tuple(rules.merged(_spans(pauses))),
    )


@dataclass(frozen=True)
class Worked:
    """Working seconds between two moments, with the reasons on demand."""

    story: Story

    @property
    def seconds(self) -> int:
        return self.story.worked

    def explain(self, lang: str = "zh") -> Explanation:
        """What was counted and what was not. "zh" or "en"."""
        return explain_worked(self.story, lang)


def measure(calendar: Calendar, start: dt.datetime, end: dt.datetime, pauses: Sequence[Pause] = ()) -> Worked:
    """Like `worked`, with an explanation. Raises CalendarError when `end` lies before `start`."""
    begin, stop = _epoch(start), _epoch(end)
    if stop < begin:
        raise CalendarError("结束时间早于开始时间", "the end lies before the start")
    spans = tuple(rules.merged(_spans(pauses)))
    first, last = _moment(calendar, begin).year, _moment(calendar, stop).year
    provisional = tuple(year for year in range(first, last + 1) if not calendar.is_published(year))
    seconds = _worked(calendar, begin, stop, spans)
    return Worked(Story(calendar, begin, stop, spans, seconds, provisional))


def worked(calendar: Calendar, start: dt.datetime, end: dt.datetime, pauses: Sequence[Pause] = ()) -> int:
    """Working seconds in `[start, end)` outside the pauses; 0 when `end` does not lie after `start`."""
    return _worked(calendar, _epoch(start), _epoch(end), _spans(pauses))


def local_date(moment: dt.datetime, tz: str | dt.tzinfo) -> dt.date:
    """The business date of a moment. The only place where a moment becomes a date."""
    _epoch(moment)
    return moment.astimezone(zone(tz) if isinstance(tz, str) else tz).date()


def is_open(calendar: Calendar, moment: dt.datetime) -> bool:
    """Whether the moment is working time; the closing second itself is not."""
    epoch = _epoch(moment)
    line = timeline_of(calendar).at(epoch)
    index = bisect_right(line.starts, epoch) - 1
    return index >= 0 and epoch < line.stops[index]


def next_open(calendar: Calendar, moment: dt.datetime) -> dt.datetime:
    """The moment itself if it is working time, else the next opening. Raises NoWorkingTime."""
    return _moment(calendar, rules.advance(calendar, _epoch(moment), 1) - 1)


def is_working_day(calendar: Calendar, day: dt.date) -> bool:
    """Whether the date has any working time."""
    return bool(calendar.hours_on(day))


def add_working_days(calendar: Calendar, day: dt.date, count: int) -> dt.date:
    """The `count`-th working day after `day`, before it if negative; 0 is the day itself."""
    ordinal = day.toordinal()
    if count > 0:
        ordinal = rules.nth_day_after(calendar, ordinal, count)[0]
    elif count < 0:
        ordinal = rules.nth_day_before(calendar, ordinal, -count)[0]
    return dt.date.fromordinal(ordinal)


def _epoch(moment: dt.datetime) -> int:
    if moment.tzinfo is None:
        raise CalendarError(
            f"时间 {moment.isoformat()} 没有时区", f"the moment {moment.isoformat()} has no time zone"
        )
    since = moment - _EPOCH
    return since.days * 86_400 + since.seconds


def _moment(calendar: Calendar, epoch: int) -> dt.datetime:
    return dt.datetime.fromtimestamp(within(epoch), calendar.zone)


def _spans(pauses: Sequence[Pause]) -> list[tuple[int, int]]:
    spans = [(_epoch(begin), _epoch(end)) for begin, end in pauses]
    for begin, end in spans:
        if end < begin:
            raise CalendarError("暂停的结束早于开始", "a pause ends before it begins")
    return spans


def _worked(calendar: Calendar, begin: int, end: int, pauses: Sequence[tuple[int, int]]) -> int:
    whole = rules.worked_between(calendar, begin, end)
    return whole - rules.paused_between(calendar, begin, end, pauses) if whole else 0
