"""Findings about staff and what follows (R001-102, R001-109..112, T001-02), as the regulation of the mall says."""

import datetime as dt

import pytest

from zhike.complaints import actions
from zhike.complaints.models import Fault, Penalty
from zhike.kernel.policy.models import Ruling

from .factories import a_complaint, a_fault, at, set_values

pytestmark = pytest.mark.django_db


def ignored(people, day, **more):
    return a_fault(people, offence="IGNORED", happened_on=day, **more).penalty


def complained_of(people, day, **more):
    """The penalty that this finding has led to, None without one."""
    return Penalty.objects.filter(fault=a_fault(people, happened_on=day, **more)).first()


def counted():
    """The how-manieth each finding was, as the manual was asked."""
    return [
        ruling.facts["次数"] for ruling in Ruling.objects.filter(question="complaint.penalty").order_by("id")
    ]


def said(penalty):
    return penalty.count, penalty.allowance, penalty.measure, penalty.deducts, penalty.clause


MARCH = [dt.date(2026, 3, day) for day in (2, 3, 4, 5)]


@pytest.mark.rule("R001-102")
def test_a_quarrel_with_a_customer_is_a_breach_on_record_each_time(people):
    first = a_fault(people, offence="QUARREL").penalty
    second = a_fault(people, offence="QUARREL").penalty

    assert said(first) == (1, "NOT_STATED", "BREACH", False, "总则")
    assert said(second) == (2, "NOT_STATED", "BREACH", False, "总则")
    assert first.person == people.employee.party


@pytest.mark.rule("S001-046", "R001-109", "R001-110", "R001-111", "T001-02")
def test_ignoring_a_complaint_costs_the_allowance_twice_and_the_place_the_third_time(people):
    days = [dt.date(2026, 1, 31), dt.date(2026, 2, 1), dt.date(2026, 3, 2), dt.date(2026, 3, 3)]

    found = [ignored(people, day) for day in days]

    assert [said(penalty) for penalty in found] == [
        (1, "DEDUCTED", "WARNING", True, "三(三)"),
        (2, "DEDUCTED", "MAJOR_DEMERIT", True, "三(三)"),
        (3, "NOT_STATED", "DISMISSAL", False, "三(三)"),
        (4, "NOT_STATED", "DISMISSAL", False, "三(三)"),
    ]
    assert [penalty.month for penalty in found] == [day.replace(day=1) for day in days]


@pytest.mark.rule("R001-110")
@pytest.mark.parametrize(("earlier", "count"), [(dt.date(2025, 3, 31), 2), (dt.date(1998, 5, 4), 2)])
def test_ignoring_is_counted_over_the_whole_employment(people, earlier, count):
    """A001-08."""
    ignored(people, earlier)

    assert ignored(people, dt.date(2026, 3, 9)).count == count


@pytest.mark.rule("R001-110")
@pytest.mark.parametrize(("earlier", "count"), [(dt.date(2026, 2, 1), 2), (dt.date(2026, 1, 31), 1)])
def test_the_window_of_counting_is_a_parameter_of_the_store(people, earlier, count):
    set_values(people, people.south, 置之不理计数月数="2")
    ignored(people, earlier)

    assert ignored(people, dt.date(2026, 3, 31)).count == count


@pytest.mark.rule("S001-046", "R001-112", "T001-02")
def test_complained_of_once_in_a_month_has_no_consequence_and_twice_has(people):
    once, twice = (complained_of(people, day) for day in MARCH[:2])

    assert once is None
    ruling = Ruling.objects.filter(question="complaint.penalty").earliest("id")
    assert (ruling.outcome, ruling.clause) == ({"allowance": "KEPT", "measure": "NONE"}, "三(四)")
    assert said(twice) == (2, "DEDUCTED", "ADMIN_WARNING", True, "三(四)")


@pytest.mark.rule("R001-112")
def test_the_allowance_of_a_month_is_deducted_once_however_many_complaints_there_are(people):
    _once, *found = (complained_of(people, day) for day in MARCH)

    assert [penalty.deducts for penalty in found] == [True, False, False]
    assert [penalty.measure for penalty in found] == ["ADMIN_WARNING"] * 3


@pytest.mark.rule("R001-109", "R001-112")
def test_two_offences_in_a_month_deduct_its_allowance_once(people):
    first = ignored(people, MARCH[0])
    complained_of(people, MARCH[1])
    second = complained_of(people, MARCH[2])

    assert (first.deducts, second.deducts) == (True, False)
    assert second.allowance == "DEDUCTED"


@pytest.mark.rule("R001-112")
def test_the_next_month_starts_anew(people):
    last = [complained_of(people, dt.date(2026, 3, day)) for day in (30, 31)][-1]

    april = [complained_of(people, dt.date(2026, 4, day)) for day in (1, 2)]

    assert (last.count, last.deducts) == (2, True)
    assert april[0] is None
    assert (april[1].count, april[1].deducts) == (2, True)
    assert counted() == [1, 2, 1, 2]


@pytest.mark.rule("R001-112")
def test_a_complaint_that_was_not_confirmed_counts_for_nothing(people):
    a_fault(people, happened_on=MARCH[0], confirmed=False)

    complained_of(people, MARCH[1])

    assert counted() == [1]
    assert Penalty.objects.count() == 0


@pytest.mark.rule("R001-112")
def test_each_person_is_counted_alone(people):
    a_fault(people, people.taker.party, happened_on=MARCH[0])

    complained_of(people, MARCH[1])

    assert counted() == [1, 1]


@pytest.mark.rule("R001-112")
def test_the_finding_of_a_voided_registration_does_not_count(people):
    wrong = a_complaint(people)
    complained_of(people, MARCH[0], complaint=wrong)
    actions.void(complaint=wrong, by=people.manager.party, now=at(9, 11), reason="登记两次")

    complained_of(people, MARCH[1])

    assert counted() == [1, 1]


@pytest.mark.rule("R001-112")
def test_a_finding_is_recorded_once_for_a_complaint(people):
    complaint = a_complaint(people)
    ignored(people, MARCH[0], complaint=complaint)

    with pytest.raises(actions.CannotJudge):
        ignored(people, MARCH[0], complaint=complaint)

    assert (Fault.objects.count(), Penalty.objects.count()) == (1, 1)


@pytest.mark.rule("R001-112")
def test_a_dropped_deduction_passes_to_the_next_finding_of_the_month(people):
    second = [complained_of(people, day) for day in MARCH[:2]][-1]
    third = complained_of(people, MARCH[2])
    manager = people.store_manager.party

    actions.decide_penalty(penalty=second, impose=False, opinion="证据不足", by=manager, now=at(9, 12))

    third.refresh_from_db()
    assert (second.state, third.deducts) == ("DROPPED", True)
    assert not complained_of(people, MARCH[3]).deducts
