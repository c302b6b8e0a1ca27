"""Whose customers the figures of a back-test are made of."""

import pytest

from zhike.manuals import reach
from zhike.people.models import PostPower
from zhike.people.standing import standing_of
from zhike.people.tests.factories import MONDAY

pytestmark = pytest.mark.django_db


def test_figures_are_made_for_who_sees_customers_and_cases_alike(cast):
    both = reach.of(standing_of(cast.specialist.pk, MONDAY))

    PostPower.objects.filter(post__code="P002-20", power__code="customer.see").delete()
    cases_alone = reach.of(standing_of(cast.specialist.pk, MONDAY))

    assert cast.south.pk in (both.units or ())
    assert cases_alone.units == frozenset()
