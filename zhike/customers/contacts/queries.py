"""Reads of contacts and promises; every query takes a scope first."""

from __future__ import annotations

from django.db.models import QuerySet

from zhike.kernel.parties.scope import Scope

from .models import Interaction, Promise


def interactions(scope: Scope) -> QuerySet[Interaction]:
    """The visible contacts with what a line prints; a customer's secrecy holds here too."""
    rows = scope.rows(Interaction.objects.all(), named=("by",), secrecy="customer__secrecy")
    return rows.select_related("customer", "contact", "by", "unit", "remark_by")


def promises(scope: Scope) -> QuerySet[Promise]:
    """The visible promises; who keeps one sees it."""
    rows = scope.rows(Promise.objects.all(), named=("keeper", "by"), secrecy="customer__secrecy")
    return rows.select_related("customer", "keeper", "by", "unit", "interaction")
