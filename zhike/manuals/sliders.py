"""The range of a figure as a slider: least, most and step, in the unit in which the manual writes it."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from zhike.kernel.policy.manual.model import Amount, Compare, Interval, OneOf, Param, Scalar

STEPS = 100
NICE = [Decimal(step) for step in ("1000", "500", "100", "50", "10", "5", "1", "0.5", "0.1", "0.01")]


@dataclass(frozen=True)
class Slider:
    least: Decimal
    most: Decimal
    step: Decimal
    now: Decimal
    unit: str


def slider_of(param: Param) -> Slider | None:
    """None for a figure without a range on both sides."""
    interval = _interval(param)
    if interval is None or param.value is None:
        return None
    low, high, now = (_number(value) for value in (interval.low.value, interval.high.value, param.value))
    if low is None or high is None or now is None or high <= low:
        return None
    whole = isinstance(param.value, Amount)
    room = (high - low) / STEPS
    step = Decimal(1) if whole else next((one for one in reversed(NICE) if one >= room), NICE[0])
    if not interval.low_closed:
        low += step
    if not interval.high_closed:
        high -= step
    return Slider(low, high, step, now, param.text.lstrip("0123456789.+-"))


def _interval(param: Param) -> Interval | None:
    if isinstance(param.bound, OneOf) and len(param.bound.items) == 1:
        found = param.bound.items[0]
        return None if isinstance(found, Compare) or not isinstance(found, Interval) else found
    return None


def _number(value: Scalar) -> Decimal | None:
    if isinstance(value, Amount):
        return Decimal(value.amount)
    return value if isinstance(value, Decimal) else None
