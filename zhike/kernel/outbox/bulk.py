"""Many rows in one statement, without a model instance for each: for work that is counted in thousands a second.

PostgreSQL takes the rows as one JSON value, SQLite one after another inside the library. Rows are mappings from the
column's attribute (`unit_id`) to a value as the model's field has it; what is left out gets the field's default.
Triggers and constraints of the database hold as ever; `save()` and signals are not involved, as with bulk_create.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping, Sequence
from typing import Any

from django.db import connections, router
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import Field, Model

Row = Mapping[str, Any]


def insert(
    model: type[Model], rows: Sequence[Row], *, fixed: Row | None = None, ignore_conflicts: bool = False
) -> None:
    """Add rows. All of them name the same columns; `fixed` are values that all have in common."""
    if not rows:
        return
    connection = connections[router.db_for_write(model)]
    quoted = connection.ops.quote_name
    given = [field for field in model._meta.concrete_fields if field.attname in rows[0]]
    others = [field for field in _fields(model) if field.attname not in rows[0]]
    common = {field.attname: field.get_default() for field in others} | dict(fixed or {})
    names = ", ".join(quoted(_column(field)) for field in (*given, *others))
    constants = _prepared(others, common, connection)
    head = f"INSERT INTO {quoted(model._meta.db_table)} ({names})"
    tail = " ON CONFLICT DO NOTHING" if ignore_conflicts else ""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            picked = [f"r.{quoted(_column(field))}" for field in given]
            holes = ", ".join([*picked, *["%s"] * len(others)])
            sql = f"{head} SELECT {holes} FROM {_records(given, connection)}{tail}"
            cursor.execute(sql, [*constants, _as_json(given, rows)])
        else:
            marks = ", ".join(["%s"] * (len(given) + len(others)))
            values = [[*_prepared(given, row, connection), *constants] for row in rows]
            cursor.executemany(f"{head} VALUES ({marks}){tail}", values)


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
    """The one character that PostgreSQL cannot keep is left out of texts."""
    names = [(_column(field), field.attname) for field in fields]
    return json.dumps(
        [
            {
                column: value.replace("\0", "") if isinstance(value := row[name], str) else value
                for column, name in names
            }
            for row in rows
        ],
        ensure_ascii=False,
        default=_plain,
    )


def _plain(value: Any) -> str:
    return value.isoformat() if isinstance(value, dt.datetime | dt.date) else str(value)
