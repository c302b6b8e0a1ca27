"""What differs between the engines: where the tokens lie and how the newest matches are read.

SQLite: a contentless FTS5 table whose row ids are the ids of the documents, read from the newest down.
PostgreSQL: a tsvector column with a GIN index.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any, NamedTuple

from django.core.exceptions import EmptyResultSet, FullResultSet
from django.db import connection
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import BooleanField, Expression, F, QuerySet
from django.db.models.sql.compiler import SQLCompiler

from zhike.kernel.parties import bulk

from . import grams
from .models import Document

TABLE = "search_grams"
MOST_UNITS = 100
# PostgreSQL: so many of the newest are looked through first; up to so many matches are all read and sorted
WINDOW = 2000
FEW = 4000
Units = frozenset[int] | None
SHOWN = ("subject_label", "subject_id", "number", "title", "body", "unit_id", "at")
Row = tuple[str, int, str, str, str, int, dt.datetime]


class Stored(NamedTuple):
    """One document as it lies in the table, without its tokens."""

    id: int
    subject_label: str
    subject_id: int
    number: str
    title: str
    body: str
    unit_id: int
    secrecy: int
    at: dt.datetime
    folded: str

    @property
    def tokens(self) -> set[str]:
        return grams.tokens(self.folded) | marks(self.unit_id, self.subject_label)

    @property
    def words(self) -> str:
        """The tokens as both engines read them: words of ASCII between spaces."""
        return " ".join(self.tokens)


def marks(unit_id: int, label: str) -> set[str]:
    """The tokens of every document of a unit and of a kind."""
    return {grams.unit_token(unit_id), grams.label_token(label)}


def _is_sqlite() -> bool:
    return connection.vendor == "sqlite"


def replace(old: Sequence[Stored], new: Sequence[Stored]) -> None:
    """Put `new` documents, in the order of their ids, where `old` rows of some of the same subjects stand.

    Plain statements, not `bulk_create`: an import puts many thousand rows, and this is several times faster.
    """
    if _is_sqlite():
        remove(old)
        add_many([(row, row.tokens) for row in new])
        return
    standing = {row[1:3] for row in old}
    # one row alone is put by an action, and somebody else may be putting the same subject at this moment
    again = [row for row in new if row[1:3] in standing or len(new) == 1]
    _upsert_postgresql(again)
    _copy_postgresql([(row, row.tokens) for row in new if row[1:3] not in standing and len(new) > 1])


def add_many(rows: Sequence[tuple[Stored, set[str]]]) -> None:
    """Put the documents of subjects that have none, each with its tokens, in the order of their ids."""
    (_insert_sqlite if _is_sqlite() else _copy_postgresql)(rows)


def add(row: Stored) -> None:
    """Put the document of a subject that has none; when another's has its id, the next one is taken."""
    sqlite = _is_sqlite()
    marks = "''" if sqlite else "%s::tsvector"
    sql = f"INSERT INTO search_document ({_NAMES}) VALUES ({_MARKS}, {marks}) ON CONFLICT (id) DO NOTHING"

    def told(added: int) -> None:
        if not added:
            add(row._replace(id=row.id + 1))
        elif sqlite:
            with connection.cursor() as cursor:
                cursor.execute(f"INSERT INTO {TABLE}(rowid, grams) VALUES (%s, %s)", [row.id, row.words])

    bulk.write(connection, sql, _adapted(row) if sqlite else (*_adapted(row), row.words), told)


_NAMES = ", ".join((*Stored._fields, "grams"))
_MARKS = ", ".join(["%s"] * len(Stored._fields))
_RENEWED = ", ".join(f"{name} = excluded.{name}" for name in (*Stored._fields, "grams"))


def _insert_sqlite(rows: Sequence[tuple[Stored, set[str]]]) -> None:
    with connection.cursor() as cursor:
        cursor.executemany(
            f"INSERT INTO search_document ({_NAMES}) VALUES ({_MARKS}, '')",
            [_adapted(row) for row, _tokens in rows],
        )
        cursor.executemany(
            f"INSERT INTO {TABLE}(rowid, grams) VALUES (%s, %s)",
            [(row.id, " ".join(tokens)) for row, tokens in rows],
        )


def _upsert_postgresql(rows: Sequence[Stored]) -> None:
    sql = (
        f"INSERT INTO search_document ({_NAMES}) VALUES ({_MARKS}, %s::tsvector)"
        f" ON CONFLICT (subject_label, subject_id) DO UPDATE SET {_RENEWED}"
    )
    with connection.cursor() as cursor:
        for row in rows:
            cursor.execute(sql, (*_adapted(row), row.words))


def _copy_postgresql(rows: Sequence[tuple[Stored, set[str]]]) -> None:
    if not rows:
        return
    from .vectors import VectorDumper

    into = f"COPY search_document ({_NAMES}) FROM STDIN (FORMAT BINARY)"
    fields = map(Document._meta.get_field, (*Stored._fields, "grams"))
    with connection.cursor() as cursor:
        cursor.cursor.adapters.register_dumper(None, VectorDumper)
        with cursor.copy(into) as copy:
            copy.set_types([str(field.db_type(connection)).partition("(")[0] for field in fields])
            for row, tokens in rows:
                copy.write_row((*row, tokens))


def _adapted(row: Stored) -> tuple[Any, ...]:
    return (*row[:-2], connection.ops.adapt_datetimefield_value(row.at), row.folded)


def remove(rows: Sequence[Stored]) -> None:
    """Delete documents and their tokens; a contentless FTS5 table wants to be told the old tokens again."""
    if not rows:
        return
    if _is_sqlite():
        with connection.cursor() as cursor:
            cursor.executemany(
                f"INSERT INTO {TABLE}({TABLE}, rowid, grams) VALUES ('delete', %s, %s)",
                [(row.id, row.words) for row in rows],
            )
    kept = Document.objects.filter(pk__in=[row.id for row in rows])
    kept._raw_delete(kept.db)  # nothing points to documents, so no collecting of dependents


def stored(found: QuerySet[Document]) -> list[Stored]:
    return [Stored(*row) for row in found.values_list(*Stored._fields)]


def clear() -> None:
    """Forget every token. PostgreSQL keeps them in the documents, so there is nothing to do."""
    if _is_sqlite():
        with connection.cursor() as cursor:
            cursor.execute(f"INSERT INTO {TABLE}({TABLE}) VALUES ('delete-all')")


def rebuild() -> int:
    """Make all tokens again out of the documents; how many there were."""
    clear()
    count = 0
    for values in Document.objects.order_by("id").values_list(*Stored._fields).iterator(chunk_size=500):
        row = Stored(*values)
        with connection.cursor() as cursor:
            if _is_sqlite():
                cursor.execute(f"INSERT INTO {TABLE}(rowid, grams) VALUES (%s, %s)", [row.id, row.words])
            else:
                cursor.execute(
                    "UPDATE search_document SET grams = %s::tsvector WHERE id = %s", [row.words, row.id]
                )
        count += 1
    return count


def _match(
    wanted: Sequence[str], units: frozenset[int] | None, labels: Sequence[str] = (), *, sqlite: bool
) -> str:
    """The words (and the kinds, and the units, when few) in the query language of the engine."""
    both, either, star = (" AND ", " OR ", "*") if sqlite else (" & ", " | ", ":*")
    parts = [
        token + (star if len(token) == grams.WIDTH else "") for word in wanted for token in grams.needed(word)
    ]
    found = both.join(dict.fromkeys(parts))
    if labels:
        found += both + "(" + either.join(map(grams.label_token, labels)) + ")"
    if units is not None and len(units) <= MOST_UNITS:
        found += both + "(" + either.join(grams.unit_token(unit) for unit in sorted(units)) + ")"
    return found


def _long(wanted: Sequence[str]) -> list[str]:
    """Words whose pairs may stand apart in a text and must be looked for in the text itself."""
    return [word for word in wanted if len(word) > 2]


class Matches(Expression):
    """True for documents of these kinds that contain every word; works under any alias of the table."""

    output_field = BooleanField()
    conditional = True

    def __init__(
        self, wanted: Sequence[str], units: frozenset[int] | None = None, labels: Sequence[str] = ()
    ) -> None:
        super().__init__()
        self.wanted = list(wanted)
        self.units = units
        self.labels = list(labels)
        self.sources: list[Any] = [F("id"), F("folded"), F("grams")]

    def get_source_expressions(self) -> list[Any]:
        return self.sources

    def set_source_expressions(self, exprs: Sequence[Any]) -> None:
        self.sources = list(exprs)

    def as_sql(
        self, compiler: SQLCompiler, connection: BaseDatabaseWrapper, **_: Any
    ) -> tuple[str, tuple[str | int, ...]]:
        (key, _none), (text, _none2), (tokens, _none3) = (compiler.compile(part) for part in self.sources)
        sqlite = connection.vendor == "sqlite"
        query = _match(self.wanted, self.units, self.labels, sqlite=sqlite)
        inside = "instr" if sqlite else "strpos"
        sql = (
            f"{key} IN (SELECT rowid FROM {TABLE} WHERE {TABLE} MATCH %s)"
            if sqlite
            else f"{tokens} @@ %s::tsquery"
        )
        checks = "".join(f" AND {inside}({text}, %s) > 0" for _ in _long(self.wanted))
        return f"({sql}{checks})", (query, *_long(self.wanted))


class _RowByRow(Matches):
    """Asked of rows that another condition has made few: on PostgreSQL without the index of all documents."""

    def as_postgresql(
        self, compiler: SQLCompiler, connection: BaseDatabaseWrapper, **_: Any
    ) -> tuple[str, tuple[str | int, ...]]:
        sql, params = self.as_sql(compiler, connection)
        return f"({sql} IS TRUE)", params


def condition(wanted: Sequence[str], label: str) -> Matches:
    return Matches(wanted, labels=[label])


def newest(
    visible: QuerySet[Document],
    anywhere: QuerySet[Document],
    wanted: Sequence[str],
    *,
    units: Units,
    labels: Sequence[str] = (),
    limit: int,
) -> list[Row]:
    """The newest `limit` of the visible documents that contain every word.

    `units` are those of the scope; `anywhere` is `visible` without them; of other kinds than `labels` none is visible.
    """
    if not _is_sqlite():
        return _newest_postgresql(visible, anywhere, wanted, units, labels, limit)
    try:
        where, params = _where(visible)
    except EmptyResultSet:
        return []
    checks = "".join(" AND instr(search_document.folded, %s) > 0" for _ in _long(wanted))
    sql = (
        f"SELECT {', '.join(f'search_document.{name}' for name in SHOWN)}"
        f" FROM {TABLE} CROSS JOIN search_document ON search_document.id = {TABLE}.rowid"
        f" WHERE {TABLE} MATCH %s{checks} AND {where} ORDER BY {TABLE}.rowid DESC LIMIT %s"
    )
    with connection.cursor() as cursor:
        cursor.execute(sql, [_match(wanted, units, labels, sqlite=True), *_long(wanted), *params, limit])
        rows = cursor.fetchall()
    # the SQLite driver gives moments in UTC without saying so
    return [(*row[:-1], row[-1].replace(tzinfo=dt.UTC)) for row in rows]


def _newest_postgresql(
    visible: QuerySet[Document],
    anywhere: QuerySet[Document],
    wanted: Sequence[str],
    units: Units,
    labels: Sequence[str],
    limit: int,
) -> list[Row]:
    """A common word is found among the newest. Few matches are all read by the index and sorted here, many are read
    from the newest down.

    Asked for the newest at once, the planner guesses a rare word to be common and walks down the whole table.
    Asked for the unit twice, by token and by column, it guesses a common word to be rare; so it is asked once.
    """
    # its key is asked for first: the planner has to know how short the window is
    for oldest in Document.objects.order_by("-id").values_list("id", flat=True)[WINDOW : WINDOW + 1]:
        newest = visible.filter(_RowByRow(wanted), id__gt=oldest).order_by("-id").values_list(*SHOWN)[:limit]
        if len(newest) == limit:
            return list(newest)
    by_token = units is not None and len(units) <= MOST_UNITS
    matches = (
        anywhere.filter(Matches(wanted, units, labels))
        if by_token
        else visible.filter(Matches(wanted, labels=labels))
    )
    ids = list(matches.order_by().values_list("id", flat=True)[: FEW + 1])
    if len(ids) <= FEW:
        found = visible.filter(pk__in=sorted(ids, reverse=True)[:limit])
    else:
        found = visible.filter(Matches(wanted))
    return list(found.order_by("-id").values_list(*SHOWN)[:limit])


def _where(visible: QuerySet[Document]) -> tuple[str, list[Any]]:
    """The scope of a queryset over documents as SQL text, so that it stands in the same statement."""
    compiler = visible.query.get_compiler(connection=connection)
    try:
        sql, params = compiler.compile(visible.query.where)
    except FullResultSet:
        return "1", []
    return f"({sql})", list(params)
