"""What this part registers when the product starts."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


def ready() -> None:
    from django.urls import reverse
    from django.utils.translation import gettext_lazy as _

    from zhike.customers import panels
    from zhike.customers.credit.access import sees
    from zhike.customers.models import Charge, Customer
    from zhike.customers.privacy import holdings
    from zhike.customers.regulation import regulation
    from zhike.kernel import clock
    from zhike.kernel.parties import subjects
    from zhike.people.access import scope_of, standing
    from zhike.people.models import User
    from zhike.ui import menu

    from . import access, queries, questions, reading, sheets  # noqa: F401  questions and forms register themselves

    def page(pk: int) -> str:
        return reverse(
            "customers:charges_of", args=[Charge.objects.values_list("sale__customer", flat=True).get(pk=pk)]
        )

    subjects.register(
        subjects.Subject(
            "customers.Charge",
            _("Bill"),
            "receipt",
            page,
            lambda pk: Charge.objects.get(pk=pk),
            lambda user: queries.charges(scope_of(user, access.SEE)),
        )
    )

    def read(user: User, customer: Customer) -> Mapping[str, Any] | None:
        """None where nothing is billed, and for who does not see credit."""
        billed = regulation(questions.CHARGE.name, customer.unit_id, clock.now())
        return reading.standing(customer) if billed is not None and sees(user, customer) else None

    panels.register(panels.Panel("charges", "customers/charges/_panel.html", read, panels.SIDE, 41, "CREDIT"))
    holdings.register(holdings.Holding("charges", erase=reading.forget))

    def needs(request: Any) -> bool:
        """Who sees credit, where a regulation has rent collected."""
        unit = request.user.party.unit_id
        return standing(request.user).has(access.SEE) and bool(
            unit and regulation(questions.CHARGE.name, unit, clock.now())
        )

    menu.register(
        menu.Entry(
            "charges",
            _("Rent and charges"),
            "receipt",
            "customers:charges",
            group="customers",
            order=42,
            needs=needs,
            below=("customers:charges_of",),
        )
    )
