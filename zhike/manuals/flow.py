"""The picture of outcomes before and after: two columns of bars, and bands from the one to the other."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

WIDE, HIGH = 450, 330
LEFT, RIGHT, THICK = 146, 292, 12
GAP, SLOT = 14, 34  # between bars, and the least room that two lines of text need
MOST = 8
SIGNS = 18  # of a name beside its bar, a Chinese character counting for two


@dataclass(frozen=True)
class Node:
    x: int
    y: float
    height: float
    name: str
    count: int
    tint: int
    text_x: int
    anchor: str

    @property
    def label(self) -> str:
        shown, left = "", SIGNS
        for sign in self.name:
            left -= 2 if sign > "\u2e7f" else 1
            if left < 0:
                return f"{shown}…"
            shown += sign
        return shown

    @property
    def text_y(self) -> float:
        return round(self.y + self.height / 2 - 2, 1)

    @property
    def count_y(self) -> float:
        return round(self.y + self.height / 2 + 13, 1)


@dataclass(frozen=True)
class Band:
    path: str
    moves: bool
    said: str


@dataclass(frozen=True)
class Flow:
    nodes: list[Node]
    bands: list[Band]
    height: float
    said: str


def flow_of(names: list[str], outcomes: list[dict[str, Any]], flows: list[dict[str, Any]]) -> Flow | None:
    """Of the outcomes with most cases; None where there are too many to be told apart."""
    shown = [at for at, one in enumerate(outcomes) if one["before"] or one["after"]]
    total = sum(one["before"] for one in outcomes)
    if not total or len(shown) > MOST:
        return None
    room = HIGH - GAP * (len(shown) - 1)
    tops: dict[str, dict[int, float]] = {}
    nodes = []
    lowest = 0.0
    for side, x in (("before", LEFT), ("after", RIGHT)):
        y, tops[side] = 0.0, {}
        for tint, at in enumerate(shown):
            count = outcomes[at][side]
            height = round(room * count / total, 1)
            tops[side][at] = y
            text = (x - 8, "end") if side == "before" else (x + THICK + 8, "start")
            nodes.append(Node(x, y, max(height, 1.0), names[at], count, min(tint, 3), *text))
            y = round(y + max(height + GAP, SLOT), 1)
        lowest = max(lowest, y)
    return Flow(nodes, _bands(names, flows, tops, room / total), round(lowest, 1), _said(names, flows))


def _bands(
    names: list[str], flows: list[dict[str, Any]], tops: dict[str, dict[int, float]], scale: float
) -> list[Band]:
    """Bands leave a bar in the order in which they arrive, so that they cross as little as they can."""
    start, end = dict(tops["before"]), dict(tops["after"])
    starts: dict[int, float] = {}
    for at, flow in sorted(enumerate(flows), key=lambda one: (one[1]["old"], one[1]["new"])):
        starts[at] = start[flow["old"]]
        start[flow["old"]] += flow["count"] * scale
    found = []
    for at, flow in sorted(enumerate(flows), key=lambda one: (one[1]["new"], one[1]["old"])):
        height = flow["count"] * scale
        path = _path(starts[at], end[flow["new"]], max(height, 0.6))
        end[flow["new"]] += height
        said = f"{names[flow['old']]} → {names[flow['new']]}: {flow['count']:,}"
        found.append(Band(path, flow["old"] != flow["new"], said))
    return sorted(found, key=lambda band: band.moves)


def _path(one: float, two: float, height: float) -> str:
    x1, x2 = LEFT + THICK, RIGHT
    middle = (x1 + x2) / 2
    a, b, c, d = (round(y, 1) for y in (one, two, two + height, one + height))
    return f"M{x1} {a}C{middle} {a} {middle} {b} {x2} {b}V{c}C{middle} {c} {middle} {d} {x1} {d}Z"


def _said(names: Sequence[str], flows: list[dict[str, Any]]) -> str:
    moves = [flow for flow in flows if flow["old"] != flow["new"]]
    return "；".join(f"{names[flow['old']]} → {names[flow['new']]} {flow['count']:,}" for flow in moves)
