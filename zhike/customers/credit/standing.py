"""How a customer stands with the house in credit, for the pages: rating in words, limit, owed, overdue."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from zhike.customers.models import CreditRating, Customer
from zhike.customers.regulation import Regulation, regulation
from zhike.kernel import clock
from zhike.kernel.worktime import calendars

from . import queries, questions
from .actions import refusal


def said(found: Regulation | None, rating: Any) -> dict[str, str]:
    """Grade and payment method of a rating in words."""
    if rating is None:
        return {}
    return {
        "grade": found.label(questions.GRADES, rating.grade) if found else rating.grade,
        "payment": found.label(questions.PAYMENTS, rating.payment) if found else rating.payment,
    }


def grade_of(customer: Customer) -> str:
    """The grade that holds, in words; "" where nobody has rated the customer."""
    found = regulation(questions.RATING.name, customer.unit_id, clock.now())
    return said(found, queries.current(customer)).get("grade", "")


def standing(customer: Customer, rating: CreditRating | None = None) -> dict[str, Any]:
    """Limit, what is owed and overdue, and the share of the limit that is used; `rating` for who has read it."""
    now = clock.now()
    today = calendars.local_day(now, customer.unit_id)
    rating = rating or queries.current(customer)
    owed = queries.open_balance(customer)
    limit = queries.granted(rating) if rating else None
    used = min(Decimal(999), owed * 100 / limit) if limit else None
    return {
        "rating": rating,
        "said": said(regulation(questions.RATING.name, customer.unit_id, now), rating),
        "owed": owed,
        "limit": limit,
        "rest": max(limit - owed, Decimal(0)) if limit is not None else None,
        "used": round(used) if used is not None else None,
        "bar": min(100, round(used)) if used is not None else 0,
        "over": limit is not None and owed > limit,
        "overdue": queries.overdue(customer, today),
        "refusal": refusal(customer, Decimal("0.01"), today),
        "is_over_time": rating is not None and rating.valid_to is not None and rating.valid_to < today,
    }
