"""A laid-out form as an Excel sheet. Every cell is text: a value that begins with = is never a formula."""

from __future__ import annotations

from collections.abc import Sequence
from io import BytesIO
from typing import Any

import xlsxwriter

from zhike.kernel.records.word import block_text

LONGEST = 32_000  # characters a cell may hold, with room below Excel's own limit of 32,767
SHARE = 0.92  # a percent of the sheet's width in Excel's unit (characters)
Sheet = dict[str, Any]


def workbook(sheet: Sheet, pictures: Sequence[Any] = ()) -> bytes:
    """An .xlsx file with one A4 sheet, and one for each picture; longer texts go on in further rows, nothing is cut."""
    out = BytesIO()
    book = xlsxwriter.Workbook(
        out, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    )
    _Page(book, sheet).write()
    for one in pictures:
        page = book.add_worksheet()
        page.write_string(0, 0, one.name)
        page.insert_image(1, 0, str(one.path), {"x_scale": 0.5, "y_scale": 0.5, "description": one.name})
    book.close()
    return out.getvalue()


class _Page:
    """The sheet being written from top to bottom."""

    def __init__(self, book: Any, sheet: Sheet) -> None:
        self.sheet, self.row = sheet, 0
        self.page = book.add_worksheet("Sheet1")
        self.wide = len(sheet["columns"])
        base = {
            "font_name": "SimSun",
            "font_size": 10.5,
            "valign": "vcenter",
            "text_wrap": True,
            "num_format": "@",
        }
        boxed = {**base, "border": 1}
        self.face = {
            "organisation": book.add_format({**base, "align": "center", "font_size": 12}),
            "title": book.add_format({**base, "align": "center", "font_size": 18, "bold": True}),
            "plain": book.add_format(base),
            "band": book.add_format({**boxed, "align": "center", "bold": True, "bg_color": "#F0F0F0"}),
            "label": book.add_format({**boxed, "align": "center"}),
            "value": book.add_format({**boxed, "align": "left"}),
            "top": book.add_format({**boxed, "align": "left", "valign": "top"}),
            "right": book.add_format({**boxed, "align": "right"}),
        }

    def write(self) -> None:
        self.page.set_paper(9)
        if self.sheet["across"]:
            self.page.set_landscape()
        self.page.set_margins(left=0.8, right=0.6, top=0.6, bottom=0.7)
        self.page.fit_to_pages(1, 0)
        before, between, after = self.sheet["page"].split("{}")
        printed = self.sheet["printed"].replace("&", "&&")[:150]
        self.page.set_footer(f"&L{printed}&R{before}&P{between}&N{after}")
        for column, share in enumerate(self.sheet["columns"]):
            self.page.set_column(column, column, share * SHARE)
        self._across(self.sheet["organisation"], "organisation", 18)
        self._across(self.sheet["title"], "title", 30)
        left, middle, right = self.sheet["meta"]
        self._across(
            "　　".join(part for part in (left, middle, right + self.sheet["number"]) if part), "plain", 18
        )
        for part in self.sheet["body"]:
            for row in part["rows"] if part["kind"] == "grid" else []:
                self._grid_row(row)
            if part["kind"] == "lines":
                self._lines(part)
        self._across(self.sheet["note"], "plain", 30)

    def _box(self, row: int, first: int, last: int, text: str, face: str) -> None:
        """One text cell over columns `first` to `last`."""
        if last > first:
            self.page.merge_range(row, first, row, last, "", self.face[face])
        self.page.write_string(row, first, text, self.face[face])

    def _across(self, text: str, face: str, height: float) -> None:
        if text:
            self._box(self.row, 0, self.wide - 1, text[:LONGEST], face)
            self.page.set_row(self.row, height)
            self.row += 1

    def _grid_row(self, row: Sheet) -> None:
        """A row of the form; as many Excel rows as its longest text needs."""
        texts = [
            cell["text"]
            if cell["kind"] != "value"
            else "\n".join(block_text(block, self.sheet["colon"]) for block in cell["blocks"])
            for cell in row["cells"]
        ]
        for turn in range(max(1, *(-(-len(text) // LONGEST) for text in texts))):
            column = lines = 0
            for cell, text in zip(row["cells"], texts, strict=True):
                piece = text[turn * LONGEST : (turn + 1) * LONGEST]
                face = ("top" if cell["top"] else "value") if cell["kind"] == "value" else cell["kind"]
                self._box(self.row, column, column + cell["span"] - 1, piece, face)
                width = sum(self.sheet["columns"][column : column + cell["span"]]) * SHARE
                lines = max(lines, _lines_of(piece, width))
                column += cell["span"]
            self.page.set_row(self.row, min(409, max(24, row["tall"] * 2.84, lines * 15 + 8)))
            self.row += 1

    def _lines(self, part: Sheet) -> None:
        """A table of the form: its own columns are laid over the sheet's, the last one taking what is left."""
        spans = _spread(len(part["head"]), self.wide)
        for texts, is_head in [(part["head"], True), *((row, False) for row in part["rows"])]:
            column = 0
            for place, text in enumerate(texts):
                face = "label" if is_head else "right" if part["right"][place] else "value"
                self._box(self.row, column, column + spans[place] - 1, text[:LONGEST], face)
                column += spans[place]
            self.row += 1


def _spread(count: int, wide: int) -> list[int]:
    """How many columns of the sheet each column of a table takes; columns beyond the sheet's go to its right."""
    if count >= wide:
        return [1] * count
    share, rest = divmod(wide, count)
    return [share] * (count - 1) + [share + rest]


def _lines_of(text: str, width: float) -> int:
    """About how many lines the text takes; a Chinese sign is two characters wide."""
    return sum(
        1 + int(sum(2 if ord(sign) > 255 else 1 for sign in line) // max(width, 1))
        for line in text.split("\n")
    )
