"""A manual as grids: every executed table as rows of cells that an editor shows, and the way back into the text.

The text stays the one source. A grid that was changed is written over the lines of its table and nothing else, so
that prose, other tables and the rest of the file keep every character.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from zhike.kernel.policy.manual.blocks import RawTable, take_apart, unify
from zhike.kernel.policy.manual.desk import Desk, read_directive, read_header
from zhike.kernel.policy.manual.front import read_front
from zhike.kernel.policy.manual.text import normal, split_row


@dataclass(frozen=True, slots=True)
class Column:
    """`role` as the format names fixed columns (clause, note, name, value, range, owner, limit ...), "input" or
    "outcome" in decision and example tables, else "free"."""

    label: str
    role: str


@dataclass(frozen=True, slots=True)
class Grid:
    """One executed table. `line` is that of its directive; `first` and `last` are those of header and last row."""

    kind: str  # decision, list, stages, params, derive, examples
    name: str
    line: int
    directive: str  # as written
    columns: tuple[Column, ...]
    rows: tuple[tuple[str, ...], ...]  # texts of cells, as many as columns
    first: int
    last: int

    def line_of(self, row: int) -> int:
        """The line of a row, counted from 0."""
        return self.first + 2 + row

    def cell_at(self, line: int, column: int) -> tuple[int, int] | None:
        """(row, column), both from 0, of a place in the text; None outside of the rows."""
        row = line - self.first - 2
        return (row, column) if 0 <= row < len(self.rows) else None


class NoSuchTable(ValueError):
    """The text has no executed table on this line (any more)."""


def grids_of(text: str) -> list[Grid]:
    """Every executed table in the order of the file; tables whose directive cannot be read are left out."""
    return list(_grids(text))


@lru_cache(maxsize=8)  # each save asks for those of the text before, of the text then and of the base
def _grids(text: str) -> tuple[Grid, ...]:
    blocks = take_apart(text)
    desk = Desk(blocks, read_front(blocks), {}, {})
    found = []
    for directive in blocks.directives:
        order = read_directive(desk, directive)
        if order is None:
            continue
        header = read_header(desk, order)
        roles = {place: role for role, place in header.at.items()}
        outcomes = {place for place, _cell, _label in header.outputs}
        decides = order.kind in {"decision", "examples"}
        columns = tuple(
            Column(
                label,
                "outcome" if place in outcomes else roles.get(place, "input" if decides else "free"),
            )
            for place, label in enumerate(header.labels)
        )
        raw: RawTable = order.raw
        last = raw.rows[-1].line if raw.rows else raw.header.line + 1
        rows = tuple(tuple(cell.text for cell in row.cells) for row in raw.rows)
        found.append(
            Grid(order.kind, order.name, order.line, directive.text, columns, rows, raw.header.line, last)
        )
    return tuple(found)


def grid_at(text: str, line: int) -> Grid:
    """The table whose directive stands on a line. Raises NoSuchTable."""
    for grid in grids_of(text):
        if grid.line == line:
            return grid
    raise NoSuchTable(line)


def with_table(text: str, line: int, labels: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """The text with the table under the directive on `line` written anew; rows that say what they said keep
    every character. Raises NoSuchTable."""
    grid = grid_at(text, line)
    lines = unify(text).split("\n")
    known = {
        tidy(row): line
        for row, line in zip(grid.rows, lines[grid.first + 1 : grid.last], strict=True)
        if line.lstrip().startswith("|") and len(split_row(line)) == len(grid.columns)
    }
    head, rule, *body = written(labels, rows)
    if tidy(labels) == tidy([column.label for column in grid.columns]):
        head, rule = lines[grid.first - 1 : grid.first + 1]
        body = [known.get(tidy(row), anew) for row, anew in zip(rows, body, strict=True)]
    lines[grid.first - 1 : grid.last] = [head, rule, *body]
    return "\n".join(lines)


def with_value(text: str, name: str, value: str) -> str:
    """The text with another value of a parameter; as it is where no table of parameters has the name."""
    for grid in grids_of(text):
        places = {column.role: at for at, column in enumerate(grid.columns)}
        if grid.kind != "params" or not {"name", "value"} <= places.keys():
            continue
        rows = [list(row) for row in grid.rows]
        for row in rows:
            if normal(row[places["name"]]) == normal(name):
                row[places["value"]] = value
                return with_table(text, grid.line, [column.label for column in grid.columns], rows)
    return text


def written(labels: Sequence[str], rows: Sequence[Sequence[str]]) -> list[str]:
    """A table as lines of Markdown; cells lose line breaks, and a bar inside a cell is escaped."""
    return [_line(labels), "|" + "---|" * len(labels), *(_line(row) for row in rows)]


def tidy(cells: Sequence[str]) -> tuple[str, ...]:
    """Cells as a table of Markdown can hold them: without line breaks, single blanks."""
    return tuple(" ".join(cell.split()) for cell in cells)


def _line(cells: Sequence[str]) -> str:
    parts = (cell.replace("|", "\\|") for cell in tidy(cells))
    return "|" + "|".join(f" {part} " if part else " " for part in parts) + "|"
