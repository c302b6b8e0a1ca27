"""Every matching row as a file, streamed. A cell that a spreadsheet would run as a formula is written as text."""

from __future__ import annotations

import csv
import datetime as dt
import tempfile
from collections.abc import Iterator
from decimal import Decimal
from itertools import islice
from typing import Any

from django.http import FileResponse, HttpResponseBase, StreamingHttpResponse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _

from .declare import Column, List, Rows

FORMATS = ("csv", "xlsx")
_CHUNK = 2000
_SHEET_ROWS = 1_048_575
_DANGEROUS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def export(
    spec: List, rows: Rows, columns: list[Column], fmt: str, now: dt.datetime, mark: str = ""
) -> HttpResponseBase:
    """The answer with the file; `columns` without a `text` are left out.

    `mark` (who and when) stands in every line, so that it goes along with a part that is copied out.
    """
    columns = [column for column in columns if column.text is not None]
    if mark:
        columns.append(Column("mark", _("Exported by"), lambda row, now: mark, lambda row: mark, width=200))
    stamp = f"{timezone.localtime(now):%Y%m%d-%H%M}"
    name = f"{spec.title}-{stamp}.{fmt}"
    if fmt == "xlsx":
        return _as_xlsx(spec, rows, columns, name, mark)
    response = StreamingHttpResponse(csv_lines(spec, rows, columns), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = content_disposition_header(True, name) or "attachment"
    return response


def csv_lines(spec: List, rows: Rows, columns: list[Column]) -> Iterator[bytes]:
    """Lines in UTF-8 with a byte order mark, so that spreadsheets read Chinese."""
    writer = csv.writer(_Echo())
    yield b"\xef\xbb\xbf" + _line(writer, [str(column.label) for column in columns])
    for row in _all(spec, rows):
        yield _line(writer, [cell_text(column.text(row)) for column in columns if column.text])


def cell_text(value: object) -> str:
    """A value for CSV. Numbers stay numbers; a text that begins like a formula gets an apostrophe in front."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "1" if value else "0"
    if isinstance(value, int | float | Decimal):
        return str(value)
    if isinstance(value, dt.datetime):
        return f"{timezone.localtime(value):%Y-%m-%d %H:%M:%S}"
    if isinstance(value, dt.date):
        return value.isoformat()
    shown = str(value)
    return f"'{shown}" if shown.lstrip(" ").startswith(_DANGEROUS) else shown


def _line(writer: Any, values: list[str]) -> bytes:
    text: str = writer.writerow(values)
    return text.encode("utf-8")


class _Echo:
    """A file that hands back what is written: the writer formats, the response streams."""

    def write(self, text: str) -> str:
        return text


def _all(spec: List, rows: Rows) -> Iterator[Any]:
    found = rows.iterator(chunk_size=_CHUNK)
    while chunk := list(islice(found, _CHUNK)):
        if spec.prepare is not None:
            spec.prepare(chunk)
        yield from chunk


def _as_xlsx(spec: List, rows: Rows, columns: list[Column], name: str, mark: str) -> HttpResponseBase:
    file = tempfile.TemporaryFile()  # noqa: SIM115 - the response closes it
    import xlsxwriter  # workers that export nothing do without it

    book = xlsxwriter.Workbook(file, {"constant_memory": True, "strings_to_formulas": False})
    sheet = book.add_worksheet()
    bold = book.add_format({"bold": True})
    money = book.add_format({"num_format": "#,##0.00"})
    moment = book.add_format({"num_format": "yyyy-mm-dd hh:mm"})
    day = book.add_format({"num_format": "yyyy-mm-dd"})
    for at, column in enumerate(columns):
        sheet.set_column(at, at, max(10, column.width / 7 if column.width else 30))
        sheet.write_string(0, at, str(column.label), bold)
    for line, row in enumerate(islice(_all(spec, rows), _SHEET_ROWS), start=1):
        for at, column in enumerate(columns):
            value = column.text(row) if column.text else None
            if value is None or value == "":
                continue
            if isinstance(value, bool | str | Promise):
                sheet.write_string(line, at, str(value)[:32767])
            elif isinstance(value, Decimal):
                sheet.write_number(line, at, value, money)
            elif isinstance(value, int | float):
                sheet.write_number(line, at, value)
            elif isinstance(value, dt.datetime):
                sheet.write_datetime(line, at, timezone.make_naive(value), moment)
            elif isinstance(value, dt.date):
                sheet.write_datetime(line, at, value, day)
            else:
                sheet.write_string(line, at, str(value)[:32767])
    sheet.freeze_panes(1, 0)
    if mark:
        sheet.set_footer(f"&L{mark.replace('&', '&&')}&R&P / &N")
        book.set_properties({"author": mark})
    book.close()
    file.seek(0)
    return FileResponse(file, as_attachment=True, filename=name)
