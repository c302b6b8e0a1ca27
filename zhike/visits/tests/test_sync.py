"""What a phone made without a network: once, without loss, conflicts shown; wrong clocks and merged files."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any

import pytest

from zhike.customers.matching import actions as matching
from zhike.kernel.parties.models import Party
from zhike.people.tests.factories import MONDAY
from zhike.visits import actions
from zhike.visits.models import SyncEntry, Visit

from .factories import DAY, HOUR, MINUTE, STROKES, a_closed_visit, a_shop, picture


def an_entry(visit: Visit | uuid.UUID, verb: str, at: dt.datetime = MONDAY, /, **data: Any) -> dict[str, Any]:
    uid = visit.uid if isinstance(visit, Visit) else visit
    extra = {name: data.pop(name) for name in ("file", "offset", "device") if name in data}
    return {
        "uid": str(uuid.uuid4()), "visit": str(uid), "kind": verb, "data": data, "made_at": at.isoformat(),
        "offset": 0, **extra,
    }  # fmt: skip


def send(cast, *entries: dict[str, Any], now: dt.datetime = MONDAY + HOUR, by: Party | None = None):
    return actions.sync(entries=list(entries), by=by or cast.specialist.party, now=now)


def results(found) -> list[str]:
    return [one["result"] for one in found]


def a_planned(cast, **more: Any) -> Visit:
    return actions.add(
        manager=cast.specialist.party, customer=a_shop(cast, **more), on=MONDAY.date(),
        by=cast.specialist.party, now=MONDAY - HOUR,
    )  # fmt: skip


@pytest.mark.rule("S004-09", "R004-26")
def test_a_day_on_the_road_arrives_as_it_was_made(cast):
    visit = a_planned(cast)
    made = [
        an_entry(visit, "start", MONDAY - 40 * MINUTE),
        an_entry(visit, "arrive", MONDAY - 30 * MINUTE, latitude="30.25", longitude="120.15", accuracy=9),
        an_entry(visit, "host", name="王老板", position="店主", decides=True, persons=1, cards=1),
        an_entry(visit, "note_finding", group="MARKET", kind="PRICE", text="中华涨价"),
        an_entry(visit, "photo", kind="FRONT", name="门头.png", file=picture("front")),
        an_entry(visit, "sign", signer="王老板", strokes=STROKES, file=picture("sign")),
        an_entry(visit, "set_next", on=(MONDAY.date() + 7 * DAY).isoformat()),
        an_entry(visit, "leave", MONDAY),
    ]

    assert results(send(cast, *made)) == ["kept"] * 8
    visit.refresh_from_db()
    assert visit.state == "UNDER_WAY"
    assert visit.arrived_at == MONDAY - 30 * MINUTE
    assert visit.left_at == MONDAY
    assert visit.photos.get().taken_at == MONDAY
    assert visit.signature is not None
    assert visit.findings.get().text == "中华涨价"


def test_what_is_sent_again_changes_nothing(cast):
    visit = a_planned(cast)
    made = [
        an_entry(visit, "start"),
        an_entry(visit, "note_finding", group="MARKET", kind="PRICE", text="涨价"),
        an_entry(visit, "give", group="INFO", topic="POLICY"),
    ]
    first = send(cast, *made)
    again = send(cast, *made, *made, now=MONDAY + DAY)

    assert results(first) == ["kept"] * 3
    assert results(again) == ["known"] * 6
    assert visit.findings.count() == visit.given.count() == 1
    assert SyncEntry.objects.count() == 3


def test_a_refused_entry_keeps_nothing_of_the_others_back_and_may_come_again(cast):
    visit = a_planned(cast)
    bad = an_entry(visit, "note_finding", group="MARKET", kind="GHOSTS", text="?")
    early = an_entry(uuid.uuid4(), "leave")

    found = send(cast, an_entry(visit, "start"), bad, early, an_entry(visit, "arrive", why="没有信号"))

    assert results(found) == ["kept", "refused", "refused", "kept"]
    assert "GHOSTS" in found[1]["sentence"]
    assert SyncEntry.objects.filter(outcome="REFUSED").count() == 2
    assert results(send(cast, bad)) == ["refused"]
    assert SyncEntry.objects.filter(outcome="REFUSED").count() == 2


@pytest.mark.parametrize(
    "broken",
    [
        {"uid": "nonsense"},
        {"made_at": "gestern"},
        {"made_at": "2026-03-09T10:00:00"},
        {"visit": ""},
        {"offset": "x"},
    ],
)
def test_an_entry_that_cannot_be_read_is_refused_with_a_word(cast, broken):
    visit = a_planned(cast)
    [found] = send(cast, {**an_entry(visit, "start"), **broken})

    assert found["result"] == "refused"
    assert "cannot be read" in found["sentence"]
    visit.refresh_from_db()
    assert visit.state == "PLANNED"


@pytest.mark.parametrize("kind", ["fly", "delete", "__init__"])
def test_an_unknown_kind_of_entry_is_refused(cast, kind):
    visit = a_planned(cast)
    [found] = send(cast, an_entry(visit, kind))

    assert found["result"] == "refused"
    assert "update the app" in found["sentence"]


def test_two_devices_that_say_different_things_are_a_conflict_that_a_person_settles(cast):
    visit = a_planned(cast)
    send(cast, an_entry(visit, "start", device="A"), an_entry(visit, "judge", satisfaction=5, device="A"))
    same = an_entry(visit, "judge", satisfaction=5, device="B")
    other = an_entry(visit, "judge", satisfaction=2, remark="服务慢", device="B")

    assert results(send(cast, same)) == ["kept"]
    [found] = send(cast, other)

    assert found["result"] == "conflict"
    assert found["here"]["satisfaction"] == "5"
    assert results(send(cast, other)) == ["conflict"]
    visit.refresh_from_db()
    assert visit.satisfaction == 5
    entry = SyncEntry.objects.get(pk=other["uid"])
    with pytest.raises(actions.CannotVisit):
        actions.settle(entry=entry, take=False, by=cast.supervisor.party, now=MONDAY + HOUR)
    actions.settle(entry=entry, take=True, by=cast.supervisor.party, now=MONDAY + HOUR)
    visit.refresh_from_db()
    assert (visit.satisfaction, visit.remark) == (2, "服务慢")
    with pytest.raises(actions.CannotVisit):
        actions.settle(entry=entry, take=True, by=cast.supervisor.party, now=MONDAY + HOUR)


def test_a_device_may_correct_what_it_said_itself(cast):
    visit = a_planned(cast)
    found = send(
        cast,
        an_entry(visit, "start", device="A"),
        an_entry(visit, "judge", satisfaction=5, device="A"),
        an_entry(visit, "judge", satisfaction=4, device="A"),
    )

    assert results(found) == ["kept"] * 3
    visit.refresh_from_db()
    assert visit.satisfaction == 4


def test_the_same_visit_made_on_two_devices_is_a_conflict_and_nothing_of_it_is_lost(cast):
    shop = a_shop(cast)
    one, two = uuid.uuid4(), uuid.uuid4()
    send(cast, an_entry(one, "start", customer=shop.pk, device="A"))
    late = an_entry(two, "start", customer=shop.pk, device="B")
    note = an_entry(two, "note_finding", group="MARKET", kind="STOCK", text="库存足", device="B")

    found = send(cast, late, note)

    assert results(found) == ["conflict", "refused"]
    assert found[0]["here"]["visit"] == str(one)
    assert Visit.objects.filter(customer=shop).count() == 1
    actions.settle(
        entry=SyncEntry.objects.get(pk=note["uid"]), take=False, reason="已口头补记", by=cast.supervisor.party,
        now=MONDAY + HOUR,
    )  # fmt: skip


def test_a_second_visit_on_a_day_is_taken_over_with_all_that_came_for_it(cast):
    shop = a_shop(cast)
    a_closed_visit(cast, shop, now=MONDAY)
    again = uuid.uuid4()
    late = an_entry(again, "start", customer=shop.pk, kind="ROUND")
    note = an_entry(again, "note_finding", group="MARKET", kind="STOCK", text="库存足")
    assert results(send(cast, late, note)) == ["conflict", "refused"]

    actions.settle(
        entry=SyncEntry.objects.get(pk=late["uid"]), take=True, by=cast.supervisor.party, now=MONDAY + HOUR
    )

    visit = Visit.objects.get(uid=again)
    assert visit.findings.get().text == "库存足"
    assert not SyncEntry.objects.exclude(outcome="KEPT").exists()


def test_an_entry_for_a_visit_that_is_over_is_shown_with_its_photo(cast):
    visit = a_closed_visit(cast)
    [found] = send(cast, an_entry(visit, "photo", kind="FRONT", name="a.png", file=picture("late")))

    assert found["result"] == "conflict"
    assert found["here"]["number"] == visit.number
    from zhike.kernel.records import attachments

    assert attachments.attachments_of(visit).filter(note=found["uid"]).exists()
    assert visit.photos.count() == 0


@pytest.mark.parametrize(
    ("made", "offset", "said", "minutes"),
    [
        (MONDAY, 0, MONDAY, None),
        (MONDAY + 3 * HOUR, -3 * 3600, MONDAY, 180),
        (MONDAY - 2 * DAY, 2 * 24 * 3600, MONDAY, 2880),
        (MONDAY + 5 * DAY, None, MONDAY + HOUR, 7140),  # ahead of now, and nothing is known of the clock
    ],
)
def test_a_wrong_clock_is_put_right_and_said(cast, made, offset, said, minutes):
    visit = a_planned(cast)
    send(cast, an_entry(visit, "start"))
    [found] = send(cast, an_entry(visit, "arrive", made, why="没有信号", offset=offset))

    visit.refresh_from_db()
    assert found["result"] == "kept"
    assert visit.arrived_at == said
    assert (f"{minutes} minutes" in found["sentence"]) is (minutes is not None)
    assert bool(found["sentence"]) is (minutes is not None)


def test_a_customer_who_was_merged_meanwhile_is_followed(cast):
    shop, gone = a_shop(cast, "城东便利店"), a_shop(cast, "城东便利")
    matching.merge(kept=shop, gone=gone, by=cast.supervisor.party, now=MONDAY, choices={})
    uid = uuid.uuid4()

    [found] = send(cast, an_entry(uid, "start", customer=gone.pk))

    assert found["result"] == "kept"
    assert gone.number in found["sentence"]
    assert shop.number in found["sentence"]
    assert Visit.objects.get(uid=uid).customer == shop


def test_visits_move_with_the_file_when_it_is_merged(cast):
    shop, gone = a_shop(cast, "城东便利店"), a_shop(cast, "城东便利")
    visit = a_closed_visit(cast, gone)
    matching.merge(kept=shop, gone=gone, by=cast.supervisor.party, now=MONDAY, choices={})

    visit.refresh_from_db()
    assert visit.customer == shop


def test_the_gate_keeps_strangers_out(cast):
    visit = a_planned(cast)
    found = actions.sync(
        entries=[an_entry(visit, "start")],
        by=cast.stranger.party,
        now=MONDAY,
        gate=lambda customer: "不在权限内",
    )

    assert found[0]["result"] == "refused"
    visit.refresh_from_db()
    assert visit.state == "PLANNED"


def test_closing_offline_names_what_is_missing(cast):
    visit = a_planned(cast)
    found = send(cast, an_entry(visit, "start"), an_entry(visit, "close"))

    assert results(found) == ["kept", "refused"]
    assert "next visit" in found[1]["sentence"] or "Visit kit" in found[1]["sentence"]
