"""A day of 20 visits with 40 photos over a bad network: nothing is lost and nothing is there twice."""

from __future__ import annotations

import datetime as dt
import json
import random
from collections import Counter

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from zhike.customers.models import Interaction
from zhike.kernel.records import attachments
from zhike.people.tests.factories import MONDAY
from zhike.visits import actions
from zhike.visits.models import Finding, Guidance, SyncEntry, Visit, VisitPhoto

from . import day
from .factories import HOUR, PNG, a_shop

VISITS, PHOTOS = 20, 40


def picture(number: int) -> bytes:
    return PNG + number.to_bytes(4, "big") + b"\0" * 60


def send(client, piece) -> Counter:
    files = {
        entry["uid"]: SimpleUploadedFile("p.png", entry["file"], "image/png")
        for entry in piece
        if "file" in entry
    }
    told = json.dumps([{key: value for key, value in entry.items() if key != "file"} for entry in piece])
    answer = client.post(reverse("visits:road:send"), {"entries": told, **files})
    results = answer.json()["results"]
    assert [one["uid"] for one in results] == [entry["uid"] for entry in piece]
    return Counter(one["result"] for one in results)


@pytest.mark.rule("S004-09", "R004-24")
def test_a_day_of_20_visits_with_40_photos_arrives_whole_and_once(cast, as_):
    visits = [
        actions.add(
            manager=cast.specialist.party, customer=a_shop(cast, f"第{number}便利店"), on=MONDAY.date(),
            by=cast.specialist.party, now=MONDAY - HOUR,
        )
        for number in range(VISITS)
    ]  # fmt: skip
    client, dice = as_("specialist"), random.Random(20)
    made = day.entries(visits, MONDAY - 10 * HOUR, picture, photos=PHOTOS // VISITS)
    pieces = list(day.pieces(made))
    assert max(map(len, pieces)) == day.AT_ONCE

    found: Counter = Counter()
    for place, piece in enumerate(pieces):
        found += send(client, piece)
        if dice.random() < 0.4:  # the answer did not come back: the same piece, and the one before, once more
            again = send(client, piece) + (send(client, pieces[place - 1]) if place else Counter())
            assert set(again) == {"known"}

    assert found == {"kept": len(made)}
    assert SyncEntry.objects.count() == len(made)
    assert Counter(Visit.objects.filter(planned_on=MONDAY.date()).values_list("state", flat=True)) == {
        "CLOSED": VISITS
    }
    assert Interaction.objects.count() == VISITS
    assert Visit.objects.filter(state="PLANNED").count() == VISITS  # the next ones
    for kind, model in (("note_finding", Finding), ("guide", Guidance)):
        sent = Counter(entry["visit"] for entry in made if entry["kind"] == kind)
        rows = model.objects.exclude(text="") if model is Finding else model.objects.all()
        assert Counter(str(row.visit.uid) for row in rows.select_related("visit")) == sent
    kept = VisitPhoto.objects.select_related("visit", "attachment")
    assert {(str(row.visit.uid), attachments.open_file(row.attachment).read()) for row in kept} == {
        (entry["visit"], entry["file"]) for entry in made if entry["kind"] == "photo"
    }
    assert kept.count() == PHOTOS
    signed = {
        (str(row.uid), attachments.open_file(row.signature).read())
        for row in Visit.objects.exclude(signature=None)
    }
    assert signed == {(entry["visit"], entry["file"]) for entry in made if entry["kind"] == "sign"}
    arrived = {entry["visit"]: entry["made_at"] for entry in made if entry["kind"] == "arrive"}
    for row in Visit.objects.exclude(arrived_at=None):
        assert row.arrived_at == dt.datetime.fromisoformat(arrived[str(row.uid)])
