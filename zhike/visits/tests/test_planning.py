"""The week by routes: what is proposed and why not, put by hand, planned again, taken over in one step."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from zhike.customers.dossier import actions as dossier
from zhike.customers.dossier.hours import read_hours, read_minutes, read_weekdays
from zhike.kernel import clock
from zhike.kernel.audit.models import Entry
from zhike.people.tests.factories import MONDAY
from zhike.visits import access, actions
from zhike.visits.models import Routes, Visit, WeekPlan, Workday
from zhike.visits.planning import actions as planning
from zhike.visits.planning import showing, task

from .factories import DAY, HOUR, a_closed_visit, a_shop

NEXT = MONDAY.date() + 7 * DAY
HOME = ("30.55000", "114.30000")


@pytest.fixture(autouse=True)
def _short(monkeypatch):
    monkeypatch.setattr(planning, "SECONDS", 0.4)


def placed(cast, name: str, east: float = 0.0, **facts: str):
    """A shop so many hundredths of a degree east of where the day begins, with facts of its file."""
    shop = a_shop(cast, name)
    dossier.add_address(
        customer=shop, text=f"{name}路1号", by=cast.specialist.party, now=MONDAY,
        latitude=Decimal(HOME[0]), longitude=Decimal(HOME[1]) + Decimal(str(east)),
    )  # fmt: skip
    for field, value in facts.items():
        dossier.learn(
            customer=shop, field=f"visit.{field}", value=value, source="VISIT", by=cast.specialist.party, now=MONDAY
        )  # fmt: skip
    return shop


def a_plan(cast, customers, by=None) -> WeekPlan:
    me = cast.specialist.party
    return actions.plan_week(
        manager=me, unit=cast.south.pk, monday=NEXT, by=by or me, now=MONDAY, customers=customers
    )


def asked(cast, plan, **more) -> Routes:
    row = planning.ask(plan=plan, by=cast.specialist.party, now=MONDAY, queue=lambda *a, **k: None, **more)
    return worked(row)


def worked(row: Routes) -> Routes:
    planning.work_out(row.pk)
    row = Routes.objects.select_related("plan").get(pk=row.pk)
    assert row.state == "DONE", row.problem
    return row


def again(row: Routes) -> Routes:
    planning.ask_again(routes=row, now=MONDAY, queue=lambda *a, **k: None)
    return worked(row)


def page_of(row: Routes) -> showing.Shown:
    return showing.shown(planning.task_of(row, MONDAY), row)


def names(row: Routes) -> dict[dt.date, list[str]]:
    return {day.day: [one.one.customer.name for one in day.rows] for day in page_of(row).days if day.rows}


def where(row: Routes, name: str) -> dt.date | None:
    return next((day for day, found in names(row).items() if name in found), None)


def key_of(row: Routes, name: str) -> int:
    found = planning.task_of(row, MONDAY).wanted
    return next(key for key, one in found.items() if one.customer.name == name)


def put(row: Routes, name: str, to: Any, at: int | None = None) -> dict[str, int]:
    to = to if isinstance(to, str) else to.isoformat()
    return planning.place(routes=row, key=key_of(row, name), to=to, at=at, now=MONDAY)[1]


# --- what is read from the file


@pytest.mark.parametrize(
    ("text", "monday", "saturday"),
    [
        ("08:30-12:00 14:00-18:00", [(8.5, 12), (14, 18)], [(8.5, 12), (14, 18)]),
        ("周一至周五 9:00-17:30;周六 9-12", [(9, 17.5)], [(9, 12)]),
        ("Mon-Fri 09:00-17:30; Sat closed", [(9, 17.5)], None),
        ("周六休息", [(0, 24)], None),
        ("每天 8点–21点", [(8, 21)], [(8, 21)]),
        ("周一、周三:9:00-11:30、14:00-17:00", [(9, 11.5), (14, 17)], None),
    ],
)
def test_opening_hours_are_read_as_people_write_them(text, monday, saturday):
    found = {
        day: [(opens / 3600, closes / 3600) for opens, closes in spans]
        for day, spans in read_hours(text).items()
    }

    assert found.get(0) == monday
    assert found.get(5) == saturday


@pytest.mark.parametrize("text", ["下午", "18-9", "周一", "9-12 11-13", "25:00-26:00", ""])
def test_what_is_no_opening_hours_is_refused(cast, text):
    with pytest.raises(ValueError, match="Opening hours such as"):
        read_hours(text)
    if text:
        with pytest.raises(dossier.CannotLearn, match="Opening hours such as"):
            placed(cast, "甲店", hours=text)


def test_weekdays_and_minutes_are_read(cast):
    assert read_weekdays("周二、周五") == {1, 4}
    assert read_weekdays("Fri to Mon") == {4, 5, 6, 0}
    assert read_minutes("45分钟") == 45
    for read, text in ((read_weekdays, "often"), (read_minutes, "0"), (read_minutes, "481")):
        with pytest.raises(ValueError, match=r"such as|from 1"):
            read(text)


# --- the proposal


@pytest.mark.rule("R004-09", "S004-06")
def test_planned_and_due_visits_get_days_and_the_plan_stays_as_it_was(cast):
    shops = [placed(cast, f"店{n}", 0.01 * n) for n in range(6)]
    plan = a_plan(cast, shops[:4])
    before = list(plan.visits.values_list("pk", "planned_on", "order", "revision"))

    row = asked(cast, plan)

    assert sorted(name for found in names(row).values() for name in found) == [f"店{n}" for n in range(6)]
    assert row.left == {}
    assert list(plan.visits.values_list("pk", "planned_on", "order", "revision")) == before
    plan.refresh_from_db()
    assert plan.revision == row.seen


@pytest.mark.rule("R004-09")
def test_hours_weekdays_minutes_and_the_end_of_work_are_kept(cast):
    shops = [
        placed(cast, "早店", hours="08:30-09:30"),
        placed(cast, "周三店", 0.02, weekdays="周三"),
        placed(cast, "久店", 0.01, minutes="200"),
    ]
    row = asked(cast, a_plan(cast, shops))

    shown = page_of(row)
    calls = {one.one.customer.name: (day.day, one.call) for day in shown.days for one in day.rows}
    assert calls["早店"][1].leaves <= 9.5 * 3600
    assert calls["周三店"][0] == NEXT + 2 * DAY
    assert calls["久店"][1].leaves - calls["久店"][1].begins == 200 * 60
    assert all(one.breaches == [] for day in shown.days for one in day.rows)
    assert shown.overtime == 0


def test_minutes_come_from_the_regulation_by_class_and_kind(cast):
    plan = a_plan(
        cast, [placed(cast, "新店"), a_shop(cast, "核心店", "CORE"), a_shop(cast, "一般店", "ORDINARY")]
    )
    Visit.objects.exclude(customer__name="新店").update(kind="PLANNED")

    found = task.gather(plan, access.scope(cast.specialist), MONDAY)

    assert {one.customer.name: one.service // 60 for one in found.wanted.values()} == {
        "新店": 30, "核心店": 25, "一般店": 15,
    }  # fmt: skip
    assert (found.travel.speed, found.travel.detour, found.travel.parking) == (25, 1.3, 180)


def test_a_day_that_was_told_and_an_agreed_time_stand_fast(cast):
    told, agreed = placed(cast, "约店"), placed(cast, "定店", 0.03)
    a_closed_visit(cast, told, now=MONDAY)  # the next date is a week later, on the Monday of the plan
    plan = a_plan(cast, [told])
    actions.add(
        manager=cast.specialist.party, customer=agreed, on=NEXT + 3 * DAY, at=dt.time(14), by=cast.specialist.party,
        now=MONDAY,
    )  # fmt: skip
    for n in range(5):
        placed(cast, f"店{n}", 0.03)
    row = asked(cast, plan)

    assert where(row, "约店") == NEXT
    assert where(row, "定店") == NEXT + 3 * DAY
    [one] = [one for day in page_of(row).days for one in day.rows if one.one.customer == agreed]
    assert 14 * 3600 <= one.call.begins <= 14.25 * 3600
    put(row, "约店", NEXT + DAY)
    [one] = [one for day in page_of(row).days for one in day.rows if one.one.customer == told]
    assert one.breaches == [f"told for {showing.date_format(NEXT, 'D m-d')}"]


def test_who_is_left_out_is_told_in_one_sentence(cast):
    shops = [
        placed(cast, "周日店", hours="周日 9-12"),
        placed(cast, "短店", hours="9:00-9:10"),
        placed(cast, "远店", 5.0),
        placed(cast, "长店", minutes="300", weekdays="周一"),
        placed(cast, "另一长店", minutes="240", weekdays="周一"),
    ]
    row = asked(cast, a_plan(cast, shops))

    why = {one.one.customer.name: one.why for one in page_of(row).left}
    assert why.pop("周日店").startswith("Not open")
    assert "shorter than the visit of 30 minutes" in why.pop("短店")
    assert why.pop("远店").startswith("Too far")
    # 300 minutes fit into no half of a working day with a break, 240 do
    assert "shorter than the visit of 300 minutes" in why.pop("长店")
    assert why == {}


def test_a_full_day_leaves_out_who_waits_least(cast, monkeypatch):
    monkeypatch.setattr("zhike.kernel.policy.regulation.Regulation.figure", lambda *_given: 2)
    long = [placed(cast, f"久{n}", weekdays="周一") for n in range(2)]
    for shop in long:
        a_closed_visit(cast, shop, now=MONDAY - 60 * DAY)
    short = placed(cast, "近", weekdays="周一")
    a_closed_visit(cast, short, now=MONDAY - 14 * DAY)
    row = asked(cast, a_plan(cast, []))

    assert {name for found in names(row).values() for name in found} == {"久0", "久1"}
    [left] = page_of(row).left
    assert left.one.customer == short
    assert left.why.startswith("Every day has its full number")


def test_early_customers_come_only_when_asked_and_on_the_way(cast):
    near, far = placed(cast, "顺路"), placed(cast, "绕远", 0.4)
    for shop in (near, far):
        # every two weeks: due on the Thursday after the planned week
        a_closed_visit(cast, shop, now=MONDAY + 3 * DAY)
    plan = a_plan(cast, [placed(cast, "到期")])
    Visit.objects.filter(state="PLANNED").exclude(customer__name="到期").delete()

    assert {name for found in names(asked(cast, plan)).values() for name in found} == {"到期"}
    row = asked(cast, plan, early=True)
    assert {name for found in names(row).values() for name in found} == {"到期", "顺路"}
    assert [one.why for one in page_of(row).left] == [
        "Not due in this week, and the detour is longer than the visit is worth."
    ]


@pytest.mark.rule("R004-10")
def test_what_is_not_known_is_assumed_and_said(cast):
    plan = a_plan(cast, [placed(cast, "甲店"), a_shop(cast, "乙店")])

    said = " ".join(page_of(asked(cast, plan)).assumed)

    assert "1 without coordinates (乙店)" in said
    assert "2 without opening hours" in said
    assert "No place from which the day begins" in said
    planning.keep_workday(
        manager=cast.specialist.party, by=cast.specialist.party, now=MONDAY, latitude=Decimal(HOME[0]),
        longitude=Decimal(HOME[1]), begins=dt.time(10), ends=dt.time(16),
    )  # fmt: skip
    found = task.gather(plan, access.scope(cast.specialist), MONDAY)
    assert "No place" not in " ".join(found.assumed)
    assert {(day.begins // 3600, day.ends // 3600) for day in found.days.values()} == {(10, 16)}
    assert next(iter(found.days.values())).start == task.Place(float(HOME[0]), float(HOME[1]))


def test_a_visit_that_was_made_gives_the_place(cast):
    shop = a_shop(cast, "甲店")
    a_closed_visit(cast, shop, now=MONDAY - 30 * DAY)

    found = task.gather(a_plan(cast, [shop]), access.scope(cast.specialist), MONDAY)

    [one] = found.wanted.values()
    assert (one.place.latitude, one.place.longitude) == (30.25, 120.15)
    assert "the position of the last visit" in " ".join(found.assumed)


def test_days_off_are_not_planned_and_have_a_name(cast):
    # the week of the National Day 2026: 1 October is a Thursday
    october = dt.date(2026, 9, 28)
    with clock.at(MONDAY):
        feast = actions.plan_week(
            manager=cast.manager.party, unit=cast.south.pk, monday=october, by=cast.manager.party, now=MONDAY,
            customers=[],
        )  # fmt: skip
    found = task.gather(feast, access.scope(cast.manager), MONDAY)
    assert dt.date(2026, 10, 1) not in found.days
    with pytest.raises(actions.CannotVisit, match=r"day off at this unit: .*National Day"):
        actions.add(
            manager=cast.specialist.party, customer=a_shop(cast, "乙店"), on=dt.date(2026, 10, 1),
            by=cast.specialist.party, now=MONDAY,
        )  # fmt: skip


def test_of_this_week_only_what_is_left_is_planned(cast):
    me, wednesday = cast.specialist.party, MONDAY + 2 * DAY
    plan = actions.plan_week(
        manager=me, unit=cast.south.pk, monday=MONDAY.date(), by=me, now=MONDAY, customers=[placed(cast, "甲店")]
    )  # fmt: skip

    found = task.gather(plan, access.scope(cast.specialist), wednesday)

    assert min(found.days) == wednesday.date()
    assert found.days[wednesday.date()].begins == 10 * 3600  # it is ten o'clock
    assert len(found.wanted) == 1  # what was not made on Monday is planned again
    with pytest.raises(actions.CannotVisit, match="No working day"):
        planning.ask(plan=plan, by=me, now=MONDAY + 12 * DAY, queue=lambda *a, **k: None)


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


def test_statements_do_not_grow_with_the_customers(cast):
    counts = []
    for many in (2, 12):
        shops = [placed(cast, f"店{many}-{n}", 0.002 * n) for n in range(many)]
        Routes.objects.all().delete()
        WeekPlan.objects.all().delete()
        row = asked(cast, a_plan(cast, shops))
        with CaptureQueriesContext(connection) as told:
            page_of(row)
        counts.append(len(told))

    assert counts[0] == counts[1]
