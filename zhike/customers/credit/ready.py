"""What this part registers when the product starts."""

from __future__ import annotations

from typing import Any


def ready() -> None:
    from django.urls import reverse
    from django.utils.translation import gettext_lazy as _

    from zhike.customers import panels
    from zhike.customers.models import CreditChange, CreditRating, CreditRisk, CreditSurvey
    from zhike.kernel.parties import subjects
    from zhike.people.access import scope_of, standing
    from zhike.ui import menu

    from . import access, panel, queries, questions, sheets  # noqa: F401  questions and forms register themselves

    def of_customer(model: Any) -> Any:
        return lambda pk: reverse(
            "customers:credit_of", args=[model.objects.values_list("customer", flat=True).get(pk=pk)]
        )

    def survey(pk: int) -> str:
        return reverse("customers:survey", args=[pk])

    for model, noun, icon, url, rows in (
        (CreditSurvey, _("Credit survey"), "clipboard-text", survey, queries.surveys),
        (CreditRating, _("Credit rating"), "credit-card", of_customer(CreditRating), queries.ratings),
        (CreditChange, _("Change in credit"), "trending-down", of_customer(CreditChange), queries.changes),
        (CreditRisk, _("Customer at risk"), "alert-triangle", of_customer(CreditRisk), queries.risks),
    ):
        label = f"customers.{model.__name__}"
        load = lambda pk, model=model: model.objects.get(pk=pk)  # noqa: E731
        seen = lambda user, rows=rows: rows(scope_of(user, access.SEE))  # noqa: E731
        subjects.register(subjects.Subject(label, noun, icon, url, load, seen))
    panels.register(
        panels.Panel("credit", "customers/credit/_panel.html", panel.read, panels.SIDE, 40, "CREDIT")
    )

    def needs(request: Any) -> bool:
        return standing(request.user).has(access.SEE)

    menu.register(
        menu.Entry(
            "credit",
            _("Credit"),
            "credit-card",
            "customers:credit",
            group="customers",
            order=40,
            needs=needs,
            below=(
                "customers:credit_surveys",
                "customers:credit_risks",
                "customers:credit_of",
                "customers:survey",
            ),
        )
    )
