from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

# packages of the file that register something of their own
PARTS = (
    "dossier",
    "contacts",
    "grading",
    "credit",
    "charges",
    "archives",
    "privacy",
    "matching",
    "importing",
    "reporting",
)


class CustomersConfig(AppConfig):
    name = "zhike.customers"
    label = "customers"

    def ready(self) -> None:
        from importlib import import_module

        from django.urls import reverse

        from zhike.customers import access
        from zhike.customers.models import Customer, FieldDefinition
        from zhike.kernel.parties import stamping, subjects
        from zhike.people.access import standing
        from zhike.ui import menu

        stamping.watch(FieldDefinition)
        subjects.register(
            subjects.Subject(
                label="customers.Customer",
                noun=_("Customer"),
                icon="user",
                url=lambda pk: reverse("customers:detail", args=[pk]),
                load=lambda pk: Customer.objects.get(pk=pk),
                rows=access.customers_of,
            )
        )
        menu.register(
            menu.Entry(
                "customers",
                _("Customers"),
                "users",
                "customers:list",
                group="customers",
                order=10,
                needs=lambda request: standing(request.user).has("customer.see"),  # type: ignore[arg-type]
                keys="u",
                phone=True,
            )
        )
        for part in PARTS:
            import_module(f"zhike.customers.{part}.ready").ready()
