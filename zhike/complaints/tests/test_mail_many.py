"""Very many mails at once, old mail, and programs that answer programs. `bench.mail` does the first with 10,000."""

import datetime as dt

import pytest
from django.test import override_settings

from zhike.channels.actions import sweep
from zhike.channels.mail import actions as admin
from zhike.channels.mail import fetching, noise, pruning, queries, replies
from zhike.channels.mail.tests.letters import a_mail
from zhike.channels.models import InboundMail, Mailbox
from zhike.complaints.models import Complaint
from zhike.kernel.outbox import deliver
from zhike.kernel.outbox.models import Message
from zhike.kernel.records import attachments
from zhike.people.tests.factories import MONDAY

from .mailing import fetch, states

pytestmark = pytest.mark.django_db
LATER = MONDAY + dt.timedelta(days=91)


class Killed(BaseException):
    """The process dies here."""


def test_a_flood_with_copies_and_a_kill_half_way_loses_nothing_and_doubles_nothing(
    people, server, box, monkeypatch
):
    """Forty mails of forty senders, ten copies, eight of one sender of whom five are taken an hour."""
    mails = [a_mail(f"第 {n} 封", sender=f"c{n}@example.cn", message_id=f"<m{n}@x.cn>") for n in range(40)]
    flood = [a_mail(f"又 {n}", sender="flood@example.cn", message_id=f"<f{n}@x.cn>") for n in range(8)]
    server.deliver(box.folder, *mails[:20], *mails[:10], *flood, *mails[20:])
    taken = fetching.take

    def dies_at_the_thirtieth(pk, now):
        if InboundMail.objects.count() == 30:
            raise Killed
        return taken(pk, now)

    with override_settings(MAIL_PER_SENDER=5):
        monkeypatch.setattr(fetching, "take", dies_at_the_thirtieth)
        with pytest.raises(Killed):
            fetch(box)
        monkeypatch.setattr(fetching, "take", taken)
        Mailbox.objects.update(busy_until=None)  # the claim of the dead run has expired
        run = fetching.run_all(box, lambda: MONDAY, most=7)

    assert (run.more, run.trouble) == (False, "")
    assert InboundMail.objects.count() == 48
    assert {one.text for one in Complaint.objects.all()} == {f"第 {n} 封" for n in range(40)} | {
        f"又 {n}" for n in range(5)
    }
    assert Complaint.objects.count() == 45
    assert server.seen(box.folder).count(False) == 3  # held; the copies are marked like the first ones


def test_a_run_ends_in_time_and_the_next_goes_on(people, server, box, monkeypatch):
    server.deliver(box.folder, *(a_mail(str(n), sender=f"c{n}@example.cn") for n in range(5)))
    monkeypatch.setattr(fetching, "BATCH", 2)

    with monkeypatch.context() as patch:
        patch.setattr(fetching, "LONGEST", -1.0)
        assert (fetch(box).fetched, fetch(box).more) == (0, True)
    assert fetch(box).fetched == 5


def test_the_hundredth_mail_of_a_sender_costs_what_the_first_costs(people, box, django_assert_num_queries):
    rows = [
        InboundMail(
            mailbox=box, uid_validity=1, uid=n, message_id=f"<{n}@x.cn>", body_digest="x", raw="x", size=1,
            sender="flood@example.cn", arrived_at=MONDAY, at=MONDAY, state="TAKEN",
        )
        for n in range(1, 101)
    ]  # fmt: skip
    InboundMail.objects.bulk_create(rows)

    with django_assert_num_queries(1) as asked, override_settings(MAIL_PER_SENDER=20):
        assert noise.too_many(rows[-1])

    assert "LIMIT 20" in asked.captured_queries[0]["sql"]


def test_the_text_of_an_ignored_mail_is_deleted_after_its_time_and_the_mail_is_known_again(
    people, server, box
):
    noise_mail = a_mail("ad", sender="list@example.cn", Precedence="bulk")
    server.deliver(box.folder, noise_mail, a_mail("过期"))
    fetch(box)
    ignored, taken = InboundMail.objects.get(state="IGNORED"), InboundMail.objects.get(state="TAKEN")
    path = attachments.path_of(ignored.raw)

    assert pruning.prune(MONDAY + dt.timedelta(days=90)) == 0
    assert sweep(LATER) == 1
    assert pruning.prune(LATER) == 0

    ignored.refresh_from_db()
    assert (ignored.raw, path.exists(), queries.open_raw(ignored)) == ("", False, None)
    assert attachments.path_of(taken.raw).exists()
    server.deliver(box.folder, noise_mail)
    assert (fetch(box).again, InboundMail.objects.count()) == (1, 2)
    with pytest.raises(admin.CannotTakeMail):
        admin.release(mail=ignored, by=people.administrator.party, now=LATER)


def test_bytes_that_others_need_stay(people, server, box):
    mail = a_mail("ad", Precedence="bulk")
    server.deliver(box.folder, mail)
    fetch(box)
    ignored = InboundMail.objects.get()
    other = Mailbox.objects.create(
        name="b", purpose="complaints", unit=people.south, host="h", user="u", secret="K", address="b@x.cn"
    )
    kept = InboundMail.objects.create(
        mailbox=other, uid_validity=1, uid=1, message_id=ignored.message_id, body_digest=ignored.body_digest,
        raw=ignored.raw, size=1, arrived_at=MONDAY, at=MONDAY, state="HELD", reason="no_sender",
    )  # fmt: skip

    assert pruning.prune(LATER) == 1
    assert attachments.path_of(kept.raw).exists()


@override_settings(MAIL_KEEP_DAYS=0)
def test_zero_days_keep_for_good(people, server, box):
    server.deliver(box.folder, a_mail("ad", Precedence="bulk"))
    fetch(box)

    assert pruning.prune(LATER) == 0


def test_a_program_that_answers_under_ever_new_addresses_ends(people, server, box, post):
    """Each answer keeps our subject line, or quotes our letter; its address is no address of the case."""
    server.deliver(box.folder, a_mail("1", sender="robot-0@example.cn"))
    for number in range(1, 6):
        fetch(box)
        deliver.run_once(MONDAY)
        if not post.mails:
            break
        receipt = post.mails.pop()
        server.deliver(
            box.folder,
            a_mail("ticket opened", sender=f"robot-{number}@example.cn", subject=f"AW: {receipt['Subject']}"),
        )

    assert number == 2
    assert Message.objects.filter(kind=replies.ACKNOWLEDGEMENT).count() == 1
    assert states() == [("TAKEN", "")] * 2


def test_our_own_receipt_that_is_forwarded_back_opens_nothing(people, server, box, post):
    server.deliver(box.folder, a_mail())
    fetch(box)
    deliver.run_once(MONDAY)

    server.deliver(box.folder, post.mails.pop().as_bytes())
    fetch(box)

    assert states()[1][0] == "IGNORED"
    assert Complaint.objects.count() == 1
