"""Credit on the customer's page: grade, limit and how much of it is used."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from zhike.customers.models import Customer
from zhike.people.models import User

from . import access, queries
from .standing import standing


def read(user: User, customer: Customer) -> Mapping[str, Any] | None:
    """None for who has no power to see credit."""
    if not access.sees(user, customer):
        return None
    survey, rating = queries.under_way(customer), queries.current(customer)
    may = access.may_do(user, customer)
    if rating is None:  # nothing is sold on account, so there is nothing to add up
        return {"rating": None, "under_way": survey, "may": may} if survey is not None or may.survey else None
    return {**standing(customer, rating), "under_way": survey, "may": may}
