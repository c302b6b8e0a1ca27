"""A numeric input as a bar: the stretches in which a table decides alike, all other facts as given."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from zhike.kernel.policy.manual.model import DecisionTable, Manual, Scalar


@dataclass(frozen=True, slots=True)
class Segment:
    """From `low` to `high` (None: no end). `text` is the stretch in the language of cells, `outcome` the
    outcomes as written ("" where nothing is ruled), `row` the number of the row that decides (None: none)."""

    low: Scalar | None
    high: Scalar | None
    text: str
    outcome: str
    row: int | None


def segments(
    manual: Manual, table: DecisionTable, label: str, facts: Mapping[str, Any] | None = None
) -> list[Segment]:
    """Stretches of the input `label`, lowest first; neighbours that the same row decides are one.

    `facts` by label, as `evaluate` takes them; a fact that is missing is unknown, a set is empty.
    """
    return []
