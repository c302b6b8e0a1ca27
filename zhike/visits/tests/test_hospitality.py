"""Hospitality: applied for before money is spent, approved by amount, settled with invoice, summed up by month."""

from __future__ import annotations

import datetime as dt
import html
import re
from decimal import Decimal

import pytest
from django.test import Client
from django.urls import reverse

from zhike.kernel.parties import subjects
from zhike.kernel.parties.models import Party
from zhike.kernel.parties.scope import EVERYTHING, NOTHING
from zhike.kernel.procedures import approvals
from zhike.kernel.procedures.models import Approval
from zhike.kernel.records import values
from zhike.kernel.tallies.periods import Kind, Period
from zhike.people.tests.factories import MONDAY
from zhike.visits.reception.hospitality import actions, queries, sheets
from zhike.visits.reception.hospitality.models import Hospitality

from .factories import DAY, a_shop

TODAY = MONDAY.date()
MONTH = Period.around(Kind.MONTH, TODAY, "Asia/Shanghai")


def asks(cast, customer=None, by=None, **more) -> Hospitality:
    given = {
        "kind": "MEAL", "guests": 3, "guest_names": "王总、李经理、赵工", "reason": "续签合同", "place": "湖畔餐厅",
        "on": TODAY, "budget": Decimal(300),
    } | more  # fmt: skip
    return actions.apply(
        customer=customer or a_shop(cast), by=(by or cast.specialist).party, now=MONDAY, **given
    )


def approval_of(row) -> Approval:
    return Approval.objects.get(**subjects.key(row))


def approved(row) -> Hospitality:
    approval = approval_of(row)
    for _step in range(approval.steps.count()):
        approval.refresh_from_db()
        person = approval.steps.get(decision="NOW").approver
        approvals.decide(approval=approval, decision="YES", opinion="", by=person, now=MONDAY)
    row.refresh_from_db()
    return row


def settled(row, by, cost=Decimal(280), **more) -> Hospitality:
    given = {"actual_on": TODAY, "actual_guests": 3, "invoice": "FP-1"} | more
    return actions.settle(hospitality=row, cost=cost, by=by.party, now=MONDAY, **given)


@pytest.mark.rule("R002-P01", "R000-38", "S002-33")
def test_no_hospitality_without_customers_and_none_above_the_standard(cast):
    shop = a_shop(cast)
    with pytest.raises(actions.CannotHost, match="without customers"):
        asks(cast, shop, guests=0)
    with pytest.raises(actions.CannotHost, match=r"standard is 100\.00"):
        asks(cast, shop, budget=Decimal("300.01"))
    with pytest.raises(actions.CannotHost, match="At most 2"):
        asks(cast, shop, companions=3)
    assert asks(cast, shop, companions=2, budget=Decimal(500)).each == 100
    shop.is_key = True
    assert asks(cast, shop, companions=4, budget=Decimal(1400)).each == 200
    with pytest.raises(actions.CannotHost, match="At most 4"):
        asks(cast, shop, companions=5)


@pytest.mark.rule("R002-P01", "R000-38")
@pytest.mark.parametrize(
    ("amount", "line"), [(Decimal(2000), ["周启明"]), (Decimal("2000.01"), ["周启明", "宋怀瑾"])]
)
def test_the_amount_decides_who_approves(cast, amount, line):
    row = asks(cast, kind="TRAVEL", guests=5, budget=amount)
    assert list(approval_of(row).steps.order_by("level").values_list("approver__name", flat=True)) == line
    assert row.state == "ASKED"
    with pytest.raises(actions.CannotHost, match="Only what is approved"):
        settled(row, cast.specialist)
    assert approved(row).state == "APPROVED"


@pytest.mark.rule("R000-38")
def test_nobody_approves_their_own_application(cast):
    row = asks(cast, by=cast.manager)
    approval = approval_of(row)
    assert not approval.steps.filter(approver=cast.manager.party).exists()
    with pytest.raises(approvals.CannotApprove):
        approvals.decide(approval=approval, decision="YES", opinion="", by=cast.manager.party, now=MONDAY)


def test_what_was_refused_or_withdrawn_is_not_spent(cast):
    refused, withdrawn = asks(cast), asks(cast)
    person = approval_of(refused).steps.get(decision="NOW").approver
    approvals.decide(approval=approval_of(refused), decision="NO", opinion="不必", by=person, now=MONDAY)
    approvals.withdraw(approval=approval_of(withdrawn), by=cast.specialist.party, now=MONDAY)
    states = Hospitality.objects.order_by("pk").values_list("state", flat=True)
    assert list(states) == ["REFUSED", "WITHDRAWN"]
    assert queries.costs(EVERYTHING, MONTH, "by") == []


@pytest.mark.rule("R002-P01")
def test_an_exception_is_applied_for_within_three_days_with_its_reason(cast):
    shop = a_shop(cast)
    with pytest.raises(actions.CannotHost, match="not applied for beforehand"):
        asks(cast, shop, on=TODAY - 3 * DAY)
    with pytest.raises(actions.CannotHost, match="within 3 days"):
        asks(cast, shop, on=TODAY - 4 * DAY, after_reason="临时到访")
    assert asks(cast, shop, on=TODAY - 3 * DAY, after_reason="临时到访").after_reason == "临时到访"
    assert asks(cast, shop, on=TODAY, after_reason="临时到访").after_reason == ""


@pytest.mark.rule("R002-P01", "R002-156")
def test_settlement_wants_invoice_and_the_reason_for_an_overrun(cast):
    row = approved(asks(cast))
    with pytest.raises(actions.CannotHost, match="invoice"):
        settled(row, cast.specialist, invoice=" ")
    with pytest.raises(actions.CannotHost, match="more was spent"):
        settled(row, cast.specialist, cost=Decimal("300.01"))
    with pytest.raises(actions.CannotHost, match="not come yet"):
        settled(row, cast.specialist, actual_on=TODAY + DAY)
    row = settled(row, cast.specialist, cost=Decimal(300))
    assert (row.state, row.overrun_reason) == ("SETTLED", "")
    with pytest.raises(actions.CannotHost, match="Only what is approved"):
        settled(row, cast.specialist)


@pytest.mark.rule("ST002-56", "R002-156")
def test_costs_by_person_and_customer(cast):
    shop, other = a_shop(cast, "甲店"), a_shop(cast, "乙店")
    settled(approved(asks(cast, shop)), cast.specialist, cost=Decimal(350), overrun_reason="多一位客人")
    approved(asks(cast, other, budget=Decimal(200)))
    asks(cast, other)
    settled(approved(asks(cast, shop, on=TODAY - 3 * DAY, after_reason="临时到访")), cast.specialist)
    approved(asks(cast, shop, on=dt.date(2026, 4, 1)))

    [person] = queries.costs(EVERYTHING, MONTH, "by")
    assert (person["number"], person["budget"], person["cost"], person["variance"]) == (3, 800, 630, 30)
    found = {
        row["name"]: (row["number"], row["budget"], row["cost"])
        for row in queries.costs(EVERYTHING, MONTH, "customer")
    }
    assert found == {"甲店": (2, 600, 630), "乙店": (1, 200, 0)}
    assert queries.costs(NOTHING, MONTH, "by") == []


@pytest.mark.rule("ST002-56")
def test_every_figure_of_the_costs_opens_into_its_own_applications(cast):
    """People and customers of the same name, or of names that contain each other, stay apart."""
    shop, same, longer = a_shop(cast, "甲店"), a_shop(cast, "甲店"), a_shop(cast, "甲店二分店")
    Party.objects.filter(pk=cast.taker.pk).update(name=cast.specialist.party.name)
    mine = [approved(asks(cast, shop)), approved(asks(cast, shop, on=TODAY - DAY, after_reason="临时到访"))]
    others = [approved(asks(cast, one, by=cast.taker)) for one in (same, longer)]
    asks(cast, shop)  # nobody has approved it
    approved(asks(cast, shop, on=dt.date(2026, 4, 1)))  # another month
    client = Client(headers={"accept-language": "en"})
    client.force_login(cast.manager, backend="django.contrib.auth.backends.ModelBackend")
    page = client.get(reverse("visits:reception:costs")).content.decode()
    address = reverse("visits:reception:applications")
    links = re.findall(rf'href="({address}[^"]*)">(\d+)<', page)
    opened = {}
    for href, number in links:
        text = client.get(html.unescape(href)).content.decode()
        rows = frozenset(row.number for row in Hospitality.objects.all() if f">{row.number}<" in text)
        assert len(rows) == int(number), href
        opened[rows] = href

    for wanted in (mine, others, others[:1], others[1:]):
        assert frozenset(row.number for row in wanted) in opened
    assert len(links) == 5  # two applicants, three customers
    gone = client.get(address, {"view": "-", "of": 999_999}).content.decode()
    assert "is not one of the choices" in gone


@pytest.mark.rule("FM002-11", "S000-29", "R000-37")
def test_a_leaders_visit_is_planned_approved_and_recorded_on_the_pages(cast):
    shop = a_shop(cast)
    client = Client(headers={"accept-language": "en"})
    client.force_login(cast.specialist, backend="django.contrib.auth.backends.ModelBackend")
    client.post(reverse("visits:reception:apply"), {
        "customer": shop.pk, "kind": "LEADERS", "guests": 2, "guest_names": "王总、李总", "companions": 1,
        "companion_names": "周启明", "reason": "参观工厂", "place": "总部", "on": TODAY, "budget": "900",
    })  # fmt: skip
    row = approved(Hospitality.objects.get())
    page = reverse("visits:reception:hospitality", args=[row.pk])
    assert "参观工厂" in client.get(page).content.decode()
    client.post(reverse("visits:reception:settle", args=[row.pk]), {
        "actual_on": TODAY, "actual_guests": 2, "cost": "880", "invoice": "FP-9", "result": "达成合作", "satisfaction": 5,
    })  # fmt: skip
    row.refresh_from_db()
    assert row.state == "SETTLED"
    data = values.gather(sheets.SHEET, row)
    assert (data["invoice"], data["cost"], data["kind"]) == ("FP-9", "880.00", "LEADERS")
    assert "同意" in data["opinions"]
    sheet = client.get(reverse("visits:reception:print_hospitality", args=[row.pk, "html"])).content.decode()
    for words in ("FP-9", "Leaders&#x27; visit", "Settled"):
        assert words in sheet
    assert row.number in client.get(reverse("visits:reception:applications")).content.decode()
    client.force_login(cast.manager, backend="django.contrib.auth.backends.ModelBackend")
    text = client.get(reverse("visits:reception:costs")).content.decode()
    assert "880.00" in text
    assert "of=" in text
    client.force_login(cast.stranger, backend="django.contrib.auth.backends.ModelBackend")
    assert client.get(page).status_code == 404
