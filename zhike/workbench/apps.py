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

        from zhike.kernel import clock
        from zhike.kernel.parties import subjects
        from zhike.kernel.procedures.models import Approval
        from zhike.ui import menu

        from . import queries, ready

        ready.ready()
        subjects.register(
            subjects.Subject(
                "procedures.Approval",
                _("Approval"),
                "rubber-stamp",
                lambda pk: reverse("workbench:approval", args=[pk]),
                lambda pk: Approval.objects.get(pk=pk),
                lambda user: queries.approvals_with(user.party, clock.now()),
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
        menu.register(
            menu.Entry(
                "audit",
                _("Audit trail"),
                "history",
                "workbench:audit",
                group="grounds",
                order=40,
                needs=_audits,
            )
        )
        menu.register_counts(_counts)
        menu.register_counter("unread", _unread)


def _audits(request: HttpRequest) -> bool:
    from zhike.people import access

    user: Any = request.user
    return access.may(user, "audit.read")


def _counts(request: HttpRequest) -> dict[str, Any]:
    """Late duties beside Today, what waits for approval beside Approvals."""
    from zhike.ui.menu import Count

    late, asked, _unread = _numbers(request)
    return {"today": Count(late, late=True), "approvals": asked}


def _unread(request: HttpRequest) -> int:
    return _numbers(request)[2]


def _numbers(request: HttpRequest) -> list[int]:
    """Late duties, approvals and unread messages of the person: one statement for a page."""
    from zhike.kernel import clock
    from zhike.kernel.duties.models import Duty
    from zhike.kernel.outbox import inbox
    from zhike.kernel.parties.scope import Scope
    from zhike.ui.lists import counting

    found: list[int] | None = getattr(request, "_workbench_numbers", None)
    if found is None:
        mine = Duty.objects.filter(owner=request.user.pk, state=Duty.State.OPEN)
        approvals = mine.filter(kind__startswith="approval.")
        late = mine.filter(due_at__lt=clock.now()).exclude(kind__startswith="approval.")
        found = counting.capped_each([late, approvals, inbox.unread(Scope(party=request.user.pk))])
        request._workbench_numbers = found  # type: ignore[attr-defined]
    return found
