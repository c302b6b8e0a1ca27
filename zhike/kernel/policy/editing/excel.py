"""The tables of a manual as an Excel workbook, and the way back: one sheet per table, every cell a text.

A1 holds the directive, B1 manual and version, row 2 the header. On the way back only tables that changed are
written into the text; a table whose sheet is gone stays as it is.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from io import BytesIO
from typing import Any

import xlsxwriter
from xlsxwriter.utility import xl_col_to_name

from zhike.kernel.policy.editing.grids import Grid, grids_of, tidy, with_table
from zhike.kernel.policy.editing.workbooks import BadWorkbook, Page, Problem, pages
from zhike.kernel.policy.manual.model import DecisionTable, OutcomeKind
from zhike.kernel.policy.manual.reader import read
from zhike.kernel.policy.manual.text import normal

LISTS = "词"  # the hidden sheet behind the drop-down lists
SPARE_ROWS = 200  # below the table, where drop-down lists are offered too
WIDEST = 48
_NOT_IN_NAMES = re.compile(r"[\[\]:*?/\\']")
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f]")


@dataclass(frozen=True, slots=True)
class Merged:
    """The text with the changed tables, and their directives. With `problems` the text is the old one."""

    text: str
    changed: tuple[str, ...] = ()
    problems: tuple[Problem, ...] = ()


def stamp(key: str, version: str) -> str:
    """What stands in B1, so that a workbook of another manual or version is known."""
    return f"{key} 第{version}版"


# --- out ------------------------------------------------------------------------------------------------


def to_workbook(source: str, *, key: str, version: str) -> bytes:
    """An .xlsx file of every executed table of a manual. `version` is what must still be current on return."""
    out = BytesIO()
    book = xlsxwriter.Workbook(
        out, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    )  # fmt: skip
    grids = grids_of(source)
    decisions = {table.line: table for table in read(source).decisions}
    writer = _Writer(book, stamp(key, version), _sheet_names(grids))
    for grid, name in zip(grids, writer.names, strict=True):
        writer.sheet(name, grid, decisions.get(grid.line))
    writer.lists()
    book.close()
    return out.getvalue()


def _sheet_names(grids: Sequence[Grid]) -> list[str]:
    """At most 31 characters, none twice; the directive in A1 tells a table, not this name."""
    names: list[str] = []
    for grid in grids:
        bare = _NOT_IN_NAMES.sub(" ", f"示例 {grid.name}" if grid.kind == "examples" else grid.name).strip()
        name, count = bare[:31] or "表", 1
        while name.lower() in {known.lower() for known in (*names, LISTS, "history")}:
            count += 1
            name = f"{bare[:26]} ({count})"
        names.append(name)
    return names


class _Writer:
    def __init__(self, book: Any, mark: str, names: list[str]) -> None:
        self.book, self.mark, self.names = book, mark, names
        text = {"num_format": "@", "text_wrap": True, "valign": "top", "font_size": 11}
        self.cell = book.add_format({**text, "border": 1, "border_color": "#C8D0D6"})
        # a value that begins with = + - @ stays a text when somebody edits it
        self.quoted = book.add_format({**text, "border": 1, "border_color": "#C8D0D6", "quote_prefix": True})
        self.head = book.add_format(
            {**text, "border": 1, "border_color": "#C8D0D6", "bold": True, "bg_color": "#E3EEF2"}
        )
        self.mute = book.add_format({"num_format": "@", "font_color": "#5F6B73"})
        self.vocabularies: list[tuple[str, ...]] = []

    def sheet(self, name: str, grid: Grid, table: DecisionTable | None) -> None:
        page = self.book.add_worksheet(name)
        page.write_string(0, 0, grid.directive, self.mute)
        page.write_string(0, 1, self.mark, self.mute)
        page.set_column(0, max(len(grid.columns), 2) + 5, None, self.mute)
        for column, place in enumerate(grid.columns):
            texts = [place.label, *(row[column] for row in grid.rows)]
            wide = max((_width(text) for text in texts), default=8)
            page.set_column(column, column, min(max(wide + 2, 9), WIDEST), self.mute)
            page.write_string(1, column, place.label, self.head)
            for number, row in enumerate(grid.rows, 2):
                text = _CONTROL.sub("", row[column])
                page.write_string(number, column, text, self.quoted if text[:1] in "=+-@" else self.cell)
        page.freeze_panes(2, 0)
        for output in table.outputs if table else ():
            if output.kind is OutcomeKind.CHOICE and output.words:
                words = tuple(word.name for word in output.words)
                self._offer(page, output.index, len(grid.rows), words)

    def _offer(self, page: Any, column: int, rows: int, words: tuple[str, ...]) -> None:
        """A drop-down list that also lets other words through: the names of parameters, for instance."""
        if words not in self.vocabularies:
            self.vocabularies.append(words)
        letter = xl_col_to_name(self.vocabularies.index(words))
        source = f"={LISTS}!${letter}$1:${letter}${len(words)}"
        page.data_validation(
            2, column, 1 + rows + SPARE_ROWS, column,
            {"validate": "list", "source": source, "error_type": "warning"},
        )  # fmt: skip

    def lists(self) -> None:
        if not self.vocabularies:
            return
        page = self.book.add_worksheet(LISTS)
        page.hide()
        for column, words in enumerate(self.vocabularies):
            for row, word in enumerate(words):
                page.write_string(row, column, word)


def _width(text: str) -> int:
    """Columns that a text takes: a Chinese character takes two."""
    return sum(2 if ord(char) > 0x2E7F else 1 for char in text)


# --- back -----------------------------------------------------------------------------------------------


def from_workbook(data: bytes, source: str, *, key: str, version: str) -> Merged:
    """The text with the tables of a workbook that began as `to_workbook(source, key=key, version=version)`.

    Never raises: what cannot be taken stands in `problems`, each with the address of its cell. The merged text is
    for the ordinary checks; nothing here judges what the cells say.
    """
    try:
        found = pages(data)
    except BadWorkbook as refusal:
        return Merged(source, (), (Problem("", "", str(refusal)),))
    problems: list[Problem] = []
    mine = [page for page in found if _is_ours(page, stamp(key, version), problems)]
    if not mine and not problems:
        problems.append(Problem("", "", "工作簿里没有这份规定的表：每张表的 A1 要是“@…”那一行"))
    pairs = _paired(mine, grids_of(source), problems)
    problems += [problem for page in mine for problem in page.problems]
    if problems:
        return Merged(source, (), tuple(problems))
    text, changed = source, []
    for page, grid in sorted(pairs, key=lambda pair: -pair[1].line):
        rows = [tidy(row) for row in page.rows]
        labels = tidy(page.header)
        same_labels = [normal(label) for label in labels] == [column.label for column in grid.columns]
        if same_labels and rows == [tidy(row) for row in grid.rows]:
            continue
        text = with_table(text, grid.line, [c.label for c in grid.columns] if same_labels else labels, rows)
        changed.append(grid.directive)
    return Merged(text, tuple(reversed(changed)))


def _is_ours(page: Page, mark: str, problems: list[Problem]) -> bool:
    """Whether the sheet holds a table of this manual; another manual or version is a problem."""
    if not page.directive:
        if normal(page.mark) == normal(mark):
            problems.append(Problem(page.name, "A1", "A1 空了：要是下载时的“@…”那一行"))
        return False
    if not page.directive.startswith(("@", "＠")):
        return False
    if normal(page.mark) != normal(mark):
        what = f"“{page.mark}”" if page.mark else "空的"
        message = f"B1 是{what}，现在要改的是“{mark}”：请重新导出，在新的工作簿里改"
        problems.append(Problem(page.name, "B1", message))
        return False
    return True


def _paired(mine: Sequence[Page], grids: Sequence[Grid], problems: list[Problem]) -> list[tuple[Page, Grid]]:
    """Sheets with their tables, by directive; equal directives in the order of the file."""
    left = list(grids)
    pairs = []
    for page in mine:
        grid = next((each for each in left if normal(each.directive) == normal(page.directive)), None)
        if grid is None:
            known = any(normal(each.directive) == normal(page.directive) for each in grids)
            why = "这张表在工作簿里有两份" if known else f"规定里没有“{page.directive}”这张表，请不要改 A1"
            problems.append(Problem(page.name, "A1", why))
            continue
        left.remove(grid)
        pairs.append((page, grid))
    return pairs
