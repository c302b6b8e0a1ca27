"""Rows that cannot be changed: triggers of the database, the same on both engines.

`protect` declares; `install` makes the triggers and is called after every migration (SQLite drops them whenever it
rebuilds a table); `verify` says what is missing. A refused statement raises django.db.IntegrityError.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field

from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import Model

PREFIX = "zhike_"


@dataclass(frozen=True)
class Protection:
    """What must stay as it is in one table. `free_while`: column -> value of rows that may still be changed."""

    model: type[Model]
    columns: tuple[str, ...]
    whole: bool
    free_while: Mapping[str, str] = field(default_factory=dict)

    @property
    def table(self) -> str:
        return self.model._meta.db_table


@dataclass(frozen=True)
class Trigger:
    """One trigger; its name ends in a digest of its text, so an outdated one is seen by its name."""

    table: str
    name: str
    sql: str


_protected: dict[str, Protection] = {}


def protect(
    model: type[Model],
    *,
    except_columns: tuple[str, ...] = (),
    only_columns: tuple[str, ...] = (),
    free_while: Mapping[str, str] | None = None,
) -> None:
    """Refuse UPDATE and DELETE on rows of `model` (and TRUNCATE on PostgreSQL); called in `AppConfig.ready()`.

    `except_columns` may still change, or else `only_columns` may not. Rows whose columns have the values of
    `free_while` are free altogether (drafts, for example), and no other row can be made free again.
    """
    fields = [each for each in model._meta.concrete_fields if each.name not in except_columns]
    names = [each.column or "" for each in fields if not only_columns or each.name in only_columns]
    _protected[model._meta.label] = Protection(
        model, tuple(names), not except_columns and not only_columns, dict(free_while or {})
    )


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def _conditions(protection: Protection, vendor: str) -> tuple[str, str]:
    """When a change and when a deletion is refused, as SQL over OLD and NEW; "" for always."""
    apart = "IS NOT" if vendor == "sqlite" else "IS DISTINCT FROM"
    free = " AND ".join(
        f'{{row}}."{name}" = {_quoted(value)}' for name, value in protection.free_while.items()
    )
    bound = f"NOT ({free.format(row='OLD')})" if free else ""
    changes = [f'NEW."{name}" {apart} OLD."{name}"' for name in protection.columns]
    if free:
        changes.append(f"({free.format(row='NEW')})")  # nothing that is bound becomes free again
    change = "" if protection.whole else f"({' OR '.join(changes)})"
    return " AND ".join(part for part in (bound, change) if part), bound


def _trigger(table: str, verb: str, head: str, body: str) -> Trigger:
    digest = hashlib.sha256(f"{head}{body}".encode()).hexdigest()[:8]
    name = f"{PREFIX}{table}_{verb}_{digest}"
    return Trigger(table, name, head.replace("{name}", f'"{name}"') + body)


def _for_sqlite(protection: Protection) -> list[Trigger]:
    table = protection.table
    change, deletion = _conditions(protection, "sqlite")
    refuse = f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
    key = protection.model._meta.pk.column
    # INSERT OR REPLACE deletes the old row without asking the DELETE trigger
    replaced = f'EXISTS (SELECT 1 FROM "{table}" WHERE "{key}" = NEW."{key}")'
    return [
        _trigger(
            table,
            verb,
            f'CREATE TRIGGER {{name}} BEFORE {verb.upper()} ON "{table}"' + (f" WHEN {when}" if when else ""),
            f" {refuse}",
        )
        for verb, when in (("update", change), ("delete", deletion), ("insert", replaced))
    ]


FUNCTION = "zhike_refuse"
FUNCTION_BODY = (
    "BEGIN RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'restrict_violation'; END"
)
FUNCTION_SQL = (
    f"CREATE OR REPLACE FUNCTION {FUNCTION}() RETURNS trigger LANGUAGE plpgsql AS $body${FUNCTION_BODY}$body$"
)


def _for_postgresql(protection: Protection) -> list[Trigger]:
    table = protection.table
    change, deletion = _conditions(protection, "postgresql")
    call = f" EXECUTE FUNCTION {FUNCTION}()"
    rows = [
        _trigger(
            table,
            verb,
            f'CREATE TRIGGER {{name}} BEFORE {verb.upper()} ON "{table}" FOR EACH ROW'
            + (f" WHEN ({when})" if when else ""),
            call,
        )
        for verb, when in (("update", change), ("delete", deletion))
    ]
    head = f'CREATE TRIGGER {{name}} BEFORE TRUNCATE ON "{table}" FOR EACH STATEMENT'
    return [*rows, _trigger(table, "truncate", head, call)]


def _expected(connection: BaseDatabaseWrapper) -> dict[str, list[Trigger]]:
    make = _for_sqlite if connection.vendor == "sqlite" else _for_postgresql
    return {label: make(protection) for label, protection in _protected.items()}


def _standing(connection: BaseDatabaseWrapper) -> dict[str, set[str]]:
    """Our triggers that are there and work: table -> names."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("SELECT tbl_name, name, sql FROM sqlite_master WHERE type = 'trigger'")
            rows = cursor.fetchall()
        else:
            # tgenabled: O and A work for ordinary sessions, D and R do not
            cursor.execute(
                "SELECT c.relname, t.tgname FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid"
                " JOIN pg_proc p ON p.oid = t.tgfoid WHERE t.tgenabled IN ('O', 'A') AND NOT t.tgisinternal"
                " AND pg_table_is_visible(c.oid) AND p.proname = %s AND p.prosrc = %s",
                [FUNCTION, FUNCTION_BODY],
            )
            rows = cursor.fetchall()
    found: dict[str, set[str]] = {}
    for row in rows:
        if row[1].startswith(PREFIX):
            found.setdefault(row[0], set()).add(row[1])
    return found


def install(using: str = "default", app_label: str = "") -> int:
    """Make the triggers that are missing and take away outdated ones; tables not yet made are left for later.

    With `app_label` only for the models of that app. Returns how many triggers were made.
    """
    connection = connections[using]
    wanted = {label: made for label, made in _expected(connection).items() if label.startswith(app_label)}
    if not wanted:
        return 0
    standing, made = _standing(connection), 0
    tables = set(connection.introspection.table_names())
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(FUNCTION_SQL)
        for triggers in wanted.values():
            if triggers[0].table not in tables:
                continue
            here = standing.get(triggers[0].table, set())
            _drop(connection, triggers[0].table, here - {each.name for each in triggers})
            for each in triggers:
                if each.name not in here:
                    _drop(connection, each.table, {each.name})
                    cursor.execute(each.sql)
                    made += 1
    return made


def _drop(connection: BaseDatabaseWrapper, table: str, names: set[str]) -> None:
    on = f' ON "{table}"' if connection.vendor == "postgresql" else ""
    with connection.cursor() as cursor:
        for name in sorted(names):
            cursor.execute(f'DROP TRIGGER IF EXISTS "{name}"{on}')


def verify(using: str = "default") -> list[str]:
    """One sentence for each protected table whose triggers are missing, switched off or changed."""
    connection = connections[using]
    tables = set(connection.introspection.table_names())
    standing = _standing(connection)
    return [
        f"Rows of {triggers[0].table} can be changed: {len(missing)} of its triggers are missing or altered."
        " Run `migrate` to make them again."
        for triggers in _expected(connection).values()
        if triggers[0].table in tables
        and (missing := {each.name for each in triggers} - standing.get(triggers[0].table, set()))
    ]


def lift(using: str = "default") -> None:
    """Take all our triggers away: only for tests and for the operator's own repair."""
    connection = connections[using]
    if connection.vendor == "postgresql" and connection.in_atomic_block:
        connection.check_constraints()  # a table with pending constraint checks cannot lose a trigger
    for table, names in _standing(connection).items():
        _drop(connection, table, names)
