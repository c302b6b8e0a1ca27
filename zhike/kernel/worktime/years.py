"""Official holidays and make-up working days, one year at a time.

Source: the `holidays` library. For mainland China the yearly notices of the State Council are known from
2001 on; a year whose notice is not yet in the library is *unpublished* and has no holidays here: it is
computed from the weekly pattern and everything computed from it is provisional.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from types import MappingProxyType

import holidays as library

from zhike.kernel.worktime.refusals import CalendarError

_DAY = dt.timedelta(days=1)

# Notices of 2014 to 2018 and 2024 that grant one day "together with the weekend": the weekend touches the
# holiday but is no part of it, so an enterprise with a six-day week works then as on any Saturday.
_TOUCHING_WEEKENDS = frozenset(
    dt.date.fromisoformat(text)
    for text in """
    2014-05-31 2014-06-01 2014-09-06 2014-09-07 2015-04-04 2015-05-02 2015-05-03 2015-06-21
    2015-09-05 2015-09-26 2016-01-02 2016-01-03 2016-04-02 2016-04-03 2016-04-30 2016-12-31 2017-04-29
    2017-04-30 2017-12-30 2017-12-31 2018-06-16 2018-06-17 2018-09-22 2018-09-23 2024-06-08 2024-06-09
    """.split()  # noqa: SIM905
)
_FIRST_NOTICE = 2001
_SURELY_KNOWN = 2026  # in the oldest release of the library that is allowed


@dataclass(frozen=True, slots=True)
class HolidayYear:
    """Days off with their names, weekend days worked instead, and whether the year is published."""

    year: int
    days_off: Mapping[dt.date, str]
    make_up: frozenset[dt.date]
    published: bool


@cache
def known_countries() -> frozenset[str]:
    """Codes for which the library has holidays."""
    return frozenset(library.list_supported_countries(include_aliases=False))


@lru_cache(maxsize=2048)
def holiday_year(country: str, year: int, lang: str = "zh") -> HolidayYear:
    """The official days of one year; names in `lang` where the library has them. Raises CalendarError."""
    if country not in known_countries():
        raise CalendarError(f"没有“{country}”的节假日数据", f"no holiday data for “{country}”")
    if country != "CN":
        names, make_up = _raw(country, year, lang)
        return HolidayYear(year, MappingProxyType(names), make_up, published=True)
    if not _published(year):
        return HolidayYear(year, MappingProxyType({}), frozenset(), published=False)
    return _china(year, lang)


@lru_cache(maxsize=2048)
def _raw(country: str, year: int, lang: str) -> tuple[dict[dt.date, str], frozenset[dt.date]]:
    """What the library says when asked for one year (make-up days may lie in the year before)."""
    kind = library.country_holidays(country).__class__
    wanted = "zh_CN" if lang == "zh" else "en_US"
    language = wanted if wanted in kind.supported_languages else None
    found = library.country_holidays(country, years=year, language=language)
    return dict(found), frozenset(found.weekend_workdays)


def _published(year: int) -> bool:
    """Whether the notice of that year is in the library."""
    return _FIRST_NOTICE <= year <= _last_notice()


@cache
def _last_notice() -> int:
    """Every notice so far moved at least one working day, so a year with a make-up day has its notice."""
    year = _SURELY_KNOWN
    while any(day.year == year + 1 for day in _raw("CN", year + 1, "zh")[1]):
        year += 1
    return year


def _china(year: int, lang: str) -> HolidayYear:
    names: dict[dt.date, str] = {}
    make_up: set[dt.date] = set()
    for near in (year - 1, year, year + 1):
        if _published(near):
            found, moved = _raw("CN", near, lang)
            names |= found
            make_up |= moved
    _fill_spans(names, make_up, year)
    own = {day: _span_name(day, names, lang) for day in names if day.year == year}
    return HolidayYear(
        year,
        MappingProxyType(dict(sorted(own.items()))),
        frozenset(day for day in make_up if day.year == year),
        published=True,
    )


def _fill_spans(names: dict[dt.date, str], make_up: set[dt.date], year: int) -> None:
    """Add the Saturdays and Sundays that belong to a holiday span; the library names only weekdays."""
    for day in [day for day in names if abs(day.year - year) <= 1]:
        for step in (_DAY, -_DAY):
            near = day + step
            while near.weekday() >= 5 and not {near} & (names.keys() | make_up | _TOUCHING_WEEKENDS):
                names[near] = ""
                near += step


def _span_name(day: dt.date, names: Mapping[dt.date, str], lang: str) -> str:
    """The festival a day off belongs to: its own, else the nearest one earlier, else later, in its span."""
    for step in (-_DAY, _DAY):
        near = day
        while near in names:
            name = _festival(names[near], lang)
            if name:
                return name
            near += step
    return "节假日" if lang == "zh" else "holiday"


def _festival(name: str, lang: str) -> str:
    """The bare festival: 劳动节（补假） is 劳动节; a day exchanged for another is none of its own."""
    if name.startswith(("休息日", "Day off")):
        return ""
    bare = re.sub(r"\s*[（(].*[)）]", "", name).split(";")[0].strip()
    return "春节" if bare == "农历除夕" else "Chinese New Year" if bare == "Chinese New Year's Eve" else bare
