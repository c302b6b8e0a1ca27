"""How often is often enough: fixed windows of time, counted in the database, the same for all web processes.

Addresses are counted under a keyed digest, never stored. An attempt is counted in a transaction of its own, so a
refused form counts too.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.conf import settings
from django.core.cache import cache
from django.db import connection
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from zhike.kernel.parties.secret import blind_index

from .models import Attempts


@dataclass(frozen=True)
class Rate:
    """At most `most` attempts in each window of `seconds`."""

    name: str
    most: int
    seconds: int


class TooOften(Exception):
    """The limit is reached; `wait` is the number of seconds until the next attempt."""

    def __init__(self, wait: int) -> None:
        super().__init__(_("Too many attempts. Try again in %(span)s.") % {"span": span(wait)})
        self.wait = wait


def count(rate: Rate, who: str, now: dt.datetime) -> None:
    """Count one attempt. Raises TooOften."""
    window = int(now.timestamp()) // rate.seconds
    ends_at = dt.datetime.fromtimestamp((window + 1) * rate.seconds, tz=dt.UTC)
    table = connection.ops.quote_name(Attempts._meta.db_table)
    with connection.cursor() as cursor:
        cursor.execute(
            f'INSERT INTO {table} (key, "window", count, ends_at) VALUES (%s, %s, 1, %s) '
            f'ON CONFLICT (key, "window") DO UPDATE SET count = {table}.count + 1 RETURNING count',
            [
                f"{rate.name}:{blind_index(who)[:32]}",
                window,
                connection.ops.adapt_datetimefield_value(ends_at),
            ],
        )
        tried = int(cursor.fetchone()[0])
    if tried > rate.most:
        raise TooOften(_wait(ends_at, now))


def count_lightly(rate: Rate, who: str, now: dt.datetime) -> None:
    """The same in the cache, without a write: each web process counts for itself. Raises TooOften."""
    window = int(now.timestamp()) // rate.seconds
    key = f"rate:{rate.name}:{blind_index(who)[:32]}:{window}"
    cache.add(key, 0, rate.seconds + 5)
    try:
        tried = cache.incr(key)
    except ValueError:  # evicted between the two calls
        tried = 1
    if tried > rate.most:
        ends_at = dt.datetime.fromtimestamp((window + 1) * rate.seconds, tz=dt.UTC)
        raise TooOften(_wait(ends_at, now))


def _wait(ends_at: dt.datetime, now: dt.datetime) -> int:
    return max(1, int((ends_at - now).total_seconds()))


def span(seconds: int) -> str:
    """Waiting time in whole seconds or minutes, never less than what is left."""
    if seconds < 60:
        return ngettext("%(count)s second", "%(count)s seconds", seconds) % {"count": seconds}
    minutes = -(-seconds // 60)
    return ngettext("%(count)s minute", "%(count)s minutes", minutes) % {"count": minutes}


def address_of(meta: dict[str, str]) -> str:
    """The address of the visitor: the last proxy's word only where the product is told to run behind one."""
    if settings.SECURE_PROXY_SSL_HEADER and (forwarded := meta.get("HTTP_X_FORWARDED_FOR", "")):
        return forwarded.rsplit(",", 1)[-1].strip()
    return meta.get("REMOTE_ADDR", "")
