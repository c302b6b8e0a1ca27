"""What this part registers when the product starts."""


def ready() -> None:
    from django.urls import reverse
    from django.utils.translation import gettext_lazy as _

    from zhike.customers.access import customers_of
    from zhike.customers.models import Evaluation
    from zhike.kernel.parties import subjects
    from zhike.people.access import standing
    from zhike.ui import menu

    from . import panels, sheets, trials

    trials.register_all()
    panels.register_all()
    assert sheets.OF_CUSTOMER  # importing them registers the forms
    subjects.register(
        subjects.Subject(
            Evaluation._meta.label,
            _("Evaluation of a customer"),
            "clipboard-check",
            lambda pk: reverse("customers:evaluate", args=[pk]),
            lambda pk: Evaluation.objects.get(pk=pk),
            lambda user: Evaluation.objects.filter(customer__in=customers_of(user).order_by().values("pk")),
        )
    )
    menu.register(
        menu.Entry(
            "grading",
            _("Grades of customers"),
            "stairs",
            "customers:grading",
            group="customers",
            order=20,
            needs=lambda request: standing(request.user).has("customer.see"),  # type: ignore[arg-type]
            below=(
                "customers:graded",
                "customers:proposals",
                "customers:evaluations",
                "customers:segments",
                "customers:print_sheet",
                "customers:segment_sheet",
            ),
        )
    )
