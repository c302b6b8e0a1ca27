"""The mall of every journey: the standing cast, its regulation in force, one fixed Monday."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import transaction

from zhike.complaints.tests.mall import a_mall
from zhike.kernel import clock
from zhike.kernel.policy import inforce
from zhike.people.tests.factories import MONDAY, Cast


@pytest.fixture(scope="module")
def _mall(django_db_setup: Any, django_db_blocker: Any) -> Iterator[Any]:
    """One mall for all tests of a file; what each test does is rolled back to it."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield a_mall()
        transaction.set_rollback(True)


@pytest.fixture
def people(_mall: Any, db: Any) -> Iterator[Any]:
    """The standing cast with the mall's regulation in force, on Monday 2026-03-09, 10:00."""
    with clock.at(MONDAY):
        yield Cast(units=copy.deepcopy(_mall.units), users=copy.deepcopy(_mall.users))


@pytest.fixture(autouse=True)
def _no_manual_in_memory() -> Iterator[None]:
    """A number that was rolled back is given again, to another text: what was read of it is dropped."""
    inforce.forget()
    yield
    inforce.forget()
