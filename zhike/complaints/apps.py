from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ComplaintsConfig(AppConfig):
    name = "zhike.complaints"
    label = "complaints"

    def ready(self) -> None:
        from django.urls import reverse

        from zhike.kernel.parties import subjects
        from zhike.kernel.procedures import approvals

        from . import questions  # noqa: F401  the questions are known once this is imported
        from .actions import _compensation, _faults
        from .models import Complaint, Penalty

        subjects.register(
            subjects.Subject(
                "complaints.Complaint",
                _("Complaint"),
                "message-exclamation",
                lambda pk: reverse("complaints:detail", args=[pk]),
                lambda pk: Complaint.objects.get(pk=pk),
            )
        )
        subjects.register(
            subjects.Subject(
                "complaints.Penalty",
                _("Penalty"),
                "gavel",
                lambda pk: reverse("complaints:penalty", args=[pk]),
                lambda pk: Penalty.objects.get(pk=pk),
            )
        )
        approvals.on_decision(_compensation.KIND, _compensation.decided)
        approvals.on_decision(_faults.PENALTY_KIND, _faults.penalty_decided)
