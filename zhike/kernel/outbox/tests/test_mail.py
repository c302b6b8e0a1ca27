import datetime as dt
from email.header import decode_header, make_header

import pytest
from django.test import override_settings

from zhike.kernel.outbox import deliver, post
from zhike.kernel.outbox.models import Message
from zhike.kernel.outbox.tests import smtp
from zhike.kernel.parties import subjects
from zhike.kernel.parties.models import Party

MONDAY = dt.datetime(2026, 11, 16, 9, 30, tzinfo=dt.UTC)
MINUTE = dt.timedelta(minutes=1)

pytestmark = pytest.mark.django_db


@pytest.fixture
def server():
    with (
        smtp.running() as running,
        override_settings(
            EMAIL_BACKEND="django.core.mail.backends.smtp.EmailBackend",
            EMAIL_HOST="127.0.0.1",
            EMAIL_PORT=running.port,
            PUBLIC_URL="https://kf.example.com/",
        ),
    ):
        yield running


@pytest.fixture(autouse=True)
def addresses(monkeypatch):
    monkeypatch.setattr(
        deliver, "address_of", lambda party: f"{party.name}@example.com" if party.name else ""
    )


@pytest.fixture
def subject(monkeypatch) -> subjects.Subject:
    known = subjects.Subject(
        "parties.Party", "party", "", lambda pk: f"/parties/{pk}/", lambda pk: Party(pk=pk)
    )
    monkeypatch.setitem(subjects._known, known.label, known)
    return known


def party(name: str) -> Party:
    return Party.objects.create(kind=Party.Kind.STAFF, name=name)


def tell(to: Party, title: str = "新投诉", at: dt.datetime = MONDAY) -> Message:
    post.notify(
        to=to, kind="case_owned", title=title, body="酸奶过期", subject=to, by=None, at=at, email=True
    )
    return Message.objects.latest("pk")


def states() -> list[tuple[str, str, int]]:
    return list(Message.objects.order_by("pk").values_list("to__name", "email_state", "attempts"))


def test_a_waiting_mail_reaches_a_real_server_with_text_and_link(server, subject):
    message = tell(party("wang"))

    report = deliver.run_once(MONDAY)

    assert report == deliver.Report(sent=1)
    assert states() == [("wang", "SENT", 1)]
    assert server.recipients == ["wang@example.com"]
    mail = server.mails[0]
    assert str(make_header(decode_header(mail["Subject"]))) == "新投诉"
    link = f"https://kf.example.com/parties/{message.subject_id}/"
    assert mail.get_payload(decode=True).decode().split() == ["酸奶过期", link]
    assert mail["Message-ID"] == f"<message-{message.pk}@kf.example.com>"


def test_a_sent_mail_is_not_sent_again_and_an_unasked_one_never(server):
    someone = party("wang")
    tell(someone)
    post.notify(to=someone, kind="k", title="t", subject=None, by=None, at=MONDAY)

    deliver.run_once(MONDAY)
    deliver.run_once(MONDAY + 60 * MINUTE)

    assert len(server.mails) == 1


def test_a_party_without_address_is_told_only_in_the_product(server):
    tell(party(""))

    report = deliver.run_once(MONDAY)

    assert report == deliver.Report()
    assert list(Message.objects.values_list("email_state", "error")) == [("NONE", "no address")]


def test_one_refused_address_never_stops_the_rest(server):
    server.refuse = {"gone@example.com": "550 no such box", "full@example.com": "452 box full"}
    for name in ("gone", "full", "wang"):
        tell(party(name))

    report = deliver.run_once(MONDAY)

    assert report == deliver.Report(sent=1, retried=1, failed=1)
    assert states() == [("gone", "FAILED", 1), ("full", "WAITING", 1), ("wang", "SENT", 1)]
    assert server.recipients == ["wang@example.com"]


def test_a_busy_server_is_tried_again_after_a_growing_wait_and_given_up(server):
    server.refuse = {"full@example.com": "452 box full"}
    message = tell(party("full"))
    waits, now = [], MONDAY

    for _ in range(20):
        deliver.run_once(now)
        message.refresh_from_db()
        if message.next_try_at is None:
            break
        waits.append(message.next_try_at - now)
        now = message.next_try_at

    assert waits == list(deliver.BACKOFF)
    assert (message.email_state, message.attempts) == ("FAILED", 8)
    assert "box full" in message.error


def test_nothing_is_tried_before_its_time(server):
    server.refuse = {"full@example.com": "452 box full"}
    message = tell(party("full"))
    deliver.run_once(MONDAY)
    server.refuse = {}

    assert deliver.run_once(MONDAY + MINUTE - dt.timedelta(seconds=1)).sent == 0
    assert deliver.run_once(MONDAY + MINUTE).sent == 1
    message.refresh_from_db()
    assert message.attempts == 2


def test_a_connection_lost_in_the_middle_is_opened_again_for_the_next_mail(server):
    server.hang_up_at_data = 1
    tell(party("one"))
    tell(party("two"))

    report = deliver.run_once(MONDAY)

    assert report == deliver.Report(sent=1, retried=1)
    assert server.recipients == ["two@example.com"]
    assert deliver.run_once(MONDAY + MINUTE) == deliver.Report(sent=1)
    assert server.recipients == ["two@example.com", "one@example.com"]


def test_a_server_that_is_away_costs_three_tries_and_no_message(server):
    for number in range(5):
        tell(party(f"n{number}"))

    with override_settings(EMAIL_PORT=1):
        report = deliver.run_once(MONDAY)

    assert report == deliver.Report(retried=3)
    assert [attempts for _name, _state, attempts in states()] == [1, 1, 1, 0, 0]
    assert deliver.run_once(MONDAY + MINUTE) == deliver.Report(sent=5)


def test_a_mail_claimed_by_a_dead_worker_is_taken_again_when_the_claim_expires(server, monkeypatch):
    tell(party("wang"))

    def die(*_):
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(deliver, "_send", die)
        with pytest.raises(KeyboardInterrupt):
            deliver.run_once(MONDAY)

    assert deliver.run_once(MONDAY + deliver.LEASE - MINUTE).sent == 0
    assert deliver.run_once(MONDAY + deliver.LEASE).sent == 1


def test_a_mail_claimed_by_another_worker_meanwhile_is_left_alone(server):
    first, second = tell(party("one")), tell(party("two"))

    def slow(party):
        Message.objects.filter(pk=second.pk).update(next_try_at=MONDAY + deliver.LEASE)
        return "one@example.com"

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(deliver, "address_of", slow)
        report = deliver.run_once(MONDAY)

    assert report == deliver.Report(sent=1)
    assert first.pk < second.pk
    assert server.recipients == ["one@example.com"]


def test_a_title_over_several_lines_cannot_add_headers(server):
    message = tell(party("wang"))
    Message.objects.filter(pk=message.pk).update(title="a\r\nBcc: thief@example.com")

    deliver.run_once(MONDAY)

    assert server.recipients == ["wang@example.com"]
    assert server.mails[0]["Bcc"] is None


def test_an_address_that_cannot_stand_in_a_mail_fails_alone(server, monkeypatch):
    monkeypatch.setattr(
        deliver,
        "address_of",
        lambda p: f"{p.name}@example.com\nBcc: x@y.z" if p.name == "bad" else "ok@example.com",
    )
    tell(party("bad"))
    tell(party("ok"))

    report = deliver.run_once(MONDAY)

    assert report == deliver.Report(sent=1, failed=1)
    assert [state for _name, state, _attempts in states()] == ["FAILED", "SENT"]
