import datetime as dt

import pytest
from django.db import IntegrityError

from zhike.kernel.audit.models import Entry
from zhike.kernel.duties import actions
from zhike.kernel.duties.models import Duty, Pause
from zhike.kernel.worktime import calendars
from zhike.kernel.worktime.models import CalendarDay, WorkCalendar
from zhike.kernel.worktime.phrases import PhraseError

from .house import MONDAY, at
from .rows import a_duty, fresh


def test_open_duties_derives_the_date_and_the_first_look(house):
    duty = a_duty(house)

    assert (duty.due_at, duty.warn_at, duty.look_again_at) == (at(2), at(1.5), at(1.5))
    assert (duty.level, duty.provisional, duty.state) == (0, False, Duty.State.OPEN)


def test_a_warning_that_would_come_at_once_is_left_out(house):
    duty = a_duty(house, "30分钟")

    assert (duty.due_at, duty.warn_at, duty.level) == (at(0.5), None, 1)
    assert duty.look_again_at == at(1.5)


def test_a_duty_without_a_limit_has_no_date_and_is_never_looked_at(house):
    duty = a_duty(house, "")

    assert (duty.due_at, duty.look_again_at) == (None, None)
    assert duty.is_late(at(10_000)) is False


def test_a_duty_with_a_moment_instead_of_a_limit_keeps_it(house):
    duty = a_duty(house, "", due_at=at(30))

    assert (duty.due_at, duty.warn_at) == (at(30), at(29.5))
    assert actions.recompute(duty) is False
    assert fresh(duty).due_at == at(30)


def test_a_limit_that_cannot_be_read_is_refused_and_nothing_is_opened(house):
    with pytest.raises(PhraseError, match="尽快"):
        a_duty(house, "尽快")

    assert Duty.objects.count() == 0


def test_a_duty_without_owner_and_post_is_refused_by_the_database(house):
    with pytest.raises(IntegrityError):
        a_duty(house, owner=None)


def test_several_duties_are_opened_by_one_insert(house, django_assert_num_queries):
    drafts = [
        actions.Draft(kind=f"k{n}", title="答复", owner=house.an, began_at=MONDAY, limit="3工作日")
        for n in range(5)
    ]
    calendars.calendar_for(house.unit.pk)

    with django_assert_num_queries(3):  # do the calendars stand, does the tree, insert
        actions.open_duties(drafts, subject=house.unit, unit_id=house.unit.pk, matter="")


def test_discharge_marks_only_the_kinds_named_and_only_once(house):
    duty, other = a_duty(house), a_duty(house, title="解决")
    Duty.objects.filter(pk=other.pk).update(kind="test.other")

    first = actions.discharge(subject=house.unit, kinds=["test.reply"], by=house.an, now=at(1))
    second = actions.discharge(subject=house.unit, kinds=["test.reply"], by=house.jing, now=at(5))

    assert (first, second) == (1, 0)
    done = fresh(duty)
    assert (done.state, done.done_at, done.done_by, done.look_again_at) == ("DONE", at(1), house.an, None)
    assert fresh(other).state == Duty.State.OPEN


def test_a_duty_done_exactly_at_the_limit_is_met_and_a_second_later_is_late(house):
    met, missed = a_duty(house), a_duty(house)
    second = dt.timedelta(seconds=1)

    Duty.objects.filter(pk=met.pk).update(state="DONE", done_at=at(2))
    Duty.objects.filter(pk=missed.pk).update(state="DONE", done_at=at(2) + second)

    later = at(1000)
    assert [fresh(met).is_late(later), fresh(missed).is_late(later)] == [False, True]
    assert list(Duty.objects.late(later)) == [missed]


def test_the_queryset_of_late_duties_says_the_same_as_each_row(house):
    rows = [a_duty(house) for _ in range(6)]
    states = ["OPEN", "DONE", "DONE", "CANCELLED", "OPEN", "OPEN"]
    moments = [None, at(1), at(3), at(3), None, None]
    stands = [None, None, None, None, at(1), at(3)]
    for duty, state, done_at, paused_at in zip(rows, states, moments, stands, strict=True):
        Duty.objects.filter(pk=duty.pk).update(state=state, done_at=done_at, paused_at=paused_at)

    for now in (at(1.5), at(2), at(2.5), at(9)):
        late = {duty.pk for duty in Duty.objects.late(now)}
        assert late == {duty.pk for duty in Duty.objects.all() if duty.is_late(now)}
    assert len(late) == 3


def test_cancel_ends_all_open_duties_or_those_of_the_kinds_named(house):
    a_duty(house)
    kept = a_duty(house)
    Duty.objects.filter(pk=kept.pk).update(kind="test.kept")

    some = actions.cancel(
        subject=house.unit, now=at(1), by=house.an, reason="void", kinds=["test.reply", "test.none"]
    )
    rest = actions.cancel(subject=house.unit, now=at(1), by=house.an, reason="closed")

    assert (some, rest) == (1, 1)
    assert fresh(kept).reason == "closed"
    assert fresh(kept).is_late(at(99)) is False


def test_waive_lets_off_with_a_reason_and_is_recorded(house):
    duty = a_duty(house)

    actions.waive(duty=duty, by=house.zhang, now=at(1), reason=" 顾客撤回 ")

    assert (fresh(duty).state, fresh(duty).reason) == ("WAIVED", "顾客撤回")
    assert Entry.objects.get(code="duties.waived").after == {"reason": "顾客撤回"}


def test_waive_refuses_without_a_reason_or_when_the_duty_is_done(house):
    duty = a_duty(house)
    with pytest.raises(actions.CannotWaive):
        actions.waive(duty=duty, by=house.zhang, now=at(1), reason=" ")
    actions.discharge(subject=house.unit, kinds=["test.reply"], by=house.an, now=at(1))

    with pytest.raises(actions.CannotWaive):
        actions.waive(duty=duty, by=house.zhang, now=at(2), reason="迟")

    assert fresh(duty).state == Duty.State.DONE


def test_reassign_follows_the_owner_and_leaves_others_alone(house):
    mine, others = a_duty(house), a_duty(house, owner="jing")

    moved = actions.reassign(subject=house.unit, from_owner=house.an, to_owner=house.zhang)

    assert moved == 1
    assert (fresh(mine).owner, fresh(others).owner) == (house.zhang, house.jing)


def test_reassign_takes_duties_that_waited_for_a_post(house):
    duty = a_duty(house, owner=None, owner_post="MANAGER")

    actions.reassign(subject=house.unit, from_owner=None, to_owner=house.jing)

    assert (fresh(duty).owner, fresh(duty).owner_post) == (house.jing, "")


# --- pauses


def test_while_the_clock_stands_a_duty_does_not_become_late(house):
    duty = a_duty(house)

    actions.pause(duty=duty, by=house.an, now=at(1), reason="等顾客答复")

    stands = fresh(duty)
    assert (stands.paused_at, stands.look_again_at) == (at(1), None)
    assert stands.is_late(at(500)) is False


def test_what_was_late_before_the_pause_stays_late(house):
    duty = a_duty(house)

    actions.pause(duty=duty, by=house.an, now=at(2.5), reason="等")

    assert fresh(duty).is_late(at(2.5)) is True


def test_resume_moves_the_date_by_the_working_time_paused_only(house):
    duty = a_duty(house)
    actions.pause(duty=duty, by=house.an, now=at(1), reason="等顾客答复")

    actions.resume(duty=duty, by=house.an, now=at(4))  # 14:00; lunch 12:00 to 13:00 does not count

    moved = fresh(duty)
    assert moved.due_at == at(5)  # one hour was left at 14:00
    assert (moved.warn_at, moved.look_again_at, moved.paused_at) == (at(4.5), at(4.5), None)
    entry = Entry.objects.get(code="duties.resumed")
    said = [dt.datetime.fromisoformat(side["due_at"]) for side in (entry.before, entry.after)]
    assert said == [at(2), at(5)]


def test_a_duty_done_while_the_clock_stands_was_done_in_time(house):
    duty = a_duty(house)
    actions.pause(duty=duty, by=house.an, now=at(1), reason="等")

    actions.discharge(subject=house.unit, kinds=["test.reply"], by=house.an, now=at(200))

    assert fresh(duty).is_late(at(300)) is False


def test_pause_refuses_twice_done_duties_and_those_without_a_clock(house):
    duty, done, undated = a_duty(house), a_duty(house), a_duty(house, "")
    Duty.objects.filter(pk=done.pk).update(state="DONE", done_at=at(1))
    actions.pause(duty=duty, by=house.an, now=at(1), reason="等")

    for row in (duty, done, undated):
        with pytest.raises(actions.CannotPause):
            actions.pause(duty=row, by=house.an, now=at(1.2), reason="等")
    with pytest.raises(actions.CannotPause):
        actions.pause(duty=a_duty(house), by=house.an, now=at(1), reason=" ")

    assert Pause.objects.count() == 1
    assert Entry.objects.filter(code="duties.paused").count() == 1


def test_resume_refuses_a_clock_that_runs(house):
    duty = a_duty(house)

    with pytest.raises(actions.CannotPause):
        actions.resume(duty=duty, by=house.an, now=at(1))

    assert fresh(duty).due_at == at(2)


def test_a_duty_paused_twice_loses_both_stretches(house):
    duty = a_duty(house, "8工作小时")  # Monday 10:00 to Tuesday 10:00, without the pauses
    for begin, end in ((0, 1), (0.5, 1.5)):
        actions.pause(duty=fresh(duty), by=house.an, now=at(begin), reason="等")
        actions.resume(duty=fresh(duty), by=house.an, now=at(end))

    assert fresh(duty).due_at == at(25.5)  # paused from 10:00 to 11:30; what overlaps counts once


# --- calendars that change


def the_calendar() -> WorkCalendar:
    return WorkCalendar.objects.create(name="店历", unit=None, week=calendars.STANDARD_WEEK)


def test_recompute_open_shifts_open_duties_with_one_audit_row_each(house, django_assert_num_queries):
    calendar = the_calendar()
    shifted, kept, done = a_duty(house, "3工作日"), a_duty(house), a_duty(house, "3工作日")
    Duty.objects.filter(pk=done.pk).update(state="DONE", done_at=at(1))
    CalendarDay.objects.create(calendar=calendar, day=dt.date(2026, 3, 11), hours=[], note="盘点")
    calendars.touch(calendar)

    count = actions.recompute_open(now=at(1), by=house.zhang)

    close = dt.timedelta(days=1) + dt.timedelta(hours=24 * 3 + 7.5)
    assert count == 1
    assert fresh(shifted).due_at == MONDAY + close
    assert (fresh(kept).due_at, fresh(done).due_at) == (at(2), at(24 * 3 + 7.5))
    entry = Entry.objects.get(code="duties.shifted")
    assert (entry.subject_id, entry.by, entry.clause) == (shifted.pk, house.zhang, "一")
    assert actions.recompute_open(now=at(1), by=house.zhang) == 0


def test_recompute_open_leaves_other_units_alone(house):
    calendar = the_calendar()
    duty = a_duty(house, "3工作日")
    CalendarDay.objects.create(calendar=calendar, day=dt.date(2026, 3, 11), hours=[])
    calendars.touch(calendar)

    assert actions.recompute_open(now=at(1), by=None, units=[house.other.pk]) == 0
    assert fresh(duty).due_at == at(24 * 3 + 7.5)


def test_recompute_open_does_not_wake_a_clock_that_stands(house):
    calendar = the_calendar()
    duty = a_duty(house, "3工作日")
    actions.pause(duty=duty, by=house.an, now=at(1), reason="等")
    CalendarDay.objects.create(calendar=calendar, day=dt.date(2026, 3, 11), hours=[])
    calendars.touch(calendar)

    actions.recompute_open(now=at(1), by=None)

    assert fresh(duty).look_again_at is None


def test_recompute_open_asks_the_same_number_of_questions_for_few_rows_and_many(
    house, django_assert_num_queries
):
    for count in (1, 20):
        for _ in range(count):
            a_duty(house)
        actions.recompute_open(now=at(1), by=None)  # reads the manual
        # savepoint, calendars, tree, duties, pauses, what the unit has set (3), release
        with django_assert_num_queries(9):
            actions.recompute_open(now=at(1), by=None)


def test_whoever_listens_hears_which_subjects_have_moved(house):
    heard: list[set[int]] = []
    actions.when_moved("parties.Unit", lambda ids: heard.append(set(ids)))
    try:
        calendar = the_calendar()
        a_duty(house, "3工作日")
        CalendarDay.objects.create(calendar=calendar, day=dt.date(2026, 3, 11), hours=[])
        calendars.touch(calendar)

        actions.recompute_open(now=at(1), by=None)
    finally:
        actions.when_moved("parties.Unit", lambda ids: None)

    assert heard == [{house.unit.pk}]


def test_a_year_without_published_holidays_is_marked_provisional(house):
    near, far = (
        a_duty(house, "3工作日", began_at=dt.datetime(year, 3, 9, 10, tzinfo=MONDAY.tzinfo))
        for year in (2026, 2045)
    )

    assert (near.provisional, far.provisional) == (False, True)


def test_only_provisional_dates_are_looked_at_when_holidays_are_published(house):
    sure, unsure = a_duty(house, "3工作日"), a_duty(house, "3工作日")
    wrong = at(1000)
    Duty.objects.all().update(due_at=wrong)
    Duty.objects.filter(pk=unsure.pk).update(provisional=True)

    shifted = actions.recompute_open(now=at(1), by=None, only_provisional=True)

    assert shifted == 1
    assert (fresh(sure).due_at, fresh(unsure).due_at) == (wrong, at(24 * 3 + 7.5))
    assert fresh(unsure).provisional is False
