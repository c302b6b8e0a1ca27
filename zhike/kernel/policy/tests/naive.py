"""A plain interpreter of parsed cells, written from the null rule of the format: what the compiler must equal."""

import datetime as dt
from typing import Any

from zhike.kernel.policy.manual.model import (
    Amount,
    AnyTest,
    Compare,
    DecisionTable,
    HasAllTags,
    HasNoTags,
    HasTags,
    Hit,
    Interval,
    Item,
    Not,
    OneOf,
    Operand,
    TagsEmpty,
    TagsPresent,
    Test,
    UnknownTest,
    shift,
)


def passes(test: Test, value: Any, today: dt.date) -> bool:
    match test:
        case AnyTest():
            return True
        case HasTags(codes):
            return len(set(codes) & value) > 0
        case HasAllTags(codes):
            return set(codes) <= value
        case HasNoTags(codes):
            return set(codes).isdisjoint(value)
        case TagsPresent():
            return len(value) > 0
        case TagsEmpty():
            return len(value) == 0
        case OneOf(items):
            return any(_item(item, value, today) for item in items)
        case Not(items):
            if value is None:
                return False
            return not any(_item(item, value, today) for item in items)
    raise AssertionError(test)


def _item(item: Item, value: Any, today: dt.date) -> bool:
    if isinstance(item, UnknownTest):
        return value is None
    if value is None:
        return False
    if isinstance(item, Interval):
        low, high = _bound(item.low, today), _bound(item.high, today)
        above = value > low or (item.low_closed and value == low)
        below = value < high or (item.high_closed and value == high)
        return above and below
    assert isinstance(item, Compare)
    limit = _bound(item.operand, today)
    match item.op:
        case "=":
            return value == limit
        case "!=":
            return value != limit
        case ">":
            return value > limit
        case ">=":
            return value >= limit
        case "<":
            return value < limit
        case _:
            return value <= limit


def _bound(operand: Operand, today: dt.date) -> Any:
    return shift(today, operand.value) if isinstance(operand.value, Amount) else operand.value


def matching(table: DecisionTable, values: dict[str, Any], today: dt.date) -> list[int]:
    """Numbers of all rows that match."""
    return [
        row.number
        for row in table.rows
        if all(
            passes(cell.test, values[column.fact.key], today)
            for column, cell in zip(table.inputs, row.tests, strict=True)
        )
    ]


def winning(table: DecisionTable, values: dict[str, Any], today: dt.date) -> int:
    """The row that wins, 0 for none."""
    hits = matching(table, values, today)
    if not hits:
        return 0
    if table.hit is Hit.HIGHEST:
        return min(hits, key=lambda number: table.ranks[number - 1])
    return hits[0]
