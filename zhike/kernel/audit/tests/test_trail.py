import datetime as dt
from decimal import Decimal

import pytest
from django.db import IntegrityError, connection, transaction

from zhike.kernel.audit import requests, trail
from zhike.kernel.audit.models import Entry
from zhike.kernel.parties.models import Party, Unit
from zhike.kernel.parties.scope import EVERYTHING, NOTHING, Scope
from zhike.kernel.parties.tree import plant

MONDAY = dt.datetime(2026, 11, 16, 9, 30, tzinfo=dt.UTC)

pytestmark = pytest.mark.django_db


@pytest.fixture
def store() -> Unit:
    return plant(name="一号店", code="store-1")


@pytest.fixture
def officer(store: Unit) -> Party:
    return Party.objects.create(kind=Party.Kind.STAFF, name="王敏", unit=store)


def test_one_entry_is_one_insert_and_carries_what_was_passed(store, officer, django_assert_num_queries):
    with django_assert_num_queries(1), requests.named("r-1"):
        trail.record(
            "people.renamed",
            subject=officer,
            by=officer,
            at=MONDAY,
            clause="3.2",
            ruling=17,
            before={"amount": Decimal("1500.00")},
            after={"on": dt.date(2026, 11, 16)},
        )

    entry = Entry.objects.get()
    assert (entry.code, entry.subject_label, entry.subject_id) == (
        "people.renamed",
        "parties.Party",
        officer.pk,
    )
    assert (entry.unit_id, entry.secrecy, entry.by_id, entry.at) == (store.pk, 0, officer.pk, MONDAY)
    assert (entry.clause, entry.ruling_id, entry.request) == ("3.2", 17, "r-1")
    assert (entry.before, entry.after) == ({"amount": "1500.00"}, {"on": "2026-11-16"})


def test_the_database_gives_the_moment_of_recording(officer):
    before = dt.datetime.now(dt.UTC) - dt.timedelta(seconds=60)

    trail.record("people.renamed", subject=officer, by=None, at=MONDAY)

    assert before < Entry.objects.get().recorded_at < before + dt.timedelta(seconds=120)


def test_a_unit_is_its_own_unit_and_given_values_win(store, officer):
    other = plant(name="二号店", code="store-2")

    trail.record("people.unit_planted", subject=store, by=officer, at=MONDAY)
    trail.record("people.unit_planted", subject=store, by=officer, at=MONDAY, unit_id=other.pk, secrecy=2)

    assert list(Entry.objects.order_by("id").values_list("unit_id", "secrecy")) == [
        (store.pk, 0),
        (other.pk, 2),
    ]


@pytest.mark.parametrize(
    ("at", "saved", "words"), [(MONDAY.replace(tzinfo=None), True, "aware"), (MONDAY, False, "saved first")]
)
def test_a_naive_moment_or_an_unsaved_subject_is_refused(officer, at, saved, words):
    subject = officer if saved else Party(name="无名")

    with pytest.raises(ValueError, match=words):
        trail.record("people.renamed", subject=subject, by=officer, at=at)

    assert Entry.objects.count() == 0


def test_an_entry_is_rolled_back_with_its_action(officer):
    def fail() -> None:
        with transaction.atomic():
            trail.record("people.renamed", subject=officer, by=officer, at=MONDAY)
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail()

    assert Entry.objects.count() == 0


def test_history_of_a_subject_is_cut_by_unit_secrecy_and_name(store, officer):
    stranger = Party.objects.create(
        kind=Party.Kind.STAFF, name="外人", unit=plant(name="二号店", code="store-2")
    )
    trail.record("people.a", subject=officer, by=None, at=MONDAY)
    trail.record("people.b", subject=officer, by=stranger, at=MONDAY, secrecy=1)

    def codes(scope):
        return [entry.code for entry in trail.entries_of(scope, officer)]

    assert codes(EVERYTHING) == ["people.a", "people.b"]
    assert codes(Scope(officer.pk, frozenset({store.pk}), 0)) == ["people.a"]
    assert codes(Scope(officer.pk, frozenset({store.pk}), 1)) == ["people.a", "people.b"]
    assert codes(Scope(stranger.pk, frozenset({stranger.unit_id}), 0)) == ["people.b"]
    assert codes(NOTHING) == []
    assert [entry.code for entry in trail.entries(EVERYTHING)] == ["people.b", "people.a"]


@pytest.mark.parametrize("verb", ["update", "delete", "raw update", "raw delete", "replace"])
def test_entries_cannot_be_changed_or_removed(officer, verb):
    trail.record("people.renamed", subject=officer, by=officer, at=MONDAY)
    entry = Entry.objects.get()

    with (
        pytest.raises(IntegrityError, match=r"audit_entry is append-only|duplicate key"),
        transaction.atomic(),
    ):
        execute(verb, entry)

    assert Entry.objects.get().code == "people.renamed"


def execute(verb: str, entry: Entry) -> None:
    if verb in {"update", "delete"}:
        Entry.objects.update(code="people.praised") if verb == "update" else entry.delete()
        return
    columns = "code, subject_label, subject_id, secrecy, at, clause, request"
    insert = "INSERT OR REPLACE" if connection.vendor == "sqlite" else "INSERT"
    sql = {
        "raw update": "UPDATE audit_entry SET code = 'x' WHERE id = %s",
        "raw delete": "DELETE FROM audit_entry WHERE id = %s",
        "replace": f"{insert} INTO audit_entry(id, {columns}) VALUES (%s, 'x', 'y', 1, 0, '2026-01-01', '', '')",
    }[verb]
    with connection.cursor() as cursor:
        cursor.execute(sql, [entry.pk])


@pytest.mark.skipif("connection.vendor != 'postgresql'")
def test_entries_cannot_be_truncated(officer):
    trail.record("people.renamed", subject=officer, by=officer, at=MONDAY)

    connection.check_constraints()

    with (
        pytest.raises(IntegrityError, match="append-only"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute("TRUNCATE audit_entry")

    assert Entry.objects.count() == 1
