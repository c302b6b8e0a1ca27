"""What this part registers when the product starts."""


def ready() -> None:
    from django.utils.translation import gettext_lazy as _

    from zhike.people.access import standing
    from zhike.ui import menu

    from . import reports

    assert reports.FORMS  # importing them registers the forms
    menu.register(
        menu.Entry(
            "customer-reports",
            _("Customer reports"),
            "chart-bar",
            "customers:reports",
            group="grounds",
            order=33,
            needs=lambda request: standing(request.user).has("report.see"),  # type: ignore[arg-type]
            below=("customers:report_of", "customers:published_report"),
        )
    )
