"""What visits register when the product starts."""

from __future__ import annotations

from typing import Any


def ready() -> None:
    from django.urls import reverse
    from django.utils.translation import gettext_lazy as _

    from zhike.customers.privacy import holdings
    from zhike.kernel.parties import subjects
    from zhike.people.access import may
    from zhike.ui import menu

    from . import access, panel, personal, queries, questions, receivers, sheets  # noqa: F401
    from .models import Visit, WeekPlan
    from .reception import ready as reception

    subjects.register(
        subjects.Subject(
            "visits.Visit",
            _("Visit"),
            "map-pin",
            lambda pk: reverse("visits:visit", args=[pk]),
            lambda pk: Visit.objects.get(pk=pk),
            lambda user: queries.visits(access.scope(user)),
        )
    )
    subjects.register(
        subjects.Subject(
            "visits.WeekPlan",
            _("Plan of the week"),
            "calendar-week",
            lambda pk: reverse("visits:plan", args=[pk]),
            lambda pk: WeekPlan.objects.get(pk=pk),
            lambda user: queries.plans(access.scope(user)),
        )
    )
    holdings.register(personal.HOLDING)
    panel.register()
    receivers.listen()
    reception.ready()

    def needs(*powers: str) -> Any:
        return lambda request: any(may(request.user, power) for power in powers)

    for entry in (
        menu.Entry(
            "visits", _("Plan of the week"), "calendar-week", "visits:week", group="customers", order=16,
            needs=needs("customer.see"), phone=True, below=("visits:plan", "visits:planning:routes"),
        ),
        menu.Entry(
            "visits-road", _("On the road"), "device-mobile", "visits:road:page", group="customers", order=16,
            needs=needs("customer.edit"),
        ),
        menu.Entry(
            "visits-list", _("Visits"), "map-pin", "visits:list", group="customers", order=17,
            needs=needs("customer.see"), below=("visits:visit", "visits:problems", "visits:findings", "visits:guidance"),
        ),
        menu.Entry(
            "visits-coverage", _("Shops without a visit"), "building-store", "visits:coverage", group="customers", order=18,
            needs=needs("customer.see"),
        ),
        menu.Entry(
            "visits-figures", _("Visit figures"), "chart-bar", "visits:figures", group="grounds", order=34,
            needs=needs("report.see", "visit.approve"),
        ),
    ):  # fmt: skip
        menu.register(entry)
