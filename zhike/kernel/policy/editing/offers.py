"""Rows that would close what the checker reports as not ruled, as texts of cells."""

from __future__ import annotations

from dataclasses import dataclass

from zhike.kernel.policy.manual.model import DecisionTable, Finding, Manual


@dataclass(frozen=True, slots=True)
class Offer:
    """A gap and the row that closes it. `cells` in the order of the table's columns; outcomes, clause and note
    are empty. The row belongs at the end of its table."""

    finding: Finding
    cells: tuple[str, ...]


def missing_rows(manual: Manual, table: DecisionTable) -> list[Offer]:
    """An offer for each gap of the table, in the order in which the checker reports them."""
    return []
