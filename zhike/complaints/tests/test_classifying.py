"""A complaint that waits to be classified is classified in one step; papers keep what belongs to them."""

import datetime as dt
from decimal import Decimal

import pytest

from zhike.complaints import actions, queries, source_fields
from zhike.complaints.access import scope
from zhike.kernel.procedures.stages import WrongStage
from zhike.people.tests.factories import MONDAY

from .factories import a_complaint, browser

pytestmark = pytest.mark.django_db
TODAY = dt.date(2026, 3, 9)


def test_classifying_asks_the_manual_again_with_the_circumstances_of_the_item(people):
    case = a_complaint(people)
    assert (case.item, case.circumstances) == ("", [])

    actions.classify(complaint=case, item="EXPIRED", value=Decimal(36), by=people.taker.party, now=MONDAY)

    case.refresh_from_db()
    assert (case.item, case.value, case.clause) == ("EXPIRED", Decimal(36), "三(五)1")
    assert case.circumstances == a_complaint(people, item="EXPIRED").circumstances != []
    assert case.handler == people.store_manager.party


def test_circumstances_that_somebody_chose_are_kept(people):
    case = a_complaint(people, circumstances=["INSISTS_ON_MANAGER"])

    actions.classify(complaint=case, item="EXPIRED", by=people.taker.party, now=MONDAY)

    assert case.circumstances == ["INSISTS_ON_MANAGER"]


@pytest.mark.parametrize("item", ["", "NOTHING_OF_THE_KIND"])
def test_an_unknown_item_is_refused(people, item):
    case = a_complaint(people)

    with pytest.raises(actions.CannotHandOver):
        actions.classify(complaint=case, item=item, by=people.taker.party, now=MONDAY)

    case.refresh_from_db()
    assert case.item == ""


def test_of_two_who_classify_at_once_one_is_told(people):
    first, second = [a_complaint(people)] * 2
    second = type(first).objects.get(pk=first.pk)
    actions.classify(complaint=first, item="EXPIRED", by=people.taker.party, now=MONDAY)

    with pytest.raises(WrongStage):
        actions.classify(complaint=second, item="CASHIER", by=people.manager.party, now=MONDAY)


def test_the_page_classifies_and_the_list_and_today_no_longer_ask(people):
    case = a_complaint(people)
    client = browser(people.taker)
    assert queries.waiting_to_be_classified(scope(people.taker)) == 1
    assert 'id="classify"' in client.get(f"/complaints/{case.pk}/").content.decode()
    assert "item=-&amp;state=open" in client.get("/").content.decode()

    missing = client.post(f"/complaints/{case.pk}/classify/", {"item": ""})
    done = client.post(f"/complaints/{case.pk}/classify/", {"item": "EXPIRED", "value": "36"})

    assert (missing.status_code, done.status_code) == (200, 302)
    assert queries.waiting_to_be_classified(scope(people.taker)) == 0
    assert 'id="classify"' not in client.get(f"/complaints/{case.pk}/").content.decode()
    assert "item=-&amp;state=open" not in client.get("/").content.decode()


def test_a_classified_case_is_not_classified_again(people):
    case = a_complaint(people, item="CASHIER")

    browser(people.taker).post(f"/complaints/{case.pk}/classify/", {"item": "EXPIRED"})

    case.refresh_from_db()
    assert case.item == "CASHIER"


GIVEN = {
    "source_number": "021-5555",
    "source_post_address": "上海路 1 号",
    "source_medium": "晚报",
    "source_published_on": TODAY,
    "source_link": "https://news.example/1",
    "source_received_at": MONDAY,
}


@pytest.mark.parametrize(
    ("channel", "kept"),
    [
        ("FAX", {"number", "received_at"}),
        ("LETTER", {"post_address", "received_at"}),
        ("MEDIA", {"medium", "published_on", "link"}),
        ("COUNTER", set()),
    ],
)
def test_each_channel_keeps_what_belongs_to_it(channel, kept):
    cleaned = {**GIVEN, "text": "x"}

    stored, wrong = source_fields.taken_from(cleaned, channel, MONDAY, TODAY)

    assert (set(stored), wrong) == (kept, {})
    assert cleaned == {"text": "x"}


def test_a_news_item_names_its_medium_and_nothing_lies_in_the_future():
    second = dt.timedelta(seconds=1)

    _stored, nameless = source_fields.taken_from({}, "MEDIA", MONDAY, TODAY)
    _stored, early = source_fields.taken_from(
        {"source_medium": "晚报", "source_published_on": TODAY + dt.timedelta(days=1)}, "MEDIA", MONDAY, TODAY
    )
    _stored, late = source_fields.taken_from({"source_received_at": MONDAY + second}, "FAX", MONDAY, TODAY)

    assert (set(nameless), set(early), set(late)) == (
        {"source_medium"},
        {"source_published_on"},
        {"source_received_at"},
    )


def test_a_letter_is_registered_with_its_sender_and_shown(people):
    client = browser(people.taker)
    form = {
        "unit": people.south.pk,
        "channel": "LETTER",
        "text": "收银多收 36 元",
        "source_post_address": "上海路 1 号",
        "source_received_at": "2026-03-09T08:30",
        "source_number": "021-5555",
    }

    assert client.post("/complaints/new/", form).status_code == 302

    case = queries.complaints(scope(people.taker)).get(channel="LETTER")
    assert set(case.source) == {"post_address", "received_at"}
    page = client.get(f"/complaints/{case.pk}/").content.decode()
    assert "上海路 1 号" in page
    assert "2026-03-09 08:30" in page
