"""All customers graded at once, with history; a changed manual tried on the grades in force."""

from __future__ import annotations

import datetime as dt

import pytest

from zhike.customers.grading import actions
from zhike.customers.models import Customer, Grade
from zhike.kernel.audit.models import Entry
from zhike.kernel.parties.scope import EVERYTHING, Scope
from zhike.kernel.policy.models import ManualVersion
from zhike.kernel.policy.trials.database import try_out
from zhike.manuals import actions as manuals
from zhike.manuals import trying
from zhike.people.tests.factories import MONDAY

from .factories import a_customer
from .grading import in_force, text_of, with_facts

pytestmark = pytest.mark.django_db
DAY = dt.timedelta(days=1)
TODAY = MONDAY.date()


@pytest.fixture
def people(cast):
    """Three customers: A by now, D, and one whom a person holds at B."""
    in_force(cast.mall)
    clear, bare, held = (
        a_customer(cast.south, cast.specialist, name, f"1380000567{n}")
        for n, name in enumerate(("甲", "乙", "丙"))
    )
    for one in (clear, bare, held):
        actions.regrade(customer=one, dimension="grade", by=None, now=MONDAY)
    actions.regrade(
        customer=held,
        dimension="grade",
        by=cast.specialist.party,
        now=MONDAY + DAY,
        value="B",
        reason="招标在即",
    )
    with_facts(clear, need="CLEAR", deal_expected_on=TODAY + 9 * DAY)
    return clear, bare, held


def current(dimension="grade") -> dict[str, str]:
    rows = Grade.objects.filter(dimension=dimension, until=None)
    return dict(rows.values_list("customer__name", "value"))


def test_only_what_changes_gets_a_new_row(people, cast):
    clear, _bare, _held = people
    later = MONDAY + 2 * DAY

    found = actions.regrade_many(dimension="grade", now=later)

    assert (found.customers, found.changed) == (3, 1)
    assert current() == {"甲": "A", "乙": "D", "丙": "B"}
    rows = list(Grade.objects.filter(customer=clear, dimension="grade").order_by("since"))
    assert [(one.value, one.since, one.until) for one in rows] == [
        ("D", MONDAY, later),
        ("A", later, None),
    ]
    assert (rows[1].origin, rows[1].clause, rows[1].row) == ("RULED", "二(一)", 2)
    assert Entry.objects.get(code="customers.regraded").after["changed"] == 1


def test_a_second_run_changes_nothing(people):
    actions.regrade_many(dimension="grade", now=MONDAY + 2 * DAY)

    assert actions.regrade_many(dimension="grade", now=MONDAY + 3 * DAY).changed == 0


def test_who_has_no_value_and_no_profile_gets_the_first(people, cast):
    new = a_customer(cast.north, cast.stranger, "丁", "13900001234")
    assert not hasattr(Customer.objects.get(pk=new.pk), "profile")

    found = actions.regrade_many(dimension="rank", now=MONDAY)

    assert (found.customers, found.changed) == (4, 4)
    assert set(current("rank").values()) == {"R4"}


def test_units_without_a_manual_are_named_and_left(people, cast):
    a_customer(cast.fruit, cast.fruit_manager, "戊", "13700001234")

    found = actions.regrade_many(dimension="grade", now=MONDAY + 2 * DAY)

    assert found.units_without_manual == [cast.fruit.pk]
    assert "戊" not in current()


def test_a_unit_can_be_graded_alone(people, cast):
    a_customer(cast.north, cast.stranger, "丁", "13900001234")

    found = actions.regrade_many(dimension="grade", now=MONDAY + 2 * DAY, unit=cast.north)

    assert (found.customers, found.changed) == (1, 1)
    assert current()["甲"] == "D"


def test_one_by_one_and_all_at_once_agree(people, cast):
    manuals.publish_and_install(text=text_of("customer-lifecycle"), unit=cast.mall, by=None, now=MONDAY)
    clear, bare, held = people
    with_facts(clear, spend=600000, orders=4, total_orders=4, silent_days=20)
    with_facts(bare, spend=30000, orders=1, total_orders=2, silent_days=80, need="LATENT")
    with_facts(held, spend=2000, orders=1, total_orders=1, silent_days=300)

    actions.regrade_many(dimension="segment", now=MONDAY)
    actions.regrade_many(dimension="stage", now=MONDAY)
    at_once = current("segment"), current("stage")
    Grade.objects.filter(dimension__in=["segment", "stage"]).delete()
    for one in people:
        for dimension in ("segment", "stage"):
            actions.regrade(customer=one, dimension=dimension, by=None, now=MONDAY)

    assert at_once == (current("segment"), current("stage"))
    assert at_once == (
        {"甲": "LOYAL", "乙": "GROWTH", "丙": "ORDINARY"},
        {"甲": "RETAIN", "乙": "GROW", "丙": "SERVE"},
    )


# --- a change is tried before it is published


def test_a_changed_figure_is_tried_on_the_grades_in_force(people, cast):
    clear, bare, _held = people
    with_facts(clear, spend=600000)
    with_facts(bare, spend=90000)
    actions.regrade_many(dimension="rank", now=MONDAY)
    version = ManualVersion.objects.get(key="customer-grading")

    trial = trying.trial_of_values(
        version, cast.mall, {"三级起点": "80000元"}, TODAY - 90 * DAY, TODAY + DAY, TODAY
    )
    result = try_out(trial, EVERYTHING)

    table = next(one for one in result["tables"] if one["question"] == "customer.rank")
    assert (table["total"], table["changed"]) == (3, 1)
    change = table["changes"][0]
    names = [one["en"].split(",")[0] for one in table["outcomes"]]
    assert (names[change["old"]], names[change["new"]]) == ("Fourth rank", "Third rank")
    assert [one["id"] for one in change["examples"]] == [
        Grade.objects.get(customer=bare, dimension="rank").pk
    ]


def test_a_trial_counts_only_customers_in_sight(people, cast):
    actions.regrade_many(dimension="rank", now=MONDAY)
    version = ManualVersion.objects.get(key="customer-grading")
    trial = trying.trial_of_values(
        version, cast.mall, {"三级起点": "80000元"}, TODAY - 90 * DAY, TODAY + DAY, TODAY
    )
    north = Scope(party=None, units=frozenset({cast.north.pk}))

    assert [table["total"] for table in try_out(trial, north)["tables"]] == [0]
