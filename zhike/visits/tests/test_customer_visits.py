"""Customer visit management at the north store: purposes, preparation, host, topics, training, report (CVM 1-16)."""

from __future__ import annotations

import pytest

from zhike.customers.models import Interaction
from zhike.kernel.parties.scope import EVERYTHING
from zhike.people.tests.factories import MONDAY
from zhike.visits import actions, demands, queries, rules
from zhike.visits.models import Finding, Visit

from .factories import DAY, HOUR, a_closed_visit, a_shop, a_visit, fill


def a_call(cast, **more) -> Visit:
    """The second visit of a customer of the north store, under way."""
    shop = a_shop(cast, unit=cast.north)
    a_closed_visit(cast, shop, now=MONDAY - 14 * DAY)
    Visit.objects.filter(customer=shop, state="PLANNED").delete()
    return a_visit(cast, shop, **more)


def lacking(visit: Visit) -> set[str]:
    return {one.key for one in demands.missing(visit, rules.rules_at(visit.unit_id, MONDAY))}


def words(visit: Visit, name: str) -> list[str]:
    return [code for code, _label in rules.rules_at(visit.unit_id, MONDAY).words(name)]


@pytest.mark.rule("R002-106", "R002-107", "R002-112", "R002-113", "R002-125", "S002-30")
def test_the_regulation_names_tasks_tools_topics(cast):
    visit = a_call(cast)

    assert len(words(visit, "拜访目的")) == 5
    assert len(words(visit, "拜访工具")) == 7
    assert words(visit, "沟通主题") == ["ENTERPRISE", "ACTIVITY", "PRODUCT", "COMPETITOR"]


@pytest.mark.rule("R002-100")
def test_a_round_is_unscheduled_and_may_report_changed_needs(cast):
    visit = a_call(cast)

    assert visit.kind == Visit.Kind.ROUND
    actions.note_finding(
        visit=visit, group="TALK", kind="NEED", text="要小包装", by=cast.specialist.party, now=MONDAY
    )
    assert Finding.objects.get(visit=visit).text == "要小包装"


@pytest.mark.rule("R002-108", "R002-109", "R002-110", "R002-111", "R002-118", "R002-135", "FM002-10")
def test_what_a_visit_lacks_before_it_is_closed(cast):
    visit = a_call(cast)
    found = lacking(visit)

    assert {
        "PURPOSE", "POLICY_READ", "CHECKS:拜访工具", "CHECKS:形象和举止", "ARRIVED", "HOST", "DECIDES", "PROBLEMS",
        "FINDINGS:面谈记录", "GIVEN:沟通主题", "SATISFACTION", "REPORT", "NEXT",
    } == found  # fmt: skip
    actions.prepare(visit=visit, policy_read=True, by=cast.specialist.party, now=MONDAY)
    assert visit.policy_read_at == MONDAY
    assert "POLICY_READ" not in lacking(visit)
    with pytest.raises(actions.CannotClose):
        actions.close(visit=visit, by=cast.specialist.party, now=MONDAY)
    fill(visit, cast.specialist.party, MONDAY, but=("REPORT",))
    with pytest.raises(actions.CannotClose) as refusal:
        actions.close(visit=visit, by=cast.specialist.party, now=MONDAY)
    assert refusal.value.problems == ("The visit report is missing.",)


@pytest.mark.rule("R002-114", "R002-115")
def test_the_host_with_position_and_decision_power(cast):
    visit = a_call(cast)
    given = {"visit": visit, "by": cast.specialist.party, "now": MONDAY}

    actions.host(**given, name="赵工", position="", decides=None)
    assert {"HOST", "DECIDES"} <= lacking(visit)
    actions.host(**given, name="赵工", position="采购主管", decides=False)
    assert not {"HOST", "DECIDES"} & lacking(visit)
    assert visit.host_decides is False


@pytest.mark.rule("R002-116", "R002-119", "R002-120")
def test_views_attitude_demands_and_prospects_are_asked_for(cast):
    visit = a_call(cast)

    assert words(visit, "面谈记录") == ["NEED", "ATTITUDE", "DEMAND", "COMPETITOR", "PROSPECT", "CREDIT"]
    for kind in words(visit, "面谈记录")[:5]:
        actions.note_finding(
            visit=visit, group="TALK", kind=kind, text="…", by=cast.specialist.party, now=MONDAY
        )
    assert "FINDINGS:面谈记录" in lacking(visit)
    actions.nothing_new(visit=visit, group="TALK", by=cast.specialist.party, now=MONDAY)
    assert "FINDINGS:面谈记录" not in lacking(visit)


@pytest.mark.rule("R002-117")
def test_hard_customers_are_reached_by_other_ways(cast):
    visit = a_call(cast)

    assert set(Visit.Channel.values) == {"SHOP", "ASSOCIATION", "FAIR", "LEADERS"}
    actions.prepare(visit=visit, channel="FAIR", is_hard=True, by=cast.specialist.party, now=MONDAY)
    assert (visit.channel, visit.is_hard) == ("FAIR", True)
    with pytest.raises(actions.CannotVisit):
        actions.prepare(visit=visit, channel="SPY", by=cast.specialist.party, now=MONDAY)


@pytest.mark.rule("R002-124", "R002-125", "R002-126", "R002-127", "R002-128")
def test_topics_objections_and_gifts(cast):
    visit = a_call(cast)
    given = {"visit": visit, "by": cast.specialist.party, "now": MONDAY}

    actions.give(**given, group="TOPIC", topic="COMPETITOR", objection="别家便宜", handling="比较了全部费用")
    assert "GIVEN:沟通主题" not in lacking(visit)
    with pytest.raises(actions.CannotVisit, match="worth"):
        actions.give(**given, group="GIFT", topic="SMALL")
    assert actions.give(**given, group="GIFT", topic="SMALL", value=30).value == 30


@pytest.mark.rule("R002-129", "R002-132", "R002-133")
def test_conflicts_and_objections_are_tracked_with_their_outcome(cast):
    visit = a_call(cast)
    given = {"visit": visit, "by": cast.specialist.party, "now": MONDAY}

    for kind in ("CONFLICT", "OBJECTION"):
        row = actions.raise_problem(
            **given,
            text="交期",
            kind=kind,
            in_authority=True,
            at_once=True,
            answer="双方同意分批",
            proposal="分批",
        )
        assert (row.state, row.answer, row.proposal) == ("ANSWERED", "双方同意分批", "分批")
    with pytest.raises(actions.CannotVisit):
        actions.no_problem(**given)


@pytest.mark.rule("R002-130", "R002-131", "A002-01")
@pytest.mark.parametrize(("minutes", "lacks"), [(59, True), (60, False), (120, False)])
def test_an_hour_is_set_aside_to_train_the_customer(cast, minutes, lacks):
    visit = a_call(cast, kind="PLANNED")
    actions.guide(
        visit=visit,
        aspect="BUSINESS",
        text="按周看销量",
        minutes=minutes,
        by=cast.specialist.party,
        now=MONDAY,
    )

    assert ("MINUTES" in lacking(visit)) is lacks
    if lacks:
        actions.excuse(
            visit=visit, demand="MINUTES", reason="客户要赶车", by=cast.specialist.party, now=MONDAY
        )
        assert "MINUTES" not in lacking(visit)


@pytest.mark.rule("R002-135", "FM002-36", "FM002-37")
def test_closing_writes_the_contact_and_the_card_lists_it(cast):
    visit = a_call(cast)
    fill(visit, cast.specialist.party, MONDAY)
    actions.close(visit=visit, by=cast.specialist.party, now=MONDAY + HOUR)

    told = Interaction.objects.get(pk=visit.interaction_id)
    assert (told.customer, told.way, told.content) == (visit.customer, "VISIT", "谈了续签")
    assert "Understand needs" in told.purpose or "了解需求" in told.purpose
    assert queries.visits(EVERYTHING).filter(customer=visit.customer, state="CLOSED").count() == 2
