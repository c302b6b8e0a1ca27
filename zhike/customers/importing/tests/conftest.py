from __future__ import annotations

import pytest
from django.utils import translation

from zhike.kernel import clock
from zhike.people.tests.factories import MONDAY, Cast, cast


@pytest.fixture(name="cast")
def _cast(db) -> Cast:
    return cast()


@pytest.fixture(autouse=True)
def _monday():
    with translation.override("en"), clock.at(MONDAY):
        yield
