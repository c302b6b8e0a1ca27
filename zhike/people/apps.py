from django.apps import AppConfig


class PeopleConfig(AppConfig):
    name = "zhike.people"
    label = "people"

    def ready(self) -> None:
        from zhike.kernel.outbox import deliver

        from . import queries
        from .views import shell

        shell.register()
        deliver.addresses_from(queries.address_of)
        deliver.languages_from(queries.language_of)
