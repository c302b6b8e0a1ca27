"""Tables out of files that people bring: CSV and TSV in any encoding met in China, XLSX, XLS and ODS.

What a file is, is told from its content; the name only helps where the content does not say. Every cell comes out
as text: numbers without a needless ".0", days as 2026-09-24, moments as 2026-09-24 16:00:00, control characters
dropped, line breaks as "\\n". Rows are numbered as a spreadsheet shows them, the header row included.
"""

from __future__ import annotations

import csv
import datetime as dt
import io
import itertools
import re
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import IO, Any, NamedTuple

import python_calamine
from django.utils.translation import gettext as _

MOST_ROWS = 200_000
MOST_COLUMNS = 300
MOST_CELLS = 20_000_000  # of the rectangle that a workbook spans
MOST_UNPACKED = 400 * 1024 * 1024  # bytes of a workbook once unpacked
LONGEST_CELL = 4_000_000
DELIMITERS = (",", "\t", ";", "|")
SPREADSHEETS = (".xlsx", ".xlsm", ".xls", ".ods")
EXACT_DIGITS = 10**15  # a spreadsheet keeps no more digits of a number

csv.field_size_limit(LONGEST_CELL)


class BadSheet(ValueError):
    """The file cannot be read as a table; the message says why and where."""


class Row(NamedTuple):
    """One row: its number in the file, its cells (as many as the header has), what is wrong with it."""

    number: int
    cells: tuple[str, ...]
    problem: str = ""


@dataclass(frozen=True)
class Sheet:
    """A table with its header. `encoding` is "utf-8", "gb18030", "utf-16" or "workbook"."""

    header: tuple[str, ...]
    rows: tuple[Row, ...]
    encoding: str
    notes: tuple[str, ...] = ()


def read_sheet(name: str, data: bytes) -> Sheet:
    """The first table of a file. Raises BadSheet.

    Empty rows are left out, short rows are filled up; a row with more filled cells than the header, or with bytes
    that are no text, carries a `problem` and the rest are read.
    """
    if not data.strip(b"\x00\r\n\t ,;\xef\xbb\xbf\xff\xfe"):
        raise BadSheet(_("The file is empty."))
    if data.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0")):
        return _workbook(data)
    refuse_other_kinds(data)
    return _text(name, data)


def refuse_other_kinds(data: bytes) -> None:
    start = data[:512].lstrip(b"\xef\xbb\xbf \r\n\t").lower()
    if start.startswith((b"<html", b"<!doctype", b"<table", b"<?xml", b"<meta", b"<head")):
        raise BadSheet(_("This is a web page and not a table. Open it and save it as XLSX or CSV."))
    if start.startswith((b"%pdf", b"\x89png", b"\xff\xd8\xff", b"gif8", b"rar!", b"7z\xbc\xaf")):
        raise BadSheet(_("This is no table. Bring a CSV, TSV, XLSX, XLS or ODS file."))


# ---- text


def _text(name: str, data: bytes) -> Sheet:
    text, encoding = decoded(data)
    notes = []
    if name.lower().endswith(SPREADSHEETS):
        notes.append(_("The file is named like a workbook but holds plain text; it was read as text."))
    return _sheet(records(io.StringIO(text, newline=""), delimiter_of(text)), encoding, notes)


def decoded(data: bytes) -> tuple[str, str]:
    """Text and encoding. Bytes that do not fit stay in it as lone surrogates, so that their row can be named."""
    if data.startswith((b"\xff\xfe\x00\x00", b"\x00\x00\xfe\xff")):
        raise BadSheet(_("The file is written in UTF-32. Save it as CSV in UTF-8."))
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return _utf16(data, "utf-16"), "utf-16"
    if b"\x00" in data[:4096]:
        high_first = data[:4096:2].count(0) > data[1:4096:2].count(0)
        return _utf16(data, "utf-16-be" if high_first else "utf-16-le"), "utf-16"
    try:
        return data.decode("utf-8-sig"), "utf-8"
    except UnicodeDecodeError:
        pass
    as_utf8 = data.decode("utf-8-sig", errors="surrogateescape")
    broken = sum(1 for char in as_utf8 if "\udc80" <= char <= "\udcff")
    sound = sum(1 for char in as_utf8 if char > "\x7f") - broken
    if sound > broken:
        return as_utf8, "utf-8"
    try:
        return data.decode("gb18030"), "gb18030"
    except UnicodeDecodeError as wrong:
        as_gb = data.decode("gb18030", errors="surrogateescape")
        broken_gb = sum(1 for char in as_gb if "\udc80" <= char <= "\udcff")
        if broken_gb * 100 > len(as_gb):
            line = data[: wrong.start].count(b"\n") + 1
            raise BadSheet(
                _("Line %(line)s is neither UTF-8 nor GB18030. Save the file as CSV in UTF-8.")
                % {"line": line}
            ) from wrong
        return as_gb, "gb18030"


def _utf16(data: bytes, codec: str) -> str:
    try:
        return data.decode(codec)
    except UnicodeDecodeError as wrong:
        raise BadSheet(
            _("The file is no text in UTF-8, GB18030 or UTF-16. Save it as CSV in UTF-8.")
        ) from wrong


def delimiter_of(text: str) -> str:
    """The mark that gives the first lines the most columns; a comma where there is one column only."""
    head = "\n".join(text[:200_000].splitlines()[:30])
    best, most = ",", 1
    for mark in DELIMITERS:
        first = next((row for row in csv.reader(io.StringIO(head), delimiter=mark) if any(row)), [])
        if len(first) > most:
            best, most = mark, len(first)
    return best


def records(text: Iterable[str], delimiter: str) -> Iterator[list[str]]:
    """Records of a delimited text. Raises BadSheet for a quotation mark that never closes."""
    spent = False

    def lines() -> Iterator[str]:
        nonlocal spent
        yield from text
        spent = True

    reader = csv.reader(lines(), delimiter=delimiter)
    while True:
        began = reader.line_num + 1
        try:
            record = next(reader)
        except StopIteration:
            return
        except csv.Error as wrong:
            raise BadSheet(
                _("A field that begins in line %(line)s is longer than a table can hold.") % {"line": began}
            ) from wrong
        if spent:
            raise BadSheet(
                _("The quotation mark that opens in line %(line)s never closes.") % {"line": began}
            )
        yield record


# ---- workbooks


def _workbook(data: bytes) -> Sheet:
    table, notes = open_workbook(io.BytesIO(data))
    grid = table.to_python(skip_empty_area=False)
    if any(is_cut(cell) for row in grid for cell in row):
        notes.append(cut_note())
    return _sheet(([cell_text(cell) for cell in row] for row in grid), "workbook", notes)


def is_cut(cell: Any) -> bool:
    """Whether a number has more digits than a spreadsheet keeps."""
    return isinstance(cell, float) and abs(cell) >= EXACT_DIGITS


def cut_note() -> str:
    return _("The workbook keeps only 15 digits of a number: long ids must be stored as text.")


def open_workbook(file: IO[bytes]) -> tuple[Any, list[str]]:
    """The first sheet that has cells, and what is to be said of it. Raises BadSheet."""
    if file.read(2) == b"PK":
        _refuse_bombs(file)
    file.seek(0)
    try:
        book = python_calamine.load_workbook(file)
        names = list(book.sheet_names)
        tables = ((name, book.get_sheet_by_name(name)) for name in names)
        chosen = next(((name, table) for name, table in tables if table.total_height), None)
    except python_calamine.PasswordError as locked:
        raise BadSheet(_("The workbook is protected by a password. Save it without one.")) from locked
    except (python_calamine.CalamineError, OSError, ValueError) as wrong:
        raise BadSheet(_("The workbook is damaged or is no XLSX, XLS or ODS file.")) from wrong
    if chosen is None:
        raise BadSheet(_("The workbook has no filled cell."))
    name, table = chosen
    notes = []
    if len(names) > 1:
        notes.append(_("Only the sheet “%(name)s” was read; the workbook has more.") % {"name": name})
    return table, notes


_REFERENCE = re.compile(rb'<c r="([A-Z]{1,3})(\d{1,7})"')


def _refuse_bombs(file: IO[bytes]) -> None:
    """A small file may unpack to a rectangle that no memory holds."""
    try:
        with zipfile.ZipFile(file) as packed:
            parts = packed.infolist()
            if sum(part.file_size for part in parts) > MOST_UNPACKED:
                raise BadSheet(_("The workbook is too large once unpacked. Divide it."))
            for part in parts:
                if part.filename.startswith("xl/worksheets/sheet"):
                    with packed.open(part) as unpacked:
                        _refuse_vast(unpacked)
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError) as wrong:
        raise BadSheet(_("The workbook is damaged or is no XLSX, XLS or ODS file.")) from wrong


def _refuse_vast(unpacked: IO[bytes]) -> None:
    wide = tall = 0
    end = b""
    while piece := unpacked.read(1 << 20):
        found = _REFERENCE.findall(end + piece)
        wide = max(wide, *map(_column, {letters for letters, _row in found}), 0)
        tall = max(tall, *map(int, {row for _letters, row in found}), 0)
        end = piece[-24:]  # a reference may lie across two pieces
    if wide * tall > MOST_CELLS:
        raise BadSheet(
            _(
                "A cell far away from the table (column %(column)s, row %(row)s) makes it too large. Delete it."
            )
            % {"column": wide, "row": tall}
        )


def _column(letters: bytes) -> int:
    """`A` is 1, `AA` is 27."""
    place = 0
    for letter in letters:
        place = place * 26 + letter - 64
    return place


def cell_text(value: Any) -> str:
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 10**18 else repr(value)
    if isinstance(value, dt.datetime):
        return f"{value:%Y-%m-%d}" if value.time() == dt.time() else f"{value:%Y-%m-%d %H:%M:%S}"
    if isinstance(value, dt.date):
        return f"{value:%Y-%m-%d}"
    return str(value)


# ---- both


@dataclass(frozen=True)
class Table:
    """A table whose rows are read one after the other, once. `notes` may grow while they are."""

    header: tuple[str, ...]
    rows: Iterator[Row]
    encoding: str
    notes: list[str]


def table_of(records: Iterable[list[str]], encoding: str, notes: list[str]) -> Table:
    """Header and rows out of raw records. Raises BadSheet."""
    numbered = (
        (number, cells) for number, cells in enumerate(records, start=1) if any(map(str.strip, cells))
    )
    first = next(numbered, None)
    if first is None:
        raise BadSheet(_("The file is empty."))
    second = next(numbered, None)
    if second is not None and len(_filled(first[1])) == 1 < len(_filled(second[1])):
        notes.append(_("Row %(row)s was taken for a title.") % {"row": first[0]})
        first, second = second, next(numbered, None)
    header = _header(*first)
    left = itertools.chain([] if second is None else [second], numbered)
    return Table(header, (_row(number, cells, len(header)) for number, cells in left), encoding, notes)


def _sheet(records: Iterable[list[str]], encoding: str, notes: list[str]) -> Sheet:
    table = table_of(records, encoding, notes)
    rows = list(itertools.islice(table.rows, MOST_ROWS + 1))
    if len(rows) > MOST_ROWS:
        raise BadSheet(_("The file has more than %(most)s rows. Divide it.") % {"most": f"{MOST_ROWS:,}"})
    return Sheet(table.header, tuple(rows), encoding, tuple(notes))


def _filled(cells: list[str]) -> list[str]:
    return [cell for cell in cells if cell and not cell.isspace()]


def _header(number: int, cells: list[str]) -> tuple[str, ...]:
    names: list[str] = []
    while cells and not cells[-1].strip():
        cells = cells[:-1]
    if len(cells) > MOST_COLUMNS:
        raise BadSheet(
            _("Row %(row)s has more than %(most)s columns.") % {"row": number, "most": MOST_COLUMNS}
        )
    for place, cell in enumerate(cells, start=1):
        if _BROKEN.search(cell):
            raise BadSheet(
                _("The header in row %(row)s has bytes that are no text. Save the file as CSV in UTF-8.")
                % {"row": number}
            )
        name = " ".join(clean(cell).split())[:80] or _("Column %(place)s") % {"place": place}
        again = sum(1 for known in names if known == name or known.startswith(f"{name} ("))
        names.append(f"{name} ({again + 1})" if again else name)
    return tuple(names)


def _row(number: int, cells: list[str], width: int) -> Row:
    if len(cells) == width and not _ODD.search("\n".join(cells)):  # a million rows are almost all like this
        return Row(number, tuple(map(str.strip, cells)))
    problem = ""
    if any(_BROKEN.search(cell) for cell in cells):
        problem = _("This row has bytes that are no text in the encoding of the file.")
        cells = [_BROKEN.sub("\N{REPLACEMENT CHARACTER}", cell) for cell in cells]
    elif len(cells) > width and any(cell.strip() for cell in cells[width:]):
        problem = _("This row has %(cells)s cells, the header has %(width)s.") % {
            "cells": len(cells),
            "width": width,
        }
    kept = [clean(cell) for cell in cells[:width]]
    return Row(number, (*kept, *[""] * (width - len(kept))), problem)


_BROKEN = re.compile("[\ud800-\udfff]")
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufeff\ufffe\uffff]")
_ODD = re.compile(f"[\r{_BROKEN.pattern[1:-1]}{_CONTROL.pattern[1:-1]}]")


def clean(text: str) -> str:
    """Text without control characters and without space around it; line breaks are "\\n"."""
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    return _CONTROL.sub("", text).strip()
