from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ManualsConfig(AppConfig):
    name = "zhike.manuals"
    label = "manuals"

    def ready(self) -> None:
        from django.urls import reverse

        from zhike.kernel.outbox import wording
        from zhike.kernel.parties import subjects
        from zhike.kernel.policy.models import ManualVersion
        from zhike.kernel.procedures import approvals
        from zhike.ui import menu

        from .actions import _gate
        from .models import Revision

        subjects.register(
            subjects.Subject(
                "policy.ManualVersion",
                _("Manual"),
                "book-2",
                lambda pk: reverse("manuals:reader", args=[pk]),
                lambda pk: ManualVersion.objects.get(pk=pk),
            )
        )
        subjects.register(
            subjects.Subject(
                "manuals.Revision",
                _("Change of a manual"),
                "git-pull-request",
                lambda pk: reverse("manuals:gate", args=[pk]),
                lambda pk: Revision.objects.get(pk=pk),
            )
        )
        approvals.on_decision(_gate.KIND, _gate.decided)
        wording.say("manual.coming", _gate.COMING)
        menu.register(
            menu.Entry("manuals", _("Manuals"), "book-2", "manuals:list", group="grounds", order=10, keys="m")
        )
