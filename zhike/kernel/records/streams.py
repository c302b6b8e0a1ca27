"""Tables of a million rows, read row by row from a file on disk: what `sheets` reads at once into memory."""

from __future__ import annotations

import codecs
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from . import sheets
from .sheets import Table

HEAD = 1 << 20
PIECE = 1 << 22


@contextmanager
def open_table(name: str, path: Path) -> Iterator[Table]:
    """The first table of a file; its rows are read while the file is open. Raises BadSheet."""
    with path.open("rb") as file:
        head = file.read(HEAD)
        if head.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0")):
            file.seek(0)
            yield _workbook(file)
            return
    if len(head) < HEAD:  # small: read at once, with all that is told of broken texts
        sheet = sheets.read_sheet(name, head)
        yield Table(sheet.header, iter(sheet.rows), sheet.encoding, list(sheet.notes))
        return
    sheets.refuse_other_kinds(head)
    encoding = _encoding(path)
    with path.open(encoding=encoding, newline="", errors="surrogateescape") as text:
        begin = text.read(200_000)
        text.seek(0)
        known = "gb18030" if encoding == "gb18030" else "utf-16" if "16" in encoding else "utf-8"
        yield sheets.table_of(sheets.records(text, sheets.delimiter_of(begin)), known, [])


def _encoding(path: Path) -> str:
    """UTF-16 by its mark, UTF-8 if the whole file is, else GB18030 if the whole file is. Raises BadSheet."""
    with path.open("rb") as file:
        start = file.read(4)
    if start.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "utf-16"
    found = next((name for name in ("utf-8-sig", "gb18030") if _is(path, name)), None)
    if found is not None:
        return found
    with path.open("rb") as file:
        _text, encoding = sheets.decoded(file.read(HEAD))
    return "utf-8-sig" if encoding == "utf-8" else encoding


def _is(path: Path, encoding: str) -> bool:
    decoder = codecs.getincrementaldecoder(encoding)()
    try:
        with path.open("rb") as file:
            while piece := file.read(PIECE):
                decoder.decode(piece)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True


def _workbook(file: Any) -> Table:
    book, notes = sheets.open_workbook(file)
    return sheets.table_of(_records(book.iter_rows(), notes), "workbook", notes)


def _records(rows: Iterator[list[Any]], notes: list[str]) -> Iterator[list[str]]:
    told = False
    for row in rows:
        if not told and any(map(sheets.is_cut, row)):
            notes.append(sheets.cut_note())
            told = True
        yield [sheets.cell_text(cell) for cell in row]
