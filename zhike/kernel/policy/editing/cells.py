"""Regions of a column as texts of cells: the way back from what the checker sees to what a manager writes."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from zhike.kernel.policy.check.columns import ABSENT, PRESENT, Column, Ordered, Tags, Words
from zhike.kernel.policy.check.figures import sort_key
from zhike.kernel.policy.check.sweep import Box
from zhike.kernel.policy.check.wording import ends, runs, word_name
from zhike.kernel.policy.manual.cells import ANY, EMPTY, UNKNOWN
from zhike.kernel.policy.manual.cells import PRESENT as SOME
from zhike.kernel.policy.manual.model import Scalar
from zhike.kernel.policy.manual.text import normal

UNRESTRICTED = "-"
UNKNOWN_TEXT = "未知"
_SPECIAL = re.compile(r"[,、()\[\]\"<>=!|]|\.\.")
_RESERVED = ANY | UNKNOWN | SOME | EMPTY

# Names of parameters by the place of their value in a column.
Names = Mapping[Any, str]


def cell_texts(column: Column, part: Box, names: Names) -> list[str]:
    """Cells that together say this part of a column: nearly always one, [] where no cell can say it.

    A negation and `未知` do not go into one cell, nor do tags that must be there and tags that must not.
    """
    if all(mask & hard == hard for mask, hard in zip(part, column.hard, strict=True)):
        return [UNRESTRICTED]
    match column:
        case Words():
            return _words(column, part[0])
        case Ordered():
            return [_ordered(column, part[0], names)]
        case Tags():
            return _tags(column, part)
        case _:
            raise TypeError(column)


def _listed(names: Iterable[str]) -> str:
    return "、".join(names)


def quoted(name: str) -> str:
    """A word as a cell names it: in quotation marks where it would be read as something else."""
    return f'"{name}"' if _SPECIAL.search(normal(name)) or normal(name).lower() in _RESERVED else name


def _words(column: Words, mask: int) -> list[str]:
    def name(value: Scalar) -> str:
        text = word_name(column, value)
        return text if isinstance(value, bool) else quoted(text)

    known = mask & ~column.unknown_bit
    unknown = [UNKNOWN_TEXT] if mask & column.unknown_bit else []
    chosen = [name(value) for n, value in enumerate(column.values) if mask >> n & 1]
    missing = [name(value) for n, value in enumerate(column.values) if not mask >> n & 1]
    if known & column.others_bit:
        if len(missing) == 1 and unknown:
            return [f"!= {missing[0]}、{UNKNOWN_TEXT}"]
        return [f"not({_listed(missing or [UNKNOWN_TEXT])})", *unknown]
    if not missing and chosen and not unknown and not column.others:
        return [f"not({UNKNOWN_TEXT})"]
    if column.fact.vocabulary and missing and not unknown and len(chosen) > len(missing) + 2:
        return [f"not({_listed(missing)})"]
    return [_listed(chosen + unknown)]


def _ordered(column: Ordered, mask: int, names: Names) -> str:
    unknown = [UNKNOWN_TEXT] if mask & column.unknown_bit else []
    if not unknown and mask == (1 << len(column.positions)) - 1:
        return f"not({UNKNOWN_TEXT})"
    return _listed([*(stretch(column, low, high, names) for low, high in runs(column, mask)), *unknown])


def stretch(column: Ordered, low: int, high: int, names: Names) -> str:
    """An unbroken stretch of positions: `[500..店长起点)`, `>= 2000`, `3`."""
    first, low_in, last, high_in = ends(column, low, high)

    def point(index: int) -> str:
        return names.get(sort_key(column.points[index]), column.texts[index])

    if first is None and last is None:
        return f"not({UNKNOWN_TEXT})"
    if first is None:
        assert last is not None
        return f"{'<=' if high_in else '<'} {point(last)}"
    if last is None:
        return f"{'>=' if low_in else '>'} {point(first)}"
    if first == last:
        return point(first)
    return f"{'[' if low_in else '('}{point(first)}..{point(last)}{']' if high_in else ')'}"


def _tags(column: Tags, part: Box) -> list[str]:
    listed = part[: len(column.codes)]
    having, lacking = (
        [
            quoted(column.fact.name_of(c))
            for c, mask in zip(column.codes, listed, strict=True)
            if mask == which
        ]
        for which in (PRESENT, ABSENT)
    )
    strangers = part[-1] if column.others else PRESENT | ABSENT
    if all(mask == ABSENT for mask in part):
        return ["无"]
    if strangers != PRESENT | ABSENT or (having and lacking):
        return []
    if lacking:
        return [f"not({_listed(lacking)})"]
    return [having[0] if len(having) == 1 else f"全有({_listed(having)})"]
