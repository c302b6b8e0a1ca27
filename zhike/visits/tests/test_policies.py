"""The policies of the month are shown before a visit, and a tick is a true receipt of reading (R002-110)."""

from __future__ import annotations

import datetime as dt
import uuid

import pytest
from django.urls import reverse

from zhike.kernel.duties.models import Duty
from zhike.manuals.information import actions as information
from zhike.manuals.information.models import Information, Receipt
from zhike.people.tests.factories import MONDAY
from zhike.people.tests.rules import in_force
from zhike.visits import actions, demands, questions, rules
from zhike.visits.models import Given, Visit

from .factories import DAY, HOUR, MINUTE, a_shop, a_visit


@pytest.fixture
def house(cast):
    in_force(cast, "work-platform", "客户经理工作平台管理办法")
    return cast


def an_item(cast, title="三月销售政策", kind="MONTH_POLICY", at=MONDAY - DAY, **more) -> Information:
    given = {"valid_from": dt.date(2026, 3, 1), "valid_to": dt.date(2026, 3, 31), "unit": cast.mall} | more
    by = cast.general_manager.party
    row = information.draft(kind=kind, title=title, body="整箱让利两个点", by=by, now=at, **given)
    return information.publish(item=row, by=by, now=at)


def by_customer_visits(cast) -> Visit:
    """Of the north store, whose regulation makes the policies a condition."""
    return a_visit(cast, a_shop(cast, "北苑商行", unit=cast.north))


def lacks_policies(visit: Visit) -> bool:
    found = demands.missing(visit, rules.rules_at(visit.unit_id, MONDAY))
    return "POLICY_READ" in {one.key for one in found}


@pytest.mark.rule("R002-110")
def test_nothing_is_confirmed_while_a_policy_is_unread(house):
    first, second = an_item(house), an_item(house, "春季促销", "PROMOTION")
    an_item(house, "价签到货", "SUPPLY")  # service information, no policy
    an_item(house, "二月政策", valid_to=dt.date(2026, 3, 8))  # over
    an_item(house, "北苑店政策", unit=house.north)  # of another store
    visit = by_customer_visits(house)
    given = {"visit": visit, "by": house.specialist.party, "now": MONDAY}

    with pytest.raises(actions.CannotVisit, match=r"^Read first: 春季促销, 三月销售政策\.$"):
        actions.prepare(**given, policy_read=True)
    assert lacks_policies(visit)
    actions.prepare(**given, policies=[first.pk])
    assert list(Receipt.objects.values_list("item", "party", "read_at")) == [
        (first.pk, house.specialist.pk, MONDAY)
    ]
    with pytest.raises(actions.CannotVisit, match=r"^Read first: 春季促销\.$"):
        actions.prepare(**given, policy_read=True)

    actions.prepare(**given, policies=[second.pk], policy_read=True)

    assert visit.policy_read_at == MONDAY
    assert not lacks_policies(visit)


@pytest.mark.rule("R002-110", "S004-04")
def test_a_tick_discharges_what_is_owed_to_be_read(house):
    notice = an_item(house, "盘点通知", "NOTICE")
    mine = Duty.objects.open().filter(owner=house.specialist.party, kind="information.read")
    assert mine.count() == 1

    actions.prepare(
        visit=a_visit(house), policies=[notice.pk], by=house.specialist.party, now=MONDAY, at=MONDAY - HOUR
    )

    assert mine.count() == 0
    assert Receipt.objects.get().read_at == MONDAY - HOUR


def test_nobody_reads_for_the_visitor(house):
    item = an_item(house)

    with pytest.raises(actions.CannotVisit, match="Only the visitor"):
        actions.prepare(visit=a_visit(house), policies=[item.pk], by=house.supervisor.party, now=MONDAY)
    assert not Receipt.objects.exists()


@pytest.mark.rule("R002-110")
def test_the_phone_takes_the_texts_along_and_its_tick_holds_for_what_it_could_show(house, as_):
    visit = by_customer_visits(house)
    first = an_item(house)
    taken = as_("specialist").get(reverse("visits:road:day")).json()
    assert taken["policies"] == [
        {"id": first.pk, "title": "三月销售政策", "kind": "Sales policy of the month", "body": "整箱让利两个点", "read": False}
    ]  # fmt: skip
    later = an_item(house, "下午才发的政策", at=MONDAY + HOUR)

    def tick(seen, **data):
        entry = {
            "uid": str(uuid.uuid4()), "visit": str(visit.uid), "kind": "prepare", "offset": 0,
            "made_at": (MONDAY + 2 * HOUR).isoformat(), "data": {"policy_read": True, "seen": seen, **data},
        }  # fmt: skip
        now = MONDAY + 2 * HOUR + MINUTE
        return actions.sync(entries=[entry], by=house.specialist.party, now=now)[0]

    assert tick(taken["now"])["result"] == "refused"
    assert (
        tick((MONDAY + 2 * HOUR).isoformat(), policies=[first.pk])["sentence"]
        == "Read first: 下午才发的政策."
    )
    assert tick(taken["now"], policies=[first.pk])["result"] == "kept"

    visit.refresh_from_db()
    assert visit.policy_read_at == MONDAY + 2 * HOUR
    assert list(Receipt.objects.values_list("item", flat=True)) == [first.pk]
    assert not later.receipts.exists()
    again = as_("specialist").get(reverse("visits:road:day")).json()["policies"]
    assert {one["id"]: one["read"] for one in again} == {first.pk: True, later.pk: False}


@pytest.mark.rule("R002-110", "R004-14")
def test_the_page_of_the_visit_shows_them_and_takes_the_ticks(house, as_):
    first, second = an_item(house), an_item(house, "春季促销", "PROMOTION")
    visit = by_customer_visits(house)
    client, address = as_("specialist"), reverse("visits:visit", args=[visit.pk])
    page = client.get(address).content.decode()
    assert "整箱让利两个点" in page
    assert page.count('name="policies"') == 2

    client.post(reverse("visits:do", args=[visit.pk, "policies"]), {"policies": [first.pk]})
    visit.refresh_from_db()
    assert visit.policy_read_at is None
    assert client.get(address).content.decode().count('name="policies"') == 1
    client.post(reverse("visits:do", args=[visit.pk, "policies"]), {"policies": [second.pk]})

    visit.refresh_from_db()
    assert visit.policy_read_at == MONDAY
    assert Receipt.objects.filter(party=house.specialist.party).count() == 2
    assert 'name="policies"' not in as_("supervisor").get(address).content.decode()


def test_what_is_told_is_an_item_that_was_sent_to_this_person(house):
    visit = a_visit(house, a_shop(house, "城东便利店"))
    told = an_item(house)
    [topic, *_rest] = rules.rules_at(visit.unit_id, MONDAY).words(questions.GIVEN["INFO"])
    given = {"visit": visit, "group": "INFO", "topic": topic[0], "by": house.specialist.party, "now": MONDAY}

    row = actions.give(**given, item_id=told.pk)
    assert row.item == told
    for unknown in (told.pk + 1000, an_item(house, unit=house.north).pk):
        with pytest.raises(actions.CannotVisit, match="This information is not for you"):
            actions.give(**given, item_id=unknown)
    assert Given.objects.count() == 1
