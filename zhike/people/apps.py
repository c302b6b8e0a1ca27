from django.apps import AppConfig


class PeopleConfig(AppConfig):
    name = "zhike.people"
    label = "people"

    def ready(self) -> None:
        from .views import shell

        shell.register()
