"""The week: who is due by class, days and order, setting with purpose and target, printing ahead (R004-09, R004-10)."""

from __future__ import annotations

import datetime as dt

import pytest

from zhike.customers.models import Sale
from zhike.kernel.duties.models import Duty
from zhike.kernel.parties.scope import EVERYTHING
from zhike.people.tests.factories import MONDAY
from zhike.visits import actions, cadence, jobs, queries
from zhike.visits.models import Visit, WeekPlan

from .factories import DAY, HOUR, a_closed_visit, a_shop, a_visit, fill

NEXT = MONDAY.date() + 7 * DAY


def plan(cast, monday=NEXT, unit=None, **more) -> WeekPlan:
    by = cast.specialist.party
    return actions.plan_week(
        manager=by, unit=(unit or cast.south).pk, monday=monday, by=by, now=more.pop("now", MONDAY), **more
    )


def due(cast, customers, until) -> list[str]:
    return [one.customer.name for one in cadence.due(customers, unit=cast.south.pk, until=until)]


@pytest.mark.rule("R004-09", "S004-06")
@pytest.mark.parametrize(
    ("shop_class", "days"), [("CORE", 7), ("POTENTIAL", 7), ("PROBLEM", 7), ("ORDINARY", 14), ("", 14)]
)
def test_a_shop_is_due_when_the_interval_of_its_class_is_over(cast, shop_class, days):
    shop = a_shop(cast, shop_class=shop_class)
    a_closed_visit(cast, shop, now=MONDAY)
    day = MONDAY.date()

    assert due(cast, [shop], day + (days - 1) * DAY) == []
    assert due(cast, [shop], day + days * DAY) == [shop.name]


@pytest.mark.rule("R004-09", "R004-01")
def test_a_week_holds_who_is_due_and_what_was_agreed_spread_over_working_days(cast):
    shops = [a_shop(cast, f"店{n}") for n in range(6)]
    agreed = actions.add(
        manager=cast.specialist.party,
        customer=shops[0],
        on=NEXT + 2 * DAY,
        by=cast.specialist.party,
        now=MONDAY,
    )

    made = plan(cast)

    rows = list(made.visits.order_by("planned_on", "order"))
    agreed.refresh_from_db()
    assert agreed.plan == made
    assert {row.customer for row in rows} == set(shops)
    assert all(row.planned_on.weekday() < 5 for row in rows)
    assert all(row.kind == Visit.Kind.FIRST for row in rows)
    assert len({row.planned_on for row in rows}) == 5
    with pytest.raises(actions.CannotVisit, match="already"):
        plan(cast)


@pytest.mark.rule("R004-09")
@pytest.mark.parametrize("monday", [NEXT + DAY, dt.date(2026, 3, 15)])
def test_a_week_begins_on_a_monday(cast, monday):
    with pytest.raises(actions.CannotVisit, match="Monday"):
        plan(cast, monday=monday)


def test_a_customer_set_may_be_chosen(cast):
    one, _other = a_shop(cast, "甲店"), a_shop(cast, "乙店")

    assert [row.customer for row in plan(cast, customers=[one]).visits.all()] == [one]


@pytest.mark.rule("R004-10", "T004-02")
def test_the_plan_is_owed_on_the_last_working_day_before_the_week(cast):
    a_shop(cast)
    made = plan(cast)
    [duty] = Duty.objects.open().filter(subject_label="visits.WeekPlan", subject_id=made.pk)

    friday = NEXT - 3 * DAY
    assert duty.due_at.astimezone(MONDAY.tzinfo).date() == friday
    assert duty.clause
    actions.set_plan(plan=made, by=cast.specialist.party, now=MONDAY)
    duty.refresh_from_db()
    assert duty.state == "OPEN"
    actions.printed(plan=made, by=cast.specialist.party, now=MONDAY + HOUR)
    duty.refresh_from_db()
    assert duty.state == "DONE"
    assert not duty.is_late(duty.due_at)


@pytest.mark.rule("R002-107", "R002-108")
def test_a_visit_without_purpose_and_target_cannot_be_released(cast):
    """At the north store, which goes by the customer visit management."""
    shop = a_shop(cast, unit=cast.north)
    made = plan(cast, unit=cast.north)
    visit = made.visits.get()

    with pytest.raises(actions.CannotVisit) as refusal:
        actions.set_plan(plan=made, by=cast.specialist.party, now=MONDAY)
    assert shop.name in refusal.value.problems[0]
    with pytest.raises(actions.CannotVisit):
        actions.prepare(visit=visit, purposes=["FUN"], target="聊天", by=cast.specialist.party, now=MONDAY)
    actions.prepare(visit=visit, purposes=["NEEDS"], target="", by=cast.specialist.party, now=MONDAY)
    with pytest.raises(actions.CannotVisit):
        actions.set_plan(plan=made, by=cast.specialist.party, now=MONDAY)
    actions.prepare(visit=visit, target="续签合同", by=cast.specialist.party, now=MONDAY)
    actions.set_plan(plan=made, by=cast.specialist.party, now=MONDAY)
    assert made.state == "SET"


def test_a_visit_is_moved_to_another_day_and_place(cast):
    made = plan(cast, customers=[a_shop(cast, f"店{n}") for n in range(5)])
    given = {"by": cast.specialist.party, "now": MONDAY}
    rows = list(made.visits.order_by("planned_on"))
    day = NEXT + 3 * DAY
    for row in rows:
        actions.move(visit=row, on=day, **given)

    last = list(made.visits.order_by("order"))
    assert [row.order for row in last] == [1, 2, 3, 4, 5]
    actions.move(visit=last[4], on=day, order=1, **given)
    actions.move(visit=Visit.objects.get(pk=last[0].pk), on=day, order=3, **given)
    assert [row.pk for row in made.visits.order_by("order")] == [
        last[4].pk, last[1].pk, last[0].pk, last[2].pk, last[3].pk,
    ]  # fmt: skip


def test_nothing_is_planned_on_a_day_off_unless_one_knows(cast):
    shop, saturday = a_shop(cast), NEXT + 5 * DAY
    given = {"manager": cast.specialist.party, "customer": shop, "by": cast.specialist.party, "now": MONDAY}

    with pytest.raises(actions.CannotVisit, match="day off"):
        actions.add(**given, on=saturday)
    with pytest.raises(actions.CannotVisit, match="is over"):
        actions.add(**given, on=MONDAY.date() - DAY)
    assert actions.add(**given, on=saturday, knowing=True).planned_on == saturday
    with pytest.raises(actions.CannotVisit, match="already"):
        actions.add(**given, on=saturday, knowing=True)


def test_a_visit_leaves_a_draft_freely_and_a_set_plan_with_a_reason(cast):
    made = plan(cast, customers=[a_shop(cast, "甲店"), a_shop(cast, "乙店")])
    one, two = made.visits.all()
    given = {"by": cast.specialist.party, "now": MONDAY}

    actions.remove(visit=one, **given)
    assert made.visits.get() == two
    made.refresh_from_db()
    actions.set_plan(plan=made, **given)
    two.refresh_from_db()
    with pytest.raises(actions.CannotVisit, match="say why"):
        actions.remove(visit=two, **given)


def test_a_week_is_arranged_in_one_step(cast):
    made = plan(cast, customers=[a_shop(cast, f"店{n}") for n in range(3)])
    keys = list(made.visits.values_list("pk", flat=True))

    actions.arrange(
        plan=made,
        days={NEXT + DAY: [keys[2], keys[0]], NEXT: [keys[1]]},
        by=cast.specialist.party,
        now=MONDAY,
    )

    assert list(made.visits.order_by("planned_on", "order").values_list("pk", "order")) == [
        (keys[1], 1), (keys[2], 1), (keys[0], 2),
    ]  # fmt: skip
    with pytest.raises(actions.CannotVisit, match="not in this week"):
        actions.arrange(plan=made, days={NEXT + 7 * DAY: [keys[0]]}, by=cast.specialist.party, now=MONDAY)


@pytest.mark.rule("R004-10", "S004-07")
def test_the_brief_has_sales_profit_evaluation_and_open_matters(cast):
    shop = a_shop(cast, shop_class="CORE")
    Sale.objects.create(customer=shop, on=MONDAY.date() - DAY, product="卷烟", amount=1200, cost=1000)
    Sale.objects.create(customer=shop, on=MONDAY.date() - 91 * DAY, product="卷烟", amount=5000, cost=1)
    visit = a_visit(cast, shop)
    actions.raise_problem(
        visit=visit, text="缺货", kind="SUPPLY", by=cast.specialist.party, now=MONDAY, in_authority=True, at_once=False,
        reply_by=MONDAY + DAY,
    )  # fmt: skip

    brief = queries.briefs([shop.pk], MONDAY.date())[shop.pk]

    assert (brief.sales, brief.profit, brief.promises) == (1200, 200, 1)
    assert brief.shop_class
    assert [one.text for one in brief.open_problems] == ["缺货"]


@pytest.mark.rule("R002-137", "ST002-57")
def test_a_kept_promise_is_followed_by_a_return_visit_that_records_satisfaction(cast):
    shop = a_shop(cast)
    visit = a_visit(cast, shop)
    problem = actions.raise_problem(
        visit=visit, text="缺货", kind="SUPPLY", by=cast.specialist.party, now=MONDAY, in_authority=True, at_once=False,
        reply_by=MONDAY + DAY,
    )  # fmt: skip
    assert not queries.returns_due(EVERYTHING).exists()
    actions.answer_problem(problem=problem, answer="已补", by=cast.specialist.party, now=MONDAY + HOUR)
    assert queries.returns_due(EVERYTHING).get() == problem.promise

    later = MONDAY + DAY
    back = actions.start(
        customer=shop, kind="RETURN", promise=problem.promise, by=cast.specialist.party, now=later
    )
    actions.judge(visit=back, satisfaction=5, by=cast.specialist.party, now=later)
    assert not queries.returns_due(EVERYTHING).exists()
    assert (back.kind, back.satisfaction) == ("RETURN", 5)


@pytest.mark.rule("R004-10", "T004-02")
def test_the_watch_drafts_next_week_from_wednesday_on_once(cast):
    a_shop(cast)
    cast.specialist.party.refresh_from_db()

    assert jobs.draft_plans(now=MONDAY + DAY) == 0
    assert jobs.draft_plans(now=MONDAY + 2 * DAY) == 1
    assert jobs.draft_plans(now=MONDAY + 3 * DAY) == 0
    made = WeekPlan.objects.get()
    assert (made.manager, made.monday, made.state) == (cast.specialist.party, NEXT, "DRAFT")
    assert Duty.objects.open().filter(subject_label="visits.WeekPlan", subject_id=made.pk).exists()


@pytest.mark.rule("R002-137")
def test_a_return_visit_is_owed_once_and_discharged_by_it(cast):
    shop = a_shop(cast)
    visit = a_visit(cast, shop)
    problem = actions.raise_problem(
        visit=visit, text="缺货", kind="SUPPLY", by=cast.specialist.party, now=MONDAY, in_authority=True, at_once=False,
        reply_by=MONDAY + DAY,
    )  # fmt: skip
    actions.answer_problem(problem=problem, answer="已补", by=cast.specialist.party, now=MONDAY + HOUR)

    assert jobs.owe_returns(now=MONDAY + HOUR) == 1
    assert jobs.owe_returns(now=MONDAY + DAY) == 0
    duty = Duty.objects.get(kind="visits.return")
    assert duty.due_at.astimezone(MONDAY.tzinfo).date() == NEXT
    back = actions.start(
        customer=shop, kind="RETURN", promise=problem.promise, by=cast.specialist.party, now=MONDAY + DAY
    )
    fill(back, cast.specialist.party, MONDAY + DAY)
    actions.close(visit=back, by=cast.specialist.party, now=MONDAY + DAY)
    duty.refresh_from_db()
    assert duty.state == "DONE"
