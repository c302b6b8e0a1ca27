"""Pages of grading: what they show, who may do what, and the forms."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest
from django.test import Client
from django.urls import reverse

from zhike.customers.grading import actions
from zhike.customers.models import Evaluation, Grade, Persona, Profile, Proposal, Sale, SegmentPlan
from zhike.kernel.records.models import Record
from zhike.people.tests.factories import MONDAY

from .factories import a_customer
from .grading import in_force, with_facts

pytestmark = pytest.mark.django_db
TODAY = MONDAY.date()
DAY = dt.timedelta(days=1)


@pytest.fixture
def customer(cast):
    in_force(cast.mall)
    return a_customer(cast.south, cast.specialist, "澜石精密机械")


@pytest.fixture
def client():
    return Client(headers={"accept-language": "en"})


@pytest.fixture
def as_specialist(client, cast):
    client.force_login(cast.specialist)
    return client


@pytest.fixture
def as_manager(client, cast):
    client.force_login(cast.manager)
    return client


def url(name: str, *arguments) -> str:
    return reverse(f"customers:{name}", args=arguments)


@pytest.mark.rule("F001-36", "R001-122")
def test_noting_facts_grades_and_the_page_says_why(as_specialist, customer):
    facts = {
        "need": "CLEAR",
        "deal_expected_on": (TODAY + 9 * DAY).isoformat(),
        "possible_amount": "120000",
        "is_regular": "on",
    }

    answer = as_specialist.post(url("note_facts", customer.pk), facts)

    assert answer.status_code == 302
    assert Grade.objects.get(customer=customer, dimension="grade").value == "A"
    page = as_specialist.get(customer_page(customer)).content.decode()
    assert "Why Customer grade A" in page
    assert "Need: Clear need; Deal expected: ≤ 1 month" in page
    assert "IMPORTANT" not in page


def customer_page(customer) -> str:
    return reverse("customers:beside", args=[customer.pk])


def test_the_dialog_and_the_page_of_a_form_are_the_same_view(as_specialist, customer):
    page = as_specialist.get(url("note_facts", customer.pk))
    part = as_specialist.get(url("note_facts", customer.pk), HTTP_HX_REQUEST="true")

    assert (page.status_code, part.status_code) == (200, 200)
    assert "<html" in page.content.decode()
    assert "<html" not in part.content.decode()


@pytest.mark.rule("FM002-07")
def test_without_the_power_another_value_is_proposed(as_specialist, customer):
    actions.regrade(customer=customer, dimension="grade", by=None, now=MONDAY)

    as_specialist.post(url("change_grade", customer.pk, "grade"), {"value": "B", "reason": "新厂开工"})

    assert Grade.objects.get(customer=customer, until=None).value == "D"
    assert Proposal.objects.get().value == "B"
    assert "D → B" in as_specialist.get(url("proposals")).content.decode()


@pytest.mark.rule("FM002-07")
def test_a_manager_approves_and_a_specialist_may_not(client, customer, cast):
    proposal = actions.propose(
        customer=customer, dimension="grade", value="B", reason="新厂", by=cast.specialist.party, now=MONDAY
    )
    client.force_login(cast.specialist)
    assert client.post(url("approve_proposal", proposal.pk), {}).status_code == 403
    client.force_login(cast.stranger)
    assert client.get(url("approve_proposal", proposal.pk)).status_code in {403, 404}

    client.force_login(cast.manager)
    client.post(url("approve_proposal", proposal.pk), {"opinion": "同意"})

    assert Grade.objects.get(customer=customer, until=None).approved_by == cast.manager.party


def test_confirming_what_the_manual_gives_needs_nobody_else(as_specialist, customer):
    actions.regrade(customer=customer, dimension="grade", by=None, now=MONDAY)

    as_specialist.post(url("change_grade", customer.pk, "grade"), {"value": "D"})

    assert Grade.objects.get(customer=customer, until=None).origin == "CONFIRMED"
    assert not Proposal.objects.exists()


def test_a_manager_decides_with_a_reason_and_is_asked_for_one(as_manager, customer):
    refused = as_manager.post(url("change_grade", customer.pk, "grade"), {"value": "B"})
    assert "Say why" in refused.content.decode()

    as_manager.post(url("change_grade", customer.pk, "grade"), {"value": "B", "reason": "招标"})

    assert Grade.objects.get(customer=customer, until=None).origin == "DECIDED"


def test_the_history_page_lists_every_value(as_specialist, customer):
    actions.regrade(customer=customer, dimension="grade", by=None, now=MONDAY - 9 * DAY)
    with_facts(customer, need="CLEAR", deal_expected_on=TODAY, spend=Decimal(6000))
    actions.regrade(customer=customer, dimension="grade", by=None, now=MONDAY)

    page = as_specialist.get(url("grades", customer.pk)).content.decode()

    assert "up from D" in page
    assert "每天" in page
    assert "6,000" in page


def test_secret_customers_are_in_no_figure_of_who_may_not_see_them(as_specialist, customer):
    actions.regrade(customer=customer, dimension="grade", by=None, now=MONDAY)
    customer.secrecy = 3
    customer.created_by = None
    customer.save(update_fields=["secrecy", "created_by"])

    page = as_specialist.get(url("graded") + "?dimension=grade").content.decode()

    assert customer.name not in page
    assert "No customer is graded yet" in as_specialist.get(url("grading")).content.decode()


def test_every_number_of_the_overview_opens_into_its_customers(as_manager, customer, cast):
    for n in range(2):
        a_customer(cast.south, cast.specialist, f"客户{n}", f"1390000000{n}")
    actions.regrade_many(dimension="grade", now=MONDAY)

    page = as_manager.get(url("grading")).content.decode()
    rows = as_manager.get(url("graded") + "?dimension=grade&value=D").content.decode()

    assert "dimension=grade&amp;value=D" in page
    assert all(name in rows for name in ("澜石精密机械", "客户0", "客户1"))


def test_a_job_is_begun_once_and_tells_what_it_did(
    as_manager, customer, cast, django_capture_on_commit_callbacks, monkeypatch
):
    from zhike.customers.grading import jobs

    monkeypatch.setattr(jobs, "async_task", lambda task, pk, **more: jobs.work(pk))
    unit = {"unit": cast.south.pk}
    with django_capture_on_commit_callbacks(execute=True):
        answer = as_manager.post(url("regrade"), unit)

    assert answer.status_code == 302
    page = as_manager.get(url("grading")).content.decode()
    assert "Customer grade: 1 of 1 changed" in page


def test_a_second_job_waits_for_the_first(as_manager, customer, cast, monkeypatch):
    from zhike.customers.grading import jobs

    monkeypatch.setattr(jobs, "async_task", lambda *given, **more: None)
    as_manager.post(url("regrade"), {"unit": cast.south.pk})

    again = as_manager.post(url("regrade"), {"unit": cast.south.pk}).content.decode()

    assert "worked out already" in again


@pytest.mark.rule("F004-10", "R004-30")
def test_a_shop_is_scored_on_its_page_and_the_form_prints(client, cast):
    in_force(cast.mall, "tobacco-customers")
    shop = a_customer(cast.south, cast.specialist, "城西烟酒店")
    client.force_login(cast.manager)
    client.post(url("plan_evaluations"), {"unit": cast.south.pk, "month": TODAY.isoformat()})
    row = Evaluation.objects.get(customer=shop)

    scores = {"ABILITY": 80, "ENVIRONMENT": 90, "DISPLAY": 70, "PROFIT": 60}
    client.post(url("evaluate", row.pk), scores)

    row.refresh_from_db()
    assert row.total == Decimal("75.50")
    sheet = client.get(url("customer_sheet", shop.pk, "F004-10", "html")).content.decode()
    assert "75.50" in sheet
    assert "35%" in sheet


# --- forms


@pytest.mark.rule("FM002-06", "S002-34")
def test_the_analysis_is_signed_by_one_and_reviewed_by_another(client, customer, cast):
    Sale.objects.create(
        customer=customer, on=TODAY, product="轴承", amount=Decimal(9000), discount=Decimal(500)
    )
    client.force_login(cast.specialist)
    typed = {"behaviour": "按季采购", "problems": "交期长", "measures": "备库存"}
    missing = client.post(url("sign_sheet", customer.pk, "FM002-06"), {**typed, "measures": ""})
    assert not Record.objects.exists()
    assert missing.status_code == 200

    client.post(url("sign_sheet", customer.pk, "FM002-06"), typed)

    record = Record.objects.get()
    assert (record.state, record.data["sales"], record.data["products"]) == ("SUBMITTED", "8500.00", "轴承")
    own = client.post(url("review_sheet", customer.pk, record.pk), {}).content.decode()
    assert "somebody else must review" in own
    client.force_login(cast.manager)
    client.post(url("review_sheet", customer.pk, record.pk), {"opinion": "同意"})
    record.refresh_from_db()
    assert record.state == "REVIEWED"


@pytest.mark.rule("F001-36", "FM002-06", "FM002-07", "FM002-27")
@pytest.mark.parametrize("code", ["F001-36", "FM002-06", "FM002-07", "FM002-27"])
@pytest.mark.parametrize("kind", ["html", "pdf", "docx", "xlsx"])
def test_forms_of_a_customer_print(as_manager, customer, code, kind):
    Profile.objects.create(customer=customer, spend=Decimal(1200))
    Sale.objects.create(customer=customer, on=TODAY, product="轴承", amount=Decimal(9000))
    actions.regrade(customer=customer, dimension="grade", by=None, now=MONDAY)

    answer = as_manager.get(url("customer_sheet", customer.pk, code, kind))

    assert answer.status_code == 200
    if kind == "html":
        assert customer.number in answer.content.decode()


@pytest.mark.rule("FM002-05", "FM002-08", "FM002-25", "FM002-26", "S002-49", "S002-35")
@pytest.mark.parametrize(
    ("code", "said"),
    [
        ("FM002-05", "D"),
        ("FM002-25", "Second rank"),
        ("FM002-26", "华东"),
        ("FM002-08", "100.0%"),
        ("FM002-08", "轴承"),
    ],
)
def test_forms_of_a_unit_list_the_customers_in_sight(as_manager, customer, cast, code, said):
    customer.region, customer.is_key = "华东", True
    customer.save(update_fields=["region", "is_key"])
    with_facts(customer, spend=Decimal(1500000), first_order_on=TODAY - 800 * DAY)
    actions.regrade_many(dimension="grade", now=MONDAY)
    actions.regrade_many(dimension="rank", now=MONDAY)
    Sale.objects.create(customer=customer, on=TODAY, product="轴承", amount=Decimal(9000))

    page = as_manager.get(url("print_sheet", code, cast.south.pk, "html")).content.decode()

    assert customer.name in page
    assert said in page
    assert "1,500,000" in page or "1500000" in page


@pytest.mark.rule("F003-04", "F003-05", "R003-19", "R003-20")
def test_segments_plans_and_personas_are_kept_on_one_page(as_manager, cast):
    in_force(cast.mall, "customer-lifecycle")
    a_customer(cast.south, cast.specialist, "江牧原")
    actions.regrade_many(dimension="segment", now=MONDAY)
    plan = {
        "unit": cast.south.pk, "begins_on": TODAY.isoformat(), "ends_on": (TODAY + 90 * DAY).isoformat(),
        "strategy": "专人", "content": "回顾", "priority": 1, "owner": cast.manager.pk, "target": "续保率 95%",
    }  # fmt: skip
    persona = {
        "unit": cast.south.pk, "name": "稳健的企业主", "segment": "LOYAL", "pains": "理赔慢", "expectations": "一次办完",
        "factors": "口碑", "interaction": "电话", "sample": 12,
    }  # fmt: skip

    as_manager.post(url("plan_segment", "LOYAL"), plan)
    as_manager.post(url("add_persona"), persona)
    as_manager.post(url("segment_result", SegmentPlan.objects.get().pk), {"result": "续保率 96%"})

    page = as_manager.get(url("segments")).content.decode()
    assert all(text in page for text in ("续保率 95%", "续保率 96%", "理赔慢", "稳健的企业主"))
    for what, row in (("plan", SegmentPlan.objects.get()), ("persona", Persona.objects.get())):
        sheet = as_manager.get(url("segment_sheet", what, row.pk, "html"))
        assert "High-value loyal" in sheet.content.decode()
        assert as_manager.get(url("segment_sheet", what, row.pk, "pdf")).status_code == 200


@pytest.mark.rule("R003-05")
def test_a_bare_stage_is_marked_on_the_page(as_manager, cast):
    from zhike.manuals import actions as manuals

    from .grading import text_of

    text = text_of("customer-lifecycle").replace("首单零差错 | 交付回访，评价邀请，投诉快速处理", "- | -")
    manuals.publish_and_install(text=text, unit=cast.mall, by=None, now=MONDAY)
    a_customer(cast.south, cast.specialist, "江牧原")

    assert as_manager.get(url("segments")).content.decode().count("no strategy or measure") == 1
