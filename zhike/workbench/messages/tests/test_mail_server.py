"""A customer's message from end to end: a real IMAP server, the database, a real SMTP server, and back in its thread."""

from __future__ import annotations

import datetime as dt
from email.header import decode_header, make_header

import pytest
from django.test import override_settings
from django.urls import reverse

from zhike.channels.mail import fetching
from zhike.channels.mail.tests import server as imap
from zhike.channels.mail.tests.letters import a_mail
from zhike.channels.models import InboundMail, Mailbox
from zhike.kernel import clock
from zhike.kernel.duties.models import Duty
from zhike.kernel.outbox import deliver
from zhike.kernel.outbox.models import Message
from zhike.kernel.outbox.tests import smtp
from zhike.kernel.parties.scope import EVERYTHING
from zhike.people.tests.factories import MONDAY
from zhike.workbench.messages import actions, queries
from zhike.workbench.models import CustomerMessage
from zhike.workbench.queries import duties_of

HOUR = dt.timedelta(hours=1)


@pytest.fixture(name="server", scope="module")
def _server():
    with imap.running() as running:
        yield running


@pytest.fixture(name="post")
def _post(monkeypatch):
    """Staff have no addresses, so that only letters to customers leave."""
    monkeypatch.setattr(deliver, "address_of", lambda party: "")
    backend = "django.core.mail.backends.smtp.EmailBackend"
    with (
        smtp.running() as running,
        override_settings(EMAIL_BACKEND=backend, EMAIL_HOST="127.0.0.1", EMAIL_PORT=running.port),
    ):
        yield running


@pytest.fixture(name="box")
def _box(cast, server):
    with override_settings(MAIL_SECRETS={"KEFU": imap.PASSWORD}):
        yield Mailbox.objects.create(
            name="咨询信箱", purpose="messages", unit=cast.south, host="127.0.0.1", port=server.port, tls="NONE",
            user=imap.USER, secret="KEFU", folder=server.folder(), address="kefu@mall.example.com",
            sender_name="客服部", acknowledges=True, takes_old=True,
        )  # fmt: skip


def header(mail, name):
    return str(make_header(decode_header(mail[name])))


def owed():
    return list(Duty.objects.open().filter(kind="message.answer"))


@pytest.mark.rule("R004-29", "S004-18", "F004-09")
def test_a_mail_is_taken_answered_and_goes_on_in_its_thread(cast, as_, server, box, post):
    server.deliver(box.folder, a_mail("几点开门?", subject="咨询", message_id="<one@example.cn>"))
    run = fetching.run(box, lambda: MONDAY)
    assert (run.fetched, run.states, run.trouble) == (1, {"TAKEN": 1}, "")
    assert server.seen(box.folder) == [True]
    row = queries.messages(EVERYTHING).get()
    assert (row.text, row.interaction.way, row.customer.name) == ("几点开门?", "EMAIL", "张伟")
    [duty] = owed()

    deliver.run_once(MONDAY)
    receipt = post.mails.pop()
    assert (receipt["In-Reply-To"], receipt["Auto-Submitted"]) == ("<one@example.cn>", "auto-replied")
    assert f"[{row.number}]" in header(receipt, "Subject")

    # nobody holds the post that the regulation names, so the next in the line owes the answer
    assert duty.owner is None
    [person] = [name for name, user in cast.users.items() if duty in duties_of(user.pk, MONDAY)]
    with clock.at(MONDAY + HOUR):
        client = as_(person)
        client.post(reverse("workbench:reply", args=[row.pk]), {"way": "ONLINE", "text": "早上九点。"})
        deliver.run_once(MONDAY + HOUR)
    answer = post.mails.pop()
    assert post.recipients[-1] == "zhangwei@example.cn"
    assert header(answer, "From") == "客服部 <kefu@mall.example.com>"
    assert header(answer, "Subject") == f"Re: 咨询 [{row.number}]"
    assert answer["In-Reply-To"] == "<one@example.cn>"
    assert answer["References"].split() == [receipt["Message-ID"], "<one@example.cn>"]
    assert answer.get_payload(decode=True).decode().strip() == "早上九点。"
    assert owed() == []

    # written back twice over, and from another address: the number of our letter is known to nobody else
    again = a_mail("周日呢?", sender="zw@other.example", subject="回复", In_Reply_To=answer["Message-ID"])
    server.deliver(box.folder, again, again)
    run = fetching.run(box, lambda: MONDAY + 2 * HOUR)
    assert (run.fetched, run.again) == (1, 1)
    assert fetching.run(box, lambda: MONDAY + 3 * HOUR).fetched == 0
    assert [one.entry.content for one in queries.talk(row)] == ["几点开门?", "早上九点。", "周日呢?"]
    assert (CustomerMessage.objects.count(), len(owed())) == (1, 1)

    with clock.at(MONDAY + 3 * HOUR):
        row.refresh_from_db()
        actions.reply(
            message=row, text="周日也是。", way="EMAIL", by=cast.users[person].party, now=clock.now()
        )
        deliver.run_once(clock.now())
        page = as_(person).get(reverse("workbench:message", args=[row.pk])).content.decode()
    last = post.mails.pop()
    assert post.recipients[-1] == "zw@other.example"
    kept = InboundMail.objects.get(subject_id=row.pk, opened=False)
    assert last["In-Reply-To"] == kept.message_id
    assert answer["Message-ID"] in last["References"]
    assert owed() == []
    assert all(text in page for text in ("几点开门?", "早上九点。", "周日呢?", "周日也是。"))


def test_an_address_that_the_server_refuses_is_told_to_who_wrote(cast, server, box, post):
    server.deliver(box.folder, a_mail("几点开门?", subject="咨询"))
    fetching.run(box, lambda: MONDAY)
    row = queries.messages(EVERYTHING).get()
    deliver.run_once(MONDAY)
    post.refuse["zhangwei@example.cn"] = "550 no such user"

    actions.reply(message=row, text="早上九点。", way="ONLINE", by=cast.taker.party, now=MONDAY)
    deliver.run_once(MONDAY)

    told = Message.objects.filter(kind="message.mail_failed")
    assert cast.taker.pk in {one.to_id for one in told}
    assert "zhangwei@example.cn" in told[0].body
    assert "550" in told[0].body
