"""All customers graded at once: one statement ends the values that change and opens those that follow.

A value that a person decided stays as long as it holds. Rulings are not stored one by one: the row of the grade
names version, clause and row of the table, and its facts stand in the profile.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import connection, transaction

from zhike.customers.grading.dimensions import DIMENSIONS, Dimension
from zhike.customers.models import Customer, Profile
from zhike.kernel.audit import trail
from zhike.kernel.parties.models import Party, Unit
from zhike.kernel.parties.tree import tree
from zhike.kernel.policy import inforce
from zhike.kernel.policy.manual import model
from zhike.kernel.policy.sql import NotInSql, rows_by_sql, rows_in_python
from zhike.kernel.policy.sql.rows import NO_SQL_ABOVE, RESULT, planned
from zhike.kernel.worktime import calendars

CHUNK = 500  # rows of one statement where the table is worked through in Python
Tell = Callable[[int], None]


@dataclass
class Outcome:
    """What a mass grading did: how many customers the manuals ruled on, how many values changed."""

    customers: int = 0
    changed: int = 0
    units_without_manual: list[int] = field(default_factory=list)


@dataclass(frozen=True)
class Group:
    """Units that the same version with the same figures rules on the same day."""

    answer: inforce.Answer
    today: dt.date
    units: tuple[int, ...]

    @property
    def table(self) -> model.DecisionTable:
        assert isinstance(self.answer.table, model.DecisionTable)
        return self.answer.table


def regrade_many(
    *,
    dimension: str,
    now: dt.datetime,
    by: Party | None = None,
    unit: Unit | None = None,
    tell: Tell = lambda percent: None,
) -> Outcome:
    """Every active customer, or those at a unit and below. One transaction and one audit row for each manual."""
    asked = DIMENSIONS[dimension]
    units = _units(unit)
    _with_profiles(units)
    found = Outcome()
    groups, found.units_without_manual = _groups(asked, units, now)
    for place, group in enumerate(groups):
        _regrade_group(asked, group, now, by, found)
        tell(100 * (place + 1) // len(groups))
    return found


def _units(unit: Unit | None) -> list[int]:
    """Where active customers are."""
    rows = Customer.objects.filter(state=Customer.State.ACTIVE)
    if unit is not None:
        rows = rows.filter(unit__in=sorted(tree().below(unit.pk)))
    return sorted(rows.order_by().values_list("unit_id", flat=True).distinct())


def _with_profiles(units: Sequence[int]) -> None:
    """A customer without a profile is ruled like one of whom nothing is known."""
    bare = Customer.objects.filter(unit__in=units, state=Customer.State.ACTIVE, profile=None)
    fresh = [Profile(customer_id=pk) for pk in bare.order_by().values_list("pk", flat=True)]
    Profile.objects.bulk_create(fresh, batch_size=2000, ignore_conflicts=True)


def _groups(asked: Dimension, units: Iterable[int], now: dt.datetime) -> tuple[list[Group], list[int]]:
    answers: dict[tuple[Any, ...], tuple[inforce.Answer, dt.date]] = {}
    members: dict[tuple[Any, ...], list[int]] = {}
    silent: list[int] = []
    for unit in units:
        today = calendars.local_day(now, unit)
        answer = inforce.find(asked.question.name, unit, today)
        if answer is None:
            silent.append(unit)
            continue
        key = (answer.version.pk, today, *sorted(answer.parameters.items()))
        answers[key] = (answer, today)
        members.setdefault(key, []).append(unit)
    return [Group(*answers[key], tuple(found)) for key, found in members.items()], silent


@transaction.atomic
def _regrade_group(
    asked: Dimension, group: Group, now: dt.datetime, by: Party | None, found: Outcome
) -> None:
    rows = Profile.objects.filter(
        customer__unit__in=group.units, customer__state=Customer.State.ACTIVE
    ).order_by()
    customers = rows.count()
    with planned(group.table, rows.db):
        changed = sum(
            _write(_Statement(asked, group, now, by), *source) for source in _ruled(asked, group, rows)
        )
    found.customers += customers
    found.changed += changed
    trail.record(
        "customers.regraded",
        subject=group.answer.version,
        by=by,
        at=now,
        unit_id=group.units[0] if len(group.units) == 1 else None,
        after={
            "dimension": asked.code,
            "customers": customers,
            "changed": changed,
            "units": len(group.units),
        },
    )


def _ruled(asked: Dimension, group: Group, rows: Any) -> Iterator[tuple[str, tuple[Any, ...]]]:
    """Statements that give key and deciding row: one for all, or one for each chunk that Python has worked out."""
    said = (
        group.answer.manual,
        group.table.name,
        asked.question,
        rows,
        group.today,
        group.answer.version.key,
    )
    try:
        if len(group.table.rows) > NO_SQL_ABOVE:
            raise NotInSql(group.table.name)
        yield rows_by_sql(*said).values_list("pk", RESULT).query.sql_with_params()
    except NotInSql:
        chunk: list[Any] = []
        for pk, row in rows_in_python(*said):
            chunk += [pk, row]
            if len(chunk) >= 2 * CHUNK:
                yield _values(2, len(chunk) // 2), tuple(chunk)
                chunk = []
        if chunk:
            yield _values(2, len(chunk) // 2), tuple(chunk)


def _values(columns: int, lines: int) -> str:
    line = f"({', '.join(['%s'] * columns)})"
    return f"VALUES {', '.join([line] * lines)}"


@dataclass(frozen=True)
class _Statement:
    """What every row of one group has in common."""

    asked: Dimension
    group: Group
    now: dt.datetime
    by: Party | None

    @property
    def words(self) -> list[tuple[int, str, str]]:
        """Number of a row, the value it gives, its clause."""
        return [
            (row.number, cell.value.code, row.clause)
            for row in self.group.table.rows
            if isinstance((cell := row.outcomes[0]), model.OutcomeCell)
            and isinstance(cell.value, model.Chosen)
        ]


# `n` is key and deciding row, `w` what the rows say, `ruled` the value of each customer
RULED = """
WITH n(customer_id, place) AS {materialized} ({source}),
     w(place, value, clause) AS ({words}),
     ruled AS (SELECT n.customer_id, n.place, w.value, w.clause FROM n JOIN w ON w.place = n.place)
"""
END = """
UPDATE customers_grade SET until = %s FROM ruled
 WHERE customers_grade.customer_id = ruled.customer_id AND customers_grade.dimension = %s
   AND customers_grade.until IS NULL AND customers_grade.value <> ruled.value
   AND NOT (customers_grade.origin = 'DECIDED'
            AND (customers_grade.valid_to IS NULL OR customers_grade.valid_to >= %s))
   AND customers_grade.since <= %s
"""
OPEN = """
INSERT INTO customers_grade (customer_id, dimension, value, origin, since, clause, version_id, "row", reason, by_id)
SELECT customer_id, %s, value, 'RULED', {now}, clause, {version}, place, '', {by} FROM {source}
"""
WITHOUT = """
SELECT customer_id, place, value, clause FROM ruled
 WHERE NOT EXISTS (SELECT 1 FROM customers_grade g
                    WHERE g.customer_id = ruled.customer_id AND g.dimension = %s AND g.until IS NULL)
"""


def _write(said: _Statement, source: str, given: tuple[Any, ...]) -> int:
    """End what changes and open what follows; how many values were opened.

    PostgreSQL does both in one statement. SQLite needs two, in the transaction of the caller: the second finds
    whoever has no value, those whose value has just ended included.
    """
    words = said.words
    if not words:
        return 0
    now = connection.ops.adapt_datetimefield_value(said.now)
    today = connection.ops.adapt_datefield_value(said.group.today)
    code, postgres = said.asked.code, connection.vendor == "postgresql"
    ruled = RULED.format(source=source, words=_values(3, len(words)), materialized="MATERIALIZED")
    before = (*given, *(part for word in words for part in word))
    ending = (now, code, today, now)  # what began later, by a clock set back, stays
    opened = OPEN.format(
        now="CAST(%s AS timestamptz)" if postgres else "%s",
        version="CAST(%s AS bigint)" if postgres else "%s",
        by="CAST(%s AS bigint)" if postgres else "%s",
        source="fresh",
    )
    opening = (code, now, said.group.answer.version.pk, said.by.pk if said.by is not None else None)
    with connection.cursor() as cursor:
        if postgres:
            back = "RETURNING ruled.customer_id, ruled.place, ruled.value, ruled.clause"
            fresh = f", fresh AS (SELECT customer_id, place, value, clause FROM ended UNION ALL {WITHOUT})"
            cursor.execute(
                f"{ruled}, ended AS ({END} {back}) {fresh} {opened}", (*before, *ending, code, *opening)
            )
            return int(cursor.rowcount)
        cursor.execute(f"{ruled} {END}", (*before, *ending))
        cursor.execute(f"{ruled}, fresh AS ({WITHOUT}) {opened}", (*before, code, *opening))
        cursor.execute("SELECT changes()")  # the driver counts no rows of a statement that begins with WITH
        return int(cursor.fetchone()[0])
