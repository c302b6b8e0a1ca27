"""Reads of credit: what a customer may owe, owes, and is overdue with; surveys, ratings, risks within a scope."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import DecimalField, Exists, F, Min, OuterRef, QuerySet, Subquery, Sum, Value
from django.db.models.functions import Coalesce

from zhike.customers.models import (
    CreditChange,
    CreditRating,
    CreditRisk,
    CreditSurvey,
    Customer,
    Sale,
)
from zhike.kernel.parties.scope import Scope

ZERO = Decimal(0)
MONEY: DecimalField[Decimal, Decimal] = DecimalField(max_digits=14, decimal_places=2)
OWED = F("amount") - F("discount") - F("collected")


def current(customer: Customer) -> CreditRating | None:
    """The rating that holds."""
    return CreditRating.objects.filter(customer=customer, until=None).select_related("ruling", "by").first()


def limit(customer: Customer) -> Decimal | None:
    """What the customer may owe on account in yuan; None where nobody has rated the customer yet.

    Nothing without a guarantee that the rating asks for, nor with a payment method that knows no account.
    """
    rating = current(customer)
    return granted(rating) if rating is not None else None


def granted(rating: CreditRating) -> Decimal:
    if not rating.sells_on_account or (rating.needs_guarantee and not rating.is_guaranteed):
        return ZERO
    return rating.limit


def open_balance(customer: Customer) -> Decimal:
    """What the customer owes: ordered, less discount, less collected."""
    total: Decimal | None = Sale.objects.filter(customer=customer).aggregate(total=Sum(OWED))["total"]
    return total or ZERO


@dataclass(frozen=True)
class Overdue:
    amount: Decimal
    days: int


def overdue(customer: Customer, today: dt.date) -> Overdue:
    """What should have been paid before today, and for how many days the oldest of it is late."""
    rows = Sale.objects.filter(customer=customer, due_on__lt=today).annotate(owed=OWED).filter(owed__gt=0)
    found = rows.aggregate(total=Sum("owed"), oldest=Min("due_on"))
    return Overdue(found["total"] or ZERO, (today - found["oldest"]).days if found["oldest"] else 0)


def last_order(customer: Customer) -> dt.date | None:
    return Sale.objects.filter(customer=customer).order_by("-on").values_list("on", flat=True).first()


def stopped(customer: Customer) -> CreditChange | CreditRisk | None:
    """What stops sales on account at present: a grave change under review, or a risk whose measure it is."""
    change = CreditChange.objects.filter(customer=customer, stops=True, ended_at=None).first()
    return (
        change
        or CreditRisk.objects.filter(
            customer=customer, state=CreditRisk.State.OPEN, measure=CreditRisk.Measure.STOP
        ).first()
    )


def under_way(customer: Customer) -> CreditSurvey | None:
    return CreditSurvey.objects.filter(customer=customer, ended_at=None).select_related("record").first()


def rating_of(survey: CreditSurvey) -> CreditRating | None:
    """What the survey was rated with."""
    return CreditRating.objects.filter(survey=survey).first()


# ---- within a scope; the secrecy of the customer holds in every list


def surveys(scope: Scope) -> QuerySet[CreditSurvey]:
    rows = scope.rows(
        CreditSurvey.objects.all(), unit="customer__unit", secrecy="customer__secrecy", named=("by",)
    )
    return rows.select_related("customer__unit", "record", "by")


def ratings(scope: Scope) -> QuerySet[CreditRating]:
    """The rating that holds of each customer, with what is owed and what is used of the limit."""
    owed = Sale.objects.filter(customer=OuterRef("customer")).values("customer").annotate(total=Sum(OWED))
    rows = scope.rows(
        CreditRating.objects.filter(until=None), unit="customer__unit", secrecy="customer__secrecy"
    )
    return rows.select_related("customer__unit").annotate(
        balance=Coalesce(Subquery(owed.values("total")), Value(ZERO), output_field=MONEY),
        is_stopped=Exists(
            CreditChange.objects.filter(customer=OuterRef("customer"), stops=True, ended_at=None)
        ),
    )


def changes(scope: Scope) -> QuerySet[CreditChange]:
    rows = scope.rows(CreditChange.objects.all(), unit="customer__unit", secrecy="customer__secrecy")
    return rows.select_related("customer__unit", "by")


def risks(scope: Scope) -> QuerySet[CreditRisk]:
    rows = scope.rows(
        CreditRisk.objects.all(), unit="customer__unit", secrecy="customer__secrecy", named=("owner",)
    )
    return rows.select_related("customer__unit", "owner", "by", "ruling")
