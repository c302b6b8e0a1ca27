from django.apps import AppConfig


class PeopleConfig(AppConfig):
    name = "zhike.people"
    label = "people"

    def ready(self) -> None:
        from zhike.kernel.outbox import deliver
        from zhike.kernel.parties import stamping

        from . import queries
        from .models import Appointment, Deputy, Post, PostPower, Power, UnitPost, User
        from .requests import ready
        from .views import shell

        stamping.watch(Appointment, Deputy, Post, PostPower, Power, UnitPost)
        stamping.watch(User, columns=("is_active",))

        shell.register()
        ready.ready()
        deliver.addresses_from(queries.address_of)
        deliver.languages_from(queries.language_of)
