"""Pauses: what they take out, what they leave, and that no second is taken twice."""

from __future__ import annotations

import pytest

from zhike.kernel.worktime.arithmetic import CalendarError, due, due_at, measure, worked
from zhike.kernel.worktime.phrases import parse_limit

from .calendars_for_tests import a_calendar, at, round_the_clock, said


def _pauses(*pairs):
    return [(at(f"2026-09-{begin}"), at(f"2026-09-{end}")) for begin, end in pairs]


# The 11th is a Friday, hours 08:30 to 12:00 and 13:00 to 17:30.
CASES = [
    ("8工作小时", [], "14 15:00"),
    ("8工作小时", [("11 16:00", "11 17:00")], "14 16:00"),
    # Outside working time nothing is taken out: night, lunch, weekend.
    ("8工作小时", [("11 17:30", "14 08:30")], "14 15:00"),
    ("8工作小时", [("14 12:00", "14 13:00")], "14 15:00"),
    ("8工作小时", [("11 17:00", "14 09:00")], "14 16:00"),
    # Before the start, partly before the start, after the due moment.
    ("8工作小时", [("10 09:00", "11 15:00")], "14 15:00"),
    ("8工作小时", [("10 09:00", "11 16:00")], "14 16:00"),
    ("8工作小时", [("14 15:00", "14 16:00")], "14 15:00"),
    ("8工作小时", [("14 14:59:59", "14 16:00")], "14 16:00:01"),
    # A pause that lies only behind the shifted due moment counts once it is reached.
    ("8工作小时", [("11 16:00", "11 17:00"), ("14 15:30", "14 16:30")], "14 17:00"),
    # Overlapping, nested, touching, reversed in order and empty pauses.
    ("8工作小时", [("11 16:00", "11 17:00"), ("11 16:30", "11 17:00")], "14 16:00"),
    ("8工作小时", [("11 16:00", "11 16:30"), ("11 16:30", "11 17:00")], "14 16:00"),
    ("8工作小时", [("11 16:30", "11 17:00"), ("11 16:00", "11 16:30")], "14 16:00"),
    ("8工作小时", [("11 16:00", "11 16:00")], "14 15:00"),
    # Civil days move on by the paused working seconds.
    ("1工作日", [("11 16:00", "11 17:00")], "15 09:30"),
    ("1工作日", [("14 09:00", "14 10:00")], "15 09:30"),
    ("1工作日", [("12 09:00", "13 10:00")], "14 17:30"),
    ("1工作日", [("14 17:30", "15 08:30")], "14 17:30"),
    ("1工作日", [("14 08:30", "14 17:30")], "15 17:30"),
    ("1工作日", [("14 08:30", "15 17:30")], "16 17:30"),
    ("2天", [("14 09:00", "14 10:00")], "15 09:30"),
    ("1周", [("14 09:00", "14 10:00")], "21 09:30"),
    ("当天内", [("11 16:00", "11 17:00")], "14 09:30"),
    # Limits on the clock are moved by the working time of a pause as well; a pause at night takes nothing out.
    ("2小时", [("11 16:00", "11 16:30")], "11 17:30"),
    ("2小时", [("11 16:30", "11 18:00")], "11 18:00"),
    ("2小时", [("11 14:00", "11 15:30")], "11 17:30"),
    ("2小时", [("11 17:00", "11 18:00")], "11 17:00"),
    ("24小时", [("11 20:00", "12 08:00")], "12 15:00"),
    ("24小时", [("12 14:00", "12 16:00"), ("12 16:30", "12 17:30")], "12 15:00"),
    # A date that the clause names stands.
    ("本周内", [("11 16:00", "11 17:00")], "11 17:30"),
    ("周五", [("11 16:00", "11 17:00")], "11 17:30"),
    ("立即", [("11 15:00", "11 17:00")], "11 15:00"),
]


@pytest.mark.parametrize(("limit", "pauses", "due"), CASES)
def test_a_pause_moves_the_due_moment_by_what_it_takes_out(limit, pauses, due):
    found = due_at(a_calendar(), at("2026-09-11 15:00"), parse_limit(limit), _pauses(*pauses))

    assert said(found) == f"2026-09-{due}"


def test_elapsed_days_move_by_the_paused_working_seconds_too():
    calendar = a_calendar(convention="elapsed")
    start = at("2026-09-11 15:00")

    assert (
        said(due_at(calendar, start, parse_limit("1工作日"), _pauses(("14 09:00", "14 10:00"))))
        == "2026-09-14 16:00"
    )
    assert (
        said(due_at(calendar, start, parse_limit("1天"), _pauses(("11 16:00", "11 17:00"))))
        == "2026-09-14 09:30"
    )
    assert (
        said(due_at(calendar, start, parse_limit("1天"), _pauses(("12 09:00", "12 10:00"))))
        == "2026-09-12 15:00"
    )


def test_paused_time_is_not_worked_time():
    start, end = at("2026-09-11 15:00"), at("2026-09-14 15:00")

    assert worked(a_calendar(), start, end) == 8 * 3600
    assert (
        worked(a_calendar(), start, end, _pauses(("11 16:00", "11 17:00"), ("11 16:30", "14 09:00")))
        == 6 * 3600
    )
    assert worked(a_calendar(), start, end, _pauses(("10 00:00", "20 00:00"))) == 0
    assert worked(a_calendar(), end, start, _pauses(("11 16:00", "11 17:00"))) == 0


def test_an_answer_carries_its_worked_seconds_without_the_pauses():
    pauses = _pauses(("11 16:00", "11 17:00"))

    answer = due(a_calendar(), at("2026-09-11 15:00"), parse_limit("8工作小时"), pauses)

    assert answer.worked_seconds == 8 * 3600
    assert measure(a_calendar(), answer.start, answer.at, pauses).seconds == 8 * 3600
    assert measure(a_calendar(), answer.start, answer.at).seconds == 9 * 3600


def test_worked_seconds_of_a_date_that_lies_before_the_start_are_none():
    answer = due(a_calendar(), at("2026-09-11 15:00"), parse_limit("约定时间前2工作日"))

    assert said(answer.at) == "2026-09-09 17:30"
    assert answer.worked_seconds == 0


def test_a_pause_that_ends_before_it_begins_is_refused():
    with pytest.raises(CalendarError, match="暂停的结束早于开始"):
        due_at(
            a_calendar(), at("2026-09-11 15:00"), parse_limit("1工作日"), _pauses(("12 10:00", "12 09:59"))
        )


def test_an_end_before_the_start_is_refused_when_measuring():
    with pytest.raises(CalendarError, match="结束时间早于开始时间"):
        measure(a_calendar(), at("2026-09-11 15:00"), at("2026-09-11 14:59:59"))


def test_thousands_of_pauses_are_no_burden():
    calendar = round_the_clock()
    pauses = [
        (at(f"2026-09-{d:02} {h:02}:00"), at(f"2026-09-{d:02} {h:02}:30"))
        for d in range(1, 31)
        for h in range(24)
    ]

    assert (
        said(due_at(calendar, at("2026-09-01 00:00"), parse_limit("240工作小时"), pauses * 10))
        == "2026-09-21 00:00"
    )
