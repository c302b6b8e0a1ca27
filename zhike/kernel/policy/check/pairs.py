"""Where do two ordered lists of rows give different outcomes? The sweep of `sweep`, over both at once."""

from collections.abc import Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import TypeAlias

from .sweep import Box, Budget, Index, Row, bits, meet


@dataclass(frozen=True, slots=True)
class Ruled:
    """A row with what it decides. Rows stand in order of precedence: the first that matches decides."""

    boxes: Row
    outcome: Hashable


@dataclass(frozen=True, slots=True)
class Difference:
    """Everywhere in `box`, the first list decides `old` and the second `new` (None: no row)."""

    box: Box
    old: Hashable
    new: Hashable


Path: TypeAlias = list[tuple[int, int]]


class Lists:
    """The boxes of both lists, those of the old one first, ready to be looked up by region."""

    def __init__(self, old: Sequence[Ruled], new: Sequence[Ruled]) -> None:
        sides = [[(box, row.outcome) for row in rows for box in row.boxes] for rows in (old, new)]
        self.boxes: list[tuple[Box, Hashable]] = sides[0] + sides[1]
        self.old = (1 << len(sides[0])) - 1
        self.new = ((1 << len(sides[1])) - 1) << len(sides[0])
        self.index = Index([box for box, _ in self.boxes])


class Comparison:
    """Both lists inside one region. Boxes of the first list have the lower bits, found regions the highest."""

    def __init__(self, lists: Lists, within: Box, done: Iterable[Box] = ()) -> None:
        self._lists, self._within = lists, within
        self._alive = lists.index.meeting(within)
        self._old, self._new = lists.old, lists.new
        self._open = [self._alive & ~lists.index.containing(d, mask) for d, mask in enumerate(within)]
        self._found = {
            1 << (len(lists.boxes) + n): box for n, box in enumerate(done) if meet(box, within) is not None
        }
        self._done = sum(self._found)
        for bit, box in self._found.items():
            for dimension, (mask, region) in enumerate(zip(box, within, strict=True)):
                if mask & region != region:
                    self._open[dimension] |= bit
        self._classes: dict[int, list[tuple[int, int]]] = {}
        self._clean: set[tuple[int, int]] = set()

    def _cut(self, dimension: int) -> list[tuple[int, int]]:
        """Segments of the region with the boxes that have them; segments no box tells apart are one."""
        if dimension not in self._classes:
            groups: dict[int, int] = {}
            for segment in bits(self._within[dimension]):
                bit = 1 << segment
                found = self._alive & self._lists.index.touching(dimension, bit)
                found |= sum(mark for mark, box in self._found.items() if box[dimension] & bit)
                groups[found] = groups.get(found, 0) | bit
            self._classes[dimension] = [(segments, found) for found, segments in groups.items()]
        return self._classes[dimension]

    def different(self, budget: Budget) -> Difference | None:
        """A box where both lists are decided and differ, outside the regions already found."""
        return self._start(None, budget)

    def always(self, old: Hashable, new: Hashable, budget: Budget) -> bool:
        """Whether everywhere in the region the lists decide just so."""
        return self._start((old, new), budget) is None

    def _start(self, wanted: tuple[Hashable, Hashable] | None, budget: Budget) -> Difference | None:
        if not all(self._within):
            return None
        found = self._search(self._alive | self._done, range(len(self._within)), wanted, budget)
        if found is None:
            return None
        path, old, new = found
        box = list(self._within)
        for dimension, segments in path:
            box[dimension] = segments
        return Difference(tuple(box), old, new)

    def _search(
        self, alive: int, free: Iterable[int], wanted: tuple[Hashable, Hashable] | None, budget: Budget
    ) -> tuple[Path, Hashable, Hashable] | None:
        blocked = 0
        for dimension in free:
            blocked |= self._open[dimension]
        sure = alive & ~blocked
        if sure & self._done:
            return None
        alive = self._cut_off(self._cut_off(alive, sure, self._old), sure, self._new)
        if self._settled(alive & ~self._done, sure):
            old, new = self._decided(alive, self._old), self._decided(alive, self._new)
            if old == new if wanted is None else (old, new) == wanted:
                return None
            if not alive & self._done:
                return [], old, new
        relevant = [dimension for dimension in free if self._open[dimension] & alive]
        left = sum(1 << dimension for dimension in relevant)
        if (alive, left) in self._clean:
            return None
        budget.spend()
        widest = max(relevant, key=lambda dimension: (self._open[dimension] & alive).bit_count())
        relevant.remove(widest)
        groups: dict[int, int] = {}
        for segments, match in self._cut(widest):
            found = alive & match
            groups[found] = groups.get(found, 0) | segments
        for found, segments in groups.items():
            deeper = self._search(found, relevant, wanted, budget)
            if deeper is not None:
                return [(widest, segments), *deeper[0]], deeper[1], deeper[2]
        self._clean.add((alive, left))
        return None

    @staticmethod
    def _cut_off(alive: int, sure: int, side: int) -> int:
        """Rows behind the first that surely matches do not matter."""
        first = sure & side & -(sure & side)
        return alive & ~(side & ~((first << 1) - 1)) if first else alive

    def _settled(self, alive: int, sure: int) -> bool:
        """Whether both sides decide the same way at every point that is left."""
        return all(self._side_settled(alive & side, sure) for side in (self._old, self._new))

    def _side_settled(self, alive: int, sure: int) -> bool:
        if not alive:
            return True
        return bool(alive & sure) and len({self._lists.boxes[bit][1] for bit in bits(alive)}) == 1

    def _decided(self, alive: int, side: int) -> Hashable:
        first = alive & side & -(alive & side)
        return self._lists.boxes[first.bit_length() - 1][1] if first else None


def differences(
    old: Sequence[Ruled], new: Sequence[Ruled], within: Box, budget: Budget, limit: int = 50
) -> Iterator[Difference]:
    """Maximal boxes of the region where the outcome differs; together they cover all such points.

    At most `limit` are given. Raises `Undecided`.
    """
    lists = Lists(old, new)
    done: list[Box] = []
    for start in _suspects(old, new):
        seed = meet(start, within)
        while seed is not None and len(done) < limit:
            found = Comparison(lists, seed, done).different(budget)
            if found is None:
                break
            wide = _widened(found, lists, within, budget)
            done.append(wide.box)
            yield wide


def _suspects(old: Sequence[Ruled], new: Sequence[Ruled]) -> list[Box]:
    """Boxes outside which both lists surely decide alike: those of rows not found, in order, on the other side."""
    common = list(_common(old, new))
    kept_old, kept_new = {a for a, _ in common}, {b for _, b in common}
    gone = [row for n, row in enumerate(old) if n not in kept_old]
    come = [row for n, row in enumerate(new) if n not in kept_new]
    return list(dict.fromkeys(box for row in (*gone, *come) for box in row.boxes))


def _common(old: Sequence[Ruled], new: Sequence[Ruled]) -> Iterator[tuple[int, int]]:
    """Pairs of equal rows that keep their order (fewer pairs than possible only cost time)."""
    keys = [[(tuple(row.boxes), row.outcome) for row in rows] for rows in (old, new)]
    for block in SequenceMatcher(None, keys[0], keys[1], autojunk=False).get_matching_blocks():
        yield from ((block.a + n, block.b + n) for n in range(block.size))


def _widened(found: Difference, lists: Lists, within: Box, budget: Budget) -> Difference:
    """A maximal box around a difference with the same pair of outcomes everywhere."""
    box = list(found.box)
    for dimension, region in enumerate(within):
        for segments in _candidates(region & ~box[dimension], dimension, lists.index):
            if not segments & ~box[dimension]:
                continue
            trial = tuple(segments if n == dimension else mask for n, mask in enumerate(box))
            if Comparison(lists, trial).always(found.old, found.new, budget):
                box[dimension] |= segments
    return Difference(tuple(box), found.old, found.new)


def _candidates(rest: int, dimension: int, index: Index) -> list[int]:
    """All that is missing at once, then each group of segments that no row tells apart."""
    groups: dict[int, int] = {}
    for segment in bits(rest):
        found = index.touching(dimension, 1 << segment)
        groups[found] = groups.get(found, 0) | (1 << segment)
    return [rest, *groups.values()] if len(groups) > 1 else list(groups.values())
