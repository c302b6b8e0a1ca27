"""Levels of secrecy in words: the regulation's list 密级 maps each to a number."""

from __future__ import annotations

from zhike.customers.regulation import Regulation

from . import questions

NUMBER = "级数"


def choices(found: Regulation | None, *, most: int = 9) -> list[tuple[int, str]]:
    """Number and label of the levels up to `most`, lowest first."""
    if found is None:
        return [(level, str(level)) for level in range(min(most, 3) + 1)]
    rows = [
        (int(found.cell(questions.LEVELS, code, NUMBER) or 0), label)
        for code, label in found.choices(questions.LEVELS)
    ]
    return sorted(row for row in rows if row[0] <= most)


def label_of(found: Regulation | None, level: int) -> str:
    return dict(choices(found)).get(level, str(level))
