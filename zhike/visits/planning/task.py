"""The week as the solver and the page see it: who is to be visited, where and when, and what had to be assumed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import pairwise
from statistics import median
from typing import Any, NamedTuple

from django.utils.translation import gettext as _

from zhike.customers.dossier import hours as facts
from zhike.customers.dossier.models import Address, Fact
from zhike.customers.models import Customer
from zhike.kernel.parties.scope import Scope
from zhike.kernel.worktime import arithmetic, calendars
from zhike.visits import cadence, queries, questions, rules
from zhike.visits.models import Visit, WeekPlan, Workday
from zhike.visits.routing.week import Day, Place, Stop, Travel, Window, straight_km

from .queries import workday

DAY = dt.timedelta(days=1)
WEEK = 7 * DAY
NOWHERE = Place(0.0, 0.0)
# parameters of the regulation
SPEED, DETOUR, PARKING, AHEAD, MOST = "平均车速", "绕行系数", "停车分钟", "顺路天数", "每日拜访数"
# what is taken where the regulation is silent; the page says so
USUAL: dict[str, int | Decimal] = {
    SPEED: 25,
    DETOUR: Decimal("1.3"),
    PARKING: 3,
    AHEAD: 7,
}
USUAL_MINUTES, USUAL_DETOUR, USUAL_MOST = 30, 15, 20
PUNCTUAL = 15 * 60  # by how much an agreed time may be missed
NEVER = 60  # days that a customer who was never visited counts as waiting
NAMED = 3  # names that an assumption tells


class Span(NamedTuple):
    opens: int
    closes: int


@dataclass
class Wanted:
    """One who is to be visited: a visit of the plan, or a customer who is due (`due`)."""

    key: int
    customer: Customer
    kind: str
    service: int  # seconds
    visit: Visit | None = None
    due: cadence.Due | None = None
    is_early: bool = False
    told: dt.date | None = None  # the day that the customer was told
    weekdays: frozenset[int] | None = None
    hours: facts.Hours | None = None
    place: Place = NOWHERE
    worth: int = 0

    def spans(self, day: dt.date) -> list[Span]:
        """When the customer is open on a day, whatever else was agreed."""
        if self.hours is None:
            return [Span(0, 24 * 3600)]
        return [Span(*one) for one in self.hours.get(day.weekday(), ())]


@dataclass
class Task:
    """A week before it is solved. `overfull` are those for whom the week has no room at all."""

    plan: WeekPlan
    days: dict[dt.date, Day]
    working: dict[dt.date, list[Span]]
    travel: Travel
    wanted: dict[int, Wanted]
    overfull: list[int] = field(default_factory=list)
    assumed: list[str] = field(default_factory=list)

    def day_of(self, number: int) -> dt.date:
        return self.plan.monday + number * DAY

    def stop(self, wanted: Wanted, *, on: dt.date | None = None, at: int | None = None) -> Stop:
        """With the windows of all days, or of the day on which somebody put it, near the time it has there."""
        days = [on or wanted.told] if on or wanted.told else list(self.days)
        windows = [
            Window(self.days[day].day, *span)
            for day in days
            if day in self.days
            for span in self._open(wanted, day, bound=on is None)
        ]
        if at is not None:
            near = (at - 2 * PUNCTUAL, at + wanted.service + 2 * PUNCTUAL)
            windows = [
                Window(one.day, max(one.opens, near[0]), min(one.closes, near[1]))
                for one in windows
                if min(one.closes, near[1]) - max(one.opens, near[0]) >= wanted.service
            ] or windows
        return Stop(
            wanted.key, wanted.place, wanted.service, tuple(windows), wanted.worth, not wanted.is_early
        )

    def _open(self, wanted: Wanted, day: dt.date, *, bound: bool) -> list[Span]:
        """Where opening hours and work meet; what was put or told on a closed day may be done while one works."""
        at = wanted.visit.planned_at if wanted.visit is not None else None
        if at is not None and day == wanted.told:
            return [Span(seconds_of(at), seconds_of(at) + wanted.service + PUNCTUAL)]
        free = bound and wanted.told is None
        if free and wanted.weekdays is not None and day.weekday() not in wanted.weekdays:
            return []
        found = _meet(wanted.spans(day), self.working[day])
        if free:
            return found
        return [one for one in found if one.closes - one.opens >= wanted.service] or self.working[day]


def gather(
    plan: WeekPlan, scope: Scope, now: dt.datetime, *, early: bool = False, keep: Iterable[int] = ()
) -> Task:
    """The task of a plan as far as the scope sees it. `keep`: keys of a proposal, which stay in it.

    Raises rules.NoRegulation.
    """
    own = workday(plan)
    days, working = _days(plan, own, now)
    last = plan.monday + WEEK - DAY
    found = rules.rules(plan.unit_id, max(days, default=last))
    visits = _visits(plan, scope, set(days), now)
    taken = Visit.objects.filter(
        manager=plan.manager_id, planned_on__gte=plan.monday, planned_on__lt=plan.monday + WEEK
    ).exclude(state=Visit.State.MISSED)
    customers = queries.customers(scope).filter(owner=plan.manager_id)
    free = list(customers.exclude(pk__in=taken.values("customer")).order_by("region", "sort_key", "pk"))
    ahead = int(_figure(found, AHEAD))
    due = cadence.due(free, unit=plan.unit_id, until=last + ahead * DAY if early or keep else last)
    kept = set(keep)
    wanted = [_of_visit(visit) for visit in visits]
    for one in due:
        is_early = one.on is not None and one.on > last
        if not is_early or early or -one.customer.pk in kept:
            wanted.append(_of_due(one, is_early=is_early))
    task = Task(plan, days, working, _travel(found), {one.key: one for one in wanted})
    _learn(task, found)
    _begin(task, own, found)
    _cut(task, kept)
    return task


# --- days


def working_days(plan: WeekPlan, now: dt.datetime) -> list[dt.date]:
    """Working days of the week that are not over."""
    calendar, today = calendars.calendar_for(plan.unit_id), calendars.local_day(now, plan.unit_id)
    week = (plan.monday + n * DAY for n in range(7))
    return [day for day in week if day >= today and arithmetic.is_working_day(calendar, day)]


def _days(
    plan: WeekPlan, own: Workday | None, now: dt.datetime
) -> tuple[dict[dt.date, Day], dict[dt.date, list[Span]]]:
    """The days that are left, from now on, and when one works; the places come later."""
    calendar = calendars.calendar_for(plan.unit_id)
    days: dict[dt.date, Day] = {}
    working: dict[dt.date, list[Span]] = {}
    today = calendars.local_day(now, plan.unit_id)
    for day in working_days(plan, now):
        edges = [edge for span in calendar.hours_on(day) for edge in span]
        begins = edges[0] = seconds_of(own.begins) if own is not None and own.begins else edges[0]
        ends = edges[-1] = seconds_of(own.ends) if own is not None and own.ends else edges[-1]
        if day == today:
            begins = max(begins, seconds_of(now.astimezone(calendar.zone).time()))
        spans = _meet(map(Span, edges[::2], edges[1::2]), [Span(begins, ends)])
        if spans:
            working[day] = spans
            days[day] = Day((day - plan.monday).days, begins, ends, NOWHERE, NOWHERE)
    return days, working


# --- who


def _visits(plan: WeekPlan, scope: Scope, days: set[dt.date], now: dt.datetime) -> list[Visit]:
    """Visits of the plan that have not begun; what stands on a later day off stays there and is not planned."""
    today = calendars.local_day(now, plan.unit_id)
    rows = queries.visits(scope).filter(plan=plan, state=Visit.State.PLANNED).order_by("planned_on", "order")
    return [visit for visit in rows if visit.planned_on in days or visit.planned_on < today]


def _of_visit(visit: Visit) -> Wanted:
    return Wanted(visit.pk, visit.customer, visit.kind, 0, visit=visit)


def _of_due(due: cadence.Due, *, is_early: bool) -> Wanted:
    kind = Visit.Kind.FIRST if due.is_first else Visit.Kind.PLANNED
    return Wanted(-due.customer.pk, due.customer, kind, 0, due=due, is_early=is_early)


def _cut(task: Task, kept: set[int]) -> None:
    """No more than half as many again as the week has room for are tried; the longest waiting first."""
    room = sum(day.most or USUAL_MOST for day in task.days.values())
    new = [key for key, one in task.wanted.items() if one.visit is None]
    new.sort(key=lambda key: (key not in kept, -task.wanted[key].worth))
    most = max(0, room * 3 // 2 - (len(task.wanted) - len(new)))
    task.overfull = [key for key in new[most:] if key not in kept]


# --- what is known of them, and what is assumed


def _learn(task: Task, found: rules.Rules) -> None:
    """Facts of the file, the last position and the figures of the regulation, for all of them at once."""
    rows = list(task.wanted.values())
    keys = [one.customer.pk for one in rows]
    known: dict[tuple[int, str], str] = {
        (fact.customer_id, fact.field): fact.value
        for fact in Fact.objects.filter(customer__in=keys, field__in=list(facts.READERS), until=None)
    }
    unread: list[str] = []
    service = _Service(found, cadence.classes(keys))
    told = _told([one.visit for one in rows if one.visit is not None])
    last = task.plan.monday + WEEK - DAY
    for one in rows:
        read: dict[str, Any] = {name: _read(known, one, name, unread) for name in facts.READERS}
        one.hours, one.weekdays = read[facts.HOURS], read[facts.WEEKDAYS]
        minutes, detour = service.of(one)
        one.service = (read[facts.MINUTES] or minutes) * 60
        if one.visit is not None and (one.visit.planned_at or one.visit.pk in told):
            one.told = one.visit.planned_on if one.visit.planned_on in task.days else None
        one.worth = detour * 60 if one.is_early else _waiting(one, last) * 60
    _place(task, rows)
    no_hours = sum(one.hours is None for one in rows)
    if no_hours:
        task.assumed.append(_("%(count)s without opening hours: the working hours are taken.") % {"count": no_hours})  # fmt: skip
    if unread:
        task.assumed.append(_("Not understood and left aside: %(names)s.") % {"names": _names(unread)})
    if service.is_silent:
        task.assumed.append(
            _("The regulation names no minutes of a visit: %(count)s are taken.") % {"count": USUAL_MINUTES}
        )


def _read(known: dict[tuple[int, str], str], one: Wanted, name: str, unread: list[str]) -> object:
    text = known.get((one.customer.pk, name), "")
    try:
        return facts.READERS[name](text) if text else None
    except ValueError:
        unread.append(one.customer.name)
        return None


def _told(visits: Sequence[Visit]) -> set[int]:
    """Visits on a day that the customer was told at the visit before."""
    rows = Visit.objects.filter(
        customer__in={visit.customer_id for visit in visits}, state=Visit.State.CLOSED, next_on__isnull=False
    )
    said = set(rows.order_by().values_list("customer", "next_on"))
    return {visit.pk for visit in visits if (visit.customer_id, visit.planned_on) in said}


def _waiting(one: Wanted, last: dt.date) -> int:
    """Days by which a visit is due already; what was told to the customer goes before everything."""
    if one.told is not None:
        return 10 * 365
    if one.due is None:
        return NEVER
    return NEVER if one.due.on is None else (last - one.due.on).days


class _Service:
    """Minutes of a visit and of the detour that an early one is worth, asked once for each class and kind."""

    def __init__(self, found: rules.Rules, classes: dict[int, str]) -> None:
        self.found, self.classes, self.is_silent = found, classes, False
        self.known = {code for code, _label in found.words(questions.CLASSES)}
        self.answers: dict[tuple[str, str], tuple[int, int]] = {}

    def of(self, one: Wanted) -> tuple[int, int]:
        shop_class = self.classes.get(one.customer.pk, "")
        asked = (shop_class if shop_class in self.known else "", one.kind)
        if asked not in self.answers:
            self.answers[asked] = self._asked(*asked)
        return self.answers[asked]

    def _asked(self, shop_class: str, kind: str) -> tuple[int, int]:
        said = self.found.decide(questions.SERVICE, shop_class=shop_class or None, kind=kind)
        if not said:
            self.is_silent = True
            return USUAL_MINUTES, USUAL_DETOUR
        outcome = said[0].outcome
        return int(outcome["停留分钟"]), int(outcome["顺路分钟"])


def _place(task: Task, rows: list[Wanted]) -> None:
    """The address with coordinates, else where the last visit was made, else the middle of the region."""
    keys = [one.customer.pk for one in rows]
    known: dict[int, Place] = {}
    visited = Visit.objects.filter(customer__in=keys, latitude__isnull=False).order_by("arrived_at")
    for key, north, east in visited.values_list("customer", "latitude", "longitude"):
        known[key] = _place_at(north, east)
    by_visit = set(known)
    placed = Address.objects.filter(
        customer__in=keys, latitude__isnull=False, longitude__isnull=False
    ).order_by("is_main", "-id")
    for key, north, east in placed.values_list("customer", "latitude", "longitude"):
        known[key] = _place_at(north, east)
        by_visit.discard(key)
    regions: dict[str, list[Place]] = {}
    for one in rows:
        if one.customer.pk in known:
            regions.setdefault(one.customer.region, []).append(known[one.customer.pk])
    middle = _middle(known.values())
    lost = []
    for one in rows:
        one.place = (
            known.get(one.customer.pk) or _middle(regions.get(one.customer.region, [])) or middle or NOWHERE
        )
        if one.customer.pk not in known:
            lost.append(one.customer.name)
    if by_visit:
        task.assumed.append(
            _("%(count)s without coordinates on file: the position of the last visit is taken.")
            % {"count": len(by_visit)}
        )
    if lost:
        task.assumed.append(
            _("%(count)s without coordinates (%(names)s): the middle of their region is taken.")
            % {"count": len(lost), "names": _names(lost)}
        )


def _begin(task: Task, own: Workday | None, found: rules.Rules) -> None:
    """Where the days begin and end, and how many visits fit."""
    if own is not None and own.latitude is not None and own.longitude is not None:
        start = _place_at(own.latitude, own.longitude)
    else:
        start = _middle(one.place for one in task.wanted.values() if one.place != NOWHERE) or NOWHERE
        task.assumed.append(_("No place from which the day begins: the middle of all customers is taken."))
    most = found.visits.figure(MOST, USUAL_MOST)
    for date, day in task.days.items():
        task.days[date] = Day(day.day, day.begins, day.ends, start, start, most)


def _travel(found: rules.Rules) -> Travel:
    parking = round(_figure(found, PARKING) * 60)
    return Travel(float(_figure(found, SPEED)), float(_figure(found, DETOUR)), parking)


def _figure(found: rules.Rules, name: str) -> Decimal:
    param = found.visits.manual.params.get(name)
    value = param.value if param is not None else None
    return Decimal(value if isinstance(value, int | Decimal) else USUAL[name])


# --- small things


def kilometres(route: Sequence[Place], travel: Travel) -> float:
    """The way by road through places."""
    return sum(straight_km(here, there) for here, there in pairwise(route)) * travel.detour


def _names(names: Sequence[str]) -> str:
    return _(", ").join(names[:NAMED]) + (" …" if len(names) > NAMED else "")


def _middle(places: Iterable[Place]) -> Place | None:
    """The median in both directions, which one who is far away does not move."""
    rows = list(places)
    if not rows:
        return None
    return Place(median(one.latitude for one in rows), median(one.longitude for one in rows))


def _place_at(north: Decimal | None, east: Decimal | None) -> Place:
    return Place(float(north or 0), float(east or 0))


def _meet(some: Iterable[Span], others: Sequence[Span]) -> list[Span]:
    found = [
        Span(max(one.opens, other.opens), min(one.closes, other.closes)) for one in some for other in others
    ]
    return sorted(one for one in found if one.opens < one.closes)


def seconds_of(at: dt.time) -> int:
    return at.hour * 3600 + at.minute * 60 + at.second
