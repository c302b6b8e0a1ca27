from django.apps import AppConfig


class VisitsConfig(AppConfig):
    name = "zhike.visits"
    label = "visits"

    def ready(self) -> None:
        from . import ready

        ready.ready()
