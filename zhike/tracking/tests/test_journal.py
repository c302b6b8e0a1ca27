"""Journals by grade, the decision on the grade at each entry, the next date from the new grade (D10)."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db.models import F

from zhike.customers.grading import queries as grades
from zhike.customers.models import Grade, Interaction
from zhike.kernel.duties.models import Duty
from zhike.kernel.parties.scope import EVERYTHING
from zhike.people.tests.factories import MONDAY
from zhike.tracking import actions, cadence, queries
from zhike.tracking.models import JournalEntry, Observation, Plan
from zhike.tracking.wording import words_of

from .factories import DAY, a_customer, a_plan


def enter(cast, customer, grade="A", now=MONDAY, **more) -> JournalEntry:
    given = {"way": "PHONE", "reason": "客户来电说明"} | more
    return actions.enter(customer=customer, grade=grade, by=cast.specialist.party, now=now, **given)


def owed(plan: Plan | int) -> dict[str, Duty]:
    pk = plan if isinstance(plan, int) else plan.pk
    return {row.kind: row for row in Duty.objects.open().filter(subject_label="tracking.Plan", subject_id=pk)}


@pytest.mark.rule("R001-127", "R001-128", "R001-129", "R001-130", "R001-131", "R001-132", "T001-04")
@pytest.mark.parametrize(
    ("grade", "journal", "days"),
    [("A", "DAY", 1), ("B", "WEEK", 7), ("C", "HALF_MONTH", 15), ("D", "MONTH", 30), ("E", "YEAR", 365)],
)
def test_the_journal_and_its_cadence_follow_the_grade(cast, grade, journal, days):
    plan = a_plan(cast, a_customer(cast, grade=grade))

    duty = owed(plan)[f"tracking.{journal.lower()}"]
    assert plan.journal == journal
    assert (duty.due_at.date() - MONDAY.date()).days == days
    assert duty.owner == cast.specialist.party
    assert not duty.is_late(duty.due_at)
    assert duty.is_late(duty.due_at + dt.timedelta(seconds=1))


def test_a_customer_without_a_grade_is_tracked_by_the_month(cast):
    assert a_plan(cast).journal == "MONTH"


@pytest.mark.rule("R001-133", "F001-37")
def test_an_entry_sets_the_next_date_by_the_new_grade_at_once(cast):
    customer = a_customer(cast, grade="D")
    plan = a_plan(cast, customer)

    entry = enter(cast, customer, grade="A", progress="要看样机", next_step="周二送样")

    plan.refresh_from_db()
    assert (entry.grade_before, entry.grade_after) == ("D", "A")
    assert (entry.journal, entry.next_journal) == ("MONTH", "DAY")
    assert grades.current(customer)["grade"].value == "A"
    assert set(owed(plan)) >= {"tracking.day"}
    assert "tracking.month" not in owed(plan)
    assert owed(plan)["tracking.day"].due_at == entry.next_at == plan.next_at
    assert (entry.next_at.date() - MONDAY.date()).days == 1
    assert Interaction.objects.get(pk=entry.pk).customer == customer


@pytest.mark.rule("R001-133")
@pytest.mark.parametrize("grade", ["", "Z"])
def test_no_entry_is_saved_without_a_grade_of_the_regulation(cast, grade):
    customer = a_customer(cast, grade="B")
    plan = a_plan(cast, customer)

    with pytest.raises(actions.CannotEnter):
        enter(cast, customer, grade=grade)

    assert JournalEntry.objects.count() == Interaction.objects.count() == 0
    assert owed(plan)["tracking.week"].state == "OPEN"


@pytest.mark.rule("R001-133")
def test_another_grade_than_the_ruling_needs_a_reason(cast):
    customer = a_customer(cast)

    with pytest.raises(actions.CannotEnter):
        enter(cast, customer, grade="A", reason="")

    assert JournalEntry.objects.count() == 0


@pytest.mark.rule("R001-133")
def test_what_a_person_decided_is_confirmed_without_saying_why_again(cast):
    customer = a_customer(cast, grade="B")

    enter(cast, customer, grade="B", reason="")

    grade = grades.current(customer)["grade"]
    assert (grade.value, grade.reason, grade.by) == ("B", "面谈", cast.specialist.party)
    with pytest.raises(actions.CannotEnter):
        enter(cast, customer, grade="A", reason="")


@pytest.mark.rule("R001-133")
@pytest.mark.parametrize(("days", "refused"), [(0, False), (1, True)])
def test_a_decision_that_has_run_out_needs_its_reason_anew(cast, days, refused):
    customer = a_customer(cast, grade="B")
    today = MONDAY.date()
    Grade.objects.filter(customer=customer).update(valid_to=today)
    now = MONDAY + days * DAY

    if refused:
        with pytest.raises(actions.CannotEnter):
            enter(cast, customer, grade="B", reason="", now=now)
    else:
        enter(cast, customer, grade="B", reason="", now=now)
        assert grades.current(customer)["grade"].valid_to == today


@pytest.mark.rule("R001-133", "R000-11")
def test_an_entry_that_comes_late_stays_late(cast):
    customer = a_customer(cast, grade="B")
    plan = a_plan(cast, customer)
    due = owed(plan)["tracking.week"]

    on_time = due.due_at
    entry = enter(cast, customer, grade="B", now=on_time + DAY)

    due.refresh_from_db()
    assert entry.was_late
    assert due.state == "DONE"
    assert due.is_late(on_time + 90 * DAY)
    assert owed(plan)["tracking.week"].due_at > on_time + 7 * DAY


def test_an_entry_in_time_is_not_late(cast):
    customer = a_customer(cast, grade="B")
    plan = a_plan(cast, customer)

    entry = enter(cast, customer, grade="B", now=owed(plan)["tracking.week"].due_at)

    assert not entry.was_late


@pytest.mark.rule("R001-133")
def test_the_form_offers_each_grade_with_the_date_it_would_set(cast):
    offered = {one.code: one for one in cadence.choices(a_customer(cast), MONDAY)}

    days = {code: (one.next_at.date() - MONDAY.date()).days for code, one in offered.items()}
    assert days == {"A": 1, "B": 7, "C": 15, "D": 30, "E": 365}


@pytest.mark.rule("R002-086", "R002-150")
def test_calls_and_visits_return_at_intervals_of_the_grade(cast):
    plan = a_plan(cast, a_customer(cast, grade="A"))

    kept = owed(plan)
    assert {kind: duty.limit for kind, duty in kept.items()} == {
        "tracking.day": "1天内", "tracking.phone": "7天内", "tracking.visit": "30天内",
    }  # fmt: skip
    assert cadence.Cadences(MONDAY.date()).of(cast.south.pk, "A").ways == ("VISIT", "PHONE")
    assert cadence.Cadences(MONDAY.date()).of(cast.south.pk, "E").ways == ("MESSAGE", "LETTER")


@pytest.mark.rule("R002-086")
@pytest.mark.parametrize(
    ("way", "done"),
    [("PHONE", {"tracking.phone"}), ("VISIT", {"tracking.phone", "tracking.visit"}), ("LETTER", set())],
)
def test_a_call_or_visit_sets_its_own_next_date(cast, way, done):
    customer = a_customer(cast, grade="B")
    plan = a_plan(cast, customer)
    before = owed(plan)

    enter(cast, customer, grade="B", now=MONDAY + 3 * DAY, way=way)

    after = owed(plan)
    moved = {
        kind for kind in ("tracking.phone", "tracking.visit") if after[kind].due_at > before[kind].due_at
    }
    assert moved == done


@pytest.mark.rule("R001-133", "R000-11")
def test_a_late_visit_stays_owed_when_the_grade_changes(cast):
    customer = a_customer(cast, grade="B")
    plan = a_plan(cast, customer)
    visit = owed(plan)["tracking.visit"]
    later = visit.due_at + DAY

    enter(cast, customer, grade="D", now=later)

    assert owed(plan)["tracking.visit"].pk == visit.pk
    assert owed(plan)["tracking.visit"].is_late(later)


@pytest.mark.rule("R002-086", "R002-101")
def test_a_change_in_needs_is_recorded_with_the_measure(cast):
    customer = a_customer(cast, grade="B")

    enter(cast, customer, grade="B", need_change="要求每周送货", measure="与仓库商定周四")

    row = Observation.objects.get()
    assert (row.kind, row.text, row.measure) == ("NEED", "要求每周送货", "与仓库商定周四")
    assert row.interaction.journal_entry.grade_after == "B"


@pytest.mark.rule("R001-117", "R001-134", "R002-101")
def test_the_regulation_names_three_parts_and_three_demands(cast):
    assert len(words_of("DEMANDS", cast.south.pk, MONDAY)) == 3
    assert [code for code, _label in words_of("CHECKS", cast.south.pk, MONDAY)] == [
        "HEARD",
        "ASKED",
        "CONFIRMED",
        "AGREED",
    ]


def test_a_thousand_plans_are_opened_with_few_statements(cast, django_assert_max_num_queries):
    customers = [a_customer(cast, name=f"客户{n}", phone=f"1390000{n:04}") for n in range(40)]

    with django_assert_max_num_queries(25):
        plans = actions.open_plans(customers=customers, by=cast.supervisor.party, now=MONDAY)

    assert len(plans) == 40
    assert Duty.objects.open().filter(kind="tracking.month").count() == 40
    assert Plan.objects.filter(next_at=None).count() == 0
    assert actions.open_plans(customers=customers, by=cast.supervisor.party, now=MONDAY) == []


@pytest.mark.rule("R001-127", "R001-128", "R001-129", "R001-130", "R001-131")
def test_each_journal_has_its_due_list_the_most_urgent_first(cast):
    for grade in "ABCDE":
        a_plan(cast, a_customer(cast, name=f"客户{grade}", grade=grade, phone=f"1380000111{ord(grade) % 10}"))

    rows = queries.due(EVERYTHING)
    for journal, kind in queries.JOURNAL_KINDS.items():
        assert rows.filter(kind=kind).count() == 1, journal
    assert [row.pk for row in rows] == [row.pk for row in rows.order_by(F("due_at"), "id")]
