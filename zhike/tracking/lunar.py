"""From a day that returns every year, by the solar or the lunar calendar, to a date. Pure Python."""

from __future__ import annotations

import datetime as dt

from borax.calendars.lunardate import InvalidLunarDateError, LunarDate

FIRST, LAST = 1901, 2099  # years that the lunar tables cover with room on both sides


class NoSuchDay(Exception):
    """This year has no such day; `absent` is a code of `questions.ABSENT_DAYS`."""

    def __init__(self, absent: str) -> None:
        super().__init__(absent)
        self.absent = absent


def solar_date(year: int, month: int, day: int, *, is_lunar: bool, is_leap: bool = False) -> dt.date:
    """The date of a day of a year; a lunar year is named after the solar one in which it begins.

    Raises NoSuchDay for the 30th of a month of 29 days, for the month of a leap month that this year lacks, and
    for 29 February; ValueError for what is no day in any year.
    """
    if not is_lunar:
        try:
            return dt.date(year, month, day)
        except ValueError:
            if (month, day) == (2, 29):
                raise NoSuchDay("THIRTIETH") from None
            raise
    if not FIRST <= year <= LAST:
        raise ValueError(f"no lunar calendar for {year}")
    try:
        found: dt.date = LunarDate(year, month, day, 1 if is_leap else 0).to_solar_date()
        return found
    except InvalidLunarDateError:
        if is_leap and not _has_leap(year, month):
            raise NoSuchDay("LEAP_MONTH") from None
        if day == 30:
            raise NoSuchDay("THIRTIETH") from None
        raise ValueError(f"there is no lunar day {month}-{day}") from None


def _has_leap(year: int, month: int) -> bool:
    try:
        LunarDate(year, month, 1, 1)
    except InvalidLunarDateError:
        return False
    return True


def instead(year: int, month: int, day: int, *, is_lunar: bool, is_leap: bool, rule: str) -> dt.date | None:
    """The date by which a manual replaces a day that a year lacks; None where no greeting is sent.

    Raises NoSuchDay again where the rule does not help.
    """
    if rule == "NONE":
        return None
    if rule == "PLAIN_MONTH" and is_leap:
        return solar_date(year, month, day, is_lunar=True)
    before = solar_date(year, month, day - 1, is_lunar=is_lunar, is_leap=is_leap)
    return before if rule == "DAY_BEFORE" else before + dt.timedelta(days=1)
