"""What people do with one corrective action: a gate, a form, one call."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from django import forms as django_forms
from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from zhike.complaints import access as cases
from zhike.complaints import queries as case_queries
from zhike.complaints.capa import access, actions, forms
from zhike.complaints.capa.models import CapaAction
from zhike.complaints.capa.reading import Dossier
from zhike.complaints.models import Complaint
from zhike.kernel import clock
from zhike.kernel.worktime import calendars
from zhike.people import queries as people
from zhike.people.access import StaffRequest, staff_required
from zhike.people.deeds import who
from zhike.ui import answers
from zhike.ui.deeds import deed, typed

from ._page import analysis, context_of

_act = partial(deed, refused=actions.CannotCapa)


def _page(file: Dossier) -> str:
    return reverse("complaints:capa", args=[file.capa.pk])


def _today(file: Dossier) -> str:
    return calendars.local_day(clock.now(), file.capa.unit_id).isoformat()


# ---- beginning and people


@staff_required(cases.SEE)
def start_capa(request: StaffRequest, pk: int) -> HttpResponse:
    """Begin the corrective action of a complaint."""
    complaint = cases.complaint_for(request.user, pk)
    if not access.may_start(request.user, complaint):
        from django.core.exceptions import PermissionDenied

        raise PermissionDenied("capa")
    form = forms.StartForm(
        typed(request),
        initial={"title": complaint.title, "lead": complaint.handler_id or request.user.pk},
        staff=case_queries.staff_near(complaint.unit_id),
    )

    def do(**given: Any) -> Any:
        return actions.start_capa(complaints=[complaint], **given, **who(request))

    return _act(
        request, form, do, back=reverse("complaints:detail", args=[pk]), title=_("Corrective action"),
        submit=_("Begin"), said=_("The corrective action is begun."),
        intro=_("One record for containment, cause, plan, reviews and the check of the effect."),
    )  # fmt: skip


@staff_required()
def describe_capa(request: StaffRequest, pk: int) -> HttpResponse:
    """Who leads, which department, who is called to analyse, words of the cause."""
    file = access.capa_for(request.user, pk, to="lead")
    capa = file.capa
    form = forms.PeopleForm(
        typed(request),
        initial={
            "lead": capa.lead_id,
            "department": capa.department,
            "participants": [one.pk for one in file.participants],
            "keywords": capa.keywords,
        },
        staff=case_queries.staff_near(capa.unit_id),
    )

    def do(**given: Any) -> None:
        actions.describe_capa(capa=capa, **given, **who(request))

    return _act(
        request, form, do, back=_page(file), title=_("People and words"), submit=_("Save"), said=_("Saved.")
    )


@staff_required()
def add_case(request: StaffRequest, pk: int) -> HttpResponse:
    """Take another complaint of the same trouble in."""
    file = access.capa_for(request.user, pk, to="lead")
    form = forms.CaseForm(typed(request))

    def do(number: str) -> None:
        found = (
            case_queries.complaints(cases.scope(request.user)).filter(number__iexact=number.strip()).first()
        )
        if found is None:
            raise actions.CannotCapa(_("You see no complaint with this number."))
        actions.add_case(capa=file.capa, complaint=found, **who(request))

    return _act(
        request, form, do, back=_page(file), title=_("Add a complaint"), submit=_("Add"),
        said=_("The complaint is added."), intro=_("For several complaints that are the same trouble."),
    )  # fmt: skip


# ---- whys and fishbone: rows in the page


def _rows(request: StaffRequest, pk: int, part: str, do: Callable[[Dossier], None]) -> HttpResponse:
    """Change rows of the analysis and show that part again; what was typed stays when it is refused."""
    file = access.capa_for(request.user, pk, to="work")
    refusal = ""
    try:
        do(file)
    except actions.CannotCapa as found:
        refusal = str(found)
    fresh = access.capa_for(request.user, pk)
    if not answers.is_htmx(request):
        if refusal:
            more = {"refusal": refusal, "refused_part": part, "typed": request.POST}
            return answers.again(
                request, f"complaints/capa/page.html#{part}", context_of(request, fresh, **more)
            )
        return answers.go(request, fresh.capa)
    editing = fresh.capa.phase == "ANALYSIS"
    context = {"capa": fresh.capa, "file": fresh, **analysis(fresh, editing=editing)}
    if refusal:
        context |= {"refusal": refusal, "refused_part": part, "typed": request.POST}
    return answers.again(request, f"complaints/capa/page.html#{part}", context)


def _checked(form: django_forms.Form) -> dict[str, Any]:
    """What was typed; the first thing that is wrong as a refusal."""
    if not form.is_valid():
        raise actions.CannotCapa(str(next(iter(form.errors.values()))[0]))
    return form.cleaned_data


def _one(rows: Any, request: StaffRequest) -> Any:
    """The row that the form names."""
    asked = request.POST.get("row", "")
    found = next((row for row in rows if str(row.pk) == asked), None)
    if found is None:
        raise actions.CannotCapa(_("This row is not there any more."))
    return found


@staff_required()
@require_POST
def whys(request: StaffRequest, pk: int) -> HttpResponse:
    """Answer a why, mark the root cause, take the last answer back."""

    def do(file: Dossier) -> None:
        verb = request.POST.get("do")
        if verb == "root":
            actions.mark_root(why=_one(file.whys, request), **who(request))
        elif verb == "remove":
            actions.remove_why(why=_one(file.whys, request), **who(request))
        else:
            actions.answer_why(capa=file.capa, **_checked(forms.WhyForm(request.POST)), **who(request))

    return _rows(request, pk, "whys", do)


VERIFIED = {"1": True, "0": False}


@staff_required()
@require_POST
def causes(request: StaffRequest, pk: int) -> HttpResponse:
    """Add a cause or a sub-cause, say whether it was borne out, take it out."""

    def do(file: Dossier) -> None:
        verb = request.POST.get("do")
        if verb == "verify":
            verified = VERIFIED.get(request.POST.get("verified", ""))
            actions.verify_cause(cause=_one(file.causes, request), verified=verified, **who(request))
        elif verb == "remove":
            actions.remove_cause(cause=_one(file.causes, request), **who(request))
        else:
            given = _checked(forms.CauseForm(request.POST))
            asked = given.pop("parent")
            parent = next((cause for cause in file.causes if cause.pk == asked), None)
            if asked and parent is None:
                raise actions.CannotCapa(_("This row is not there any more."))
            actions.add_cause(capa=file.capa, parent=parent, **given, **who(request))

    return _rows(request, pk, "causes", do)


# ---- measures


@staff_required()
def add_action(request: StaffRequest, pk: int) -> HttpResponse:
    """Plan a measure."""
    file = access.capa_for(request.user, pk, to="work")
    form = forms.ActionForm(
        typed(request),
        initial={"kind": request.GET.get("kind") or CapaAction.Kind.CORRECTIVE},
        staff=case_queries.staff_near(file.capa.unit_id),
        posts=list(people.posts_in_use()),
    )

    def do(**given: Any) -> None:
        actions.add_action(capa=file.capa, **given, **who(request))

    return _act(
        request, form, do, back=_page(file), title=_("Add a measure"), submit=_("Add"), said=_("The measure is added."),
        intro=_("A temporary measure is owed at once, the others when the plan is approved."),
    )  # fmt: skip


@staff_required()
def finish_action(request: StaffRequest, pk: int, row: int) -> HttpResponse:
    """Say that a measure is done."""
    file = access.capa_for(request.user, pk)
    action = access.action_for(request.user, file, row, to="finish")
    form = forms.DoneForm(typed(request))

    def do(evidence: str) -> None:
        actions.finish_action(action=action, evidence=evidence, **who(request))

    return _act(
        request, form, do, back=_page(file), title=_("Measure done"), submit=_("Done"),
        said=_("The measure is done."), intro=action.what,
    )  # fmt: skip


@staff_required()
def remove_action(request: StaffRequest, pk: int, row: int) -> HttpResponse:
    """Take a measure out of the plan."""
    file = access.capa_for(request.user, pk)
    action = access.action_for(request.user, file, row, to="remove")

    def do() -> None:
        actions.remove_action(action=action, **who(request))

    return _act(
        request, forms.EmptyForm(typed(request)), do, back=_page(file), title=_("Take the measure out"),
        submit=_("Take out"), said=_("The measure is taken out."), intro=action.what, danger=True,
    )  # fmt: skip


# ---- judging


@staff_required()
def submit_plan(request: StaffRequest, pk: int) -> HttpResponse:
    """Hand root cause and plan in for review."""
    file = access.capa_for(request.user, pk, to="submit")

    def do() -> None:
        actions.submit_plan(capa=file.capa, **who(request))

    return _act(
        request, forms.EmptyForm(typed(request)), do, back=_page(file), title=_("Submit for review"),
        submit=_("Submit"), said=_("The plan is submitted."),
        intro=_("Somebody else reviews it; while it is judged nothing in it changes."),
    )  # fmt: skip


@staff_required()
def review_plan(request: StaffRequest, pk: int) -> HttpResponse:
    """Pass the plan or send it back with a reason."""
    file = access.capa_for(request.user, pk, to="review")
    form = forms.ReviewForm(typed(request), initial={"round": file.capa.round, "passed": "1"})

    def do(**given: Any) -> None:
        actions.review_plan(capa=file.capa, **given, **who(request))

    return _act(
        request, form, do, back=_page(file), title=_("Review the plan"), submit=_("Decide"),
        said=_("Your decision is recorded."), intro=_("A plan that fails goes back any number of times; every round is kept."),
    )  # fmt: skip


@staff_required()
def check_effect(request: StaffRequest, pk: int) -> HttpResponse:
    """Say whether it helped."""
    file = access.capa_for(request.user, pk, to="effect")
    form = forms.EffectForm(
        typed(request), initial={"round": file.capa.round, "effective": "1", "on": _today(file)}
    )

    def do(**given: Any) -> None:
        actions.check_effect(capa=file.capa, **given, **who(request))

    return _act(
        request, form, do, back=_page(file), title=_("Check the effect"), submit=_("Record"), said=_("The check is recorded."),
    )  # fmt: skip


@staff_required()
def close_capa(request: StaffRequest, pk: int) -> HttpResponse:
    """Close with the lesson."""
    file = access.capa_for(request.user, pk, to="close")

    def do(**given: Any) -> None:
        actions.close_capa(capa=file.capa, **given, **who(request))

    return _act(
        request, forms.CloseForm(typed(request)), do, back=_page(file), title=_("Lesson and closing"),
        submit=_("Close"), said=_("The corrective action is closed."),
    )  # fmt: skip


@staff_required()
def drop_capa(request: StaffRequest, pk: int) -> HttpResponse:
    """End one that was begun by mistake."""
    file = access.capa_for(request.user, pk, to="lead")

    def do(reason: str) -> None:
        actions.drop_capa(capa=file.capa, reason=reason, **who(request))

    return _act(
        request, forms.ReasonForm(typed(request)), do, back=_page(file), title=_("Drop the corrective action"),
        submit=_("Drop the corrective action"), said=_("The corrective action is dropped."), intro=_("It stays readable; what is owed in it ends."),
        danger=True,
    )  # fmt: skip


@staff_required(cases.SEE)
def confirm_recurrence(request: StaffRequest, pk: int, past: int) -> HttpResponse:
    """Say that a past case was the same trouble."""
    file = access.capa_for(request.user, pk, to="work")
    found: Complaint | None = case_queries.complaints(cases.scope(request.user)).filter(pk=past).first()
    if found is None:
        raise Http404

    def do(note: str) -> None:
        actions.confirm_recurrence(capa=file.capa, past=found, note=note, **who(request))

    return _act(
        request, forms.NoteForm(typed(request)), do, back=_page(file), title=_("The same trouble again"),
        submit=_("Confirm"), said=_("The recurrence is recorded."), intro=f"{found.number} {found.title}",
    )  # fmt: skip
