"""Pages of long lists by cursor: the next page begins after the last row of this one, whatever was added meanwhile."""

from __future__ import annotations

import base64
import binascii
import datetime as dt
import json
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from django.db.models import Model, Q, QuerySet
from django.utils.translation import gettext as _

M = TypeVar("M", bound=Model)
MOST = 200


class BadCursor(ValueError):
    """The cursor was not given out by this list."""


@dataclass(frozen=True)
class Page(Generic[M]):
    """Up to `limit` rows, and the cursor of the following page; None at the end."""

    items: list[M]
    next: str | None


def page_of(rows: QuerySet[M], *, cursor: str, limit: int, moment: str) -> Page[M]:
    """One page, newest first by `moment` and id. One query; no total is counted. Raises BadCursor."""
    limit = min(max(limit, 1), MOST)
    if cursor:
        at, pk = _read(cursor)
        rows = rows.filter(Q(**{f"{moment}__lt": at}) | Q(**{moment: at, "pk__lt": pk}))
    found = list(rows.order_by(f"-{moment}", "-pk")[: limit + 1])
    if len(found) <= limit:
        return Page(found, None)
    last = found[limit - 1]
    return Page(found[:limit], _write(getattr(last, moment), last.pk))


def _write(at: dt.datetime, pk: int) -> str:
    plain = json.dumps([at.isoformat(), pk]).encode()
    return base64.urlsafe_b64encode(plain).decode().rstrip("=")


def _read(cursor: str) -> tuple[dt.datetime, int]:
    try:
        found: Any = json.loads(base64.urlsafe_b64decode(cursor.encode() + b"=" * (-len(cursor) % 4)))
        at, pk = dt.datetime.fromisoformat(found[0]), found[1]
    except (ValueError, TypeError, IndexError, KeyError, binascii.Error) as wrong:
        raise BadCursor(_("The cursor is not one that this list gave out.")) from wrong
    if at.tzinfo is None or type(pk) is not int or abs(pk) >= 2**63:
        raise BadCursor(_("The cursor is not one that this list gave out."))
    return at, pk
