"""The standing cast with the regulations on grading, tracking and upkeep in force, one fixed Monday."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import transaction
from django.utils import translation

from zhike.kernel import clock
from zhike.people.tests.factories import MONDAY, Cast, cast
from zhike.people.tests.rules import in_force

MANUALS = {
    "customer-grading": "客户分类定级办法",
    "customer-tracking": "客户追踪办法",
    "relationship-upkeep": "客户关系维护办法",
}


def a_house() -> Cast:
    found = cast()
    for key, title in MANUALS.items():
        in_force(found, key, title)
    return found


@pytest.fixture(scope="module")
def _house(django_db_setup: Any, django_db_blocker: Any) -> Iterator[Any]:
    """One house for all tests of a file; what each test does is rolled back to it."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield a_house()
        transaction.set_rollback(True)


@pytest.fixture(name="cast")
def _cast(_house: Any, db: Any) -> Iterator[Cast]:
    with clock.at(MONDAY), translation.override("en"):
        yield Cast(units=copy.deepcopy(_house.units), users=copy.deepcopy(_house.users))
