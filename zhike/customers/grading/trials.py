"""Where the cases of the questions about customers lie: the values in force, tried under a changed regulation."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.db.models import F, QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from zhike.customers import questions
from zhike.customers.models import Customer, Grade
from zhike.customers.questions import OF_CUSTOMER
from zhike.kernel.parties.scope import Scope
from zhike.kernel.policy.populations import Population, register

from .dimensions import DIMENSIONS


def _grades(dimension: str, scope: Scope) -> QuerySet[Grade]:
    """The values that a manual gave to visible customers and that are in force."""
    rows = Grade.objects.filter(
        dimension=dimension, until=None, customer__state=Customer.State.ACTIVE, version_id__isnull=False
    ).exclude(origin=Grade.Origin.DECIDED)
    seen = scope.rows(
        rows, unit="customer__unit", named=("customer__created_by",), secrecy="customer__secrecy"
    )
    return seen.select_related("customer__profile")


def _column(path: str) -> F:
    """A column of the profile or of the customer, as seen from a grade."""
    return F(path if path.startswith(OF_CUSTOMER) else f"customer__profile__{path}")


def _address(row: Any) -> str:
    return reverse("customers:detail", args=[row.customer_id])


COLUMNS = {fact.name: _column(fact.column.name) for fact in questions.FACTS}


def register_all() -> None:
    for dimension in DIMENSIONS.values():
        register(
            [dimension.question.name],
            Population(
                rows=partial(_grades, dimension.code),
                noun=_("customers"),
                manual="version_id",
                moment="",  # what counts is where customers stand today, since whenever
                unit="customer__unit_id",
                number=lambda row: row.customer.number,
                title=lambda row: row.customer.name,
                value=lambda row: row.customer.profile.spend,
                value_label=_("Amount of twelve months (yuan)"),
                url=_address,
                columns=COLUMNS,
                power="customer.see",
            ),
        )
