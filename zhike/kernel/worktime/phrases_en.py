"""The English half of the time phrases: patterns and wording. The text comes case-folded."""

from __future__ import annotations

import datetime as dt
import re

from zhike.kernel.worktime.limits import (
    MAX_AMOUNT,
    AnyLimit,
    AtEvent,
    Before,
    EndOf,
    Immediate,
    Limit,
    OnWeekday,
    Period,
    Recurrence,
    Unit,
    Week,
)
from zhike.kernel.worktime.numerals import ENGLISH, whole_number

_UNITS = {
    "minute": Unit.MINUTE,
    "min": Unit.MINUTE,
    "hour": Unit.HOUR,
    "working hour": Unit.WORKING_HOUR,
    "business hour": Unit.WORKING_HOUR,
    "working day": Unit.WORKING_DAY,
    "business day": Unit.WORKING_DAY,
    "workday": Unit.WORKING_DAY,
    "day": Unit.DAY,
    "calendar day": Unit.DAY,
    "week": Unit.WEEK,
    "month": Unit.MONTH,
    "year": Unit.YEAR,
}
_AMOUNT = re.compile(
    rf"(?:within |in )?(?P<n>{ENGLISH}) ?-?(?P<unit>{'|'.join(sorted(_UNITS, key=len, reverse=True))})s?"
)
_PERIODS = {
    "day": Period.DAY,
    "week": Period.WEEK,
    "month": Period.MONTH,
    "quarter": Period.QUARTER,
    "half-year": Period.HALF_YEAR,
    "half year": Period.HALF_YEAR,
    "year": Period.YEAR,
}
_PERIOD = r"(?P<period>day|week|month|quarter|half[- ]year|year)"
_PERIOD_END = re.compile(
    rf"(?:(?:within |in )?(?:this|the same|the) |(?:by |before |at )?(?:the )?end of (?:the |this )?){_PERIOD}"
)
_DAYS = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]
_DAY = "(?P<day>" + "|".join(f"{day}|{day[:3]}" for day in _DAYS) + ")"
_WEEKDAY = re.compile(
    rf"(?:(?P<before>before|by|on) )?(?:(?P<week>every|this|next) )?{_DAY}"
    r"(?:,? (?:at )?(?P<h>\d{1,2}):(?P<m>\d{2}))?"
)
_BEFORE_NEXT = re.compile(
    rf"(?P<amount>.+?) before (?:the (?:start|beginning) of )?(?:the )?next {_PERIOD}(?: (?:starts|begins))?"
)
_EVERY = re.compile(rf"every (?:(?P<n>{ENGLISH}) )?{_PERIOD}s?")
_TIMES = re.compile(
    rf"(?:at least )?(?:(?P<times>{ENGLISH}) times?|(?P<word>once|twice)) "
    rf"(?:a|an|per|each|every)(?: (?P<n>{ENGLISH}))? {_PERIOD}s?"
)
_ADVERBS = {
    "daily": (1, Period.DAY),
    "weekly": (1, Period.WEEK),
    "monthly": (1, Period.MONTH),
    "quarterly": (1, Period.QUARTER),
    "half-yearly": (1, Period.HALF_YEAR),
    "yearly": (1, Period.YEAR),
    "annually": (1, Period.YEAR),
}
_VAGUE = re.compile(
    r"\b(?:asap|as soon as possible|soon|prompt(?:ly)?|timely|in good time|in due course|regular(?:ly)?|"
    r"periodically|from time to time|quickly|without delay|reasonable)\b"
)


def is_vague(text: str) -> bool:
    """The text holds a word that sounds like a deadline and names none."""
    return _VAGUE.search(text) is not None


def amount(text: str) -> Limit | None:
    """`3 working days`, `within 90 minutes`, `one month`."""
    match = _AMOUNT.fullmatch(text)
    number = whole_number(match["n"]) if match else None
    if match is None or number is None or number > MAX_AMOUNT:
        return None
    return Limit(number, _UNITS[match["unit"]])


def standing(text: str) -> AnyLimit | None:
    """A limit that needs no event: at once, an amount, a period's end, a weekday, before next week."""
    if text in {"immediately", "at once", "on the spot"}:
        return Immediate()
    if limit := amount(text):
        return limit
    if text in {"today", "same day", "within today"}:
        return EndOf(Period.DAY)
    if match := _PERIOD_END.fullmatch(text):
        return EndOf(_PERIODS[match["period"]])
    if (match := _WEEKDAY.fullmatch(text)) and match["week"] != "every":
        return _weekday(match)
    if (match := _BEFORE_NEXT.fullmatch(text)) and (limit := amount(match["amount"])):
        return Before(limit, _PERIODS[match["period"]])
    return None


def _weekday(match: re.Match[str]) -> OnWeekday | None:
    day = [name[:3] for name in _DAYS].index(match["day"][:3])
    week = {"this": Week.THIS, "next": Week.NEXT}.get(match["week"], Week.COMING)
    if match["h"] is None:
        return OnWeekday(day, week, before=match["before"] == "before")
    if int(match["h"]) > 23 or int(match["m"]) > 59:
        return None
    return OnWeekday(day, week, at=dt.time(int(match["h"]), int(match["m"])))


def recurring(text: str) -> Recurrence | None:
    """`every 15 days`, `at least once a month`, `before every Friday`, `monthly`."""
    if text in _ADVERBS:
        every, period = _ADVERBS[text]
        return Recurrence(every, period)
    if (match := _WEEKDAY.fullmatch(text)) and match["week"] == "every":
        at = _weekday(match)
        return Recurrence(1, Period.WEEK, at=at) if at else None
    if match := re.fullmatch(rf"(?:by |before |at )?(?:the )?end of (?:every|each) {_PERIOD}", text):
        period = _PERIODS[match["period"]]
        return Recurrence(1, period, at=EndOf(period))
    match = _EVERY.fullmatch(text) or _TIMES.fullmatch(text)
    if match is None:
        return None
    found = match.groupdict()
    number = whole_number(found["n"]) if found["n"] else 1
    times = whole_number(found.get("times") or found.get("word") or "1")
    if not number or not times or number > 9999 or times > 9999:
        return None
    return Recurrence(number, _PERIODS[found["period"]], times)


_UNIT_WORDS = {
    Unit.MINUTE: "minute",
    Unit.HOUR: "hour",
    Unit.WORKING_HOUR: "working hour",
    Unit.WORKING_DAY: "working day",
    Unit.DAY: "day",
    Unit.WEEK: "week",
    Unit.MONTH: "month",
    Unit.YEAR: "year",
}


def _period(period: Period) -> str:
    return period.value.replace("_", "-")


def explain(
    *, event: str | None, limit: AnyLimit | None, parameter: str | None, recurrence: Recurrence | None
) -> str:
    """A phrase in English words."""
    if recurrence is not None:
        return _explain_recurrence(recurrence)
    if event and isinstance(limit, AtEvent):
        return f"before {event}"
    if event and isinstance(limit, Before):
        return f"{explain_amount(limit.limit)} before {event}"
    tail = f" after {event}" if event else ""
    return (f"within {parameter}" if limit is None else explain_standing(limit)) + tail


def explain_amount(limit: Limit) -> str:
    """`3 working days`."""
    return f"{limit.amount} {_UNIT_WORDS[limit.unit]}{'' if limit.amount == 1 else 's'}"


def explain_standing(limit: AnyLimit) -> str:
    """A limit without its event."""
    if isinstance(limit, Limit):
        return f"within {explain_amount(limit)}"
    if isinstance(limit, EndOf):
        return (
            "within the same day"
            if limit.period is Period.DAY
            else f"by the end of the {_period(limit.period)}"
        )
    if isinstance(limit, OnWeekday):
        return _explain_weekday(limit)
    if isinstance(limit, Before):
        anchor = f"next {_period(limit.anchor)}" if limit.anchor else "the agreed time"
        return f"{explain_amount(limit.limit)} before {anchor}"
    return "immediately" if isinstance(limit, Immediate) else "before the agreed time"


def _explain_weekday(limit: OnWeekday, every: str = "") -> str:
    week = every or {Week.THIS: "this ", Week.NEXT: "next ", Week.COMING: ""}[limit.week]
    day = _DAYS[limit.weekday].capitalize()
    at = f" {limit.at:%H:%M}" if limit.at else ""
    return f"{'before ' if limit.before else ''}{week}{day}{at}"


def _explain_recurrence(recurrence: Recurrence) -> str:
    if isinstance(recurrence.at, OnWeekday):
        return _explain_weekday(recurrence.at, "every ")
    if recurrence.at is not None:
        return f"by the end of every {_period(recurrence.period)}"
    times = {1: "once", 2: "twice"}.get(recurrence.times, f"{recurrence.times} times")
    if recurrence.every == 1:
        return f"at least {times} a {_period(recurrence.period)}"
    return f"at least {times} every {recurrence.every} {_period(recurrence.period)}s"
