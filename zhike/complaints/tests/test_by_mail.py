"""E-mail from end to end: a real IMAP server, the database, a real SMTP server, and back."""

import base64
import datetime as dt
from email.header import decode_header, make_header

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import override_settings

from zhike.channels.mail import replies
from zhike.channels.mail.tests.letters import a_mail
from zhike.channels.models import InboundMail
from zhike.complaints import actions
from zhike.complaints.models import Complaint, Entry
from zhike.customers.models import Customer
from zhike.kernel.outbox import deliver
from zhike.kernel.outbox.models import Message
from zhike.kernel.records.attachments import attachments_of, path_of
from zhike.people.tests.factories import MONDAY

from .factories import a_complaint, browser
from .mailing import fetch, states, the_case

PNG = bytes.fromhex("89504e470d0a1a0a0000000d49484452") + b"\0" * 64
HOUR = dt.timedelta(hours=1)
pytestmark = pytest.mark.django_db


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
    again = a_mail(
        "谢谢,还差 5 元。", sender="zw@other.example", subject="回复", In_Reply_To=answer["Message-ID"]
    )
    server.deliver(box.folder, again)
    assert fetch(box, later).states == {"TAKEN": 1}
    entry = Entry.objects.get(complaint=case, kind="CUSTOMER")
    assert (entry.text, entry.channel) == ("谢谢,还差 5 元。", "EMAIL")
    assert Complaint.objects.count() == 1
    assert Message.objects.filter(to=case.handler, kind="complaint.customer_wrote").count() == 1
    assert Message.objects.filter(kind=replies.ACKNOWLEDGEMENT).count() == 1  # once for each case
    page = client.get(f"/complaints/{case.pk}/").content.decode()
    assert "zhangwei@example.cn" in page


def test_our_answer_carries_the_files_that_are_added(people, server, box, post):
    server.deliver(box.folder, a_mail())
    fetch(box)
    case = the_case()

    scan = SimpleUploadedFile("scan.png", PNG)
    actions.say(complaint=case, mode="reply", text="见附件", by=people.taker.party, now=MONDAY, files=[scan])
    deliver.run_once(MONDAY)

    sent = [part.get_filename() for part in post.mails[-1].walk() if part.get_filename()]
    assert sent == ["scan.png"]
    assert [file.name for file in attachments_of(case)] == ["scan.png"]


def test_a_number_in_the_subject_counts_from_an_address_of_the_case_only(people, server, box):
    server.deliver(box.folder, a_mail())
    fetch(box)
    case = the_case()
    tag = f"Re: 退款 [{case.number}]"

    server.deliver(
        box.folder, a_mail("补充", subject=tag), a_mail("冒充", subject=tag, sender="x@evil.example")
    )
    fetch(box)

    assert list(case.entries.filter(kind="CUSTOMER").values_list("text", flat=True)) == ["补充"]
    assert Complaint.objects.exclude(pk=case.pk).get().text == "冒充"


def test_what_the_customer_sends_after_its_own_mail_goes_to_the_same_case(people, server, box):
    server.deliver(
        box.folder,
        a_mail(message_id="<mine@example.cn>"),
        a_mail("忘了小票", References="<mine@example.cn>"),
        a_mail("别人的", References="<mine@example.cn>", sender="x@evil.example"),
    )

    fetch(box)

    assert Entry.objects.get(kind="CUSTOMER").text == "忘了小票"
    assert Complaint.objects.count() == 2


def test_an_answer_to_a_closed_case_is_written_down_and_the_handler_is_told(people, server, box):
    server.deliver(box.folder, a_mail())
    fetch(box)
    case = the_case()
    actions.classify(complaint=case, item="EXPIRED", by=case.handler, now=MONDAY)
    while case.is_open:
        actions.record_step(complaint=case, kind=case.stage_kind, text="已办", by=case.handler, now=MONDAY)
    told = Message.objects.filter(to=case.handler, kind="complaint.customer_wrote")
    assert not told.exists()

    server.deliver(box.folder, a_mail("还是没退", subject=f"Re: [{case.number}]"))
    fetch(box, MONDAY + HOUR)

    assert Entry.objects.get(complaint=case, kind="CUSTOMER").text == "还是没退"
    assert told.count() == 1
    case.refresh_from_db()
    assert not case.is_open


def test_a_known_address_is_the_same_customer_and_a_name_alone_is_not(people, server, box):
    server.deliver(
        box.folder,
        a_mail("一"),
        a_mail("二", subject="另一件"),
        a_mail("三", sender="张伟 <other@example.cn>"),
    )

    fetch(box)

    first, second, third = Complaint.objects.order_by("pk")
    assert first.customer == second.customer != third.customer
    assert Customer.objects.filter(name="张伟").count() == 2
    assert first.customer.number in third.entries.get(kind="NOTE").text


def test_a_lying_file_is_refused_by_name_and_the_mail_stands(people, server, box):
    program = b"MZ\x90\0" + b"\0" * 100
    server.deliver(
        box.folder, a_mail(files=(("小票.png", program, "image/png"), ("真.png", PNG, "image/png")))
    )

    fetch(box)

    case = the_case()
    assert [file.name for file in attachments_of(case)] == ["真.png"]
    assert "小票.png" in case.entries.get(kind="NOTE").text
    row = InboundMail.objects.get()
    kept = path_of(row.raw).read_bytes()
    assert b"Subject:" in kept  # the whole mail is there, with the refused file
    assert len(kept) == row.size


def test_a_report_of_failure_marks_our_mail_and_tells_the_handler_once(people, server, box, post):
    server.deliver(box.folder, a_mail())
    fetch(box)
    case = the_case()
    actions.reply(complaint=case, text="好的", by=people.taker.party, now=MONDAY)
    deliver.run_once(MONDAY)
    ours = Message.objects.get(kind=replies.KIND)
    assert ours.email_state == "SENT"

    server.deliver(box.folder, bounce("failed", ours.message_id), bounce("failed", ours.message_id, "again"))
    fetch(box)

    ours.refresh_from_db()
    assert (ours.email_state, ours.error) == ("FAILED", "smtp; 550 no such user")
    assert states()[1:] == [("IGNORED", "bounce")] * 2
    told = Message.objects.filter(kind="complaint.mail_failed")
    assert {one.to_id for one in told} == {case.handler_id, people.taker.party.pk}
    assert told.count() == 2
    assert Complaint.objects.count() == 1


def test_reports_of_delay_and_of_strangers_mails_change_nothing(people, server, box, post):
    server.deliver(box.folder, a_mail())
    fetch(box)
    ours = Message.objects.get(kind=replies.ACKNOWLEDGEMENT)

    server.deliver(
        box.folder, bounce("delayed", ours.message_id), bounce("failed", "<zhike-0000@mall.example.com>")
    )
    fetch(box)

    assert states()[1:] == [("IGNORED", "delayed"), ("IGNORED", "foreign_bounce")]
    ours.refresh_from_db()
    assert ours.email_state == "WAITING"


def bounce(action: str, about: str, mark: str = "") -> bytes:
    return (
        "From: Mail Delivery System <mailer-daemon@example.cn>\r\nReturn-Path: <>\r\n"
        f"Subject: Undelivered {mark}\r\nAuto-Submitted: auto-replied\r\n"
        'Content-Type: multipart/report; report-type=delivery-status; boundary="q"\r\n\r\n'
        f"--q\r\nContent-Type: text/plain\r\n\r\nsorry {mark}\r\n"
        "--q\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; b.cn\r\n\r\n"
        f"Final-Recipient: rfc822; zw@b.cn\r\nAction: {action}\r\nDiagnostic-Code: smtp; 550 no such user\r\n\r\n"
        f"--q\r\nContent-Type: text/rfc822-headers\r\n\r\nMessage-ID: {about}\r\n\r\n--q--\r\n"
    ).encode()


@pytest.mark.parametrize(
    ("given", "verdict"),
    [
        ({"Auto_Submitted": "auto-replied"}, ("IGNORED", "automatic")),
        ({"Auto_Submitted": "auto-generated; x=y"}, ("IGNORED", "automatic")),
        ({"Auto_Submitted": "no"}, ("TAKEN", "")),
        ({"Precedence": "bulk"}, ("IGNORED", "bulk")),
        ({"Precedence": "list"}, ("IGNORED", "bulk")),
        ({"Precedence": "first-class"}, ("TAKEN", "")),
        ({"List_Id": "<news.example.cn>"}, ("IGNORED", "bulk")),
        ({"Return_Path": "<>"}, ("IGNORED", "no_return")),
        ({"Return_Path": "<zhangwei@example.cn>"}, ("TAKEN", "")),
        ({"X_Auto_Response_Suppress": "All"}, ("HELD", "suppressed")),
        ({"subject": "自动回复: 我在休假"}, ("IGNORED", "automatic")),
        ({"subject": "请不要自动回复我"}, ("TAKEN", "")),
        ({"sender": "KEFU@mall.example.com"}, ("IGNORED", "own")),
        ({"sender": "undisclosed"}, ("HELD", "no_sender")),
    ],
)
def test_who_is_no_person_is_put_aside_and_never_answered(people, server, box, given, verdict):
    server.deliver(box.folder, a_mail(**given))

    fetch(box)

    assert states() == [verdict]
    assert Message.objects.filter(kind=replies.ACKNOWLEDGEMENT).count() == (verdict[0] == "TAKEN")


def test_two_programs_that_answer_each_other_end(people, server, box, post):
    """A responder without any mark, which answers each of our receipts by a fresh mail."""
    server.deliver(box.folder, a_mail("1", sender="robot@example.cn"))
    with override_settings(MAIL_ACKNOWLEDGEMENTS=3, MAIL_PER_SENDER=10):
        for number in range(20):
            fetch(box)
            deliver.run_once(MONDAY)
            if not post.mails:
                break
            post.mails.clear()
            server.deliver(box.folder, a_mail(f"thank you {number}", sender="robot@example.cn"))

    assert number == 3
    assert Message.objects.filter(kind=replies.ACKNOWLEDGEMENT).count() == 3
    assert Complaint.objects.count() == 4


def test_a_responder_that_keeps_the_thread_gets_one_receipt(people, server, box, post):
    server.deliver(box.folder, a_mail("1", sender="robot@example.cn"))
    for number in range(4):
        fetch(box)
        deliver.run_once(MONDAY)
        last = post.mails.pop() if post.mails else None
        if last is not None:
            server.deliver(
                box.folder, a_mail(f"{number}", sender="robot@example.cn", In_Reply_To=last["Message-ID"])
            )

    assert Complaint.objects.count() == 1
    assert Message.objects.filter(kind=replies.ACKNOWLEDGEMENT).count() == 1


def test_lines_smuggled_into_headers_do_not_leave(people, server, box, post):
    evil = base64.b64encode("过期\r\nBcc: victim@example.cn\r\n\r\nbody".encode()).decode()
    name = base64.b64encode("张\r\nBcc: v@x.cn".encode()).decode()
    raw = (
        f"From: =?utf-8?B?{name}?= <zw@example.cn>\r\n"
        f"Message-ID: <evil@example.cn>\r\nSubject: =?utf-8?B?{evil}?=\r\n\r\ntext"
    ).encode()
    server.deliver(box.folder, raw)

    fetch(box)
    actions.reply(complaint=the_case(), text="好", by=people.taker.party, now=MONDAY)
    report = deliver.run_once(MONDAY)

    assert report.failed == 0
    assert [mail["Bcc"] for mail in post.mails] == [None, None]
    assert set(post.recipients) == {"zw@example.cn"}


def test_a_reply_to_a_case_of_another_channel_leaves_no_mail(people):
    case = a_complaint(people)

    actions.reply(complaint=case, text="好", by=people.taker.party, now=MONDAY)

    assert not Message.objects.filter(kind=replies.KIND).exists()
