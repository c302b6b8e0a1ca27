"""What this part registers when the product starts."""


def ready() -> None:
    from django.urls import reverse
    from django.utils.translation import gettext_lazy as _
    from django.utils.translation import pgettext_lazy

    from zhike.customers import history
    from zhike.kernel.parties import subjects
    from zhike.people.access import standing
    from zhike.ui import menu

    from . import access, queries, questions, sheets, timelines  # noqa: F401
    from .models import Interaction, Promise

    subjects.register(
        subjects.Subject(
            "customers.Promise",
            _("Promise"),
            "heart-handshake",
            lambda pk: reverse("customers:promise", args=[pk]),
            lambda pk: Promise.objects.get(pk=pk),
            lambda user: queries.promises(access.scope(user)),
        )
    )
    subjects.register(
        subjects.Subject(
            "customers.Interaction",
            pgettext_lazy("talk", "Contact"),
            "message-circle",
            lambda pk: reverse("customers:contact_entry", args=[pk]),
            lambda pk: Interaction.objects.get(pk=pk),
            lambda user: queries.interactions(access.scope(user)),
        )
    )
    history.register(timelines.CONTACTS)
    history.register(timelines.PROMISES)
    menu.register(
        menu.Entry(
            "promises",
            _("Promises"),
            "heart-handshake",
            "customers:promises",
            group="customers",
            order=22,
            needs=lambda request: standing(request.user).has("customer.see"),  # type: ignore[arg-type]
        )
    )
