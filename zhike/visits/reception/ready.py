"""What the reception registers when the product starts."""

from __future__ import annotations

from typing import Any


def ready() -> None:
    from django.urls import reverse
    from django.utils.translation import gettext_lazy as _

    from zhike.customers.privacy import holdings
    from zhike.kernel.parties import subjects
    from zhike.kernel.procedures import approvals
    from zhike.people.access import may
    from zhike.ui import menu

    from . import access, personal, queries, questions, sheets  # noqa: F401
    from .hospitality import access as hosting
    from .hospitality import actions
    from .hospitality import personal as hosted
    from .hospitality import queries as hospitality
    from .hospitality.models import Hospitality
    from .models import Reception

    subjects.register(
        subjects.Subject(
            "visits.Reception",
            _("Reception"),
            "door-enter",
            lambda pk: reverse("visits:reception:one", args=[pk]),
            lambda pk: Reception.objects.get(pk=pk),
            lambda user: queries.receptions(access.scope(user)),
        )
    )
    subjects.register(
        subjects.Subject(
            "visits.Hospitality",
            _("Hospitality"),
            "tools-kitchen-2",
            lambda pk: reverse("visits:reception:hospitality", args=[pk]),
            lambda pk: Hospitality.objects.get(pk=pk),
            lambda user: hospitality.hospitality(hosting.scope(user)),
        )
    )
    holdings.register(personal.HOLDING)
    holdings.register(hosted.HOLDING)
    approvals.on_decision(actions.KIND, actions.decided)

    def sees(request: Any) -> bool:
        return may(request.user, access.SEE)

    def hosts(request: Any) -> bool:
        return any(may(request.user, power) for power in hosting.SEE)

    menu.register(
        menu.Entry(
            "reception", _("Reception"), "door-enter", "visits:reception:list", group="customers", order=19,
            needs=sees, below=("visits:reception:figures",),
        )
    )  # fmt: skip
    menu.register(
        menu.Entry(
            "hospitality", _("Hospitality"), "tools-kitchen-2", "visits:reception:applications", group="customers",
            order=20, needs=hosts,
            below=("visits:reception:costs",),
        )
    )  # fmt: skip
