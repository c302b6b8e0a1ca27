from __future__ import annotations

from typing import Any

from django.apps import AppConfig
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _


class WorkbenchConfig(AppConfig):
    name = "zhike.workbench"
    label = "workbench"

    def ready(self) -> None:
        from django.urls import reverse

        from zhike.kernel.parties import subjects
        from zhike.kernel.procedures.models import Approval
        from zhike.ui import menu

        subjects.register(
            subjects.Subject(
                "procedures.Approval",
                _("Approval"),
                "rubber-stamp",
                lambda pk: reverse("workbench:approval", args=[pk]),
                lambda pk: Approval.objects.get(pk=pk),
            )
        )
        menu.register(
            menu.Entry("today", _("Today"), "sun", "workbench:today", order=1, keys="t", phone=True)
        )
        menu.register(
            menu.Entry(
                "approvals", _("Approvals"), "rubber-stamp", "workbench:approvals", order=2, phone=True
            )
        )
        menu.register(menu.Entry("notices", _("Inbox"), "inbox", "workbench:notices", order=3))
        menu.register_counts(_counts)
        menu.register_counter("unread", _unread)


def _counts(request: HttpRequest) -> dict[str, Any]:
    """Late and due duties beside Today, what waits for approval beside Approvals: one statement."""
    from django.db.models import Count, Q

    from zhike.kernel import clock
    from zhike.kernel.duties.models import Duty
    from zhike.ui.menu import Count as Shown

    now = clock.now()
    found = Duty.objects.filter(owner=request.user.pk, state=Duty.State.OPEN).aggregate(
        late=Count("id", filter=Q(due_at__lt=now) & ~Q(kind__startswith="approval.")),
        asked=Count("id", filter=Q(kind__startswith="approval.")),
    )
    return {"today": Shown(found["late"], late=True), "approvals": found["asked"]}


def _unread(request: HttpRequest) -> int:
    from zhike.kernel.outbox import inbox
    from zhike.kernel.parties.scope import Scope

    return inbox.unread(Scope(party=request.user.pk)).count()
