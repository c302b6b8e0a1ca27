"""Customers' messages, answered before Friday; bulletins; what appears on the page without reloading."""

from __future__ import annotations

import datetime as dt

import pytest
from django.core import signing
from django.urls import reverse

from zhike.customers.models import Customer, Interaction
from zhike.customers.tests.factories import a_customer
from zhike.kernel import clock
from zhike.kernel.duties.models import Duty
from zhike.kernel.worktime import calendars
from zhike.manuals.information.models import Information
from zhike.people.requests import actions as requests
from zhike.people.tests.factories import MONDAY
from zhike.people.tests.rules import library, published
from zhike.workbench import live
from zhike.workbench.messages import actions
from zhike.workbench.messages.portal import SALT
from zhike.workbench.models import CustomerMessage

DAY = dt.timedelta(days=1)


def a_message(cast, now=MONDAY, **more):
    customer = a_customer(cast.south, cast.taker, name="老陈面馆", phone="")
    Customer.objects.filter(pk=customer.pk).update(owner=cast.specialist.party)
    customer.refresh_from_db()
    return actions.take(customer=customer, text="红双喜何时到货?", way="MESSAGE", now=now, **more)


@pytest.mark.rule("R004-29", "S004-18")
@pytest.mark.parametrize(
    ("day", "due"),
    [
        (0, dt.date(2026, 3, 12)),
        (3, dt.date(2026, 3, 12)),
        (4, dt.date(2026, 3, 19)),
        (7, dt.date(2026, 3, 19)),
    ],
)
def test_a_message_is_answered_before_friday(cast, day, due):
    """Of Thursday still on that day; of Friday before the next one."""
    row = a_message(cast, now=MONDAY + day * DAY)

    assert calendars.local_day(row.due_at, row.unit_id) == due
    assert Duty.objects.get(kind="message.answer").owner == cast.specialist.party
    assert Interaction.objects.get().is_incoming


def test_a_message_is_refused_where_nobody_is_named_to_answer(cast):
    text = library("work-platform").replace(
        "| 周五前 | 客户经理、客户关系专员 | 信息互动", "| 周五前 | - | 信息互动"
    )
    published("work-platform", text, number=2)
    nobodys = a_customer(cast.south, cast.taker, name="老陈面馆", phone="")

    with pytest.raises(actions.CannotTake, match="names nobody"):
        actions.take(customer=nobodys, text="红双喜何时到货?", way="MESSAGE", now=MONDAY)

    assert not CustomerMessage.objects.exists()
    assert not Interaction.objects.exists()


@pytest.mark.rule("R004-29", "S004-18", "F004-09")
def test_the_answer_stands_in_the_history_and_ends_the_duty(cast, as_):
    row = a_message(cast)
    client = as_("specialist")
    assert "老陈面馆" in client.get(reverse("workbench:messages"), {"view": "-"}).content.decode()
    assert as_("stranger").get(reverse("workbench:message", args=[row.pk])).status_code == 404
    address = reverse("workbench:reply", args=[row.pk])
    assert client.post(address, {"way": "ONLINE", "text": " "}).status_code == 200
    assert CustomerMessage.objects.get().state == "OPEN"
    assert client.post(address, {"way": "ONLINE", "text": "周三到货"}).status_code == 302

    row = CustomerMessage.objects.get()
    assert (row.state, row.reply, row.replied_by) == ("ANSWERED", "周三到货", cast.specialist.party)
    assert not Duty.objects.open().filter(kind="message.answer").exists()
    assert Interaction.objects.filter(is_incoming=False).get().content == "周三到货"
    with pytest.raises(actions.CannotReply, match="already"):
        actions.reply(message=row, text="再答", way="ONLINE", by=cast.manager.party, now=MONDAY)
    sheet = client.get(reverse("workbench:print_message", args=[row.pk, "html"])).content.decode()
    for text in ("红双喜何时到货?", "周三到货", "沈若溪"):
        assert text in sheet
    assert client.get(reverse("workbench:print_message", args=[row.pk, "pdf"])).status_code == 200


@pytest.mark.rule("S004-18")
def test_a_customer_writes_in_the_portal_and_reads_the_answer_there(cast, client):
    places = client.get(reverse("message_portal:houses")).content.decode()
    assert reverse("message_portal:new", args=[cast.south.pk]) in places
    address = reverse("message_portal:new", args=[cast.south.pk])
    assert client.post(address, {"name": "陈", "phone": "1", "text": "在吗"}).status_code == 200  # no number
    assert CustomerMessage.objects.count() == 0
    sent = client.post(address, {"name": "陈先生", "phone": "13800138000", "text": "几点开门?"})
    row = CustomerMessage.objects.get()
    assert row.customer.name == "陈先生"
    assert (
        Duty.objects.get(kind="message.answer").owner_post == "CUSTOMER_MANAGER"
    )  # nobody looks after the new one
    assert "几点开门?" in client.get(sent.url).content.decode()
    actions.reply(message=row, text="八点半", way="ONLINE", by=cast.taker.party, now=MONDAY)
    assert "八点半" in client.get(sent.url).content.decode()
    assert (
        client.get(reverse("message_portal:read", args=[signing.dumps(row.pk, salt="x")])).status_code == 404
    )
    assert (
        client.get(reverse("message_portal:read", args=[signing.dumps(row.pk + 1, salt=SALT)])).status_code
        == 404
    )


@pytest.mark.rule("ST002-46", "S002-16")
def test_a_bulletin_begins_with_the_records_of_its_period_and_answers_an_enquiry(cast, as_):
    row = a_message(cast)
    enquiry = requests.ask(
        kind="ENQUIRY",
        text="三月客户意见",
        to_unit=cast.south_service,
        by=cast.cashier_supervisor.party,
        now=MONDAY,
    )
    client = as_("manager")
    made = client.post(
        reverse("workbench:bulletin"), {"kind": "MONTH", "day": "2026-03-09", "enquiry": enquiry.pk}
    )

    item = Information.objects.get()
    assert made.url == reverse("manuals:information_item", args=[item.pk])
    assert (item.kind, item.title, item.request) == ("BULLETIN", "三月客户意见", enquiry)
    assert (item.about_from, item.about_to) == (dt.date(2026, 3, 1), dt.date(2026, 3, 31))
    assert "Customers: 1 new, 1 in all." in item.body
    assert "Contacts: 1." in item.body
    assert row.customer.name not in item.title
    assert as_("taker").get(reverse("workbench:bulletin")).status_code == 403


@pytest.mark.rule("S004-26")
def test_what_is_new_is_one_statement_and_304_while_nothing_is(cast, as_, django_assert_num_queries):
    client, address = as_("specialist"), reverse("workbench:pulse")
    first = client.get(address)
    assert first.json() == {"owed": 0, "late": 0, "approvals": 0, "newest": 0, "unread": 0, "told": 0}
    again = client.get(address, HTTP_IF_NONE_MATCH=first["ETag"])
    assert (again.status_code, again.content) == (304, b"")

    row = a_message(cast)
    new = client.get(address, HTTP_IF_NONE_MATCH=first["ETag"])
    assert (new.status_code, new.json()["owed"], new.json()["late"]) == (200, 1, 0)
    with clock.at(row.due_at + DAY):
        assert client.get(address).json()["late"] == 1
    requests.ask(
        kind="COORDINATION", text="问", to_unit=cast.south_service, by=cast.manager.party, now=MONDAY
    )
    live.pulse(cast.specialist.pk, MONDAY)
    with django_assert_num_queries(2):  # the stamp of what is kept between requests, and the numbers
        live.pulse(cast.specialist.pk, MONDAY)


@pytest.mark.rule("S004-26")
def test_today_joins_the_duties_of_all_modules_by_urgency(cast, as_):
    late = a_message(cast, now=MONDAY - 14 * DAY)
    ask = requests.ask(
        kind="COORDINATION", text="调货", to_unit=cast.south_cash, by=cast.specialist.party, now=MONDAY - DAY
    )
    requests.answer(request=ask, text="可以", by=cast.cashier_supervisor.party, now=MONDAY - DAY)

    page = as_("specialist").get(reverse("workbench:today")).content.decode()

    assert page.index("Answer the customer&#x27;s message") < page.index("Pass the answer on and settle")
    assert reverse("workbench:message", args=[late.pk]) in page
    assert reverse("people:request", args=[ask.pk]) in page
