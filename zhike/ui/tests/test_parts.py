"""Small components that are written without templates."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.utils import translation

from zhike.kernel.tallies.figures import Figure, Measure, Number, Ratio, Reading
from zhike.ui import parts


def reading(now: Number, before: Number, *, more_is_good: bool | None = None) -> Reading:
    return Reading(
        Figure(
            "x",
            "x",
            Measure.COUNT,
            lambda _: "/x/",
            "P000-01",
            compute=lambda _: now,
            more_is_good=more_is_good,
        ),
        now,
        before,
        "/x/",
    )


@pytest.mark.parametrize(
    ("now", "before", "more_is_good", "said"),
    [
        (9, 8, False, '<span class="s12 nowrap text-late" title="the period before: 8">↑ 12.5 %</span>'),
        (6, 8, False, '<span class="s12 nowrap text-met" title="the period before: 8">↓ 25 %</span>'),
        (2000, 1000, None, '<span class="s12 nowrap ink3" title="the period before: 1,000">↑ 100 %</span>'),
        (8, 8, True, '<span class="s12 nowrap ink3" title="the period before: 8">as before</span>'),
        (3, 0, True, ""),  # growth from nothing has no size
        (None, 4, True, ""),
        (
            Ratio(1, 2), Ratio(9, 20), True,
            '<span class="s12 nowrap text-met" title="the period before: 45.0 %">↑ 5 points</span>',
        ),
        (Decimal("1.5"), Decimal(2), True, '<span class="s12 nowrap text-late" title="the period before: 2">↓ 25 %</span>'),
    ],
)  # fmt: skip
def test_a_figure_stands_against_the_period_before(now, before, more_is_good, said):
    with translation.override("en"):
        assert parts.change(reading(now, before, more_is_good=more_is_good)) == said
