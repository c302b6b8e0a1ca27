"""Why: every ruling of a case opens in one tap: who approves, by when, how grave."""

import re
from decimal import Decimal

import pytest
from django.urls import reverse

from zhike.complaints import actions
from zhike.complaints.models import Grant
from zhike.kernel.duties.models import Duty
from zhike.kernel.policy.models import Ruling

from .factories import at, browser
from .regimes import a_house, opened, owner_of, step, walked

pytestmark = pytest.mark.django_db


def plain(page):
    assert page.status_code == 200
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page.content.decode()))


def test_the_line_of_approvers_opens_into_the_clause_and_the_amount():
    house = a_house(
        "car-complaints", ["GENERAL_MANAGER", "TECHNICAL_SUPPORT", "DEALER"], taker="CUSTOMER_CENTRE"
    )
    complaint = opened(house)
    grant = actions.ask_grant(
        complaint=complaint,
        kind=Grant.Kind.GOODWILL,
        form="COST",
        amount=Decimal("5000.01"),
        reason="路上抛锚,客户住了一夜",
        by=house["DEALER"].party,
        now=at(9, 10),
    )
    client = browser(house["taker"])
    address = reverse("complaints:ruling_of", args=[complaint.pk, grant.ruling_id])

    assert address in client.get(reverse("complaints:detail", args=[complaint.pk])).content.decode()
    page = plain(client.get(address))
    assert "六" in page
    assert "5000.01" in page
    assert "审批人 客户中心、总经理" in page
    english = plain(client.get(address, headers={"Accept-Language": "en"}))
    assert "approvers" in english


def test_a_deadline_says_which_row_of_the_manual_gives_it():
    posts = ["MARKETING_HEAD", "SALES_REPRESENTATIVE", "DEPARTMENT_HEAD", "MARKETING_VICE_GM", "QUALITY_HEAD"]
    house = a_house("mfg-complaints", [*posts, "QUALITY_ENGINEER"])
    complaint = opened(house, item="QUALITY", circumstances=["BATCH"], now=at(6, 9))
    walked(complaint, until="品质签收", now=at(6, 9))
    step(complaint, now=at(6, 15))
    duty = Duty.objects.open().get(kind="complaint.reply")

    page = plain(
        browser(owner_of(complaint).user).get(reverse("complaints:date_why", args=[complaint.pk, duty.pk]))
    )

    assert "事项 答复" in page
    assert "重大 是" in page


def test_a_ruling_of_another_case_is_not_found():
    house = a_house(
        "car-complaints", ["GENERAL_MANAGER", "TECHNICAL_SUPPORT", "DEALER"], taker="CUSTOMER_CENTRE"
    )
    mine, other = opened(house), opened(house, text="另一件事")
    foreign = Ruling.objects.filter(subject_id=other.pk).first()

    page = browser(house["taker"]).get(reverse("complaints:ruling_of", args=[mine.pk, foreign.pk]))

    assert page.status_code == 404


def test_a_reader_of_english_reads_facts_and_rows_of_a_ruling_in_english():
    house = a_house(
        "car-complaints", ["GENERAL_MANAGER", "TECHNICAL_SUPPORT", "DEALER"], taker="CUSTOMER_CENTRE"
    )
    complaint = opened(house, item="QUALITY", more={"contract": "是"})
    address = reverse("complaints:ruling", args=[complaint.pk])

    card = " ".join(browser(house["taker"], "en").get(address).content.decode().split())
    chinese = " ".join(browser(house["taker"]).get(address).content.decode().split())

    assert "有服务合同" in chinese
    assert "有服务合同" not in card
    assert "Contract with the maker" in card


def test_a_fact_of_the_registration_is_said_by_its_word_and_other_rows_in_the_language_of_the_reader():
    posts = ["MARKETING_DIRECTOR", "REGION_MANAGER", "AREA_MANAGER", "BACK_OFFICE_HEAD", "BACK_OFFICE"]
    house = a_house("pharma-complaints", [*posts, "QUALITY_HEAD"])
    complaint = opened(house, item="PRODUCT_TROUBLE", more={"route": "BACK_OFFICE"})
    graded = Ruling.objects.get(subject_id=complaint.pk, question="complaint.grade")
    address = reverse("complaints:ruling_of", args=[complaint.pk, graded.pk])

    chinese, english = (plain(browser(house["taker"], one).get(address)) for one in ("zh-hans", "en"))

    assert "到达 销售后勤" in chinese
    assert "区域级，否" in chinese
    assert "Arrived at Sales back office" in english
    assert "Area manager&#x27;s, no" in english
    assert "区域级" not in english
    assert "BACK_OFFICE" not in chinese + english
