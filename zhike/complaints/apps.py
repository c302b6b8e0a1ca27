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

        from zhike.channels import queries as channels
        from zhike.channels.mail import purposes
        from zhike.channels.models import Intake
        from zhike.customers import history
        from zhike.customers.privacy import holdings
        from zhike.kernel.duties import escalation
        from zhike.kernel.outbox import deliver, wording
        from zhike.kernel.parties import subjects
        from zhike.kernel.procedures import approvals
        from zhike.manuals import access, figures
        from zhike.ui import menu

        from . import access as cases
        from . import personal, queries, questions, timelines, trials
        from .actions import (
            _by_mail,
            _common,
            _compensation,
            _faults,
            _follow_up,
            _grants,
            _joining,
            _letters,
            _overdue,
            _reopening,
            _steps,
            _summaries,
            _talk,
            on_step,
        )
        from .capa import access as capas
        from .capa import actions as capa
        from .grumbles import access as grumbles
        from .grumbles import timelines as grumble_timelines
        from .models import Capa, Complaint, Grumble, Penalty
        from .suggest.models import SuggestModel

        subjects.register(
            subjects.Subject(
                "complaints.Complaint",
                _("Complaint"),
                "message-exclamation",
                lambda pk: reverse("complaints:detail", args=[pk]),
                lambda pk: Complaint.objects.get(pk=pk),
                cases.seen,
            )
        )
        subjects.register(
            subjects.Subject(
                "complaints.Penalty",
                _("Penalty"),
                "gavel",
                lambda pk: reverse("complaints:penalty", args=[pk]),
                lambda pk: Penalty.objects.get(pk=pk),
                lambda user: queries.penalties(cases.penalty_scope(user)),
            )
        )
        subjects.register(
            subjects.Subject(
                "complaints.Capa",
                _("Corrective action"),
                "binary-tree",
                lambda pk: reverse("complaints:capa", args=[pk]),
                lambda pk: Capa.objects.get(pk=pk),
                capas.seen,
            )
        )
        channels.show_intakes("complaints.Complaint", "complaint_import:detail")
        subjects.register(
            subjects.Subject(
                "channels.Intake",
                _("Import of a file"),
                "file-import",
                channels.page_of_intake,
                lambda pk: Intake.objects.get(pk=pk),
                lambda user: Intake.objects.filter(by=user.party).exclude(state=Intake.State.DROPPED),
            )
        )
        subjects.register(
            subjects.Subject(
                "complaints.Grumble",
                _("Grumble"),
                "mood-sad",
                lambda pk: reverse("grumbles:detail", args=[pk]),
                lambda pk: Grumble.objects.get(pk=pk),
                grumbles.seen,
            )
        )
        subjects.register(
            subjects.Subject(
                "complaints.SuggestModel",
                _("Proposed classes"),
                "sparkles",
                lambda pk: reverse("complaints:suggestions"),
                lambda pk: SuggestModel.objects.get(pk=pk),
            )
        )
        for name, noun, icon, page, rows in (
            ("Summary", _("Complaint summary"), "report", "complaints:summary", cases.summaries),
            ("OverdueSheet", _("Overdue sheet"), "alarm", "complaints:overdue_sheet", cases.overdue_sheets),
            ("Measure", _("Improvement measure"), "checklist", "complaints:measure", cases.measures),
        ):
            subjects.register(
                subjects.Subject(
                    f"complaints.{name}",
                    noun,
                    icon,
                    lambda pk, page=page: reverse(page, args=[pk]),  # type: ignore[misc]
                    lambda pk, name=name: self.get_model(name)._base_manager.get(pk=pk),  # type: ignore[misc]
                    rows,
                )
            )
        wording.say("complaint.summary_sent", _summaries.SENT)
        wording.say("complaint.measure", _summaries.TO_DO)
        wording.say("complaint.reminder", _overdue.SENTENCES["REMINDER"])
        wording.say("complaint.inquiry", _overdue.SENTENCES["INQUIRY"])
        wording.say("complaint.handed_over", _common.YOURS)
        wording.say("complaint.customer_wrote", _talk.WROTE)
        wording.say("complaint.reopened", _reopening.AGAIN)
        wording.say("complaint.dissatisfied", _follow_up.UNHAPPY)
        wording.say("complaint.joined", _joining.JOINED)
        wording.say("complaint.penalty_proposed", _faults.FOUND)
        wording.say("complaint.penalty_decided", _faults.DECIDED)
        wording.say("complaint.capa", capa.CALLS)
        wording.say("complaint.mail_failed", _letters.NOT_ARRIVED)
        purposes.register(_by_mail.PURPOSE)
        deliver.when_failed("complaints.Complaint", _letters.tell_failed)
        escalation.roles_from("complaints.Complaint", queries.roles_of_many)
        escalation.urge("complaints.Complaint", _overdue.INTERVAL)
        history.register(timelines.SOURCE)
        holdings.register(personal.HOLDING)
        history.register(grumble_timelines.SOURCE)
        access.ROLES.update(questions.ROLES)
        trials.register_all()

        figures.register_trade(figures.Trade("complaints.Complaint", queries.unseen, queries.names_of))
        figures.register(
            figures.Figure(
                "overrides",
                _("Other handler chosen"),
                "complaints.Complaint",
                queries.overridden,
                at="opened_at",
                note="override_reason",
            )
        )
        for entry in (
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
            ),
            menu.Entry(
                "grumbles",
                _("Grumbles"),
                "mood-sad",
                "grumbles:list",
                group="service",
                order=11,
                needs=_may("complaint.see"),
            ),
            menu.Entry(
                "penalties", _("Penalties"), "gavel", "complaints:penalties", group="service", order=12
            ),
            menu.Entry(
                "capas",
                _("Corrective actions"),
                "binary-tree",
                "complaints:capas",
                group="service",
                order=11,
                needs=_may("complaint.see"),
            ),
            menu.Entry(
                "complaint-report",
                _("Complaint reports"),
                "chart-bar",
                "complaints:reports",
                group="grounds",
                order=30,
                needs=_may("report.see"),
                below=("complaints:report", "complaints:summaries", "complaints:overdue"),
            ),
            menu.Entry(
                "grumble-report",
                _("Grumble report"),
                "chart-bar",
                "grumbles:report",
                group="grounds",
                order=31,
                needs=_may("report.see"),
            ),
            menu.Entry(
                "suggestions",
                _("Proposed classes"),
                "sparkles",
                "complaints:suggestions",
                group="grounds",
                order=32,
                needs=_may("report.see"),
            ),
        ):
            menu.register(entry)
        importlib.import_module("zhike.complaints.reporting.summaries")  # reports and summaries as forms
        approvals.on_decision(_compensation.KIND, _compensation.decided)
        approvals.on_decision(_grants.KIND, _grants.decided)
        approvals.on_decision(_grants.KIND, _steps.grant_decided)
        approvals.on_decision(_faults.PENALTY_KIND, _faults.penalty_decided)
        approvals.on_decision(capa.KIND, capa.decided)
        on_step(capa.follow_step)
