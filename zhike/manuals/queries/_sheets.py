"""A draft as sheets: every table as a grid, with what the checker says at each cell and what changed since the base."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from functools import cached_property

from zhike.kernel.policy.editing.grids import Grid, grids_of
from zhike.kernel.policy.manual import model
from zhike.kernel.policy.manual.text import normal, split_items, split_row

OPEN = (model.Level.ERROR, model.Level.GAP)
# of several findings at one cell the gravest colours it
GRAVE = {level: n for n, level in enumerate((*OPEN, model.Level.WARNING, model.Level.INFO))}


@dataclass(frozen=True, slots=True)
class Passage:
    """Lines of prose of a clause, its heading included; `first` > `last` where there are none."""

    first: int
    last: int
    heading: str
    depth: int
    text: str
    gist: str = ""


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of the contents: a clause, or a table under it."""

    label: str
    depth: int
    line: int
    kind: str = ""  # of a table
    key: str = ""
    wrong: int = 0
    open: int = 0
    line_last: int = 0


@dataclass(frozen=True, slots=True)
class Accepted:
    """A gap that stays by name."""

    finding: model.Finding
    reason: str
    name: str


@dataclass
class Draft:
    """The text of a draft as read and checked; everything the page of the editor shows comes out of it."""

    text: str
    manual: model.Manual
    findings: Sequence[model.Finding]
    accepted_rows: Sequence[Mapping[str, str]] = ()
    base_text: str | None = None
    params: tuple[str, ...] = field(init=False)

    def __post_init__(self) -> None:
        self.params = tuple(sorted(self.manual.params, key=len, reverse=True))

    @cached_property
    def grids(self) -> list[Grid]:
        return grids_of(self.text)

    @cached_property
    def lines(self) -> list[str]:
        return self.text.split("\n")

    @cached_property
    def base_grids(self) -> dict[str, Grid]:
        return {key_of(grid): grid for grid in grids_of(self.base_text)} if self.base_text else {}

    @cached_property
    def accepted(self) -> list[Accepted]:
        """Those that still occur; the others are answered by the text and need no name any more."""
        rows = {(row["table"], row["message"]): row for row in self.accepted_rows}
        return [
            Accepted(finding, row["reason"], row["name"])
            for finding in self.findings
            if finding.level is model.Level.GAP and (row := rows.get((finding.table, finding.message)))
        ]

    @cached_property
    def gaps(self) -> list[model.Finding]:
        """What is not ruled and not accepted."""
        named = {(one.finding.table, one.finding.message) for one in self.accepted}
        return [
            finding
            for finding in self.findings
            if finding.level is model.Level.GAP and (finding.table, finding.message) not in named
        ]

    @cached_property
    def errors(self) -> list[model.Finding]:
        return [finding for finding in self.findings if finding.level is model.Level.ERROR]

    def of(self, *levels: model.Level) -> list[model.Finding]:
        return [finding for finding in self.findings if finding.level in levels]

    def within(self, first: int, last: int) -> list[model.Finding]:
        """Findings on these lines, accepted gaps aside."""
        named = {id(one.finding) for one in self.accepted}
        return [found for found in self.findings if first <= found.line <= last and id(found) not in named]

    def find(self, *, key: str = "", line: int = 0) -> Grid | None:
        """A table by its key, or the one in which a line stands."""
        for grid in self.grids:
            if (key and key_of(grid) == key) or (line and grid.line <= line <= grid.last):
                return grid
        return None

    def beside(self, grid: Grid) -> list[Grid]:
        """Tables that belong to a decision: the figures it names, and its examples."""
        if grid.kind != "decision":
            return []
        cells = " ".join(cell for row in grid.rows for cell in row)
        named = {self.manual.params[name].table for name in self.params if name in cells}
        return [
            other
            for other in self.grids
            if (other.kind == "params" and other.name in named)
            or (other.kind == "examples" and other.name == grid.name)
        ]

    @cached_property
    def contents(self) -> list[Entry]:
        """Clauses and their tables in the order of the file, with the number of findings in each."""
        found = []
        for clause in self.manual.clauses:
            end = next((c.line for c in self.manual.clauses if c.line > clause.line), len(self.lines) + 1) - 1
            tables = [grid for grid in self.grids if clause.line <= grid.line <= end]
            prose = [
                f
                for f in self.within(clause.line, end)
                if not any(g.line <= f.line <= g.last for g in tables)
            ]
            label = f"{clause.number} {clause.title}".strip()
            found.append(_entry(label, clause.depth, clause.line, prose, last=end))
            found += [
                _entry(grid.name, clause.depth + 1, grid.line, self.within(grid.line, grid.last), grid=grid)
                for grid in tables
            ]
        return found

    def clause_of(self, grid: Grid) -> model.Clause | None:
        """The clause a table is about: what all its rows share, else the heading above it."""
        at = next((n for n, column in enumerate(grid.columns) if column.role == "clause"), None)
        if at is not None:
            named = [
                normal(part) for row in grid.rows for part in split_items(row[at]) if part not in {"", "-"}
            ]
            found = self.manual.clause(_shared(named)) if named else None
            if found is not None:
                return found
        return self.clause_above(grid.line)

    def clause_above(self, line: int) -> model.Clause | None:
        place = bisect_right([clause.line for clause in self.manual.clauses], line)
        return self.manual.clauses[place - 1] if place else None

    def passages(self, line: int) -> list[Passage]:
        """The prose of the clause in which a line stands, cut at its tables."""
        clause = self.clause_above(line)
        if clause is None:
            return []
        end = next((c.line for c in self.manual.clauses if c.line > clause.line), len(self.lines) + 1) - 1
        found, start = [], clause.line
        for grid in [g for g in self.grids if clause.line < g.line <= end]:
            found.append(self._passage(clause, start, grid.line - 1))
            start = grid.last + 1
        found.append(self._passage(clause, start, end))
        return [passage for passage in found if passage.first <= passage.last]

    def _passage(self, clause: model.Clause, first: int, last: int) -> Passage:
        while first <= last and not self.lines[first - 1].strip():
            first += 1
        while last >= first and not self.lines[last - 1].strip():
            last -= 1
        heading = f"{clause.number} {clause.title}".strip() if first == clause.line else ""
        shown = [
            line
            for line in self.lines[first if heading else first - 1 : last]
            if not line.startswith("> en:")
        ]
        gist = clause.gist if heading else ""
        return Passage(first, last, heading, clause.depth, "\n".join(shown).strip("\n"), gist)

    def places(self, grid: Grid) -> tuple[dict[tuple[int, int], model.Finding], list[model.Finding]]:
        """The gravest finding of each cell, and those about the table as a whole. Column -1 is the whole row, row
        -1 the header."""
        cells: dict[tuple[int, int], model.Finding] = {}
        whole = []
        for found in sorted(self.within(grid.line, grid.last), key=lambda f: GRAVE[f.level]):
            row = found.line - grid.first - 2
            if found.line < grid.first or row == -1 or (row < -1 and not found.column):
                whole.append(found)
                continue
            place = (max(row, -1), self.column_at(found.line, found.column))
            cells.setdefault(place, found)
        return cells, whole

    def column_at(self, line: int, column: int) -> int:
        """The cell of a place in the text, counted from 0; -1 for a whole line."""
        if not column:
            return -1
        pieces = [piece.column for piece in split_row(self.lines[line - 1])]
        return max(0, bisect_right(pieces, column) - 1)

    def spot(self, line: int, column: int = 0) -> str:
        """A place in the text as the page finds it: key of the table, row and column; "" outside of tables."""
        grid = self.find(line=line)
        if grid is None:
            return ""
        return f"{key_of(grid)}|{max(0, line - grid.first - 2)}|{max(0, self.column_at(line, column))}"

    def formerly(self, grid: Grid) -> tuple[list[tuple[str, ...] | None], list[tuple[int, tuple[str, ...]]]]:
        """Of each row what it was in the base (None: it is new); and rows that are gone, with their old number."""
        base = self.base_grids.get(key_of(grid))
        if base is None:
            return [None] * len(grid.rows), []
        at = {column.label: n for n, column in enumerate(base.columns)}
        labels = [column.label for column in grid.columns]
        before = [tuple(row[at[label]] if label in at else "" for label in labels) for row in base.rows]
        found: list[tuple[str, ...] | None] = [None] * len(grid.rows)
        gone = []
        for kind, a, b, c, d in SequenceMatcher(None, before, grid.rows, autojunk=False).get_opcodes():
            pairs = min(b - a, d - c) if kind != "insert" else 0
            found[c : c + pairs] = before[a : a + pairs]
            gone += [(n + 1, before[n]) for n in range(a + pairs, b)]
        return found, gone


def _shared(names: Sequence[str]) -> str:
    """What all begin with: of 三(五)1 and 三(五)2 it is 三(五)."""
    first, last = min(names), max(names)
    return next((first[:n] for n, char in enumerate(first) if last[n : n + 1] != char), first)


def key_of(grid: Grid) -> str:
    """What names a table of a manual in addresses: `decision.处理权限`."""
    return f"{grid.kind}.{grid.name}"


def _entry(
    label: str,
    depth: int,
    line: int,
    findings: Iterable[model.Finding],
    *,
    grid: Grid | None = None,
    last: int = 0,
) -> Entry:
    levels = [found.level for found in findings]
    return Entry(
        label,
        depth,
        line,
        grid.kind if grid else "",
        key_of(grid) if grid else "",
        levels.count(model.Level.ERROR),
        levels.count(model.Level.GAP),
        last,
    )
