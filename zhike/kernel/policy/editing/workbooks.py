"""Sheets of an Excel workbook as texts of cells, whoever saved it: numbers and yes/no become what a manager would
have written, dates and formulas are refused with the address of their cell."""

from __future__ import annotations

import datetime as dt
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from io import BytesIO
from typing import Any

from xlsxwriter.utility import xl_col_to_name

from zhike.kernel.policy.check.figures import figure

from .packed import Kind, wrong_with

EXCEL = Kind(
    "xl/workbook.xml",
    none="这不是 Excel 工作簿(.xlsx)",
    broken="工作簿已损坏，打不开",
    open="这是 ODS 格式的表格：请另存为 .xlsx",
    large="工作簿太大",
    most=100 * 1024 * 1024,
)
MOST_ROWS = 5_000
MOST_COLUMNS = 200
EXACT_DIGITS = 15  # a spreadsheet keeps no more digits of a number
_QUOTED = re.compile(r'"[^"]*"|\\.|\[[^\]]*\]')


class BadWorkbook(ValueError):
    """The file cannot be read as a workbook; the message is one sentence."""


@dataclass(frozen=True, slots=True)
class Problem:
    """Why a workbook cannot be taken; `sheet` and `cell` ("B7") may be empty."""

    sheet: str
    cell: str
    message: str

    def __str__(self) -> str:
        place = "!".join(part for part in (self.sheet, self.cell) if part)
        return f"{place}:{self.message}" if place else self.message


@dataclass(slots=True)
class Page:
    """One sheet: A1, B1, row 2 and the rows below that hold something, as wide as the header."""

    name: str
    directive: str
    mark: str
    header: tuple[str, ...] = ()
    rows: list[tuple[str, ...]] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)


def pages(data: bytes) -> list[Page]:
    """Every sheet. Raises BadWorkbook."""
    import openpyxl  # brings numpy along, which a web process does without
    from openpyxl.utils.exceptions import InvalidFileException

    _refuse_other_kinds(data)
    try:
        book = openpyxl.load_workbook(BytesIO(data), data_only=False)
        return [_page(sheet) for sheet in book.worksheets]
    except BadWorkbook:
        raise
    except (
        InvalidFileException,
        zipfile.BadZipFile,
        KeyError,
        ValueError,
        TypeError,
        EOFError,
        OSError,
    ) as wrong:
        raise BadWorkbook(EXCEL.broken) from wrong


def _refuse_other_kinds(data: bytes) -> None:
    if not data.strip():
        raise BadWorkbook("文件是空的")
    if data.startswith(b"\xd0\xcf\x11\xe0"):
        raise BadWorkbook("工作簿有密码，或是旧的 .xls 格式：请不加密码另存为 .xlsx")
    if wrong := wrong_with(data, EXCEL):
        raise BadWorkbook(wrong)


def _page(sheet: Any) -> Page:
    if sheet.max_row > MOST_ROWS or sheet.max_column > MOST_COLUMNS:
        far = f"{xl_col_to_name(sheet.max_column - 1)}{sheet.max_row}"
        raise BadWorkbook(f"工作表“{sheet.title}”一直到 {far}：请删掉表格以外的格")
    page = Page(sheet.title, _title(sheet, "A1"), _title(sheet, "B1"))
    if not page.directive.startswith(("@", "＠")):
        return page
    for area in sheet.merged_cells.ranges:
        address = str(area).partition(":")[0]
        page.problems.append(Problem(page.name, address, f"合并的单元格({area})要先拆开"))
    texts = [list(_texts(row, page)) for row in sheet.iter_rows(min_row=2)]
    header = texts[0] if texts else []
    while header and not header[-1]:
        header.pop()
    page.header = tuple(header)
    if not header:
        page.problems.append(Problem(page.name, "A2", "第2行要是表头"))
    for number, cells in enumerate(texts[1:], 3):
        extra = next((n for n, cell in enumerate(cells[len(header) :], len(header)) if cell), None)
        if extra is not None:
            address = f"{xl_col_to_name(extra)}{number}"
            page.problems.append(Problem(page.name, address, "这一格在表头以外"))
        if any(cells[: len(header)]):
            page.rows.append(tuple(cells[: len(header)]))
    return page


def _title(sheet: Any, address: str) -> str:
    value = sheet[address].value
    return " ".join(str(value).split()) if value is not None else ""


def _texts(row: tuple[Any, ...], page: Page) -> Iterator[str]:
    for cell in row:
        try:
            yield text_of(cell)
        except ValueError as refusal:
            page.problems.append(Problem(page.name, cell.coordinate, str(refusal)))
            yield ""


def text_of(cell: Any) -> str:
    """What the cell says. Raises ValueError with the reason for a date, a formula, an error of reckoning."""
    value = cell.value
    if value is None:
        return ""
    if cell.data_type == "f":
        raise ValueError("这里是 Excel 的公式，请写成文字(设为“文本”格式，或在前面加一个单引号)")
    if cell.data_type == "e":
        raise ValueError(f"这里是 Excel 的错误值 {value}")
    if isinstance(value, dt.date | dt.time | dt.timedelta):
        raise ValueError("Excel 把这一格当成了日期或时间，请设为“文本”格式再写")
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, int | float):
        return _number(value, cell.number_format or "")
    return " ".join(str(value).split())


def _number(value: float, style: str) -> str:
    """As it shows: `15%` for 0.15 in a percent format, without exponent, without the noise of binary fractions."""
    exact = Decimal(f"{value:.{EXACT_DIGITS}g}")
    if "%" in _QUOTED.sub("", style):
        return f"{figure(exact * 100)}%"
    return figure(exact)
