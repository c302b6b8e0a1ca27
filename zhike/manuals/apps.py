from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


def _make_findable(**_signal: object) -> None:
    """Index the clauses of what was published before clauses were indexed; the same again writes nothing."""
    from . import actions, queries

    for version in queries.manuals():
        actions.make_findable(version)


class ManualsConfig(AppConfig):
    name = "zhike.manuals"
    label = "manuals"

    def ready(self) -> None:
        from django.db.models.signals import post_migrate
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
        post_migrate.connect(_make_findable, sender=self, dispatch_uid="zhike.manuals.findable")
        menu.register(
            menu.Entry("manuals", _("Manuals"), "book-2", "manuals:list", group="grounds", order=10, keys="m")
        )
