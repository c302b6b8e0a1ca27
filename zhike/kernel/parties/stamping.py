"""The triggers that draw the stamp anew (`kept.py`), the same on both engines.

`watch` declares; `install` makes the triggers and is called after every migration (SQLite drops them whenever it
rebuilds a table); `verify` says what is missing; `renew` keeps the table short.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from django.db import connections, transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import Model

from .models import Stamp

PREFIX = "stamp_of_"  # not that of the triggers that forbid (`audit.immutable`)
STAMP = Stamp._meta.db_table
DRAW = {
    "sqlite": f"UPDATE {STAMP} SET number = random()",
    # a row more, since two who change something must not wait for each other's row: what counts is all of them
    "postgresql": f"INSERT INTO {STAMP} (number) VALUES ((random() * 9e18)::bigint)",
}
FUNCTION = (
    "CREATE OR REPLACE FUNCTION zhike_stamp() RETURNS trigger LANGUAGE plpgsql AS "
    f"$body$BEGIN {DRAW['postgresql']}; RETURN NULL; END$body$"
)


@dataclass(frozen=True)
class Watched:
    """A table, and which changes count: of all columns or of some; only those of rows that were of a kind."""

    model: type[Model]
    columns: tuple[str, ...] = ()
    kind: str = ""

    @property
    def table(self) -> str:
        return self.model._meta.db_table

    def triggers(self, vendor: str) -> dict[str, str]:
        """Statements by the names of the triggers, which end in a digest of the text."""
        update = f"UPDATE OF {', '.join(self.columns)}" if self.columns else "UPDATE"
        verbs = [update] if self.kind else ["INSERT", update, "DELETE"]
        when = f"OLD.kind = '{self.kind}'" if self.kind else ""
        if vendor == "sqlite":
            heads = [f'AFTER {verb} ON "{self.table}"' + (f" WHEN {when}" if when else "") for verb in verbs]
            bodies = [f"{head} BEGIN {DRAW[vendor]}; END" for head in heads]
        else:
            each = f"FOR EACH ROW WHEN ({when})" if when else "FOR EACH STATEMENT"
            bodies = [f'AFTER {" OR ".join(verbs)} ON "{self.table}" {each} EXECUTE FUNCTION zhike_stamp()']
        names = [f"{PREFIX}{hashlib.sha256(body.encode()).hexdigest()[:12]}" for body in bodies]
        return {name: f"CREATE TRIGGER {name} {body}" for name, body in zip(names, bodies, strict=True)}


_watched: list[Watched] = []


def watch(*models: type[Model], columns: tuple[str, ...] = (), kind: str = "") -> None:
    """What is kept rests on these tables; called in `AppConfig.ready()`."""
    _watched.extend(Watched(model, columns, kind) for model in models)


def install(using: str = "default", app_label: str = "") -> None:
    """Make the triggers that are missing, of one app or of all, and draw the stamp anew if there were any."""
    here = connections[using]
    missing = _missing(here, app_label)
    if not missing:
        return
    with here.cursor() as cursor:
        if here.vendor == "postgresql":
            cursor.execute(FUNCTION)
        for sql in missing:
            cursor.execute(sql)
    renew(using)


def renew(using: str = "default") -> None:
    """Draw the stamp anew; on PostgreSQL one row then stands for all the changes until now.

    It is a fresh one: of the rows that stood, the last alone may have been the stamp once, before a transaction that
    began earlier was through, and who kept answers of that moment would take them for the present ones.
    """
    here = connections[using]
    with transaction.atomic(using=using), here.cursor() as cursor:
        if here.vendor == "postgresql":
            cursor.execute(f"DELETE FROM {STAMP}")
        cursor.execute(DRAW[here.vendor])


def verify(using: str = "default") -> list[str]:
    """A sentence when changes of a watched table might be overlooked."""
    if missing := _missing(connections[using]):
        return [f"{len(missing)} triggers of the stamp are missing. Run `migrate` to make them again."]
    return []


def _missing(here: BaseDatabaseWrapper, app_label: str = "") -> list[str]:
    tables = set(here.introspection.table_names())
    if STAMP not in tables:
        return []
    source = "sqlite_master WHERE type = 'trigger' AND" if here.vendor == "sqlite" else "pg_trigger WHERE"
    name = "name" if here.vendor == "sqlite" else "tgname"
    with here.cursor() as cursor:
        cursor.execute(f"SELECT {name} FROM {source} {name} LIKE '{PREFIX}%'")
        standing = {row[0] for row in cursor.fetchall()}
    return [
        sql
        for one in _watched
        if one.table in tables and app_label in {"", one.model._meta.app_label}
        for name, sql in one.triggers(here.vendor).items()
        if name not in standing
    ]
