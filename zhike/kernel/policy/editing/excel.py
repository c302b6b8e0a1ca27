"""The tables of a manual as an Excel workbook, and the way back: one sheet per table, every cell a text.

A1 holds the directive, B1 manual and version, row 2 the header. On the way back only tables that changed are
written into the text; a table whose sheet is gone stays as it is.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Problem:
    """Why a workbook cannot be taken; `sheet` and `cell` ("B7") may be empty."""

    sheet: str
    cell: str
    message: str

    def __str__(self) -> str:
        place = "!".join(part for part in (self.sheet, self.cell) if part)
        return f"{place}:{self.message}" if place else self.message


@dataclass(frozen=True, slots=True)
class Merged:
    """The text with the changed tables, and their directives. With `problems` the text is the old one."""

    text: str
    changed: tuple[str, ...] = ()
    problems: tuple[Problem, ...] = ()


def to_workbook(source: str, *, key: str, version: str) -> bytes:
    """An .xlsx file of every executed table of a manual. `version` is what must still be current on return."""
    raise NotImplementedError


def from_workbook(data: bytes, source: str, *, key: str, version: str) -> Merged:
    """The text with the tables of a workbook that began as `to_workbook(source, key=key, version=version)`.

    Never raises: what cannot be taken stands in `problems`, each with the address of its cell.
    """
    return Merged(source, (), (Problem("", "", "还不能读回工作簿"),))
