from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.utils.translation import gettext as _

from zhike.complaints import access, actions, forms, forms_after
from zhike.kernel import clock
from zhike.people.access import StaffRequest, staff_required
from zhike.ui.deeds import typed

from ._acts import _act


@staff_required(access.SEE)
def mark_malicious(request: StaffRequest, pk: int) -> HttpResponse:
    """Say, with evidence, that a complaint is malicious."""
    complaint = access.complaint_for(request.user, pk, to="mark")
    form = forms_after.MaliceForm(typed(request))

    def do(**given: Any) -> None:
        actions.mark_malicious(complaint=complaint, by=request.user.party, now=clock.now(), **given)

    return _act(
        request, complaint, form, do, title=_("Mark as malicious"), submit=_("Mark"), said=_("It is marked; another person confirms it."),
        intro=_("Another person has to confirm it. Then it counts as not valid and is closed, unless the regulation has a way of its own for malicious complaints."), danger=True,
    )  # fmt: skip


@staff_required(access.SEE)
def decide_malice(request: StaffRequest, pk: int, malice: int) -> HttpResponse:
    """Confirm, as a second person, that a complaint is malicious, or not."""
    complaint = access.complaint_for(request.user, pk, to="mark")
    row = access.malice_for(complaint, malice)
    form = forms_after.MaliceDecisionForm(typed(request))

    def do(**given: Any) -> None:
        actions.decide_malice(malice=row, by=request.user.party, now=clock.now(), **given)

    return _act(
        request, complaint, form, do, title=_("Decide on the mark"), submit=_("Decide"), said=_("Your decision is recorded."),
        intro=_("%(name)s: %(reason)s") % {"name": row.by.name, "reason": row.reason},
    )  # fmt: skip


@staff_required(access.SEE)
def revoke_malice(request: StaffRequest, pk: int, malice: int) -> HttpResponse:
    """Take the mark back."""
    complaint = access.complaint_for(request.user, pk, to="mark")
    row = access.malice_for(complaint, malice)
    form = forms.ReasonForm(typed(request))

    def do(reason: str) -> None:
        actions.revoke_malice(malice=row, reason=reason, by=request.user.party, now=clock.now())

    return _act(
        request, complaint, form, do, title=_("Take the mark back"), submit=_("Take back"), said=_("The mark is taken back."),
        intro=_("A complaint that was closed as malicious may then be taken up again."),
    )  # fmt: skip
