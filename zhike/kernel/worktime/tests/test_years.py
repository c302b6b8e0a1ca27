"""Official days, checked against a second source, and years without published data."""

from __future__ import annotations

import datetime as dt

import chinese_calendar
import pytest

from zhike.kernel.worktime import years
from zhike.kernel.worktime.arithmetic import CalendarError, due, due_at
from zhike.kernel.worktime.phrases import parse_limit
from zhike.kernel.worktime.years import holiday_year

from .calendars_for_tests import FACTORY_HOURS, a_calendar, at, said

DAY = dt.timedelta(days=1)
# The notice for New Year 2006 made this Saturday a working day; the second source has it off.
KNOWN_DISAGREEMENT = dt.date(2005, 12, 31)
# Days of spans that the second source leaves out although the notices name them (weekends all the same).
NAMED_BY_NOTICE = {dt.date(2011, 6, 5), dt.date(2012, 6, 23)}


def _days(year):
    day = dt.date(year, 1, 1)
    while day.year == year:
        yield day
        day += DAY


@pytest.mark.parametrize("year", range(2005, 2027))
def test_every_day_agrees_with_the_second_source(year):
    calendar = a_calendar(holidays="CN")

    different = [
        day for day in _days(year) if bool(calendar.hours_on(day)) != chinese_calendar.is_workday(day)
    ]

    assert different == ([KNOWN_DISAGREEMENT] if year == 2005 else [])


@pytest.mark.parametrize("year", range(2005, 2027))
def test_holiday_spans_are_filled_with_their_weekends(year):
    official = holiday_year("CN", year)

    expected = {day for day in chinese_calendar.holidays if day.year == year}
    expected |= {day for day in NAMED_BY_NOTICE if day.year == year}
    assert set(official.days_off) == expected
    assert official.published


def test_the_weekends_inside_spans_are_the_34_known_ones():
    filled = [
        day for year in range(2023, 2027) for day in holiday_year("CN", year).days_off if day.weekday() >= 5
    ]

    assert dt.date(2025, 10, 4) in filled
    assert dt.date(2026, 2, 21) in filled
    assert len(holiday_year("CN", 2026).days_off) == 33
    assert len(holiday_year("CN", 2026).make_up) == 6


def test_days_off_carry_the_name_of_their_festival_in_both_languages():
    zh, en = holiday_year("CN", 2026), holiday_year("CN", 2026, "en")

    assert zh.days_off[dt.date(2026, 2, 15)] == "春节"
    assert zh.days_off[dt.date(2026, 2, 16)] == "春节"
    assert zh.days_off[dt.date(2026, 10, 7)] == "国庆节"
    assert en.days_off[dt.date(2026, 2, 16)] == "Chinese New Year"
    assert en.days_off[dt.date(2026, 10, 7)] == "National Day"
    assert zh.days_off.keys() == en.days_off.keys()


def test_a_day_exchanged_apart_from_any_festival_is_simply_a_holiday():
    lone = {dt.date(2026, 7, 1): "休息日"}
    assert years._span_name(dt.date(2026, 7, 1), lone, "zh") == "节假日"
    assert years._span_name(dt.date(2026, 7, 1), lone, "en") == "holiday"


@pytest.mark.parametrize("year", [1999, 2000, 2027, 2100])
def test_a_year_without_a_notice_is_computed_from_the_week_and_is_provisional(year):
    official = holiday_year("CN", year)

    assert (dict(official.days_off), official.make_up, official.published) == ({}, frozenset(), False)


def test_an_answer_that_depends_on_an_unpublished_year_says_so():
    calendar = a_calendar(holidays="CN")

    inside = due(calendar, at("2026-12-30 16:00"), parse_limit("1工作日"))
    across = due(calendar, at("2026-12-30 16:00"), parse_limit("2工作日"))
    by_the_clock = due(calendar, at("2026-12-31 23:00"), parse_limit("2小时"))
    without_country = due(a_calendar(), at("2026-12-30 16:00"), parse_limit("2工作日"))

    assert (said(inside.at), inside.provisional) == ("2026-12-31 17:30", ())
    assert (said(across.at), across.provisional) == ("2027-01-01 17:30", (2027,))
    assert (said(by_the_clock.at), by_the_clock.provisional) == ("2027-01-01 01:00", ())
    assert without_country.provisional == ()


def test_own_exceptions_still_hold_in_an_unpublished_year():
    calendar = a_calendar(holidays="CN", closed=["2027-01-01"], open={"2027-01-02": FACTORY_HOURS})

    assert said(due_at(calendar, at("2026-12-31 16:00"), parse_limit("1工作日"))) == "2027-01-02 17:30"


def test_another_country_follows_its_law_in_any_year():
    calendar = a_calendar(tz="America/New_York", holidays="US")
    thanksgiving = holiday_year("US", 2027, "zh")

    assert thanksgiving.published
    assert dt.date(2027, 11, 25) in thanksgiving.days_off
    assert due(calendar, at("2027-11-24 16:00"), parse_limit("1工作日")).provisional == ()


def test_an_unknown_country_is_refused():
    with pytest.raises(CalendarError, match="没有“ZZ”的节假日数据"):
        holiday_year("ZZ", 2026)
    with pytest.raises(CalendarError, match="没有“ZZ”的节假日数据"):
        a_calendar(holidays="ZZ")


def test_the_next_notice_is_found_as_soon_as_the_library_has_it(monkeypatch):
    real = years._raw

    def with_2027(country, year, lang):
        names, make_up = real(country, year, lang)
        return names, make_up | ({dt.date(2027, 2, 14)} if year == 2027 else set())

    monkeypatch.setattr(years, "_raw", with_2027)
    assert years._last_notice.__wrapped__() == 2027
    monkeypatch.undo()
    assert years._last_notice.__wrapped__() == 2026
