"""Fact columns cut into elementary segments, and tests of cells as bit masks over them.

Between two neighbouring values that any cell mentions no test can tell points apart, so each such stretch,
each value itself, each word, each yes/no and `未知` is one segment. Every tag is a yes/no dimension of its own
(segment 0: absent, segment 1: present).

Segments are *hard* or *soft*. Soft ones (`未知` and `其他` of facts whose type was only inferred) may occur, so a
row that needs them is not unreachable; but nobody said that they do, so a hole there is no gap.
"""

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from itertools import pairwise
from math import ceil, floor
from typing import Any

from zhike.kernel.policy.manual.model import (
    Amount,
    Compare,
    FactSpec,
    Interval,
    Item,
    Kind,
    Not,
    OneOf,
    Operand,
    Scalar,
    Test,
    UnknownTest,
    in_days,
)
from zhike.kernel.worktime.limits import Unit

from .columns import Column, Ordered, Tags, Words
from .figures import period, sort_key, texts


class Incomparable(Exception):
    """Two periods of a column have no fixed order, as 30 days and 1 month; `args` are their texts."""


def cut(fact: FactSpec, tests: Iterable[Test], styles: Mapping[str, str] | None = None) -> Column:
    """The dimensions of a fact, given every test made on it. `styles`: how parameters are written.

    A vocabulary that is missing or empty is taken for an open one. Raises `Incomparable`.
    """
    tests = list(tests)
    operands = [operand for test in tests for operand in compared_with(test)]
    soft_unknown = fact.inferred and not fact.optional
    unknown = fact.optional or soft_unknown
    if fact.kind is Kind.TAGS:
        codes = _codes(fact, [code for test in tests for code in getattr(test, "codes", ())])
        return Tags(fact, codes, fact.others)
    if fact.kind is Kind.BOOL:
        return Words(fact, (True, False), False, unknown, 4 if soft_unknown else 0)
    if fact.kind in (Kind.ENUM, Kind.TEXT):
        values = _codes(fact, [str(operand.value) for operand in operands])
        soft_others = fact.inferred and not fact.others and fact.vocabulary is None and fact.kind is Kind.ENUM
        others = fact.others or soft_others or fact.kind is Kind.TEXT or not values
        soft = (1 << len(values) if soft_others else 0) | (1 << len(values) + others if soft_unknown else 0)
        return Words(fact, values, others, unknown, soft)
    return _cut_ordered(fact, operands, unknown, soft_unknown, styles or {})


def _cut_ordered(
    fact: FactSpec, operands: Sequence[Operand], unknown: bool, soft: bool, styles: Mapping[str, str]
) -> Ordered:
    values: dict[Any, Scalar] = {sort_key(operand.value): operand.value for operand in operands}
    if fact.minimum is not None:
        values = {key: value for key, value in values.items() if key >= fact.minimum}
        values.setdefault(fact.minimum, fact.minimum)
    points = tuple(values[key] for key in sorted(values))
    if fact.kind is Kind.UNTIL:
        _refuse_unordered(points)
    positions = tuple(_positions(fact, points))
    written = texts(points, operands, styles)
    return Ordered(fact, points, written, positions, unknown, 1 << len(positions) if soft else 0)


def _positions(fact: FactSpec, points: Sequence[Scalar]) -> Iterable[int]:
    """The positions that hold at least one value: whole numbers and days have no neighbours in between."""
    for position in range(2 * len(points) + 1):
        index, is_point = divmod(position, 2)
        if not index and not is_point:
            if fact.minimum is None:
                yield position
        elif is_point:
            if not (fact.kind is Kind.INT and _number(points[index]) % 1):
                yield position
        elif index == len(points) or not _adjacent(fact, points[index - 1], points[index]):
            yield position


def _adjacent(fact: FactSpec, low: Scalar, high: Scalar) -> bool:
    if fact.kind is Kind.INT:
        return floor(_number(low)) + 1 > ceil(_number(high)) - 1
    if fact.kind is Kind.DATE:
        return bool(sort_key(high) - sort_key(low) <= 1)
    return False


def _number(value: Scalar) -> Decimal:
    assert isinstance(value, Decimal)
    return value


def _refuse_unordered(points: Sequence[Scalar]) -> None:
    for low, high in pairwise(points):
        assert isinstance(low, Amount)
        assert isinstance(high, Amount)
        if in_days(low)[1] > in_days(high)[0] and _by_month(low) != _by_month(high):
            raise Incomparable(period(low), period(high))


def _by_month(amount: Amount) -> bool:
    return amount.unit in (Unit.MONTH, Unit.YEAR)


def compared_with(test: Test) -> Iterable[Operand]:
    """The values that a cell compares with."""
    if isinstance(test, OneOf | Not):
        for item in test.items:
            yield from operands_of(item)


def operands_of(item: Item) -> tuple[Operand, ...]:
    """The values that an item compares with."""
    match item:
        case Compare(_, operand):
            return (operand,)
        case Interval(low, high):
            return (low, high)
        case UnknownTest():
            return ()


def _codes(fact: FactSpec, mentioned: Iterable[str]) -> tuple[str, ...]:
    """The declared words first, then what cells mention beside them."""
    return tuple(dict.fromkeys([*(word.code for word in fact.words), *mentioned]))
