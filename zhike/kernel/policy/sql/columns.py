"""The inputs of a decision table as columns of a queryset."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db import connections
from django.db.models import (
    BigIntegerField,
    Case,
    DateTimeField,
    DecimalField,
    F,
    FloatField,
    QuerySet,
    Value,
    When,
)
from django.db.models.expressions import Col, Combinable
from django.db.models.functions import Coalesce, TruncDate

from zhike.kernel.policy import tags
from zhike.kernel.policy.evaluate.program import tag_bits
from zhike.kernel.policy.manual import model
from zhike.kernel.policy.manual.text import normal
from zhike.kernel.policy.questions import Question

from .conditions import SQLITE_DIGITS, Column, NotInSql

MOST_COLLECTED = 62


@dataclass
class Plan:
    """One table at work on one queryset: hands out an alias for each input, chained tables included.

    `key` is the manual's, under which the places of tags are stored; `zone` turns moments into days.
    """

    manual: model.Manual
    question: Question
    queryset: QuerySet[Any]
    today: dt.date
    key: str
    zone: dt.tzinfo | None = None
    prefix: str = "input"
    _known: dict[str, Column] = field(default_factory=dict)
    _places: dict[str, dict[str, int]] = field(default_factory=dict)

    @property
    def vendor(self) -> str:
        return connections[self.queryset.db].vendor

    def row(self, table: model.DecisionTable) -> Any:
        """The number of the row that decides, 0 for none; of a table that collects the mask of all hits."""
        if table.broken or any(row.broken for row in table.rows):
            raise NotInSql(f"判定表“{table.name}”有错误，不能执行")
        columns = [self.column(each.fact, table.line) for each in table.inputs]
        conditions = [_all_of(columns, row) for row in table.rows]
        if table.hit is model.Hit.COLLECT:
            return _mask(table, conditions)
        order = list(range(len(table.rows)))
        if table.hit is model.Hit.HIGHEST:
            order.sort(key=lambda place: table.ranks[place])
        whens, otherwise = [], 0
        for place in order:
            if conditions[place] is None:
                otherwise = place + 1  # a row of dashes takes the rest: what comes after it is never asked
                break
            whens.append(When(conditions[place], then=_number(place + 1)))
        return Case(*whens, default=_number(otherwise)) if whens else _number(otherwise)

    def column(self, fact: model.FactSpec, above: int) -> Column:
        """The alias of an input as the table on line `above` sees it."""
        if fact.key not in self._known:
            places = self._places_of(fact)
            expression = self._expression(fact, above, places)
            name = f"{self.prefix}{len(self._known)}"
            self.queryset = self.queryset.alias(**{name: expression})
            self._known[fact.key] = Column(name, fact.kind, places, self.today, self.vendor)
        return self._known[fact.key]

    def _places_of(self, fact: model.FactSpec) -> dict[str, int]:
        """Places of the words of a set: the stored ones of a manual's list, else those of the order in code."""
        if fact.kind is not model.Kind.TAGS:
            return {}
        if fact.vocabulary is None:
            return tag_bits(fact.words)
        if fact.vocabulary not in self._places:
            self._places[fact.vocabulary] = tags.places(self.key, fact.vocabulary)
        found = self._places[fact.vocabulary]
        if fact.origin is not model.Origin.EARLIER:
            return found
        # words of a draft have no place yet: they are given, if at all, by the table further up
        fresh = [word.code for word in fact.words if word.code not in found]
        free = max(found.values(), default=-1) + 1
        if free + len(fresh) > tags.PLACES:
            raise NotInSql(f"“{fact.key}”的词太多")
        return found | {code: free + at for at, code in enumerate(fresh)}

    def _expression(self, fact: model.FactSpec, above: int, places: Mapping[str, int]) -> Any:
        stored = self._stored(fact)
        if fact.origin is model.Origin.DERIVED:
            raise NotInSql(f"“{fact.key}”是推算的")
        if fact.origin is model.Origin.EARLIER and not self._always_stored(fact):
            computed = self._earlier(fact, above, places)
            return Coalesce(stored, computed) if stored is not None else computed
        if stored is None:
            raise NotInSql(f"“{fact.key}”没有可以成批读取的列")
        return stored

    def _stored(self, fact: model.FactSpec) -> Any:
        """What the application gives for a whole queryset, fit to be compared; None without a column."""
        declared = self.question.fact(fact.key)
        if declared is None or declared.column is None:
            return None
        column = F(declared.column) if isinstance(declared.column, str) else declared.column
        resolved = column.resolve_expression(self.queryset.query.clone(), allow_joins=True)
        shape = resolved.output_field
        if isinstance(shape, FloatField):
            raise NotInSql(f"“{fact.key}”的列是浮点数")
        if self.vendor == "sqlite" and isinstance(shape, DecimalField) and shape.max_digits > SQLITE_DIGITS:
            raise NotInSql(f"“{fact.key}”的列超过 15 位，SQLite 分不清")
        if fact.kind in (model.Kind.DATE, model.Kind.UNTIL) and isinstance(shape, DateTimeField):
            return TruncDate(column, tzinfo=self.zone)
        if fact.kind is model.Kind.TAGS and not self._never_null(resolved):
            return Coalesce(column, Value(0), output_field=BigIntegerField())
        return column

    def _always_stored(self, fact: model.FactSpec) -> bool:
        """Whether every case has the earlier outcome as it was recorded, so that it need not be worked out."""
        declared = self.question.fact(fact.key)
        if declared is None or declared.column is None:
            return False
        column = F(declared.column) if isinstance(declared.column, str) else declared.column
        return self._never_null(column.resolve_expression(self.queryset.query.clone(), allow_joins=True))

    def _never_null(self, resolved: Combinable) -> bool:
        return (
            isinstance(resolved, Col)
            and not resolved.target.null
            and resolved.alias == self.queryset.query.get_initial_alias()
        )

    def _earlier(self, fact: model.FactSpec, above: int, places: Mapping[str, int]) -> Any:
        """The outcome of the nearest table further up that has it, row by row."""
        tables = [
            table
            for table in self.manual.decisions
            if table.line < above
            and table.hit is not model.Hit.COLLECT
            and any(fact.key == output.label for output in table.outputs)
        ]
        if not tables:
            raise NotInSql(f"“{fact.key}”不是前面的结论")
        table = tables[-1]
        name = f"{self.prefix}_of_{table.line}"
        if name not in self.queryset.query.annotations:
            row = self.row(table)
            self.queryset = self.queryset.alias(**{name: row})
        place = next(at for at, output in enumerate(table.outputs) if output.label == fact.key)
        values = {row.number: _stored_outcome(row.outcomes[place], fact, places) for row in table.rows}
        whens = [When(**{name: number}, then=value) for number, value in values.items() if value is not None]
        if not whens:
            raise NotInSql(f"结论“{fact.key}”没有值")
        empty = _number(0) if fact.kind is model.Kind.TAGS else Value(None, whens[0].result.output_field)
        return Case(*whens, default=empty)


def _stored_outcome(cell: model.OutcomeCell, fact: model.FactSpec, places: Mapping[str, int]) -> Value | None:
    """The outcome of a row as an input further down; None where it is empty."""
    match cell.value:
        case model.Chosen(code):
            return Value(normal(code))
        case model.Several(codes):
            return Value(sum(1 << places[code] for code in set(codes)), output_field=BigIntegerField())
        case model.Literal(None) | model.NoValue():
            return None
        case model.Literal(int() as value) if not isinstance(value, bool):
            return _number(value)
        case model.Literal(value):
            if isinstance(value, bool) or not isinstance(value, str):
                return Value(value)
            return Value(normal(value))
        case _:
            raise NotInSql(f"结论“{fact.key}”要逐件计算")


def _all_of(columns: list[Column], row: model.DecisionRow) -> Any:
    """All tests of a row; None when it accepts everything."""
    parts = [
        condition
        for column, cell in zip(columns, row.tests, strict=True)
        if cell.test is not None and (condition := column.condition(cell.test)) is not None
    ]
    if not parts:
        return None
    found = parts[0]
    for part in parts[1:]:
        found &= part
    return found


def _mask(table: model.DecisionTable, conditions: list[Any]) -> Any:
    """Row n sets bit n - 1."""
    if len(table.rows) > MOST_COLLECTED:
        raise NotInSql(f"判定表“{table.name}”超过 {MOST_COLLECTED} 行")
    total: Any = _number(0)
    for place, condition in enumerate(conditions):
        bit = _number(1 << place)
        total = total + (bit if condition is None else Case(When(condition, then=bit), default=_number(0)))
    return total


def _number(value: int) -> Value:
    return Value(value, output_field=BigIntegerField())
