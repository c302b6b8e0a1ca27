import datetime as dt

import pytest
from django.db import transaction

from zhike.kernel.outbox import inbox, post
from zhike.kernel.outbox.models import Event, Message
from zhike.kernel.parties.models import Party
from zhike.kernel.parties.scope import EVERYTHING, Scope
from zhike.kernel.parties.tree import plant

MONDAY = dt.datetime(2026, 11, 16, 9, 30, tzinfo=dt.UTC)

pytestmark = pytest.mark.django_db


@pytest.fixture
def officer(db) -> Party:
    return Party.objects.create(kind=Party.Kind.STAFF, name="王敏", unit=plant(name="一号店", code="store-1"))


def tell(officer: Party, title: str = "新投诉", **more) -> None:
    post.notify(to=officer, kind="case_owned", title=title, subject=officer, by=None, at=MONDAY, **more)


def test_a_message_is_one_insert_with_the_unit_of_its_subject(officer, django_assert_num_queries):
    with django_assert_num_queries(1):
        tell(officer, "新\n投诉", body="酸奶过期", clause="6.1", email=True)

    message = Message.objects.get()
    assert (message.title, message.body, message.clause) == ("新 投诉", "酸奶过期", "6.1")
    assert (message.subject_label, message.subject_id) == ("parties.Party", officer.pk)
    assert (message.unit_id, message.email_state, message.next_try_at) == (officer.unit_id, "WAITING", MONDAY)


def test_a_message_without_subject_or_mail(officer):
    post.notify(to=officer, kind="hello", title="t" * 300, subject=None, by=officer, at=MONDAY)

    message = Message.objects.get()
    assert (message.subject_label, message.subject_id, message.unit_id) == ("", None, None)
    assert (message.email_state, message.next_try_at, len(message.title)) == ("NONE", None, 200)


def test_an_event_is_one_insert_and_needs_a_known_name(django_assert_num_queries):
    with django_assert_num_queries(1):
        post.emit("case_closed", ids={"case": 3}, at=MONDAY)
    with pytest.raises(ValueError, match="case_eaten"):
        post.emit("case_eaten", ids={}, at=MONDAY)

    assert list(Event.objects.values_list("name", "ids", "state")) == [
        ("case_closed", {"case": 3}, "WAITING")
    ]


def test_messages_and_events_vanish_with_a_failed_action(officer):
    def fail() -> None:
        with transaction.atomic():
            tell(officer)
            post.emit("case_closed", ids={}, at=MONDAY)
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail()

    assert (Message.objects.count(), Event.objects.count()) == (0, 0)


def test_a_person_reads_and_marks_only_their_own_messages(officer):
    other = Party.objects.create(kind=Party.Kind.STAFF, name="外人")
    tell(officer, "一")
    tell(officer, "二")
    tell(other, "三")
    mine, theirs = Scope(officer.pk), Scope(other.pk)

    def titles(found):
        return [message.title for message in found]

    assert titles(inbox.messages(mine)) == ["二", "一"]
    assert titles(inbox.messages(EVERYTHING)) == []
    assert inbox.mark_read(mine, [Message.objects.get(title="三").pk], MONDAY) == 0
    assert inbox.mark_read(mine, [Message.objects.get(title="一").pk], MONDAY) == 1
    assert titles(inbox.unread(mine)) == ["二"]
    assert inbox.mark_read(mine, None, MONDAY) == 1
    assert inbox.mark_read(mine, None, MONDAY) == 0
    assert titles(inbox.unread(theirs)) == ["三"]
