from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop


class ManualsConfig(AppConfig):
    name = "zhike.manuals"
    label = "manuals"

    def ready(self) -> None:
        from django.urls import reverse

        from zhike.kernel.duties import escalation
        from zhike.kernel.outbox import wording
        from zhike.kernel.parties import subjects
        from zhike.kernel.policy.models import ManualVersion
        from zhike.kernel.procedures import approvals
        from zhike.ui import menu

        from . import sheets as _sheets  # noqa: F401 - its forms register themselves
        from .actions import _repealing, _revising

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
        approvals.on_decision(_repealing.KIND, _repealing.repeal_decided)
        wording.say(_repealing.TOLD, gettext_noop("“%(title)s” is repealed from %(day)s"))
        # once a year and for people who write: a month ahead, then whoever stands above
        escalation.usually(
            _revising.TITLE,
            escalation.Level(_revising.TITLE, 0, "1个月", "负责人", "REMIND", ""),
            escalation.Level(_revising.TITLE, 1, "1工作日", "上级", "REMIND", ""),
        )
