"""The tokens of a document as PostgreSQL takes them by a binary COPY: read there neither as text nor sorted again.

Imported on PostgreSQL alone.
"""

from __future__ import annotations

import struct
from collections.abc import Set

from psycopg.adapt import Dumper
from psycopg.postgres import types
from psycopg.pq import Format

NO_PLACES = b"\0\0\0"  # the end of a word, and that it stands nowhere in particular


class VectorDumper(Dumper):
    """A set of tokens (ASCII, none of them empty) as a tsvector."""

    format = Format.BINARY
    oid = types["tsvector"].oid

    def dump(self, obj: Set[str]) -> bytes:
        words = NO_PLACES.join([word.encode() for word in sorted(obj)])
        return struct.pack("!I", len(obj)) + words + NO_PLACES
