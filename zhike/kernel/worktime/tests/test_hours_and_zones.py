"""Opening, closing, holidays, make-up days, and clocks that are changed."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

import pytest

from zhike.kernel.worktime.arithmetic import (
    Calendar,
    CalendarError,
    NoWorkingTime,
    due,
    due_at,
    is_open,
    is_working_day,
    local_date,
    next_open,
    worked,
)
from zhike.kernel.worktime.phrases import parse_limit

from .calendars_for_tests import FACTORY_HOURS, SHANGHAI, a_calendar, at, every_day, said, weekdays

NEW_YORK = ZoneInfo("America/New_York")
BERLIN = ZoneInfo("Europe/Berlin")


def test_the_holiday_span_of_autumn_2026_is_skipped_and_the_make_up_saturday_counts():
    hours = [["09:00", "12:00"], ["13:30", "18:00"]]
    calendar = a_calendar(week=weekdays(hours), holidays="CN")

    answer = due(calendar, at("2026-09-24 16:12"), parse_limit("7工作日"))

    assert said(answer.at) == "2026-10-12 18:00"
    assert answer.worked_seconds == 6480 + 7 * 27_000
    assert answer.provisional == ()


def test_excluded_days_never_make_a_date_earlier():
    """django-helpdesk subtracted holidays from the number of days."""
    plain, with_holidays = a_calendar(), a_calendar(holidays="CN")
    start, limit = at("2026-09-30 09:00"), parse_limit("3工作日")

    assert said(due_at(plain, start, limit)) == "2026-10-05 17:30"
    assert said(due_at(with_holidays, start, limit)) == "2026-10-10 17:30"


def test_own_exceptions_win_over_official_days_and_over_the_week():
    calendar = a_calendar(
        holidays="CN", closed=["2026-10-10"], open={"2026-10-07": [["10:00", "11:00"]], "2026-10-11": None}
    )

    assert worked(calendar, at("2026-10-01 00:00"), at("2026-10-08 00:00")) == 3600
    assert worked(calendar, at("2026-10-10 00:00"), at("2026-10-11 00:00")) == 0
    assert worked(calendar, at("2026-10-11 00:00"), at("2026-10-12 00:00")) == 8 * 3600


def test_a_make_up_day_has_the_hours_of_an_ordinary_weekday():
    """Also when the enterprise has its own hours for ordinary Saturdays; the most usual hours count."""
    week = weekdays(FACTORY_HOURS) | {
        "fri": [["08:30", "12:00"]],
        "sat": [["09:00", "10:00"]],
    }
    calendar = a_calendar(week=week, holidays="CN")

    assert worked(calendar, at("2026-10-10 00:00"), at("2026-10-11 00:00")) == 8 * 3600
    assert worked(calendar, at("2026-10-17 00:00"), at("2026-10-18 00:00")) == 3600


def test_a_make_up_day_of_an_enterprise_without_weekdays_keeps_its_own_hours():
    calendar = a_calendar(week={"sat": [["09:00", "10:00"]]}, holidays="CN")

    assert worked(calendar, at("2026-10-10 00:00"), at("2026-10-11 00:00")) == 3600


def test_weekends_inside_a_holiday_span_are_closed_for_a_six_or_seven_day_week():
    calendar = a_calendar(week=every_day(FACTORY_HOURS), holidays="CN")

    assert not is_working_day(calendar, dt.date(2025, 10, 4))
    assert not is_working_day(calendar, dt.date(2026, 2, 21))
    assert is_working_day(calendar, dt.date(2026, 9, 19))
    assert said(due_at(calendar, at("2026-09-30 10:00"), parse_limit("1工作日"))) == "2026-10-08 17:30"


def test_exceptions_far_from_the_question_change_nothing():
    """EspoCRM looked at the wrong window of exceptions and loaded all of them for ever."""
    near = a_calendar(closed=["2026-09-14"])
    crowded = a_calendar(
        closed=["2026-09-14", *(f"{year}-06-01" for year in range(1950, 2026)), "2026-09-18"]
    )

    for start in ("2026-09-11 15:00", "2026-09-13 15:00"):
        assert due_at(near, at(start), parse_limit("3工作日")) == due_at(
            crowded, at(start), parse_limit("3工作日")
        )
    assert said(due_at(crowded, at("2026-09-11 15:00"), parse_limit("4工作日"))) == "2026-09-21 17:30"


@pytest.mark.parametrize(
    ("moment", "opened", "following"),
    [
        ("2026-09-11 08:29:59", False, "2026-09-11 08:30"),
        ("2026-09-11 08:30", True, "2026-09-11 08:30"),
        ("2026-09-11 11:59:59", True, "2026-09-11 11:59:59"),
        ("2026-09-11 12:00", False, "2026-09-11 13:00"),
        ("2026-09-11 17:30", False, "2026-09-14 08:30"),
        ("2026-09-12 10:00", False, "2026-09-14 08:30"),
    ],
)
def test_open_from_opening_on_and_closed_from_the_closing_second(moment, opened, following):
    assert is_open(a_calendar(), at(moment)) == opened
    assert said(next_open(a_calendar(), at(moment))) == following


def test_nothing_is_open_before_the_first_own_date():
    calendar = a_calendar(week={}, open={"2026-09-12": [["10:00", "11:00"]]})

    assert not is_open(calendar, at("2026-09-01 10:00"))
    assert said(next_open(calendar, at("2026-09-01 10:00"))) == "2026-09-12 10:00"


@pytest.mark.parametrize(
    "limit", ["1工作小时", "1工作日", "1天", "当天内", "周五前", "周五", "下周开始前1工作日"]
)
def test_a_calendar_without_working_time_is_refused_and_does_not_loop(limit):
    with pytest.raises(NoWorkingTime, match="日历里没有任何工作时间"):
        due_at(a_calendar(week={}), at("2026-09-11 15:00"), parse_limit(limit))


@pytest.mark.parametrize("limit", ["90分钟", "2小时", "立即", "周五 15:00"])
def test_real_time_needs_no_working_time(limit):
    assert due_at(a_calendar(week={}), at("2026-09-11 13:00"), parse_limit(limit)) <= at("2026-09-11 15:00")


@pytest.mark.parametrize("limit", ["2工作小时", "2工作日", "3天"])
def test_a_calendar_whose_working_time_ends_says_so(limit):
    calendar = a_calendar(week={}, open={"2026-09-12": [["10:00", "11:00"]]})

    assert said(due_at(calendar, at("2026-09-11 15:00"), parse_limit("1工作小时"))) == "2026-09-12 11:00"
    with pytest.raises(NoWorkingTime, match="没有足够的工作时间"):
        due_at(calendar, at("2026-09-11 15:00"), parse_limit(limit))


@pytest.mark.parametrize("limit", ["约定时间前2工作小时", "约定时间前2工作日", "约定时间前9天"])
def test_counting_backwards_stops_where_working_time_begins(limit):
    calendar = a_calendar(week={}, open={"2026-09-12": [["10:00", "11:00"]]})

    assert (
        said(due_at(calendar, at("2026-09-14 15:00"), parse_limit("约定时间前1工作小时")))
        == "2026-09-12 10:00"
    )
    with pytest.raises(NoWorkingTime, match="此前没有足够的工作时间"):
        due_at(calendar, at("2026-09-14 15:00"), parse_limit(limit))


def test_counting_backwards_reaches_over_years():
    assert (
        said(due_at(a_calendar(), at("2026-09-11 15:00"), parse_limit("约定时间前1300工作日")))
        == "2021-09-17 17:30"
    )
    assert (
        said(due_at(a_calendar(), at("2026-09-11 15:00"), parse_limit("约定时间前8000工作小时")))
        == "2022-11-11 15:00"
    )


def test_days_closed_by_mistake_do_not_loop():
    every_day = [str(dt.date(2026, 9, 11) + dt.timedelta(days=n)) for n in range(200)]
    calendar = a_calendar(closed=every_day)

    assert said(due_at(calendar, at("2026-09-11 15:00"), parse_limit("1工作日"))) == "2027-03-30 17:30"


# In New York the clocks go forward on 2026-03-08 02:00 and back on 2026-11-01 02:00.
DST = [
    (NEW_YORK, "2026-03-07 12:00", "24小时", "2026-03-08 13:00"),
    (NEW_YORK, "2026-10-31 12:00", "24小时", "2026-11-01 11:00"),
    (NEW_YORK, "2026-03-08 01:30", "60分钟", "2026-03-08 03:30"),
    (NEW_YORK, "2026-03-07 12:00", "35工作小时", "2026-03-09 00:00"),
    (NEW_YORK, "2026-10-31 12:00", "37工作小时", "2026-11-02 00:00"),
    (NEW_YORK, "2026-03-07 12:00", "1天", "2026-03-09 00:00"),
    (BERLIN, "2026-03-28 12:00", "24小时", "2026-03-29 13:00"),
    (BERLIN, "2026-10-24 12:00", "24小时", "2026-10-25 11:00"),
]


@pytest.mark.parametrize(("zone", "start", "limit", "due"), DST)
def test_hours_are_real_time_across_a_change_of_the_clocks(zone, start, limit, due):
    calendar = a_calendar(tz=zone.key, week=every_day([["00:00", "24:00"]]))

    assert said(due_at(calendar, at(start, zone), parse_limit(limit))) == due


@pytest.mark.parametrize(
    ("hours", "spring", "autumn"),
    [
        ([["00:00", "24:00"]], 23, 25),
        ([["01:00", "03:00"]], 1, 3),
        ([["02:15", "02:45"]], 0, 0.5),
        ([["02:30", "04:00"]], 1, 1.5),
        ([["00:00", "01:30"], ["01:30", "04:00"]], 3, 5),
        ([["09:00", "17:00"]], 8, 8),
    ],
)
def test_a_day_on_which_the_clocks_change_has_the_hours_that_really_pass(hours, spring, autumn):
    calendar = a_calendar(tz="America/New_York", week={"sun": hours})

    assert (
        worked(calendar, at("2026-03-08 00:00", NEW_YORK), at("2026-03-09 00:00", NEW_YORK)) == spring * 3600
    )
    assert (
        worked(calendar, at("2026-11-01 00:00", NEW_YORK), at("2026-11-02 00:00", NEW_YORK)) == autumn * 3600
    )


def test_an_elapsed_day_that_lands_in_the_skipped_hour_is_due_when_the_clocks_change():
    calendar = a_calendar(tz="America/New_York", convention="elapsed")

    due = due_at(calendar, at("2026-03-07 02:30", NEW_YORK), parse_limit("1天"))

    assert due == dt.datetime(2026, 3, 8, 7, 0, tzinfo=dt.UTC)


def test_a_day_that_a_zone_left_out_has_no_working_time():
    """Samoa went from 29 to 31 December 2011."""
    apia = ZoneInfo("Pacific/Apia")
    calendar = a_calendar(tz="Pacific/Apia")

    assert worked(calendar, at("2011-12-29 00:00", apia), at("2011-12-31 00:00", apia)) == 8 * 3600
    assert said(due_at(calendar, at("2011-12-29 10:00", apia), parse_limit("1工作日"))) == "2012-01-02 17:30"


def test_a_start_in_another_zone_counts_on_the_business_date_of_the_calendar():
    """23:30 UTC on Sunday is Monday morning in Shanghai, so Monday is the day not counted."""
    start = dt.datetime(2026, 9, 13, 23, 30, tzinfo=dt.UTC)

    assert said(due_at(a_calendar(), start, parse_limit("1工作日"))) == "2026-09-15 17:30"
    assert said(due_at(a_calendar(), start, parse_limit("1天"))) == "2026-09-15 17:30"


def test_the_business_date_is_the_date_in_the_zone():
    moment = dt.datetime(2026, 9, 13, 16, 0, tzinfo=dt.UTC)

    assert local_date(moment, "Asia/Shanghai") == dt.date(2026, 9, 14)
    assert local_date(moment - dt.timedelta(seconds=1), SHANGHAI) == dt.date(2026, 9, 13)
    with pytest.raises(CalendarError, match="没有时区"):
        local_date(moment.replace(tzinfo=None), "Asia/Shanghai")
    with pytest.raises(CalendarError, match="时区"):
        local_date(moment, "Mars/Olympus")


def test_naive_moments_are_refused():
    naive = dt.datetime(2026, 9, 11, 15, 0)  # noqa: DTZ001

    with pytest.raises(CalendarError, match="没有时区"):
        due_at(a_calendar(), naive, parse_limit("1小时"))


@pytest.mark.parametrize("limit", ["1工作日", "1小时", "3天", "1个月", "当天内"])
@pytest.mark.parametrize("year", [1, 1899, 2200, 9998])
def test_moments_outside_the_known_centuries_are_refused(limit, year):
    with pytest.raises(CalendarError, match="1900 年至 2199 年"):
        due_at(a_calendar(), dt.datetime(year, 6, 1, tzinfo=dt.UTC), parse_limit(limit))


@pytest.mark.parametrize("limit", ["2000000小时", "180年", "100000000年", "9999999天", "约定时间前200年"])
def test_limits_that_leave_the_known_centuries_are_refused(limit):
    used = a_calendar()
    due_at(used, at("2026-09-11 15:00"), parse_limit("1天"))

    for calendar in (a_calendar(), used):
        with pytest.raises(CalendarError, match="1900 年至 2199 年"):
            due_at(calendar, at("2026-09-11 15:00"), parse_limit(limit))


def test_the_edges_of_the_known_centuries_still_answer():
    assert said(due_at(a_calendar(), at("2199-12-26 15:00"), parse_limit("1工作日"))) == "2199-12-27 17:30"
    assert said(due_at(a_calendar(), at("1900-01-05 15:00"), parse_limit("1小时"))) == "1900-01-05 16:00"
    with pytest.raises(CalendarError):
        due_at(a_calendar(), at("2199-12-30 15:00"), parse_limit("1年"))


@pytest.mark.parametrize(
    ("limit", "due"),
    [
        ("3年", "2029-09-11 17:30"),
        ("1200天", "2029-12-24 17:30"),
        ("600工作日", "2028-12-29 17:30"),
        ("4800工作小时", "2028-12-29 15:00"),
        ("20000小时", "2028-12-22 23:00"),
    ],
)
def test_a_calendar_used_for_near_dates_answers_far_ones_too(limit, due):
    calendar = a_calendar()
    due_at(calendar, at("2026-09-11 15:00"), parse_limit("1天"))

    assert said(due_at(calendar, at("2026-09-11 15:00"), parse_limit(limit))) == due


def test_a_calendar_may_be_built_from_dates_and_must_be_an_object():
    calendar = a_calendar(closed=[dt.date(2026, 9, 14)])

    assert calendar == a_calendar(closed=["2026-09-14"])
    assert not is_working_day(calendar, dt.date(2026, 9, 14))
    with pytest.raises(CalendarError, match="calendar 要写成对象"):
        Calendar.of([])
