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
        found = map(self.sub_dumper.dump, obj)
        return b"{" + self.delimiter.join([b"NULL" if one is None else _quoted(one) for one in found]) + b"}"


def _quoted(text: Buffer) -> bytes:
    return b'"' + bytes(text).replace(b"\\", b"\\\\").replace(b'"', b'\\"') + b'"'


def prepare() -> None:
    psycopg.adapters.register_dumper(list, QuickListDumper)
