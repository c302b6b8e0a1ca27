"""Asking for routes, changing them by hand, having the rest planned again, taking them over.

A proposal is a draft of one person: only what is taken over is written to the trail, by `visits.arranged`.
"""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Callable
from typing import Any

from django.db import transaction
from django.db.models import F, Q
from django.utils.translation import gettext as _
from django_q.tasks import async_task

from zhike.kernel import clock
from zhike.kernel.audit import trail
from zhike.kernel.parties.held import held
from zhike.kernel.parties.models import Party
from zhike.kernel.parties.scope import Scope
from zhike.people.models import User
from zhike.visits import access, cadence, rules
from zhike.visits.actions import CannotVisit, arrange
from zhike.visits.models import Routes, WeekPlan, Workday
from zhike.visits.routing import week
from zhike.visits.routing.week import SECONDS, UNEVEN

from .task import Task, Wanted, gather, working_days

TASK = "zhike.visits.planning.actions.work_out"
SILENT = dt.timedelta(minutes=2)  # after which a search counts as given up
BY_HAND = "hand"  # why somebody is left out, beside those of week.Why
OUT = "out"


@transaction.atomic
def ask(
    *,
    plan: WeekPlan,
    by: Party,
    now: dt.datetime,
    early: bool = False,
    queue: Callable[..., Any] = async_task,
) -> Routes:
    """Have the week planned by routes; what was put by hand stays, whatever became of the last search.

    A worker that fell silent and finds something after all is not heard any more. Raises CannotVisit.
    """
    if not working_days(plan, now):
        raise CannotVisit(_("No working day of this week is left."))
    fresh = {
        "seen": plan.revision, "early": early, "state": Routes.State.WAITING, "asked_at": now,
        "problem": "", "beat_at": None, "seconds": None,
    }  # fmt: skip
    row, _new = Routes.objects.update_or_create(
        plan=plan, asked_by=by, create_defaults=fresh, defaults={**fresh, "revision": F("revision") + 1}
    )
    transaction.on_commit(lambda: queue(TASK, row.pk, q_options={"group": "routes", "save": False}))
    return row


@transaction.atomic
def ask_again(*, routes: Routes, now: dt.datetime, queue: Callable[..., Any] = async_task) -> None:
    """Plan the rest anew; what was put by hand stays. Raises CannotVisit."""
    _change(routes, state=Routes.State.WAITING, asked_at=now, beat_at=None, problem="")
    transaction.on_commit(lambda: queue(TASK, routes.pk, q_options={"group": "routes", "save": False}))


def given_up(routes: Routes, now: dt.datetime) -> bool:
    """Whether nothing has been heard of it for so long that it may be asked for again."""
    return routes.is_running and now - (routes.beat_at or routes.asked_at) > SILENT


@transaction.atomic
def discard(*, routes: Routes) -> None:
    Routes.objects.filter(pk=routes.pk).delete()


# --- the worker


def work_out(pk: int, seconds: float | None = None) -> None:
    """What the worker does. Of two workers one works; a search that fell silent is taken up again."""
    now, begun = clock.now(), time.perf_counter()
    free = Q(state=Routes.State.WAITING) | Q(state=Routes.State.RUNNING, beat_at__lt=now - SILENT)
    if not Routes.objects.filter(free, pk=pk).update(state=Routes.State.RUNNING, beat_at=now):
        return
    routes = Routes.objects.select_related("plan").get(pk=pk)
    try:
        task = task_of(routes, now)
        days, left = solved(task, routes, seconds=seconds or SECONDS)
        told: dict[str, Any] = {"days": days, "left": left, "state": Routes.State.DONE}
    except rules.NoRegulation as trouble:
        told = {"state": Routes.State.FAILED, "problem": str(trouble)[:400]}
    except Exception:
        broken = _("The search broke off. An administrator finds the reason in the log.")
        _end(routes, state=Routes.State.FAILED, problem=broken)
        raise
    _end(routes, **told, seconds=time.perf_counter() - begun)


def _end(routes: Routes, **columns: Any) -> None:
    rows = Routes.objects.filter(pk=routes.pk, state=Routes.State.RUNNING, revision=routes.revision)
    rows.update(revision=F("revision") + 1, **columns)


def task_of(routes: Routes, now: dt.datetime) -> Task:
    """In the reach of who asked. Raises rules.NoRegulation."""
    return gather(routes.plan, scope_of(routes), now, early=routes.early, keep=keys_of(routes))


def scope_of(routes: Routes) -> Scope:
    return access.scope(User.objects.get(pk=routes.asked_by_id))


def keys_of(routes: Routes) -> set[int]:
    """Whom a proposal serves, and those whom somebody took in or out by hand."""
    return {key for row in routes.days.values() for key in row} | set(routes.fixed)


def solved(
    task: Task, routes: Routes, *, seconds: float
) -> tuple[dict[str, list[int]], dict[str, list[Any]]]:
    """Days and who is left out, in the form in which a proposal keeps them. What stands fast keeps its day."""
    standing = _standing(task, routes)
    out = {key for key in routes.fixed if key not in standing}
    stops = []
    for key, one in task.wanted.items():
        if key in out or key in task.overfull:
            continue
        stop = task.stop(one, on=standing[key][0], at=standing[key][2]) if key in standing else task.stop(one)
        more = week.MUST if key in standing or one.told else 0
        stops.append(_weighed(stop, more))
    days_left = list(task.days.values())
    answer = week.plan(stops, days_left, task.travel, seconds=seconds, uneven=UNEVEN)
    days = {task.day_of(route.day).isoformat(): [call.key for call in route.calls] for route in answer.routes}
    left: dict[str, list[Any]] = {}
    for missed in answer.left_out:
        if missed.key in standing:  # there was no room for it, and yet it stays where it was put
            day, place, _at = standing[missed.key]
            days[day.isoformat()].insert(place, missed.key)
        else:
            left[str(missed.key)] = [missed.why.value, missed.day, missed.missing]
    left |= {str(key): [week.Why.FULL.value, None, 0] for key in task.overfull}
    left |= {str(key): [BY_HAND, None, 0] for key in out if key in task.wanted}
    return days, left


def _standing(task: Task, routes: Routes) -> dict[int, tuple[dt.date, int, int]]:
    """Day, place and time of what was put by hand and can still be there."""
    fixed, found = set(routes.fixed), {}
    for text, keys in routes.days.items():
        day = dt.date.fromisoformat(text)
        if day not in task.days:
            continue
        known = [key for key in keys if key in task.wanted]
        route = timed(task, day, known)
        for place, call in enumerate(route.calls):
            if call.key in fixed:
                found[call.key] = (day, place, call.begins)
    return found


def _weighed(stop: week.Stop, more: int) -> week.Stop:
    return week.Stop(
        stop.key,
        stop.place,
        stop.service,
        stop.windows,
        stop.worth + more,
        stop.is_required or more > 0,
    )


# --- by hand


@transaction.atomic
def place(
    *, routes: Routes, key: int, to: str, now: dt.datetime, at: int | None = None
) -> tuple[Task, dict[str, int]]:
    """Put a visit on a day (`to`, ISO; at a place or where it fits best), one `earlier` or `later`, or `out`.

    Answers with the task and what the change costs: seconds of driving and of overtime. Raises CannotVisit.
    """
    task = task_of(routes, now)
    if key not in task.wanted:
        raise CannotVisit(_("This visit is not in the proposal any more."))
    before = cost(task, routes.days)
    days, left = {day: list(row) for day, row in routes.days.items()}, dict(routes.left)
    here = next((day for day, row in days.items() if key in row), None)
    spot = days[here].index(key) if here is not None else 0
    if to in {"earlier", "later"} and here is not None:
        to, at = here, spot + (1 if to == "later" else -1)
    for row in days.values():
        if key in row:
            row.remove(key)
    left.pop(str(key), None)
    if to == OUT:
        left[str(key)] = [BY_HAND, None, 0]
    else:
        day = _day(task, to)
        row = days.setdefault(day.isoformat(), [])
        row.insert(_best(task, day, row, key) if at is None else max(0, min(at, len(row))), key)
    fixed = sorted({*routes.fixed, key})
    _change(routes, days=days, left=left, fixed=fixed)
    after = cost(task, routes.days)
    return task, {name: after[name] - before[name] for name in after}


def _day(task: Task, text: str) -> dt.date:
    day = next((one for one in task.days if one.isoformat() == text), None)
    if day is None:
        raise CannotVisit(_("Nothing can be planned on this day."))
    return day


def _best(task: Task, day: dt.date, row: list[int], key: int) -> int:
    met = {task.days[day].day: [task.stop(task.wanted[one], on=day) for one in row if one in task.wanted]}
    found = week.best_place(task.stop(task.wanted[key], on=day), [task.days[day]], met, task.travel)
    return found[3] if found is not None else len(row)


def timed(task: Task, day: dt.date, keys: list[int]) -> week.Route:
    """The day driven in this order; a visit on a day on which it does not fit is timed all the same."""
    stops = [task.stop(task.wanted[key], on=day) for key in keys if key in task.wanted]
    return week.timetable(stops, task.days[day], task.travel)


def cost(task: Task, days: dict[str, list[int]]) -> dict[str, int]:
    """Seconds driven and seconds of overtime of a whole week."""
    driving = overtime = 0
    for text, keys in days.items():
        day = dt.date.fromisoformat(text)
        if day in task.days:
            route = timed(task, day, keys)
            driving += route.travel
            overtime += max(0, route.back_at - task.days[day].ends) if route.calls else 0
    return {"driving": driving, "overtime": overtime}


def _change(routes: Routes, **columns: Any) -> None:
    """Compare and set: of two windows one is told to look again."""
    rows = Routes.objects.filter(pk=routes.pk, revision=routes.revision).exclude(state=Routes.State.RUNNING)
    if not rows.update(revision=F("revision") + 1, **columns):
        raise CannotVisit(_("This proposal has changed meanwhile: look again."))
    routes.refresh_from_db()


# --- taking over


@held
@transaction.atomic
def accept(*, routes: Routes, by: Party, now: dt.datetime) -> WeekPlan:
    """The proposal becomes the plan, at once and only if the plan is still the one that was looked at.

    Who is left out leaves a draft and stays due. A set plan, and a day that was told to the customer, keep the
    visit at the end of its day. Raises CannotVisit.
    """
    if routes.state != Routes.State.DONE:
        raise CannotVisit(_("There is no proposal to take over yet."))
    task = task_of(routes, now)
    days: dict[dt.date, list[int | cadence.Due]] = {}
    for text, keys in routes.days.items():
        day = dt.date.fromisoformat(text)
        if day in task.days:
            known = [task.wanted[key] for key in keys if key in task.wanted]
            days[day] = [one.due if one.due is not None else one.key for one in known]
    without = []
    for key in map(int, routes.left):
        one = task.wanted.get(key)
        if one is None or one.visit is None or one.visit.planned_on not in task.days:
            continue
        if stays(routes.plan, one):
            days.setdefault(one.visit.planned_on, []).append(key)
        else:
            without.append(key)
    plan = routes.plan
    plan.revision = routes.seen
    arrange(plan=plan, days=days, by=by, now=now, without=without)
    Routes.objects.filter(pk=routes.pk).delete()
    return plan


def stays(plan: WeekPlan, one: Wanted) -> bool:
    """Whether a visit of the plan that found no place keeps its day, at the end of it."""
    return plan.state == WeekPlan.State.SET or one.told is not None


# --- the day of a person


@transaction.atomic
def keep_workday(*, manager: Party, by: Party, now: dt.datetime, **columns: Any) -> Workday:
    """Where and when a person's day of visits begins and ends; what is empty is the calendar's."""
    row, _new = Workday.objects.update_or_create(manager=manager, defaults={**columns, "at": now, "by": by})
    told = sorted(name for name, value in columns.items() if value is not None)
    trail.record("visits.workday_kept", subject=manager, by=by, at=now, after={"given": told})
    return row
