"""Many rows into a table by the quickest way of the engine: COPY on PostgreSQL, one prepared INSERT on SQLite."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from typing import Any

from django.db import connection
from django.db.models import JSONField, Model


def insert(model: type[Model], columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """Rows of plain values (text, numbers, bytes, moments through `moment`). Other columns take their defaults."""
    table = model._meta.db_table
    names = ", ".join(f'"{model._meta.get_field(name).column}"' for name in columns)  # type: ignore[union-attr]
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            with cursor.copy(f'COPY "{table}" ({names}) FROM STDIN') as copy:
                for row in rows:
                    copy.write_row(row)
            return
        marks = ", ".join(["%s"] * len(columns))
        cursor.executemany(f'INSERT INTO "{table}" ({names}) VALUES ({marks})', list(rows))


def new_keys(model: type[Model], count: int) -> list[int]:
    """Keys that nobody else gets, for rows whose key others need at once. Within a transaction."""
    table, column = model._meta.db_table, model._meta.pk.column
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            sequence = f"pg_get_serial_sequence('\"{table}\"', '{column}')"
            cursor.execute(f"SELECT nextval({sequence}) FROM generate_series(1, %s)", [count])
            return [row[0] for row in cursor.fetchall()]
        # SQLite has one writer, and remembers the largest key that was ever given
        cursor.execute("SELECT seq FROM sqlite_sequence WHERE name = %s", [table])
        found = cursor.fetchone()
    last = found[0] if found else 0
    return list(range(last + 1, last + 1 + count))


def moment(value: Any) -> Any:
    """A moment as the engine takes it."""
    return connection.ops.adapt_datetimefield_value(value)


def defaults(model: type[Model], given: Sequence[str]) -> dict[str, Any]:
    """What a new row has in the columns that are not given; the key is left to the database."""
    row = model()
    return {
        one.attname: json.dumps(getattr(row, one.attname))  # once, not for every row
        if isinstance(one, JSONField)
        else one.get_db_prep_save(getattr(row, one.attname), connection)
        for one in model._meta.concrete_fields
        if one.attname not in given and not one.primary_key
    }
