"""The procedure of a manual as a chart: a box for each stage, the ways on between them, where a case stands (R001-223)."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from django.utils.translation import gettext as _

from zhike.complaints import questions
from zhike.complaints.regime import Regime, label_of, reads_english
from zhike.kernel.parties.directory import directory
from zhike.kernel.policy.manual import model
from zhike.people.models import Post

LEFT, BOX, HIGH, GAP = 8, 226, 40, 18  # of a box: left edge, width, least height; between two boxes
LANE, FIRST_LANE = 12, 356
OUT, NEXT = 21, 12  # where the first way leaves a box, and how far below it the next one


@dataclass(frozen=True)
class Box:
    y: int
    height: int
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
    if reads_english():
        words |= _owners(owner for stage in table.stages for owner in stage.owners)
        words |= {questions.MAJOR.zh: questions.MAJOR.en, "接待人": _("Taker"), "处理人": _("Handler")}
    leads = [_leads(stage, words) for stage in table.stages]
    boxes, y = [], 8
    for number, stage in enumerate(table.stages):
        leaving = sum(place[target] != number + 1 for target in leads[number])
        boxes.append(_box(stage, words, y, max(HIGH, OUT + NEXT * (leaving - 1) + 8), now, done))
        y += boxes[-1].height + GAP
    falls: list[tuple[int, int]] = []
    lanes: list[list[tuple[int, int]]] = []
    ways: list[Way] = []
    for here, box in enumerate(boxes):
        beside = 0
        for target, conditions in leads[here].items():
            there = place[target]
            said = (", " if reads_english() else "、").join(one for one in conditions if one)
            if there == here + 1:
                falls.append((box.y + box.height, boxes[there].y))
                if said and "" not in conditions:
                    ways.append(Way("", said, LEFT + BOX // 2 + 8, box.y + box.height + 12, False))
                continue
            lane = FIRST_LANE + LANE * _lane(lanes, min(here, there), max(here, there))
            ways.append(_way(box, boxes[there], lane, said, beside))
            beside += 1
    return Chart(FIRST_LANE + LANE * max(1, len(lanes)) + 8, y, boxes, falls, ways)


def _owners(words: Iterable[str]) -> dict[str, str]:
    """Words that name posts, with the posts' names in the reader's language."""
    codes = {word: directory().post_code(word) for word in words}
    posts = {post.code: post.label for post in Post.objects.filter(code__in=filter(None, codes.values()))}
    return {word: posts[code] for word, code in codes.items() if code in posts}


def _leads(stage: model.Stage, words: Mapping[str, str]) -> dict[str, list[str]]:
    """Each stage to which this one leads, with the conditions; "" for the way that asks nothing."""
    found: dict[str, list[str]] = {}
    for branch in stage.next:
        if branch.stage is not None:
            found.setdefault(branch.stage, []).append(
                words.get(branch.when, branch.when) if branch.when else ""
            )
    return found


def _box(
    stage: model.Stage, words: Mapping[str, str], y: int, height: int, now: str, done: Collection[str]
) -> Box:
    cell = stage.cells.get("英文")
    name = cell.text if reads_english() and cell is not None and cell.text else stage.name
    state = "now" if stage.name == now else "done" if stage.name in done else ""
    owners = (", " if reads_english() else "、").join(words.get(owner, owner) for owner in stage.owners)
    return Box(y, height, _cut(name, 28), _cut(f"{owners} · {stage.clause}", 36), state)


def _cut(text: str, signs: int) -> str:
    return text if len(text) <= signs else text[: signs - 1] + "…"


def _lane(lanes: list[list[tuple[int, int]]], top: int, foot: int) -> int:
    """The first upright lane in which nothing stands between these rows."""
    for number, taken in enumerate(lanes):
        if all(foot < other_top or top > other_foot for other_top, other_foot in taken):
            taken.append((top, foot))
            return number
    lanes.append([(top, foot)])
    return len(lanes) - 1


def _way(here: Box, there: Box, x: int, label: str, beside: int) -> Way:
    """Out of the box to the right, along the lane, and back into the other one; several leave below each other."""
    edge, back = LEFT + BOX, there.y < here.y
    out = here.y + OUT + NEXT * beside
    into = there.y + (there.height - 5 if back else 5)
    path = f"M{edge} {out} H{x} V{into} H{edge + 5}"
    return Way(path, _cut(label, 17), edge + 8, out - 3, back)
