"""Rows stored without an answer: keys beforehand, and statements that leave together."""

import datetime as dt
from contextlib import suppress

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from zhike.kernel.audit import trail
from zhike.kernel.audit.models import Entry
from zhike.kernel.outbox import post
from zhike.kernel.outbox.models import Message
from zhike.kernel.parties import bulk
from zhike.kernel.parties.models import Party, Unit
from zhike.kernel.search import engines, index
from zhike.kernel.search.models import Document

pytestmark = pytest.mark.django_db
MONDAY = dt.datetime(2026, 3, 9, 1, 30, 15, 123456, tzinfo=dt.UTC)


def a_party(name="安"):
    return Party(kind=Party.Kind.STAFF, name=name)


def a_party_and_a_unit(code):
    with transaction.atomic(), bulk.together():
        bulk.insert(Party, [{"kind": "STAFF", "name": "安"}])
        bulk.insert(Unit, [{"name": "北店", "code": code}])


def document(pk, title, unit):
    return index.Item("customers.Customer", pk, title, "", unit.pk, 0, MONDAY)


def test_keys_are_given_to_nobody_else():
    first, second = a_party(), a_party("贝")

    with transaction.atomic():
        bulk.number(first, second)
        bulk.add([first, second])
    third = Party.objects.create(kind=Party.Kind.STAFF, name="岑")

    assert len({first.pk, second.pk, third.pk}) == 3
    assert list(Party.objects.order_by("pk").values_list("name", flat=True)) == ["安", "贝", "岑"]
    assert not first._state.adding


@pytest.mark.django_db(transaction=True)
def test_keys_outside_a_transaction_are_refused():
    with pytest.raises(transaction.TransactionManagementError):
        bulk.keys([Party])


def test_what_waits_is_found_by_whatever_is_asked_next():
    party = a_party()

    with transaction.atomic(), bulk.together():
        bulk.number(party)
        bulk.add([party])
        inside = Party.objects.filter(name="安").count()
        bulk.insert(Party, [{"kind": "STAFF", "name": "贝"}])

    assert inside == 1
    assert Party.objects.count() == 2


def test_rows_of_several_tables_leave_together():
    party = Party.objects.create(kind=Party.Kind.STAFF, name="安")

    with transaction.atomic(), bulk.together(), CaptureQueriesContext(connection) as asked:
        trail.record("parties.tried", subject=party, by=party, at=MONDAY, after={"on": MONDAY.date()})
        post.notify(to=party, kind="tried", title="试", subject=party, by=None, at=MONDAY)
        before = len(asked)

    entry = Entry.objects.get()
    assert before == (0 if connection.vendor == "postgresql" else 2)
    assert (entry.by_id, entry.at, entry.before, entry.after) == (
        party.pk,
        MONDAY,
        None,
        {"on": "2026-03-09"},
    )
    assert entry.recorded_at is not None
    assert Message.objects.get().title == "试"


def test_a_refused_statement_takes_back_the_whole_action():
    Unit.objects.create(name="南店", code="south")

    with pytest.raises(IntegrityError):
        a_party_and_a_unit("south")

    assert Party.objects.count() == 0


def test_a_savepoint_given_up_takes_what_waited_in_it():
    with transaction.atomic(), bulk.together():
        bulk.insert(Party, [{"kind": "STAFF", "name": "安"}])
        with suppress(ZeroDivisionError), transaction.atomic():
            bulk.insert(Party, [{"kind": "STAFF", "name": "贝"}])
            raise ZeroDivisionError

    assert list(Party.objects.values_list("name", flat=True)) == ["安"]


def test_a_document_whose_place_is_taken_stands_at_the_next_also_when_it_waited():
    unit = Unit.objects.create(name="南店", code="south")
    taken = index.stored(document(7, "安", unit))
    engines.add(taken)

    with transaction.atomic(), bulk.together():
        engines.add(index.stored(document(8, "贝", unit))._replace(id=taken.id))

    assert list(Document.objects.order_by("id").values_list("id", "title")) == [
        (taken.id, "安"),
        (taken.id + 1, "贝"),
    ]
