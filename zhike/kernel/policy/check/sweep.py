"""Which points of a finite space do boxes leave out, hide or hit twice?

A *space* is a product of dimensions; each dimension has a few elementary segments, numbered from 0.
A *box* has one bit mask per dimension (bit ``n``: segment ``n`` belongs to it). A *row* is a union of boxes.

The sweep cuts the space dimension by dimension and carries the set of boxes that are still possible.
It stops as soon as one of them is satisfied in all remaining dimensions, and remembers the pairs of
(boxes possible, dimensions left) that it has proven covered. Regulations need a few hundred states;
the worst case is exponential, hence the budget: past it every function raises `Undecided`.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import reduce
from operator import and_
from typing import TypeAlias

Box: TypeAlias = tuple[int, ...]
Row: TypeAlias = Sequence[Box]

STATES = 100_000


class Undecided(Exception):
    """The budget of states is used up; nothing may be concluded."""


@dataclass(slots=True)
class Budget:
    """How many states may still be looked at."""

    left: int = STATES

    def spend(self) -> None:
        self.left -= 1
        if self.left < 0:
            raise Undecided


def full(sizes: Iterable[int]) -> Box:
    """The whole space of dimensions with that many segments."""
    return tuple((1 << size) - 1 for size in sizes)


def bits(mask: int) -> Iterator[int]:
    """Numbers of the bits that are set, lowest first."""
    while mask:
        low = mask & -mask
        yield low.bit_length() - 1
        mask ^= low


def meet(one: Box, two: Box) -> Box | None:
    """The common part of two boxes, or None."""
    both = tuple(a & b for a, b in zip(one, two, strict=True))
    return both if all(both) else None


class Index:
    """Answers for many boxes at once, as bit masks over their positions."""

    def __init__(self, boxes: Sequence[Box]) -> None:
        self.all = (1 << len(boxes)) - 1
        self._by_mask: list[dict[int, int]] = []
        for masks in zip(*boxes, strict=True):
            groups: dict[int, int] = {}
            for position, mask in enumerate(masks):
                groups[mask] = groups.get(mask, 0) | (1 << position)
            self._by_mask.append(groups)
        self._meeting: dict[tuple[int, int], int] = {}
        self._covering: dict[tuple[int, int], int] = {}

    def meeting(self, box: Box) -> int:
        """Which boxes have a point in common with this one."""
        return reduce(and_, (self.touching(d, mask) for d, mask in enumerate(box)), self.all)

    def covering(self, box: Box) -> int:
        """Which boxes contain this one wholly."""
        return reduce(and_, (self.containing(d, mask) for d, mask in enumerate(box)), self.all)

    def touching(self, dimension: int, mask: int) -> int:
        """Which boxes have one of these segments in that dimension."""
        key = (dimension, mask)
        if key not in self._meeting:
            groups = self._by_mask[dimension] if self._by_mask else {}
            self._meeting[key] = sum(found for other, found in groups.items() if other & mask)
        return self._meeting[key]

    def containing(self, dimension: int, mask: int) -> int:
        """Which boxes have all of these segments in that dimension."""
        key = (dimension, mask)
        if key not in self._covering:
            groups = self._by_mask[dimension] if self._by_mask else {}
            self._covering[key] = sum(found for other, found in groups.items() if other & mask == mask)
        return self._covering[key]


class Field:
    """Boxes inside one region, ready for sweeping; more boxes may be added on the way."""

    def __init__(self, boxes: Iterable[Box], within: Box) -> None:
        self._within = within
        self._count = 0
        self._alive = 0
        self._open = [0] * len(within)
        self._match = [dict.fromkeys(bits(mask), 0) for mask in within]
        self._classes: list[list[tuple[int, int]]] = []
        self._clean: set[tuple[int, int]] = set()
        for box in boxes:
            self._put(box)
        self._regroup()

    def add(self, box: Box) -> None:
        """One more box; what was proven covered stays so."""
        self._put(box)
        self._regroup()

    def hole(self, budget: Budget) -> Box | None:
        """A box of the region that no box touches, or None if the region is covered."""
        if not all(self._within):
            return None
        path = self._search(self._alive, range(len(self._within)), budget)
        if path is None:
            return None
        box = list(self._within)
        for dimension, segments in path:
            box[dimension] = segments
        return tuple(box)

    def _put(self, box: Box) -> None:
        bit = 1 << self._count
        self._count += 1
        if meet(box, self._within) is None:
            return
        self._alive |= bit
        for dimension, (mask, region) in enumerate(zip(box, self._within, strict=True)):
            if mask & region != region:
                self._open[dimension] |= bit
            match = self._match[dimension]
            for segment in bits(mask & region):
                match[segment] |= bit

    def _regroup(self) -> None:
        """Segments that no box tells apart are walked as one."""
        self._classes = []
        for match in self._match:
            groups: dict[int, int] = {}
            for segment, found in match.items():
                groups[found] = groups.get(found, 0) | (1 << segment)
            self._classes.append([(segments, found) for found, segments in groups.items()])

    def _search(self, alive: int, free: Iterable[int], budget: Budget) -> list[tuple[int, int]] | None:
        """Path to a point without box, in the part where only `alive` are left and `free` are uncut."""
        if not alive:
            return []
        blocked = left = most = 0
        widest = -1
        relevant = []
        for dimension in free:
            cut = self._open[dimension] & alive
            if cut:
                blocked |= cut
                left |= 1 << dimension
                relevant.append(dimension)
                if (count := cut.bit_count()) > most:
                    most, widest = count, dimension
        if alive & ~blocked or (alive, left) in self._clean:
            return None
        budget.spend()
        relevant.remove(widest)
        for found, segments in self._branches(alive, widest):
            path = self._search(found, relevant, budget)
            if path is not None:
                return [(widest, segments), *path]
        self._clean.add((alive, left))
        return None

    def _branches(self, alive: int, dimension: int) -> list[tuple[int, int]]:
        """The different sets that survive a cut, hardest to cover first; supersets of another are left out."""
        groups: dict[int, int] = {}
        for segments, match in self._classes[dimension]:
            found = alive & match
            groups[found] = groups.get(found, 0) | segments
        kept: list[tuple[int, int]] = []
        for found in sorted(groups, key=int.bit_count):
            if not any(smaller & found == smaller for smaller, _ in kept):
                kept.append((found, groups[found]))
        return kept


def widened(box: Box, index: Index, within: Box) -> Box:
    """A maximal box of the region around a hole that still touches no box of the index."""
    result = list(box)
    touching = [index.touching(d, mask) for d, mask in enumerate(box)]
    after = [index.all]
    for mask in reversed(touching):
        after.append(after[-1] & mask)
    before = index.all
    for dimension, region in enumerate(within):
        others = before & after[len(within) - 1 - dimension]
        result[dimension] = sum(
            1 << segment for segment in bits(region) if not index.touching(dimension, 1 << segment) & others
        )
        before &= index.touching(dimension, result[dimension])
    return tuple(result)


def gaps(rows: Iterable[Row], within: Box, budget: Budget, limit: int = 50) -> Iterator[Box]:
    """Maximal boxes of the region that no row touches; together they cover all of it that is untouched.

    They may overlap each other. At most `limit` are given. Raises `Undecided`.
    """
    boxes = [box for row in rows for box in row]
    index = Index(boxes)
    area = Field(boxes, within)
    for _ in range(limit):
        hole = area.hole(budget)
        if hole is None:
            return
        wide = widened(hole, index, within)
        yield wide
        area.add(wide)


@dataclass(slots=True)
class Shadows:
    """Rows that are never decisive, each with the rows that hide it together; `undecided` are neither."""

    hidden: dict[int, list[int]] = field(default_factory=dict)
    empty: list[int] = field(default_factory=list)
    undecided: list[int] = field(default_factory=list)


def shadows(rows: Sequence[Row], order: Sequence[int], budget: Budget) -> Shadows:
    """Exactly the rows that earlier rows of `order` (positions in `rows`) cover wholly."""
    found = Shadows()
    boxes = [box for number in order for box in rows[number] if all(box)]
    owner = [number for number in order for box in rows[number] if all(box)]
    index = Index(boxes)
    earlier = position = 0
    for number in order:
        own = [box for box in rows[number] if all(box)]
        if not own:
            found.empty.append(number)
            continue
        try:
            hiding = _hiding(own, boxes, index, earlier, budget)
        except Undecided:
            found.undecided.append(number)
        else:
            if hiding is not None:
                found.hidden[number] = sorted({owner[bit] for bit in bits(hiding)})
        for _ in own:
            earlier |= 1 << position
            position += 1
    return found


def _hiding(own: Row, boxes: Sequence[Box], index: Index, earlier: int, budget: Budget) -> int | None:
    """The boxes that together cover all of `own`, few if one is enough; None if a point is left."""
    hiding = 0
    hard = []
    for box in own:
        meeting = index.meeting(box) & earlier
        if not meeting:
            return None
        covering = index.covering(box) & earlier
        if covering:
            hiding |= covering & -covering
        else:
            hard.append((box, meeting))
    for box, meeting in hard:
        if Field((boxes[bit] for bit in bits(meeting)), box).hole(budget) is not None:
            return None
        hiding |= _fewer(box, meeting, boxes, budget)
    return hiding


def _fewer(box: Box, meeting: int, boxes: Sequence[Box], budget: Budget, few: int = 12) -> int:
    """Drop boxes that are not needed to cover `box`; only tried where the answer is short enough to print."""
    if meeting.bit_count() > few:
        return meeting
    for bit in reversed(list(bits(meeting))):
        without = meeting & ~(1 << bit)
        if Field((boxes[other] for other in bits(without)), box).hole(budget) is None:
            meeting = without
    return meeting


def overlaps(rows: Sequence[Row]) -> Iterator[tuple[int, int, Box]]:
    """Every pair of rows with a common point, and one box of common points."""
    boxes = [(number, box) for number, row in enumerate(rows) for box in row if all(box)]
    index = Index([box for _, box in boxes])
    seen: set[tuple[int, int]] = set()
    for position, (number, box) in enumerate(boxes):
        for bit in bits(index.meeting(box) >> (position + 1)):
            other, second = boxes[position + 1 + bit]
            common = meet(box, second)
            if other != number and (number, other) not in seen and common is not None:
                seen.add((number, other))
                yield number, other, common
