"""What people do with one complaint: each view loads through the gate, checks a form, makes one call."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms as django_forms
from django.http import Http404, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from zhike.complaints import access, actions, forms, more_fields, queries
from zhike.complaints.models import Complaint, Grant
from zhike.complaints.regime import regime_of
from zhike.customers.actions import CannotCreate
from zhike.kernel import clock
from zhike.kernel.policy.ask import NoRow
from zhike.kernel.policy.inforce import NoManual
from zhike.kernel.procedures.stages import WrongStage
from zhike.kernel.records.attachments import AttachmentRefusal
from zhike.people.access import StaffRequest, staff_required
from zhike.ui import answers, lists
from zhike.ui.deeds import Text, ask, deed, typed
from zhike.ui.words import money

from ._case import _regime, case_context, step_form
from .lists import complaints_for

REFUSALS = (
    actions.CannotAgree,
    actions.CannotCompensate,
    actions.CannotCorrect,
    actions.CannotFollowUp,
    actions.CannotGrant,
    actions.CannotHandOver,
    actions.CannotJoin,
    actions.CannotJudge,
    actions.CannotMark,
    actions.CannotName,
    actions.CannotOverride,
    actions.CannotReopen,
    actions.CannotPart,
    actions.CannotReply,
    actions.CannotShare,
    actions.CannotStep,
    actions.CannotVoid,
    AttachmentRefusal,
    CannotCreate,
    NoManual,
    NoRow,
    WrongStage,
)


def _act(
    request: StaffRequest,
    complaint: Complaint,
    form: django_forms.Form,
    do: Callable[..., Any],
    *,
    title: Text,
    submit: Text,
    said: Text,
    intro: Text = "",
    danger: bool = False,
) -> HttpResponse:
    """A verb on one case, with a small form of its own."""
    return deed(
        request, form, do, refused=REFUSALS, back=complaint,
        title=title, submit=submit, said=said, intro=intro, danger=danger,
    )  # fmt: skip


@staff_required(access.SEE)
@require_POST
def step(request: StaffRequest, pk: int) -> HttpResponse:
    """Write down the step that is due."""
    complaint = access.complaint_for(request.user, pk, to="step")
    regime = regime_of(complaint)
    stage = regime.stage(complaint.stage)
    kind = request.POST.get("kind", "")
    form = step_form(complaint, stage, regime, request.POST) if stage and stage.nature == kind else None
    if form is None:
        return answers.refuse(
            request,
            _("The case stands in stage “%(stage)s”; this step is not due.")
            % {"stage": complaint.stage or "—"},
            then=complaint,
        )
    if form.is_valid():
        given = form.cleaned_data
        complaint.revision = given["revision"]
        try:
            actions.record_step(
                complaint=complaint,
                kind=kind,
                text=given["text"],
                compensation=given.get("compensation"),
                decision=given.get("decision"),
                by=request.user.party,
                now=clock.now(),
            )
        except REFUSALS as refusal:
            form.add_error(None, str(refusal))
        else:
            return answers.go(request, complaint, message=_("Written down."))
    return answers.again(request, "complaints/detail.html#step", case_context(request, pk, step_form=form))


@staff_required(access.SEE)
@require_POST
def say(request: StaffRequest, pk: int) -> HttpResponse:
    """Send a reply or write an internal note, with files."""
    mode = "note" if request.POST.get("mode") == "note" else "reply"
    complaint = access.complaint_for(request.user, pk, to=mode)
    form = forms.ComposerForm(request.POST, request.FILES)
    if form.is_valid():
        given, now, by = form.cleaned_data, clock.now(), request.user.party
        try:
            actions.say(
                complaint=complaint,
                mode=mode,
                text=given["text"],
                final=given["final"],
                files=given["attachments"],
                to_joined=given["to_joined"],
                by=by,
                now=now,
            )
        except REFUSALS as refusal:
            form.add_error(None, str(refusal))
        else:
            said = _("The note is written.") if mode == "note" else _("The reply is sent.")
            return answers.done(
                request,
                "complaints/detail.html#feed",
                case_context(request, pk),
                then=complaint,
                message=said,
            )
    return answers.again(request, "complaints/detail.html#feed", case_context(request, pk, composer=form))


@staff_required(access.SEE)
def add_files(request: StaffRequest, pk: int) -> HttpResponse:
    """Attach receipts and photos."""
    complaint = access.complaint_for(request.user, pk, to="note")
    form = forms.AttachForm(request.POST, request.FILES) if request.method == "POST" else forms.AttachForm()

    def do(attachments: list[Any], note: str) -> None:
        actions.attach_files(
            complaint=complaint, files=attachments, note=note, by=request.user.party, now=clock.now()
        )

    return _act(
        request, complaint, form, do, title=_("Add files"), submit=_("Add"), said=_("The files are added.")
    )


@staff_required(access.SEE)
def hand_over(request: StaffRequest, pk: int) -> HttpResponse:
    """Hand the complaint to a named person."""
    complaint = access.complaint_for(request.user, pk, to="hand_over")
    form = forms.HandOverForm(typed(request), staff=queries.staff_near(complaint.unit_id))

    def do(to: Any, reason: str) -> None:
        actions.hand_over(complaint=complaint, to=to, reason=reason, by=request.user.party, now=clock.now())

    return _act(
        request, complaint, form, do, title=_("Hand over"), submit=_("Hand over"), said=_("The complaint is handed over."),
        intro=_("The hand-over is recorded with its reason; the new handler is told in the product and by e-mail."),
    )  # fmt: skip


@staff_required(access.SEE)
def hand_up(request: StaffRequest, pk: int) -> HttpResponse:
    """Send up the line what could not be settled."""
    complaint = access.complaint_for(request.user, pk, to="hand_up")
    form = forms.ReasonForm(typed(request))

    def do(reason: str) -> None:
        actions.hand_up(complaint=complaint, reason=reason, by=request.user.party, now=clock.now())

    return _act(
        request, complaint, form, do, title=_("Pass up the line"), submit=_("Pass up"), said=_("The complaint went up the line."),
        intro=_("The manual is asked again with “not settled by subordinates”; if it names nobody higher, your superior takes over."),
    )  # fmt: skip


@staff_required(access.SEE)
def change_facts(request: StaffRequest, pk: int) -> HttpResponse:
    """Change the facts the ruling rests on; the manual is asked again."""
    complaint = access.complaint_for(request.user, pk, to="change")
    initial = {
        "item": complaint.item,
        "value": complaint.value,
        "circumstances": complaint.circumstances,
        "accused": complaint.accused_id,
        "accused_level": complaint.accused_level,
        **more_fields.as_typed(regime_of(complaint), complaint.more),
    }
    if (proposed := request.GET.get("item", "")) and not complaint.item:
        initial |= {"item": proposed, "suggested": proposed}
    form = forms.FactsForm(
        typed(request),
        initial=initial,
        regime=regime_of(complaint),
        staff=queries.staff_near(complaint.unit_id),
    )

    def do(**given: Any) -> None:
        actions.change_facts(complaint=complaint, by=request.user.party, now=clock.now(), **given)

    return _act(
        request, complaint, form, do, title=_("Change the facts"), submit=_("Save and ask the manual again"),
        said=_("The facts are changed; the manual was asked again."),
        intro=_("If the manual now names another handler, the complaint is handed over."),
    )  # fmt: skip


@staff_required(access.SEE)
def compensate(request: StaffRequest, pk: int) -> HttpResponse:
    """Propose compensation."""
    complaint = access.complaint_for(request.user, pk, to="step")
    form = forms.CompensationForm(typed(request), initial={"amount": complaint.compensation})

    def do(amount: Any) -> None:
        actions.propose_compensation(
            complaint=complaint, amount=amount, by=request.user.party, now=clock.now()
        )

    return _act(
        request, complaint, form, do, title=_("Propose compensation"), submit=_("Propose"), said=_("The compensation is proposed."),
        intro=_("The manual says who approves which amount."),
    )  # fmt: skip


@staff_required(access.SEE)
def ask_grant(request: StaffRequest, pk: int, kind: str) -> HttpResponse:
    """Apply for special-case warranty or for goodwill."""
    complaint = access.complaint_for(request.user, pk, to="step")
    if kind not in Grant.Kind.values:
        raise Http404
    form = forms.GrantForm(typed(request), initial={"cost": complaint.more.get("repair_cost")}, kind=kind)

    def do(**given: Any) -> None:
        actions.ask_grant(complaint=complaint, kind=kind, by=request.user.party, now=clock.now(), **given)

    return _act(
        request, complaint, form, do, title=Grant.Kind(kind).label, submit=_("Apply"), said=_("The application is on its way."),
        intro=_("The manual says who decides. Of a repair never the full cost is granted."),
    )  # fmt: skip


@staff_required(access.SEE)
def decide_grant(request: StaffRequest, pk: int, grant: int) -> HttpResponse:
    """Grant what was asked for, or less, or refuse."""
    complaint = access.complaint_for(request.user, pk)
    row = access.grant_to_decide(request.user, complaint, grant)
    form = forms.GrantDecisionForm(
        typed(request), initial={"amount": row.asked if row.granted is None else row.granted}
    )

    def do(**given: Any) -> None:
        actions.decide_grant(grant=row, by=request.user.party, now=clock.now(), **given)

    return _act(
        request, complaint, form, do, title=row.get_kind_display(), submit=_("Decide"), said=_("Your decision is recorded."),
        intro=_("%(name)s asks for %(amount)s yuan: %(reason)s")
        % {"name": row.by.name, "amount": money(row.asked), "reason": row.reason},
    )  # fmt: skip


@staff_required(access.SEE)
def correct(request: StaffRequest, pk: int) -> HttpResponse:
    """Correct a wrong registration."""
    complaint = access.complaint_for(request.user, pk, to="correct")
    initial = {
        name: getattr(complaint, name)
        for name in ("title", "text", "demand", "happened_on", "channel", "origin")
    }
    initial["name"] = complaint.customer.name if complaint.customer else ""
    regime = _regime(complaint)
    form = forms.CorrectForm(
        typed(request), initial=initial, origins=regime.origins if regime is not None else ()
    )

    def do(name: str, phone: str, **given: Any) -> None:
        actions.correct_registration(
            complaint=complaint, name=name, phone=phone, by=request.user.party, now=clock.now(), **given
        )

    return _act(
        request, complaint, form, do, title=_("Correct the registration"), submit=_("Save"), said=_("The registration is corrected."),
        intro=_("What stood there before stays in the audit trail."),
    )  # fmt: skip


@staff_required(access.SEE)
def void(request: StaffRequest, pk: int) -> HttpResponse:
    """Void a registration that should not be there."""
    complaint = access.complaint_for(request.user, pk, to="void")
    form = forms.ReasonForm(typed(request))

    def do(reason: str) -> None:
        actions.void(complaint=complaint, reason=reason, by=request.user.party, now=clock.now())

    return _act(
        request, complaint, form, do, title=_("Void the registration"), submit=_("Void"), said=_("The registration is voided."),
        intro=_("It stays readable; its duties are cancelled and it counts in no statistic."), danger=True,
    )  # fmt: skip


@staff_required(access.SEE)
def judge(request: StaffRequest, pk: int) -> HttpResponse:
    """Record a finding about a member of staff."""
    complaint = access.complaint_for(request.user, pk, to="judge")
    form = forms.FaultForm(
        typed(request),
        initial={"person": complaint.accused_id, "confirmed": "1"},
        regime=regime_of(complaint),
        staff=queries.staff_near(complaint.unit_id),
    )

    def do(**given: Any) -> None:
        actions.record_fault(complaint=complaint, by=request.user.party, now=clock.now(), **given)

    return _act(
        request, complaint, form, do, title=_("Record a finding"), submit=_("Record"), said=_("The finding is recorded."),
        intro=_("For a confirmed finding the manual proposes a penalty by its count; a person with the power decides."),
    )  # fmt: skip


@staff_required("complaint.assign")
def bulk_hand_over(request: StaffRequest) -> HttpResponse:
    """Hand over every chosen complaint, or all that match the conditions of the list."""
    rows = queries.open_complaints(access.scope(request.user))
    chosen = lists.selected(request, complaints_for(request), rows)
    form = forms.HandOverForm(
        request.POST if "to" in request.POST else None,
        staff=queries.staff_near(request.user.party.unit_id or 0),
    )
    if form.is_valid():
        done, refused = actions.hand_over_many(
            complaints=[row for row in chosen.rows if access.may(request.user, row).hand_over],
            to=form.cleaned_data["to"],
            reason=form.cleaned_data["reason"],
            by=request.user.party,
            now=clock.now(),
        )
        said = _("%(done)d complaints are handed over.") % {"done": done}
        if refused:
            said += " " + _("%(count)d were left as they are: %(why)s") % {
                "count": len(refused),
                "why": refused[0],
            }
        return answers.go(request, "complaints:list", message=said)
    return ask(
        request,
        form,
        selection=chosen,
        title=_("Hand over %(count)d complaints") % {"count": chosen.count},
        submit=_("Hand over"),
        back="complaints:list",
    )
