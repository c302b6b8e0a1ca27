"""What the reception registers when the product starts."""

from __future__ import annotations

from typing import Any


def ready() -> None:
    from django.urls import reverse
    from django.utils.translation import gettext_lazy as _

    from zhike.customers.privacy import holdings
    from zhike.kernel.parties import subjects
    from zhike.people.access import may
    from zhike.ui import menu

    from . import access, personal, questions, sheets  # noqa: F401
    from .models import Reception

    subjects.register(
        subjects.Subject(
            "visits.Reception",
            _("Reception"),
            "door-enter",
            lambda pk: reverse("visits:reception:one", args=[pk]),
            lambda pk: Reception.objects.get(pk=pk),
        )
    )
    holdings.register(personal.HOLDING)

    def sees(request: Any) -> bool:
        return may(request.user, access.SEE)

    menu.register(
        menu.Entry(
            "reception", _("Reception"), "door-enter", "visits:reception:list", group="customers", order=19,
            needs=sees, below=("visits:reception:one", "visits:reception:figures"),
        )
    )  # fmt: skip
