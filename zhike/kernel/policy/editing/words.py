"""What a cell says, back in words: `>= 店长起点` is 货值达到店长起点(2000元)及以上."""

from __future__ import annotations

from zhike.kernel.policy.editing.grids import Grid
from zhike.kernel.policy.manual.model import DecisionTable, Manual


def in_words(manual: Manual, grid: Grid, row: int, column: int, lang: str = "zh") -> str:
    """The cell in words, "" where it is plain words already or cannot be read. `row` and `column` from 0;
    `lang` is "zh" or "en"."""
    return ""


def directive_in_words(manual: Manual, table: DecisionTable, lang: str = "zh") -> str:
    """What the line above a decision table says: which question it answers and which row counts."""
    return ""
