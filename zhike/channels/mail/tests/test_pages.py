"""What an administrator does with mailboxes and with mails that were not taken."""

import pytest

from zhike.channels.mail import actions
from zhike.channels.models import InboundMail, Mailbox
from zhike.kernel.records import attachments
from zhike.people.tests.factories import MONDAY, cast

pytestmark = pytest.mark.django_db


@pytest.fixture
def people():
    return cast()


def given(people, **changed):
    return {
        "name": "客服信箱",
        "purpose": "complaints",
        "unit": people.south,
        "host": "imap.example.com",
        "port": 993,
        "tls": "SSL",
        "user": "kefu",
        "secret": "KEFU",
        "folder": "INBOX",
        "done_folder": "",
        "address": "kefu@example.com",
        "sender_name": "",
        "acknowledges": True,
        "takes_old": False,
        "is_active": True,
        **changed,
    }


def save(people, mailbox=None, **changed) -> Mailbox:
    by = people.administrator.party
    return actions.save_mailbox(mailbox=mailbox, by=by, now=MONDAY, **given(people, **changed))


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"tls": "NONE"}, "tls"),
        ({"tls": "NONE", "host": "127.0.0.1.example.com"}, "tls"),
        ({"secret": "my password"}, "secret"),
        ({"secret": "KEFU_FILE"}, "secret"),
        ({"purpose": "nothing"}, "purpose"),
    ],
)
def test_a_mailbox_that_must_not_be_is_refused(people, changed, field):
    with pytest.raises(actions.CannotSaveMailbox) as refusal:
        save(people, **changed)

    assert refusal.value.field == field
    assert not Mailbox.objects.exists()


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1", "::1"])
def test_without_tls_is_for_this_machine(people, host):
    assert save(people, tls="NONE", host=host).pk


def test_a_name_stands_once(people):
    save(people)

    with pytest.raises(actions.CannotSaveMailbox):
        save(people)


def test_another_folder_is_read_from_its_beginning_and_another_name_is_not(people):
    box = save(people)
    Mailbox.objects.update(uid_validity=7, last_uid=40)
    box.refresh_from_db()

    save(people, box, name="新名")
    assert (box.uid_validity, box.last_uid) == (7, 40)
    save(people, box, name="新名", folder="Kunden")
    assert (box.uid_validity, box.last_uid) == (None, 0)


def a_mail(box, state="HELD", reason="no_sender") -> InboundMail:
    data = "Subject: 收银\r\n\r\n多收 36 元 <script>x</script>".encode()
    return InboundMail.objects.create(
        mailbox=box,
        uid_validity=1,
        uid=1,
        message_id="<1@x>",
        raw=attachments.keep(data),
        size=len(data),
        subject="收银",
        arrived_at=MONDAY,
        at=MONDAY,
        state=state,
        reason=reason,
    )


def test_a_held_mail_is_put_aside_once_with_a_reason(people):
    mail = a_mail(save(people))
    by = people.administrator.party
    with pytest.raises(actions.CannotTakeMail):
        actions.put_aside(mail=mail, reason=" ", by=by, now=MONDAY)

    actions.put_aside(mail=mail, reason="广告", by=by, now=MONDAY)

    assert (mail.state, mail.reason, mail.detail) == ("IGNORED", "dropped", "广告")
    with pytest.raises(actions.CannotTakeMail):
        actions.put_aside(mail=mail, reason="广告", by=by, now=MONDAY)


def test_the_pages_show_a_mail_as_text_and_its_reason(people, client):
    mail = a_mail(save(people))
    client.force_login(people.administrator)

    page = client.get(f"/settings/mail/mails/{mail.pk}/").content.decode()
    listed = client.get(f"/settings/mail/{mail.mailbox_id}/?state=HELD").content.decode()
    none = client.get(f"/settings/mail/{mail.mailbox_id}/?state=TAKEN").content.decode()

    assert "&lt;script&gt;" in page
    assert "收银" in listed
    assert f"/settings/mail/mails/{mail.pk}/" not in none


def test_a_mailbox_is_set_up_on_the_page_and_its_trouble_is_told(people, client):
    client.force_login(people.administrator)
    form = given(people, unit=people.south.pk, host="127.0.0.1", port=1, acknowledges="on", is_active="on")

    assert client.post("/settings/mail/new/", form).status_code == 302

    box = Mailbox.objects.get()
    tried = client.post(f"/settings/mail/{box.pk}/try/", follow=True).content.decode()
    assert "ZHIKE_MAIL_SECRET_KEFU" in tried
    assert box.acknowledges
    assert not box.takes_old
