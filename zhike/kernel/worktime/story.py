"""What happened on each day between a start and an end: the facts behind an explanation, without words.

Register: T001-38 (the clock examples are explained from these marks).
"""

from __future__ import annotations

import datetime as dt
from bisect import bisect_left
from dataclasses import dataclass
from enum import StrEnum

from zhike.kernel.worktime import rules
from zhike.kernel.worktime.limits import AnyLimit, Limit, Unit
from zhike.kernel.worktime.pattern import Calendar, DayKind
from zhike.kernel.worktime.timeline import timeline_of

# A longer story is told in sums only: nobody reads a calendar of several years.
MAX_DAYS = 400
_DAY = dt.timedelta(days=1)


class Mark(StrEnum):
    """How a day of the little calendar is drawn. DUE wins over START, START over the rest."""

    START = "start"
    COUNTED = "counted"
    SKIPPED = "skipped"
    DUE = "due"
    OUTSIDE = "outside"


class Way(StrEnum):
    """What is counted."""

    CLOCK = "clock"  # real time
    WORKING_TIME = "working_time"
    WORKING_DAYS = "working_days"
    DATES = "dates"  # every date, working or not
    NAMED = "named"  # the clause names the date


@dataclass(frozen=True, slots=True)
class Story:
    """The plain data of an answer: epoch seconds, merged pauses, working seconds, provisional years."""

    calendar: Calendar
    start: int
    end: int
    pauses: tuple[tuple[int, int], ...]
    worked: int
    provisional: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class DayMark:
    """One day of the little calendar.

    `number` is its place among the counted days (working days or dates), `reason` says why it is skipped
    or worked out of order, `seconds` is the working time counted on it, pauses taken out.
    """

    date: dt.date
    mark: Mark
    number: int | None = None
    reason: str = ""
    make_up: bool = False
    seconds: int = 0


@dataclass(frozen=True, slots=True)
class DayFacts:
    """A date between start and due: what kind of day, what was worked, counted as which, skipped or not."""

    date: dt.date
    kind: DayKind
    is_working: bool
    seconds: int
    number: int | None
    is_skipped: bool


def way_of(limit: AnyLimit) -> Way:
    """What a limit counts."""
    if not isinstance(limit, Limit):
        return Way.NAMED
    if rules.runs_on_real_time(limit):
        return Way.CLOCK
    if limit.unit is Unit.WORKING_HOUR:
        return Way.WORKING_TIME
    return Way.WORKING_DAYS if limit.unit is Unit.WORKING_DAY else Way.DATES


def first_and_last(story: Story) -> tuple[dt.date, dt.date]:
    """The business dates of start and end; an end at midnight belongs to the day that ends then."""
    begin = rules.local_day(story.calendar, story.start)
    end = rules.local_day(story.calendar, story.end - (1 if story.end > story.start else 0))
    return dt.date.fromordinal(begin), dt.date.fromordinal(end)


def target_of(story: Story, limit: Limit) -> dt.date:
    """The date on which a limit of dates ends before it is moved off a closed day."""
    return rules.shifted(first_and_last(story)[0], limit, 1)


def days_between(story: Story, limit: AnyLimit | None = None) -> list[DayFacts]:
    """Every date from start to end (from end to start when it is due before).

    Empty when there are more than MAX_DAYS. Without a limit working time is counted.
    """
    first, last = sorted(first_and_last(story))
    if (last - first).days >= MAX_DAYS:
        return []
    way = way_of(limit) if limit is not None else Way.WORKING_TIME
    amount = limit.amount if isinstance(limit, Limit) else 0
    target = target_of(story, limit) if way is Way.DATES and isinstance(limit, Limit) else first
    start_date = first_and_last(story)[0]
    found: list[DayFacts] = []
    number, day = 0, first
    while day <= last:
        working = bool(story.calendar.hours_on(day))
        counts = day > start_date and (
            (way is Way.WORKING_DAYS and working and number < amount) or (way is Way.DATES and day <= target)
        )
        number += counts
        skips = way in {Way.WORKING_TIME, Way.WORKING_DAYS, Way.NAMED} or (way is Way.DATES and day > target)
        found.append(
            DayFacts(
                day,
                story.calendar.kind_of(day),
                working,
                sum(end - begin for begin, end in pieces_on(story, day)),
                number if counts else None,
                skips and not working and day != start_date,
            )
        )
        day += _DAY
    return found


def pieces_on(story: Story, day: dt.date) -> list[tuple[int, int]]:
    """The working intervals of a date that lie inside the story, pauses taken out."""
    line = timeline_of(story.calendar).on(day.toordinal())
    place = day.toordinal() - line.first
    midnight = line.dates[place]
    following = line.dates[place + 1] if place + 1 < len(line.dates) else line.ends
    found: list[tuple[int, int]] = []
    for index in range(bisect_left(line.starts, midnight), bisect_left(line.starts, following)):
        piece = max(line.starts[index], story.start), min(line.stops[index], story.end)
        found += _without(piece, story.pauses)
    return found


def _without(piece: tuple[int, int], pauses: tuple[tuple[int, int], ...]) -> list[tuple[int, int]]:
    """A piece of time less the pauses (in order, disjoint); nothing for an empty piece."""
    begin, end = piece
    left: list[tuple[int, int]] = []
    for pause_begin, pause_end in pauses:
        if pause_end <= begin or pause_begin >= end:
            continue
        left.append((begin, pause_begin))
        begin = pause_end
    return [(b, e) for b, e in [*left, (begin, end)] if b < e]
