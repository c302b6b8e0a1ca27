from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class UiConfig(AppConfig):
    name = "zhike.ui"
    label = "ui"

    def ready(self) -> None:
        from django.urls import reverse

        from zhike.kernel.parties import stamping, subjects

        from .models import ListChoice, ListFile, SavedView

        stamping.watch(ListChoice, SavedView)
        subjects.register(
            subjects.Subject(
                "ui.ListFile",
                _("Exported file"),
                "file-export",
                lambda _pk: reverse("ui:files"),
                lambda pk: ListFile.objects.get(pk=pk),
            )
        )
