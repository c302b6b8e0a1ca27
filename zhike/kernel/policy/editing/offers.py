"""Rows that would close what the checker reports as not ruled, as texts of cells."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product

from zhike.kernel.policy.check.columns import Column, Ordered, Tags
from zhike.kernel.policy.check.figures import sort_key
from zhike.kernel.policy.check.segments import Incomparable
from zhike.kernel.policy.check.sweep import Box, Budget, Undecided, gaps
from zhike.kernel.policy.check.tables import Prepared, holes, prepared
from zhike.kernel.policy.editing.cells import UNRESTRICTED, Names, cell_texts
from zhike.kernel.policy.editing.grids import grid_at
from zhike.kernel.policy.manual.decisions import operands
from zhike.kernel.policy.manual.model import DecisionTable, Finding, Hit, Manual


@dataclass(frozen=True, slots=True)
class Offer:
    """A gap and the row that closes it. `cells` in the order of the table's columns; outcomes, clause and note
    are empty. The row belongs at the end of its table.

    Where one row cannot say the gap there are two offers for it, that close it together; where no row can, none.
    """

    finding: Finding
    cells: tuple[str, ...]


def missing_rows(manual: Manual, table: DecisionTable) -> list[Offer]:
    """An offer for each gap of the table, in the order in which the checker reports them.

    In tables where an order decides (首行, 最高), the row asks for no more than it must: conditions that earlier
    rows make needless are left out, as long as the row still rules nothing outside of the gap.
    """
    if table.broken:
        return []
    try:
        ready = prepared(manual, table.line)
        found, _more = holes(ready)
    except (Incomparable, Undecided):
        return []
    width = len(grid_at(manual.source, table.line).columns)
    names = [param_names(table, column.fact.key) for column in ready.space.columns]
    return [
        Offer(hole.finding, cells)
        for hole in found
        for cells in _rows(ready, _eased(ready, hole.box), names, width)
    ]


def param_names(table: DecisionTable, key: str) -> Names:
    """How a column calls the values that it takes from parameters."""
    return {
        sort_key(operand.value): operand.param
        for row in table.rows
        for column, cell in zip(table.inputs, row.tests, strict=True)
        if column.fact.key == key
        for operand in operands(cell.test)
        if operand.param
    }


def _rows(ready: Prepared, box: Box, names: list[Names], width: int) -> Iterator[tuple[str, ...]]:
    parts = ready.space.parts(box)
    texts = [cell_texts(column, part, known) for (column, part), known in zip(parts, names, strict=True)]
    places = {column.fact.key: column.index for column in reversed(ready.table.inputs)}
    for chosen in product(*texts):
        cells = [""] * width
        for place in ready.table.inputs:
            cells[place.index] = UNRESTRICTED
        for (column, _part), text in zip(parts, chosen, strict=True):
            cells[places[column.fact.key]] = text
        yield tuple(cells)


def _eased(ready: Prepared, box: Box) -> Box:
    """The gap with the conditions left out that earlier rows make needless; one is always kept."""
    if ready.table.hit not in (Hit.FIRST, Hit.HIGHEST):
        return box
    parts = ready.space.parts(box)
    order = sorted(range(len(parts)), key=lambda n: _keeps_best(parts[n][0]))
    left = [n for n in order if tuple(parts[n][1]) != tuple(parts[n][0].hard)]
    for n in left[:-1]:
        wider = [column.hard if at == n else part for at, (column, part) in enumerate(parts)]
        if _rules_only(ready, tuple(mask for part in wider for mask in part), box):
            parts[n] = (parts[n][0], parts[n][0].hard)
    return tuple(mask for _column, part in parts for mask in part)


def _keeps_best(column: Column) -> int:
    """Sets are left out first, figures last: a row reads best by its figures."""
    return 0 if isinstance(column, Tags) else 2 if isinstance(column, Ordered) else 1


def _rules_only(ready: Prepared, wider: Box, box: Box) -> bool:
    """Whether nothing in the wider region is left unruled but the gap itself."""
    try:
        return all(
            all(mask & ~allowed == 0 for mask, allowed in zip(hole, box, strict=True))
            for hole in gaps(ready.boxes, wider, Budget())
        )
    except Undecided:
        return False
