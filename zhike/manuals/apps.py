from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ManualsConfig(AppConfig):
    name = "zhike.manuals"
    label = "manuals"

    def ready(self) -> None:
        from django.urls import reverse

        from zhike.kernel.parties import subjects
        from zhike.kernel.policy.models import ManualVersion
        from zhike.ui import menu

        subjects.register(
            subjects.Subject(
                "policy.ManualVersion",
                _("Manual"),
                "book-2",
                lambda pk: reverse("manuals:reader", args=[pk]),
                lambda pk: ManualVersion.objects.get(pk=pk),
            )
        )
        menu.register(
            menu.Entry("manuals", _("Manuals"), "book-2", "manuals:list", group="grounds", order=10, keys="m")
        )
