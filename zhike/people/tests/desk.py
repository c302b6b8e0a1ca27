"""The standing cast with the regulation of the work platform in force: fixtures that conftests take over."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import transaction
from django.test import Client
from django.utils import translation

from zhike.kernel import clock
from zhike.people.tests.factories import MONDAY, Cast, cast
from zhike.people.tests.rules import in_force


@pytest.fixture(scope="module")
def _house(django_db_setup: Any, django_db_blocker: Any) -> Iterator[Any]:
    with django_db_blocker.unblock(), transaction.atomic():
        found = cast()
        in_force(found, "work-platform", "客户经理工作平台管理办法")
        yield found
        transaction.set_rollback(True)


@pytest.fixture(name="cast")
def _cast(_house: Any, db: Any) -> Iterator[Cast]:
    with clock.at(MONDAY), translation.override("en"):
        yield Cast(units=copy.deepcopy(_house.units), users=copy.deepcopy(_house.users))


@pytest.fixture
def as_(cast):
    def signed_in(role: str) -> Client:
        client = Client(HTTP_ACCEPT_LANGUAGE="en")
        client.force_login(cast.users[role], backend="django.contrib.auth.backends.ModelBackend")
        return client

    return signed_in
