"""The week of one person: which customer on which day, in which order, and who was left out and why.

Pure arithmetic: moments are seconds of a day, places are degrees (WGS 84). The solver is PyVRP; each day is
a vehicle, each opening window of a customer a choice, of which one is taken; a window that returns on several
days is one choice, and a day on which it is closed has no way to it. The answer is driven through again by
`timetable`, which also times a week that people arranged by hand.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property
from typing import Any

EARTH_KM = 6371.0088
# one who must be served outweighs every detour of a week and the worth of all who may be
MUST = 10_000_000
# the way to a door that is closed on this day: longer than any worth
CLOSED = 1_000_000_000
# rounds of the search without a better way after which it ends before its time
PATIENCE = 8_000
# what a page asks for: seconds of search, and by what factor a day may hold more than an even share
SECONDS = 5
UNEVEN = 1.25


@dataclass(frozen=True, slots=True)
class Place:
    latitude: float
    longitude: float


@dataclass(frozen=True, slots=True)
class Travel:
    """How people get about: the way by road is the straight one times `detour`, at `speed` km/h."""

    speed: float
    detour: float
    parking: int = 0

    def seconds(self, here: Place, there: Place) -> int:
        if here == there:
            return 0
        return round(straight_km(here, there) * self.detour / self.speed * 3600) + self.parking


@dataclass(frozen=True, slots=True)
class Window:
    """Opening hours on one day of the week that is planned: `day` counts its days from 0."""

    day: int
    opens: int
    closes: int


@dataclass(frozen=True, slots=True)
class Stop:
    """A customer to be visited: `service` in seconds, `worth` in seconds of detour that the visit is worth.

    Of those who must be served and do not all fit, the worth says who goes first.
    """

    key: int
    place: Place
    service: int
    windows: tuple[Window, ...]
    worth: int = 0
    is_required: bool = True


@dataclass(frozen=True, slots=True)
class Day:
    """A working day: from where to where, between which seconds of the day, and how many visits at most.

    In a break nobody is visited: the windows of the stops leave it out.
    """

    day: int
    begins: int
    ends: int
    start: Place
    end: Place
    most: int | None = None


@dataclass(frozen=True, slots=True)
class Call:
    """A stop at its time: travel, waiting and service in seconds."""

    key: int
    arrives: int
    begins: int
    leaves: int
    travel: int

    @property
    def waits(self) -> int:
        return self.begins - self.arrives


@dataclass(frozen=True, slots=True)
class Route:
    day: int
    calls: tuple[Call, ...]
    leaves_at: int
    back_at: int
    travel: int
    late: dict[int, int] = field(default_factory=dict)


class Why(StrEnum):
    """Why a customer was left out."""

    CLOSED = "closed"
    TOO_SHORT = "too_short"
    TOO_FAR = "too_far"
    NO_TIME = "no_time"
    FULL = "full"
    WORTH = "worth"


@dataclass(frozen=True, slots=True)
class LeftOut:
    """Nobody is left out in silence: `missing` seconds were wanting on `day`, where it fitted best."""

    key: int
    why: Why
    day: int | None = None
    missing: int = 0


@dataclass(frozen=True)
class Week:
    routes: tuple[Route, ...]
    left_out: tuple[LeftOut, ...] = field(default=())

    @cached_property
    def travel(self) -> int:
        return sum(route.travel for route in self.routes)


def straight_km(here: Place, there: Place) -> float:
    """Great-circle distance (haversine)."""
    lat1, lat2 = math.radians(here.latitude), math.radians(there.latitude)
    across = math.radians(there.longitude - here.longitude)
    half = math.sin((lat2 - lat1) / 2) ** 2 + math.cos(lat1) * math.cos(lat2) * math.sin(across / 2) ** 2
    return 2 * EARTH_KM * math.asin(min(1.0, math.sqrt(half)))


def plan(
    stops: Sequence[Stop],
    days: Sequence[Day],
    travel: Travel,
    *,
    seconds: float,
    seed: int = 1,
    uneven: float | None = None,
) -> Week:
    """The shortest way found through the week in the time; who does not fit is left out with the reason.

    `uneven`: by what factor a day may hold more visits than an even share, as long as everybody is served so.
    A stop that stands fast on a day has windows of this day only. Raises ValueError on a key given twice.
    """
    if len({stop.key for stop in stops}) != len(stops):
        raise ValueError("a stop is given twice")
    can_be_met = {stop.key: _usable(stop, days, travel) for stop in stops}
    candidates = [stop for stop in stops if can_be_met[stop.key]]
    share = math.ceil(len(candidates) / len(days) * uneven) if uneven and days else len(candidates)
    orders = (
        _solved(candidates, days, travel, can_be_met, seconds, seed, share) if candidates and days else {}
    )
    by_key = {stop.key: stop for stop in stops}
    met = {day.day: [by_key[key] for key in orders.get(day.day, ())] for day in days}
    _take_in([stop for stop in candidates if stop.is_required], met, days, travel)
    routes = [timetable(met[day.day], day, travel) for day in days]
    served = {call.key for route in routes for call in route.calls}
    driven = {route.day: route for route in routes}
    left = [_reason(stop, by_key, driven, days, travel) for stop in stops if stop.key not in served]
    return Week(tuple(routes), tuple(left))


def _take_in(
    required: Sequence[Stop], met: dict[int, list[Stop]], days: Sequence[Day], travel: Travel
) -> None:
    """Whom the search left out although there is room takes the place with the least detour."""
    served = {stop.key for row in met.values() for stop in row}
    for stop in sorted(required, key=lambda one: -one.worth):
        if stop.key in served:
            continue
        found = best_place(stop, [day for day in days if not _is_full(met[day.day], day)], met, travel)
        if found is not None and not found[0]:
            met[found[2]].insert(found[3], stop)


def best_place(
    stop: Stop, days: Sequence[Day], met: dict[int, list[Stop]], travel: Travel
) -> tuple[int, int, int, int] | None:
    """Seconds by which the day gets too short, seconds driven, day and place, where a stop fits best.

    None where it is open on none of the days.
    """
    open_on = {window.day for window in stop.windows}
    found = []
    for day in days:
        if day.day not in open_on:
            continue
        row = met[day.day]
        before = timetable(row, day, travel).travel
        for place in range(len(row) + 1):
            route = timetable([*row[:place], stop, *row[place:]], day, travel)
            found.append((overrun(route, day), route.travel - before, day.day, place))
    return min(found, default=None)


def _is_full(row: Sequence[object], day: Day) -> bool:
    return day.most is not None and len(row) >= day.most


def timetable(stops: Sequence[Stop], day: Day, travel: Travel) -> Route:
    """The day driven in the given order; `late` has key -> seconds by which a visit is not over in time.

    One starts as late as the first customer allows, so that nobody waits in front of the first door.
    """
    if not stops:
        return Route(day.day, (), day.begins, day.begins, 0)
    first = stops[0]
    way = travel.seconds(day.start, first.place)
    opens = [window.opens for window in first.windows if window.day == day.day]
    leaves = max(day.begins, min(opens, default=day.begins) - way)
    now, here, total = leaves, day.start, 0
    calls: list[Call] = []
    late: dict[int, int] = {}
    for stop in stops:
        way = travel.seconds(here, stop.place)
        arrives = now + way
        window = _window_at(stop, day.day, arrives)
        begins = max(arrives, window.opens) if window else arrives
        now = begins + stop.service
        over = now - min(window.closes if window else 0, day.ends)
        if over > 0:
            late[stop.key] = over
        calls.append(Call(stop.key, arrives, begins, now, way))
        here, total = stop.place, total + way
    back = travel.seconds(here, day.end)
    return Route(day.day, tuple(calls), leaves, now + back, total + back, late)


def _window_at(stop: Stop, day: int, arrives: int) -> Window | None:
    """The first window of the day in which the whole visit still fits, else the day's last, else None."""
    windows = sorted((one for one in stop.windows if one.day == day), key=lambda one: one.opens)
    for window in windows:
        if max(arrives, window.opens) + stop.service <= window.closes:
            return window
    return windows[-1] if windows else None


def _usable(stop: Stop, days: Sequence[Day], travel: Travel) -> list[tuple[Day, int, int]]:
    """Day, earliest and latest begin of the visit, for every window in which it can be made at all."""
    found = []
    for day in days:
        reached = day.begins + travel.seconds(day.start, stop.place)
        must_end = day.ends - travel.seconds(stop.place, day.end)
        for window in stop.windows:
            if window.day != day.day:
                continue
            earliest = max(window.opens, reached)
            latest = min(window.closes, must_end) - stop.service
            if earliest <= latest:
                found.append((day, earliest, latest))
    return found


def _solved(
    stops: Sequence[Stop],
    days: Sequence[Day],
    travel: Travel,
    can_be_met: dict[int, list[tuple[Day, int, int]]],
    seconds: float,
    seed: int,
    share: int,
) -> dict[int, list[int]]:
    """Day -> keys in their order."""
    from pyvrp import Model
    from pyvrp.stop import MaxRuntime, MultipleCriteria, NoImprovement

    model = Model()
    every = frozenset(day.day for day in days)
    doors: dict[tuple[Place, frozenset[int]], Any] = {}

    def door(place: Place, open_on: frozenset[int]) -> Any:
        if (place, open_on) not in doors:
            doors[place, open_on] = model.add_location(place.longitude, place.latitude)
        return doors[place, open_on]

    ends = dict.fromkeys(place for day in days for place in (day.start, day.end))
    depots = {place: model.add_depot(door(place, every)) for place in ends}
    owners: list[int] = []
    for stop in stops:
        choices: dict[tuple[int, int], set[int]] = {}
        for day, earliest, latest in can_be_met[stop.key]:
            choices.setdefault((earliest, latest), set()).add(day.day)
        group = model.add_client_group(required=False) if len(choices) > 1 else None
        for (earliest, latest), numbers in choices.items():
            model.add_client(
                door(stop.place, frozenset(numbers)),
                service_duration=stop.service,
                tw_early=earliest,
                tw_late=latest,
                # a detour costs way and time, and the time at the customer's is no detour
                prize=2 * stop.worth + stop.service + (MUST if stop.is_required else 0),
                delivery=1,
                required=False,
                group=group,
            )
            owners.append(stop.key)
    for (here, _open), one in doors.items():
        for (there, _also), other in doors.items():
            way = travel.seconds(here, there)
            model.add_edge(one, other, distance=way, duration=way)
    for day in days:
        profile = model.add_profile()
        for (place, open_on), closed in doors.items():
            if day.day in open_on:
                continue
            for (here, _open), one in doors.items():
                if one is not closed:
                    way = travel.seconds(here, place)
                    model.add_edge(one, closed, distance=CLOSED, duration=way, profile=profile)
        model.add_vehicle_type(
            start_depot=depots[day.start],
            end_depot=depots[day.end],
            tw_early=day.begins,
            tw_late=day.ends,
            unit_duration_cost=1,  # waiting is time as well
            capacity=share if day.most is None else min(share, day.most),
            profile=profile,
        )
    ends_at = MultipleCriteria([MaxRuntime(seconds), NoImprovement(PATIENCE)])
    best = model.solve(ends_at, seed=seed, display=False, collect_stats=False).best
    if not best.is_feasible():
        return {}
    return {
        days[route.vehicle_type()].day: [owners[one.idx] for one in route.schedule() if one.is_client()]
        for route in best.routes()
    }


def _reason(
    stop: Stop, stops: dict[int, Stop], routes: dict[int, Route], days: Sequence[Day], travel: Travel
) -> LeftOut:
    """Why a stop is in no route; the day and the missing time are those of the best place that is left."""
    windows = [window for window in stop.windows if window.day in routes]
    if not windows:
        return LeftOut(stop.key, Why.CLOSED)
    if all(window.closes - window.opens < stop.service for window in windows):
        return LeftOut(stop.key, Why.TOO_SHORT)
    if not _usable(stop, days, travel):
        return LeftOut(stop.key, Why.TOO_FAR)
    met = {day: [stops[call.key] for call in route.calls] for day, route in routes.items()}
    with_room = [day for day in days if not _is_full(met[day.day], day)]
    found = best_place(stop, with_room, met, travel)
    if found is None:
        return LeftOut(stop.key, Why.FULL)
    missing, _way, best, _place = found
    return LeftOut(stop.key, Why.NO_TIME if missing else Why.WORTH, best, missing)


def overrun(route: Route, day: Day) -> int:
    """Seconds by which a day is too short: by how much one is back late, or met somebody too late."""
    return max(0, route.back_at - day.ends, max(route.late.values(), default=0))
