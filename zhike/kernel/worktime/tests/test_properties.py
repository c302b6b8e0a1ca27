"""Laws that hold on any calendar, tried on random ones against a walker that steps minute by minute."""

from __future__ import annotations

import datetime as dt
from unittest import mock
from zoneinfo import ZoneInfo

import hypothesis.strategies as st
from hypothesis import assume, given, settings

from zhike.kernel.worktime import arithmetic
from zhike.kernel.worktime.arithmetic import Calendar, due_at, is_open, next_open, worked
from zhike.kernel.worktime.limits import AtEvent, Before, EndOf, Limit, OnWeekday, Period, Unit, Week
from zhike.kernel.worktime.spec import WEEKDAYS, Convention

ZONES = ["Asia/Shanghai", "America/New_York", "Australia/Lord_Howe", "Asia/Kathmandu", "UTC"]
MINUTE = dt.timedelta(minutes=1)
FIRST = dt.datetime(2026, 2, 10, tzinfo=dt.UTC)


@st.composite
def hours(draw):
    """Up to three windows of a day on whole quarters, disjoint."""
    cuts = draw(st.lists(st.integers(0, 96), min_size=0, max_size=6, unique=True))
    cuts = sorted(cuts)[: len(cuts) // 2 * 2]
    clock = [f"{cut // 4:02}:{cut % 4 * 15:02}" for cut in cuts]
    return [list(pair) for pair in zip(clock[::2], clock[1::2], strict=True)]


@st.composite
def calendars(draw):
    days = st.dates(dt.date(2026, 2, 1), dt.date(2026, 4, 30))
    opened = draw(st.dictionaries(days, hours(), max_size=4))
    closed = [day for day in draw(st.lists(days, max_size=6)) if day not in opened]
    spec = {
        "tz": draw(st.sampled_from(ZONES)),
        "week": draw(st.dictionaries(st.sampled_from(WEEKDAYS), hours(), min_size=3)),
        "holidays": draw(st.sampled_from(["CN", None])),
        "closed": [day.isoformat() for day in closed],
        "open": {day.isoformat(): pairs for day, pairs in opened.items()},
    }
    assume(sum(bool(pairs) for pairs in spec["week"].values()) >= 2)
    return Calendar.of(spec)


minutes = st.integers(0, 60 * 24 * 50)
moments = minutes.map(lambda n: FIRST + n * MINUTE)


@st.composite
def pauses(draw):
    found = draw(st.lists(st.tuples(moments, st.integers(0, 3000)), max_size=3))
    return [(begin, begin + length * MINUTE) for begin, length in found]


def _counts(calendar, moment, pauses):
    """Asked from the definition, not from the tables: is this minute working time outside pauses?"""
    if any(begin <= moment < end for begin, end in pauses):
        return False
    local = moment.astimezone(calendar.zone)
    second = local.hour * 3600 + local.minute * 60
    return any(begin <= second < end for begin, end in calendar.hours_on(local.date()))


def _walk(calendar, start, need, pauses):
    """The end of the `need`-th counted minute after the start."""
    moment = start
    for _ in range(60 * 24 * 30):
        if _counts(calendar, moment, pauses):
            need -= 1
            if need == 0:
                return moment + MINUTE
        moment += MINUTE
    return None


@settings(max_examples=20, deadline=None)
@given(calendars(), moments, st.integers(1, 4), pauses())
def test_working_hours_agree_with_a_walk_minute_by_minute(calendar, start, amount, pauses):
    expected = _walk(calendar, start, amount * 60, pauses)
    assume(expected is not None)

    assert due_at(calendar, start, Limit(amount, Unit.WORKING_HOUR), pauses) == expected


@settings(max_examples=30, deadline=None)
@given(calendars(), moments, st.integers(0, 1500), pauses())
def test_worked_seconds_agree_with_a_walk_minute_by_minute(calendar, start, length, pauses):
    end = start + length * MINUTE

    expected = sum(_counts(calendar, start + n * MINUTE, pauses) for n in range(length)) * 60
    assert worked(calendar, start, end, pauses) == expected


@settings(max_examples=30, deadline=None)
@given(calendars(), moments, st.integers(0, 400), pauses())
def test_what_was_worked_until_the_due_moment_is_the_limit(calendar, start, amount, pauses):
    due = due_at(calendar, start, Limit(amount, Unit.WORKING_HOUR), pauses)

    assert worked(calendar, start, due, pauses) == amount * 3600
    if amount:
        assert worked(calendar, start, due - dt.timedelta(seconds=1), pauses) == amount * 3600 - 1


UNITS = st.sampled_from(list(Unit))
CONVENTIONS = st.sampled_from(list(Convention))


@settings(max_examples=30, deadline=None)
@given(calendars(), moments, st.integers(0, 40), UNITS, CONVENTIONS, pauses())
def test_more_time_is_never_due_earlier(calendar, start, amount, unit, convention, pauses):
    shorter = due_at(calendar, start, Limit(amount, unit), pauses, convention)
    longer = due_at(calendar, start, Limit(amount + 1, unit), pauses, convention)

    assert start <= shorter <= longer


LIMITS = st.one_of(
    st.builds(Limit, st.integers(0, 40), UNITS),
    st.builds(EndOf, st.sampled_from(list(Period))),
    st.builds(OnWeekday, st.integers(0, 6), st.sampled_from([Week.COMING, Week.NEXT]), st.booleans()),
)


@settings(max_examples=30, deadline=None)
@given(calendars(), moments, st.integers(0, 5000), LIMITS)
def test_a_later_start_is_never_due_earlier(calendar, start, later, limit):
    assert due_at(calendar, start, limit) <= due_at(calendar, start + later * MINUTE, limit)


@settings(max_examples=30, deadline=None)
@given(calendars(), moments, st.integers(1, 30), UNITS, pauses(), st.data())
def test_pauses_add_up_however_they_are_cut(calendar, start, amount, unit, pauses, data):
    """A pause cut in two, doubled or given in another order moves the date by the same."""
    limit = Limit(amount, unit)
    cut = []
    for begin, end in pauses:
        middle = begin + data.draw(st.integers(0, (end - begin) // MINUTE)) * MINUTE
        cut += [(middle, end), (begin, middle)]

    assert due_at(calendar, start, limit, cut + pauses) == due_at(calendar, start, limit, pauses)


@settings(max_examples=30, deadline=None)
@given(calendars(), moments, moments, moments)
def test_working_time_adds_up(calendar, a, b, c):
    a, b, c = sorted([a, b, c])

    assert worked(calendar, a, b) + worked(calendar, b, c) == worked(calendar, a, c)


@settings(max_examples=30, deadline=None)
@given(calendars(), moments, st.integers(1, 60), UNITS, CONVENTIONS)
def test_the_short_way_answers_as_the_full_rules_do(calendar, start, amount, unit, convention):
    limit = Limit(amount, unit)
    quick = [due_at(calendar, start, limit, (), convention) for _ in range(2)]

    with mock.patch.object(arithmetic, "_plain", return_value=None):
        assert [due_at(calendar, start, limit, (), convention)] * 2 == quick


@settings(max_examples=30, deadline=None)
@given(calendars(), moments)
def test_the_next_opening_is_open_and_nothing_was_open_before_it(calendar, moment):
    opening = next_open(calendar, moment)

    assert is_open(calendar, opening)
    assert worked(calendar, moment, opening) == 0


@settings(max_examples=30, deadline=None)
@given(calendars(), moments, st.integers(1, 40), pauses(), LIMITS)
def test_every_answer_can_be_explained(calendar, start, amount, pauses, limit):
    for asked in (limit, Before(Limit(amount, Unit.WORKING_DAY), Period.WEEK), AtEvent()):
        answer = arithmetic.due(calendar, start, asked, pauses)
        for lang in ("zh", "en"):
            explanation = answer.explain(lang)
            assert len(explanation.lines) >= 2
            assert all(line and line == line.strip() for line in explanation.lines)
            assert len(explanation.days) % 7 == 0
        marks = [day.mark for day in explanation.days]
        assert marks.count(arithmetic.Mark.DUE) == (1 if marks else 0)
        counted = sum(day.seconds for day in explanation.days)
        assert counted == (answer.worked_seconds if marks else 0)


def test_the_zones_of_these_tests_exist():
    assert [ZoneInfo(name).key for name in ZONES] == ZONES
