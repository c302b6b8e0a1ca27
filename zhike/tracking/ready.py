"""What tracking registers when the product starts."""

from __future__ import annotations

from typing import Any


def ready() -> None:
    from django.urls import reverse
    from django.utils.translation import gettext_lazy as _

    from zhike.customers.privacy import holdings
    from zhike.kernel.parties import subjects
    from zhike.people.access import may
    from zhike.ui import menu

    from . import access, panel, personal, queries, questions, receivers, sheets, statistics  # noqa: F401
    from .models import Activity, Moment, Plan

    subjects.register(
        subjects.Subject(
            "tracking.Plan",
            _("Contact plan"),
            "phone-calling",
            lambda pk: reverse("tracking:work", args=[pk]),
            lambda pk: Plan.objects.get(pk=pk),
            lambda user: Plan.objects.filter(customer__in=access.seen(user).order_by().values("pk")),
        )
    )
    subjects.register(
        subjects.Subject(
            "tracking.Moment",
            _("Key moment"),
            "calendar-heart",
            lambda pk: reverse(
                "tracking:work", args=[Moment.objects.values_list("customer", flat=True).get(pk=pk)]
            ),
            lambda pk: Moment.objects.get(pk=pk),
            lambda user: queries.moments(access.scope(user)),
        )
    )
    subjects.register(
        subjects.Subject(
            "tracking.Activity",
            _("Relation activity"),
            "confetti",
            lambda pk: reverse("tracking:activity", args=[pk]),
            lambda pk: Activity.objects.get(pk=pk),
            lambda user: queries.activities(access.scope(user)),
        )
    )
    holdings.register(personal.HOLDING)
    statistics.ready()
    panel.register()
    receivers.listen()

    def needs(*powers: str) -> Any:
        return lambda request: any(may(request.user, power) for power in powers)

    for entry in (
        menu.Entry(
            "tracking", _("Contacts due"), "phone-calling", "tracking:due", group="customers", order=12,
            needs=needs("customer.see"), keys="l", phone=True, below=("tracking:work", "tracking:moments"),
        ),
        menu.Entry(
            "tracking-gaps", _("Upkeep"), "map-pin-cog", "tracking:gaps", group="customers", order=14,
            needs=needs("customer.see"), below=("tracking:silent", "tracking:churn", "tracking:introductions"),
        ),
        menu.Entry(
            "activities", _("Relation activities"), "confetti", "tracking:activities", group="customers", order=24,
            needs=needs("customer.see"),
        ),
        menu.Entry(
            "tracking-overview", _("Upkeep figures"), "chart-bar", "tracking:overview", group="grounds", order=33,
            needs=needs("report.see", "tracking.lead"),
        ),
    ):  # fmt: skip
        menu.register(entry)
