"""Files of customer data that leave the product: counted, approved above a size, marked, and kept in the log."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db import transaction
from django.db.models import F, QuerySet
from django.utils.translation import gettext as _

from zhike.customers.models import Customer, Export, Release
from zhike.customers.regulation import regulation
from zhike.kernel.audit import trail
from zhike.kernel.parties.models import Party

from . import questions

NAMED = 2000  # of a larger file only its size and conditions are kept
FREE = "免审批导出行数"
VALID = "导出批准有效天数"


def named_in(rows: QuerySet[Any], column: str) -> QuerySet[Customer]:
    """The customers whom rows that somebody may see name in a column."""
    return Customer.objects.filter(pk__in=rows.order_by().values(column))


@transaction.atomic
def allow(
    *,
    by: Party,
    now: dt.datetime,
    source: str,
    fmt: str,
    count: int,
    customers: QuerySet[Customer],
    conditions: str = "",
) -> str:
    """Enter a file in the log before its first row leaves; why it may not leave in one sentence, "" if it may.

    Above the size that the regulation leaves free, an approval by a second person is used up by it.
    """
    release = None
    found = regulation(questions.SHARING.name, by.unit_id, now) if by.unit_id else None
    free = found.figure(FREE, 500) if found is not None else count
    if found is not None and count > free:
        release = _use_approval(by, now, since=now - dt.timedelta(days=found.figure(VALID, 7)))
        if release is None:
            said = {"count": count, "free": free}
            return (
                _(
                    "This file has %(count)s rows; above %(free)s a second person has to approve the export first (Data protection, releases)."
                )
                % said
            )
    row = Export.objects.create(
        unit_id=by.unit_id,
        by=by,
        at=now,
        source=source,
        conditions=conditions[:400],
        format=fmt,
        rows=count,
        release=release,
    )
    if count <= NAMED:
        row.customers.set(customers.order_by().values_list("pk", flat=True))
    trail.record(
        "customers.exported",
        subject=by,
        by=by,
        at=now,
        after={
            "format": fmt,
            "rows": count,
            "source": source,
            "conditions": row.conditions,
            "export": row.pk,
        },
    )
    return ""


def _use_approval(by: Party, now: dt.datetime, *, since: dt.datetime) -> Release | None:
    """The oldest approval that nobody else, at this moment, uses up."""
    approved = Release.objects.filter(
        by=by, way=Release.Way.EXPORT, state=Release.State.APPROVED, decided_at__gte=since
    )
    for release in approved.order_by(F("decided_at")):
        if approved.filter(pk=release.pk).update(state=Release.State.USED, used_at=now):
            return release
    return None
