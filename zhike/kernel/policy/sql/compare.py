"""What a change of a manual would mean for stored cases: the base of the back-test."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Count, Max, Min, QuerySet

from zhike.kernel.policy.evaluate.deciding import book_of
from zhike.kernel.policy.manual import model
from zhike.kernel.policy.questions import Question

from .conditions import NotInSql
from .rows import NO_SQL_ABOVE, planned, rows_by_sql, rows_in_python

EXAMPLES = 3


@dataclass(frozen=True)
class Asked:
    """One version of a table as it would rule today; `key` is that of its manual."""

    manual: model.Manual
    table: str
    question: Question
    today: dt.date
    key: str
    zone: dt.tzinfo | None = None

    @property
    def rows(self) -> model.DecisionTable:
        return book_of(self.manual).table(self.table)


@dataclass
class Change:
    """Cases of one unit with the same outcome before and the same after; None: no row. `examples` are keys.

    Outcomes are the codes of words and the texts of other cells, in the order of the columns, one tuple for each
    row that counts.
    """

    before: tuple[tuple[str, ...], ...] | None
    after: tuple[tuple[str, ...], ...] | None
    unit: int
    count: int = 0
    other_row: int = 0  # of them, same outcome by another row
    examples: list[Any] = field(default_factory=list)

    @property
    def moves(self) -> bool:
        return self.before != self.after


def compare(old: Asked, new: Asked, queryset: QuerySet[Any], *, unit: str = "unit_id") -> list[Change]:
    """Both versions over all cases in one statement, grouped by outcome before, outcome after and unit.

    Most cases first. Tables that do not go into SQL are worked through in Python, with the same result.
    """
    outcomes_before, outcomes_after = _Outcomes(old), _Outcomes(new)
    found: dict[tuple[Any, Any, int], Change] = {}
    for row_before, row_after, where, count, examples in _groups(old, new, queryset, unit):
        before, after = outcomes_before.of(row_before), outcomes_after.of(row_after)
        change = found.setdefault((before, after, where), Change(before, after, where))
        change.count += count
        if before == after and outcomes_before.texts(row_before) != outcomes_after.texts(row_after):
            change.other_row += count
        change.examples = sorted({*change.examples, *examples})[-EXAMPLES:]
    return sorted(found.values(), key=lambda change: (-change.count, change.unit))


def _groups(
    old: Asked, new: Asked, queryset: QuerySet[Any], unit: str
) -> Iterable[tuple[int, int, int, int, list[Any]]]:
    larger = max(old.rows, new.rows, key=lambda table: len(table.rows))
    try:
        if len(larger.rows) > NO_SQL_ABOVE:
            raise NotInSql(larger.name)
        asked = queryset
        for each, name in ((old, "row_before"), (new, "row_after")):
            asked = rows_by_sql(
                each.manual,
                each.table,
                each.question,
                asked,
                each.today,
                each.key,
                into=name,
                zone=each.zone,
            )
    except NotInSql:
        return _in_python(old, new, queryset, unit)
    counted = (
        asked.order_by()
        .values("row_before", "row_after", unit)
        .annotate(cases=Count("pk"), lowest=Min("pk"), highest=Max("pk"))
    )
    with planned(larger, queryset.db):
        return [
            (row["row_before"], row["row_after"], row[unit], row["cases"], [row["lowest"], row["highest"]])
            for row in counted
        ]


def _in_python(
    old: Asked, new: Asked, queryset: QuerySet[Any], unit: str
) -> Iterable[tuple[int, int, int, int, list[Any]]]:
    units: Mapping[Any, int] = dict(queryset.order_by().values_list("pk", unit))
    before = dict(
        rows_in_python(old.manual, old.table, old.question, queryset, old.today, old.key, zone=old.zone)
    )
    after = rows_in_python(new.manual, new.table, new.question, queryset, new.today, new.key, zone=new.zone)
    return [(before[pk], row, units[pk], 1, [pk]) for pk, row in after]


class _Outcomes:
    """What the rows of a table say, looked up by the number (or the mask) that the database gives."""

    def __init__(self, asked: Asked) -> None:
        self.table = asked.rows
        self.collects = self.table.hit is model.Hit.COLLECT
        self.params = asked.manual.params

    def _rows(self, number: int) -> list[model.DecisionRow]:
        if self.collects:
            return [row for place, row in enumerate(self.table.rows) if number >> place & 1]
        return [self.table.rows[number - 1]] if number else []

    def of(self, number: int) -> tuple[tuple[str, ...], ...] | None:
        said = tuple(tuple(self._said(cell) for cell in row.outcomes) for row in self._rows(number))
        return tuple(sorted(said)) or None

    def texts(self, number: int) -> list[str]:
        """Row numbers are not stable between versions: rows are the same when their texts are."""
        return [row.text for row in self._rows(number)]

    def _said(self, cell: model.OutcomeCell) -> str:
        match cell.value:
            case model.Chosen(code):
                return code
            case model.Literal(value) if value is not None:
                return str(value)
            case model.Due(text, phrase) if phrase.parameter is not None:
                return f"{text}({self.params[phrase.parameter].text})"
            case _:
                return cell.text
