"""The procedure of a manual as a chart: a box for each stage, the ways on between them, where a case stands (R001-223)."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from zhike.complaints.regime import Regime, label_of
from zhike.kernel.policy.manual import model

from .reporting.tables import english

LEFT, BOX, HIGH, ROW = 8, 226, 40, 58  # of a box: left edge, width, height; from one row to the next
LANE, FIRST_LANE = 12, 356


@dataclass(frozen=True)
class Box:
    y: int
    name: str
    note: str
    state: str  # done, now, or nothing

    @property
    def name_y(self) -> int:
        return self.y + 17

    @property
    def note_y(self) -> int:
        return self.y + 32


@dataclass(frozen=True)
class Way:
    """A way on that does not simply lead to the box below."""

    path: str
    label: str
    x: int
    y: int
    back: bool


@dataclass(frozen=True)
class Chart:
    wide: int
    height: int
    boxes: list[Box]
    falls: list[tuple[int, int]]  # straight on to the next box: from, to
    ways: list[Way]

    @property
    def middle(self) -> int:
        return LEFT + BOX // 2


def chart(regime: Regime, *, now: str = "", done: Collection[str] = ()) -> Chart | None:
    """The stages from top to bottom in the order of the manual; `now` and `done` are names of stages."""
    table = regime.answer.table
    if not isinstance(table, model.StagesTable):
        return None
    place = {stage.name: number for number, stage in enumerate(table.stages)}
    words = {word.name: label_of(word) for found in regime.manual.lists.values() for word in found.words}
    boxes = [_box(stage, place[stage.name] * ROW + 8, now, done) for stage in table.stages]
    falls: list[tuple[int, int]] = []
    lanes: list[list[tuple[int, int]]] = []
    ways: list[Way] = []
    for stage in table.stages:
        leads: dict[str, list[str]] = {}
        for branch in stage.next:
            if branch.stage is not None:
                leads.setdefault(branch.stage, []).append(
                    words.get(branch.when, branch.when) if branch.when else ""
                )
        here, beside = place[stage.name], 0
        for target, conditions in leads.items():
            there = place[target]
            if there == here + 1:
                falls.append((here * ROW + 8 + HIGH, there * ROW + 8))
            if there == here + 1 and conditions == [""]:
                continue
            said = (", " if english() else "、").join(one for one in conditions if one)
            if there == here + 1:
                ways.append(Way("", said, LEFT + BOX // 2 + 6, here * ROW + 8 + HIGH + 13, False))
                continue
            lane = _lane(lanes, min(here, there), max(here, there))
            ways.append(_way(here, there, FIRST_LANE + LANE * lane, said, beside))
            beside += 1
    return Chart(FIRST_LANE + LANE * max(1, len(lanes)) + 8, len(boxes) * ROW, boxes, falls, ways)


def _box(stage: model.Stage, y: int, now: str, done: Collection[str]) -> Box:
    cell = stage.cells.get("英文")
    name = cell.text if english() and cell is not None and cell.text else stage.name
    state = "now" if stage.name == now else "done" if stage.name in done else ""
    owners = (", " if english() else "、").join(stage.owners)
    return Box(y, name if len(name) < 34 else name[:32] + "…", f"{owners} · {stage.clause}", state)


def _lane(lanes: list[list[tuple[int, int]]], top: int, foot: int) -> int:
    """The first upright lane in which nothing stands between these rows."""
    for number, taken in enumerate(lanes):
        if all(foot < other_top or top > other_foot for other_top, other_foot in taken):
            taken.append((top, foot))
            return number
    lanes.append([(top, foot)])
    return len(lanes) - 1


def _way(here: int, there: int, x: int, label: str, beside: int) -> Way:
    """Out of the box to the right, along the lane, and back into the other one; several leave below each other."""
    edge = LEFT + BOX
    out = here * ROW + 8 + min(12 + 10 * beside, HIGH - 4)
    into = there * ROW + 8 + (HIGH - 6 if there < here else 6)
    path = f"M{edge} {out} H{x} V{into} H{edge + 5}"
    return Way(path, label if len(label) < 18 else label[:16] + "…", edge + 6, out - 3, there < here)
