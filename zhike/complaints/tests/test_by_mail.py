"""E-mail from end to end: a real IMAP server, the database, a real SMTP server, and back."""

import datetime as dt
from email import message_from_bytes
from email.header import decode_header, make_header

import pytest
from django.conf import settings
from django.test import override_settings

from zhike.channels.mail import fetching, replies
from zhike.channels.mail.tests import server as imap
from zhike.channels.mail.tests.letters import a_mail
from zhike.channels.models import InboundMail, Mailbox
from zhike.complaints import actions, queries
from zhike.complaints.models import Complaint, Entry
from zhike.customers.models import Customer
from zhike.kernel.outbox import deliver
from zhike.kernel.outbox.models import Message
from zhike.kernel.outbox.tests import smtp
from zhike.kernel.parties.scope import EVERYTHING
from zhike.kernel.records.attachments import attachments_of
from zhike.people.tests.factories import MONDAY

from .factories import browser, worked

PNG = bytes.fromhex("89504e470d0a1a0a0000000d49484452") + b"\0" * 64
pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def server():
    with imap.running() as running:
        yield running


@pytest.fixture
def post(monkeypatch):
    monkeypatch.setattr(deliver, "address_of", lambda party: "")
    with (
        smtp.running() as running,
        override_settings(
            EMAIL_BACKEND="django.core.mail.backends.smtp.EmailBackend",
            EMAIL_HOST="127.0.0.1",
            EMAIL_PORT=running.port,
        ),
    ):
        yield running


@pytest.fixture
def box(people, server):
    with override_settings(MAIL_SECRETS={"KEFU": imap.PASSWORD}):
        yield a_box(people, server)


def a_box(people, server, **given):
    return Mailbox.objects.create(
        **{
            "name": "客服信箱",
            "purpose": "complaints",
            "unit": people.south,
            "host": "127.0.0.1",
            "port": server.port,
            "tls": "NONE",
            "user": imap.USER,
            "secret": "KEFU",
            "folder": server.folder(),
            "address": "kefu@mall.example.com",
            "sender_name": "客服部",
            "takes_old": True,
            **given,
        }
    )


def fetch(box, now=MONDAY):
    return fetching.run(box, lambda: now)


def the_case() -> Complaint:
    return Complaint.objects.get(channel="EMAIL")


def header(mail, name: str) -> str:
    return str(make_header(decode_header(mail[name])))


def test_a_mail_becomes_a_case_that_is_answered_and_goes_on_in_its_thread(people, server, box, post):
    first = a_mail(message_id="<one@example.cn>", files=(("小票.png", PNG, "image/png"),))
    server.deliver(box.folder, first)

    run = fetch(box)

    assert (run.fetched, run.states, run.trouble) == (1, {"TAKEN": 1}, "")
    case = the_case()
    assert (case.title, case.item, case.text) == ("投诉:酸奶过期", "", "在贵店买的酸奶过期了,要求退款。")
    assert (case.customer.name, case.unit, case.handler_id is not None) == ("张伟", people.south, True)
    assert case.source["address"] == "zhangwei@example.cn"
    assert [file.name for file in attachments_of(case)] == ["小票.png"]
    assert server.seen(box.folder) == [True]

    # the receipt is acknowledged, by a mail that says it is one
    deliver.run_once(MONDAY)
    receipt = post.mails.pop()
    assert receipt["Auto-Submitted"] == "auto-replied"
    assert receipt["In-Reply-To"] == "<one@example.cn>"
    assert f"[{case.number}]" in header(receipt, "Subject")

    # our answer leaves with its files
    later = MONDAY + dt.timedelta(hours=1)
    client = browser(people.taker)
    with override_settings():
        response = client.post(f"/complaints/{case.pk}/say/", {"mode": "reply", "text": "已为您退款。"})
    assert response.status_code == 302
    deliver.run_once(later)
    answer = post.mails.pop()
    assert post.recipients[-1] == "zhangwei@example.cn"
    assert header(answer, "From") == "客服部 <kefu@mall.example.com>"
    assert header(answer, "Subject") == f"Re: 投诉:酸奶过期 [{case.number}]"
    assert answer["In-Reply-To"] == "<one@example.cn>"
    assert answer["References"].split() == [receipt["Message-ID"], "<one@example.cn>"]
    assert answer["Auto-Submitted"] is None
    text = answer.get_payload(decode=True).decode()
    assert text.strip() == "已为您退款。"
    assert "/complaints/" not in text  # our own pages are not the customer's

    # the customer answers from another address: the number of our mail cannot be guessed
    again = a_mail("谢谢,还差 5 元。", sender="zw@other.example", subject="回复", In_Reply_To=answer["Message-ID"])
    server.deliver(box.folder, again)
    assert fetch(box, later).states == {"TAKEN": 1}
    entry = Entry.objects.get(complaint=case, kind="CUSTOMER")
    assert (entry.text, entry.channel) == ("谢谢,还差 5 元。", "EMAIL")
    assert Complaint.objects.count() == 1
    assert Message.objects.filter(to=case.handler, kind="complaint.customer_wrote").count() == 1
    assert Message.objects.filter(kind=replies.ACKNOWLEDGEMENT).count() == 1  # once for each case
    page = client.get(f"/complaints/{case.pk}/").content.decode()
    assert "zhangwei@example.cn" in page and "已发送" in page or "Sent" in page
