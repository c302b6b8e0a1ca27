"""The watch: looks at the duties whose moment has come, reminds and escalates as their manual says.

It takes rows by the index on `look_again_at`, in batches of one transaction; a batch that fails is split until
the bad row stands alone, which is pushed ahead and logged. Several workers may run it at once and nothing happens
twice: PostgreSQL locks the rows taken and skips those that another worker holds; on SQLite a writing transaction
excludes all others from its start. What was due stays due whenever the watch comes by.
"""

from __future__ import annotations

import datetime as dt
import logging
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from django.db import InterfaceError, OperationalError, connection, transaction

from zhike.kernel.parties import bulk
from zhike.kernel.parties.tree import tree
from zhike.kernel.worktime import calendars

from . import _carrying_out
from ._carrying_out import Around
from .models import Duty

log = logging.getLogger(__name__)
BATCH = 500
WRITTEN = ("id", "level", "look_again_at")
LONGEST_WAIT = dt.timedelta(days=1)


@dataclass
class Report:
    """What one run did: rows looked at, levels carried out, rows that failed."""

    looked: int = 0
    acted: int = 0
    failed: int = 0

    def add(self, other: Report) -> None:
        self.looked += other.looked
        self.acted += other.acted
        self.failed += other.failed


def run(*, now: dt.datetime, batch: int = BATCH, limit: int | None = None, workers: int = 1) -> Report:
    """Handle every duty whose moment has come, earliest first, at most `limit` of them.

    `workers` threads share what is left after a full first batch, where the database lets several write at once.
    Raises OperationalError when the database itself is in trouble; what was committed before stands.
    """
    report = Report()
    around = Around(now, tree(), calendars.calendars())
    size = batch if limit is None else min(batch, limit)
    full = size > 0 and _next_batch(size, around, report) == size
    if full and limit is None and workers > 1 and connection.vendor == "postgresql":
        with ThreadPoolExecutor(workers - 1) as helpers:
            helping = [helpers.submit(_help, now, batch) for _ in range(workers - 1)]
            _drain(batch, None, around, report)
        for each in helping:
            report.add(each.result())
    elif full:
        _drain(batch, limit, around, report)
    return report


def _drain(batch: int, limit: int | None, around: Around, report: Report) -> None:
    while limit is None or report.looked < limit:
        size = batch if limit is None else min(batch, limit - report.looked)
        if not _next_batch(size, around, report):
            break


def _help(now: dt.datetime, batch: int) -> Report:
    """Another worker, on a connection of its own."""
    report = Report()
    try:
        _drain(batch, None, Around(now, tree(), calendars.calendars()), report)
    finally:
        connection.close()
    return report


def _next_batch(size: int, around: Around, report: Report) -> int:
    """Take and handle the earliest rows that nobody else holds; how many they were."""
    taken: list[int] = []
    try:
        with transaction.atomic():
            rows = _take(around.now, size=size)
            taken = [duty.pk for duty in rows]
            acted = _carry_out(rows, around) if rows else 0
    except (OperationalError, InterfaceError):
        raise
    except Exception:
        if not taken:
            raise
        _split(taken, around, report)
        return len(taken)
    report.looked += len(taken)
    report.acted += acted
    return len(taken)


def _split(ids: Sequence[int], around: Around, report: Report) -> None:
    """A batch has failed: each half on its own, and what fails alone waits."""
    if len(ids) == 1:
        log.exception("duty %s could not be looked at", ids[0])
        _push_ahead(ids[0], around.now)
        report.looked += 1
        report.failed += 1
        return
    half = len(ids) // 2
    for part in (ids[:half], ids[half:]):
        try:
            with transaction.atomic():
                rows = _take(around.now, ids=part)
                acted = _carry_out(rows, around)
        except (OperationalError, InterfaceError):
            raise
        except Exception:
            _split(part, around, report)
        else:
            report.looked += len(rows)
            report.acted += acted


def _push_ahead(pk: int, now: dt.datetime) -> None:
    """A row that fails waits longer each time, at most a day, and stops nobody."""
    row = Duty.objects.open().filter(pk=pk, look_again_at__lte=now)
    failures = row.values_list("failures", flat=True).first()
    if failures is not None:
        wait = min(dt.timedelta(minutes=5 * 2 ** min(failures, 9)), LONGEST_WAIT)
        row.update(look_again_at=now + wait, failures=min(failures + 1, 999))


def _take(now: dt.datetime, *, size: int | None = None, ids: Sequence[int] = ()) -> list[Duty]:
    """Due rows as they stand now and that no other worker holds: the earliest `size`, or those of `ids`."""
    rows = (
        Duty.objects.open()
        .filter(look_again_at__lte=now)
        .select_for_update(skip_locked=True)
        .only(*_carrying_out.COLUMNS)
        .order_by("look_again_at")
    )
    return list(rows[:size] if size is not None else rows.filter(pk__in=ids))


def _carry_out(rows: Sequence[Duty], around: Around) -> int:
    """Carry out every level that is due for every row; how many there were."""
    steps = _carrying_out.steps_of(rows, around)
    # the rows are ours until the transaction ends: nobody else could have touched them
    bulk.update(
        Duty, [{name: getattr(duty, name) for name in WRITTEN} for duty in rows], fixed={"failures": 0}
    )
    _carrying_out.write(steps, around)
    return len(steps)
