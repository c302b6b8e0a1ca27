"""The page on the phone: what it takes along is the person's own, and what it sends is believed entry by entry."""

from __future__ import annotations

import json
import re
import uuid
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from zhike.people.tests.factories import MONDAY
from zhike.visits import actions, demands, rules
from zhike.visits.models import SyncEntry, Visit
from zhike.visits.road import snapshot, views, words

from .factories import HOUR, MINUTE, a_shop, a_visit, picture

JS = Path(__file__).parent.parent / "static" / "visits" / "js"


def signed_in(user) -> Client:
    client = Client(headers={"accept-language": "en"})
    client.force_login(user)
    return client


def a_plan(cast, name: str = "城东便利店") -> Visit:
    return actions.add(
        manager=cast.specialist.party, customer=a_shop(cast, name), on=MONDAY.date(),
        by=cast.specialist.party, now=MONDAY - HOUR,
    )  # fmt: skip


def day(user) -> dict:
    return signed_in(user).get(reverse("visits:road:day")).json()


def send(user, *entries, **files):
    given = {"entries": json.dumps(entries), **files}
    return signed_in(user).post(reverse("visits:road:send"), given)


def an_entry(visit: Visit, verb: str, /, **data) -> dict:
    made = (MONDAY - 5 * MINUTE).isoformat()
    return {
        "uid": str(uuid.uuid4()),
        "visit": str(visit.uid),
        "kind": verb,
        "data": data,
        "made_at": made,
        "offset": 0,
    }


@pytest.mark.rule("S004-09")
def test_the_phone_takes_along_the_own_visits_and_nobody_elses(cast):
    mine = a_plan(cast)
    a_visit(cast, a_shop(cast, "湖滨烟酒行"))
    Visit.objects.exclude(pk=mine.pk).update(manager=cast.supervisor.party)

    found = day(cast.specialist)

    assert [visit["uid"] for visit in found["visits"]] == [str(mine.uid)]
    assert found["me"] == {"party": cast.specialist.party.pk, "name": cast.specialist.party.name}
    assert found["customers"][str(mine.customer_id)]["name"] == "城东便利店"
    assert day(cast.stranger)["visits"] == []
    assert str(mine.customer_id) not in day(cast.stranger)["customers"]


@pytest.mark.parametrize(
    ("count", "said"), [(2, ""), (3, "Only the first 2 of your customers are on the phone")]
)
def test_a_phone_that_does_not_hold_all_customers_says_so(cast, monkeypatch, count, said):
    monkeypatch.setattr(snapshot, "CUSTOMERS", 2)
    for number in range(count):
        a_shop(cast, f"店{number}")

    found = snapshot.of(cast.specialist, MONDAY)

    assert len(found["customers"]) == 2
    assert found["cut"].startswith(said)
    assert bool(found["cut"]) == bool(said)


def test_more_visits_take_no_more_statements(cast, django_assert_max_num_queries):
    a_plan(cast)
    day(cast.specialist)
    with CaptureQueriesContext(connection) as one:
        day(cast.specialist)
    for number in range(4):
        a_plan(cast, f"第{number}便利店")
    with django_assert_max_num_queries(len(one)):
        day(cast.specialist)


@pytest.mark.rule("T004-04", "R004-24")
@pytest.mark.parametrize("kind", Visit.Kind.values)
@pytest.mark.parametrize("absent", [False, True])
def test_the_phone_asks_for_what_the_server_asks_for(cast, kind, absent):
    visit = a_plan(cast)
    asked = demands.of(Visit(kind=kind, is_absent=absent), rules.rules_at(visit.unit_id, MONDAY))

    told = day(cast.specialist)["rules"][str(visit.unit_id)]["demands"][f"{kind}|{absent:d}"]

    assert [one["key"] for one in told] == [one.key for one in asked]
    # every demand has its field and its check on the phone
    for script, mark in (("missing.js", "const lacking = {"), ("steps.js", "const widgets = {")):
        known = re.findall(r"^  ([A-Z_]+): ", (JS / script).read_text("utf-8").split(mark)[1], re.MULTILINE)
        assert {one.code for one in asked} - {"PLACE", "DECIDES", "PHOTO"} <= set(known)


@pytest.mark.rule("R004-15")
def test_one_greets_before_anything_else_and_has_words_for_it(cast):
    visit = a_visit(cast)
    told = day(cast.specialist)["rules"][str(visit.unit_id)]
    assert [code for code, _label in told["words"]["问候语"]] == ["HELLO", "MORNING", "FESTIVAL", "BUSINESS"]

    def lacking() -> list[str]:
        return [one.key for one in demands.missing(visit, rules.rules_at(visit.unit_id, MONDAY))]

    assert "CHECKS:打招呼" in lacking()
    actions.check(visit=visit, list="打招呼", answers={"SMILE": True}, by=cast.specialist.party, now=MONDAY)
    assert "CHECKS:打招呼" not in lacking()


@pytest.mark.rule("T004-03", "R004-18")
def test_the_phone_says_of_a_problem_what_the_server_will_say(cast):
    visit = a_plan(cast)
    ruled = day(cast.specialist)["rules"][str(visit.unit_id)]["problems"]

    assert ruled["1100"]["codes"] == ["SOLVE"]
    assert ruled["1100"]["reply"] is False
    assert ruled["0000"]["codes"] == ["WEEKLY"]
    assert ruled["0000"]["reply"] is True
    assert "REPORT" in ruled["0010"]["codes"]
    assert "COORDINATE" in ruled["1001"]["codes"]


def test_what_is_sent_is_answered_entry_by_entry(cast):
    visit = a_plan(cast)
    start, photo = an_entry(visit, "start"), an_entry(visit, "photo", kind="FRONT", name="front.png")
    bad = an_entry(visit, "fly")

    answer = send(cast.specialist, start, photo, bad, **{photo["uid"]: picture("front")})

    assert [one["result"] for one in answer.json()["results"]] == ["kept", "kept", "refused"]
    assert visit.photos.count() == 1
    again = send(cast.specialist, start, photo, **{photo["uid"]: picture("front")})
    assert [one["result"] for one in again.json()["results"]] == ["known", "known"]
    assert SyncEntry.objects.count() == 3


def test_a_stranger_sends_nothing_to_a_visit_of_others(cast):
    visit = a_plan(cast)

    [result] = send(cast.stranger, an_entry(visit, "start")).json()["results"]

    assert result["result"] == "refused"
    visit.refresh_from_db()
    assert visit.state == Visit.State.PLANNED


@pytest.mark.parametrize("sent", ["", "nonsense", '{"uid": 1}', "[1, 2]"])
def test_what_cannot_be_read_gets_a_sentence(cast, sent):
    answer = signed_in(cast.specialist).post(reverse("visits:road:send"), {"entries": sent})

    assert answer.status_code == 400
    assert answer.json()["sentence"] == "What was sent cannot be read."


def test_the_page_takes_every_file_and_every_word_along():
    assert [name for name in views.ASSETS if finders.find(name) is None] == []
    spoken = {
        word
        for script in JS.glob("*.js")
        for word in re.findall(r'\bt\("([^"]+)"', script.read_text("utf-8"))
    }
    assert spoken - set(words.WORDS) == set()
    modules = {f"visits/js/{script.name}" for script in JS.glob("*.js")}
    assert modules <= set(views.ASSETS)


def test_the_worker_keeps_the_page_and_no_data(cast):
    a_plan(cast)
    worker = Client().get(reverse("visits:road:worker"))
    page = signed_in(cast.specialist).get(reverse("visits:road:page")).content.decode()

    assert worker["Content-Type"] == "text/javascript"
    assert reverse("visits:road:page") in worker.content.decode()
    assert reverse("visits:road:day") not in worker.content.decode()
    assert "城东便利店" not in page
