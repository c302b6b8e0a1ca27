"""R000-08: the eight fields of customer service of a landlord, each lived through its page with one tenant."""

from __future__ import annotations

import datetime as dt
from importlib import resources

import pytest
from django.urls import reverse

from zhike.complaints.models import Complaint
from zhike.complaints.tests.factories import browser
from zhike.customers.models import Charge, Customer
from zhike.customers.tests.care import regulations
from zhike.customers.tests.factories import a_customer
from zhike.kernel.duties import watch
from zhike.kernel.duties.models import Duty
from zhike.kernel.outbox.models import Message
from zhike.kernel.policy.manual.reader import read
from zhike.people.tests.factories import MONDAY
from zhike.tracking.models import Plan
from zhike.visits.models import Visit

pytestmark = pytest.mark.django_db
DAY = dt.timedelta(days=1)
MANUALS = (
    "rent-collection", "customer-files", "customer-grading", "customer-tracking", "relationship-upkeep",
    "customer-visits", "customer-lifecycle",
)  # fmt: skip


@pytest.fixture
def house(people):
    regulations(people, *MANUALS)
    return people


@pytest.fixture
def tenant(house) -> Customer:
    found = a_customer(house.south_service, house.manager, "城央咖啡", "13800005678", kind="ORGANISATION")
    found.owner = house.specialist.party
    found.save(update_fields=["owner"])
    return found


def _said(client, name: str, /, *args, **query) -> str:
    answer = client.get(reverse(name, args=args), query)
    assert answer.status_code == 200, (name, answer.status_code)
    return answer.content.decode()


def _done(client, name: str, /, *args, **typed) -> None:
    answer = client.post(reverse(name, args=args), typed)
    assert answer.status_code == 302, (name, answer.context["form"].errors)


def _rent(house, tenant) -> None:
    client = browser(house.manager)
    _done(
        client, "customers:bill_charge", tenant.pk, kind="RENT", shop="A-12", period_from="2026-03-01",
        last_day="2026-03-31", amount="12000", due_on="2026-03-20",
    )  # fmt: skip
    assert "12,000.00" in _said(client, "customers:charges", state="OPEN")


def _upkeep(house, tenant) -> None:
    client = browser(house.specialist)
    _done(
        client,
        "tracking:fix",
        tenant.pk,
        owner=house.specialist.pk,
        place="铺内",
        suits="周三下午",
        region="一号线",
    )
    assert Plan.objects.get().place == "铺内"
    assert tenant.name in _said(client, "tracking:work", tenant.pk)


def _visit(house, tenant) -> Visit:
    if not Visit.objects.exists():
        _done(browser(house.specialist), "visits:start", customer=tenant.pk, kind="")
    return Visit.objects.get()


def _terminal(house, tenant) -> None:
    client, visit = browser(house.specialist), _visit(house, tenant)
    _done(client, "visits:do", visit.pk, "guide", aspect="BUSINESS", finding="橱窗积灰")
    assert "橱窗积灰" in _said(client, "visits:guidance")


def _satisfaction(house, tenant) -> None:
    client, visit = browser(house.specialist), _visit(house, tenant)
    _done(client, "visits:do", visit.pk, "judge", satisfaction="4", remark="")
    assert Visit.objects.get().satisfaction == 4
    # what a complaint's call-back asks is counted with the complaints
    assert "满意度" in _said(browser(house.manager), "complaints:report_of", "ST002-62")


def _interview(house, tenant) -> None:
    client, visit = browser(house.specialist), _visit(house, tenant)
    _done(client, "visits:do", visit.pk, "finding", line="TALK:NEED", text="想在站厅加一个外卖窗口")
    assert "外卖窗口" in _said(client, "visits:findings", group="TALK")


def _complaint(house, tenant) -> None:
    client = browser(house.taker)
    _done(
        client, "complaints:new", token="1", unit=house.south.pk, channel="PHONE", name=tenant.name,
        phone="13800005678", text="空调不制冷", item="CASHIER", value="36",
    )  # fmt: skip
    assert Complaint.objects.get().customer == tenant


def _database(house, tenant) -> None:
    """Everything known stands on the one file."""
    client = browser(house.manager)
    page = _said(client, "customers:detail", tenant.pk) + _said(client, "customers:beside", tenant.pk)
    assert all(word in page for word in (tenant.name, tenant.number, "12,000.00"))
    assert tenant.name in _said(client, "customers:print_form", tenant.pk, "F000-01", "html")


def _automation(house, tenant) -> None:
    """Nobody does anything: the watch reminds before the day, and tells the superior when it has passed."""
    duty = Duty.objects.get(kind="charge.collect", subject_id=Charge.objects.get().pk)
    watch.run(now=MONDAY + 9 * DAY)
    assert [row.level for row in duty.escalations.all()] == [0]
    watch.run(now=MONDAY + 25 * DAY)
    told = [(row.level, row.target) for row in duty.escalations.order_by("level")]
    assert told[:2] == [(0, house.specialist.party), (1, house.specialist.party)]
    assert told[2][1] == house.supervisor.party
    assert Message.objects.filter(
        to=house.specialist.party, subject_id=duty.subject_id, kind__startswith="duty"
    ).exists()


FIELDS = {
    "RENT": _rent,
    "UPKEEP": _upkeep,
    "TERMINAL": _terminal,
    "SATISFACTION": _satisfaction,
    "INTERVIEW": _interview,
    "COMPLAINT": _complaint,
    "DATABASE": _database,
    "AUTOMATION": _automation,
}


@pytest.mark.rule("R000-08", "S000-13", "S000-14")
def test_all_eight_fields_of_customer_service_exist_and_work(house, tenant):
    text = resources.files("zhike.manuals").joinpath("library/rent-collection.md").read_text("utf-8")
    fields = [row.word.code for row in read(text).lists["客户服务领域"].rows]

    assert fields == list(FIELDS)
    for work in FIELDS.values():
        work(house, tenant)
