"""Reads of customers' messages."""

from __future__ import annotations

from django.db.models import QuerySet

from zhike.kernel.parties.scope import Scope
from zhike.workbench.models import CustomerMessage


def messages(scope: Scope) -> QuerySet[CustomerMessage]:
    """Messages of the visible customers; who looks after the customer or answered sees them anyway."""
    rows = scope.rows(
        CustomerMessage.objects.all(), named=("customer__owner", "replied_by"), secrecy="customer__secrecy"
    )
    return rows.select_related("customer__owner", "unit", "replied_by")
