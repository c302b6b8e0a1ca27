"""Counting that stops: never more than ten thousand and one rows, however large the table."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connections

from zhike.ui.words import CAP

from .declare import Rows


def capped(rows: Rows) -> int:
    """How many rows, at most CAP + 1, which means "more"."""
    return rows.order_by()[: CAP + 1].count()


def exact(rows: Rows) -> int:
    return rows.order_by().count()


def capped_each(several: list[Rows]) -> list[int]:
    """The capped counts of several querysets of one database in one statement."""
    if not several:
        return []
    pieces: list[str] = []
    values: list[Any] = []
    for rows in several:
        try:
            sql, params = rows.order_by().values("pk")[: CAP + 1].query.get_compiler(using=rows.db).as_sql()
        except EmptyResultSet:
            pieces.append("0")
            continue
        pieces.append(f"(SELECT COUNT(*) FROM ({sql}) AS counted)")
        values.extend(params)
    with connections[several[0].db].cursor() as cursor:
        cursor.execute(f"SELECT {', '.join(pieces)}", values)
        found = cursor.fetchone()
    return [int(number) for number in found or []]
