"""The calendars and moments the tests of working time share."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

from zhike.kernel.worktime.arithmetic import Calendar

SHANGHAI = ZoneInfo("Asia/Shanghai")
FACTORY_HOURS = [["08:30", "12:00"], ["13:00", "17:30"]]
FIVE_DAYS = ("mon", "tue", "wed", "thu", "fri")
ALL_DAYS = (*FIVE_DAYS, "sat", "sun")


def weekdays(hours: list[list[str]]) -> dict[str, list[list[str]]]:
    return {day: hours for day in FIVE_DAYS}  # noqa: C420


def every_day(hours: list[list[str]]) -> dict[str, list[list[str]]]:
    return {day: hours for day in ALL_DAYS}  # noqa: C420


def a_calendar(**spec: object) -> Calendar:
    """The calendar of T001-38 (08:30 to 12:00, 13:00 to 17:30, Monday to Friday), changed as asked."""
    return Calendar.of({"tz": "Asia/Shanghai", "week": weekdays(FACTORY_HOURS), **spec})


def round_the_clock(**spec: object) -> Calendar:
    return a_calendar(week=every_day([["00:00", "24:00"]]), **spec)


def at(text: str, tz: ZoneInfo = SHANGHAI) -> dt.datetime:
    """`2026-09-11 15:00` in the zone."""
    return dt.datetime.fromisoformat(text).replace(tzinfo=tz)


def said(moment: dt.datetime) -> str:
    """The moment as it is written in tables of tests."""
    return f"{moment:%Y-%m-%d %H:%M:%S}".removesuffix(":00")
