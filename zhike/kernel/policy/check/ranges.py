"""Parameters against the cells that use them, with all that units may set. The reader checks the values at hand."""

from collections.abc import Iterator, Mapping
from decimal import Decimal

from zhike.kernel.policy.manual.model import (
    Compare,
    DecisionTable,
    Finding,
    Interval,
    Level,
    Not,
    OneOf,
    Operand,
    Param,
    Test,
    TestCell,
)

from .figures import figure

Params = Mapping[str, Param]


def range_findings(table: DecisionTable, params: Params) -> Iterator[Finding]:
    """Intervals that a unit could turn round by moving parameters inside their ranges: a warning."""
    for row in table.rows:
        for cell in row.tests:
            for interval in _intervals(cell.test):
                yield from _check(table, cell, interval, params)


def _intervals(test: Test | None) -> Iterator[Interval]:
    if isinstance(test, OneOf | Not):
        yield from (item for item in test.items if isinstance(item, Interval))


def _check(table: DecisionTable, cell: TestCell, interval: Interval, params: Params) -> Iterator[Finding]:
    if interval.low.param == interval.high.param:
        return
    _, highest = reach(interval.low, params)
    lowest, _ = reach(interval.high, params)
    if highest is not None and lowest is not None and highest > lowest:
        ends = f"下限可到{figure(highest)}，上限可到{figure(lowest)}"
        message = f"单位改参数后，区间{interval_text(interval)}的上下限可能颠倒：{ends}"
        yield Finding(cell.line, cell.column, Level.WARNING, table.name, message)


def interval_text(interval: Interval) -> str:
    left, right = "[" if interval.low_closed else "(", "]" if interval.high_closed else ")"
    return f"{left}{interval.low.text}..{interval.high.text}{right}"


def reach(operand: Operand, params: Params) -> tuple[Decimal | None, Decimal | None]:
    """Lowest and highest value that a unit may give the operand; None where there is no end or no figure."""
    if not isinstance(operand.value, Decimal):
        return None, None
    param = params.get(operand.param or "")
    bound = param.bound if param else None
    if not isinstance(bound, OneOf):
        return operand.value, operand.value
    lows, highs = zip(*(_ends(item, operand.value) for item in bound.items), strict=True)
    return (
        None if None in lows else min((operand.value, *lows)),
        None if None in highs else max((operand.value, *highs)),
    )


def _ends(item: object, current: Decimal) -> tuple[Decimal | None, Decimal | None]:
    match item:
        case Interval(Operand(Decimal() as low), Operand(Decimal() as high)):
            return low, high
        case Compare(op, Operand(Decimal() as value)):
            return (value if op in (">=", ">", "=") else None), (value if op in ("<=", "<", "=") else None)
        case _:
            return current, current
