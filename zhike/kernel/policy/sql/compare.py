"""What a change of a manual would mean for stored cases: the base of the back-test.

One statement: the old version over all cases, and the new one where it may decide differently. Elsewhere the row
stays the same.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import reduce
from operator import and_, or_
from typing import Any

from django.db.models import BigIntegerField, Case, Count, ExpressionWrapper, F, Max, Q, QuerySet, Value, When

from zhike.kernel.policy.check.outcomes import formula_text
from zhike.kernel.policy.check.regions import Region
from zhike.kernel.policy.check.touched import touched
from zhike.kernel.policy.evaluate.deciding import book_of
from zhike.kernel.policy.manual import model
from zhike.kernel.policy.questions import Question

from .columns import Plan
from .conditions import NotInSql
from .rows import NO_SQL_ABOVE, planned, rows_by_sql, rows_in_python

EXAMPLES = 3
Outcomes = tuple[tuple[str, ...], ...]


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

    def ruled(self, queryset: QuerySet[Any], into: str) -> QuerySet[Any]:
        """Raises NotInSql."""
        return rows_by_sql(
            self.manual, self.table, self.question, queryset, self.today, self.key, into=into, zone=self.zone
        )


@dataclass
class Change:
    """Cases of one unit with the same outcome before and the same after; None: no row. `examples` are keys.

    Outcomes are the codes of words and the texts of other cells, in the order of the columns, one tuple for each
    row that counts. Examples are given where the outcome changes: the newest by each pair of rows.
    """

    before: Outcomes | None
    after: Outcomes | None
    unit: int
    count: int = 0
    other_row: int = 0  # of them, same outcome by another row
    examples: list[Any] = field(default_factory=list)

    @property
    def moves(self) -> bool:
        return self.before != self.after


def compare(
    old: Asked, new: Asked, queryset: QuerySet[Any], *, unit: str = "unit_id", restricted: bool = True
) -> list[Change]:
    """Both versions over all cases, grouped by outcome before, outcome after and unit; most cases first.

    `restricted` asks both only where they may differ, which gives the same in less time. Tables that do not go into
    SQL are worked through in Python, with the same result.
    """
    outcomes_before, outcomes_after = Said(old), Said(new)
    found: dict[tuple[Any, Any, int], Change] = {}
    for row_before, row_after, where, count, newest in _groups(old, new, queryset, unit, restricted):
        before = outcomes_before.of(row_before)
        after = before if row_after is None else outcomes_after.of(row_after)
        change = found.setdefault((before, after, where), Change(before, after, where))
        change.count += count
        if change.moves:
            change.examples = sorted({*change.examples, newest})[-EXAMPLES:]
        elif row_after is not None and outcomes_before.texts(row_before) != outcomes_after.texts(row_after):
            change.other_row += count
    return sorted(found.values(), key=lambda change: (-change.count, change.unit))


_SAME = Value(-1, output_field=BigIntegerField())
# row before, row after (None: the same row), unit, how many, the newest of them
Group = tuple[int, int | None, int, int, Any]


def _groups(old: Asked, new: Asked, queryset: QuerySet[Any], unit: str, restricted: bool) -> Iterable[Group]:
    larger = max(old.rows, new.rows, key=lambda table: len(table.rows))
    try:
        if len(larger.rows) > NO_SQL_ABOVE:
            raise NotInSql(larger.name)
        where = may_change(old, new) if restricted else None
        with planned(larger, queryset.db, counted=True):
            if where is None:
                return _both(old, new, queryset, unit)
            return list(_restricted(old, new, queryset, unit, where))
    except NotInSql:
        return _in_python(old, new, queryset, unit)


def _both(old: Asked, new: Asked, queryset: QuerySet[Any], unit: str) -> list[Group]:
    return _counted(new.ruled(old.ruled(queryset, "row_before"), "row_after"), unit)


def _counted(asked: QuerySet[Any], unit: str) -> list[Group]:
    """A plain unit would make SQLite walk the index of units and fetch every row from elsewhere."""
    place = ExpressionWrapper(F(unit) + 0, output_field=BigIntegerField())
    groups = (
        asked.order_by().annotate(place_of_case=place).values_list("row_before", "row_after", "place_of_case")
    )
    return list(groups.annotate(n=Count("pk"), last=Max("pk")))


def _restricted(
    old: Asked, new: Asked, queryset: QuerySet[Any], unit: str, where: tuple[Region, ...]
) -> Iterable[Group]:
    """The old version for every case, the new one only inside the regions; outside them the row stays."""
    asked = old.ruled(queryset, "row_before")
    row_after: Any = _SAME
    if where:
        asked, condition = _inside(new, new.ruled(asked, "row_inside"), where)
        inner = F("row_inside")
        whens = [When(condition, then=inner)] if condition else []
        row_after = Case(*whens, default=_SAME if whens else inner, output_field=BigIntegerField())
    for row_before, after, place, n, last in _counted(asked.annotate(row_after=row_after), unit):
        yield row_before, None if after == _SAME.value else after, place, n, last


def inside(asked: Asked, queryset: QuerySet[Any], where: Iterable[Region]) -> QuerySet[Any]:
    """The cases in any of the regions. Raises NotInSql."""
    found, condition = _inside(asked, queryset, where)
    return found.filter(condition)


def _inside(asked: Asked, queryset: QuerySet[Any], where: Iterable[Region]) -> tuple[QuerySet[Any], Q]:
    """The queryset with the inputs that the regions speak of, and the condition; an empty one for everything."""
    plan = Plan(asked.manual, asked.question, queryset, asked.today, asked.key, asked.zone, prefix="region")
    conditions = [_condition(plan, asked.rows.line, region) for region in where]
    return plan.queryset, reduce(or_, conditions) if all(conditions) else Q()


def _condition(plan: Plan, above: int, region: Region) -> Q:
    parts = []
    for condition in region.conditions:
        column = plan.column(condition.fact, above)
        tests = [column.condition(test) for test in condition.any_of]
        if all(test is not None for test in tests):
            parts.append(reduce(or_, tests))
    return reduce(and_, parts, Q())


def may_change(old: Asked, new: Asked) -> tuple[Region, ...] | None:
    """The regions outside which no row changes, those of the tables that come before included; None: unknown."""
    return _with_earlier(old, new, old.rows, new.rows)


def _with_earlier(
    old: Asked, new: Asked, before: model.DecisionTable, after: model.DecisionTable
) -> tuple[Region, ...] | None:
    found = touched(before, after, old.manual.params, new.manual.params)
    if found is None:
        return None
    for label in dict.fromkeys(
        column.fact.key
        for column in (*before.inputs, *after.inputs)
        if column.fact.origin is model.Origin.EARLIER
    ):
        was, now = earlier(old.manual, label, before.line), earlier(new.manual, label, after.line)
        if was is None or now is None:
            return None
        more = _with_earlier(old, new, was, now)
        if more is None:
            return None
        found += more
    return found


def earlier(manual: model.Manual, label: str, above: int) -> model.DecisionTable | None:
    """The nearest table further up that gives this outcome."""
    tables = [
        table
        for table in manual.decisions
        if table.line < above
        and table.hit is not model.Hit.COLLECT
        and any(label == output.label for output in table.outputs)
    ]
    return tables[-1] if tables else None


def _in_python(old: Asked, new: Asked, queryset: QuerySet[Any], unit: str) -> Iterable[Group]:
    units: Mapping[Any, int] = dict(queryset.order_by().values_list("pk", unit))
    counted: Counter[tuple[int, int, int]] = Counter()
    newest: dict[tuple[int, int, int], Any] = {}
    before = dict(
        rows_in_python(old.manual, old.table, old.question, queryset, old.today, old.key, zone=old.zone)
    )
    after = rows_in_python(new.manual, new.table, new.question, queryset, new.today, new.key, zone=new.zone)
    for pk, row in after:
        group = before[pk], row, units[pk]
        counted[group] += 1
        newest[group] = max(pk, newest.get(group, pk))
    return [(*group, n, newest[group]) for group, n in counted.items()]


class Said:
    """What the rows of a table say, looked up by the number (or the mask) that the database gives."""

    def __init__(self, asked: Asked) -> None:
        self.table = asked.rows
        self.collects = self.table.hit is model.Hit.COLLECT
        self.params = asked.manual.params

    def rows(self, number: int) -> list[model.DecisionRow]:
        if self.collects:
            return [row for place, row in enumerate(self.table.rows) if number >> place & 1]
        return [self.table.rows[number - 1]] if number else []

    def of(self, number: int) -> Outcomes | None:
        return tuple(sorted(self.row(row) for row in self.rows(number))) or None

    def row(self, row: model.DecisionRow) -> tuple[str, ...]:
        return tuple(self._said(cell) for cell in row.outcomes)

    def texts(self, number: int) -> list[str]:
        """Row numbers are not stable between versions: rows are the same when their texts are."""
        return [row.text for row in self.rows(number)]

    def _said(self, cell: model.OutcomeCell) -> str:
        match cell.value:
            case model.Chosen(code):
                return code
            case model.Literal(value) if value is not None:
                return str(value)
            case model.Due(text, phrase) if phrase.parameter is not None:
                return f"{text}({self.params[phrase.parameter].text})"
            case model.Computed(formula):
                return f"= {formula_text(formula, self.params)}"
            case _:
                return cell.text
