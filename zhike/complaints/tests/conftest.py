"""The mall of every test of complaints: the standing cast, its regulation in force, one fixed Monday."""

from __future__ import annotations

import pytest

from zhike.kernel import clock
from zhike.people.tests.factories import MONDAY

from .mall import a_mall


@pytest.fixture
def people(db):
    """The standing cast with the mall's regulation in force, on Monday 2026-03-09, 10:00."""
    with clock.at(MONDAY):
        yield a_mall()
