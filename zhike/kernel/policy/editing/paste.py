"""What the clipboard holds after copying cells in WPS, Excel or a web page, as rows of texts."""

from __future__ import annotations

import csv
import io
import re
from html.parser import HTMLParser

_TABLE = re.compile(r"<table[\s>]", re.IGNORECASE)
MOST_ROWS = 2_000
MOST_COLUMNS = 200


def grid_from_paste(text: str) -> list[list[str]]:
    """Rows of equal width; [] for nothing. Reads tab-separated text, quoted cells with line breaks, HTML tables.

    Cells keep their words, a line break inside one becomes a blank. A cell merged over several stands in each of
    them. Empty lines at the end and columns that are empty to the right are left out.
    """
    rows = _from_html(text) if _TABLE.search(text) else _from_tabs(text)
    rows = [[" ".join(cell.split()) for cell in row[:MOST_COLUMNS]] for row in rows[:MOST_ROWS]]
    while rows and not any(rows[-1]):
        rows.pop()
    width = max((n + 1 for row in rows for n, cell in enumerate(row) if cell), default=0)
    return [row[:width] + [""] * (width - len(row)) for row in rows]


def _from_tabs(text: str) -> list[list[str]]:
    """As Excel puts it: tabs between cells; a cell with a line break or a tab is quoted, its quotes doubled."""
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\x00", "")
    reader = csv.reader(io.StringIO(text, newline=""), delimiter="\t")
    try:
        return list(reader)
    except csv.Error:
        return [line.split("\t") for line in text.split("\n")]


def _from_html(text: str) -> list[list[str]]:
    reader = _TableReader()
    reader.feed(text)
    reader.close()
    return reader.rows()


class _TableReader(HTMLParser):
    """The cells of the first table; tables inside of cells are read as text."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.depth, self.silent, self.done = 0, 0, False
        self.cells: dict[tuple[int, int], str] = {}
        self.row, self.column = -1, 0
        self.span = (1, 1)
        self.text: list[str] | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "table":
            self.depth += 1
        elif tag in ("style", "script"):
            self.silent += 1
        elif self.depth != 1 or self.done:
            if self.text is not None:
                self.text.append(" ")
        elif tag == "tr":
            self._finish()
            self.row, self.column = self.row + 1, 0
        elif tag in ("td", "th") and self.row >= 0:
            self._finish()
            given = dict(attrs)
            self.span = (_span(given.get("rowspan")), _span(given.get("colspan")))
            self.text = []
        elif tag in ("br", "p", "div") and self.text is not None:
            self.text.append(" ")

    def handle_endtag(self, tag: str) -> None:
        if tag in ("style", "script"):
            self.silent = max(0, self.silent - 1)
        elif tag == "table":
            self.depth -= 1
            if not self.depth:
                self._finish()
                self.done = True
        elif self.depth == 1 and tag in ("td", "th", "tr"):
            self._finish()

    def handle_data(self, data: str) -> None:
        if self.text is not None and not self.silent:
            self.text.append(data)

    def _finish(self) -> None:
        if self.text is None:
            return
        text, self.text = "".join(self.text), None
        while (self.row, self.column) in self.cells:
            self.column += 1
        down, right = self.span
        for row in range(self.row, self.row + down):
            for column in range(self.column, self.column + right):
                self.cells[(row, column)] = text
        self.column += right

    def rows(self) -> list[list[str]]:
        self._finish()
        found: list[list[str]] = [[] for _ in range(self.row + 1)]
        for (row, column), text in sorted(self.cells.items()):
            if row <= self.row:
                found[row] += [""] * (column - len(found[row])) + [text]
        return found


def _span(text: str | None) -> int:
    return min(max(int(text), 1), MOST_COLUMNS) if text and text.strip().isdigit() else 1
