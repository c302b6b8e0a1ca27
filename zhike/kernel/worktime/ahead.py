"""What is out of the ordinary in the days ahead, in one line for people."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from zhike.kernel.worktime.pattern import Calendar, DayKind
from zhike.kernel.worktime.words import day_words, ranges

_DAY = dt.timedelta(days=1)
_LONGEST = 40  # days: a closing that goes on is said to its end, within reason


def ahead_words(calendar: Calendar, day: dt.date, lang: str, days: int = 14) -> str:
    """`10月1日至10月7日放假，10月10日周六上班`: days off from `day` on, and days worked that any other week is closed.

    Empty when the next `days` days are as the weekly pattern has them. A closing that began goes to its end.
    """
    found = dict(_unusual(calendar, day, days))
    off = [each for each, is_open in found.items() if not is_open]
    worked = [each for each, is_open in found.items() if is_open]
    said = []
    if off:
        said.append(f"closed {ranges(off, lang)}" if lang == "en" else f"{ranges(off, lang)}放假")
    if worked:
        named = [day_words(each, lang) for each in worked]
        said.append(f"open {', '.join(named)}" if lang == "en" else f"{'、'.join(named)}上班")
    return ("; " if lang == "en" else "，").join(said)


def _unusual(calendar: Calendar, day: dt.date, days: int) -> Iterator[tuple[dt.date, bool]]:
    """Days off by their date, and days worked on which the week is closed."""
    each, last = day, day + days * _DAY
    while each < last:
        kind = calendar.kind_of(each)
        if kind in {DayKind.HOLIDAY, DayKind.CLOSED}:
            yield each, False
            last = max(last, min(each + 2 * _DAY, day + _LONGEST * _DAY))
        elif kind is not DayKind.WEEK and not calendar.week[each.weekday()] and calendar.hours_on(each):
            yield each, True
        each += _DAY
