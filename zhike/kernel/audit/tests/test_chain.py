import datetime as dt
import threading

import pytest
from django.db import connection
from django.test import override_settings

from zhike.kernel.audit import chain, trail
from zhike.kernel.audit.models import Entry, Seal
from zhike.kernel.parties.models import Party

MONDAY = dt.datetime(2026, 11, 16, 9, 30, 0, 123456, tzinfo=dt.UTC)
HOUR = dt.timedelta(hours=1)

pytestmark = pytest.mark.django_db


@pytest.fixture
def person(db) -> Party:
    return Party.objects.create(kind=Party.Kind.STAFF, name="王敏")


def write(person: Party, count: int) -> list[int]:
    for number in range(count):
        trail.record(
            "people.noted", subject=person, by=person, at=MONDAY, after={"n": number, "词": "值", "a": 1.5}
        )
    return list(Entry.objects.order_by("id").values_list("pk", flat=True))


def test_an_empty_trail_holds():
    assert chain.seal(MONDAY) == 0
    assert chain.examine() == chain.Finding(sealed=0, unsealed=0)
    assert chain.verify_chain() == []
    assert chain.head() == (0, "0" * 64)


def test_sealed_entries_hold_and_new_ones_wait(person):
    write(person, 3)

    assert chain.seal(MONDAY) == 3
    write(person, 1)

    assert chain.examine() == chain.Finding(sealed=3, unsealed=1)
    assert chain.seal(MONDAY + HOUR) == 1
    assert chain.seal(MONDAY + HOUR) == 0
    assert chain.examine() == chain.Finding(sealed=4, unsealed=0)
    assert chain.head()[0] == 4


def test_sealing_goes_on_over_several_batches_and_stops_at_the_limit(person, monkeypatch):
    monkeypatch.setattr(chain, "BATCH", 4)
    write(person, 11)

    assert chain.seal(MONDAY, limit=6) == 6
    assert chain.seal(MONDAY) == 5
    assert chain.examine() == chain.Finding(sealed=11, unsealed=0)


@pytest.mark.parametrize(
    "change",
    [
        {"code": "people.praised"},
        {"after": {"n": 7}},
        {"before": {}},
        {"at": MONDAY + dt.timedelta(microseconds=1)},
        {"recorded_at": MONDAY},
        {"clause": "1"},
        {"ruling_id": 1},
        {"secrecy": 1},
        {"subject_id": 0},
        {"request": "x"},
        {"by": None},
    ],
)
def test_a_changed_entry_is_named(person, lift_triggers, change):
    ids = write(person, 3)
    chain.seal(MONDAY)

    Entry.objects.filter(pk=ids[1]).update(**change)

    finding = chain.examine()
    assert (finding.sealed, finding.entry_id) == (1, ids[1])
    assert finding.broken == f"Entry {ids[1]} of the trail, or its seal, was changed after it was sealed."


def test_a_removed_entry_is_named(person, lift_triggers):
    ids = write(person, 3)
    chain.seal(MONDAY)

    Entry.objects.filter(pk=ids[2]).delete()

    assert chain.verify_chain() == [f"Entry {ids[2]} of the trail was removed after it was sealed."]


def test_an_entry_removed_with_its_seal_is_seen(person, lift_triggers):
    ids = write(person, 3)
    chain.seal(MONDAY)

    Entry.objects.filter(pk=ids[1]).delete()
    Seal.objects.filter(entry_id=ids[1]).delete()

    assert chain.examine().broken == "Seals 2 to 2 of the trail are missing."


def test_a_cut_end_is_seen_by_the_head_noted_before(person, lift_triggers):
    ids = write(person, 3)
    chain.seal(MONDAY)
    noted = chain.head()

    Entry.objects.filter(pk=ids[2]).delete()
    Seal.objects.filter(entry_id=ids[2]).delete()

    assert chain.examine().broken == ""
    assert chain.head() != noted


def test_an_entry_that_commits_late_is_sealed_late(person, lift_triggers):
    ids = write(person, 3)
    late = Entry.objects.get(pk=ids[0])
    Entry.objects.filter(pk=ids[0]).delete()
    chain.seal(MONDAY)
    late.save(force_insert=True)

    assert chain.seal(MONDAY + HOUR) == 1

    assert list(Seal.objects.order_by("position").values_list("entry_id", flat=True)) == [
        ids[1],
        ids[2],
        ids[0],
    ]
    assert chain.examine() == chain.Finding(sealed=3, unsealed=0)


def test_an_entry_older_than_the_look_back_needs_a_thorough_seal(person, lift_triggers):
    ids = write(person, 3)
    late = Entry.objects.get(pk=ids[0])
    Entry.objects.filter(pk=ids[0]).delete()
    chain.seal(MONDAY)
    write(person, 1)
    chain.seal(MONDAY + 30 * HOUR)
    late.save(force_insert=True)

    assert chain.seal(MONDAY + 31 * HOUR) == 0
    assert chain.examine().unsealed == 1
    assert chain.seal(MONDAY + 31 * HOUR, thorough=True) == 1


def test_a_new_key_seals_on_and_a_lost_key_is_said(person):
    with override_settings(FIELD_KEY="old"):
        write(person, 2)
        chain.seal(MONDAY)
    with override_settings(FIELD_KEY="new,old"):
        write(person, 2)
        chain.seal(MONDAY)
        held = chain.examine()
    with override_settings(FIELD_KEY="new"):
        lost = chain.examine()

    assert held == chain.Finding(sealed=4, unsealed=0)
    assert (lost.sealed, lost.broken[-50:]) == (
        0,
        " under a key that is not configured (ZHIKE_FIELD_KEY).".rjust(50)[-50:],
    )


def test_of_two_sealers_of_one_position_one_stops(person):
    write(person, 2)
    batch = list(Entry.objects.order_by("id").values_list(*chain.COLUMNS))

    assert chain._append(batch, MONDAY) is True
    assert chain._append(batch, MONDAY) is False

    assert chain.examine() == chain.Finding(sealed=2, unsealed=0)


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif("connection.vendor != 'postgresql'")
def test_sealers_and_writers_side_by_side_lose_nothing():
    person = Party.objects.create(kind=Party.Kind.STAFF, name="王敏")
    failures: list[BaseException] = []

    def work(fn):
        try:
            for _ in range(15):
                fn()
        except BaseException as failure:
            failures.append(failure)
        finally:
            connection.close()

    jobs = [threading.Thread(target=work, args=(lambda: write(person, 5),)) for _ in range(3)]
    jobs += [threading.Thread(target=work, args=(lambda: chain.seal(MONDAY),)) for _ in range(2)]
    for job in jobs:
        job.start()
    for job in jobs:
        job.join()
    chain.seal(MONDAY)

    assert failures == []
    assert chain.examine() == chain.Finding(sealed=225, unsealed=0)
