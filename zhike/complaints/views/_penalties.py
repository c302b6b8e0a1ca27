from __future__ import annotations

from django import forms as django_forms
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse, HttpResponseBase
from django.utils.translation import gettext as _

from zhike.complaints import access, actions, forms, queries, questions
from zhike.complaints.models import Penalty
from zhike.complaints.regime import Regime
from zhike.complaints.templatetags.complaints import ruling_conditions
from zhike.kernel import clock
from zhike.kernel.policy import inforce
from zhike.kernel.procedures import approvals
from zhike.kernel.worktime import calendars
from zhike.people import access as people
from zhike.people.access import StaffRequest, staff_required
from zhike.ui import answers, lists
from zhike.ui.deeds import ask, typed

from ._case import clause_url
from .lists import PENALTIES


@staff_required()
def penalties(request: StaffRequest) -> HttpResponseBase:
    """The register of penalties: of the units one is responsible for, and one's own."""
    rows = queries.penalties(access.penalty_scope(request.user))
    return lists.answer(request, PENALTIES, rows, "complaints/penalties.html", now=clock.now())


@staff_required()
def penalty(request: StaffRequest, pk: int) -> HttpResponse:
    """One penalty: finding, count, what the manual says, line of approval, appeal."""
    row = access.penalty_for(request.user, pk)
    return answers.page(request, "complaints/penalty.html", _context(request, row))


def _context(request: StaffRequest, row: Penalty) -> dict[str, object]:
    regime = _regime(row)
    decides = (
        row.approval is not None
        and approvals.step_of(row.approval, request.user.party, clock.now()) is not None
    )
    return {
        "penalty": row,
        "offence": regime.label(questions.OFFENCES, row.fault.offence) if regime else row.fault.offence,
        "allowance": regime.label(questions.ALLOWANCES, row.allowance) if regime else row.allowance,
        "measure": regime.label(questions.MEASURES, row.measure) if regime else row.measure,
        "row": ruling_conditions(row.ruling, regime),
        "clause_url": clause_url(row.ruling),
        "steps": list(row.approval.steps.select_related("approver", "deputy")) if row.approval else [],
        "may_decide": decides and people.may(request.user, "penalty.issue", row.ruling.unit_id),
        "may_appeal": row.person_id == request.user.pk and row.appealed_at is None,
        "sees_complaint": row.fault.complaint_id is not None and row.person_id != request.user.pk,
    }


def _regime(row: Penalty) -> Regime | None:
    unit = row.ruling.unit_id
    day = calendars.local_day(row.ruling.asked_at, unit)
    answer = inforce.answer_of_version(questions.PENALTY.name, row.ruling.version, unit, day)
    return Regime(answer, row.ruling.unit_id) if answer else None


@staff_required("penalty.issue")
def decide(request: StaffRequest, pk: int) -> HttpResponse:
    """Impose or drop a proposed penalty."""
    row = access.penalty_for(request.user, pk)
    if not people.may(request.user, "penalty.issue", row.ruling.unit_id):
        raise PermissionDenied("penalty.issue")
    form = forms.PenaltyForm(typed(request))
    if form.is_valid():
        try:
            actions.decide_penalty(
                penalty=row,
                impose=form.cleaned_data["decision"] == "impose",
                opinion=form.cleaned_data["opinion"],
                by=request.user.party,
                now=clock.now(),
            )
        except actions.CannotPunish as refusal:
            form.add_error(None, str(refusal))
        else:
            return answers.go(request, row, message=_("The penalty is decided."))
    return _dialog(request, row, form, title=_("Decide the penalty"), submit=_("Decide"))


@staff_required()
def appeal(request: StaffRequest, pk: int) -> HttpResponse:
    """Object to one's own penalty."""
    row = access.penalty_for(request.user, pk)
    if row.person_id != request.user.pk:
        raise PermissionDenied("appeal")
    form = forms.AppealForm(typed(request))
    if form.is_valid():
        try:
            actions.appeal_penalty(
                penalty=row, text=form.cleaned_data["text"], by=request.user.party, now=clock.now()
            )
        except actions.CannotPunish as refusal:
            form.add_error(None, str(refusal))
        else:
            return answers.go(request, row, message=_("Your appeal is recorded."))
    return _dialog(request, row, form, title=_("Appeal"), submit=_("Appeal"))


def _dialog(
    request: StaffRequest, row: Penalty, form: django_forms.Form, *, title: str, submit: str
) -> HttpResponse:
    return ask(request, form, back=row, title=title, submit=submit)
