"""A numeric input as a bar: the stretches in which a table decides alike, all other facts as given."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from itertools import groupby
from math import floor
from typing import Any

from zhike.kernel.policy.check.columns import Ordered
from zhike.kernel.policy.check.segments import Incomparable, cut
from zhike.kernel.policy.check.tables import styles_of, tests_of
from zhike.kernel.policy.check.wording import ends
from zhike.kernel.policy.editing.cells import stretch
from zhike.kernel.policy.editing.offers import param_names
from zhike.kernel.policy.evaluate.deciding import CannotDecide, Case, book_of
from zhike.kernel.policy.evaluate.examples import shown
from zhike.kernel.policy.evaluate.given import read_facts
from zhike.kernel.policy.manual.model import DecisionTable, FactSpec, Hit, Kind, Manual
from zhike.kernel.policy.manual.text import normal

# Facts that are distances from today are unknown unless given; then any day will do.
SOME_DAY = dt.date(2025, 1, 1)


@dataclass(frozen=True, slots=True)
class Segment:
    """From `low` to `high` (None: no end). `text` is the stretch in the language of cells, `outcome` the
    outcomes as written ("" where nothing is ruled), `row` the number of the row that decides (None: none)."""

    low: Decimal | None
    high: Decimal | None
    text: str
    outcome: str
    row: int | None


def segments(
    manual: Manual,
    table: DecisionTable,
    label: str,
    facts: Mapping[str, Any] | None = None,
    today: dt.date | None = None,
) -> list[Segment]:
    """Stretches of the input `label`, lowest first; neighbours with the same outcome by the same row are one.

    `facts` by label, as values or as people write them; one that is missing is unknown, a set is empty. [] for an
    input that is no figure and for a table that cannot be executed. Raises BadFact.
    """
    asked = next((each for each in table.inputs if normal(label) in (each.label, each.fact.key)), None)
    if asked is None or not asked.fact.kind.is_figure:
        return []
    key, day = asked.fact.key, today or SOME_DAY
    given = read_facts(manual, facts or {}, day)
    try:
        column = cut(asked.fact, tests_of(table)[key], styles_of(manual.params))
        book = book_of(manual)
        book.table(table.name)
    except (Incomparable, CannotDecide):
        return []
    assert isinstance(column, Ordered)
    ruled = [
        (_ruling(Case(book, {**given, key: value}, day), table), position)
        for position, value in _samples(column, asked.fact)
    ]
    names = param_names(table, key)
    found = []
    for (row, outcome), group in groupby(ruled, key=lambda each: each[0]):
        positions = [position for _ruling, position in group]
        low, high = positions[0], positions[-1]
        first, _in, last, _in = ends(column, low, high)
        found.append(
            Segment(
                _point(column, first), _point(column, last), stretch(column, low, high, names), outcome, row
            )
        )
    return found


def _point(column: Ordered, index: int | None) -> Decimal | None:
    return None if index is None else Decimal(str(column.points[index]))


def _samples(column: Ordered, fact: FactSpec) -> Iterator[tuple[int, Decimal]]:
    """A value at each position: the point itself, or one between two points."""
    points = [Decimal(str(point)) for point in column.points]
    for position in column.positions:
        at, is_point = divmod(position, 2)
        if not points:
            yield position, Decimal(0)
        elif is_point:
            yield position, points[at]
        elif at == 0:
            yield position, Decimal(floor(points[0] - 1))
        elif at == len(points):
            yield position, Decimal(floor(points[-1] + 1))
        elif fact.kind is Kind.INT:
            yield position, Decimal(floor(points[at - 1]) + 1)
        else:
            yield position, (points[at - 1] + points[at]) / 2


def _ruling(case: Case, table: DecisionTable) -> tuple[int | None, str]:
    """The row that decides and its outcomes; nothing where no row does or two contradict each other."""
    try:
        if table.hit is Hit.COLLECT:
            decisions = case.all(table)
        else:
            one = case.one(table)
            decisions = [one] if one else []
    except CannotDecide:
        return None, ""
    texts = [
        text
        for decision in decisions
        for output in table.outputs
        if (text := shown(output, decision)) and normal(text) != "-"
    ]
    return (decisions[0].row if len(decisions) == 1 else None), "、".join(dict.fromkeys(texts))
