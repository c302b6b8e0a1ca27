"""Whether a single known value passes a test: for parameters in their range and outcomes of type bound."""

from collections.abc import Callable

from .model import AnyTest, Compare, Interval, Item, Not, OneOf, Scalar, Test, UnknownTest
from .values import precedes


class Incomparable(ValueError):
    """The two values have no order (30 days and 1 month, working hours and working days)."""


def within(test: Test, value: Scalar) -> bool:
    """Raises Incomparable. Tests of sets never pass."""
    match test:
        case AnyTest():
            return True
        case OneOf(items):
            return any(_holds(item, value) for item in items)
        case Not(items):
            return not any(_holds(item, value) for item in items)
        case _:
            return False


def _holds(item: Item, value: Scalar) -> bool:
    match item:
        case UnknownTest():
            return False
        case Interval(low, high, low_closed, high_closed):
            return _ORDERED[">=" if low_closed else ">"](value, low.value) and _ORDERED[
                "<=" if high_closed else "<"
            ](value, high.value)
        case Compare(op, operand):
            if op in ("=", "!="):
                return _same(value, operand.value) == (op == "=")
            return _ORDERED[op](value, operand.value)


def _same(left: Scalar, right: Scalar) -> bool:
    return left == right or (precedes(left, right) is False and precedes(right, left) is False)


def _before(left: Scalar, right: Scalar) -> bool:
    found = precedes(left, right)
    if found is None:
        raise Incomparable(f"{left} ? {right}")
    return found


_ORDERED: dict[str, Callable[[Scalar, Scalar], bool]] = {
    ">": lambda value, limit: _before(limit, value),
    ">=": lambda value, limit: not _before(value, limit),
    "<": lambda value, limit: _before(value, limit),
    "<=": lambda value, limit: not _before(limit, value),
}
