"""Rent and charges of tenants: billed, paid, called to mind, remitted, counted (R000-14, P000-01, F000-06)."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from decimal import Decimal

import pytest
from django.test import Client
from django.urls import reverse

from zhike.customers.charges import actions, queries
from zhike.customers.credit import queries as credit
from zhike.customers.models import Charge, ChargeStep, Sale
from zhike.customers.reporting.reports import REPORTS, filled
from zhike.customers.reporting.tables import Asked
from zhike.kernel import clock
from zhike.kernel.audit.models import Entry
from zhike.kernel.duties.models import Duty
from zhike.kernel.parties.scope import EVERYTHING
from zhike.kernel.tallies.periods import Kind, Period
from zhike.people.tests.factories import MONDAY
from zhike.people.tests.rules import library, published

from .care import regulations
from .factories import a_customer

pytestmark = pytest.mark.django_db
DAY = dt.timedelta(days=1)
TODAY = MONDAY.date()
MARCH, APRIL = dt.date(2026, 3, 1), dt.date(2026, 4, 1)


@pytest.fixture(name="tenant")
def _tenant(cast):
    regulations(cast, "rent-collection", "customer-statistics")
    tenant = a_customer(cast.south_service, cast.manager, "城央咖啡", kind="ORGANISATION")
    tenant.owner = cast.specialist.party
    tenant.region = "人民广场站"
    tenant.save(update_fields=["owner", "region"])
    return tenant


def billed(cast, tenant, **more) -> Charge:
    given = {
        "kind": "RENT", "amount": Decimal(12000), "period_from": MARCH, "period_to": APRIL,
        "due_on": TODAY, "by": cast.manager.party, "now": MONDAY,
    }  # fmt: skip
    return actions.bill(customer=tenant, **(given | more))


def owed(charge: Charge) -> dict[str, Duty]:
    return {row.kind: row for row in Duty.objects.open().filter(subject_id=charge.pk)}


def test_a_bill_is_a_line_of_the_ledger_with_the_duty_to_collect(cast, tenant):
    charge = billed(cast, tenant, shop="A-12")

    sale = Sale.objects.get()
    assert (sale.product, sale.model, sale.amount, sale.due_on) == ("租金", "A-12", 12000, TODAY)
    duty = owed(charge)["charge.collect"]
    assert (duty.owner, duty.clause, duty.matter) == (cast.specialist.party, "二(二)", "城央咖啡")
    assert duty.due_at.astimezone(dt.timezone(dt.timedelta(hours=8))).date() == TODAY
    assert credit.open_balance(tenant) == 12000
    assert Entry.objects.filter(code="customers.charged").count() == 1


def test_a_tenant_whom_nobody_looks_after_owes_to_the_post_of_the_regulation(cast, tenant):
    tenant.owner = None
    tenant.save(update_fields=["owner"])

    duty = owed(billed(cast, tenant))["charge.collect"]

    assert (duty.owner, duty.owner_post) == (None, "P002-02")


def test_where_the_regulation_names_no_post_who_wrote_the_bill_collects(cast, tenant):
    text = library("rent-collection").replace(" → 负责 |", "").replace(" 客户服务部经理 |", "")
    text = text.replace("|---|---|---|---|\n| 租金 | 租金", "|---|---|---|\n| 租金 | 租金")
    published("rent-collection", text, number=2)
    tenant.owner = None
    tenant.save(update_fields=["owner"])

    duty = owed(billed(cast, tenant, by=cast.manager.party))["charge.collect"]

    assert (duty.owner, duty.owner_post) == (cast.manager.party, "")


def test_a_period_is_billed_once_for_each_kind_and_shop(cast, tenant):
    billed(cast, tenant, shop="A-12")
    billed(cast, tenant, shop="A-13")
    billed(cast, tenant, shop="A-12", kind="SHARE")

    with pytest.raises(actions.CannotCharge, match="billed already"):
        billed(cast, tenant, shop="A-12")

    assert Charge.objects.count() == 3
    assert Sale.objects.count() == 3


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"amount": Decimal(0)}, "more than zero"),
        ({"period_to": MARCH}, "ends before it begins"),
        ({"kind": "PARKING"}, "no such charge"),
    ],
)
def test_a_bill_that_is_wrong_is_refused_in_one_sentence(cast, tenant, wrong, said):
    with pytest.raises(actions.CannotCharge, match=said):
        billed(cast, tenant, **wrong)

    assert not Sale.objects.exists()


@pytest.mark.rule("R000-14")
def test_due_date_received_date_and_overdue_days_stand_on_each_bill(cast, tenant):
    charge = billed(cast, tenant)
    assert charge.days_overdue(TODAY) == 0
    assert charge.days_overdue(TODAY + DAY) == 1
    assert not queries.overdue(queries.of_customer(tenant), TODAY)
    assert queries.overdue(queries.of_customer(tenant), TODAY + DAY).get() == charge

    given = {"charge": charge, "by": cast.manager.party, "now": MONDAY + 9 * DAY}
    actions.receive(**given, amount=Decimal(11999), on=TODAY + 3 * DAY)
    assert (charge.settled_on, charge.owed) == (None, 1)
    actions.receive(**given, amount=Decimal(1), on=TODAY + 8 * DAY)

    charge.refresh_from_db()
    assert (charge.settled_on, charge.owed) == (TODAY + 8 * DAY, 0)
    assert charge.days_overdue(TODAY + 90 * DAY) == 8
    assert owed(charge) == {}
    assert Duty.objects.get(subject_id=charge.pk).state == "DONE"


def test_never_more_than_is_owed_and_never_ahead_of_the_day(cast, tenant):
    charge = billed(cast, tenant)
    given = {"charge": charge, "by": cast.manager.party, "now": MONDAY}

    with pytest.raises(actions.CannotCharge, match=r"12,000\.00"):
        actions.receive(**given, amount=Decimal("12000.01"), on=TODAY)
    with pytest.raises(actions.CannotCharge, match="lies ahead"):
        actions.receive(**given, amount=Decimal(1), on=TODAY + DAY)

    assert not ChargeStep.objects.exists()


def test_two_who_enter_at_once_do_not_take_the_same_rest(cast, tenant):
    one = billed(cast, tenant)
    other = Charge.objects.get(pk=one.pk)
    given = {"by": cast.manager.party, "now": MONDAY, "amount": Decimal(12000), "on": TODAY}
    assert other.owed == 12000
    actions.receive(charge=one, **given)

    with pytest.raises(actions.CannotCharge, match="Somebody else"):
        actions.receive(charge=other, **given)

    assert Sale.objects.get().collected == 12000


@pytest.mark.rule("R000-14")
def test_what_is_overdue_is_called_to_mind_until_it_is_paid(cast, tenant):
    charge = billed(cast, tenant)
    late = MONDAY + 2 * DAY

    with pytest.raises(actions.CannotCharge, match="what the tenant said"):
        actions.remind(charge=charge, text=" ", by=cast.specialist.party, now=late)
    actions.remind(charge=charge, text="电话:财务周五付", by=cast.specialist.party, now=late)
    first = owed(charge)["charge.chase"]
    assert first.limit == "3个工作日内"
    actions.remind(charge=charge, text="已催,下周一到账", by=cast.specialist.party, now=late + 2 * DAY)
    first.refresh_from_db()
    assert first.state == "DONE"
    assert set(owed(charge)) == {"charge.collect", "charge.chase"}
    assert queries.of_customer(tenant).get().reminders == 2

    actions.receive(charge=charge, amount=Decimal(12000), on=TODAY + 7 * DAY, by=cast.manager.party, now=MONDAY + 7 * DAY)  # fmt: skip
    assert owed(charge) == {}
    with pytest.raises(actions.CannotCharge, match="Nothing is owed"):
        actions.remind(charge=charge, text="…", by=cast.specialist.party, now=late)


def test_a_remission_needs_a_reason_and_ends_what_is_owed(cast, tenant):
    charge = billed(cast, tenant)
    given = {"charge": charge, "by": cast.general_manager.party, "now": MONDAY}

    with pytest.raises(actions.CannotCharge, match="reason"):
        actions.remit(**given, amount=Decimal(12000), reason="")
    actions.remit(**given, amount=Decimal(12000), reason="停业装修一个月")

    assert charge.owed == 0
    assert (Sale.objects.get().discount, Sale.objects.get().collected) == (12000, 0)
    assert owed(charge) == {}


def cells(found, key: str) -> list[list[str]]:
    table = next(one for one in found if one.section.key == key)
    return [[shown.text for _column, shown in line] for line in table.lines]


@pytest.mark.rule("P000-01")
def test_due_received_and_overdue_are_counted_and_open_into_the_bills(cast, tenant, client):
    other = a_customer(cast.south_service, cast.manager, "一号线书吧", "13800005679", kind="ORGANISATION")
    paid = billed(cast, other)
    actions.receive(charge=paid, amount=Decimal(12000), on=TODAY, by=cast.manager.party, now=MONDAY)
    billed(cast, tenant)
    old = {"period_from": dt.date(2026, 2, 1), "period_to": MARCH, "due_on": dt.date(2026, 3, 1)}
    billed(cast, tenant, **old, amount=Decimal(9000))
    now = MONDAY + 24 * DAY  # 2 April: 24 and 32 days late
    asked = Asked(EVERYTHING, Period.around(Kind.MONTH, TODAY, "Asia/Shanghai"), now)

    found = filled(REPORTS["P000-01"], asked)

    assert cells(found, "whole") == [
        ["Due", "3", "33,000.00"],
        ["Received", "", "12,000.00"],
        ["Overdue", "2", "21,000.00"],
        ["Paid in time", "1", "33.3 %"],
    ]
    assert cells(found, "ages") == [
        ["Up to 30 days", "1", "12,000.00"],
        ["31 to 90 days", "1", "9,000.00"],
        ["More than 90 days", "0", "—"],
    ]
    late = ["2", "21,000.00", "0.00", "21,000.00", "0.0 %"]
    paid = ["1", "12,000.00", "12,000.00", "—", "100.0 %"]
    assert cells(found, "stations") == [["人民广场站", *late], ["—", *paid]]
    assert cells(found, "tenants") == [["城央咖啡", *late], ["一号线书吧", *paid]]
    billed(cast, a_customer(cast.north_service, cast.manager, "别处的店", "13800005670", kind="ORGANISATION"))
    client.force_login(cast.general_manager)
    here = filled(REPORTS["P000-01"], replace(asked, unit=cast.south_service.pk))
    opened = [
        (shown.url, shown.text) for one in here for line in one.lines for column, shown in line if column.key == "bills" and shown.text not in {"", "0"}
    ]  # fmt: skip
    assert len(opened) == 3 + 2 + 2 + 2
    with clock.at(now):
        for url, text in opened:
            assert client.get(url).context["listing"].total == text, url


@pytest.mark.rule("F000-06")
def test_what_is_paid_late_bears_a_fee_by_the_day_and_what_is_remitted_none(cast, tenant):
    def paid(charge, amount, on):
        actions.receive(charge=charge, amount=amount, on=on, by=cast.manager.party, now=MONDAY + 20 * DAY)

    charge = billed(cast, tenant, due_on=TODAY)  # 12,000 at 0.05 % a day
    assert [charge.late_fee(TODAY + n * DAY) for n in (0, 1, 10)] == [0, 6, 60]

    paid(charge, Decimal(4000), TODAY)
    paid(charge, Decimal(2000), TODAY + 2 * DAY)
    assert [charge.late_fee(TODAY + n * DAY) for n in (2, 3)] == [8, 11]
    actions.remit(
        charge=charge, amount=Decimal(1000), reason="装修", by=cast.manager.party, now=MONDAY + 2 * DAY
    )
    assert charge.late_fee(TODAY + 3 * DAY) == Decimal("9.50")
    paid(charge, Decimal(5000), TODAY + 4 * DAY)
    assert charge.late_fee(TODAY + 4 * DAY) == charge.late_fee(TODAY + 90 * DAY) == 12


def test_the_bills_are_worked_on_their_pages_and_printed(cast, tenant):
    client = Client(headers={"accept-language": "en"})
    client.force_login(cast.manager)
    new = reverse("customers:bill_charge", args=[tenant.pk])
    typed = {
        "kind": "RENT", "shop": "A-12", "period_from": "2026-03-01", "last_day": "2026-03-31", "amount": "12000",
        "due_on": "2026-03-05",
    }  # fmt: skip

    assert "ends before" in client.post(new, typed | {"last_day": "2026-02-28"}).content.decode()
    client.post(new, typed)
    charge = Charge.objects.get()
    assert charge.period_to == APRIL
    following = client.get(new).context["form"].initial
    assert (following["period_from"], following["last_day"]) == (APRIL, dt.date(2026, 4, 30))
    client.post(reverse("customers:remind_charge", args=[charge.pk]), {"text": "电话:明天付"})
    page = client.get(reverse("customers:charges_of", args=[tenant.pk])).content.decode()
    assert "4 days overdue" in page
    assert "late fee 24.00" in page
    assert "电话:明天付" in page
    assert "城央咖啡" in client.get(reverse("customers:charges") + "?state=OVERDUE").content.decode()
    assert (
        "12,000.00 yuan overdue for 4 days"
        in client.get(reverse("customers:detail", args=[tenant.pk]) + "?all=1").content.decode()
        + client.get(reverse("customers:beside", args=[tenant.pk])).content.decode()
    )
    client.post(
        reverse("customers:receive_charge", args=[charge.pk]), {"amount": "12000", "on": "2026-03-09"}
    )
    assert "Paid off" in client.get(reverse("customers:charges_of", args=[tenant.pk])).content.decode()
    sheet = client.get(reverse("customers:print_charges", args=[tenant.pk, "html"])).content.decode()
    assert [word for word in ("F000-06", "RENT-20260301", "电话:明天付", "24.00") if word not in sheet] == []
    assert client.get(reverse("customers:remit_charge", args=[charge.pk])).status_code == 403


def test_the_page_of_many_bills_takes_no_statement_for_each(
    cast, tenant, client, django_assert_max_num_queries
):
    for month in range(1, 13):
        begins = dt.date(2025, month, 1)
        billed(cast, tenant, period_from=begins, period_to=begins + 28 * DAY, due_on=begins)
    client.force_login(cast.manager)
    client.get(reverse("customers:charges_of", args=[tenant.pk]))

    with django_assert_max_num_queries(25):
        client.get(reverse("customers:charges_of", args=[tenant.pk]))
    with django_assert_max_num_queries(25):
        client.get(reverse("customers:charges"))
