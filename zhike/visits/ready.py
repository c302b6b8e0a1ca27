"""What visits register when the product starts."""

from __future__ import annotations


def ready() -> None:
    from django.urls import reverse
    from django.utils.translation import gettext_lazy as _

    from zhike.customers.privacy import holdings
    from zhike.kernel.parties import subjects

    from . import personal, questions  # noqa: F401
    from .models import Visit, WeekPlan

    subjects.register(
        subjects.Subject(
            "visits.Visit",
            _("Visit"),
            "map-pin",
            lambda pk: reverse("visits:visit", args=[pk]),
            lambda pk: Visit.objects.get(pk=pk),
        )
    )
    subjects.register(
        subjects.Subject(
            "visits.WeekPlan",
            _("Plan of the week"),
            "calendar-week",
            lambda pk: reverse("visits:plan", args=[pk]),
            lambda pk: WeekPlan.objects.get(pk=pk),
        )
    )
    holdings.register(personal.HOLDING)
