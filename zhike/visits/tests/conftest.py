"""The standing cast with the regulations on visits in force, one fixed Monday.

The south store visits shops in eight steps; the north store goes by the customer visit management.
"""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.db import transaction
from django.test import Client
from django.utils import translation

from zhike.kernel import clock
from zhike.people.tests.factories import MONDAY, Cast, cast
from zhike.people.tests.rules import in_force

MANUALS = {
    "shop-visits": ("零售客户拜访服务规范", "mall"),
    "first-visits": ("初次拜访细则", "mall"),
    "tobacco-customers": ("零售客户分类和评价办法", "mall"),
    "customer-visits": ("客户拜访管理制度", "north"),
    "reception": ("客户接待管理办法", "mall"),
}


def a_house() -> Cast:
    found = cast()
    for key, (title, unit) in MANUALS.items():
        in_force(found, key, title, unit=unit)
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


@pytest.fixture
def as_(cast: Cast) -> Callable[[str], Client]:
    """A browser in which this person of the cast is signed in."""

    def signed_in(role: str) -> Client:
        client = Client(headers={"accept-language": "en"})
        client.force_login(cast.users[role], backend="django.contrib.auth.backends.ModelBackend")
        return client

    return signed_in
