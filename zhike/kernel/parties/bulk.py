"""Rows without a model instance or a question for each: for work that is counted in thousands a second, and for actions
that write many tables.

PostgreSQL takes the rows as one JSON value, SQLite one after another inside the library. Rows are mappings from the
column's attribute (`unit_id`) to a value as the model's field has it; what is left out gets the field's default.
Triggers and constraints of the database hold as ever; `save()` and signals are not involved, as with bulk_create.

Who has asked for the `keys` of new rows beforehand needs no answer to what it writes: inside `together()` such
statements go to PostgreSQL one behind the other, and their errors come at the end of the block.
"""

from __future__ import annotations

import datetime as dt
import json
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import lru_cache
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db import connections, router, transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import BinaryField, Field, Model

Row = Mapping[str, Any]
Told = Callable[[int], None]  # hears how many rows a statement wrote


def keys(models: Sequence[type[Model]]) -> list[int]:
    """A key for a new row of each of these models, which nobody else gets; one statement on PostgreSQL.

    Within the transaction that stores the rows: SQLite has one writer, and remembers the largest key ever given.
    """
    if not models:
        return []
    connection = _inside()
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(
                "SELECT nextval(pg_get_serial_sequence(name, 'id')) FROM unnest(%s::text[]) AS t (name)",
                [[connection.ops.quote_name(model._meta.db_table) for model in models]],
            )
            return [row[0] for row in cursor.fetchall()]
        cursor.execute("SELECT name, seq FROM sqlite_sequence")
        last = Counter(dict(cursor.fetchall()))
    found = []
    for model in models:
        last[model._meta.db_table] += 1
        found.append(last[model._meta.db_table])
    return found


def number(*rows: Model) -> None:
    """Give rows that are not stored yet their keys."""
    for row, key in zip(rows, keys([type(row) for row in rows]), strict=True):
        row.pk = key


def add(rows: Sequence[Model]) -> None:
    """Store new rows of one model, all of them with their keys or all without, which stay unknown then."""
    if not rows:
        return
    model = type(rows[0])
    names = [field.attname for field in _given(rows[0])]
    insert(model, [{name: getattr(row, name) for name in names} for row in rows])
    for row in rows:
        row._state.adding, row._state.db = False, router.db_for_write(model)


def _given(row: Model) -> list[Field[Any, Any]]:
    """The columns of a row that the database does not fill in by itself."""
    fields = row._meta.concrete_fields
    return [one for one in fields if not one.has_db_default() and not (one.primary_key and row.pk is None)]


def insert(
    model: type[Model], rows: Sequence[Row], *, fixed: Row | None = None, ignore_conflicts: bool = False
) -> None:
    """Add rows. All of them name the same columns; `fixed` are values that all have in common."""
    if not rows:
        return
    connection = connections[router.db_for_write(model)]
    given, others, sql = _insertion(model, frozenset(rows[0]), ignore_conflicts, connection.alias)
    common = {field.attname: field.get_default() for field in others} | dict(fixed or {})
    constants = _prepared(others, common, connection)
    if connection.vendor == "postgresql":
        write(connection, sql, [*constants, _as_json(given, rows)])
        return
    with connection.cursor() as cursor:
        cursor.executemany(sql, [[*_prepared(given, row, connection), *constants] for row in rows])


@lru_cache(maxsize=256)
def _insertion(
    model: type[Model], names: frozenset[str], ignore_conflicts: bool, alias: str
) -> tuple[list[Field[Any, Any]], list[Field[Any, Any]], str]:
    """Columns that differ from row to row, the others, and the statement that takes both."""
    connection = connections[alias]
    quoted = connection.ops.quote_name
    given = [field for field in model._meta.concrete_fields if field.attname in names]
    others = [field for field in _fields(model) if field.attname not in names and not field.has_db_default()]
    columns = ", ".join(quoted(_column(field)) for field in (*given, *others))
    head = f"INSERT INTO {quoted(model._meta.db_table)} ({columns})"
    tail = " ON CONFLICT DO NOTHING" if ignore_conflicts else ""
    if connection.vendor == "postgresql":
        holes = ", ".join([*(f"r.{quoted(_column(field))}" for field in given), *["%s"] * len(others)])
        return given, others, f"{head} SELECT {holes} FROM {_records(given, connection)}{tail}"
    marks = ", ".join(["%s"] * (len(given) + len(others)))
    return given, others, f"{head} VALUES ({marks}){tail}"


def write(
    connection: BaseDatabaseWrapper, sql: str, params: Sequence[Any], told: Told = lambda count: None
) -> None:
    """Carry out a statement that answers nothing but how many rows it wrote; inside `together` perhaps later."""
    if later := _waits(connection):
        later.waiting.append((sql, params, told))
        return
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        told(cursor.rowcount)


@contextmanager
def together() -> Iterator[None]:
    """What `write` is given in this block goes to PostgreSQL at its end, one statement behind the other without
    waiting for answers in between, or as soon as anything else is asked: every statement finds what was written before.
    """
    connection = _inside()
    if connection.vendor != "postgresql" or _waits(connection):
        yield
        return
    later = _Later(connection)
    with connection.execute_wrapper(later):
        yield
        later.send()


class _Later:
    """Statements that wait; as a wrapper of every other statement it sends them first."""

    def __init__(self, connection: BaseDatabaseWrapper) -> None:
        self.connection = connection
        self.waiting: list[tuple[str, Sequence[Any], Told]] = []
        self.sending = False

    def __call__(self, execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
        if not self.sending:
            self.send()
        return execute(sql, params, many, context)

    def send(self) -> None:
        while self.waiting:  # who hears what came of it may write more
            sent, self.waiting = self.waiting, []
            self._send(sent)

    def _send(self, sent: Sequence[tuple[str, Sequence[Any], Told]]) -> None:
        self.sending = True
        try:
            cursors = [self.connection.cursor() for _ in sent]
            with self.connection.wrap_database_errors, self.connection.connection.pipeline():
                for cursor, (sql, params, _told) in zip(cursors, sent, strict=True):
                    cursor.execute(sql, params)
        finally:
            self.sending = False
        for cursor, (_sql, _params, told) in zip(cursors, sent, strict=True):
            told(cursor.rowcount)


def _waits(connection: BaseDatabaseWrapper) -> _Later | None:
    return next((one for one in connection.execute_wrappers if isinstance(one, _Later)), None)


def _inside() -> BaseDatabaseWrapper:
    connection: BaseDatabaseWrapper = transaction.get_connection()
    if not connection.in_atomic_block:
        raise transaction.TransactionManagementError("this is done inside a transaction")
    return connection


def update(model: type[Model], rows: Sequence[Row], *, fixed: Row | None = None) -> None:
    """Set columns of rows by their key. All of them name the same columns; `fixed` are set in all of them."""
    if not rows:
        return
    connection = connections[router.db_for_write(model)]
    quoted = connection.ops.quote_name
    table = quoted(model._meta.db_table)
    fields = [field for field in model._meta.concrete_fields if field.attname in rows[0]]
    others = [field for field in _fields(model) if field.attname in (fixed or {})]
    constants = _prepared(others, fixed or {}, connection)
    key = next(field for field in fields if field.primary_key)
    changed = [field for field in fields if not field.primary_key]
    sets = [f"{quoted(_column(field))} = %s" for field in others]
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            sets += [f"{quoted(_column(field))} = r.{quoted(_column(field))}" for field in changed]
            where = f"{table}.{quoted(_column(key))} = r.{quoted(_column(key))}"
            sql = f"UPDATE {table} SET {', '.join(sets)} FROM {_records(fields, connection)} WHERE {where}"
            cursor.execute(sql, [*constants, _as_json(fields, rows)])
        else:
            sets += [f"{quoted(_column(field))} = %s" for field in changed]
            sql = f"UPDATE {table} SET {', '.join(sets)} WHERE {quoted(_column(key))} = %s"
            cursor.executemany(
                sql, [[*constants, *_prepared([*changed, key], row, connection)] for row in rows]
            )


def _column(field: Field[Any, Any]) -> str:
    return field.column or field.attname


def _fields(model: type[Model]) -> list[Field[Any, Any]]:
    return [field for field in model._meta.concrete_fields if not field.primary_key]


def _prepared(fields: Sequence[Field[Any, Any]], row: Row, connection: BaseDatabaseWrapper) -> list[Any]:
    return [field.get_db_prep_save(row[field.attname], connection) for field in fields]


def _records(fields: Sequence[Field[Any, Any]], connection: BaseDatabaseWrapper) -> str:
    """The rows of the parameter as a table `r` with the types of the columns."""
    types = ", ".join(
        f"{connection.ops.quote_name(_column(field))} {_cast_type(field, connection)}" for field in fields
    )
    return f"jsonb_to_recordset(%s::jsonb) AS r({types})"


def _cast_type(field: Field[Any, Any], connection: BaseDatabaseWrapper) -> str:
    return field.rel_db_type(connection) or "" if field.is_relation else field.cast_db_type(connection) or ""


def _as_json(fields: Sequence[Field[Any, Any]], rows: Sequence[Row]) -> str:
    named = [(_column(field), field.attname, isinstance(field, BinaryField) and field) for field in fields]
    return json.dumps(
        [{column: _plain(row[name], binary) for column, name, binary in named} for row in rows],
        ensure_ascii=False,
        cls=DjangoJSONEncoder,
    )


def _plain(value: Any, binary: Any = False) -> Any:
    """A value as PostgreSQL reads it from JSON. The one character that it cannot keep is left out of texts."""
    if binary:
        value = binary.get_prep_value(value)
        return value if value is None else f"\\x{bytes(value).hex()}"
    if isinstance(value, str):
        return value.replace("\0", "")
    return value.isoformat() if isinstance(value, dt.datetime) else value
