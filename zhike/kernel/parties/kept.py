"""What changes seldom is kept from request to request: units, calendars, manuals in force, posts and who holds them.

The database says whether it still holds: its stamp becomes another random number in every transaction that changes a
watched table, by triggers (`stamping.py`), so that no way of writing goes past it. A block of `held.holding()` asks for
the stamp once; while it is the same, what was read under it is not read again. The number is random and not counted up:
what was seen in a transaction that was rolled back is never taken for a later state.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from typing import Any, TypeVar

from django.db import connection

from .held import once
from .models import Stamp

R = TypeVar("R")
MOST = 5000  # answers kept in one process


@dataclass(frozen=True)
class Shelf:
    """What was read under one stamp."""

    stamp: int | None = None
    answers: dict[Hashable, Any] = field(default_factory=dict)


_shelf = Shelf()


def kept(key: Hashable, read: Callable[[], R]) -> R:
    """The answer of `read`, which depends on `key` and watched tables alone. It is shared: nobody changes it."""
    return once(key, lambda: _under(once("stamp", _present), key, read))


def _under(stamp: int | None, key: Hashable, read: Callable[[], R]) -> R:
    global _shelf
    if stamp is None:  # emptied by a test: nothing says that it changes
        return read()
    shelf = _shelf  # another thread may put up the next one meanwhile
    if shelf.stamp != stamp or len(shelf.answers) >= MOST:
        shelf = _shelf = Shelf(stamp)
    if key not in shelf.answers:
        shelf.answers[key] = read()
    found: R = shelf.answers[key]
    return found


def _present() -> int | None:
    with connection.cursor() as cursor:
        number = "bit_xor(number)" if connection.vendor == "postgresql" else "number"
        cursor.execute(f"SELECT {number} FROM {Stamp._meta.db_table}")
        row = cursor.fetchone()
    return row[0] if row else None
