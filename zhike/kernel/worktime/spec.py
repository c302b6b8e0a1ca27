"""Reading a calendar as it is written: clock times, dates, and the form of `zhike due`.

Everything is checked here, once; a refusal says which key is wrong and how to write it.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from zoneinfo import ZoneInfo

from zhike.kernel.worktime.refusals import CalendarError

Interval = tuple[int, int]
Hours = tuple[Interval, ...]
Week = tuple[Hours, Hours, Hours, Hours, Hours, Hours, Hours]
WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
DAY_SECONDS = 86_400
KEYS = ("tz", "week", "holidays", "closed", "open", "convention", "before_includes_day")


class Convention(StrEnum):
    """How limits in days, weeks, months and years are counted.

    CIVIL: articles 201 to 203 of the PRC Civil Code. ELAPSED: the time of day is kept.
    """

    CIVIL = "civil"
    ELAPSED = "elapsed"


@dataclass(frozen=True, slots=True)
class Spec:
    """A calendar as read; an `open` date without hours has those of an ordinary weekday."""

    tz: str
    week: Week
    holidays: str | None
    closed: dict[dt.date, str]
    open: dict[dt.date, Hours | None]
    convention: Convention
    before_includes_day: bool


def read_spec(spec: Mapping[str, object]) -> Spec:
    """Check the written form. Raises CalendarError with one sentence."""
    if not isinstance(spec, Mapping):
        raise CalendarError('calendar 要写成对象,如 {"tz": …, "week": …}', "calendar must be an object")
    known(spec, KEYS, "calendar")
    if "tz" not in spec or "week" not in spec:
        missing = "tz" if "tz" not in spec else "week"
        raise CalendarError(f"calendar 缺少 {missing}", f"calendar: {missing} is missing")
    zone(spec["tz"])
    holidays, includes = spec.get("holidays"), spec.get("before_includes_day", False)
    if not (holidays is None or isinstance(holidays, str)) or not isinstance(includes, bool):
        raise CalendarError(
            "holidays 要写成地区代码或 null,before_includes_day 要写成 true 或 false",
            "holidays is a country code or null, before_includes_day is true or false",
        )
    closed, opened = _closed(spec.get("closed", [])), _open(spec.get("open", {}))
    if both := sorted(closed.keys() & opened.keys()):
        raise CalendarError(f"{both[0]} 既列为休息又列为上班", f"{both[0]} is both closed and open")
    return Spec(
        str(spec["tz"]),
        _week(spec["week"]),
        holidays,
        closed,
        opened,
        convention_of(spec.get("convention", "civil")),
        includes,
    )


def known(found: Mapping[str, object], keys: Sequence[str], where: str) -> None:
    """Refuse keys that are not in the contract. Raises CalendarError."""
    for key in found:
        if key not in keys:
            raise CalendarError(
                f"{where} 里不认识“{key}”,只能是 {'、'.join(keys)}",
                f"{where}: unknown key “{key}”, use {', '.join(keys)}",
            )


def convention_of(value: object) -> Convention:
    """The convention of that name. Raises CalendarError."""
    if value not in ("civil", "elapsed"):
        raise CalendarError(
            f"convention 只能是 civil 或 elapsed,不能是“{value}”",
            f"convention is civil or elapsed, not “{value}”",
        )
    return Convention(value)


def zone(name: object) -> ZoneInfo:
    """The time zone of that name. Raises CalendarError."""
    try:
        if isinstance(name, str):
            return ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        pass
    raise CalendarError(f"不认识的时区“{name}”", f"unknown time zone “{name}”")


def ordinary_of(week: Week) -> Hours:
    """The hours most weekdays (Monday to Friday) have; on a tie those of the earlier day."""
    weekdays = [day for day in week[:5] if day]
    return max(weekdays, key=weekdays.count, default=())


def _week(value: object) -> Week:
    if not isinstance(value, Mapping):
        raise CalendarError('week 要写成对象,如 {"mon": [["09:00", "18:00"]]}', "week must be an object")
    known(value, WEEKDAYS, "week")
    mon, tue, wed, thu, fri, sat, sun = (hours(value.get(day, []), day) for day in WEEKDAYS)
    return mon, tue, wed, thu, fri, sat, sun


def _closed(value: object) -> dict[dt.date, str]:
    if isinstance(value, Mapping):
        return {date(key, "closed"): str(reason or "") for key, reason in value.items()}
    if isinstance(value, str) or not isinstance(value, Sequence):
        raise CalendarError("closed 要写成日期的列表", "closed must be a list of dates")
    return {date(item, "closed"): "" for item in value}


def _open(value: object) -> dict[dt.date, Hours | None]:
    if not isinstance(value, Mapping):
        raise CalendarError("open 要写成日期到时段的对象", "open must be an object of dates and hours")
    return {
        date(key, "open"): None if pairs is None else hours(pairs, f"open {key}")
        for key, pairs in value.items()
    }


def date(value: object, where: str) -> dt.date:
    """A date written YYYY-MM-DD (or a date). Raises CalendarError, also for dates that do not exist."""
    if isinstance(value, dt.date) and not isinstance(value, dt.datetime):
        return value
    if not isinstance(value, str) or not re.fullmatch(r"\d{4}-\d{2}-\d{2}", value, re.ASCII):
        raise CalendarError(
            f"{where}:“{value}”不是日期,请写成 2026-05-08 的样子",
            f"{where}: “{value}” is no date like 2026-05-08",
        )
    try:
        return dt.date.fromisoformat(value)
    except ValueError:
        raise CalendarError(
            f"{where}:没有 {value} 这一天", f"{where}: there is no such date as {value}"
        ) from None


_CLOCK = re.compile(r"([01]\d|2[0-4]):([0-5]\d)(?::([0-5]\d))?", re.ASCII)


def clock(text: object, where: str) -> int:
    """Seconds from midnight of "HH:MM" or "HH:MM:SS", up to "24:00". Raises CalendarError."""
    match = _CLOCK.fullmatch(text) if isinstance(text, str) else None
    seconds = int(match[1]) * 3600 + int(match[2]) * 60 + int(match[3] or 0) if match else DAY_SECONDS + 1
    if seconds > DAY_SECONDS:
        raise CalendarError(
            f"{where}:“{text}”不是钟点,请写成 09:00 的样子,最晚 24:00",
            f"{where}: “{text}” is no time of day like 09:00 (up to 24:00)",
        )
    return seconds


def hours(pairs: object, where: str) -> Hours:
    """Checked intervals of one day, in order; touching ones are joined. Raises CalendarError.

    A window across midnight belongs to two days and is refused with the way to write it.
    """
    if isinstance(pairs, str) or not isinstance(pairs, Sequence):
        raise CalendarError(
            f'{where}:工作时段要写成列表,如 [["09:00", "18:00"]]',
            f'{where}: working intervals are a list like [["09:00", "18:00"]]',
        )
    joined: list[Interval] = []
    for begin, end in sorted(_pair(pair, where) for pair in pairs):
        if joined and begin < joined[-1][1]:
            raise CalendarError(f"{where}:工作时段互相重叠", f"{where}: working intervals overlap")
        if joined and begin == joined[-1][1]:
            joined[-1] = (joined[-1][0], end)
        else:
            joined.append((begin, end))
    return tuple(joined)


def _pair(pair: object, where: str) -> Interval:
    if isinstance(pair, str) or not isinstance(pair, Sequence) or len(pair) != 2:
        raise CalendarError(
            f"{where}:工作时段要写成一对钟点", f"{where}: a working interval is a pair of times of day"
        )
    begin, end = clock(pair[0], where), clock(pair[1], where)
    if begin >= end:
        raise CalendarError(
            f"{where}:时段 {pair[0]}-{pair[1]} 的结束不晚于开始;跨过午夜的要拆成到 24:00 和次日从 00:00 两段",
            f"{where}: {pair[0]}-{pair[1]} does not end after it begins; split a window across midnight "
            "into one up to 24:00 and one from 00:00 of the next day",
        )
    return begin, end
