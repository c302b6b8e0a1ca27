from django.apps import AppConfig


class UiConfig(AppConfig):
    name = "zhike.ui"
    label = "ui"

    def ready(self) -> None:
        from zhike.kernel.parties import stamping

        from .models import ListChoice, SavedView

        stamping.watch(ListChoice, SavedView)
