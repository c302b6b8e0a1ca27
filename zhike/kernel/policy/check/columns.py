"""Columns of a table as dimensions, and tests of cells as bit masks over their segments.

`segments.cut` makes columns; `Space` puts those of a table side by side.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import chain, product
from math import prod
from typing import Any, Protocol, assert_never

from zhike.kernel.policy.manual.model import (
    AnyTest,
    Compare,
    FactSpec,
    HasAllTags,
    HasNoTags,
    HasTags,
    Interval,
    Not,
    OneOf,
    Operand,
    Scalar,
    TagsEmpty,
    TagsPresent,
    Test,
    UnknownTest,
)

from .figures import sort_key
from .sweep import Box, Undecided, full

ABSENT, PRESENT = 1, 2
MOST_BOXES = 5_000


class Column(Protocol):
    """A fact and its dimensions."""

    @property
    def fact(self) -> FactSpec: ...

    @property
    def sizes(self) -> tuple[int, ...]:
        """Number of segments of each dimension."""

    @property
    def hard(self) -> Box:
        """The segments that are known to occur."""

    def boxes(self, test: Test) -> list[Box]:
        """Where the test is true, as a union over the dimensions of this column."""


def _every(size: int) -> int:
    return (1 << size) - 1


@dataclass(frozen=True)
class Words:
    """Enumerations, texts and yes/no: a segment for each value, then 其他, then 未知."""

    fact: FactSpec
    values: tuple[Scalar, ...]
    others: bool
    unknown: bool
    soft: int = 0

    @property
    def sizes(self) -> tuple[int, ...]:
        return (len(self.values) + self.others + self.unknown,)

    @property
    def hard(self) -> Box:
        return (_every(*self.sizes) & ~self.soft,)

    @property
    def others_bit(self) -> int:
        return 1 << len(self.values) if self.others else 0

    @property
    def unknown_bit(self) -> int:
        return 1 << (len(self.values) + self.others) if self.unknown else 0

    def boxes(self, test: Test) -> list[Box]:
        return [(_one_mask(self, test, _every(*self.sizes), self.unknown_bit),)]

    def mask(self, item: Compare | Interval) -> int:
        if isinstance(item, Interval):
            raise TypeError(f"words have no order: {item}")
        bit = 1 << self.values.index(item.operand.value)
        known = _every(*self.sizes) & ~self.unknown_bit
        return known & ~bit if item.op == "!=" else bit


@dataclass(frozen=True)
class Ordered:
    """Figures, dates and distances: points and the stretches between them, then 未知.

    Position ``2i + 1`` is point ``i``, position ``2i`` the stretch before it; `positions` are those that exist.
    """

    fact: FactSpec
    points: tuple[Scalar, ...]
    texts: tuple[str, ...]
    positions: tuple[int, ...]
    unknown: bool
    soft: int = 0

    @property
    def sizes(self) -> tuple[int, ...]:
        return (len(self.positions) + self.unknown,)

    @property
    def hard(self) -> Box:
        return (_every(*self.sizes) & ~self.soft,)

    @property
    def unknown_bit(self) -> int:
        return 1 << len(self.positions) if self.unknown else 0

    def boxes(self, test: Test) -> list[Box]:
        return [(_one_mask(self, test, _every(*self.sizes), self.unknown_bit),)]

    @cached_property
    def _keys(self) -> list[Any]:
        return [sort_key(point) for point in self.points]

    def _place(self, operand: Operand) -> int:
        key = sort_key(operand.value)
        found = bisect_left(self._keys, key)
        return 2 * found + (found < len(self._keys) and self._keys[found] == key)

    def mask(self, item: Compare | Interval) -> int:
        if isinstance(item, Interval):
            low = self._place(item.low) + (not item.low_closed)
            high = self._place(item.high) - (not item.high_closed)
        else:
            at = self._place(item.operand)
            if item.op == "!=":
                return _every(len(self.positions)) & ~self._between(at, at)
            low = {">=": at, ">": at + 1, "=": at}.get(item.op, 0)
            high = {"<=": at, "<": at - 1, "=": at}.get(item.op, 2 * len(self.points))
        return self._between(low, high)

    def _between(self, low: int, high: int) -> int:
        first, end = bisect_left(self.positions, low), bisect_right(self.positions, high)
        return (1 << end) - (1 << first) if end > first else 0


def _one_mask(column: Words | Ordered, test: Test, every: int, unknown: int) -> int:
    """The null rule: only `-` and `未知` accept unknown."""
    if isinstance(test, AnyTest):
        return every
    if not isinstance(test, OneOf | Not):
        raise TypeError(f"{column.fact.key} is not a set: {test}")
    found = 0
    for item in test.items:
        found |= unknown if isinstance(item, UnknownTest) else column.mask(item)
    return every & ~unknown & ~found if isinstance(test, Not) else found


@dataclass(frozen=True)
class Tags:
    """A set: one yes/no dimension for each tag; the last stands for any tag outside the list, if there may be."""

    fact: FactSpec
    codes: tuple[str, ...]
    others: bool = False

    @property
    def sizes(self) -> tuple[int, ...]:
        return (2,) * (len(self.codes) + self.others)

    @property
    def hard(self) -> Box:
        return full(self.sizes)

    def boxes(self, test: Test) -> list[Box]:
        match test:
            case AnyTest():
                return [self.hard]
            case HasTags(codes):
                return [self._with({code: PRESENT}) for code in codes]
            case HasAllTags(codes):
                return [self._with(dict.fromkeys(codes, PRESENT))]
            case HasNoTags(codes):
                return [self._with(dict.fromkeys(codes, ABSENT))]
            case TagsPresent():
                return [
                    tuple(PRESENT if n == at else 3 for n in range(len(self.sizes)))
                    for at in range(len(self.sizes))
                ]
            case TagsEmpty():
                return [(ABSENT,) * len(self.sizes)]
            case OneOf() | Not():
                raise TypeError(f"{self.fact.key} is a set: {test}")
            case _:
                assert_never(test)

    def _with(self, masks: Mapping[str, int]) -> Box:
        return tuple(masks.get(code, 3) for code in self.codes) + (3,) * self.others


@dataclass(frozen=True)
class Space:
    """The columns of a table side by side."""

    columns: tuple[Column, ...]

    @cached_property
    def whole(self) -> Box:
        """Everything that may occur."""
        return full(size for column in self.columns for size in column.sizes)

    @cached_property
    def hard(self) -> Box:
        """Everything that is known to occur."""
        return tuple(mask for column in self.columns for mask in column.hard)

    @cached_property
    def _everywhere(self) -> list[tuple[Column, list[Box]]]:
        return [(column, [full(column.sizes)]) for column in self.columns]

    def parts(self, box: Box) -> list[tuple[Column, Box]]:
        """The box taken apart by column."""
        result, at = [], 0
        for column in self.columns:
            width = len(column.sizes)
            result.append((column, box[at : at + width]))
            at += width
        return result

    def boxes(self, tests: Iterable[tuple[str, Test | None]]) -> list[Box]:
        """A row: all tests (by key of fact) at once. None accepts everything (a cell nobody could read).

        Boxes with an empty mask are kept: they say that no value satisfies that cell.
        """
        given: dict[str, list[Test]] = {}
        for key, test in tests:
            if test is not None and not isinstance(test, AnyTest):
                given.setdefault(key, []).append(test)
        choices = [
            _choices(column, given[column.fact.key]) if column.fact.key in given else everything
            for column, everything in self._everywhere
        ]
        if prod(map(len, choices)) > MOST_BOXES:
            raise Undecided
        return [tuple(chain.from_iterable(parts)) for parts in product(*choices)]


def _choices(column: Column, tests: Sequence[Test]) -> list[Box]:
    """Where all tests of one column are true; a box that cannot be is kept only if there is no other."""
    found = column.boxes(tests[0])
    for test in tests[1:]:
        pairs = product(found, column.boxes(test))
        both = [tuple(a & b for a, b in zip(one, two, strict=True)) for one, two in pairs]
        found = [box for box in both if all(box)] or both[:1]
    return found
