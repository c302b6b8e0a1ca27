"""A unit's own values through the gate, and a new text against the values that units have."""

from __future__ import annotations

import datetime as dt

import pytest

from zhike.complaints import actions as complaints
from zhike.complaints.models import Complaint
from zhike.complaints.regime import regime_at
from zhike.complaints.tests.factories import a_complaint, at
from zhike.kernel.policy import inforce
from zhike.kernel.policy.models import ManualVersion, UnitValues
from zhike.kernel.procedures import approvals
from zhike.manuals import actions, queries, trying
from zhike.manuals.models import Revision
from zhike.people.tests.factories import MONDAY

from .test_gate import APRIL, KEY, a_text, agreed, decide, hand_in, refused, the_values
from .test_gate import head as head

MAY = dt.date(2026, 5, 1)

pytestmark = pytest.mark.django_db


def set_now(people, unit, day=None, **values):
    actions.set_parameters(
        key=KEY, unit=unit, values=values, by=people.administrator.party, now=MONDAY, effective_on=day
    )


def figure(unit, moment, name="店长起点"):
    return regime_at(unit.pk, moment).manual.params[name].text


def refused_values(people, **given):
    before = Revision.objects.count(), UnitValues.objects.count()
    with pytest.raises(actions.CannotRevise) as refusal:
        the_values(people, **given)
    assert (Revision.objects.count(), UnitValues.objects.count()) == before
    return str(refusal.value)


# ---- in force by its day, at one unit


def test_values_hold_from_their_day_at_their_unit_and_nowhere_else(people, head):
    revision = agreed(people, head, the_values(people))

    assert (revision.state, revision.version, revision.effective_on) == ("PUBLISHED", None, APRIL)
    before, after = at(31, 23, 59), at(1, 0, 0, month=4)
    assert [figure(people.south, moment) for moment in (before, after)] == ["2000元", "1500元"]
    assert [figure(people.south_service, after), figure(people.north, after)] == ["1500元", "2000元"]


@pytest.mark.rule("R002-033")
def test_values_without_a_day_hold_from_the_day_of_approval(people, head):
    agreed(people, head, the_values(people, effective_on=None), effective_on=None, now=at(12, 9))

    assert UnitValues.objects.get().effective_on == dt.date(2026, 3, 12)


def test_a_case_keeps_the_values_under_which_it_began_to_its_ruling(people, head):
    agreed(people, head, the_values(people))
    case = a_complaint(people, value=100, now=at(31, 20))

    complaints.change_facts(
        complaint=case, value=1600, reason="补价签", by=people.manager.party, now=at(2, 9, month=4)
    )

    case.refresh_from_db()
    assert case.handler_code == "SERVICE_MANAGER"


# ---- bad input, one line each


@pytest.mark.parametrize(("value", "inside"), [("1499.99元", False), ("1500元", True), ("2500元", True), ("2500.01元", False)])  # fmt: skip
def test_a_value_stays_in_its_range(people, value, inside):
    if inside:
        assert the_values(people, values={"店长起点": value}).values == {"店长起点": value}
    else:
        assert "店长起点" in refused_values(people, values={"店长起点": value})


@pytest.mark.parametrize("name", ["被投诉计数月数", "没有这个"])
def test_what_a_unit_may_not_move_is_refused(people, name):
    assert name in refused_values(people, values={name: "2"})


def test_values_that_contradict_each_other_in_the_manual_are_refused(people):
    assert refused_values(people, values={"自行赔偿上限": "500元", "经理赔偿上限": "500元"})


def test_values_that_contradict_those_of_a_unit_below_are_refused_and_the_unit_is_named(people):
    set_now(people, people.south, 自行赔偿上限="500元")

    assert "南湖店" in refused_values(
        people, unit=people.mall, by=people.administrator.party, values={"经理赔偿上限": "500元"}
    )


def test_two_changes_of_one_unit_at_once_are_refused_and_of_two_units_are_not(people):
    the_values(people)

    assert "周启明" in refused_values(people)
    assert the_values(people, unit=people.north, by=people.north_manager.party).state == "DRAFT"


def test_what_changes_nothing_is_not_handed_in(people, head):
    set_now(people, people.south, 店长起点="1500元")

    assert len(refused(the_values(people), head)) == 1


def test_a_draft_that_somebody_saved_meanwhile_is_not_overwritten(people):
    revision = the_values(people)
    given = {"values": {"店长起点": "1600元"}, "by": people.manager.party, "now": MONDAY}
    actions.save_values(revision=Revision.objects.get(pk=revision.pk), seen=0, **given)

    with pytest.raises(actions.CannotRevise):
        actions.save_values(revision=revision, seen=0, **{**given, "values": {"店长起点": "1700元"}})

    revision.refresh_from_db()
    assert (revision.values, revision.revision) == ({"店长起点": "1600元"}, 1)
    with pytest.raises(actions.CannotHandIn):
        hand_in(revision, people.store_manager, seen=0)


def test_a_day_before_values_that_are_decided_already_is_refused(people):
    set_now(people, people.south, dt.date(2026, 5, 1), 店长起点="1800元")

    assert "2026-05-01" in refused_values(people)
    assert the_values(people, effective_on=dt.date(2026, 5, 1)).state == "DRAFT"


def test_values_that_somebody_set_meanwhile_are_seen_when_approving(people, head):
    revision = the_values(people)
    approval = hand_in(revision, head)
    decide(approval, head)
    actions.set_parameters(
        key=KEY, unit=people.south, values={"经理起点": "400元"}, by=people.administrator.party, now=at(10, 9)
    )

    with pytest.raises(approvals.CannotApprove):
        decide(approval, people.general_manager, now=at(11, 9))

    assert UnitValues.objects.count() == 1


# ---- a new text and the values of units


NARROW = [("| 店长起点 | 2000元 | [1500..2500]", "| 店长起点 | 2000元 | [1800..2500]")]


def test_a_unit_whose_value_falls_out_of_the_new_range_is_named_and_blocks(people, head):
    set_now(people, people.south, 店长起点="1600元")
    set_now(people, people.north, 店长起点="1800元")
    revision = a_text(people, *NARROW)

    found = actions.checks(revision, APRIL)

    assert [one.unit for one in found.out_of_range] == [people.south]
    assert ["南湖店" in line for line in refused(revision, head)] == [True]


def test_values_to_come_are_asked_too(people, head):
    set_now(people, people.south, dt.date(2026, 6, 1), 店长起点="1600元")

    assert ["2026-06-01" in line for line in refused(a_text(people, *NARROW), head)] == [True]


def test_a_text_that_narrows_the_range_meanwhile_stops_the_values(people, head):
    values = the_values(people)
    approval = hand_in(values, head)
    decide(approval, head)
    agreed(people, head, a_text(people, *NARROW))

    with pytest.raises(approvals.CannotApprove):
        decide(approval, people.general_manager)

    assert not UnitValues.objects.exists()


# ---- before the day


def test_values_are_withdrawn_and_those_decided_before_for_the_same_day_hold_again(people, head):
    agreed(people, head, the_values(people))
    second = agreed(people, head, the_values(people, values={"店长起点": "1600元"}))
    assert UnitValues.objects.get().parameters == {"店长起点": "1600元"}

    actions.withdraw(what=second, reason="重复", by=people.store_manager.party, now=at(31, 9))
    assert UnitValues.objects.get().parameters == {"店长起点": "1500元"}
    with pytest.raises(actions.CannotWithdraw):
        actions.withdraw(what=second, reason="重复", by=people.store_manager.party, now=at(31, 9))
    first = Revision.objects.get(state="PUBLISHED")
    with pytest.raises(actions.CannotWithdraw):
        actions.withdraw(what=first, reason="晚了", by=people.store_manager.party, now=at(1, 9, month=4))
    actions.withdraw(what=first, reason="不改了", by=people.store_manager.party, now=at(31, 9))

    assert not UnitValues.objects.exists()
    assert figure(people.south, at(1, 9, month=4)) == "2000元"


def moved(revision, now):
    found = queries.moved_values(revision, now.date())
    return [("".join(p.text for p in one.old), "".join(p.text for p in one.new)) for one in found]


def test_a_published_change_is_compared_with_what_it_replaced_whatever_is_decided_later(people, head):
    first = agreed(people, head, the_values(people))  # 2000 → 1500 from 1 April
    second = agreed(people, head, the_values(people, values={"店长起点": "1800元"}))  # for the same day
    later = agreed(
        people, head, the_values(people, values={"店长起点": "2200元"}, effective_on=MAY), effective_on=MAY
    )

    for now in (at(12, 9), at(2, 9, month=4), at(2, 9, month=6)):
        assert moved(first, now) == [("2000元", "1500元")]
        assert moved(second, now) == [("1500元", "1800元")]
        assert moved(later, now) == [("1800元", "2200元")]


def test_a_change_on_its_way_is_compared_with_what_will_hold_on_its_day(people, head):
    agreed(people, head, the_values(people))  # 1500 from 1 April
    draft = the_values(people, values={"店长起点": "1800元"}, effective_on=MAY)

    assert moved(draft, at(12, 9)) == [("1500元", "1800元")]


def test_the_cases_behind_a_back_test_are_found_when_the_change_is_in_force(people, head):
    case = a_complaint(people, value=1600, now=at(2, 9))
    revision = the_values(people)
    given = {"revision": revision, "since": dt.date(2026, 3, 1), "until": dt.date(2026, 3, 31)}
    tried = actions.ask_backtest(**given, by=people.general_manager.party, now=at(12, 9))
    agreed(people, head, revision)

    scope = trying.scope_in(tried.reach)
    found = queries.cases_behind(f"{tried.pk}-0", Complaint.objects.all(), scope, dt.date(2026, 4, 2))

    assert found is not None
    assert list(found) == [case]


def test_values_get_a_later_day_but_not_past_others_that_are_decided(people, head):
    first = agreed(people, head, the_values(people))
    agreed(people, head, the_values(people, values={"店长起点": "1600元"}, effective_on=dt.date(2026, 5, 1)),
           effective_on=dt.date(2026, 5, 1))  # fmt: skip
    by = people.store_manager.party

    with pytest.raises(actions.CannotPostpone):
        actions.postpone(what=first, effective_on=dt.date(2026, 5, 1), by=by, now=MONDAY)
    actions.postpone(what=first, effective_on=dt.date(2026, 4, 15), by=by, now=MONDAY)

    assert [figure(people.south, at(day, 9, month=4)) for day in (14, 15)] == ["2000元", "1500元"]
    first.refresh_from_db()
    assert first.effective_on == dt.date(2026, 4, 15)


# ---- where units differ


def test_the_table_of_differences_says_what_is_inherited_own_since_when_and_coming(people):
    set_now(people, people.mall, 店长起点="1800元")
    set_now(people, people.south, 店长起点="1600元", 首次回应期限="20分钟")
    set_now(people, people.south, APRIL, 店长起点="1500元")

    found = {
        (one.unit.code, one.name): (one.manual, one.above, one.own, one.since, one.coming)
        for one in queries.unit_differences(dt.date(2026, 3, 9))
    }

    today = dt.date(2026, 3, 9)
    assert found == {
        ("mall", "店长起点"): ("2000元", "2000元", "1800元", today, ()),
        ("south", "店长起点"): ("2000元", "1800元", "1600元", today, ((APRIL, "1500元"),)),
        ("south", "首次回应期限"): ("30分钟", "30分钟", "20分钟", today, ((APRIL, ""),)),
    }
    inforce.forget()
    assert queries.unit_differences(dt.date(2026, 3, 8)) != []
    assert ManualVersion.objects.count() == 1
