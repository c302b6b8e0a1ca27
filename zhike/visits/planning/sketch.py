"""The routes of a week as a drawing: places on a plane, a line for each day. No map of other people is asked."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from zhike.visits.routing.week import Place

WIDE, HIGH, MARGIN = 640, 420, 18


@dataclass(frozen=True)
class Line:
    """A day: from where, and the stops with number and name."""

    day: int
    start: Place
    stops: Sequence[tuple[int, str, Place]]


@dataclass(frozen=True)
class Dot:
    x: float
    y: float
    name: str
    day: int | None = None
    number: int | None = None


@dataclass(frozen=True)
class Sketch:
    wide: int
    high: int
    paths: list[tuple[int, str]]
    dots: list[Dot]
    left: list[Dot]
    home: Dot | None
    bar: tuple[float, int]  # length in the drawing, kilometres


def draw(lines: Iterable[Line], left: Sequence[tuple[str, Place]], home: Place | None) -> Sketch:
    """Places at one scale in both directions, north above."""
    rows = [line for line in lines if line.stops]
    places = [place for line in rows for _number, _name, place in line.stops]
    places += [place for _name, place in left]
    scale = _Scale([*places, *([home] if home is not None else [])])
    paths, dots = [], []
    for line in rows:
        way = [line.start, *(place for _number, _name, place in line.stops), line.start]
        paths.append((line.day, " ".join("{},{}".format(*scale.of(place)) for place in way)))
        dots += [Dot(*scale.of(place), name, line.day, number) for number, name, place in line.stops]
    return Sketch(
        WIDE,
        HIGH,
        paths,
        dots,
        [Dot(*scale.of(place), name) for name, place in left],
        Dot(*scale.of(home), "") if home is not None else None,
        scale.bar(),
    )


class _Scale:
    def __init__(self, places: Sequence[Place]) -> None:
        norths = [place.latitude for place in places] or [0.0]
        easts = [place.longitude for place in places] or [0.0]
        self.north, self.east = (min(norths) + max(norths)) / 2, (min(easts) + max(easts)) / 2
        self.narrow = math.cos(math.radians(self.north))
        high = max(max(norths) - min(norths), 0.005)
        wide = max((max(easts) - min(easts)) * self.narrow, 0.005)
        self.factor = min((HIGH - 2 * MARGIN) / high, (WIDE - 2 * MARGIN) / wide)

    def of(self, place: Place) -> tuple[float, float]:
        x = WIDE / 2 + (place.longitude - self.east) * self.narrow * self.factor
        y = HIGH / 2 - (place.latitude - self.north) * self.factor
        return round(x, 1), round(y, 1)

    def bar(self) -> tuple[float, int]:
        """A round number of kilometres that takes about a fifth of the width."""
        per_km = self.factor / 111.195
        wanted = WIDE / 5 / per_km
        km = max((one for one in (1, 2, 5, 10, 20, 50, 100, 200, 500, 1000) if one <= wanted), default=1)
        return round(km * per_km, 1), km
