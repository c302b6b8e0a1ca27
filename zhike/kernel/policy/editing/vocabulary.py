"""What may stand in a cell: the words that an editor offers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from zhike.kernel.policy.editing.grids import Grid
from zhike.kernel.policy.manual.model import Manual


@dataclass(frozen=True, slots=True)
class Choice:
    """`text` is what goes into the cell, `en` its English name ("" if it has none), `note` explains it."""

    text: str
    en: str = ""
    note: str = ""


def choices(manual: Manual, grid: Grid, column: int, *, owners: Sequence[Choice] = ()) -> list[Choice]:
    """What may stand in the cells of a column (from 0), in the order of its list; [] where anything may.

    `owners` are the roles and posts that the caller knows, for 负责 and 对象.
    """
    return []
