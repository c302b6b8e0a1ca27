"""What `zhike customers match` does: pairs of rows of plain files with a score. Needs no database."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from zhike.kernel.records.sheets import BadSheet, Sheet, read_sheet

from . import columns, pairs
from .columns import Column, Kind


class CannotMatch(Exception):
    """The files cannot be compared; the message is one sentence."""


def main(argv: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="zhike customers", description="Customers in plain files.")
    verbs = parser.add_subparsers(dest="verb", required=True)
    match = verbs.add_parser("match", help="pairs of rows that are about the same person or firm")
    match.add_argument("file", type=Path, help="CSV, TSV, XLSX, XLS or ODS with a header")
    match.add_argument("other", type=Path, nargs="?", help="another file; without it, pairs within the first")
    match.add_argument("--threshold", type=float, default=0.5, help="lowest score that is printed, 0 to 1")
    match.add_argument("--one-to-one", action="store_true", help="each row in one pair only, surest first")
    match.add_argument("--json", action="store_true", help="one JSON object a line")
    given = parser.parse_args(argv)
    if not 0 <= given.threshold <= 1:
        print("zhike customers match: --threshold: 0..1", file=sys.stderr)
        return 2
    try:
        found = matched(given.file, given.other, threshold=given.threshold, one_to_one=given.one_to_one)
    except CannotMatch as refusal:
        print(f"zhike: {refusal}", file=sys.stderr)
        return 1
    for line in found:
        print(
            json.dumps(line, ensure_ascii=False)
            if given.json
            else f"{line['score']:.4f}\t{line['a']}\t{line['b']}"
        )
    return 0


def matched(
    file: Path, other: Path | None, *, threshold: float = 0.5, one_to_one: bool = False
) -> list[dict[str, Any]]:
    """The pairs as {"a", "b", "score"}; a row is called by its own number, else by its row in the file."""
    first = _read(file)
    second = _read(other) if other is not None else None
    known = _fields(first)
    beside = _fields(second) if second is not None else known
    common = [field for field in known if field in beside]
    if not common:
        raise CannotMatch(f"{file} and {other} have no column in common that says who somebody is")
    left = pairs.prepare([known[field] for field in common], _cells(first))
    right = pairs.prepare([beside[field] for field in common], _cells(second)) if second is not None else None
    names = _names(first)
    others = _names(second) if second is not None else names
    found = pairs.match(left, right, threshold=threshold, one_to_one=one_to_one)
    return [{"a": names[pair.a], "b": others[pair.b], "score": round(pair.score, 6)} for pair in found]


def _read(path: Path) -> Sheet:
    try:
        return read_sheet(path.name, path.read_bytes())
    except OSError as trouble:
        raise CannotMatch(f"{path}: {trouble.strerror}") from trouble
    except BadSheet as wrong:
        raise CannotMatch(f"{path}: {wrong}") from wrong


def _cells(sheet: Sheet) -> list[tuple[str, ...]]:
    return [row.cells for row in sheet.rows]


def _fields(sheet: Sheet) -> dict[str, Column]:
    found = columns.recognise(sheet.header, _cells(sheet))
    return {column.field: column for column in found if column.kind != Kind.ROW}


def _names(sheet: Sheet) -> Sequence[str | int]:
    """What rows are called: the column of their own numbers where each has one, else the row of the file."""
    own = next((one for one in columns.recognise(sheet.header, _cells(sheet)) if one.kind == Kind.ROW), None)
    if own is not None:
        names = [row.cells[own.place] for row in sheet.rows]
        if all(names) and len(set(names)) == len(names):
            return names
    return [row.number for row in sheet.rows]
