"""Runs over a mailbox: nothing twice, nothing lost, whatever breaks on the way."""

import pytest
from django.test import override_settings

from zhike.channels.mail import actions as admin
from zhike.channels.mail import fetching, purposes, taking, tasks
from zhike.channels.mail.tests.letters import a_mail
from zhike.channels.models import InboundMail, Mailbox
from zhike.complaints.models import Complaint, Entry
from zhike.kernel.outbox.models import Message
from zhike.people.tests.factories import MONDAY

from .mailing import a_box, fetch, states, the_case

pytestmark = pytest.mark.django_db


class Killed(BaseException):
    """The process dies here: no handler of the product sees it."""


def test_a_second_run_and_a_second_copy_change_nothing(people, server, box):
    mail = a_mail(message_id="<same@example.cn>")
    server.deliver(box.folder, mail, mail)

    first, second = fetch(box), fetch(box)

    assert (first.fetched, first.again) == (1, 1)
    assert (second.fetched, second.again) == (0, 0)
    assert Complaint.objects.count() == 1


def test_programs_that_give_every_mail_the_same_id_lose_none(people, server, box):
    server.deliver(
        box.folder, a_mail("一", message_id="<x@example.cn>"), a_mail("二", message_id="<x@example.cn>")
    )

    fetch(box)

    assert {one.text for one in Complaint.objects.all()} == {"一", "二"}


def test_killed_between_commit_and_flag_nothing_happens_twice(people, server, box, monkeypatch):
    server.deliver(box.folder, a_mail("一"), a_mail("二"))

    def killed(*args):
        raise Killed

    with monkeypatch.context() as patch:
        patch.setattr(fetching.imap, "file_away", killed)
        with pytest.raises(Killed):
            fetch(box)
    assert server.seen(box.folder) == [False, False]
    assert Complaint.objects.count() == 2

    Mailbox.objects.update(busy_until=None)  # the claim of the dead run has expired
    run = fetch(box)

    assert (run.fetched, run.trouble) == (0, "")
    assert server.seen(box.folder) == [True, True]
    assert Complaint.objects.count() == 2
    assert Message.objects.filter(kind="mail.acknowledgement").count() == 2


def test_killed_before_it_is_taken_a_mail_is_taken_by_the_next_run(people, server, box, monkeypatch):
    server.deliver(box.folder, a_mail("一"), a_mail("二"))

    def killed(*args):
        raise Killed

    with monkeypatch.context() as patch:
        patch.setattr(fetching, "take", killed)
        with pytest.raises(Killed):
            fetch(box)
    assert states() == [("NEW", "")]

    Mailbox.objects.update(busy_until=None)
    fetch(box)

    assert states() == [("TAKEN", "")] * 2
    assert server.seen(box.folder) == [True, True]


def test_killed_while_it_is_taken_half_a_case_is_none(people, server, box, monkeypatch):
    server.deliver(box.folder, a_mail())

    def killed(*args, **kwargs):
        raise Killed

    with monkeypatch.context() as patch:
        patch.setattr(taking.InboundMail, "save", killed)
        patch.setattr(fetching, "keep", _keep_by_update(fetching.keep, patch))
        with pytest.raises(Killed):
            fetch(box)

    assert (states(), Complaint.objects.count()) == ([("NEW", "")], 0)


def _keep_by_update(keep, patch):
    """`keep` with the true `save`, so that only the end of `take` dies."""
    from django.db.models import Model

    def kept(*args):
        with pytest.MonkeyPatch.context() as inner:
            inner.setattr(taking.InboundMail, "save", Model.save)
            return keep(*args)

    return kept


def test_a_run_that_another_one_has_is_left_alone(people, server, box):
    server.deliver(box.folder, a_mail())
    Mailbox.objects.update(busy_until=MONDAY + fetching.LEASE)

    assert fetch(box).busy
    assert fetch(box, MONDAY + 2 * fetching.LEASE).fetched == 1


def test_a_new_uidvalidity_finds_the_known_mails_again(people, server, box):
    mails = [a_mail("一"), a_mail("二")]
    server.deliver(box.folder, *mails)
    fetch(box)
    with server.client() as client:
        client.delete_folder(box.folder)
        client.create_folder(box.folder)
    server.deliver(box.folder, *mails, a_mail("三"))

    run = fetch(box)

    assert (run.fetched, run.again) == (1, 2)
    assert Complaint.objects.count() == 3
    assert server.seen(box.folder) == [True] * 3


def test_another_folder_with_the_same_numbers_loses_no_mail(people, server, box):
    """Some servers give every folder the same UIDVALIDITY."""
    server.deliver(box.folder, a_mail("一"))
    fetch(box)
    other = server.folder()
    server.deliver(other, a_mail("二"))
    with server.client() as client:
        validity = client.select_folder(other)[b"UIDVALIDITY"]
        uid = client.search("ALL")[0]
    InboundMail.objects.update(uid_validity=validity, uid=uid)
    Mailbox.objects.update(folder=other, uid_validity=None, last_uid=0)
    box.refresh_from_db()

    assert fetch(box).fetched == 1

    assert {one.text for one in Complaint.objects.all()} == {"一", "二"}
    assert server.seen(other) == [True]


def test_many_mails_with_one_that_breaks(people, server, box, monkeypatch):
    server.deliver(
        box.folder, *(a_mail(f"第 {number} 封", sender=f"c{number}@example.cn") for number in range(120))
    )
    purpose = purposes.known()["complaints"]

    def breaks(incoming):
        case = purpose.open(incoming)
        if incoming.letter.text == "第 60 封":
            raise ZeroDivisionError("x")
        return case

    broken = purposes.Purpose(
        purpose.code, purpose.label, purpose.model, breaks, purpose.answer, purpose.find
    )
    with monkeypatch.context() as patch:
        patch.setitem(purposes._purposes, "complaints", broken)
        run = fetch(box)

    assert run.states == {"TAKEN": 119, "FAILED": 1}
    assert Complaint.objects.count() == 119
    failed = InboundMail.objects.get(state="FAILED")
    assert failed.why.endswith("ZeroDivisionError: x")
    assert server.seen(box.folder).count(False) == 1

    admin.release(mail=failed, by=people.administrator.party, now=MONDAY)

    assert InboundMail.objects.filter(state="TAKEN").count() == 120
    fetch(box)
    assert all(server.seen(box.folder))


def test_runs_end_at_their_limit_and_the_next_go_on(people, server, box):
    server.deliver(box.folder, *(a_mail(str(n), sender=f"c{n}@example.cn") for n in range(7)))

    first = fetching.run(box, lambda: MONDAY, most=3)
    rest = fetching.run_all(box, lambda: MONDAY, most=2)

    assert (first.fetched, first.more) == (3, True)
    assert (rest.fetched, rest.states, rest.more) == (4, {"TAKEN": 4}, False)
    assert Complaint.objects.count() == 7


def test_what_lay_there_before_is_left_unless_asked_for(people, server, box):
    Mailbox.objects.update(takes_old=False)
    server.deliver(box.folder, a_mail("alt"))
    fetch(box)
    server.deliver(box.folder, a_mail("neu"))

    fetch(box)

    assert the_case().text == "neu"


def test_taken_mails_are_moved_where_a_folder_is_named(people, server, box):
    Mailbox.objects.update(done_folder=server.folder())
    box.refresh_from_db()
    server.deliver(box.folder, a_mail())

    fetch(box)

    assert (server.seen(box.folder), server.seen(box.done_folder)) == ([], [True])


def test_a_mail_that_is_too_large_is_read_by_its_beginning(people, server, box):
    files = (("gross.txt", b"x" * 3_000_000, "text/plain"),)
    mail = a_mail("过期", files=files)
    server.deliver(box.folder, mail)

    with override_settings(MAX_MAIL_BYTES=len(mail) - 1):
        fetch(box)

    case = the_case()
    row = InboundMail.objects.get()
    assert (case.text, row.is_cut, row.size) == ("过期", True, len(mail))
    assert "too large" in case.entries.get(kind="NOTE").text or "过大" in case.entries.get(kind="NOTE").text


def test_a_mail_of_just_the_limit_is_read_whole(people, server, box):
    mail = a_mail("过期", files=(("a.txt", b"x" * 3000, "text/plain"),))
    server.deliver(box.folder, mail)

    with override_settings(MAX_MAIL_BYTES=len(mail)):
        fetch(box)

    assert not InboundMail.objects.get().is_cut
    assert not Entry.objects.filter(kind="NOTE").exists()


def test_the_mail_beyond_the_cap_of_its_sender_is_held_and_can_be_taken(people, server, box):
    server.deliver(box.folder, *(a_mail(str(number), subject=f"件{number}") for number in range(4)))
    server.deliver(box.folder, a_mail("x", sender="other@example.cn"))

    with override_settings(MAIL_PER_SENDER=3):
        fetch(box)

    assert states() == [("TAKEN", "")] * 3 + [("HELD", "too_many"), ("TAKEN", "")]
    held = InboundMail.objects.get(state="HELD")
    admin.release(mail=held, by=people.administrator.party, now=MONDAY)
    held.refresh_from_db()
    assert held.state == "TAKEN"
    with pytest.raises(admin.CannotTakeMail):
        admin.release(mail=held, by=people.administrator.party, now=MONDAY)


def test_the_same_mail_in_two_mailboxes_is_one_case(people, server, box):
    other = a_box(people, server, name="另一个", address="other@mall.example.com")
    mail = a_mail()
    server.deliver(box.folder, mail)
    server.deliver(other.folder, mail)

    fetch(box)
    fetch(other)

    assert Complaint.objects.count() == 1
    assert InboundMail.objects.get(mailbox=other).why.find("客服信箱") > 0


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"secret": "NOBODY"}, "no_secret"),
        ({"user": "nobody"}, "sign_in"),
        ({"folder": "Nowhere"}, "folder"),
        ({"port": 1}, "unreachable"),
        ({"done_folder": "Nowhere"}, "folder"),
    ],
)
def test_what_is_wrong_with_a_mailbox_is_said_in_one_sentence(people, server, box, changed, code):
    server.deliver(box.folder, a_mail())
    Mailbox.objects.update(**changed)
    box.refresh_from_db()

    run = fetch(box)

    box.refresh_from_db()
    assert (box.error, box.busy_until, run.trouble) == (code, None, box.trouble)
    assert box.trouble


def test_a_house_without_a_regulation_keeps_the_mail_and_says_why(people, server, box):
    from zhike.kernel.policy.models import Installation

    Installation.objects.all().delete()
    server.deliver(box.folder, a_mail())

    fetch(box)

    row = InboundMail.objects.get()
    assert (row.state, row.reason) == ("FAILED", "refused_by")


def test_a_job_waits_in_the_queue_once(people, server, box, monkeypatch):
    asked = []
    monkeypatch.setattr(tasks, "async_task", lambda name, pk, **more: asked.append(pk))

    tasks.plan()
    tasks.plan()
    fetch(box)
    tasks.plan()

    assert asked == [box.pk, box.pk]
