"""Civil and elapsed counting in days, weeks, months and years."""

from __future__ import annotations

import pytest

from zhike.kernel.worktime.arithmetic import NoWorkingTime, add_working_days, due_at, worked
from zhike.kernel.worktime.phrases import parse_limit

from .calendars_for_tests import SHANGHAI, a_calendar, at, round_the_clock, said


# September 2026: the 11th is a Friday. No holidays in this calendar.
@pytest.mark.rule("T001-38")
@pytest.mark.parametrize(
    ("start", "limit", "due"),
    [
        ("2026-09-11 15:00", "8 working hours", "2026-09-14 15:00"),
        ("2026-09-11 15:00", "2 working days", "2026-09-15 17:30"),
        ("2026-09-11 15:00", "3 working days", "2026-09-16 17:30"),
        ("2026-09-11 15:00", "1 working day", "2026-09-14 17:30"),
        ("2026-09-11 17:10", "1 hour", "2026-09-11 18:10"),
        ("2026-09-14 08:30", "8 working hours", "2026-09-14 17:30"),
    ],
)
def test_the_clock_examples_of_the_register_come_out(start, limit, due):
    assert said(due_at(a_calendar(), at(start), parse_limit(limit))) == due


@pytest.mark.rule("T001-37")
@pytest.mark.parametrize(
    ("source", "limit", "due"),
    [
        ("D02 solve any problem", "24小时", "2026-09-12 15:00"),
        ("D10 journals", "1天", "2026-09-14 17:30"),
        ("D10 journals", "1周", "2026-09-18 17:30"),
        ("D10 journals", "15天", "2026-09-28 17:30"),
        ("D10 journals", "30天", "2026-10-12 17:30"),
        ("D10 journals", "1年", "2027-09-13 17:30"),
        ("D10 urgency", "1个月", "2026-10-12 17:30"),
        ("D10 urgency", "3个月", "2026-12-11 17:30"),
        ("D10 grades", "6个月", "2027-03-11 17:30"),
        ("D11 summary to general manager", "本周内", "2026-09-11 17:30"),
        ("D14 issue of sheet", "1小时", "2026-09-11 16:00"),
        ("D14 ordinary reply", "3工作日", "2026-09-16 17:30"),
        ("D14 major temporary measure", "8工作小时", "2026-09-14 15:00"),
        ("D14 major permanent measure", "2工作日", "2026-09-15 17:30"),
        ("D17 on-site repair", "30分钟", "2026-09-11 15:30"),
        ("D19 work summary", "月末前", "2026-09-30 17:30"),
        ("D22 opinion on service complaint", "1工作日", "2026-09-14 17:30"),
        ("D23 greet a visitor", "1分钟", "2026-09-11 15:01"),
        ("D25 notice of claims amount", "1小时", "2026-09-11 16:00"),
    ],
)
def test_every_stated_deadline_of_the_register_has_a_due_moment(source, limit, due):
    assert said(due_at(a_calendar(), at("2026-09-11 15:00"), parse_limit(limit))) == due


CIVIL = [
    # Weekend start counted from the wrong day (Frappe): Saturday plus 1 working day is the close of Monday.
    ("2026-09-12 10:00", "1工作日", "2026-09-14 17:30"),
    ("2026-09-13 23:59:59", "1工作日", "2026-09-14 17:30"),
    ("2026-09-14 00:00", "1工作日", "2026-09-15 17:30"),
    # The first day is not counted, before opening and after closing alike.
    ("2026-09-14 06:00", "1工作日", "2026-09-15 17:30"),
    ("2026-09-14 20:00", "1工作日", "2026-09-15 17:30"),
    # A last day that is no working day moves to the next working day.
    ("2026-09-10 09:00", "1天", "2026-09-11 17:30"),
    ("2026-09-10 09:00", "2天", "2026-09-14 17:30"),
    ("2026-09-12 09:00", "1周", "2026-09-21 17:30"),
    # Months end on the corresponding day or the month's last (OCA: day of month across month ends).
    ("2026-01-29 09:00", "1个月", "2026-03-02 17:30"),
    ("2026-03-31 09:00", "1个月", "2026-04-30 17:30"),
    ("2027-12-31 09:00", "2个月", "2028-02-29 17:30"),
    ("2026-11-30 09:00", "3个月", "2027-03-01 17:30"),
    ("2028-02-29 09:00", "1年", "2029-02-28 17:30"),
    ("2028-02-29 09:00", "4年", "2032-03-01 17:30"),
    ("2027-03-01 09:00", "1年", "2028-03-01 17:30"),
    # Across the year.
    ("2026-12-31 16:00", "1工作日", "2027-01-01 17:30"),
    ("2026-12-30 16:00", "300工作日", "2028-02-23 17:30"),
]


@pytest.mark.parametrize(("start", "limit", "due"), CIVIL)
def test_civil_days_end_with_the_close_of_business_of_a_working_day(start, limit, due):
    assert said(due_at(a_calendar(), at(start), parse_limit(limit))) == due


ELAPSED = [
    ("2026-09-11 15:00", "1工作日", "2026-09-14 15:00"),
    ("2026-09-12 10:00", "1工作日", "2026-09-14 10:00"),
    ("2026-09-11 20:00", "2工作日", "2026-09-15 20:00"),
    ("2026-09-11 15:00:07", "1天", "2026-09-12 15:00:07"),
    ("2026-09-11 15:00", "2周", "2026-09-25 15:00"),
    ("2026-01-31 15:00", "1个月", "2026-02-28 15:00"),
    ("2028-02-29 15:00", "1年", "2029-02-28 15:00"),
    ("2026-09-11 15:00", "8工作小时", "2026-09-14 15:00"),
    ("2026-09-11 17:10", "1小时", "2026-09-11 18:10"),
]


@pytest.mark.parametrize(("start", "limit", "due"), ELAPSED)
def test_elapsed_days_keep_the_time_of_day(start, limit, due):
    calendar = a_calendar(convention="elapsed")

    assert said(due_at(calendar, at(start), parse_limit(limit))) == due
    assert said(due_at(a_calendar(), at(start), parse_limit(limit), convention=calendar.convention)) == due


def test_the_convention_of_the_question_wins_over_that_of_the_calendar():
    elapsed = a_calendar(convention="elapsed")

    due = due_at(elapsed, at("2026-09-11 15:00"), parse_limit("1工作日"), convention=a_calendar().convention)

    assert said(due) == "2026-09-14 17:30"


NAMED = [
    ("2026-09-11 15:00", "当天内", "2026-09-11 17:30"),
    ("2026-09-12 15:00", "当天内", "2026-09-14 17:30"),
    ("2026-09-11 17:30", "当天内", "2026-09-14 17:30"),
    ("2026-09-11 17:29:59", "当天内", "2026-09-11 17:30"),
    ("2026-09-12 15:00", "本周内", "2026-09-14 17:30"),
    ("2026-09-09 15:00", "本周内", "2026-09-11 17:30"),
    ("2026-10-09 15:00", "月末前", "2026-10-30 17:30"),
    ("2026-10-31 15:00", "月末前", "2026-11-02 17:30"),
    ("2026-08-09 15:00", "本季末前", "2026-09-30 17:30"),
    ("2026-08-09 15:00", "本半年内", "2026-12-31 17:30"),
    ("2026-08-09 15:00", "年末前", "2026-12-31 17:30"),
    # Before Friday is the close of the last working day before Friday.
    ("2026-09-08 15:00", "周五前", "2026-09-10 17:30"),
    ("2026-09-10 17:29:59", "周五前", "2026-09-10 17:30"),
    ("2026-09-10 17:30", "周五前", "2026-09-17 17:30"),
    ("2026-09-11 09:00", "周五前", "2026-09-17 17:30"),
    ("2026-09-12 09:00", "周五前", "2026-09-17 17:30"),
    ("2026-09-08 15:00", "本周五前", "2026-09-10 17:30"),
    ("2026-09-11 09:00", "本周五前", "2026-09-11 17:30"),
    ("2026-09-08 15:00", "下周五前", "2026-09-17 17:30"),
    ("2026-09-08 15:00", "周五", "2026-09-11 17:30"),
    ("2026-09-11 17:30", "周五", "2026-09-18 17:30"),
    ("2026-09-08 15:00", "周六", "2026-09-14 17:30"),
    ("2026-09-12 15:00", "下周一", "2026-09-14 17:30"),
    ("2026-09-11 15:00", "本周二", "2026-09-11 17:30"),
    ("2026-09-11 15:00", "周五 15:00", "2026-09-18 15:00"),
    ("2026-09-11 14:59:59", "周五 15:00", "2026-09-11 15:00"),
    ("2026-09-11 15:00", "本周三 10:00", "2026-09-09 10:00"),
    ("2026-09-08 15:00", "下周三 10:00", "2026-09-16 10:00"),
    ("2026-09-09 15:00", "下周开始前1工作日", "2026-09-11 17:30"),
    ("2026-09-09 15:00", "下周开始前2工作日", "2026-09-10 17:30"),
    ("2026-09-09 15:00", "下周前3天", "2026-09-11 17:30"),
    ("2026-09-09 15:00", "下周前4天", "2026-09-10 17:30"),
    ("2026-09-09 15:00", "下周前8工作小时", "2026-09-11 08:30"),
    ("2026-09-09 15:00", "下周前2小时", "2026-09-14 06:30"),
    ("2026-09-09 15:00", "下周前0小时", "2026-09-14 08:30"),
    ("2026-09-09 15:00", "下月前1周", "2026-09-24 17:30"),
    ("2026-09-11 18:00", "下周开始前1工作日", "2026-09-14 17:30"),
    ("2026-09-09 15:00", "约定时间前", "2026-09-09 15:00"),
    ("2026-09-09 15:00", "约定时间前1个月", "2026-08-07 17:30"),
    ("2026-09-09 15:00", "约定时间前2工作日", "2026-09-07 17:30"),
    ("2026-09-09 15:00", "约定时间前8工作小时", "2026-09-08 15:00"),
    ("2026-09-09 15:00", "约定时间前90分钟", "2026-09-09 13:30"),
    ("2026-09-09 15:00", "约定时间前0天", "2026-09-09 15:00"),
    ("2026-09-12 15:00", "立即", "2026-09-12 15:00"),
]


@pytest.mark.parametrize(("start", "limit", "due"), NAMED)
def test_named_dates_are_found(start, limit, due):
    assert said(due_at(a_calendar(), at(start), parse_limit(limit))) == due


def test_before_an_event_keeps_the_time_of_day_when_days_elapse():
    calendar = a_calendar(convention="elapsed")

    assert (
        said(due_at(calendar, at("2026-09-14 15:00"), parse_limit("约定时间前1工作日"))) == "2026-09-11 15:00"
    )
    assert said(due_at(calendar, at("2026-09-14 15:00"), parse_limit("约定时间前1天"))) == "2026-09-13 15:00"


def test_before_friday_may_be_set_to_include_the_friday():
    calendar = a_calendar(before_includes_day=True)

    assert said(due_at(calendar, at("2026-09-08 15:00"), parse_limit("周五前"))) == "2026-09-11 17:30"
    assert said(due_at(calendar, at("2026-09-11 15:00"), parse_limit("周五前"))) == "2026-09-11 17:30"
    assert said(due_at(calendar, at("2026-09-11 17:30"), parse_limit("周五前"))) == "2026-09-18 17:30"
    assert said(due_at(calendar, at("2026-09-08 15:00"), parse_limit("下周五前"))) == "2026-09-18 17:30"


def test_a_week_without_work_before_friday_means_the_friday_after():
    calendar = a_calendar(closed=["2026-09-07", "2026-09-08", "2026-09-09", "2026-09-10"])

    assert said(due_at(calendar, at("2026-09-07 09:00"), parse_limit("周五前"))) == "2026-09-17 17:30"


def test_a_period_that_lies_before_all_working_time_ends_with_the_first_close():
    calendar = a_calendar(week={}, open={"2026-09-20": [["10:00", "11:00"]]})

    assert said(due_at(calendar, at("2026-09-11 09:00"), parse_limit("本周内"))) == "2026-09-20 11:00"


@pytest.mark.parametrize("limit", ["0分钟", "0小时", "0工作小时", "0工作日", "0天", "0个月", "0年"])
def test_a_zero_limit_is_the_start_itself_even_on_a_closed_day(limit):
    start = at("2026-09-12 03:00")

    assert due_at(a_calendar(), start, parse_limit(limit)) == start
    assert due_at(a_calendar(), start, parse_limit(limit), [(start, at("2026-09-15 12:00"))]) == start


HOURS = [
    # Used up exactly at closing time: falls at closing time, before lunch, in the evening, before a weekend.
    ("2026-09-11 08:30", "3工作小时", "2026-09-11 11:30"),
    ("2026-09-11 09:00", "3工作小时", "2026-09-11 12:00"),
    ("2026-09-11 16:30", "1工作小时", "2026-09-11 17:30"),
    ("2026-09-11 17:30", "1工作小时", "2026-09-14 09:30"),
    ("2026-09-11 17:29:59", "1工作小时", "2026-09-14 09:29:59"),
    # Strict "after opening" that never ends (Bytedesk): Monday 17:30 plus 60 minutes of work.
    ("2026-09-14 17:30", "1工作小时", "2026-09-15 09:30"),
    ("2026-09-14 08:30", "1工作小时", "2026-09-14 09:30"),
    # Split shifts and starts outside hours.
    ("2026-09-14 11:30", "1工作小时", "2026-09-14 13:30"),
    ("2026-09-14 12:15", "1工作小时", "2026-09-14 14:00"),
    ("2026-09-14 05:00", "1工作小时", "2026-09-14 09:30"),
    ("2026-09-13 12:00", "40工作小时", "2026-09-18 17:30"),
    ("2026-09-13 12:00", "41工作小时", "2026-09-21 09:30"),
]


@pytest.mark.parametrize(("start", "limit", "due"), HOURS)
def test_working_hours_run_only_while_open_and_end_at_the_earliest_instant(start, limit, due):
    assert said(due_at(a_calendar(), at(start), parse_limit(limit))) == due


def test_a_calendar_that_never_closes_ends_its_days_at_midnight():
    calendar = round_the_clock()

    assert said(due_at(calendar, at("2026-09-12 10:00"), parse_limit("1工作日"))) == "2026-09-14 00:00"
    assert said(due_at(calendar, at("2026-09-12 10:00"), parse_limit("30工作小时"))) == "2026-09-13 16:00"
    assert said(due_at(calendar, at("2026-09-12 10:00"), parse_limit("14工作小时"))) == "2026-09-13 00:00"
    assert worked(calendar, at("2026-01-01 00:00"), at("2027-01-01 00:00")) == 365 * 86_400


def test_fractions_of_a_second_are_dropped_first():
    start = at("2026-09-11 15:00").replace(microsecond=999_999)

    assert due_at(a_calendar(), start, parse_limit("1小时")) == at("2026-09-11 16:00")
    assert due_at(a_calendar(), start, parse_limit("0小时")) == at("2026-09-11 15:00")


def test_moments_before_1970_are_counted_like_any_other():
    assert said(due_at(a_calendar(), at("1965-09-11 10:00"), parse_limit("1工作日"))) == "1965-09-13 17:30"
    assert said(due_at(a_calendar(), at("1965-09-10 17:00"), parse_limit("1工作小时"))) == "1965-09-13 09:00"


def test_far_limits_reach_over_years_and_stop_at_the_horizon():
    assert said(due_at(a_calendar(), at("2026-09-11 15:00"), parse_limit("100年"))) == "2126-09-11 17:30"
    assert said(due_at(a_calendar(), at("2026-09-11 15:00"), parse_limit("5000工作日"))) == "2045-11-10 17:30"
    with pytest.raises(NoWorkingTime, match="没有足够的工作时间"):
        due_at(a_calendar(), at("2026-09-11 15:00"), parse_limit("200000工作日"))


def test_working_days_are_added_to_dates_in_both_directions():
    calendar = a_calendar(holidays="CN")
    friday = at("2026-09-11 00:00").date()

    assert add_working_days(calendar, friday, 0) == friday
    assert str(add_working_days(calendar, friday, 1)) == "2026-09-14"
    assert str(add_working_days(calendar, friday, -1)) == "2026-09-10"
    assert str(add_working_days(calendar, at("2026-10-08 00:00").date(), -1)) == "2026-09-30"


def test_the_answer_is_in_the_zone_of_the_calendar():
    due = due_at(a_calendar(), at("2026-09-11 15:00"), parse_limit("1工作日"))

    assert due.tzinfo == SHANGHAI
