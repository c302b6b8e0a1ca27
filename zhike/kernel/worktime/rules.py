"""The counting rules: from a start and a limit to the moment it is due, in whole seconds.

Civil convention: articles 201 to 203 of the PRC Civil Code. See README.md for the rules in words.
Moments are seconds since 1970-01-01 UTC, days are proleptic ordinals of the calendar's own time zone.
"""

from __future__ import annotations

import calendar as gregorian
import datetime as dt
from bisect import bisect_left, bisect_right
from collections.abc import Sequence

from zhike.kernel.worktime.limits import AnyLimit, Before, EndOf, Limit, OnWeekday, Period, Unit, Week
from zhike.kernel.worktime.pattern import Calendar
from zhike.kernel.worktime.refusals import CalendarError
from zhike.kernel.worktime.spec import Convention
from zhike.kernel.worktime.timeline import MAX_YEAR, MIN_YEAR, local_to_epoch, timeline_of, within

Span = tuple[int, int]


def advance(calendar: Calendar, moment: int, seconds: int) -> int:
    """The earliest moment by which `seconds` of working time have passed since `moment`.

    Zero seconds have passed at once. Raises NoWorkingTime.
    """
    if seconds == 0:
        return moment
    timeline = timeline_of(calendar)
    line = timeline.at(moment)
    while True:
        target = line.position(moment) + seconds
        index = bisect_left(line.sums, target)
        if index < len(line.sums):
            return line.stops[index] - (line.sums[index] - target)
        line = timeline.later(line)


def retreat(calendar: Calendar, moment: int, seconds: int) -> int:
    """The latest moment from which `seconds` (at least 1) of working time still pass before `moment`.

    Raises NoWorkingTime.
    """
    timeline = timeline_of(calendar)
    line = timeline.at(moment)
    while line.position(moment) < seconds:
        line = timeline.earlier(line)
    target = line.position(moment) - seconds
    index = bisect_right(line.sums, target)
    return line.stops[index] - (line.sums[index] - target)


def worked_between(calendar: Calendar, begin: int, end: int) -> int:
    """Working seconds in `[begin, end)`; 0 when `end` does not lie after `begin`."""
    if end <= begin:
        return 0
    line = timeline_of(calendar).from_to(begin, end)
    return line.position(end) - line.position(begin)


def nth_day_after(calendar: Calendar, ordinal: int, count: int) -> tuple[int, int]:
    """(ordinal, close) of the `count`-th working day after a date; count 1 is the next one."""
    timeline = timeline_of(calendar)
    line = timeline.on(ordinal)
    while True:
        index = bisect_right(line.ordinals, ordinal) + count - 1
        if index < len(line.ordinals):
            return line.ordinals[index], line.closes[index]
        line = timeline.later(line)


def nth_day_before(calendar: Calendar, ordinal: int, count: int) -> tuple[int, int]:
    """(ordinal, close) of the `count`-th working day before a date; count 1 is the last one."""
    timeline = timeline_of(calendar)
    line = timeline.on(ordinal)
    while True:
        index = bisect_left(line.ordinals, ordinal) - count
        if index >= 0:
            return line.ordinals[index], line.closes[index]
        line = timeline.earlier(line)


def local_day(calendar: Calendar, moment: int) -> int:
    """The ordinal of the business date on which a moment falls."""
    return dt.datetime.fromtimestamp(within(moment), calendar.zone).toordinal()


def merged(pauses: Sequence[Span]) -> list[Span]:
    """Pauses in order, overlapping and touching ones joined, so that no second is taken out twice."""
    joined: list[Span] = []
    for begin, end in sorted(pauses):
        if joined and begin <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        elif begin < end:
            joined.append((begin, end))
    return joined


def paused_between(calendar: Calendar, begin: int, end: int, pauses: Sequence[Span]) -> int:
    """Working seconds of `[begin, end)` that lie in pauses."""
    return sum(worked_between(calendar, max(b, begin), min(e, end)) for b, e in merged(pauses))


def due_epoch(
    calendar: Calendar, start: int, limit: AnyLimit, pauses: Sequence[Span], convention: Convention
) -> int:
    """The moment a limit is due. Raises CalendarError when the calendar holds no answer."""
    base = _base(calendar, start, limit, convention)
    if not pauses or not is_moved_by_pauses(limit):
        return base
    real = runs_on_real_time(limit)
    for begin, end in merged(pauses):
        begin = max(begin, start)
        if begin >= end:
            continue
        # What is left of the limit when the pause begins; a limit already used up is not moved.
        if begin >= base or (not real and worked_between(calendar, begin, base) == 0):
            break
        taken = worked_between(calendar, begin, end)
        base = base + taken if real else advance(calendar, base, taken)
    return base


def runs_on_real_time(limit: AnyLimit) -> bool:
    """Hours and minutes run on the clock, open or closed."""
    return isinstance(limit, Limit) and limit.unit in {Unit.MINUTE, Unit.HOUR}


def is_moved_by_pauses(limit: AnyLimit) -> bool:
    """Lengths of time are moved by pauses; a date that the clause itself names stands."""
    return (isinstance(limit, Limit) and limit.amount > 0) or limit == EndOf(Period.DAY)


def _base(calendar: Calendar, start: int, limit: AnyLimit, convention: Convention) -> int:
    if isinstance(limit, Limit):
        return _amount(calendar, start, limit, convention)
    if isinstance(limit, EndOf):
        last = period_end(dt.date.fromordinal(local_day(calendar, start)), limit.period).toordinal()
        return _still_ahead(calendar, start, _last_close(calendar, start, last))
    if isinstance(limit, OnWeekday):
        return _weekday(calendar, start, limit)
    if isinstance(limit, Before):
        return _before(calendar, start, limit, convention)
    return start


def _amount(calendar: Calendar, start: int, limit: Limit, convention: Convention) -> int:
    unit = limit.unit
    if limit.amount == 0:
        return start
    if unit is Unit.MINUTE or unit is Unit.HOUR:
        return start + limit.measure[1]
    if unit is Unit.WORKING_HOUR:
        return advance(calendar, start, limit.measure[1])
    if unit is Unit.WORKING_DAY:
        ordinal, close = nth_day_after(calendar, local_day(calendar, start), limit.amount)
    else:
        target = shifted(dt.date.fromordinal(local_day(calendar, start)), limit, 1).toordinal()
        if convention == Convention.CIVIL:
            return nth_day_after(calendar, target - 1, 1)[1]
        ordinal, close = target, 0
    return close if convention == Convention.CIVIL else _same_time(calendar, start, ordinal)


def _same_time(calendar: Calendar, start: int, ordinal: int) -> int:
    """The time of day of `start` on another date."""
    clock = dt.datetime.fromtimestamp(start, calendar.zone).time()
    return local_to_epoch(ordinal, clock.hour * 3600 + clock.minute * 60 + clock.second, calendar.zone)


def shifted(day: dt.date, limit: Limit, sign: int) -> dt.date:
    """A date moved by days, weeks, months or years; a missing day of month becomes the month's last."""
    family, size = limit.measure
    try:
        if family == "days":
            moved = day + dt.timedelta(days=sign * size)
        else:
            moved = on_corresponding_day(day, sign * size)
        if MIN_YEAR <= moved.year <= MAX_YEAR:
            return moved
    except (ValueError, OverflowError):
        pass
    raise CalendarError("时限超出 1900 年至 2199 年", "the limit ends outside the years 1900 to 2199")


def on_corresponding_day(day: dt.date, months: int) -> dt.date:
    """The same day of another month, or that month's last. Raises ValueError outside the years 1 to 9999."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    number = day.day
    return dt.date(year, month + 1, number if number < 29 else min(number, last_day(year, month + 1)))


_MONTH_DAYS = (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)


def last_day(year: int, month: int) -> int:
    """The number of the last day of a month."""
    return 29 if month == 2 and gregorian.isleap(year) else _MONTH_DAYS[month - 1]


def period_end(day: dt.date, period: Period) -> dt.date:
    """The last date of the period that holds `day`."""
    if period is Period.DAY:
        return day
    if period is Period.WEEK:
        return day + dt.timedelta(days=6 - day.weekday())
    months = {Period.MONTH: 1, Period.QUARTER: 3, Period.HALF_YEAR: 6, Period.YEAR: 12}[period]
    month = (day.month - 1) // months * months + months
    return dt.date(day.year, month, last_day(day.year, month))


def _still_ahead(calendar: Calendar, start: int, due: int) -> int:
    """`due`, or the next close of business when that lies no longer ahead of the start."""
    return due if due > start else _next_close(calendar, start)[1]


def _next_close(calendar: Calendar, start: int) -> tuple[int, int]:
    """(ordinal, close) of the first working day whose close lies after the start."""
    ordinal, close = nth_day_after(calendar, local_day(calendar, start) - 1, 1)
    return (ordinal, close) if close > start else nth_day_after(calendar, ordinal, 1)


def _last_close(calendar: Calendar, start: int, ordinal: int) -> int:
    """Close of the last working day up to a date; `start` when every working day lies after it."""
    line = timeline_of(calendar).on(ordinal)
    index = bisect_right(line.ordinals, ordinal) - 1
    return line.closes[index] if index >= 0 else start


def _weekday(calendar: Calendar, start: int, limit: OnWeekday) -> int:
    today = local_day(calendar, start)
    if limit.at is not None:
        seconds = limit.at.hour * 3600 + limit.at.minute * 60 + limit.at.second
        ordinal = _weekday_in(today, limit)
        due = local_to_epoch(ordinal, seconds, calendar.zone)
        if limit.week is Week.COMING and due <= start:
            due = local_to_epoch(ordinal + 7, seconds, calendar.zone)
        return due
    if not limit.before:
        ordinal = _weekday_in(today, limit)
        due = nth_day_after(calendar, ordinal - 1, 1)[1]
        if limit.week is Week.COMING and due <= start:
            due = nth_day_after(calendar, ordinal + 6, 1)[1]
        return _still_ahead(calendar, start, due)
    if limit.week is Week.COMING:
        # The first such weekday that leaves a close of business between the start and itself.
        first = _next_close(calendar, start)[0] + (0 if calendar.before_includes_day else 1)
        ordinal = first + (limit.weekday - _weekday_of(first)) % 7
    else:
        ordinal = _weekday_in(today, limit)
    last = ordinal if calendar.before_includes_day else ordinal - 1
    return _still_ahead(calendar, start, _last_close(calendar, start, last))


def _weekday_of(ordinal: int) -> int:
    return (ordinal + 6) % 7


def _weekday_in(today: int, limit: OnWeekday) -> int:
    """The date meant: in this week, in the next one, or the first from today on."""
    if limit.week is Week.COMING:
        return today + (limit.weekday - _weekday_of(today)) % 7
    monday = today - _weekday_of(today) + (7 if limit.week is Week.NEXT else 0)
    return monday + limit.weekday


def _before(calendar: Calendar, start: int, limit: Before, convention: Convention) -> int:
    """Backwards from an event, or from the opening of the first working day of the next period."""
    if limit.anchor is None:
        return _backwards(calendar, start, limit.limit, convention)
    today = dt.date.fromordinal(local_day(calendar, start))
    begin = period_end(today, limit.anchor).toordinal() + 1
    ordinal, close = nth_day_after(calendar, begin - 1, 1)
    line = timeline_of(calendar).at(close)
    opening = line.starts[bisect_left(line.starts, line.midnights[bisect_left(line.ordinals, ordinal)])]
    return _still_ahead(calendar, start, _backwards(calendar, opening, limit.limit, Convention.CIVIL))


def _backwards(calendar: Calendar, moment: int, limit: Limit, convention: Convention) -> int:
    if limit.amount == 0:
        return moment
    if limit.unit in {Unit.MINUTE, Unit.HOUR}:
        return moment - limit.measure[1]
    if limit.unit is Unit.WORKING_HOUR:
        return retreat(calendar, moment, limit.measure[1])
    today = local_day(calendar, moment)
    if limit.unit is Unit.WORKING_DAY:
        ordinal, close = nth_day_before(calendar, today, limit.amount)
    else:
        ordinal = shifted(dt.date.fromordinal(today), limit, -1).toordinal()
        close = nth_day_before(calendar, ordinal + 1, 1)[1]
    return close if convention == Convention.CIVIL else _same_time(calendar, moment, ordinal)
