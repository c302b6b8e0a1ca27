"""Which row of a decision table decides, for all rows of a queryset at once."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from django.db import connections, transaction
from django.db.models import F, QuerySet

from zhike.kernel.parties.tree import tree
from zhike.kernel.policy import inforce, tags
from zhike.kernel.policy.evaluate.deciding import Case, book_of
from zhike.kernel.policy.evaluate.program import tag_bits
from zhike.kernel.policy.manual import model
from zhike.kernel.policy.manual.text import normal
from zhike.kernel.policy.models import ManualVersion
from zhike.kernel.policy.questions import Question

from .columns import Plan
from .conditions import NotInSql

RESULT = "ruling_row"
NO_JIT_ABOVE = 100
NO_SQL_ABOVE = 200
CHUNK = 2000


def rows_by_sql(
    manual: model.Manual,
    table: str,
    question: Question,
    queryset: QuerySet[Any],
    today: dt.date,
    version_key: str,
    *,
    into: str = RESULT,
    zone: dt.tzinfo | None = None,
) -> QuerySet[Any]:
    """The queryset with the number of the deciding row as `ruling_row`: from 1, 0 for none.

    Of a table that collects it is the mask of all hits, row n as bit n - 1. Python gives the same for every case
    whose ruling is sound; where two rows of a 唯一 table match, Python refuses and this takes the first. `zone`
    turns columns of moments into days (default: the active one). Raises NotInSql.
    """
    found = _table(manual, table)
    plan = Plan(manual, question, queryset, today, version_key, zone, prefix=f"{into}_input")
    row = plan.row(found)
    asked: QuerySet[Any] = plan.queryset.annotate(**{into: row})
    return asked


def rows(
    manual: model.Manual,
    table: str,
    question: Question,
    queryset: QuerySet[Any],
    today: dt.date,
    version_key: str,
    *,
    zone: dt.tzinfo | None = None,
) -> Iterator[tuple[Any, int]]:
    """Key and deciding row of every row: by one statement where that is right and quicker, else in Python."""
    found = _table(manual, table)
    if len(found.rows) <= NO_SQL_ABOVE:
        try:
            asked = rows_by_sql(manual, table, question, queryset, today, version_key, zone=zone)
        except NotInSql:
            pass
        else:
            with planned(found, queryset.db):
                yield from asked.order_by().values_list("pk", RESULT).iterator(chunk_size=CHUNK)
            return
    yield from rows_in_python(manual, table, question, queryset, today, version_key, zone=zone)


def rows_in_python(
    manual: model.Manual,
    table: str,
    question: Question,
    queryset: QuerySet[Any],
    today: dt.date,
    version_key: str,
    *,
    zone: dt.tzinfo | None = None,
) -> Iterator[tuple[Any, int]]:
    """Like `rows`, in chunks and without putting the table into SQL: derived facts, large tables, long figures."""
    found, book = _table(manual, table), book_of(manual)
    for key, facts in _facts(manual, question, queryset, version_key, zone):
        hits = Case(book, facts, today).hits(found)
        yield key, _deciding(found, hits)


def _deciding(table: model.DecisionTable, hits: list[int]) -> int:
    if table.hit is model.Hit.COLLECT:
        return sum(1 << (row - 1) for row in hits)
    if not hits:
        return 0
    return min(hits, key=lambda row: table.ranks[row - 1]) if table.hit is model.Hit.HIGHEST else hits[0]


def _facts(
    manual: model.Manual,
    question: Question,
    queryset: QuerySet[Any],
    key: str,
    zone: dt.tzinfo | None,
) -> Iterator[tuple[Any, dict[str, Any]]]:
    """Key and facts by label of every row; those without a column are read from the row itself."""
    if any(fact.column is None for fact in question.facts):
        for row in queryset.iterator(chunk_size=CHUNK):
            yield row.pk, {normal(fact.zh): fact.read(row) if fact.read else None for fact in question.facts}
        return
    columns = {
        f"fact{at}": F(fact.column) if isinstance(fact.column, str) else fact.column
        for at, fact in enumerate(question.facts)
    }
    readers = [_reader(manual, normal(fact.zh), key, zone) for fact in question.facts]
    labels = [normal(fact.zh) for fact in question.facts]
    asked = queryset.order_by().annotate(**columns).values_list("pk", *columns)
    for pk, *values in asked.iterator(chunk_size=CHUNK):
        read = [reader(value) for reader, value in zip(readers, values, strict=True)]
        yield pk, dict(zip(labels, read, strict=True))


def _reader(manual: model.Manual, label: str, key: str, zone: dt.tzinfo | None) -> Any:
    """How a stored value becomes one that is tested: a mask one in the order of the list, a moment a day."""
    spec = manual.facts.get(label)
    if spec is not None and spec.kind is model.Kind.TAGS:
        places = tags.places(key, spec.vocabulary) if spec.vocabulary else tag_bits(spec.words)
        order = tag_bits(spec.words)
        # stored words that this version does not have keep a place of their own behind all others
        strangers = [code for code in places if code not in order]
        order |= {code: len(spec.words) + at for at, code in enumerate(strangers)}
        moves = [(1 << place, 1 << order[code]) for code, place in places.items()]
        return lambda mask: sum(bit for stored, bit in moves if (mask or 0) & stored)

    def plain(value: Any) -> Any:
        if isinstance(value, dt.datetime):
            here = value.astimezone(zone)
            return dt.date(here.year, here.month, here.day)
        return value

    return plain


@contextmanager
def planned(table: model.DecisionTable, using: str, *, counted: bool = False) -> Iterator[None]:
    """Around the reading of many cases on PostgreSQL.

    It would spend seconds on compiling the conditions of a large table. And where rows are `counted` it takes every
    distinct figure of a case for a group of its own, so many groups that it would count with one process instead of
    several; in truth there are a few for each unit.
    """
    settings = []
    if connections[using].vendor == "postgresql":
        settings += ["jit = off"] if len(table.rows) > NO_JIT_ABOVE else []
        settings += ["parallel_tuple_cost = 0"] if counted else []
    if not settings:
        yield
        return
    with transaction.atomic(using=using):
        with connections[using].cursor() as cursor:
            for setting in settings:
                cursor.execute(f"SET LOCAL {setting}")
        yield
        with connections[using].cursor() as cursor:
            # inside a longer transaction they would last to its end
            for setting in settings:
                cursor.execute(f"SET LOCAL {setting.partition(' ')[0]} TO DEFAULT")


def _table(manual: model.Manual, name: str) -> model.DecisionTable:
    """Raises CannotDecide for a table that is not there or not sound."""
    return book_of(manual).table(name)


@dataclass(frozen=True)
class Pass:
    """Units whose parameter values are equal, and the manual with these values: one statement serves them all."""

    manual: model.Manual
    units: tuple[int, ...]


def passes(version: ManualVersion, units: Iterable[int], day: dt.date) -> list[Pass]:
    """The units grouped by the values that hold at each on a day. Two queries, and one reading for each group."""
    place = tree()
    installed = {row.unit_id: row for row in inforce.installations(version.key)}
    groups: dict[tuple[tuple[str, str], ...], list[int]] = {}
    for unit in units:
        nearest = [installed[here] for here in place.line(unit) if here in installed]
        values = inforce.parameters_of(version.key, nearest, day)
        groups.setdefault(tuple(sorted(values.items())), []).append(unit)
    return [
        Pass(inforce.manual_of(version.pk, dict(values)), tuple(sorted(members)))
        for values, members in groups.items()
    ]
