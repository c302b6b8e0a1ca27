"""Who handles a complaint (S001-045, T001-01), as the regulation of the mall says."""

import datetime as dt
from decimal import Decimal

import pytest

from zhike.complaints import actions
from zhike.complaints.models import Complaint
from zhike.kernel.policy.models import Ruling
from zhike.kernel.procedures.models import HandOver
from zhike.people.authority_table import authority_bands

from .factories import a_complaint, at, set_values

pytestmark = pytest.mark.django_db

STORE, MANAGER, SUPERVISOR = "STORE_MANAGER", "SERVICE_MANAGER", "SERVICE_SUPERVISOR"
WHO = {STORE: "store_manager", MANAGER: "manager", SUPERVISOR: "supervisor"}
CLAUSE = {STORE: "三(五)1", MANAGER: "三(五)2", SUPERVISOR: "三(五)3"}
rule = pytest.mark.rule
CASES = [
    # T001-01, row by row
    pytest.param({"value": "2000"}, STORE, marks=rule("R001-113"), id="row 1: 2,000 yuan"),
    pytest.param({"circumstances": ["POISONING"]}, STORE, marks=rule("R001-113"), id="row 2"),
    pytest.param({"circumstances": ["SPOILED_FOOD"]}, STORE, marks=rule("R001-113"), id="row 3"),
    pytest.param({"circumstances": ["SAFETY"]}, STORE, marks=rule("R001-113"), id="row 4"),
    pytest.param({"circumstances": ["BUILDING"]}, STORE, marks=rule("R001-113"), id="row 5"),
    pytest.param({"circumstances": ["FORKLIFT"]}, STORE, marks=rule("R001-113"), id="row 6"),
    pytest.param({"accused_level": "SUPERVISOR_UP"}, STORE, marks=rule("R001-113"), id="row 7"),
    pytest.param({"circumstances": ["NOT_SETTLED_BELOW"]}, STORE, marks=rule("R001-113"), id="row 8"),
    pytest.param({"circumstances": ["INSISTS_ON_MANAGER"]}, STORE, marks=rule("R001-113"), id="row 9"),
    pytest.param({"value": "500"}, MANAGER, marks=rule("R001-114"), id="row 10: 500 yuan"),
    pytest.param({"circumstances": ["RETURN_QUARREL"]}, MANAGER, marks=rule("R001-114"), id="row 11"),
    pytest.param({"circumstances": ["SERVICE"]}, MANAGER, marks=rule("R001-114"), id="row 12"),
    pytest.param({"accused_level": "BELOW_SUPERVISOR"}, MANAGER, marks=rule("R001-114"), id="row 13"),
    pytest.param({"value": "499.99"}, SUPERVISOR, marks=rule("R001-115"), id="row 14: 499.99 yuan"),
    # the edges
    pytest.param({"value": "2000.00"}, STORE, marks=rule("R001-113"), id="edge 2000.00"),
    pytest.param({"value": "2000.01"}, STORE, marks=rule("R001-113"), id="edge 2000.01"),
    pytest.param({"value": "1999.99"}, MANAGER, marks=rule("R001-114"), id="edge 1999.99"),
    pytest.param({"value": "500.00"}, MANAGER, marks=rule("R001-114"), id="edge 500.00"),
    pytest.param({"value": "0"}, SUPERVISOR, marks=rule("R001-115"), id="nothing at stake"),
    pytest.param({}, SUPERVISOR, marks=rule("R001-115"), id="nothing known"),
    pytest.param({"value": "100", "item": "EXPIRED"}, STORE, marks=rule("R001-113"), id="100 yuan expired"),
]  # fmt: skip


@pytest.mark.rule("S001-045", "T001-01")
@pytest.mark.parametrize(("facts", "handler"), CASES)
def test_the_handler_follows_from_value_kind_and_demand(people, facts, handler):
    if "value" in facts:
        facts = facts | {"value": Decimal(facts["value"])}

    complaint = a_complaint(people, **facts)

    assert (complaint.handler_code, complaint.clause) == (handler, CLAUSE[handler])
    assert complaint.handler == people.users[WHO[handler]].party
    assert Ruling.objects.get(question="complaint.authority").clause == CLAUSE[handler]


@pytest.mark.rule("R001-116")
def test_the_highest_handler_wins_and_the_ruling_names_every_row_that_matched(people):
    complaint = a_complaint(
        people,
        value=Decimal("1200"),
        circumstances=["SERVICE", "INSISTS_ON_MANAGER"],
        accused_level="BELOW_SUPERVISOR",
    )

    assert complaint.handler == people.store_manager.party
    ruling = complaint.ruling
    assert (ruling.row, ruling.row_text) == (4, "情形：下属未能解决、坚持找店长")
    assert ruling.also == [
        [5, "货值：[经理起点..店长起点)", "客服经理"],
        [6, "情形：退换争执、服务投诉", "客服经理"],
        [7, "被投诉人：主管级以下", "客服经理"],
        [8, "其余", "客服主管"],
    ]
    assert ruling.facts["货值"] == "1200"


@pytest.mark.rule("R001-113", "R001-116")
def test_what_the_subordinate_cannot_settle_goes_to_the_store_manager_and_the_hand_over_is_recorded(people):
    complaint = a_complaint(people, value=Decimal(36))

    actions.hand_up(complaint=complaint, by=people.supervisor.party, now=at(9, 11), reason="顾客不接受")

    case = Complaint.objects.get()
    assert (case.handler, case.clause) == (people.store_manager.party, "三(五)1")
    assert case.circumstances == ["NOT_SETTLED_BELOW"]
    row = HandOver.objects.get()
    assert (row.from_party, row.to_party) == (people.supervisor.party, people.store_manager.party)
    assert (row.by, row.at, row.reason) == (people.supervisor.party, at(9, 11), "顾客不接受")


@pytest.mark.rule("R001-116")
def test_each_hand_over_is_recorded_with_who_to_whom_when_and_why(people):
    complaint = a_complaint(people)
    lead = people.manager.party

    actions.hand_over(complaint=complaint, to=people.specialist.party, by=lead, now=at(9, 11), reason="熟悉")
    actions.hand_over(complaint=complaint, to=lead, by=lead, now=at(9, 12), reason="复杂")

    assert list(
        HandOver.objects.order_by("id").values_list("from_party", "to_party", "by", "at", "reason")
    ) == [
        (people.supervisor.pk, people.specialist.pk, lead.pk, at(9, 11), "熟悉"),
        (people.specialist.pk, lead.pk, lead.pk, at(9, 12), "复杂"),
    ]


@pytest.mark.rule("R001-113", "R001-114")
def test_the_two_amounts_are_parameters_of_the_store(people):
    set_values(people, people.south, 店长起点="1500元", 经理起点="300元")

    found = [a_complaint(people, value=Decimal(v)).handler_code for v in ("299.99", "300", "1499.99", "1500")]

    assert found == [SUPERVISOR, MANAGER, MANAGER, STORE]


@pytest.mark.rule("T001-36")
def test_the_table_of_powers_shows_the_bands_of_the_manual_in_force_at_the_store(people):
    set_values(people, people.south, 店长起点="1800元")

    table = next(one for one in authority_bands(people.south, dt.date(2026, 3, 9)) if one.name == "处理权限")

    assert table.question == "complaint.authority"
    assert [
        (band.condition, band.decider, band.post.code if band.post else "", band.clause)
        for band in table.bands
    ] == [
        ("货值 >= 店长起点（1800元）", "店长", "STORE_MANAGER", "三(五)1"),
        ("情形 食物中毒、变质过期食品、安全、建筑设施、叉车擦伤", "店长", "STORE_MANAGER", "三(五)1"),
        ("被投诉人 主管级以上", "店长", "STORE_MANAGER", "三(五)1"),
        ("情形 下属未能解决、坚持找店长", "店长", "STORE_MANAGER", "三(五)1"),
        ("货值 [经理起点（500元）..店长起点（1800元）)", "客服经理", "P002-02", "三(五)2"),
        ("情形 退换争执、服务投诉", "客服经理", "P002-02", "三(五)2"),
        ("被投诉人 主管级以下", "客服经理", "P002-02", "三(五)2"),
        ("", "客服主管", "P002-04", "三(五)3"),
    ]
