"""When a customer is open, and on which weekdays visits are welcome, read from what people write.

08:30-12:00 14:00-18:00               every day
周一至周五 9:00-17:30;周六 9-12        the other days closed
Mon-Fri 09:00-17:30; Sun closed
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable
from itertools import pairwise

from django.utils.translation import gettext as _

# weekday (Monday 0) -> spans in seconds of the day
Hours = dict[int, tuple[tuple[int, int], ...]]
LONGEST_VISIT = 480  # minutes

_CHINESE = {name: n for n, name in enumerate("一二三四五六")} | {"日": 6, "天": 6}
_ENGLISH = {name: n for n, name in enumerate(("mon", "tue", "wed", "thu", "fri", "sat", "sun"))}
_DAY = r"(?:(?:周|星期|礼拜)?[一二三四五六日天]|(?:mon|tue|wed|thu|fri|sat|sun)[a-z]*)"
_DAYS = re.compile(rf"\s*({_DAY})(?:\s*(?:-|至|到|to)\s*({_DAY}))?[\s,、和及]*", re.IGNORECASE)
_SPAN = re.compile(
    r"\s*(\d{1,2})(?:[:点时]([0-5]\d)?)?\s*(?:-|至|到|to)\s*(\d{1,2})(?:[:点时]([0-5]\d)?)?[\s,、和及]*"
)
_CLOSED = re.compile(r"\s*(休息|不营业|关门|closed)\s*", re.IGNORECASE)
_ALWAYS = re.compile(r"(每天|每日|daily|every day)\s*", re.IGNORECASE)


def read_hours(text: str) -> Hours:
    """Raises ValueError with one sentence."""
    plain = _ALWAYS.sub("", _plain(text))
    parts = [part for part in re.split(r"[;\n。]", plain) if part.strip()]
    found: Hours = {}
    named: set[int] = set()
    for part in parts:
        days, rest = _days(part)
        spans = () if _CLOSED.fullmatch(rest) else _spans(rest)
        if spans is None or (not spans and not days):
            raise ValueError(_("Opening hours such as “Mon-Fri 08:30-12:00 14:00-18:00; Sat 9:00-12:00”."))
        for day in days or range(7):
            found[day] = _with(found[day], spans) if days and day in named else spans
        named |= set(days)
    if not parts:
        raise ValueError(_("Opening hours such as “Mon-Fri 08:30-12:00 14:00-18:00; Sat 9:00-12:00”."))
    if all(not spans for spans in found.values()):  # only the closed days are named
        return {day: ((0, 24 * 3600),) for day in range(7) if day not in found}
    return {day: spans for day, spans in found.items() if spans}


def _with(
    known: tuple[tuple[int, int], ...], spans: tuple[tuple[int, int], ...]
) -> tuple[tuple[int, int], ...]:
    """A weekday named twice: hours beside those known are added, others take their place."""
    both = tuple(sorted((*known, *spans)))
    return both if spans and _in_order(both) else spans


def _in_order(spans: Iterable[tuple[int, int]]) -> bool:
    return all(one[1] <= other[0] for one, other in pairwise(spans))


def read_weekdays(text: str) -> frozenset[int]:
    """Raises ValueError with one sentence."""
    days, rest = _days(_plain(text))
    if not days or rest.strip():
        raise ValueError(_("Weekdays such as “Tue, Fri” or “Mon-Wed”."))
    return frozenset(days)


def read_minutes(text: str) -> int:
    """Raises ValueError with one sentence."""
    found = re.fullmatch(r"(\d{1,3})\s*(?:分钟|分|min|minutes)?", _plain(text).strip())
    if found is None or not 1 <= int(found[1]) <= LONGEST_VISIT:
        raise ValueError(_("Minutes from 1 to %(most)s.") % {"most": LONGEST_VISIT})
    return int(found[1])


def _plain(text: str) -> str:
    folded = unicodedata.normalize("NFKC", text)
    return re.sub("[–—~]", "-", folded)


def _days(text: str) -> tuple[list[int], str]:
    """The weekdays at the beginning, and the rest."""
    found: list[int] = []
    place = 0
    while match := _DAYS.match(text, place):
        first = _day(match[1])
        last = _day(match[2]) if match[2] else first
        found += [(first + n) % 7 for n in range((last - first) % 7 + 1)]
        place = match.end()
    return found, text[place:].lstrip(": ")


def _day(name: str) -> int:
    lowered = name.lower()
    return _ENGLISH[lowered[:3]] if lowered[:3] in _ENGLISH else _CHINESE[name[-1]]


def _spans(text: str) -> tuple[tuple[int, int], ...] | None:
    """None for what is no list of spans."""
    found: list[tuple[int, int]] = []
    place = 0
    while match := _SPAN.match(text, place):
        begin, end = _seconds(match[1], match[2]), _seconds(match[3], match[4])
        if not begin < end <= 24 * 3600:
            return None
        found.append((begin, end))
        place = match.end()
    return tuple(found) if found and _in_order(found) and not text[place:].strip() else None


def _seconds(hour: str, minute: str | None) -> int:
    return int(hour) * 3600 + int(minute or 0) * 60


HOURS, WEEKDAYS, MINUTES = "visit.hours", "visit.weekdays", "visit.minutes"
# fields of the file that are read by the planner of visits: what is not understood is not kept
READERS: dict[str, Callable[[str], object]] = {
    HOURS: read_hours,
    WEEKDAYS: read_weekdays,
    MINUTES: read_minutes,
}
