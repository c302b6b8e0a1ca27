import datetime as dt

import pytest
from django.db import IntegrityError, transaction

from zhike.kernel.parties.tree import plant, tree
from zhike.kernel.worktime import calendars
from zhike.kernel.worktime.models import CalendarDay, WorkCalendar
from zhike.kernel.worktime.phrases import PhraseError

from .calendars_for_tests import SHANGHAI, at

pytestmark = pytest.mark.django_db

LONG_DAYS = {day: [["08:00", "20:00"]] for day in ("mon", "tue", "wed", "thu", "fri", "sat", "sun")}
MONDAY = at("2026-03-09 10:00")


@pytest.fixture
def store():
    top = plant(name="总店", code="top")
    return plant(name="一店", code="one", parent=top)


def a_calendar(unit=None, **columns):
    return WorkCalendar.objects.create(name="历", unit=unit, **{"week": LONG_DAYS, **columns})


def close_of(unit, limit="1工作日", start=MONDAY):
    found = calendars.due_at(calendars.calendar_for(unit.pk), start, limit)
    return f"{found:%m-%d %H:%M}"


def test_without_any_calendar_the_standard_one_holds(store):
    assert close_of(store) == "03-10 17:30"


def test_the_enterprise_calendar_goes_before_the_standard_one(store):
    a_calendar()

    assert close_of(store) == "03-10 20:00"


def test_the_nearest_unit_that_has_a_calendar_counts(store):
    a_calendar(week={**LONG_DAYS, "tue": [["08:00", "12:00"]]})
    assert close_of(store) == "03-10 12:00"
    a_calendar(unit=store.parent, week={**LONG_DAYS, "tue": [["08:00", "15:00"]]})
    assert close_of(store) == "03-10 15:00"
    a_calendar(unit=store, week={**LONG_DAYS, "tue": [["08:00", "18:00"]]})

    assert close_of(store) == "03-10 18:00"
    assert close_of(store.parent) == "03-10 15:00"


def test_the_calendars_of_all_units_are_found_by_line(store):
    a_calendar()
    a_calendar(unit=store.parent, week={**LONG_DAYS, "tue": [["08:00", "15:00"]]})
    found = calendars.calendars()

    for unit in (store, store.parent, plant(name="别家", code="other")):
        assert calendars.nearest(found, tree().line(unit.pk)) is calendars.calendar_for(unit.pk)
    assert calendars.nearest({}, [store.pk]) is calendars._standard()


def test_a_day_may_be_closed_with_a_reason_that_the_explanation_gives(store):
    calendar = a_calendar()
    CalendarDay.objects.create(calendar=calendar, day=dt.date(2026, 3, 10), hours=[], note="盘点")

    found = calendars.due(calendars.calendar_for(store.pk), MONDAY, "1工作日")

    assert f"{found.at:%m-%d %H:%M}" == "03-11 20:00"
    assert any("盘点" in line for line in found.explain().lines)


def test_a_day_may_be_open_with_its_own_hours_or_with_the_ordinary_ones(store):
    standard = a_calendar(week=calendars.STANDARD_WEEK)
    saturday = at("2026-03-14 08:00")
    CalendarDay.objects.create(calendar=standard, day=dt.date(2026, 3, 14), hours=[["10:00", "15:00"]])
    assert close_of(store, "1工作小时", saturday) == "03-14 11:00"
    CalendarDay.objects.update(hours=None)
    calendars.touch(standard)

    assert close_of(store, "1工作小时", saturday) == "03-14 09:30"


def test_a_change_that_is_touched_is_seen_at_once_and_one_rolled_back_is_forgotten(store):
    calendar = a_calendar()
    before = calendars.calendar_for(store.pk)

    with transaction.atomic():
        CalendarDay.objects.create(calendar=calendar, day=dt.date(2026, 3, 10), hours=[])
        calendars.touch(calendar)
        during = close_of(store)
        transaction.set_rollback(True)

    assert during == "03-11 20:00"
    assert calendars.calendar_for(store.pk) is before
    CalendarDay.objects.create(calendar=calendar, day=dt.date(2026, 3, 10), hours=[["08:00", "09:00"]])
    calendars.touch(calendar)
    assert close_of(store) == "03-10 09:00"


def test_revisions_are_not_given_twice(store):
    calendar = a_calendar()
    seen = {calendar.revision}
    for _ in range(20):
        calendars.touch(calendar)
        seen.add(WorkCalendar.objects.values_list("revision", flat=True).get())

    assert len(seen) == 21


def test_exceptions_of_another_calendar_are_not_taken(store):
    other = a_calendar(unit=plant(name="别家", code="other"))
    CalendarDay.objects.create(calendar=other, day=dt.date(2026, 3, 10), hours=[])
    a_calendar(unit=store)

    assert close_of(store) == "03-10 20:00"


def test_a_calendar_without_holidays_works_through_them(store):
    a_calendar(holidays="")
    new_year = at("2026-02-17 10:00")

    assert close_of(store, "1工作小时", new_year) == "02-17 11:00"


def test_the_convention_of_the_calendar_decides(store):
    a_calendar(convention=WorkCalendar.Convention.ELAPSED)

    assert close_of(store) == "03-10 10:00"


def test_one_day_stands_once_in_a_calendar(store):
    calendar = a_calendar()
    CalendarDay.objects.create(calendar=calendar, day=dt.date(2026, 3, 10))

    with pytest.raises(IntegrityError), transaction.atomic():
        CalendarDay.objects.create(calendar=calendar, day=dt.date(2026, 3, 10))


def test_the_day_of_a_moment_is_that_of_the_unit(store):
    a_calendar(unit=store, tz="America/New_York")
    night = dt.datetime(2026, 3, 9, 2, tzinfo=SHANGHAI)

    assert calendars.local_day(night, store.pk) == dt.date(2026, 3, 8)
    assert calendars.local_day(night, store.parent.pk) == dt.date(2026, 3, 9)


def test_before_counts_backwards(store):
    calendar = calendars.calendar_for(store.pk)
    monday_close = at("2026-03-16 17:30")

    assert calendars.before(calendar, monday_close, "30分钟") == at("2026-03-16 17:00")
    assert calendars.before(calendar, monday_close, "1工作日") == at("2026-03-13 17:30")
    with pytest.raises(PhraseError):
        calendars.before(calendar, monday_close, "周五前")


@pytest.mark.parametrize("text", ["3工作日", "8工作小时", "90分钟", "当天内", "周五前", "本月末前", "立即"])
def test_a_limit_kept_as_text_reads_back_the_same(text):
    limit = calendars.parsed(text)

    assert calendars.parsed(calendars.text_of(limit)) == limit


def test_a_calendar_costs_two_small_questions_once_it_is_known(store, django_assert_num_queries):
    a_calendar()
    calendars.calendar_for(store.pk)

    with django_assert_num_queries(2):
        calendars.calendar_for(store.pk)
