"""A proposal as the page shows it: days with their visits in order, what is breached, who is left out and why."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.utils.dates import WEEKDAYS_ABBR
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from zhike.visits.models import Routes
from zhike.visits.routing.week import Call, LeftOut, Place, Route, Why

from . import sketch
from .actions import BY_HAND, stays, timed
from .task import PUNCTUAL, Span, Task, Wanted, kilometres, seconds_of


@dataclass
class Row:
    """One visit at its place; `breaches` are words for what it does not keep."""

    key: int
    number: int
    one: Wanted
    call: Call
    is_fixed: bool
    breaches: list[str]
    waits: int  # minutes of work in which one stands before a closed door

    @property
    def begins(self) -> str:
        return clock(self.call.begins)

    @property
    def leaves(self) -> str:
        return clock(self.call.leaves)

    @property
    def minutes(self) -> int:
        return minutes(self.call.travel)


@dataclass
class DayShown:
    day: dt.date
    number: int
    route: Route
    ends: int
    km: float
    rows: list[Row]

    @property
    def driving(self) -> int:
        return minutes(self.route.travel)

    @property
    def overtime(self) -> int:
        return minutes(max(0, self.route.back_at - self.ends)) if self.rows else 0

    @property
    def leaves_at(self) -> str:
        return clock(self.route.leaves_at)

    @property
    def back_at(self) -> str:
        return clock(self.route.back_at)


@dataclass
class LeftShown:
    key: int
    one: Wanted
    why: str
    fate: str


@dataclass
class Shown:
    days: list[DayShown]
    left: list[LeftShown]
    map: sketch.Sketch
    served: int
    driving: int
    km: float
    overtime: int
    assumed: list[str]


def shown(task: Task, routes: Routes) -> Shown:
    days = [_day_shown(task, routes, date) for date in task.days]
    wanted = [(task.wanted.get(int(key)), said) for key, said in routes.left.items()]
    left = [
        LeftShown(one.key, one, sentence(task, one, said), fate(routes, task, one))
        for one, said in wanted
        if one is not None
    ]
    return Shown(
        days,
        left,
        _sketch(task, days, left),
        sum(len(day.rows) for day in days),
        sum(day.driving for day in days),
        sum(day.km for day in days),
        sum(day.overtime for day in days),
        task.assumed,
    )


def _day_shown(task: Task, routes: Routes, date: dt.date) -> DayShown:
    day = task.days[date]
    keys = [key for key in routes.days.get(date.isoformat(), []) if key in task.wanted]
    route = timed(task, date, keys)
    stops = [task.wanted[key].place for key in keys]
    km = kilometres([day.start, *stops, day.end], task.travel) if keys else 0.0
    rows = [
        Row(
            call.key,
            place,
            task.wanted[call.key],
            call,
            call.key in routes.fixed,
            breaches(task, task.wanted[call.key], call, date),
            _idle(task.working[date], call) // 60,
        )
        for place, call in enumerate(route.calls, start=1)
    ]
    return DayShown(date, day.day, route, day.ends, km, rows)


def _idle(working: list[Span], call: Call) -> int:
    return sum(max(0, min(one.closes, call.begins) - max(one.opens, call.arrives)) for one in working)


def breaches(task: Task, one: Wanted, call: Call, day: dt.date) -> list[str]:
    """In a word each: the told day, the fixed weekday, the opening hours, the end of work."""
    found = []
    at = one.visit.planned_at if one.visit is not None else None
    if one.told is not None and one.told != day:
        found.append(_("told for %(day)s") % {"day": date_format(one.told, "D m-d")})
    elif one.told is not None and at is not None and call.begins > seconds_of(at) + PUNCTUAL:
        found.append(_("agreed for %(time)s") % {"time": f"{at:%H:%M}"})
    if one.weekdays is not None and day.weekday() not in one.weekdays:
        names = _(", ").join(str(WEEKDAYS_ABBR[n]) for n in sorted(one.weekdays))
        found.append(_("only on %(days)s") % {"days": names})
    spans = one.spans(day)
    if not spans:
        found.append(_("closed on this day"))
    elif not any(opens <= call.begins and call.leaves <= closes for opens, closes in spans):
        hours = _(", ").join(f"{clock(opens)}–{clock(closes)}" for opens, closes in spans)
        found.append(_("open %(hours)s") % {"hours": hours})
    if call.leaves > task.days[day].ends:
        found.append(_("after work"))
    elif not any(opens <= call.begins and call.leaves <= closes for opens, closes in task.working[day]):
        found.append(_("in the break"))
    return found


def sentence(task: Task, one: Wanted, said: list[object]) -> str:
    """Why somebody is left out."""
    why, number, missing = said
    if why == BY_HAND:
        return _("Taken out by hand.")
    left = LeftOut(one.key, Why(str(why)), number if isinstance(number, int) else None, int(str(missing)))
    day = date_format(task.day_of(left.day), "l") if left.day is not None else ""
    match left.why:
        case Why.CLOSED:
            return _("Not open, or not to be visited, on any of the days that are planned.")
        case Why.TOO_SHORT:
            return _("The opening hours within working time are shorter than the visit of %(count)s minutes.") % {"count": one.service // 60}  # fmt: skip
        case Why.TOO_FAR:
            return _("Too far: it cannot be reached and left again within the opening and working hours.")
        case Why.FULL:
            return _("Every day has its full number of visits; who waits longer goes first.")
        case Why.WORTH:
            return _("Not due in this week, and the detour is longer than the visit is worth.")
    count = minutes(left.missing)
    return ngettext(
        "No time: %(day)s fits best and is %(count)s minute too short.",
        "No time: %(day)s fits best and is %(count)s minutes too short.",
        count,
    ) % {"day": day, "count": count}


def fate(routes: Routes, task: Task, one: Wanted) -> str:
    """What becomes of a visit of the plan that is left out, when the proposal is taken over."""
    if one.visit is None:
        return ""
    if one.visit.planned_on in task.days and not stays(routes.plan, one):
        return _("leaves the plan, stays due")
    return _("stays on %(day)s") % {"day": date_format(one.visit.planned_on, "D m-d")}


def clock(seconds: int) -> str:
    return f"{seconds // 3600:02}:{seconds % 3600 // 60:02}"


def minutes(seconds: int) -> int:
    return -(-seconds // 60)


def _sketch(task: Task, days: list[DayShown], left: list[LeftShown]) -> sketch.Sketch:
    routes = [
        sketch.Line(
            day.number,
            task.days[day.day].start,
            [(row.number, row.one.customer.name, row.one.place) for row in day.rows],
        )
        for day in days
    ]
    home: Place | None = next((day.start for day in task.days.values()), None)
    return sketch.draw(routes, [(row.one.customer.name, row.one.place) for row in left], home)
