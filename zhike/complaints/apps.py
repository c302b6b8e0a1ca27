from __future__ import annotations

import importlib
from collections.abc import Callable
from typing import Any

from django.apps import AppConfig
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _


def _may(power: str) -> Callable[[HttpRequest], bool]:
    """Who holds the power sees the entry of the rail."""

    def needs(request: HttpRequest) -> bool:
        from zhike.people import access

        user: Any = request.user
        return access.may(user, power)

    return needs


class ComplaintsConfig(AppConfig):
    name = "zhike.complaints"
    label = "complaints"

    def ready(self) -> None:
        from django.urls import reverse

        from zhike.channels.models import Intake
        from zhike.customers import history
        from zhike.kernel.duties import escalation
        from zhike.kernel.outbox import wording
        from zhike.kernel.parties import subjects
        from zhike.kernel.procedures import approvals
        from zhike.manuals import access
        from zhike.ui import menu

        from . import queries, questions, timelines
        from .actions import _common, _compensation, _faults, _grants, _overdue, _summaries, _talk
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
        subjects.register(
            subjects.Subject(
                "channels.Intake",
                _("Import of a file"),
                "file-import",
                lambda pk: reverse("complaint_import:detail", args=[pk]),
                lambda pk: Intake.objects.get(pk=pk),
            )
        )
        for name, noun, icon, page in (
            ("Summary", _("Complaint summary"), "report", "complaints:summary"),
            ("OverdueSheet", _("Overdue sheet"), "alarm", "complaints:overdue_sheet"),
            ("Measure", _("Improvement measure"), "checklist", "complaints:measure"),
        ):
            subjects.register(
                subjects.Subject(
                    f"complaints.{name}",
                    noun,
                    icon,
                    lambda pk, page=page: reverse(page, args=[pk]),  # type: ignore[misc]
                    lambda pk, name=name: self.get_model(name)._base_manager.get(pk=pk),  # type: ignore[misc]
                )
            )
        wording.say("complaint.summary_sent", _summaries.SENT)
        wording.say("complaint.measure", _summaries.TO_DO)
        wording.say("complaint.reminder", _overdue.SENTENCES["REMINDER"])
        wording.say("complaint.inquiry", _overdue.SENTENCES["INQUIRY"])
        wording.say("complaint.handed_over", _common.YOURS)
        wording.say("complaint.customer_wrote", _talk.WROTE)
        wording.say("complaint.penalty_proposed", _faults.FOUND)
        wording.say("complaint.penalty_decided", _faults.DECIDED)
        escalation.roles_from("complaints.Complaint", queries.roles_of_many)
        history.register(timelines.SOURCE)
        access.ROLES.update(questions.ROLES)
        menu.register(
            menu.Entry(
                "complaints",
                _("Complaints"),
                "message-exclamation",
                "complaints:list",
                group="service",
                order=10,
                needs=_may("complaint.see"),
                keys="c",
                phone=True,
            )
        )
        menu.register(
            menu.Entry(
                "penalties", _("Penalties"), "gavel", "complaints:penalties", group="service", order=12
            )
        )
        menu.register(
            menu.Entry(
                "complaint-report",
                _("Complaint reports"),
                "chart-bar",
                "complaints:reports",
                group="grounds",
                order=30,
                needs=_may("report.see"),
            )
        )
        importlib.import_module("zhike.complaints.reporting.summaries")  # reports and summaries as forms
        approvals.on_decision(_compensation.KIND, _compensation.decided)
        approvals.on_decision(_grants.KIND, _grants.decided)
        approvals.on_decision(_faults.PENALTY_KIND, _faults.penalty_decided)
