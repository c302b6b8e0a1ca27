"""Routes: every answer is driven through again by arithmetic of its own."""

from __future__ import annotations

import json
import math
import random
from pathlib import Path

import pytest

from zhike.visits.routing import instances, shell
from zhike.visits.routing.week import (
    Call,
    Day,
    Place,
    Stop,
    Travel,
    Why,
    Window,
    plan,
    straight_km,
    timetable,
)

HOUR = 3600
HOME = Place(30.5500, 114.3000)
TRAVEL = Travel(speed=25, detour=1.3, parking=120)
CUSTOMERS = [
    # number, x, y, demand, ready, due, service
    (0, 35, 35, 0, 0, 230, 0),
    (1, 41, 49, 10, 60, 171, 10),
    (2, 35, 17, 7, 50, 160, 10),
    (3, 55, 45, 13, 16, 126, 10),
    (4, 55, 20, 19, 49, 159, 10),
    (5, 15, 30, 26, 34, 144, 10),
    (6, 25, 30, 3, 99, 208, 10),
    (7, 20, 50, 5, 81, 191, 10),
    (8, 10, 43, 9, 30, 140, 10),
]
CVRP = """NAME : small-n6-k2
COMMENT : (made up, No of trucks: 2, Optimal value: {best})
TYPE : CVRP
DIMENSION : 6
EDGE_WEIGHT_TYPE : EUC_2D
CAPACITY : 15
NODE_COORD_SECTION
 1 0 0
 2 10 0
 3 0 10
 4 10 10
 5 -10 0
 6 0 -10
DEMAND_SECTION
1 0
2 5
3 5
4 5
5 5
6 5
DEPOT_SECTION
 1
 -1
EOF
"""


def solomon(rows=CUSTOMERS, *, capacity: int = 50) -> str:
    lines = ["  ".join(map(str, row)) for row in rows]
    return "\r\n".join(
        [
            "X101",
            "",
            "VEHICLE",
            "NUMBER     CAPACITY",
            f"  5         {capacity}",
            "",
            "CUSTOMER",
            "CUST NO.  XCOORD.   YCOORD.    DEMAND   READY TIME  DUE DATE   SERVICE TIME",
            "",
            *lines,
            "",
        ]
    )


def written(folder: Path, name: str, text: str) -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8", newline="")
    return path


def driven(routes, rows=CUSTOMERS, *, capacity: int = 50) -> float:
    """Cost of the routes in tenths cut off, after asserting that windows and capacity hold."""
    total = 0
    for route in routes:
        here, now, load = rows[0], 0, 0
        for number in [*route, 0]:
            there = rows[number]
            way = math.floor(10 * math.dist(here[1:3], there[1:3]))
            total, now = total + way, now + way
            now = max(now, 10 * there[4])
            assert now <= 10 * there[5], f"customer {number} is met after the window"
            now, load, here = now + 10 * there[6], load + there[3], there
        assert load <= capacity
    return total / 10


def test_a_solomon_file_is_solved_within_windows_and_capacity(tmp_path):
    file = written(tmp_path, "X101.txt", solomon())

    found = instances.solve(instances.read(file), seconds=0.5)

    assert found.is_feasible
    assert sorted(customer for route in found.routes for customer in route) == list(range(1, 9))
    assert found.cost == pytest.approx(driven(found.routes))
    assert found.rounding == "dimacs"
    assert found.instance.name == "X101"


def test_a_vrplib_file_is_solved_and_compared_with_its_best_known_value(tmp_path):
    # two trucks of three: 1-3-2 is a square (40), 4-5 a triangle (10 + 14 + 10)
    file = written(tmp_path, "small.vrp", CVRP.format(best=74))

    found = instances.solve(instances.read(file), seconds=0.5)

    assert found.rounding == "round"
    assert found.cost == 74
    assert found.gap == 0
    assert {frozenset(route) for route in found.routes} == {frozenset({1, 2, 3}), frozenset({4, 5})}


@pytest.mark.parametrize(
    ("comment", "best"),
    [
        ("(Augerat et al, Min no of trucks: 5, Optimal value: 784)", 784),
        ("(Christofides et al, Min no of trucks: 5, Best value: 524.61)", 524.61),
        ("BKS = 828.94", 828.94),
        ("best known: 1021", 1021),
        ("Min no of trucks: 5", None),
    ],
)
def test_the_best_known_value_is_read_from_the_comment(tmp_path, comment, best):
    text = CVRP.replace("(made up, No of trucks: 2, Optimal value: {best})", comment)

    assert instances.read(written(tmp_path, "small.vrp", text)).best == best


def test_a_solution_beside_the_file_and_a_given_value_say_the_best_known(tmp_path):
    file = written(tmp_path, "small.vrp", CVRP.format(best=80))
    written(tmp_path, "small.sol", "Route #1: 1 3 2\nRoute #2: 4 5\nCost 74\n")

    assert instances.read(file).best == 74
    assert instances.read(file, best=73.5).best == 73.5


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "no section"),
        ("hello\nworld\n", "no section"),
        (CVRP.replace("DIMENSION : 6", "DIMENSION : 7"), "names 7 places"),
        (CVRP.replace(" 5 -10 0\n", ""), "names 6 places"),
        (CVRP.replace(" 4 10 10", " 4 ten 10"), "VRPLIB"),
        (
            solomon().replace("41  49  10  60  171  10", "41  49  10  60"),
            "customer 1 has 5 figures instead of 7",
        ),
        (solomon().replace("  5         50", "  five"), "Solomon"),
    ],
)
def test_a_file_that_is_no_problem_gets_one_sentence(tmp_path, text, says):
    with pytest.raises(instances.BadInstance, match=says) as refused:
        instances.solve(instances.read(written(tmp_path, "bad.vrp", text)), seconds=0.1)

    assert "\n" not in str(refused.value)


def test_the_shell_prints_one_json_object_a_file(tmp_path, capsys):
    first = written(tmp_path, "small.vrp", CVRP.format(best=70))
    second = written(tmp_path, "x101.txt", solomon())

    status = shell.main(["solve", str(first), str(second), "--seconds", "0.3", "--json"])

    small, windows = (json.loads(line) for line in capsys.readouterr().out.splitlines())
    assert status == 0
    assert (small["cost"], small["best_known"], small["gap_percent"]) == (74, 70, 5.714)
    assert (windows["feasible"], windows["best_known"], windows["gap_percent"]) == (True, None, None)
    assert windows["cost"] == pytest.approx(driven(windows["routes"]))


def test_the_shell_goes_on_after_a_bad_file(tmp_path, capsys):
    bad = written(tmp_path, "bad.vrp", "nothing")
    good = written(tmp_path, "small.vrp", CVRP.format(best=74))

    status = shell.main(["solve", str(bad), str(tmp_path / "none.vrp"), str(good), "--seconds", "0.2"])

    printed = capsys.readouterr()
    assert status == 1
    assert [line.split(" ")[0] for line in printed.err.splitlines()] == ["zhike:", "zhike:"]
    assert printed.out.startswith("small-n6-k2: cost 74 with 2 vehicles")


# The week of one person


def day(number: int, *, begins: float = 9, ends: float = 18) -> Day:
    return Day(number, int(begins * HOUR), int(ends * HOUR), HOME, HOME)


def stop(key: int, east: float = 0.01, *, days=range(5), opens=9.0, closes=18.0, minutes=30, **more) -> Stop:
    windows = tuple(Window(one, int(opens * HOUR), int(closes * HOUR)) for one in days)
    return Stop(key, Place(HOME.latitude, HOME.longitude + east), minutes * 60, windows, **more)


def test_the_straight_way_is_the_great_circle():
    # one degree of latitude is 111.195 km on a sphere of 6,371 km
    assert straight_km(Place(30, 114), Place(31, 114)) == pytest.approx(111.195, abs=0.01)
    assert straight_km(Place(0, 179.5), Place(0, -179.5)) == pytest.approx(111.195, abs=0.01)


def test_travel_takes_the_detour_the_speed_and_the_parking():
    way = Travel(speed=30, detour=1.5, parking=60).seconds(Place(30, 114), Place(30.1, 114))

    assert way == pytest.approx(11.1195 * 1.5 / 30 * 3600 + 60, abs=1)
    assert TRAVEL.seconds(HOME, HOME) == 0


@pytest.mark.parametrize("seed", range(4))
def test_a_week_keeps_hours_days_and_order(seed):
    chance = random.Random(seed)
    stops = [
        stop(
            key,
            chance.uniform(-0.1, 0.1),
            days=range(5) if chance.random() < 0.4 else [chance.randrange(5)],
            opens=chance.choice([9, 13]),
            closes=chance.choice([14.5, 18]),
            minutes=chance.choice([20, 40]),
            is_required=chance.random() < 0.5,
            worth=chance.randrange(3600),
        )
        for key in range(30)
    ]
    days = [day(number) for number in range(5)]

    week = plan(stops, days, TRAVEL, seconds=0.5)

    known = {one.key: one for one in stops}
    served = [call.key for route in week.routes for call in route.calls]
    assert sorted(served + [left.key for left in week.left_out]) == list(range(30))
    for route in week.routes:
        here, now = HOME, route.leaves_at
        assert now >= 9 * HOUR
        for call in route.calls:
            place = known[call.key].place
            now += round(straight_km(here, place) * 1.3 / 25 * 3600) + (120 if place != here else 0)
            assert call.arrives == now
            window = next(
                one
                for one in known[call.key].windows
                if one.day == route.day and one.opens <= call.begins and call.leaves <= one.closes
            )
            assert call.begins == max(now, window.opens)
            here, now = place, call.begins + known[call.key].service
        assert route.back_at <= 18 * HOUR
        assert route.late == {}


def test_who_is_left_out_is_told_why():
    stops = [
        stop(1, days=[6]),
        stop(2, opens=9, closes=9.25, minutes=30),
        stop(3, east=3.0),
        stop(4, minutes=500, days=[0]),
        stop(5, minutes=200, days=[0]),
        stop(6, east=0.4, days=[1], worth=60, is_required=False),
    ]

    week = plan(stops, [day(0), day(1)], TRAVEL, seconds=0.5)

    left = {one.key: one for one in week.left_out}
    assert {key: one.why for key, one in left.items()} | {4: None, 5: None} == {
        1: Why.CLOSED,
        2: Why.TOO_SHORT,
        3: Why.TOO_FAR,
        4: None,
        5: None,
        6: Why.WORTH,
    }
    # of the two that do not fit into one day, one is left out: so many seconds are missing on this day
    (crowded,) = {4, 5} & set(left)
    assert left[crowded].why is Why.NO_TIME
    assert left[crowded].day == 0
    together = TRAVEL.seconds(HOME, stops[3].place) * 2 + (500 + 200) * 60
    assert left[crowded].missing == together - 9 * HOUR


def test_those_who_must_be_served_come_before_any_worth():
    must = [stop(key, 0.05 * key, days=[0], minutes=120) for key in (1, 2, 3)]
    may = [stop(key, 0.001, days=[0], minutes=120, is_required=False, worth=9 * HOUR) for key in (4, 5, 6)]

    week = plan(must + may, [day(0)], TRAVEL, seconds=0.5)

    assert {1, 2, 3} <= {call.key for call in week.routes[0].calls}


def test_a_stop_that_stands_fast_stays_on_its_day():
    near = [stop(key, 0.02) for key in range(4)]
    fast = stop(9, 0.02, days=[3])

    week = plan([*near, fast], [day(number) for number in range(5)], TRAVEL, seconds=0.3)

    assert 9 in {call.key for call in week.routes[3].calls}


def test_a_split_day_serves_after_the_noon_break():
    windows = (Window(0, 9 * HOUR, 12 * HOUR), Window(0, 14 * HOUR, 18 * HOUR))
    shop = Stop(1, HOME, 40 * 60, windows)

    late = timetable([stop(2, 0.0, minutes=160), shop], day(0), TRAVEL)

    # 09:00 + 2:40 is 11:40; forty minutes no longer fit before twelve
    assert late.calls[1] == Call(1, arrives=42000, begins=14 * HOUR, leaves=14 * HOUR + 2400, travel=0)
    assert late.calls[1].waits == 14 * HOUR - 42000


def test_a_timetable_made_by_hand_says_who_is_met_too_late():
    early = stop(1, 0.0, closes=10, minutes=30)
    long = stop(2, 0.0, minutes=60)

    assert timetable([early, long], day(0), TRAVEL).late == {}
    assert timetable([long, early], day(0), TRAVEL).late == {1: 30 * 60}


def test_an_empty_week_and_no_days_are_answered():
    assert plan([], [day(0)], TRAVEL, seconds=0.1).left_out == ()
    assert [one.why for one in plan([stop(1)], [], TRAVEL, seconds=0.1).left_out] == [Why.CLOSED]


def test_a_stop_given_twice_is_refused():
    with pytest.raises(ValueError, match="twice"):
        plan([stop(1), stop(1)], [day(0)], TRAVEL, seconds=0.1)
