"""Answers leave by e-mail where the customer gave an address and does not refuse; what is written back returns."""

from __future__ import annotations

import datetime as dt
import re
from types import SimpleNamespace

import pytest
from django.urls import reverse

from zhike.channels.mail import fetching, imap, replies, taking
from zhike.channels.mail.tests.letters import a_mail
from zhike.channels.models import InboundMail, Mailbox
from zhike.customers.models import Consent, Contact, Customer, Interaction
from zhike.customers.tests.factories import a_customer
from zhike.kernel.duties.models import Duty
from zhike.kernel.outbox import deliver
from zhike.kernel.outbox.models import Message
from zhike.kernel.parties.scope import EVERYTHING
from zhike.kernel.worktime import calendars
from zhike.people.tests.factories import MONDAY, a_user, appoint
from zhike.workbench.messages import actions, by_mail, queries
from zhike.workbench.models import CustomerMessage

DAY = dt.timedelta(days=1)


@pytest.fixture(name="house")
def _house(cast):
    """A customer of the specialist with an address on file, and a mailbox of the south store."""
    customer = a_customer(cast.south, cast.taker, name="老陈面馆", phone="")
    Customer.objects.filter(pk=customer.pk).update(owner=cast.specialist.party)
    customer.refresh_from_db()
    Contact.objects.create(customer=customer, name="陈立", email="chen@noodles.example", is_main=True)
    box = a_box(cast)
    return SimpleNamespace(cast=cast, customer=customer, box=box, by=cast.specialist.party)


def a_box(cast, purpose="messages", **more):
    return Mailbox.objects.create(
        **{
            "name": f"信箱{purpose}", "purpose": purpose, "unit": cast.south, "host": "127.0.0.1", "user": "kefu",
            "secret": "KEFU", "address": f"{purpose}@shop.example", "sender_name": "客服部", "acknowledges": False,
        } | more
    )  # fmt: skip


def a_message(house, **more):
    given = {"customer": house.customer, "text": "红双喜何时到货?", "way": "PHONE", "now": MONDAY} | more
    return actions.take(**given)


def arrives(box, mail, now=MONDAY):
    uid = InboundMail.objects.count() + 1
    kept = fetching.keep(box, imap.Fetched(uid, len(mail), now, mail, False), now)
    taking.take(kept, now)
    return InboundMail.objects.get(pk=kept)


def letters(row):
    return list(Message.objects.filter(subject_id=row.pk, kind=replies.KIND).order_by("pk"))


@pytest.mark.rule("R004-29", "S004-18", "F004-09")
def test_an_answer_leaves_by_mail_and_what_is_written_back_is_owed_an_answer_again(house):
    row = a_message(house)
    actions.reply(message=row, text="周三到货", way="ONLINE", by=house.by, now=MONDAY)
    [letter] = letters(row)
    assert letter.envelope["to"] == "chen@noodles.example"
    assert "messages@shop.example" in letter.envelope["from"]
    assert f"[{row.number}]" in letter.envelope["subject"]
    assert "In-Reply-To" not in letter.envelope["headers"]  # nobody has written by mail yet
    assert letter.body == "周三到货"

    mail = a_mail("能早一天吗?", sender="x@other.example", subject="回复", In_Reply_To=letter.message_id)
    kept = arrives(house.box, mail, MONDAY + DAY)

    assert (kept.state, kept.subject_label, kept.subject_id, kept.opened) == (
        "TAKEN", "workbench.CustomerMessage", row.pk, False,
    )  # fmt: skip
    row.refresh_from_db()
    assert (row.state, row.replied_at, CustomerMessage.objects.count()) == ("OPEN", None, 1)
    owed = Duty.objects.open().get(kind="message.answer")
    assert owed.owner == house.by
    assert calendars.local_day(owed.due_at, row.unit_id) == dt.date(2026, 3, 12)
    assert [one.entry.content for one in queries.talk(row)] == ["红双喜何时到货?", "周三到货", "能早一天吗?"]

    actions.reply(message=row, text="可以,周二到", way="ONLINE", by=house.by, now=MONDAY + DAY)
    again = letters(row)[1]
    assert again.envelope["to"] == "x@other.example"  # where the customer wrote from last
    assert again.envelope["headers"]["In-Reply-To"] == kept.message_id
    assert letter.message_id in again.envelope["headers"]["References"]
    assert not Duty.objects.open().filter(kind="message.answer").exists()


@pytest.mark.rule("R003-08", "S004-18")
def test_no_mail_to_who_gave_no_address_refuses_or_was_answered_by_telephone(house):
    by_phone = actions.reply(
        message=a_message(house), text="已电话告知", way="PHONE", by=house.by, now=MONDAY
    )
    assert letters(by_phone) == []
    assert Interaction.objects.filter(is_incoming=False).get().way == "PHONE"

    Consent.objects.create(
        customer=house.customer, purpose="SERVICE", way="EMAIL", is_given=False, since=MONDAY, source="SELF"
    )
    refused = actions.reply(message=a_message(house), text="周三", way="ONLINE", by=house.by, now=MONDAY)
    assert letters(refused) == []
    with pytest.raises(actions.CannotReply, match="refuses Service messages by this way"):
        actions.reply(message=a_message(house), text="周三", way="EMAIL", by=house.by, now=MONDAY)
    # an address that comes with the message is where this customer wants this answer
    given = a_message(house, email="today@noodles.example")
    actions.reply(message=given, text="周三", way="ONLINE", by=house.by, now=MONDAY)
    assert letters(given)[0].envelope["to"] == "today@noodles.example"

    Contact.objects.all().delete()
    Consent.objects.all().delete()
    with pytest.raises(actions.CannotReply, match="no address"):
        actions.reply(message=a_message(house), text="周三", way="EMAIL", by=house.by, now=MONDAY)


def test_letters_leave_from_the_nearest_mailbox_and_come_back_to_the_message_through_any(house):
    Mailbox.objects.all().delete()
    with pytest.raises(actions.CannotReply, match="no mailbox"):
        actions.reply(message=a_message(house), text="周三", way="EMAIL", by=house.by, now=MONDAY)
    complaints = a_box(house.cast, "complaints")
    row = actions.reply(message=a_message(house), text="周三", way="ONLINE", by=house.by, now=MONDAY)
    assert "complaints@shop.example" in letters(row)[0].envelope["from"]

    mail = a_mail("好的,谢谢", sender="chen@noodles.example", In_Reply_To=letters(row)[0].message_id)
    assert arrives(complaints, mail).subject_label == "workbench.CustomerMessage"
    # thanks need no answer; the answer of before stands, and nothing is owed
    row.refresh_from_db()
    with pytest.raises(actions.CannotReply, match="Say why"):
        actions.settle(message=row, reason=" ", by=house.by, now=MONDAY)
    settled = actions.settle(message=row, reason="客户致谢", by=house.by, now=MONDAY)
    assert (settled.state, settled.reply) == ("ANSWERED", "周三")
    assert Duty.objects.get(kind="message.answer", state="CANCELLED").reason == "客户致谢"
    with pytest.raises(actions.CannotReply, match="nobody has answered"):
        actions.settle(message=a_message(house), reason="算了", by=house.by, now=MONDAY)

    a_box(house.cast)
    other = actions.reply(message=a_message(house), text="周三", way="ONLINE", by=house.by, now=MONDAY)
    assert "messages@shop.example" in letters(other)[0].envelope["from"]


@pytest.mark.rule("R004-29", "S004-18")
def test_a_mail_opens_a_message_that_is_acknowledged_once_and_goes_on_by_its_number(house):
    Mailbox.objects.filter(pk=house.box.pk).update(acknowledges=True)
    house.box.refresh_from_db()
    first = arrives(house.box, a_mail("几点开门?", subject="咨询", message_id="<one@example.cn>"))
    row = queries.messages(EVERYTHING).get(pk=first.subject_id)
    assert (row.text, row.interaction.way, row.customer.name) == ("几点开门?", "EMAIL", "张伟")
    receipt = Message.objects.get(kind=replies.ACKNOWLEDGEMENT)
    assert row.number in receipt.body
    assert receipt.envelope["headers"]["In-Reply-To"] == "<one@example.cn>"
    assert by_mail.number_known(row.number) == row.pk
    assert by_mail.number_known("LY-x") is by_mail.number_known("TS-1") is None

    later = arrives(house.box, a_mail("还有一件事", subject=f"Re: 咨询 [{row.number}]"))
    assert (later.subject_id, later.opened) == (row.pk, False)
    assert Duty.objects.open().filter(kind="message.answer").count() == 1  # it was not answered yet
    stranger = arrives(house.box, a_mail("冒充", subject=f"[{row.number}]", sender="x@evil.example"))
    assert stranger.subject_id != row.pk


def test_who_wrote_hears_that_a_letter_did_not_arrive(house):
    row = actions.reply(
        message=a_message(house), text="周三", way="ONLINE", by=house.cast.taker.party, now=MONDAY
    )
    deliver.fail(letters(row)[0], "550 no such user", MONDAY)

    told = Message.objects.filter(kind="message.mail_failed")
    assert {one.to_id for one in told} == {house.by.pk, house.cast.taker.party.pk}
    assert "chen@noodles.example: 550 no such user" in told[0].body


@pytest.mark.rule("R004-29", "S004-18", "F004-09")
def test_staff_take_down_what_came_by_telephone_letter_or_at_the_counter(house, as_):
    client, address = as_("specialist"), reverse("workbench:take_message")
    typed = {"way": "LETTER", "text": "来信问展柜", "at": "2026-03-06T09:00"}
    page = client.post(address, typed).content.decode()
    assert "Choose a customer on file, or write a name or telephone number." in page
    assert (
        "Choose one of the customers found" in client.post(address, {**typed, "q": "无此人"}).content.decode()
    )
    late = client.post(address, {**typed, "q": "老陈面馆", "at": "2026-03-10T09:00"}).content.decode()
    assert "cannot have come later than now" in late
    assert CustomerMessage.objects.count() == 0

    sent = client.post(address, {**typed, "q": house.customer.number})
    row = CustomerMessage.objects.get()
    assert sent.url == reverse("workbench:message", args=[row.pk])
    assert (row.customer, row.interaction.way, row.interaction.by) == (house.customer, "LETTER", house.by)
    # the time to answer runs from when it came: a letter of Friday is answered by Thursday
    assert calendars.local_day(row.due_at, row.unit_id) == dt.date(2026, 3, 12)
    text = client.get(reverse("workbench:messages"), {"view": "-", "way": "LETTER"}).content.decode()
    assert row.number in text
    assert re.search(r"Letter", text)

    client.post(
        address,
        {
            "way": "PHONE",
            "name": "高女士",
            "phone": "13900139000",
            "text": "几点关门",
            "answered": "晚上九点",
        },
    )
    called = CustomerMessage.objects.exclude(pk=row.pk).get()
    assert (called.state, called.reply, called.customer.name) == ("ANSWERED", "晚上九点", "高女士")
    said = queries.talk(called)[1].entry
    assert (said.way, said.by) == ("PHONE", house.by)
    assert as_("stranger").post(reverse("workbench:reply", args=[row.pk]), {}).status_code in {403, 404}


@pytest.mark.rule("S004-18")
def test_who_owes_or_took_down_a_message_sees_and_answers_it(house, as_):
    """A customer manager sees only the own customers, and yet owes the answer to somebody whom nobody looks after."""
    for name in ("owing", "taking"):
        house.cast.users[name] = a_user(name, username=name, unit=house.cast.south_service)
        appoint(house.cast.users[name], "CUSTOMER_MANAGER", house.cast.south_service)
    as_("taking").post(
        reverse("workbench:take_message"),
        {"way": "COUNTER", "name": "过路客", "phone": "13900139001", "text": "问路"},
    )
    row = CustomerMessage.objects.get()
    assert row.unit == house.cast.south  # the house, whose mailbox and regulation it is, not a department
    owed = Duty.objects.get(kind="message.answer")
    assert owed.owner == house.cast.users["owing"].party
    for name in ("owing", "taking"):
        assert "问路" in as_(name).get(reverse("workbench:message", args=[row.pk])).content.decode()
    assert (
        as_("owing")
        .post(reverse("workbench:reply", args=[row.pk]), {"way": "COUNTER", "text": "左转"})
        .status_code
        == 302
    )
    row.refresh_from_db()
    assert row.reply == "左转"
