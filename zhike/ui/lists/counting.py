"""Counting that stops: never more than ten thousand and one rows, however large the table. And counting that does not."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connections

from zhike.ui.words import CAP

from .declare import Rows


def capped(rows: Rows, part: Rows | None = None) -> int:
    """How many rows, at most CAP + 1, which means "more". `part` as in `capped_each`."""
    return capped_each([rows], None if part is None else [part])[0]


def exact(rows: Rows) -> int:
    return rows.order_by().count()


def capped_each(several: Sequence[Rows], parts: Sequence[Rows] | None = None) -> list[int]:
    """The capped counts of several querysets of one database in one statement.

    `parts` are some of the rows of each that an index alone can count: where they already pass the cap, the rest,
    which may lie anywhere in a large table, is not looked for.
    """
    if not several:
        return []
    pieces: list[tuple[str, tuple[Any, ...]]] = []
    for at, rows in enumerate(several):
        sql, params = _count(rows, CAP + 1)
        part, its_params = _count(parts[at], CAP + 1) if parts else ("0", ())
        if part != "0":
            sql = f"CASE WHEN {part} > {CAP} THEN {CAP + 1} ELSE {sql} END"
        pieces.append((sql, (*its_params, *params)))
    return _numbers(several[0].db, pieces)


def exact_each(several: Sequence[Rows]) -> list[int]:
    """How many rows each of several querysets of one database has, in one statement."""
    return _numbers(several[0].db, [_count(rows, None) for rows in several]) if several else []


def _numbers(database: str, pieces: Sequence[tuple[str, tuple[Any, ...]]]) -> list[int]:
    with connections[database].cursor() as cursor:
        cursor.execute(
            f"SELECT {', '.join(sql for sql, _its in pieces)}", [one for _sql, its in pieces for one in its]
        )
        found = cursor.fetchone()
    return [int(number) for number in found or []]


def _count(rows: Rows, most: int | None) -> tuple[str, tuple[Any, ...]]:
    try:
        sql, params = rows.order_by().values("pk")[:most].query.get_compiler(using=rows.db).as_sql()
    except EmptyResultSet:
        return "0", ()
    return f"(SELECT COUNT(*) FROM ({sql}) AS counted)", tuple(params)
