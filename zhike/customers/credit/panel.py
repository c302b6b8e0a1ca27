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
    if rating is None and survey is None and not may.survey:
        return None
    return {**standing(customer), "under_way": survey, "may": may}
