"""Service processes as sheets, standard phrases and the picker, departures and good practices."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ObjectDoesNotExist
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from zhike.kernel import clock
from zhike.kernel.parties import subjects
from zhike.kernel.records.models import Record
from zhike.manuals import access, actions, forms_library, queries, sheets
from zhike.people.access import StaffRequest, staff_required
from zhike.ui import answers

from . import _sheets
from ._deeds import deed, typed, who


@staff_required()
def processes(request: StaffRequest) -> HttpResponse:
    """Every type of service with its steps, and how often each was departed from."""
    counts = queries.departures_by_step(access.departures_scope(request.user))
    rows = [
        (one, sum(counts[one.name, step.name] for step in one.steps))
        for one in queries.processes(None, clock.now())
    ]
    context = {"rows": rows, "good": queries.good_practices()[:5], "tab": "processes"}
    return render(request, "manuals/processes.html", context)


def _process(key: str, name: str) -> queries.Process:
    found = queries.process(key, name, clock.now())
    if found is None:
        raise Http404
    return found


@staff_required()
def process(request: StaffRequest, key: str, name: str) -> HttpResponse:
    """One type of service as a readable sheet (F003-08)."""
    found = _process(key, name)
    counts = queries.departures_by_step(access.departures_scope(request.user))
    context = {
        "process": found,
        "steps": [(step, counts[found.name, step.name]) for step in found.steps],
        "good": [row for row in queries.good_practices() if row.data.get("process") == found.name],
    }
    return render(request, "manuals/process.html", context)


@staff_required()
def print_process(request: StaffRequest, key: str, name: str, kind: str) -> HttpResponse:
    """F003-08 on paper."""
    found = _process(key, name)
    data = {
        "name": found.name,
        "manual": f"《{found.version.title}》",
        "version": str(found.version.number),
        "steps": [
            {
                "no": str(step.no),
                "step": step.name,
                "standard": step.standard,
                "time": step.time,
                "record": step.record,
                "owner": step.owner,
                "clause": step.clause,
            }
            for step in found.steps
        ],
    }
    return _sheets.answer(
        request,
        sheets.PROCESS,
        data,
        kind,
        address=lambda other: reverse("manuals:print_process", args=[key, name, other]),
        back=reverse("manuals:process", args=[key, name]),
        basis=str(found.version),
    )


@staff_required()
@require_safe
def phrases(request: StaffRequest) -> HttpResponse:
    """Standard phrases by scene. `?unit=4&pick=1` answers the list of the picker."""
    words = request.GET.get("q", "").strip()
    asked = request.GET.get("unit", "")
    unit = int(asked) if asked.isdigit() else None
    found = queries.phrases(unit, clock.now(), words)
    context = {"scenes": queries.by_scene(found), "q": words, "unit": asked, "tab": "phrases"}
    if "pick" in request.GET:
        return render(request, "manuals/phrase_list.html", context)
    return answers.page(request, "manuals/phrases.html#list", context)


# --- departures


@staff_required()
def departures(request: StaffRequest) -> HttpResponse:
    """Recorded departures, what was made a good practice, and counts by step."""
    scope = access.departures_scope(request.user)
    rows = queries.departures(scope)
    waiting = request.GET.get("state") == "waiting"
    if waiting:
        rows = rows.filter(state=Record.State.SUBMITTED)
    counts = queries.departures_by_step(scope)
    context = {
        "rows": [(row, bool(row.data.get("good"))) for row in rows[:200]],
        "good": queries.good_practices(),
        "counts": sorted(counts.items(), key=lambda item: (-item[1], item[0])),
        "waiting": waiting,
        "tab": "departures",
    }
    return render(request, "manuals/departures.html", context)


@staff_required()
def record_departure(request: StaffRequest) -> HttpResponse:
    """Record a departure; `?about=complaints.Complaint:12` ties it to a case."""
    found = queries.processes(None, clock.now())
    initial = {}
    for place, one in enumerate(found):
        if one.name == request.GET.get("process"):
            initial["step"] = f"{place}.{request.GET.get('step') or 1}"
    form = forms_library.DepartureForm(typed(request), processes=found, initial=initial)
    subject, matter, back = _subject(request)
    unit = request.user.party.unit

    def do(**_given: Any) -> str:
        if unit is None:
            raise actions.CannotDepart(_("You belong to no unit."))
        row = actions.record_departure(
            **form.chosen(), unit=unit, subject=subject, matter=matter, **who(request)
        )
        return reverse("manuals:departure", args=[row.pk])

    return deed(
        request, form, do, back=back, title=_("Depart from the process"), submit=_("Record"),
        said=_("Recorded; a second person reviews it."),
        intro=_("Within the standard everybody is encouraged to suit the customer and the situation."),
    )  # fmt: skip


def _subject(request: StaffRequest) -> tuple[Any, str, str]:
    """The case that the address names, where there is one, and the page to go back to.

    Only its kind and key are written down: whoever follows the link meets the gate of the case itself.
    """
    label, _colon, pk = request.GET.get("about", "").partition(":")
    known = subjects.known(label)
    if known is None or not pk.isdigit():
        return None, "", reverse("manuals:departures")
    try:
        return known.load(int(pk)), f"{known.noun} #{pk}", known.url(int(pk))
    except ObjectDoesNotExist as gone:
        raise Http404 from gone


@staff_required()
def departure(request: StaffRequest, pk: int) -> HttpResponse:
    """One departure with its review."""
    row = access.departure_for(request.user, pk)
    subject = subjects.known(row.subject_label) if row.subject_label else None
    reviewer = row.state == Record.State.SUBMITTED and row.submitted_by_id != request.user.party.pk
    context = {
        "row": row,
        "fields": _fields(sheets.DEPARTURE, row, ("process", "step", "reason", "done", "effect")),
        "good": bool(row.data.get("good")),
        "url": subject.url(row.subject_id) if subject and row.subject_id else "",
        "may_review": reviewer and access.may_write(request.user),
    }
    return render(request, "manuals/departure.html", context)


def _fields(form: Any, row: Record, keys: tuple[str, ...]) -> list[tuple[str, str]]:
    language = get_language() or "zh-hans"
    return [(form.by_key[key].label(language), str(row.data.get(key, ""))) for key in keys]


@staff_required(access.REVISE)
def review_departure(request: StaffRequest, pk: int) -> HttpResponse:
    """Approve a departure, and say whether others should do as well."""
    row = access.departure_for(request.user, pk, to="review")
    form = forms_library.ReviewForm(typed(request))

    def do(good: bool, opinion: str) -> None:
        actions.review_departure(record=row, good=good, opinion=opinion, **who(request))

    return deed(
        request, form, do, back=reverse("manuals:departure", args=[pk]), title=_("Review the departure"),
        submit=_("Approve"), said=_("The departure is approved."),
    )  # fmt: skip


@staff_required(access.REVISE)
def void_departure(request: StaffRequest, pk: int) -> HttpResponse:
    """Reject a departure with a reason."""
    row = access.departure_for(request.user, pk, to="review")
    form = forms_library.ReasonForm(typed(request))

    def do(reason: str) -> None:
        actions.void_departure(record=row, reason=reason, **who(request))

    return deed(
        request, form, do, back=reverse("manuals:departures"), title=_("Reject the departure"),
        submit=_("Reject"), said=_("The departure is rejected."), danger=True,
    )  # fmt: skip


@staff_required()
def print_departure(request: StaffRequest, pk: int, kind: str) -> HttpResponse:
    """F003-09 on paper."""
    row = access.departure_for(request.user, pk)
    return _sheets.answer(
        request,
        sheets.DEPARTURE,
        row,
        kind,
        address=lambda other: reverse("manuals:print_departure", args=[pk, other]),
        back=reverse("manuals:departure", args=[pk]),
    )
