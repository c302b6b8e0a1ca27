"""Where two versions of a table may decide differently: the only cases a back-test has to look at one by one.

Unlike `changes`, which speaks of what is known to occur, this takes in every case that a database may hold: unknown
values, words of no list, figures below the least one. And a case counts as touched too when the same outcome comes
from another row.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Mapping
from dataclasses import replace
from math import prod

from zhike.kernel.policy.manual.model import DecisionTable, FactSpec, Hit, Param

from .changes import Refused, refuse_errors, shared_space
from .outcomes import outcome_key
from .pairs import Difference, Ruled, differences
from .regions import Region, region
from .segments import Incomparable
from .sweep import Box, Budget, Undecided
from .tables import Prepared, prepare, styles_of

MOST_FOUND = 200
MOST_REGIONS = 12  # a condition of more parts costs a database more than the table itself
SLACK = 1.2  # two boxes become one if that is hardly larger than both


def touched(
    old: DecisionTable, new: DecisionTable, old_params: Mapping[str, Param], new_params: Mapping[str, Param]
) -> tuple[Region, ...] | None:
    """Outside these regions the same row decides the same; none means everywhere. None: cannot be told.

    Compared are values and words of rows; a table of an earlier outcome is taken as unchanged.
    """
    try:
        refuse_errors(old, new)
        space = shared_space(old, new, styles_of(old_params) | styles_of(new_params), _anything)
        one, two = prepare(old, old_params, space), prepare(new, new_params, space)
        found = [difference.box for difference in _differences(one, two)]
    except (Refused, Undecided, Incomparable):
        return None
    boxes = _fewer(found, space.whole) if len(found) <= MOST_FOUND else found
    if len(boxes) > MOST_REGIONS:
        return None
    return tuple(region(space, box) for box in boxes)


def _anything(fact: FactSpec) -> FactSpec:
    """The fact as a database may hold it, whatever was declared."""
    return replace(fact, optional=True, others=True, minimum=None, inferred=False)


def _differences(old: Prepared, new: Prepared) -> Iterator[Difference]:
    """Raises `Undecided`."""
    before, after = _ruled(old), _ruled(new)
    within, budget = new.space.whole, Budget()
    if Hit.COLLECT not in (old.table.hit, new.table.hit):
        yield from differences(before, after, within, budget, MOST_FOUND + 1)
        return
    for key in dict.fromkeys(row.outcome for row in (*before, *after)):
        was = [row for row in before if row.outcome == key]
        now = [row for row in after if row.outcome == key]
        yield from differences(was, now, within, budget, MOST_FOUND + 1)


def _fewer(boxes: list[Box], whole: Box) -> list[Box]:
    """Boxes that cover the same and little more: a threshold that moved is one stretch, whatever the other columns."""
    left = list(boxes)
    at = 0
    while at < len(left):
        for other in range(len(left)):
            hull = tuple(a | b for a, b in zip(left[at], left[other], strict=True))
            if other != at and _size(hull, whole) <= SLACK * (
                _size(left[at], whole) + _size(left[other], whole)
            ):
                left = [box for n, box in enumerate(left) if n not in (at, other)] + [hull]
                at = -1
                break
        at += 1
    return left


def _size(box: Box, whole: Box) -> float:
    """The share of the space, as if all segments were equally wide."""
    return prod(part.bit_count() / full.bit_count() for part, full in zip(box, whole, strict=True))


def _ruled(side: Prepared) -> list[Ruled]:
    rows = side.table.rows
    return [
        Ruled([box for box in side.boxes[n] if all(box)], (rows[n].text, _outcomes(side, n)))
        for n in side.sound
    ]


def _outcomes(side: Prepared, n: int) -> Hashable:
    labels = [column.label for column in side.table.outputs]
    keys = [outcome_key(cell, side.params) for cell in side.table.rows[n].outcomes]
    return tuple(zip(labels, keys, strict=True))
