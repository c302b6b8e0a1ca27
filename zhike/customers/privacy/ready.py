"""What this part registers when the product starts."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


def ready() -> None:
    from django.urls import reverse
    from django.utils.translation import gettext_lazy as _

    from zhike.customers import panels
    from zhike.customers.models import Breach, Customer, Handover, Release, RightsRequest
    from zhike.customers.regulation import regulation
    from zhike.kernel import clock
    from zhike.kernel.parties import subjects
    from zhike.people.access import may, standing
    from zhike.people.models import User
    from zhike.ui import menu

    from . import access, levels, questions  # the questions register themselves

    for model, noun, icon, url, rows in (
        (RightsRequest, _("Request about personal data"), "user-shield", lambda pk: reverse("customers:rights_request", args=[pk]), access.requests),
        (Release, _("Release of data"), "file-export", lambda pk: reverse("customers:releases"), None),
        (Breach, _("Leak of data"), "alert-octagon", lambda pk: reverse("customers:breach", args=[pk]), access.breaches),
        (Handover, _("Hand-over of leaving staff"), "transfer", lambda pk: reverse("customers:handovers"), None),
    ):  # fmt: skip
        load = lambda pk, model=model: model.objects.get(pk=pk)  # noqa: E731
        subjects.register(subjects.Subject(f"customers.{model.__name__}", noun, icon, url, load, rows))

    def read(user: User, customer: Customer) -> Mapping[str, Any] | None:
        """Level of secrecy, open requests, and the ways to them; None for who may do nothing about them."""
        unit = customer.unit_id
        sets, answers = may(user, access.SECRECY, unit), may(user, access.ANSWER, unit)
        log = access.may_read_log(user, customer)
        if not (sets or answers or log or customer.secrecy):
            return None
        found = regulation(questions.SHARING.name, unit, clock.now())
        requests = customer.rights_requests.filter(state=RightsRequest.State.OPEN)
        return {
            "level": levels.label_of(found, customer.secrecy),
            "sets": sets,
            "log": log,
            "answers": answers,
            "requests": list(requests) if answers else [],
        }

    panels.register(panels.Panel("privacy", "customers/privacy/_panel.html", read, panels.SIDE, 80))

    def needs(request: Any) -> bool:
        return standing(request.user).has(access.ANSWER)

    menu.register(
        menu.Entry(
            "privacy",
            _("Data protection"),
            "shield-lock",
            "customers:rights_requests",
            group="customers",
            order=60,
            needs=needs,
            below=("customers:releases", "customers:exports", "customers:breaches", "customers:handovers"),
        )
    )
