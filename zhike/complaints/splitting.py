"""An amount cut by shares: to the cent, and never a cent more or less than the whole."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import ROUND_DOWN, Decimal

CENT = Decimal("0.01")


def split(amount: Decimal, percents: Sequence[Decimal]) -> list[Decimal]:
    """Each part rounded down; the cents left over go to the largest remainders, the earlier first when equal."""
    exact = [amount * percent / 100 for percent in percents]
    parts = [part.quantize(CENT, rounding=ROUND_DOWN) for part in exact]
    left = int((amount - sum(parts, Decimal(0))) / CENT)
    order = sorted(range(len(parts)), key=lambda place: (parts[place] - exact[place], place))
    for place in order[:left]:
        parts[place] += CENT
    return parts
