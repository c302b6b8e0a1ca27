"""Whose customers the figures of a back-test are made of."""

import pytest

from zhike.kernel.policy.manual.reader import read
from zhike.manuals import reach
from zhike.people.models import PostPower
from zhike.people.standing import standing_of
from zhike.people.tests.factories import MONDAY

from .grading import text_of

pytestmark = pytest.mark.django_db


def test_figures_are_made_for_who_sees_what_the_regulation_rules(cast):
    grading, complaints = (read(text_of(name)) for name in ("customer-grading", "mall-complaints"))
    PostPower.objects.filter(post__code="P002-20", power__code="customer.see").delete()
    found = standing_of(cast.specialist.pk, MONDAY)

    assert cast.south.pk in (reach.of(found, complaints).units or ())
    assert reach.of(found, grading).units == reach.of(found).units == frozenset()
