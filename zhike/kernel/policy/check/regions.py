"""Regions as tests of the manual model, so that whatever compiles a row can also compile a region."""

from collections.abc import Iterator
from dataclasses import dataclass

from zhike.kernel.policy.manual.model import (
    AnyTest,
    Compare,
    FactSpec,
    HasAllTags,
    HasNoTags,
    Interval,
    Item,
    Not,
    OneOf,
    Operand,
    Test,
    UnknownTest,
)

from .columns import ABSENT, PRESENT, Column, Ordered, Space, Tags, Words
from .sweep import Box
from .wording import describe, ends, runs, word_name


@dataclass(frozen=True, slots=True)
class Condition:
    """One fact is restricted: at least one of `any_of` holds (nearly always there is only one)."""

    fact: FactSpec
    any_of: tuple[Test, ...]


@dataclass(frozen=True, slots=True)
class Region:
    """All conditions at once; none means everything. `text` says the same in Chinese.

    A set may have two conditions (has all of these; has none of those). The one thing tests cannot say, "has a
    tag outside the list", is left out: then the region is a little larger than it should be.
    """

    conditions: tuple[Condition, ...]
    text: str


def region(space: Space, box: Box) -> Region:
    """The box as conditions on facts; columns it does not restrict are left out."""
    conditions = []
    for column, part in space.parts(box):
        if not all(mask & hard == hard for mask, hard in zip(part, column.hard, strict=True)):
            conditions += _conditions(column, part)
    return Region(tuple(conditions), describe(space, box))


def _conditions(column: Column, part: Box) -> list[Condition]:
    match column:
        case Words():
            return [Condition(column.fact, tuple(_words(column, part[0])))]
        case Ordered():
            return [Condition(column.fact, tuple(_ordered(column, part[0])))]
        case Tags():
            return [Condition(column.fact, (test,)) for test in _tags(column, part)]
        case _:
            raise TypeError(column)


def _words(column: Words, mask: int) -> Iterator[Test]:
    def equal(inside: bool) -> tuple[Item, ...]:
        chosen = [value for n, value in enumerate(column.values) if bool(mask >> n & 1) is inside]
        return tuple(Compare("=", Operand(value, word_name(column, value))) for value in chosen)

    unknown = (UnknownTest(),) if mask & column.unknown_bit else ()
    if mask & column.others_bit:
        yield Not((*equal(False), UnknownTest()))
        if unknown:
            yield OneOf(unknown)
    else:
        yield OneOf((*equal(True), *unknown))


def _ordered(column: Ordered, mask: int) -> Iterator[Test]:
    unknown = bool(mask & column.unknown_bit)
    if mask & ~column.unknown_bit == (1 << len(column.positions)) - 1:
        yield AnyTest() if unknown else Not((UnknownTest(),))
        return
    items = [_item(column, low, high) for low, high in runs(column, mask)]
    yield OneOf((*items, *([UnknownTest()] if unknown else [])))


def _item(column: Ordered, low: int, high: int) -> Compare | Interval:
    first, low_in, last, high_in = ends(column, low, high)

    def operand(index: int) -> Operand:
        return Operand(column.points[index], column.texts[index])

    if first is None:
        assert last is not None
        return Compare("<=" if high_in else "<", operand(last))
    if last is None:
        return Compare(">=" if low_in else ">", operand(first))
    if first == last:
        return Compare("=", operand(first))
    return Interval(operand(first), operand(last), low_in, high_in)


def _tags(column: Tags, masks: Box) -> Iterator[Test]:
    having = tuple(code for code, mask in zip(column.codes, masks, strict=False) if mask == PRESENT)
    lacking = tuple(code for code, mask in zip(column.codes, masks, strict=False) if mask == ABSENT)
    if having:
        yield HasAllTags(having)
    if lacking:
        yield HasNoTags(lacking)
