"""The week by routes: what the file and the regulation say, what is proposed and who is left out and why."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from zhike.customers.dossier import actions as dossier
from zhike.customers.dossier.hours import read_hours, read_minutes, read_weekdays
from zhike.kernel import clock
from zhike.people.tests.factories import MONDAY
from zhike.visits import access, actions
from zhike.visits.models import Routes, Visit, WeekPlan
from zhike.visits.planning import actions as planning
from zhike.visits.planning import showing, task

from .factories import DAY, a_closed_visit, a_shop
from .proposals import HOME, NEXT, a_plan, asked, names, page_of, placed, put, where


@pytest.fixture(autouse=True)
def _short(monkeypatch):
    monkeypatch.setattr(planning, "SECONDS", 0.4)


# --- what is read from the file


@pytest.mark.parametrize(
    ("text", "monday", "saturday"),
    [
        ("08:30-12:00 14:00-18:00", [(8.5, 12), (14, 18)], [(8.5, 12), (14, 18)]),
        ("周一至周五 9:00-17:30;周六 9-12", [(9, 17.5)], [(9, 12)]),
        ("Mon-Fri 09:00-17:30; Sat closed", [(9, 17.5)], None),
        ("周六休息", [(0, 24)], None),
        ("周一至周六 9-12;周一至周五 14-18", [(9, 12), (14, 18)], [(9, 12)]),
        ("Mon-Sat 9-18; Sat 9-12", [(9, 18)], [(9, 12)]),
        ("8-12;周六 14-16", [(8, 12)], [(14, 16)]),
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
