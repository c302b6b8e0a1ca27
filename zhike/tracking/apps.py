from django.apps import AppConfig


class TrackingConfig(AppConfig):
    name = "zhike.tracking"
    label = "tracking"

    def ready(self) -> None:
        from . import ready

        ready.ready()
