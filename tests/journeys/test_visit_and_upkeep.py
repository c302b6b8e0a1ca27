"""A closed visit is the visit that upkeep owed, one that upkeep made is none that the week asks for again, and whoever
goes to a customer has the service plan of that customer before the eyes.
"""

from __future__ import annotations

import copy
import datetime as dt
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import translation
from django.utils.html import escape

from zhike.customers import briefing
from zhike.customers.contacts import actions as contacts
from zhike.kernel import clock
from zhike.kernel.audit.models import Entry
from zhike.kernel.duties.models import Duty
from zhike.kernel.outbox import deliver
from zhike.kernel.worktime import calendars
from zhike.people.tests.factories import MONDAY, Cast
from zhike.people.tests.rules import in_force
from zhike.tracking import actions as tracking
from zhike.tracking.models import Plan
from zhike.tracking.wording import words_of
from zhike.visits import actions, cadence
from zhike.visits.tests.conftest import a_house
from zhike.visits.tests.factories import DAY, HOUR, a_closed_visit, a_shop, a_visit, fill


@pytest.fixture(scope="module")
def _house(django_db_setup: Any, django_db_blocker: Any) -> Iterator[Any]:
    with django_db_blocker.unblock(), transaction.atomic():
        found = a_house()
        for key in ("customer-grading", "customer-tracking", "relationship-upkeep"):
            in_force(found, key)
        yield found
        transaction.set_rollback(True)


@pytest.fixture(name="cast")
def _cast(_house: Any, db: Any) -> Iterator[Cast]:
    with clock.at(MONDAY):
        yield Cast(units=copy.deepcopy(_house.units), users=copy.deepcopy(_house.users))


@pytest.fixture
def shop(cast):
    """Under upkeep for ten days: a journal, a call and a visit are owed."""
    found = a_shop(cast)
    tracking.open_plans(customers=[found], by=cast.specialist.party, now=MONDAY - 10 * DAY)
    tracking.explain(customer=found, reason="出差", by=cast.specialist.party, now=MONDAY - DAY)
    return found


def owed(customer) -> dict[str, Duty]:
    rows = Duty.objects.open().filter(subject_label="tracking.Plan", subject_id=customer.pk)
    return {duty.kind: duty for duty in rows}


@pytest.mark.rule("R004-09", "S004-06")
def test_a_closed_visit_is_the_visit_that_was_owed_and_sets_the_next_one(cast, shop):
    before = owed(shop)
    assert set(before) == {"tracking.month", "tracking.phone", "tracking.visit"}

    a_closed_visit(cast, shop)
    deliver.run_once(MONDAY + HOUR)
    deliver.run_once(MONDAY + 2 * HOUR)

    done, after = Duty.objects.get(pk=before["tracking.visit"].pk), owed(shop)
    assert (done.state, done.done_at, done.done_by) == ("DONE", MONDAY, cast.specialist.party)
    # 180 and 90 days on, the Monday after a weekend
    assert calendars.local_day(after["tracking.visit"].due_at, shop.unit_id) == dt.date(2026, 9, 7)
    assert calendars.local_day(after["tracking.phone"].due_at, shop.unit_id) == dt.date(2026, 6, 8)
    assert after["tracking.month"].pk == before["tracking.month"].pk  # it waits for the decision on the grade
    assert Plan.objects.get(pk=shop.pk).silence == ""
    assert Entry.objects.filter(code="tracking.met").count() == 1


def test_a_customer_who_was_out_is_still_owed_the_visit(cast, shop):
    visit = a_visit(cast, shop)
    actions.host(visit=visit, absent=True, by=cast.specialist.party, now=MONDAY)
    fill(visit, cast.specialist.party, MONDAY)
    actions.close(visit=visit, by=cast.specialist.party, now=MONDAY)
    deliver.run_once(MONDAY + HOUR)

    assert owed(shop)["tracking.visit"].began_at == MONDAY - 10 * DAY


def test_a_visit_before_anything_was_owed_and_a_plan_at_rest_change_nothing(cast, shop):
    late = a_shop(cast, "城西便利店")
    a_closed_visit(cast, late)
    tracking.open_plans(customers=[late], by=cast.specialist.party, now=MONDAY + HOUR)
    tracking.rest(plan=Plan.objects.get(pk=shop.pk), reason="装修", by=cast.specialist.party, now=MONDAY)
    a_closed_visit(cast, shop)
    deliver.run_once(MONDAY + 2 * HOUR)

    assert owed(late)["tracking.visit"].began_at == MONDAY + HOUR
    assert owed(shop)["tracking.visit"].began_at == MONDAY - 10 * DAY


@pytest.mark.rule("R004-09", "S004-06")
def test_whom_upkeep_went_to_the_week_does_not_ask_for_again(cast, shop):
    def due(until: dt.date) -> list[cadence.Due]:
        return cadence.due([shop], unit=shop.unit_id, until=until)

    a_closed_visit(cast, shop, now=MONDAY - 20 * DAY)
    assert [one.on for one in due(MONDAY.date())] == [MONDAY.date() - 6 * DAY]  # two weeks

    contacts.record(customer=shop, way="PHONE", by=cast.specialist.party, now=MONDAY)
    assert len(due(MONDAY.date())) == 1
    contacts.record(customer=shop, way="VISIT", by=cast.specialist.party, now=MONDAY)

    assert due(MONDAY.date() + 13 * DAY) == []
    [again] = due(MONDAY.date() + 14 * DAY)
    assert (again.on, again.last_on) == (MONDAY.date() + 14 * DAY, MONDAY.date() - 20 * DAY)


@pytest.mark.rule("R002-134")
def test_whoever_goes_to_a_customer_sees_how_this_one_is_served(cast, shop):
    bare = a_visit(cast, a_shop(cast, "城西便利店"))
    words = words_of("MEASURES", shop.unit_id, MONDAY)[:2]
    tracking.serve(
        customer=shop, strategy="老客户,先听后讲", measures=[code for code, _label in words], valid_to=dt.date(2026, 12, 31),
        by=cast.specialist.party, now=MONDAY,
    )  # fmt: skip
    visit = a_visit(cast, shop)
    client = Client(headers={"accept-language": "en"})
    client.force_login(cast.specialist, backend="django.contrib.auth.backends.ModelBackend")
    with translation.override("en"):
        labels = ", ".join(label for _code, label in words_of("MEASURES", shop.unit_id, MONDAY)[:2])
    said = f"老客户,先听后讲 · {labels} · valid until 2026-12-31"

    page = client.get(reverse("visits:visit", args=[visit.pk])).content.decode()
    assert escape(said) in page
    assert reverse("tracking:work", args=[shop.pk]) in page
    assert "Service plan" not in client.get(reverse("visits:visit", args=[bare.pk])).content.decode()
    taken = client.get(reverse("visits:road:day")).json()["customers"]
    assert taken[str(shop.pk)]["notes"] == [["Service plan", said]]
    assert taken[str(bare.customer_id)]["notes"] == []
    assert client.get(reverse("tracking:work", args=[shop.pk])).status_code == 200


def test_more_service_plans_take_no_more_statements(cast, django_assert_num_queries):
    shops = [a_shop(cast, f"第{number}店") for number in range(3)]
    code = words_of("MEASURES", cast.south.pk, MONDAY)[0][0]
    for one in shops:
        tracking.serve(customer=one, strategy="勤走动", measures=[code], by=cast.specialist.party, now=MONDAY)
    with CaptureQueriesContext(connection) as alone:
        briefing.of([shops[0].pk], MONDAY)
    with django_assert_num_queries(len(alone)):
        assert len(briefing.of([one.pk for one in shops], MONDAY)) == 3
