"""Dates, lengths of time and reasons in Chinese and English, for explanations."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from itertools import groupby

from zhike.kernel.worktime.pattern import Calendar, DayKind

_ZH_DAYS = "一二三四五六日"
_EN_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_EN_DAY_NAMES = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_EN_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def day_words(day: dt.date, lang: str) -> str:
    """`9月28日(周一)`, `28 Sep (Mon)`."""
    if lang == "en":
        return f"{day.day} {_EN_MONTHS[day.month - 1]} ({_EN_DAYS[day.weekday()]})"
    return f"{day.month}月{day.day}日(周{_ZH_DAYS[day.weekday()]})"


def moment_words(moment: dt.datetime, lang: str) -> str:
    """`2026年9月24日(周四) 16:12`, `24 Sep 2026 (Thu) 16:12`; seconds only when there are some."""
    clock = clock_words(moment)
    if lang == "en":
        month = _EN_MONTHS[moment.month - 1]
        return f"{moment.day} {month} {moment.year} ({_EN_DAYS[moment.weekday()]}) {clock}"
    return f"{moment.year}年{moment.month}月{moment.day}日(周{_ZH_DAYS[moment.weekday()]}) {clock}"


def clock_words(moment: dt.datetime) -> str:
    """`16:12`, `16:12:05`."""
    return f"{moment:%H:%M:%S}" if moment.second else f"{moment:%H:%M}"


def length_words(seconds: int, lang: str) -> str:
    """`2小时30分`, `2 h 30 min`."""
    parts = zip(
        (seconds // 3600, seconds % 3600 // 60, seconds % 60),
        ("h", "min", "s") if lang == "en" else ("小时", "分", "秒"),
        strict=True,
    )
    said = [f"{n} {unit}" if lang == "en" else f"{n}{unit}" for n, unit in parts if n]
    if not said:
        return "0 min" if lang == "en" else "0分"
    return (" " if lang == "en" else "").join(said)


def days_counted(count: int, lang: str) -> str:
    """`3天`, `3 days`."""
    return f"{count} day{'' if count == 1 else 's'}" if lang == "en" else f"{count}天"


def listed(parts: Sequence[str], lang: str) -> str:
    """Joined as a list is in running text."""
    return (", " if lang == "en" else "、").join(parts)


def reason_words(calendar: Calendar, day: dt.date, kind: DayKind, is_working: bool, lang: str) -> str:
    """Why a date is closed, or worked out of order; empty for an ordinary working day."""
    if kind is DayKind.MAKE_UP:
        return "make-up day" if lang == "en" else "调休上班"
    if kind is DayKind.OPEN and is_working:
        return "own hours" if lang == "en" else "本单位另定时间"
    if kind is DayKind.HOLIDAY:
        official = calendar.official(day.year, lang)
        return official.days_off[day] if official else ""
    if kind in {DayKind.CLOSED, DayKind.OPEN}:
        return calendar.closed_reasons.get(day) or ("own day off" if lang == "en" else "本单位休息")
    if is_working:
        return ""
    return _EN_DAY_NAMES[day.weekday()] if lang == "en" else f"周{_ZH_DAYS[day.weekday()]}"


def ranges(days: Sequence[dt.date], lang: str) -> str:
    """Dates with runs drawn together: `9月25日至9月27日、10月11日`."""
    said = []
    for _, run in groupby(enumerate(days), key=lambda pair: pair[1].toordinal() - pair[0]):
        found = [day for _, day in run]
        first, last = (_bare(found[0], lang), _bare(found[-1], lang))
        said.append(
            first if len(found) == 1 else f"{first} to {last}" if lang == "en" else f"{first}至{last}"
        )
    return listed(said, lang)


def _bare(day: dt.date, lang: str) -> str:
    return f"{day.day} {_EN_MONTHS[day.month - 1]}" if lang == "en" else f"{day.month}月{day.day}日"
