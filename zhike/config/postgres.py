"""What is told to the driver of PostgreSQL before the first connection."""

from __future__ import annotations

from typing import Any

import psycopg
from psycopg.abc import Buffer
from psycopg.types.array import ListDumper


class QuickListDumper(ListDumper):
    """Flat lists, as `bulk_create` sends its columns: every element in quotation marks, which PostgreSQL takes for any type.

    The driver's own `dump` looks at each element whether it needs them, and calls back for every quotation mark inside:
    rows with JSON have hundreds.
    """

    def dump(self, obj: list[Any]) -> Buffer | None:
        if self.sub_dumper is None or list in map(type, obj):
            return super().dump(obj)
        dump = self.sub_dumper.dump
        return b"{" + self.delimiter.join([_quoted(None if one is None else dump(one)) for one in obj]) + b"}"


def _quoted(text: Buffer | None) -> bytes:
    if text is None:
        return b"NULL"
    return b'"' + bytes(text).replace(b"\\", b"\\\\").replace(b'"', b'\\"') + b'"'


def prepare() -> None:
    psycopg.adapters.register_dumper(list, QuickListDumper)
