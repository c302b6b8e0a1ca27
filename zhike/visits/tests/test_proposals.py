"""A proposal for a week: changed by hand, planned again, taken over in one step; the page that does it."""

from __future__ import annotations

import datetime as dt

import pytest
from django.test import Client
from django.urls import reverse

from zhike.kernel import clock
from zhike.kernel.audit.models import Entry
from zhike.people.tests.factories import MONDAY
from zhike.visits import actions
from zhike.visits.models import Routes, Visit, WeekPlan, Workday
from zhike.visits.planning import actions as planning

from .factories import DAY, HOUR, a_closed_visit
from .proposals import HOME, NEXT, a_plan, again, asked, key_of, names, page_of, placed, put, where, worked


@pytest.fixture(autouse=True)
def _short(monkeypatch):
    monkeypatch.setattr(planning, "SECONDS", 0.4)


# --- by hand


def test_what_was_put_stays_when_the_rest_is_planned_again(cast):
    shops = [placed(cast, f"店{n}", 0.01 * n) for n in range(5)]
    row = asked(cast, a_plan(cast, shops))

    put(row, "店3", NEXT + 4 * DAY)
    row = again(row)
    assert where(row, "店3") == NEXT + 4 * DAY
    put(row, "店2", "out")
    row = again(row)
    assert where(row, "店3") == NEXT + 4 * DAY
    assert [(one.one.customer.name, one.why) for one in page_of(row).left] == [("店2", "Taken out by hand.")]
    put(row, "店2", NEXT)
    assert where(again(row), "店2") == NEXT


def test_one_who_was_left_out_is_put_in_with_the_breach_and_the_cost(cast):
    shops = [
        placed(cast, "周日店", 0.05, hours="周日 9-12", minutes="60"),
        placed(cast, "周三店", weekdays="周三"),
    ]
    row = asked(cast, a_plan(cast, shops))
    assert where(row, "周日店") is None

    change = put(row, "周日店", NEXT)

    [one] = [one for day in page_of(row).days for one in day.rows if one.one.customer.name == "周日店"]
    assert one.breaches == ["closed on this day"]
    assert change["driving"] > 0
    row = again(row)
    assert where(row, "周日店") == NEXT
    put(row, "周三店", NEXT + DAY)
    [one] = [one for day in page_of(row).days for one in day.rows if one.one.customer.name == "周三店"]
    assert one.breaches == ["only on Wed"]


def test_overtime_and_closing_time_are_said(cast):
    shops = [placed(cast, "甲", minutes="230"), placed(cast, "乙", minutes="230"), placed(cast, "丙", minutes="120", hours="9-12")]  # fmt: skip
    row = asked(cast, a_plan(cast, shops))
    for name in ("甲", "乙"):
        put(row, name, NEXT)

    change = put(row, "丙", NEXT, at=2)

    # 08:30 to 17:30 with a break of an hour has 480 minutes; 580 are wanted
    assert change["overtime"] > 60 * 60
    rows = {one.one.customer.name: one for day in page_of(row).days for one in day.rows}
    assert "open 09:00–12:00" in rows["丙"].breaches
    assert page_of(row).overtime >= 60


def test_earlier_and_later_change_the_order(cast):
    shops = [placed(cast, name, weekdays="周一") for name in "甲乙丙"]
    row = asked(cast, a_plan(cast, shops))
    [first, second, third] = names(row)[NEXT]

    put(row, first, "later")
    assert names(row)[NEXT] == [second, first, third]
    put(row, third, "earlier")
    assert names(row)[NEXT] == [second, third, first]
    put(row, first, NEXT, at=0)
    assert names(row)[NEXT] == [first, second, third]
    put(row, first, "earlier")
    assert names(row)[NEXT] == [first, second, third]


def test_two_windows_do_not_overwrite_each_other(cast):
    row = asked(cast, a_plan(cast, [placed(cast, "甲店")]))
    other = Routes.objects.select_related("plan").get(pk=row.pk)
    put(row, "甲店", NEXT + DAY)

    with pytest.raises(actions.CannotVisit, match="changed meanwhile"):
        put(other, "甲店", NEXT + 2 * DAY)
    with pytest.raises(actions.CannotVisit, match="Nothing can be planned"):
        put(row, "甲店", NEXT + 5 * DAY)


# --- taking over


@pytest.mark.rule("R004-09")
def test_taking_over_is_one_step_with_one_row_in_the_trail(cast):
    shops = [placed(cast, f"店{n}", 0.01 * n) for n in range(4)]
    plan = a_plan(cast, shops[:2])
    row = asked(cast, plan)
    put(row, "店3", NEXT + 4 * DAY)
    put(row, "店0", "out")
    entries = Entry.objects.count()

    planning.accept(routes=row, by=cast.specialist.party, now=MONDAY)

    assert Entry.objects.count() == entries + 1
    entry = Entry.objects.latest("pk")
    assert entry.code == "visits.arranged"
    rows = list(plan.visits.order_by("planned_on", "order").select_related("customer"))
    assert {visit.customer.name for visit in rows} == {"店1", "店2", "店3"}
    assert next(visit for visit in rows if visit.customer.name == "店3").planned_on == NEXT + 4 * DAY
    assert all(visit.kind == "FIRST" and visit.focus for visit in rows)
    assert not Routes.objects.exists()


def test_a_plan_that_changed_meanwhile_is_not_overwritten(cast):
    plan = a_plan(cast, [placed(cast, "甲店"), placed(cast, "乙店", 0.02)])
    row = asked(cast, plan)
    visit = plan.visits.first()
    actions.move(visit=visit, on=NEXT + 4 * DAY, by=cast.specialist.party, now=MONDAY)
    before = list(plan.visits.values_list("pk", "planned_on", "order"))

    with pytest.raises(actions.CannotVisit, match="changed this plan meanwhile"):
        planning.accept(routes=row, by=cast.specialist.party, now=MONDAY)
    assert list(plan.visits.values_list("pk", "planned_on", "order")) == before


def test_of_a_set_plan_and_of_a_told_day_nothing_leaves(cast):
    told = placed(cast, "约店")
    a_closed_visit(cast, told, now=MONDAY)
    plan = a_plan(cast, [told, placed(cast, "甲店")])
    row = asked(cast, plan)
    for name in ("约店", "甲店"):
        put(row, name, "out")
    fates = {one.one.customer.name: one.fate for one in page_of(row).left}
    assert fates["甲店"] == "leaves the plan, stays due"
    assert fates["约店"].startswith("stays on Mon")

    actions.prepare(visit=plan.visits.get(customer=told), target="了解", focus="陈列", by=cast.specialist.party, now=MONDAY)  # fmt: skip
    planning.accept(routes=row, by=cast.specialist.party, now=MONDAY)
    assert plan.visits.get().customer == told

    plan.refresh_from_db()
    actions.set_plan(plan=plan, by=cast.specialist.party, now=MONDAY)
    row = asked(cast, plan)
    put(row, "约店", "out")
    planning.accept(routes=row, by=cast.specialist.party, now=MONDAY)
    assert plan.visits.get(customer=told).planned_on == NEXT
    assert plan.visits.filter(customer__name="甲店").exists()  # it stayed due


def test_of_two_workers_one_works_and_a_silent_search_is_taken_up_again(cast):
    plan = a_plan(cast, [placed(cast, "甲店")])
    row = planning.ask(plan=plan, by=cast.specialist.party, now=MONDAY, queue=lambda *a, **k: None)
    Routes.objects.filter(pk=row.pk).update(state="RUNNING", beat_at=MONDAY)

    planning.work_out(row.pk)
    row.refresh_from_db()
    assert row.state == "RUNNING"
    assert planning.given_up(row, MONDAY + HOUR)
    with clock.at(MONDAY + HOUR):
        planning.work_out(row.pk)
    row.refresh_from_db()
    assert row.state == "DONE"


@pytest.mark.parametrize("end", ["silent", "broken"])
def test_what_was_put_by_hand_outlives_a_worker_that_died(cast, end):
    shops = [placed(cast, f"店{n}", 0.01 * n) for n in range(4)]
    plan = a_plan(cast, shops)
    row = asked(cast, plan)
    put(row, "店3", NEXT + 4 * DAY)
    put(row, "店2", "out")
    planning.ask_again(routes=row, now=MONDAY, queue=lambda *a, **k: None)
    state = {"silent": {"state": "RUNNING", "beat_at": MONDAY}, "broken": {"state": "FAILED"}}[end]
    Routes.objects.filter(pk=row.pk).update(**state)
    late = Routes.objects.get(pk=row.pk)
    client = signed_in(cast.specialist)

    with clock.at(MONDAY + HOUR):
        page = client.get(url("routes", plan)).content.decode()
        assert ("What you put by hand stays." in page) == (end == "silent")
        client.post(url("ask", plan))
        planning._end(late, state="DONE", days={}, left={})  # the dead one comes back: it is not heard
        assert Routes.objects.get().state == "WAITING"
        row = worked(Routes.objects.get())

    assert where(row, "店3") == NEXT + 4 * DAY
    assert where(row, "店2") is None
    assert [one.why for one in page_of(row).left] == ["Taken out by hand."]
    planning.discard(routes=row)
    assert where(asked(cast, plan), "店2") is not None  # thrown away is thrown away


# --- the page


def signed_in(user) -> Client:
    client = Client(headers={"accept-language": "en"})
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


def url(name: str, plan: WeekPlan) -> str:
    return reverse(f"visits:planning:{name}", args=[plan.pk])


@pytest.mark.rule("S004-06")
def test_the_page_asks_shows_moves_and_takes_over(cast):
    shops = [placed(cast, f"店{n}", 0.01 * n) for n in range(3)]
    plan = a_plan(cast, shops[:2])
    client = signed_in(cast.specialist)
    assert url("routes", plan) in client.get(reverse("visits:plan", args=[plan.pk])).content.decode()

    client.post(url("ask", plan))
    assert "aria-busy" in client.get(url("routes", plan)).content.decode()
    row = worked(Routes.objects.get())
    text = client.get(url("routes", plan)).content.decode()
    assert all(f"店{n}" in text for n in range(3))
    assert "<polyline" in text
    assert "Everybody has a place." in text

    given = {"key": key_of(row, "店2"), "to": (NEXT + 4 * DAY).isoformat(), "revision": row.revision}
    answer = client.post(url("place", plan), given, headers={"hx-request": "true"})
    assert "店2: Friday, place 1." in answer.content.decode()
    stale = client.post(url("place", plan), given, headers={"hx-request": "true"})
    assert "changed meanwhile" in stale.content.decode()
    client.post(url("again", plan))
    worked(Routes.objects.get())
    answer = client.post(url("accept", plan))
    assert answer.url == reverse("visits:plan", args=[plan.pk])
    assert plan.visits.get(customer=shops[2]).planned_on == NEXT + 4 * DAY


def test_discarding_leaves_the_plan_alone(cast):
    plan = a_plan(cast, [placed(cast, "甲店")])
    before = list(plan.visits.values())
    asked(cast, plan)
    client = signed_in(cast.specialist)

    client.post(url("discard", plan))

    assert not Routes.objects.exists()
    assert list(plan.visits.values()) == before
    assert client.post(url("accept", plan)).status_code == 404


def test_nobody_plans_for_another_without_the_power(cast):
    plan = a_plan(cast, [placed(cast, "甲店")])

    colleague = signed_in(cast.taker)
    for name in ("routes", "workday"):
        assert colleague.get(url(name, plan)).status_code == 403
    for name in ("ask", "place", "again", "accept", "discard"):
        assert colleague.post(url(name, plan)).status_code == 403
    assert signed_in(cast.stranger).get(url("routes", plan)).status_code == 404

    leader = signed_in(cast.manager)
    leader.post(url("ask", plan))
    row = worked(Routes.objects.get())
    assert row.asked_by == cast.manager.party
    # the proposal of one person is not the other's
    assert "aria-busy" not in signed_in(cast.specialist).get(url("routes", plan)).content.decode()
    assert signed_in(cast.specialist).post(url("accept", plan)).status_code == 404


def test_what_the_person_may_not_see_is_neither_shown_nor_moved(cast):
    secret, shop = placed(cast, "密店"), placed(cast, "甲店")
    plan = a_plan(cast, [secret, shop])
    Visit.objects.filter(customer=secret).update(secrecy=9)
    secret.secrecy = 9
    secret.save()
    Visit.objects.filter(customer=secret).update(manager=cast.specialist.party)
    before = Visit.objects.get(customer=secret)
    row = worked(planning.ask(plan=plan, by=cast.manager.party, now=MONDAY, queue=lambda *a, **k: None))

    assert {name for found in names(row).values() for name in found} == {"甲店"}
    planning.accept(routes=row, by=cast.manager.party, now=MONDAY)
    after = Visit.objects.get(customer=secret)
    assert (after.planned_on, after.order, after.revision) == (before.planned_on, before.order, before.revision)  # fmt: skip


def test_the_day_of_a_person_is_kept(cast):
    plan = a_plan(cast, [])
    client = signed_in(cast.specialist)

    half = client.post(url("workday", plan), {"latitude": "30.5"})
    assert "go together" in half.content.decode()
    client.post(url("workday", plan), {"latitude": HOME[0], "longitude": HOME[1], "begins": "09:00"})

    day = Workday.objects.get()
    assert (day.manager, day.begins, day.ends) == (cast.specialist.party, dt.time(9), None)
