"""Counting that stops: never more than ten thousand and one rows, however large the table. And counting that does not."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connections

from zhike.ui.words import CAP

from .declare import Rows

# two querysets that have no row in common and make up a third; the first is counted by an index alone
Halves = tuple[Rows, Rows]


def capped(rows: Rows, halves: Halves | None = None) -> int:
    """How many rows, at most CAP + 1, which means "more". `halves` as in `capped_each`."""
    return capped_each([rows], None if halves is None else [halves])[0]


def exact(rows: Rows) -> int:
    return rows.order_by().count()


def capped_each(several: Sequence[Rows], halves: Sequence[Halves] | None = None) -> list[int]:
    """The capped counts of several querysets of one database in one statement.

    With `halves` each is counted by them: an "or" over both walks through the whole of a large table, and one by one
    they are read by their indexes. Where the first passes the cap the second is not looked for.
    """
    if not several:
        return []
    whole = [_count(rows, CAP + 1) for rows in several] if halves is None else list(map(_by_halves, halves))
    return [min(number, CAP + 1) for number in _numbers(several[0].db, whole)]


def _by_halves(halves: Halves) -> tuple[str, tuple[Any, ...]]:
    (one, its), (other, others) = (_count(rows, CAP + 1) for rows in halves)
    if "0" in {one, other}:
        return (one, its) if other == "0" else (other, others)
    # a table of one row, so that the first half is counted once however often its number is named
    return f"(SELECT CASE WHEN n > {CAP} THEN n ELSE n + {other} END FROM {one} AS part)", (*others, *its)


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
    return f"(SELECT COUNT(*) AS n FROM ({sql}) AS counted)", tuple(params)
