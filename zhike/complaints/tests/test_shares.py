"""Beside the stages, under the handbook's regulation: the customer's agreement, shares of responsibility, the forms."""

from decimal import Decimal

import pytest
from django.urls import reverse

from zhike.complaints import actions
from zhike.complaints.actions import Part
from zhike.complaints.models_after import Agreement, Share
from zhike.complaints.splitting import split
from zhike.people.tests.factories import MONDAY

from .factories import browser
from .handbook import LATER, a_case, a_handbook_house, agreed, visit
from .regimes import step, walked

pytestmark = pytest.mark.django_db


@pytest.fixture
def house():
    yield from a_handbook_house()


@pytest.fixture
def case(house):
    return a_case(house)


@pytest.fixture
def closed(case, house):
    agreed(case, house)
    walked(case)
    assert not case.is_open
    return case


# ---- agreement


@pytest.mark.rule("R002-P05")
def test_nothing_is_carried_out_before_the_customer_agreed_where_the_manual_wants_it(case, house):
    walked(case, until="执行")
    with pytest.raises(actions.CannotStep):
        step(case)
    agreed(case, house, "EXCHANGE", "APOLOGY", yes=False)
    with pytest.raises(actions.CannotStep):
        step(case)
    agreed(case, house, "REPAIR")

    assert step(case) == "反馈客户"


@pytest.mark.rule("R002-P05")
@pytest.mark.parametrize("way", ["REPAIR", "EXCHANGE", "RETURN", "DISCOUNT", "COMPENSATION"])
def test_each_way_that_costs_needs_the_customer_and_an_explanation_does_not(case, house, way):
    walked(case, until="执行")
    agreed(case, house, way, yes=False)
    with pytest.raises(actions.CannotStep):
        step(case)
    agreed(case, house, "EXPLANATION", yes=False)

    assert step(case) == "反馈客户"


def test_after_reopening_the_customer_is_asked_again(closed, house):
    actions.reopen(complaint=closed, reason="x", by=house["P002-02"].party, now=LATER)
    walked(closed, until="执行", now=LATER)

    with pytest.raises(actions.CannotStep):
        step(closed)


def test_an_agreement_names_who_said_it_and_ways_of_the_manual(case, house):
    given = {"complaint": case, "agreed": True, "channel": "PHONE", "by": house["taker"].party, "now": MONDAY}
    for wrong in (
        {"who": " ", "ways": ["REPAIR"]},
        {"who": "甲", "ways": []},
        {"who": "甲", "ways": ["NO_SUCH"]},
    ):
        with pytest.raises(actions.CannotAgree):
            actions.record_agreement(**given | wrong)
    assert not Agreement.objects.exists()


def test_the_agreement_is_taken_down_on_the_page(case, house):
    client = browser(house["taker"])
    typed = {"ways": ["RETURN"], "agreed": "1", "channel": "PHONE", "who": "巫马青", "text": "行"}
    client.post(reverse("complaints:agree", args=[case.pk]), typed)

    assert Agreement.objects.get().ways == ["RETURN"]
    assert "巫马青" in client.get(reverse("complaints:detail", args=[case.pk])).content.decode()


# ---- shares


def parts(house, *given):
    return [
        Part(
            side=side,
            percent=Decimal(percent),
            evidence="检验报告",
            unit=house.unit if side == "OWN" else None,
            name="" if side in {"OWN", "CUSTOMER"} else "某某",
        )
        for side, percent in given
    ]


def settled(case, house, *given):
    return actions.settle_shares(
        complaint=case, parts=parts(house, *given), by=house["P002-04"].party, now=MONDAY
    )


@pytest.mark.rule("R002-P05")
def test_the_responsibility_of_all_four_sides_adds_to_a_hundred(case, house):
    settled(case, house, ("OWN", "40"), ("SUPPLIER", "30.5"), ("CARRIER", "19.5"), ("CUSTOMER", "10"))

    assert [(row.side, row.percent) for row in case.shares.all()] == [
        ("OWN", Decimal(40)),
        ("SUPPLIER", Decimal("30.5")),
        ("CARRIER", Decimal("19.5")),
        ("CUSTOMER", Decimal(10)),
    ]


@pytest.mark.parametrize(
    "given",
    [
        (("OWN", "99.99"),),
        (("OWN", "60"), ("SUPPLIER", "40.01")),
        (("OWN", "50"), ("OWN", "50")),
        (("CUSTOMER", "0"), ("OWN", "100")),
        (("NOBODY", "100"),),
        (),
    ],
)
def test_shares_that_do_not_add_up_or_name_nobody_are_refused_and_the_former_stand(case, house, given):
    settled(case, house, ("OWN", "100"))
    with pytest.raises(actions.CannotShare):
        settled(case, house, *given)

    assert [row.percent for row in Share.objects.all()] == [Decimal(100)]


def test_a_share_without_evidence_name_or_department_is_refused(case, house):
    for wrong in (
        Part(side="OWN", percent=Decimal(100), evidence="x"),
        Part(side="SUPPLIER", percent=Decimal(100), evidence="x"),
        Part(side="CUSTOMER", percent=Decimal(100), evidence=" "),
    ):
        with pytest.raises(actions.CannotShare):
            actions.settle_shares(complaint=case, parts=[wrong], by=house["P002-04"].party, now=MONDAY)


@pytest.mark.parametrize(
    ("amount", "percents", "expected"),
    [
        ("100", ["33.33", "33.33", "33.34"], ["33.33", "33.33", "33.34"]),
        ("0.01", ["50", "50"], ["0.01", "0.00"]),
        ("10", ["33.34", "33.33", "33.33"], ["3.34", "3.33", "3.33"]),
        ("0.05", ["40", "35", "25"], ["0.02", "0.02", "0.01"]),
        ("99.99", ["100"], ["99.99"]),
        ("1", ["14.29"] * 6 + ["14.26"], ["0.15", "0.15", "0.14", "0.14", "0.14", "0.14", "0.14"]),
    ],
)
def test_an_amount_is_split_to_the_cent_and_adds_up(amount, percents, expected):
    found = split(Decimal(amount), [Decimal(one) for one in percents])

    assert sum(found) == Decimal(amount)
    assert found == [Decimal(one) for one in expected]


def test_the_page_settles_shares_and_shows_the_part_of_the_compensation(case, house):
    walked(case, until="协商方案")
    step(case, compensation=Decimal("100.01"))
    client = browser(house["P002-04"])
    url = reverse("complaints:shares", args=[case.pk])
    typed = {
        "share-TOTAL_FORMS": "3",
        "share-INITIAL_FORMS": "0",
        "share-0-side": "OWN",
        "share-0-unit": str(house.unit.pk),
        "share-0-percent": "50",
        "share-0-evidence": "首检漏项",
        "share-1-side": "CARRIER",
        "share-1-name": "顺达物流",
        "share-1-percent": "40",
        "share-1-evidence": "签收单",
    }
    refused = client.post(url, typed)
    assert "90" in refused.context["refusal"]
    assert "顺达物流" in refused.content.decode()
    client.post(url, typed | {"share-1-percent": "50"})

    assert [row.who for row in case.shares.all()] == [house.unit.label, "顺达物流"]
    page = client.get(reverse("complaints:detail", args=[case.pk])).content.decode()
    assert "50.01" in page
    assert "50.00" in page


# ---- on the forms


@pytest.mark.rule("FM002-23", "R002-P05")
def test_the_handling_report_prints_shares_ways_and_what_the_customer_said(case, house):
    from zhike.complaints import queries, sheets
    from zhike.complaints.regime import regime_of
    from zhike.kernel.records import forms, values

    walked(case, until="协商方案")
    step(case, compensation=Decimal("100.01"))
    settled(case, house, ("OWN", "50"), ("CARRIER", "50"))
    agreed(case, house, "EXCHANGE", "APOLOGY")
    case.refresh_from_db()
    filled = sheets.Filled(queries.file_of(case), regime_of(case))

    found = values.gather(forms.get("FM002-23"), filled)
    assert found["measures"] == ["EXCHANGE", "COMPENSATION", "APOLOGY"]
    assert found["responsibility"] == f"{house.unit.label} 50% 50.01元\n某某 50% 50.00元"
    assert found["customer_opinion"].startswith("同意(巫马青,")
    assert values.gather(forms.get("FM002-21"), filled)["share"] == f"{house.unit.label} 50%、某某 50%"


@pytest.mark.rule("FM002-24")
def test_the_tracking_form_prints_the_return_visit_and_that_it_was_taken_up_again(closed, house):
    from zhike.complaints import queries, sheets
    from zhike.complaints.regime import regime_of
    from zhike.kernel.records import forms, values

    visit(closed, house, satisfaction=2)
    actions.reopen(complaint=closed, reason="x", by=house["P002-02"].party, now=LATER)
    found = values.gather(forms.get("FM002-24"), sheets.Filled(queries.file_of(closed), regime_of(closed)))

    assert found["satisfaction"] == "2 不满意"
    assert "2026-03-10" in str(found["visited_on"])
    assert found["reopened"] == ["是"]
