"""Grades as rulings: the four classifications, A to E, confirmation, decisions, history."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest

from zhike.customers.grading import actions, queries
from zhike.customers.models import Grade
from zhike.kernel.audit.models import Entry
from zhike.kernel.policy.models import Ruling
from zhike.people.tests.factories import MONDAY

from .factories import a_customer
from .grading import in_force, with_facts

pytestmark = pytest.mark.django_db
TODAY = MONDAY.date()
DAY = dt.timedelta(days=1)


@pytest.fixture
def customer(cast):
    in_force(cast.mall)
    return a_customer(cast.south, cast.specialist)


def value(customer, dimension: str, now=MONDAY, **columns) -> str:
    with_facts(customer, **columns)
    return actions.regrade(customer=customer, dimension=dimension, by=None, now=now).value


@pytest.mark.rule("R001-118", "T001-06", "S001-047")
@pytest.mark.parametrize(
    ("deals", "negotiating", "expected"),
    [(1, False, "DEALT"), (1, True, "DEALT"), (0, True, "NEGOTIATING"), (0, False, "POTENTIAL")],
)
def test_the_deal_state_follows_from_deals_and_talks(customer, deals, negotiating, expected):
    assert value(customer, "deal_state", total_orders=deals, is_negotiating=negotiating) == expected


@pytest.mark.rule("R001-119", "T001-06")
@pytest.mark.parametrize(
    ("amount", "expected"),
    [("99999.99", "UNIMPORTANT"), ("100000", "IMPORTANT"), (None, "UNIMPORTANT")],
)
def test_importance_is_measured_by_the_possible_amount(customer, amount, expected):
    assert value(customer, "importance", possible_amount=amount and Decimal(amount)) == expected


@pytest.mark.rule("S002-35", "ST002-63")
@pytest.mark.parametrize(
    ("area", "expected"), [("华东", "EAST"), ("西南", "WEST"), ("湖滨片区", "OPEN"), ("", "OPEN")]
)
def test_the_sales_region_follows_from_the_area_on_the_file(customer, area, expected):
    customer.region = area
    customer.save(update_fields=["region"])

    assert value(customer, "region") == expected


@pytest.mark.rule("R001-120", "T001-05")
@pytest.mark.parametrize(
    ("day", "expected"),
    [
        (TODAY - DAY, "URGENT"),
        (TODAY + 7 * DAY, "URGENT"),
        (TODAY + 8 * DAY, "LESS_URGENT"),
        (dt.date(2026, 4, 9), "LESS_URGENT"),
        (dt.date(2026, 4, 10), "NOT_URGENT"),
        (dt.date(2026, 6, 9), "NOT_URGENT"),
        (dt.date(2026, 6, 10), "POTENTIAL"),
        (None, "POTENTIAL"),
    ],
)
def test_urgency_is_the_time_until_handling(customer, day, expected):
    assert value(customer, "urgency", deal_expected_on=day) == expected


@pytest.mark.rule("R001-121", "T001-06")
@pytest.mark.parametrize(
    ("need", "expected"), [("CLEAR", "TARGET"), ("LATENT", "POTENTIAL"), ("NONE", "DEAD"), ("", "POTENTIAL")]
)
def test_the_class_by_need(customer, need, expected):
    assert value(customer, "need", need=need) == expected


@pytest.mark.rule(
    "R001-122", "R001-123", "R001-124", "R001-125", "R001-126", "T001-04", "S001-048", "R000-12", "S000-15"
)
@pytest.mark.parametrize(
    ("need", "day", "grade", "journal", "cadence"),
    [
        ("CLEAR", dt.date(2026, 4, 9), "A", "日志", "每天"),
        ("CLEAR", dt.date(2026, 4, 10), "B", "周志", "每周至少1次"),
        ("CLEAR", dt.date(2026, 6, 9), "B", "周志", "每周至少1次"),
        ("CLEAR", dt.date(2026, 6, 10), "C", "半月志", "每15天"),
        ("CLEAR", dt.date(2026, 9, 9), "C", "半月志", "每15天"),
        ("CLEAR", dt.date(2026, 9, 10), "D", "月志", "每30天至少1次"),
        ("LATENT", dt.date(2026, 3, 10), "D", "月志", "每30天至少1次"),
        ("NONE", None, "E", "年志", "每年至少1次"),
    ],
)
def test_the_grade_follows_from_need_and_expected_deal(customer, need, day, grade, journal, cadence):
    assert value(customer, "grade", need=need, deal_expected_on=day) == grade

    ruling = Ruling.objects.get(pk=Grade.objects.get(dimension="grade").ruling_id)
    assert (ruling["journal"], ruling["cadence"]) == (journal, cadence)


def test_the_same_ruling_writes_no_second_row(customer):
    first = actions.regrade(customer=customer, dimension="grade", by=None, now=MONDAY)
    again = actions.regrade(customer=customer, dimension="grade", by=None, now=MONDAY + DAY)

    assert again == first
    assert Grade.objects.count() == 1
    assert Entry.objects.filter(code="customers.graded").count() == 1


def test_a_change_ends_the_old_row_and_keeps_it(customer, cast):
    old = actions.regrade(customer=customer, dimension="grade", by=None, now=MONDAY)
    with_facts(customer, need="CLEAR", deal_expected_on=TODAY + 3 * DAY)

    new = actions.regrade(customer=customer, dimension="grade", by=None, now=MONDAY + DAY)

    old.refresh_from_db()
    assert (old.value, old.until) == ("D", MONDAY + DAY)
    assert (new.value, new.since, new.until, new.origin, new.clause) == (
        "A",
        MONDAY + DAY,
        None,
        "RULED",
        "二(一)",
    )
    assert queries.current(customer) == {"grade": new}
    assert [one.value for one in queries.history(customer, "grade")] == ["A", "D"]


def test_a_person_confirms_what_the_manual_says(customer, cast):
    actions.regrade(customer=customer, dimension="grade", by=None, now=MONDAY)
    by = cast.specialist.party

    confirmed = actions.regrade(customer=customer, dimension="grade", by=by, now=MONDAY + DAY, value="D")

    assert (confirmed.origin, confirmed.by, Grade.objects.count()) == ("CONFIRMED", by, 2)


def test_a_person_decides_otherwise_only_with_a_reason(customer, cast):
    by = cast.specialist.party
    with pytest.raises(actions.CannotGrade, match="Say why"):
        actions.regrade(customer=customer, dimension="grade", by=by, now=MONDAY, value="B")
    assert not Grade.objects.exists()

    decided = actions.regrade(
        customer=customer, dimension="grade", by=by, now=MONDAY, value="B", reason="招标在即"
    )

    assert (decided.value, decided.origin, decided.reason) == ("B", "DECIDED", "招标在即")


def test_a_decision_holds_until_its_last_day(customer, cast):
    actions.regrade(
        customer=customer,
        dimension="grade",
        by=cast.specialist.party,
        now=MONDAY,
        value="B",
        reason="招标在即",
        valid_to=TODAY + DAY,
    )

    on_the_day = actions.regrade(customer=customer, dimension="grade", by=None, now=MONDAY + DAY)
    after = actions.regrade(customer=customer, dimension="grade", by=None, now=MONDAY + 2 * DAY)

    assert (on_the_day.value, after.value) == ("B", "D")


def test_a_word_that_the_manual_does_not_know_is_refused(customer, cast):
    with pytest.raises(actions.CannotGrade, match="no value of this dimension"):
        actions.regrade(
            customer=customer, dimension="grade", by=cast.specialist.party, now=MONDAY, value="F", reason="?"
        )


def test_without_a_manual_nobody_is_graded(cast):
    customer = a_customer(cast.fruit, cast.fruit_manager)

    with pytest.raises(actions.CannotGrade, match="No manual in force"):
        actions.regrade(customer=customer, dimension="grade", by=None, now=MONDAY)


def test_words_are_those_of_the_manual_in_force(customer):
    assert [code for code, _label in queries.words(customer, "grade")] == ["A", "B", "C", "D", "E"]
    assert queries.words(customer, "tenant") == []


@pytest.mark.rule("F001-36")
def test_noted_facts_change_every_grade_at_once(customer, cast):
    graded = actions.note(
        customer=customer,
        by=cast.specialist.party,
        now=MONDAY,
        need="CLEAR",
        deal_expected_on=TODAY + 5 * DAY,
        possible_amount=Decimal(200000),
        is_negotiating=True,
    )

    assert {one.dimension: one.value for one in graded} == {
        "grade": "A",
        "rank": "R4",
        "deal_state": "NEGOTIATING",
        "importance": "IMPORTANT",
        "urgency": "URGENT",
        "need": "TARGET",
        "region": "OPEN",
    }


def test_a_dead_customer_has_no_day_of_a_deal(customer, cast):
    with pytest.raises(actions.CannotGrade, match="no day of a deal"):
        actions.note(
            customer=customer, by=cast.specialist.party, now=MONDAY, need="NONE", deal_expected_on=TODAY
        )
    assert not Grade.objects.exists()


# --- proposal and approval


@pytest.mark.rule("FM002-07")
def test_a_proposal_becomes_a_grade_when_another_approves_it(customer, cast):
    actions.regrade(customer=customer, dimension="grade", by=None, now=MONDAY)
    proposal = actions.propose(
        customer=customer,
        dimension="grade",
        value="B",
        reason="新厂开工",
        by=cast.specialist.party,
        now=MONDAY,
        valid_to=TODAY + 90 * DAY,
    )
    with pytest.raises(actions.CannotGrade, match="Somebody else"):
        actions.approve(proposal=proposal, by=cast.specialist.party, now=MONDAY)

    grade = actions.approve(proposal=proposal, by=cast.manager.party, now=MONDAY + DAY, opinion="同意")

    proposal.refresh_from_db()
    assert (proposal.state, proposal.before, proposal.decided_by) == ("APPROVED", "D", cast.manager.party)
    assert (grade.value, grade.by, grade.approved_by, grade.valid_to) == (
        "B",
        cast.specialist.party,
        cast.manager.party,
        TODAY + 90 * DAY,
    )


@pytest.mark.rule("FM002-07")
def test_a_proposal_is_refused_with_a_reason_and_decided_once(customer, cast):
    said = {"customer": customer, "dimension": "grade", "value": "B", "reason": "新厂开工"}
    proposal = actions.propose(**said, by=cast.specialist.party, now=MONDAY)
    with pytest.raises(actions.CannotGrade, match="waiting"):
        actions.propose(**said, by=cast.manager.party, now=MONDAY)
    with pytest.raises(actions.CannotGrade, match="Say why"):
        actions.refuse(proposal=proposal, by=cast.manager.party, now=MONDAY, opinion=" ")

    actions.refuse(proposal=proposal, by=cast.manager.party, now=MONDAY, opinion="没有依据")

    with pytest.raises(actions.CannotGrade, match="decided already"):
        actions.approve(proposal=proposal, by=cast.manager.party, now=MONDAY)
    assert not Grade.objects.exists()
