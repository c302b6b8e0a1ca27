"""A week of 100 customers planned by routes: how long it takes, how many find a place, what is driven."""

from __future__ import annotations

import random
import time
from typing import Any

from zhike.visits.routing.week import SECONDS, UNEVEN, Day, Place, Stop, Travel, Window, plan, timetable

HOUR = 3600
BUDGET = 10
CUSTOMERS = 100
HOME = Place(30.27, 120.15)
TRAVEL = Travel(speed=25, detour=1.3, parking=180)
WORK = ((8.5, 12.0), (13.0, 17.5))


def run() -> list[dict[str, Any]]:
    """Rows of name, value, unit and budget. The same customers each time; a third has fixed days or short hours."""
    stops, days = _stops(random.Random(5)), [_day(number) for number in range(5)]
    begun = time.perf_counter()
    week = plan(stops, days, TRAVEL, seconds=SECONDS, uneven=UNEVEN)
    seconds = time.perf_counter() - begun
    served = {call.key for route in week.routes for call in route.calls}
    apart = sum(_by_area([stop for stop in stops if stop.key in served], day) for day in days) / 60
    return [
        {"name": f"a week of {CUSTOMERS} customers planned", "value": seconds, "unit": "s", "budget": BUDGET},
        {"name": "… of them with a place", "value": len(served), "unit": "visits", "budget": None},
        {"name": "… driving", "value": week.travel / 60, "unit": "min", "budget": None},
        {"name": "… driving of the same visits in order of the map", "value": apart, "unit": "min", "budget": None},
    ]  # fmt: skip


def _stops(dice: random.Random) -> list[Stop]:
    return [_stop(dice, key) for key in range(CUSTOMERS)]


def _stop(dice: random.Random, key: int) -> Stop:
    place = Place(HOME.latitude + dice.gauss(0, 0.03), HOME.longitude + dice.gauss(0, 0.035))
    days = [dice.randrange(5)] if dice.random() < 0.15 else range(5)
    opens = dice.choice((8.5, 8.5, 8.5, 9, 10))
    windows = [
        Window(day, int(max(opens, begin) * HOUR), int(end * HOUR)) for day in days for begin, end in WORK
    ]
    return Stop(key, place, dice.choice((10, 15, 15, 20)) * 60, tuple(windows), worth=dice.randrange(60) * 60)


def _day(number: int) -> Day:
    return Day(number, int(WORK[0][0] * HOUR), int(WORK[-1][1] * HOUR), HOME, HOME, most=20)


def _by_area(stops: list[Stop], day: Day) -> int:
    """A fifth of the visits from west to east, each fifth from south to north: what one does with a map at hand."""
    by_east = sorted(stops, key=lambda stop: stop.place.longitude)
    share = -(-len(by_east) // 5)
    row = by_east[day.day * share : (day.day + 1) * share]
    return timetable(sorted(row, key=lambda stop: stop.place.latitude), day, TRAVEL).travel
