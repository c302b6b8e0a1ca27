"""Credit over HTTP: the sheet is filled in, saved, signed by three, printed; the list of customers at risk prints."""

from __future__ import annotations

import datetime as dt
import io
from decimal import Decimal

import openpyxl
import pytest
from django.test import Client
from django.urls import reverse

from zhike.customers.credit import actions, queries, sheets
from zhike.customers.models import CreditRisk, CreditSurvey
from zhike.customers.privacy import actions as privacy
from zhike.kernel.records.forms import Lines
from zhike.people.tests.factories import MONDAY

from .care import interviewer, regulations, survey_supervisor
from .factories import a_customer
from .test_credit import sell, signed

pytestmark = pytest.mark.django_db


@pytest.fixture(name="client")
def _client():
    """A browser that reads English."""
    return Client(HTTP_ACCEPT_LANGUAGE="en")


@pytest.fixture(name="people")
def _people(cast):
    regulations(cast)
    cast.users["interviewer"] = interviewer(cast)
    cast.users["survey_supervisor"] = survey_supervisor(cast)
    return cast


@pytest.fixture(name="customer")
def _customer(people):
    return a_customer(people.south_service, people.manager, "恒信贸易", kind="ORGANISATION")


TYPED = {
    "enterprise": "恒信贸易",
    "head": "钱多多",
    "bank": "VERY_GOOD",
    "trade": "GOOD",
    "capital": "1000000",
    "attitude": "PROMPT",
    "products-0-kind": "饮料",
    "products-0-month_volume": "120",
    "products-4-kind": "粮油",
}


@pytest.mark.rule("FM002-03", "R002-173")
def test_a_sheet_is_filled_in_saved_signed_and_approved_in_the_browser(people, customer, client):
    client.force_login(people.interviewer)
    client.post(reverse("customers:begin_survey", args=[customer.pk]))
    survey = CreditSurvey.objects.get()
    page = reverse("customers:survey", args=[survey.pk])
    assert "恒信贸易" in client.get(page).content.decode()

    client.post(page, {**TYPED, "capital": "", "save": "1", "revision": "0"})
    survey.refresh_from_db()
    assert [row["kind"] for row in survey.record.data["products"]] == ["饮料", "粮油"]
    wrong = client.post(page, {**TYPED, "capital": "很多", "sign": "1"}).content.decode()
    assert "is not a number" in wrong
    assert "粮油" in wrong
    client.post(page, {**TYPED, "sign": "1"})
    survey.refresh_from_db()
    assert (survey.state, survey.record.number) == ("REVIEW", "XY-202603-0001")

    sign = reverse("customers:sign_survey", args=[survey.pk])
    assert client.get(sign).status_code == 403
    client.force_login(people.manager)
    client.post(sign, {"opinion": "属实"})
    client.force_login(people.general_manager)
    asked = client.get(sign).content.decode()
    assert "the regulation rules" in asked
    # 20 + 30 + 12 points of 100: grade C, 5 % of the capital
    client.post(
        sign, {"grade": "C", "payment": "PER_ORDER", "limit": "50000.00", "reason": "", "remark": "首年"}
    )
    rating = queries.current(customer)
    assert (rating.score, rating.grade, rating.limit, rating.origin) == (62, "C", 50000, "RULED")


@pytest.mark.rule("FM002-03")
def test_the_printed_sheet_has_every_field_and_three_signatures(people, customer, client):
    survey = signed(people, customer)
    client.force_login(people.manager)

    def sheet(kind):
        return client.get(reverse("customers:print_survey", args=[survey.pk, kind]))

    page = sheet("html").content.decode()
    placed: set[str] = set()
    for row in sheets.SURVEY.layout:
        if isinstance(row, Lines):
            placed.add(row.key)
        elif isinstance(row, tuple):
            placed |= {key for one in row for key in one.keys}
    assert placed == set(sheets.SURVEY.by_key)
    for said in ("柳如烟", "周启明", "宋怀瑾", "Grade A", "200,000", "山泉", "XY-202603-0001"):
        assert said in page
    assert sheet("pdf").content.startswith(b"%PDF")
    assert sheet("docx").content.startswith(b"PK")
    cells = {
        cell.value
        for line in openpyxl.load_workbook(io.BytesIO(sheet("xlsx").content)).active
        for cell in line
    }
    assert "山泉" in cells
    assert any("柳如烟" in str(value) for value in cells)


@pytest.mark.parametrize("page", ["customers:detail", "customers:grades", "customers:graded"])
def test_pages_of_grades_open_for_a_customer_whose_credit_is_rated(people, customer, client, page: str):
    signed(people, customer)
    client.force_login(people.manager)
    args = [] if page == "customers:graded" else [customer.pk]
    assert client.get(reverse(page, args=args)).status_code == 200


@pytest.mark.parametrize(
    ("page", "more"), [("customers:beside", []), ("customers:print_form", ["FM002-28", "html"])]
)
def test_the_grade_of_credit_stands_on_the_file_and_its_form(people, customer, client, page: str, more):
    signed(people, customer)
    client.force_login(people.manager)
    assert "Grade A" in client.get(reverse(page, args=[customer.pk, *more])).content.decode()


@pytest.mark.rule("FM002-29", "S002-49")
def test_the_list_of_customers_at_risk_shows_and_prints_what_the_form_asks(people, customer, client):
    signed(people, customer)
    sell(people, customer, "5000", due_on=dt.date(2026, 3, 9))
    actions.enter_risk(
        customer=customer,
        kind="PAYMENT",
        signs="货款未付",
        by=people.manager.party,
        now=MONDAY,
        owner=people.supervisor.party,
    )
    client.force_login(people.manager)

    listed = client.get(reverse("customers:credit_risks")).content.decode()
    printed = client.get(reverse("customers:print_risks", args=["html"])).content.decode()
    book = client.get(reverse("customers:print_risks", args=["xlsx"])).content

    assert "恒信贸易" in listed
    for said in (
        "五(一)",
        "恒信贸易",
        "拖欠",
        "货款未付",
        "5,000.00",
        "逾期0天",
        "200,000.00",
        "已用2%",
        "2026-03-09",
        "催款",
        "林一诺",
        "未解除",
    ):
        assert said in printed
    assert not {code for code in ("HIGH", "MEDIUM", "LOW") if code in printed}
    assert book.startswith(b"PK")
    assert "2026-03-23" in printed


@pytest.mark.rule("R002-143", "S002-17")
def test_a_secret_customer_is_in_no_credit_list_of_who_is_not_cleared(people, customer, client):
    signed(people, customer)
    CreditRisk.objects.all().delete()
    actions.enter_risk(
        customer=customer,
        kind="LOSS",
        signs="无订单",
        by=people.manager.party,
        now=MONDAY,
        owner=people.supervisor.party,
    )
    privacy.set_secrecy(
        customer=customer, level=2, reason="项目", by=people.survey_supervisor.party, now=MONDAY, cleared=2
    )
    pages = [reverse(f"customers:{name}") for name in ("credit", "credit_surveys", "credit_risks")]
    found = {}
    for key in ("manager", "interviewer"):
        client.force_login(people.users[key])
        found[key] = ["恒信贸易" in client.get(page, {"view": "-"}).content.decode() for page in pages]

    # the interviewer is cleared to level 1, and named on the own survey alone
    assert found == {"manager": [True, True, True], "interviewer": [False, True, False]}
    assert client.get(reverse("customers:credit_of", args=[customer.pk])).status_code == 404


@pytest.mark.rule("R002-176")
def test_a_sale_above_the_limit_is_refused_in_the_dialog_and_what_was_typed_stays(people, customer, client):
    signed(people, customer)
    client.force_login(people.manager)
    address = reverse("customers:sell_on_account", args=[customer.pk])

    page = client.post(
        address, {"product": "饮料", "amount": "200000.01", "due_on": "2026-04-08"}
    ).content.decode()

    assert "the credit limit is 200,000.00 yuan" in page
    assert 'value="200000.01"' in page
    assert queries.open_balance(customer) == 0
    client.post(address, {"product": "饮料", "amount": "200000", "due_on": "2026-04-08"})
    assert queries.open_balance(customer) == Decimal(200000)
