from __future__ import annotations

from typing import Any

from django.forms import BaseFormSet, formset_factory
from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from zhike.complaints import access, actions, forms_after, queries
from zhike.complaints.models import Complaint
from zhike.complaints.regime import regime_of
from zhike.kernel import clock
from zhike.kernel.policy.inforce import NoManual
from zhike.people.access import StaffRequest, staff_required
from zhike.ui import answers
from zhike.ui.deeds import typed

from ._acts import REFUSALS, _act

LINES = 4


@staff_required(access.SEE)
def reopen(request: StaffRequest, pk: int) -> HttpResponse:
    """Take a closed case up again."""
    complaint = access.complaint_for(request.user, pk, to="reopen")
    regime = regime_of(complaint)
    stages = actions.stages_to_reopen(regime)
    rating = queries.file_of(complaint, findings=False).after.rating
    form = forms_after.ReopenForm(
        typed(request),
        stages=[(stage.name, regime.stage_label(stage.name)) for stage in stages],
        initial={
            "stage": actions.usual_stage(regime),
            "reason": _("The customer is not satisfied: %(text)s") % {"text": rating.text}
            if rating is not None and rating.dissatisfied
            else "",
        },
    )

    def do(stage: str, reason: str) -> None:
        actions.reopen(
            complaint=complaint, stage=stage, reason=reason, by=request.user.party, now=clock.now()
        )

    return _act(
        request, complaint, form, do, title=_("Take up again"), submit=_("Take up again"), said=_("The complaint is taken up again."),
        intro=_("The stage is owed from now. Figures count the complaint once; whether it is valid is judged anew when it closes."),
    )  # fmt: skip


@staff_required(access.SEE)
def follow_up(request: StaffRequest, pk: int) -> HttpResponse:
    """Write down a return visit."""
    complaint = access.complaint_for(request.user, pk, to="follow_up")
    form = forms_after.FollowUpForm(typed(request), initial={"reached": "1"})

    def do(**given: Any) -> None:
        actions.record_follow_up(complaint=complaint, by=request.user.party, now=clock.now(), **given)

    left = actions.attempts_left(complaint, _regime(complaint))
    intro = _("If nobody is reached, say why; the attempt counts.")
    if left > 1:
        intro += " " + _("After %(count)d more attempts it may be ended as not reached.") % {"count": left}
    return _act(
        request, complaint, form, do, title=_("Return visit"), submit=_("Record"),
        said=_("The return visit is recorded."), intro=intro,
    )  # fmt: skip


@staff_required(access.SEE)
def agree(request: StaffRequest, pk: int) -> HttpResponse:
    """Write down what the customer says to the solution."""
    complaint = access.complaint_for(request.user, pk, to="agree")
    initial = {
        "agreed": "1",
        "channel": complaint.channel,
        "who": complaint.customer.name if complaint.customer else "",
    }
    form = forms_after.AgreementForm(typed(request), initial=initial, regime=regime_of(complaint))

    def do(**given: Any) -> None:
        actions.record_agreement(complaint=complaint, by=request.user.party, now=clock.now(), **given)

    return _act(
        request, complaint, form, do, title=_("Customer's agreement"), submit=_("Record"), said=_("The customer's answer is recorded."),
        intro=_("Where the regulation wants it, nothing is carried out before the customer has agreed."),
    )  # fmt: skip


@staff_required(access.SEE)
def shares(request: StaffRequest, pk: int) -> HttpResponse:
    """Say who bears how much of the responsibility."""
    complaint = access.complaint_for(request.user, pk, to="share")
    made = formset_factory(forms_after.ShareForm, extra=0)
    standing = [
        {
            "side": row.side,
            "unit": row.unit_id,
            "name": row.name,
            "percent": row.percent,
            "nature": row.nature,
            "evidence": row.evidence,
        }
        for row in complaint.shares.all()
    ]
    lines = made(
        typed(request),
        initial=[*standing, *({} for _line in range(max(2, LINES - len(standing))))],
        form_kwargs={"units": queries.units_near(complaint.unit_id)},
        prefix="share",
    )
    refusal = ""
    if request.method == "POST" and lines.is_valid():
        try:
            actions.settle_shares(
                complaint=complaint, parts=_parts(lines), by=request.user.party, now=clock.now()
            )
        except REFUSALS as refused:
            refusal = str(refused)
        else:
            return answers.go(request, complaint, message=_("The shares are settled."))
    context = {
        "complaint": complaint,
        "lines": lines,
        "refusal": refusal,
        "back": reverse("complaints:detail", args=[complaint.pk]),
    }
    return answers.again(request, "complaints/shares.html#form", context)


def _parts(lines: BaseFormSet[forms_after.ShareForm]) -> list[actions.Part]:
    given = [form.cleaned_data for form in lines if form.cleaned_data.get("side")]
    return [actions.Part(**values) for values in given]


def _regime(complaint: Complaint) -> Any:
    try:
        return regime_of(complaint)
    except NoManual:
        return None
