"""What is told to the driver of PostgreSQL before the first connection."""

from __future__ import annotations

from typing import Any

import psycopg
from psycopg.types.array import ListDumper


class _Escape:
    """Like the driver's own expression, which calls back for every quotation mark: rows with JSON have hundreds."""

    def sub(self, _pattern: bytes, text: Any) -> bytes:
        return bytes(text).replace(b"\\", b"\\\\").replace(b'"', b'\\"')


class QuickListDumper(ListDumper):
    """Lists of texts, as `bulk_create` sends its columns."""

    _re_esc: Any = _Escape()


def prepare() -> None:
    psycopg.adapters.register_dumper(list, QuickListDumper)
