"""Reads of archives within a scope; the secrecy of file and customer holds in every list."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from zhike.customers.models import Archive, ArchiveCheck, ArchiveItem, Destruction, Loan
from zhike.kernel.duties.models import Duty
from zhike.kernel.parties.scope import Scope


def archives(scope: Scope) -> QuerySet[Archive]:
    """Files whose own level and whose customer's level the person reads, and those that were lent to them."""
    mine = Q(pk__among=Loan.objects.filter(borrower=scope.party, state=Loan.State.LENT).values("archive"))
    rows = scope.rows(Archive.objects.all(), named=("keeper",), secrecy="secrecy", also=mine)
    if scope.units is not None or scope.secrecy < 9:
        rows = rows.filter(Q(customer__secrecy__lte=scope.secrecy) | Q(keeper=scope.party) | mine)
    lent = Loan.objects.filter(archive=OuterRef("pk"), state=Loan.State.LENT)
    unfiled = ArchiveItem.objects.filter(archive=OuterRef("pk"), filed_at=None)
    return rows.select_related("customer", "unit", "keeper").annotate(
        is_lent=Exists(lent), is_unfiled=Exists(unfiled)
    )


def loans(scope: Scope) -> QuerySet[Loan]:
    rows = scope.rows(
        Loan.objects.all(), unit="archive__unit", named=("borrower",), secrecy="archive__secrecy"
    )
    return rows.select_related("archive__customer", "archive__unit", "borrower", "decided_by")


def checks(scope: Scope) -> QuerySet[ArchiveCheck]:
    return scope.rows(ArchiveCheck.objects.all()).select_related("unit", "by", "ended_by")


def destructions(scope: Scope) -> QuerySet[Destruction]:
    return scope.rows(Destruction.objects.all()).select_related("unit", "by", "first_by", "second_by")


def ripe(scope: Scope, unit: int, today: dt.date) -> QuerySet[Archive]:
    """Files of a unit whose time of keeping is over, at home, found by the last check, on no list yet."""
    listed = Destruction.objects.filter(
        archives=OuterRef("pk"), state__in=[Destruction.State.PROPOSED, Destruction.State.SIGNED]
    )
    rows: QuerySet[Any] = archives(scope)
    rows = rows.filter(unit=unit, state=Archive.State.CLOSED, keep_until__lt=today, is_lent=False)
    return rows.exclude(Exists(listed))


def dues_of(items: Sequence[ArchiveItem]) -> dict[int, dt.datetime | None]:
    """When the documents that wait have to be filed. The gate of their file was passed before."""
    owed = Duty.objects.open().filter(
        subject_label=ArchiveItem._meta.label, subject_id__in=[item.pk for item in items]
    )
    return dict(owed.values_list("subject_id", "due_at"))
