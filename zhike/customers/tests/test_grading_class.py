"""Classes of shops and tenants, the monthly evaluation, life cycle, segments and personas."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from itertools import pairwise

import pytest

from zhike.customers.grading import actions, standard
from zhike.customers.models import Evaluation, Grade, Persona, Proposal
from zhike.kernel.duties.models import Duty
from zhike.kernel.policy.models import Ruling
from zhike.manuals import actions as manuals
from zhike.people.tests.factories import MONDAY

from .factories import a_customer
from .grading import in_force, text_of, with_facts

pytestmark = pytest.mark.django_db
TODAY = MONDAY.date()
DAY = dt.timedelta(days=1)
MARCH = dt.date(2026, 3, 1)


@pytest.fixture
def shop(cast):
    in_force(cast.mall, "tobacco-customers")
    return a_customer(cast.south, cast.specialist, "城西烟酒店")


def ruled(customer, dimension, now=MONDAY, **columns) -> Ruling:
    with_facts(customer, **columns)
    grade = actions.regrade(customer=customer, dimension=dimension, by=None, now=now)
    return Ruling.objects.get(pk=grade.ruling_id)


@pytest.mark.rule("R004-04", "T004-01", "S004-03")
@pytest.mark.parametrize(
    ("regular", "score", "value", "goal", "cadence"),
    [
        (True, "85", "CORE", "最优质服务", "每周至少1次"),
        (True, "84.99", "POTENTIAL", "经营水平提升", "每周至少1次"),
        (True, "70", "POTENTIAL", "经营水平提升", "每周至少1次"),
        (True, "69.99", "ORDINARY", "维护和培养", "每2周至少1次"),
        (True, None, "ORDINARY", "维护和培养", "每2周至少1次"),
        (False, "95", "PROBLEM", "向规范经营转变", "每周至少1次"),
    ],
)
def test_every_shop_has_one_class_with_its_goal(shop, regular, score, value, goal, cadence):
    ruling = ruled(shop, "class", is_regular=regular, score=score and Decimal(score))

    assert (ruling["value"], ruling["goal"], ruling["cadence"]) == (value, goal, cadence)
    assert Grade.objects.filter(customer=shop, dimension="class", until=None).count() == 1


@pytest.mark.rule("T000-07", "S000-31", "S000-34", "S000-15")
@pytest.mark.parametrize(
    ("spend", "key", "value", "support"),
    [
        ("1000000", False, "A", "客户计划,优先选址,联合推广"),
        ("999999.99", False, "B", "联合推广"),
        ("200000", False, "B", "联合推广"),
        ("199999.99", False, "C", "标准服务"),
        ("0", True, "A", "客户计划,优先选址,联合推广"),
    ],
)
def test_the_support_of_tenants_differs_by_grade(cast, spend, key, value, support):
    in_force(cast.mall, "tenant-grading")
    tenant = a_customer(cast.south, cast.specialist, "一号铺")
    tenant.is_key = key
    tenant.save(update_fields=["is_key"])

    ruling = ruled(tenant, "tenant", spend=Decimal(spend))

    assert (ruling["value"], ruling["support"]) == (value, support)


@pytest.mark.rule("S000-34")
def test_small_tenants_are_served_lighter_than_big_ones(cast):
    in_force(cast.mall, "tenant-grading")
    tenant = a_customer(cast.south, cast.specialist, "一号铺")

    big = ruled(tenant, "tenant", spend=Decimal(1000000))["cadence"]
    small = ruled(tenant, "tenant", spend=Decimal(0), now=MONDAY + DAY)["cadence"]

    assert (big, small) == ("每周至少1次", "每月至少1次")


@pytest.mark.rule("T000-04")
def test_the_five_differences_stand_in_the_manual_with_what_the_file_holds(cast):
    from zhike.kernel.policy.manual.reader import read

    table = read(text_of("tenant-grading")).lists["客户与上帝"]

    assert [row.cells["序号"].text for row in table.rows] == ["1", "2", "3", "4", "5"]
    assert all(row.cells["档案"].text for row in table.rows)


# --- evaluation


@pytest.mark.rule("R004-30", "A004-01", "S004-19", "F004-10")
def test_the_month_is_spread_over_its_thursdays(shop, cast):
    for n in range(7):
        a_customer(cast.south, cast.specialist, f"店{n}", f"1390000000{n}")

    made = actions.plan_evaluations(unit=cast.mall, month=TODAY, by=None, now=MONDAY)
    again = actions.plan_evaluations(unit=cast.mall, month=TODAY, by=None, now=MONDAY)

    assert (made, again) == (8, 0)
    days = list(Evaluation.objects.filter(month=MARCH).values_list("due_on", flat=True))
    assert sorted(set(days)) == [dt.date(2026, 3, day) for day in (5, 12, 19, 26)]
    assert {days.count(day) for day in days} == {2}


@pytest.mark.rule("R004-30", "A004-01")
def test_each_share_is_owed_before_friday_by_who_has_the_customer(shop, cast):
    shop.owner = cast.specialist.party
    shop.save(update_fields=["owner"])
    other = a_customer(cast.south, cast.specialist, "店二", "13900000002")
    actions.plan_evaluations(unit=cast.mall, month=TODAY, by=None, now=MONDAY)

    owed = Duty.objects.open().get(customer=shop.pk)
    row = Evaluation.objects.get(customer=shop)
    assert (owed.owner, owed.kind, owed.due_at) == (
        cast.specialist.party, "customers.evaluate", dt.datetime.combine(row.due_on, dt.time(18), MONDAY.tzinfo),
    )  # fmt: skip
    assert owed.due_at.weekday() == 3
    assert Duty.objects.open().get(customer=other.pk).owner_post == "CUSTOMER_MANAGER"
    evaluated(shop, cast, 80, 90, 70, 60)
    owed.refresh_from_db()
    assert (owed.state, owed.done_at) == ("DONE", MONDAY)


def evaluated(shop, cast, *scores: int, month=MARCH, now=MONDAY) -> Evaluation:
    row, _made = Evaluation.objects.get_or_create(customer=shop, month=month, defaults={"due_on": month})
    codes = ("ABILITY", "ENVIRONMENT", "DISPLAY", "PROFIT")
    return actions.evaluate(
        evaluation=row, scores=dict(zip(codes, scores, strict=False)), by=cast.specialist.party, now=now
    )


@pytest.mark.rule("R004-30", "F004-10")
def test_scores_are_weighed_and_the_first_class_counts_at_once(shop, cast):
    row = evaluated(shop, cast, 80, 90, 70, 60)

    # 80 x 35 % + 90 x 20 % + 70 x 25 % + 60 x 20 %
    assert (row.total, row.proposed, row.by) == (Decimal("75.50"), "POTENTIAL", cast.specialist.party)
    assert Grade.objects.get(customer=shop, dimension="class").value == "POTENTIAL"


@pytest.mark.rule("F004-10", "P004-06")
def test_another_class_is_proposed_and_approved_by_somebody_else(shop, cast):
    evaluated(shop, cast, 80, 90, 70, 60)

    row = evaluated(shop, cast, 95, 95, 95, 95, month=dt.date(2026, 4, 1), now=MONDAY + 30 * DAY)

    proposal = Proposal.objects.get(customer=shop)
    assert (row.proposed, proposal.value, proposal.before) == ("CORE", "CORE", "POTENTIAL")
    assert Grade.objects.get(customer=shop, dimension="class", until=None).value == "POTENTIAL"
    actions.approve(proposal=proposal, by=cast.manager.party, now=MONDAY + 31 * DAY)
    assert Grade.objects.get(customer=shop, dimension="class", until=None).value == "CORE"


@pytest.mark.rule("R004-30")
@pytest.mark.parametrize("scores", [(80, 90, 70), (80, 90, 70, 101), (80, 90, 70, -1)])
def test_every_item_is_scored_from_0_to_100(shop, cast, scores):
    with pytest.raises(actions.CannotGrade, match="from 0 to 100"):
        evaluated(shop, cast, *scores)
    assert not Evaluation.objects.exclude(at=None).exists()


@pytest.mark.rule("R004-30")
def test_a_customer_is_scored_once_a_month(shop, cast):
    evaluated(shop, cast, 80, 90, 70, 60)
    with pytest.raises(actions.CannotGrade, match="already"):
        evaluated(shop, cast, 90, 90, 90, 90)


# --- life cycle and segments


@pytest.fixture
def insured(cast):
    in_force(cast.mall, "customer-lifecycle")
    return a_customer(cast.south, cast.specialist, "江牧原")


@pytest.mark.rule("R003-04", "T003-01", "S003-02")
def test_a_customer_is_in_one_stage_and_its_changes_are_dated(insured):
    course = [
        ("IDENTIFY", {}),
        ("ACQUIRE", {"is_negotiating": True}),
        ("SERVE", {"total_orders": 1, "orders": 1}),
        ("GROW", {"total_orders": 2, "orders": 2}),
        ("GROW", {"total_orders": 3, "orders": 3}),
        ("RETAIN", {"total_orders": 4, "orders": 4}),
    ]
    for place, (stage, columns) in enumerate(course):
        with_facts(insured, **columns)
        actions.regrade(customer=insured, dimension="stage", by=None, now=MONDAY + place * DAY)
        assert Grade.objects.get(customer=insured, dimension="stage", until=None).value == stage

    rows = list(Grade.objects.filter(customer=insured, dimension="stage").order_by("since"))
    assert [row.value for row in rows] == ["IDENTIFY", "ACQUIRE", "SERVE", "GROW", "RETAIN"]
    assert all(one.until == two.since for one, two in pairwise(rows))


@pytest.mark.rule("R003-05", "T003-01")
def test_a_stage_without_strategy_or_measure_is_flagged(cast):
    text = text_of("customer-lifecycle").replace(
        "按需求推荐，不强推 | 年度检视，产品升级建议", "按需求推荐，不强推 | -"
    )
    manuals.publish_and_install(text=text, unit=cast.mall, by=None, now=MONDAY)

    stages = standard.settings_of("stage", cast.south.pk, TODAY)

    assert [one.code for one in stages] == ["IDENTIFY", "ACQUIRE", "SERVE", "GROW", "RETAIN"]
    assert [one.code for one in stages if one.is_bare] == ["GROW"]


@pytest.mark.rule("R003-17", "R003-18", "S003-11", "T003-03")
@pytest.mark.parametrize(
    ("columns", "industry", "segment"),
    [
        ({"spend": 500000, "silent_days": 30, "orders": 3}, "", "LOYAL"),  # value and behaviour
        ({"spend": 500000, "silent_days": 200, "orders": 3}, "", "GROWTH"),
        ({"spend": 0, "need": "CLEAR"}, "", "GROWTH"),  # need
        ({"spend": 100, "silent_days": 60, "orders": 1}, "制造业", "GROWTH"),  # trade
        ({"spend": 100, "silent_days": 60, "orders": 1}, "零售业", "ORDINARY"),
    ],
)
def test_four_dimensions_make_a_segment(insured, columns, industry, segment):
    insured.industry = industry
    insured.save(update_fields=["industry"])

    assert ruled(insured, "segment", **columns)["value"] == segment


@pytest.mark.rule("R003-19", "T003-03", "F003-05")
def test_each_segment_has_three_settings_and_a_plan_for_the_period(insured, cast):
    settings = standard.settings_of("segment", cast.south.pk, TODAY)
    assert [(one.code, one.cell("资源优先级")) for one in settings] == [
        ("LOYAL", "1"),
        ("GROWTH", "2"),
        ("ORDINARY", "3"),
    ]
    assert all(one.cell("服务策略") and one.cell("沟通内容") for one in settings)
    said = {
        "unit": cast.south, "segment": "LOYAL", "begins_on": TODAY, "strategy": "专人", "content": "回顾",
        "owner": cast.specialist.party, "target": "续保率 95%", "by": cast.manager.party, "now": MONDAY,
    }  # fmt: skip
    with pytest.raises(actions.CannotGrade, match="ends before"):
        actions.plan_segment(**said, ends_on=TODAY - DAY, priority=1)
    with pytest.raises(actions.CannotGrade, match="counts from 1"):
        actions.plan_segment(**said, ends_on=TODAY + 90 * DAY, priority=0)

    plan = actions.plan_segment(**said, ends_on=TODAY + 90 * DAY, priority=1)
    actions.report_segment(plan=plan, result="续保率 96%", by=cast.specialist.party, now=MONDAY + 90 * DAY)

    plan.refresh_from_db()
    assert (plan.target, plan.result) == ("续保率 95%", "续保率 96%")


@pytest.mark.rule("R002-086", "ST002-63")
@pytest.mark.parametrize(
    ("orders", "days", "complaints", "satisfaction", "expected"),
    [
        (1, 90, 0, "60", "LOW"),
        (1, 91, 0, "60", "MEDIUM"),
        (1, 180, 0, None, "MEDIUM"),
        (1, 181, 0, None, "HIGH"),
        (0, None, 0, None, "LOW"),
        (1, 9, 1, "90", "MEDIUM"),
        (1, 9, 2, "90", "HIGH"),
        (1, 9, 0, "59.9", "HIGH"),
    ],
)
def test_the_risk_of_losing_a_customer_comes_with_its_measure(
    insured, orders, days, complaints, satisfaction, expected
):
    with_facts(
        insured,
        total_orders=orders,
        silent_days=days,
        complaints=complaints,
        satisfaction=satisfaction and Decimal(satisfaction),
    )

    grade = actions.regrade(customer=insured, dimension="risk", by=None, now=MONDAY)

    assert (grade.value, grade.clause) == (expected, "四")
    assert Ruling.objects.get(pk=grade.ruling_id).outcome["measure"]


@pytest.mark.rule("R003-20", "F003-04", "S003-12")
def test_a_persona_has_versions_and_all_of_its_parts(cast):
    said = {
        "unit": cast.south, "name": "稳健的企业主", "segment": "LOYAL", "pains": "理赔慢", "expectations": "一次办完",
        "factors": "口碑", "by": cast.specialist.party,
    }  # fmt: skip
    with pytest.raises(actions.CannotGrade, match="way of interacting"):
        actions.draw_persona(**said, interaction=" ", now=MONDAY)

    actions.draw_persona(**said, interaction="微信,晚上", now=MONDAY)
    actions.draw_persona(**said, interaction="电话,上午", sample=40, now=MONDAY + DAY)

    assert list(Persona.objects.order_by("version").values_list("version", "interaction", "until")) == [
        (1, "微信,晚上", MONDAY + DAY),
        (2, "电话,上午", None),
    ]
