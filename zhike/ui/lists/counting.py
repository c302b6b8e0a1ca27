"""Counting that stops: never more than ten thousand and one rows, however large the table."""

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
    pieces: list[str] = []
    values: list[Any] = []
    for at, rows in enumerate(several):
        sql, params = _count(rows)
        part, its_params = _count(parts[at]) if parts else ("0", ())
        if part != "0":
            sql = f"CASE WHEN {part} > {CAP} THEN {CAP + 1} ELSE {sql} END"
        pieces.append(sql)
        values += [*its_params, *params]
    with connections[several[0].db].cursor() as cursor:
        cursor.execute(f"SELECT {', '.join(pieces)}", values)
        found = cursor.fetchone()
    return [int(number) for number in found or []]


def _count(rows: Rows) -> tuple[str, tuple[Any, ...]]:
    try:
        sql, params = rows.order_by().values("pk")[: CAP + 1].query.get_compiler(using=rows.db).as_sql()
    except EmptyResultSet:
        return "0", ()
    return f"(SELECT COUNT(*) FROM ({sql}) AS counted)", tuple(params)
