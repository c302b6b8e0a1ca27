"""Where do two ordered lists of rows give different outcomes? The sweep of `sweep`, over both at once."""

from collections.abc import Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import TypeAlias

from .sweep import Box, Budget, Row, bits, meet


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


class Comparison:
    """Both lists inside one region. Boxes of the first list have the lower bits, found regions the highest."""

    def __init__(
        self, old: Sequence[Ruled], new: Sequence[Ruled], within: Box, done: Iterable[Box] = ()
    ) -> None:
        self._within = within
        self._outcome: list[Hashable] = []
        self._open = [0] * len(within)
        self._match = [dict.fromkeys(bits(mask), 0) for mask in within]
        self._old = self._put([(box, row.outcome) for row in old for box in row.boxes])
        self._new = self._put([(box, row.outcome) for row in new for box in row.boxes])
        self._done = self._put([(box, None) for box in done])
        self._clean: set[tuple[int, int]] = set()
        self._classes = [_classes(match) for match in self._match]

    def _put(self, boxes: Iterable[tuple[Box, Hashable]]) -> int:
        """Register the boxes that touch the region; their bits."""
        found = 0
        for box, outcome in boxes:
            if meet(box, self._within) is None:
                continue
            bit = 1 << len(self._outcome)
            self._outcome.append(outcome)
            found |= bit
            for dimension, (mask, region) in enumerate(zip(box, self._within, strict=True)):
                if mask & region != region:
                    self._open[dimension] |= bit
                for segment in bits(mask & region):
                    self._match[dimension][segment] |= bit
        return found

    def different(self, budget: Budget) -> Difference | None:
        """A box where both lists are decided and differ, outside the regions already found."""
        return self._start(None, budget)

    def always(self, old: Hashable, new: Hashable, budget: Budget) -> bool:
        """Whether everywhere in the region the lists decide just so."""
        return self._start((old, new), budget) is None

    def _start(self, wanted: tuple[Hashable, Hashable] | None, budget: Budget) -> Difference | None:
        if not all(self._within):
            return None
        found = self._search(self._old | self._new | self._done, range(len(self._within)), wanted, budget)
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
        for segments, match in self._classes[widest]:
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
        return bool(alive & sure) and len({self._outcome[bit] for bit in bits(alive)}) == 1

    def _decided(self, alive: int, side: int) -> Hashable:
        first = alive & side & -(alive & side)
        return self._outcome[first.bit_length() - 1] if first else None


def _classes(match: dict[int, int]) -> list[tuple[int, int]]:
    groups: dict[int, int] = {}
    for segment, found in match.items():
        groups[found] = groups.get(found, 0) | (1 << segment)
    return [(segments, found) for found, segments in groups.items()]


def differences(
    old: Sequence[Ruled], new: Sequence[Ruled], within: Box, budget: Budget, limit: int = 50
) -> Iterator[Difference]:
    """Maximal boxes of the region where the outcome differs; together they cover all such points.

    At most `limit` are given. Raises `Undecided`.
    """
    done: list[Box] = []
    for start in _suspects(old, new):
        seed = meet(start, within)
        while seed is not None and len(done) < limit:
            found = Comparison(old, new, seed, done).different(budget)
            if found is None:
                break
            wide = _widened(found, old, new, within, budget)
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


def _widened(
    found: Difference, old: Sequence[Ruled], new: Sequence[Ruled], within: Box, budget: Budget
) -> Difference:
    """A maximal box around a difference with the same pair of outcomes everywhere."""
    box = list(found.box)
    for dimension, region in enumerate(within):
        rest = region & ~box[dimension]
        for segments in _candidates(rest, dimension, old, new):
            if not segments & ~box[dimension]:
                continue
            trial = tuple(segments if n == dimension else mask for n, mask in enumerate(box))
            if Comparison(old, new, trial).always(found.old, found.new, budget):
                box[dimension] |= segments
    return Difference(tuple(box), found.old, found.new)


def _candidates(rest: int, dimension: int, old: Sequence[Ruled], new: Sequence[Ruled]) -> list[int]:
    """All that is missing at once, then each group of segments that no row tells apart."""
    if not rest:
        return []
    match = dict.fromkeys(bits(rest), 0)
    for bit, box in enumerate(box for row in (*old, *new) for box in row.boxes):
        if box[dimension] & rest != rest:
            for segment in bits(box[dimension] & rest):
                match[segment] |= 1 << bit
    groups = [segments for segments, _ in _classes(match)]
    return [rest, *groups] if len(groups) > 1 else groups
