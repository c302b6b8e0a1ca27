"""Reads of hospitality; every query takes a scope first."""

from __future__ import annotations

from typing import Any

from django.db.models import Count, Q, QuerySet, Sum

from zhike.kernel.parties import subjects
from zhike.kernel.parties.scope import Scope
from zhike.kernel.procedures.models import Approval
from zhike.kernel.tallies.periods import Period

from .models import Hospitality

SPENT = Q(state__in=[Hospitality.State.APPROVED, Hospitality.State.SETTLED])


def hospitality(scope: Scope) -> QuerySet[Hospitality]:
    """In the scope's units, and what one applied for oneself."""
    rows = scope.rows(Hospitality.objects.all(), named=("by",), secrecy="secrecy")
    return rows.select_related("customer", "unit", "by")


def approval_of(row: Hospitality) -> Approval | None:
    """Who was asked, with every step. The gate was passed before."""
    asked = Approval.objects.filter(**subjects.key(row)).select_related("asked_by").order_by("-pk")
    return asked.prefetch_related("steps__approver", "steps__deputy").first()


def costs(scope: Scope, period: Period, by: str) -> list[dict[str, Any]]:
    """Budget and actual cost of a period by person (`by`) or by `customer` (ST002-56)."""
    rows = (
        hospitality(scope)
        .filter(SPENT, on__gte=period.first, on__lt=period.after)
        .select_related(None)
        .order_by()
    )
    found = rows.values(by, f"{by}__name").annotate(
        number=Count("pk"), budgeted=Sum("budget"), spent=Sum("cost"),
        settled=Sum("budget", filter=Q(state=Hospitality.State.SETTLED)),
    )  # fmt: skip
    return [
        {
            "key": row[by], "name": row[f"{by}__name"], "number": row["number"], "budget": row["budgeted"],
            "cost": row["spent"] or 0,
            # what was not settled yet has no variance
            "variance": (row["spent"] or 0) - (row["settled"] or 0),
        }
        for row in found.order_by("-budgeted")
    ]  # fmt: skip
