"""Mission, service concept, and the five questions of each service brand, as sheets with versions."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from zhike.kernel import clock
from zhike.kernel.records.models import Record
from zhike.manuals import access, actions, forms_library, queries, sheets
from zhike.people.access import StaffRequest, staff_required
from zhike.ui import answers

from . import _sheets
from ._deeds import deed, typed, who


@staff_required()
def mission(request: StaffRequest) -> HttpResponse:
    """The mission that holds, and the brands with their answers."""
    now = clock.now()
    sees = access.may_write(request.user) or access.may_approve(request.user)
    kept = queries.mission()
    context = {
        "mission": kept,
        "sides": _said(kept.current) if kept.current else [],
        "brands": [(one, queries.is_released(one, now)) for one in queries.brands() if sees or one.current],
        "sees": sees,
        "may_write": access.may_write(request.user),
        "tab": "mission",
    }
    return render(request, "manuals/mission.html", context)


def _said(row: Record) -> list[tuple[str, str, str]]:
    """Key, label and text of every field that has one."""
    language = get_language() or "zh-hans"
    found = []
    for one in sheets.SHEETS[row.form].fields:
        value = row.data.get(one.key)
        if isinstance(value, list):
            words: dict[str, str] = {choice.code: choice.label(language) for choice in one.choices()}
            value = "、".join(words.get(str(code), str(code)) for code in value)
        if value:
            found.append((one.key, one.label(language), str(value)))
    return found


@staff_required()
def sheet(request: StaffRequest, pk: int) -> HttpResponse:
    """One sheet: the answers, who approved it, what can be done."""
    row = access.sheet_for(request.user, pk)
    mine = row.submitted_by_id == request.user.party.pk
    context = {
        "row": row,
        "title": sheets.SHEETS[row.form].title(get_language() or "zh-hans"),
        "said": _said(row),
        "may_write": row.state == Record.State.DRAFT and access.may_write(request.user),
        "may_approve": row.state == Record.State.SUBMITTED and access.may_approve(request.user) and not mine,
    }
    return render(request, "manuals/mission_sheet.html", context)


@staff_required(access.REVISE)
def begin_sheet(request: StaffRequest, code: str) -> HttpResponse:
    """Write a new version; it begins with what holds."""
    form = sheets.SHEETS.get(code)
    if form is None:
        raise Http404
    brand = request.GET.get("brand", "")
    held = queries.mission() if form is sheets.MISSION else None
    if form is sheets.FIVE:
        held = next((one for one in queries.brands() if one.name == brand), None)
    initial = forms_library.initial_of(held.current.data, form.by_key) if held and held.current else {}

    def do(**given: Any) -> str:
        row = actions.begin_sheet(code=code, typed=_plain(given), **who(request))
        return reverse("manuals:sheet", args=[row.pk])

    return deed(
        request, forms_library.SheetForm(typed(request), sheet=form, initial=initial), do,
        back=reverse("manuals:mission"), title=form.title(get_language() or "zh-hans"), submit=_("Save"),
        said=_("Saved as a draft."),
    )  # fmt: skip


@staff_required(access.REVISE)
def edit_sheet(request: StaffRequest, pk: int) -> HttpResponse:
    """Go on writing a draft."""
    row = access.sheet_for(request.user, pk, to="write")
    form = sheets.SHEETS[row.form]
    initial = forms_library.initial_of(row.data, form.by_key)

    def do(**given: Any) -> None:
        actions.save_sheet(record=row, typed=_plain(given), revision=row.revision, **who(request))

    return deed(
        request, forms_library.SheetForm(typed(request), sheet=form, initial=initial), do,
        back=reverse("manuals:sheet", args=[pk]), title=form.title(get_language() or "zh-hans"),
        submit=_("Save"), said=_("Saved as a draft."),
    )  # fmt: skip


def _plain(given: dict[str, Any]) -> dict[str, Any]:
    return {key: value if value is not None else "" for key, value in given.items()}


@staff_required(access.REVISE)
@require_POST
def submit_sheet(request: StaffRequest, pk: int) -> HttpResponse:
    """Hand a draft in."""
    row = access.sheet_for(request.user, pk, to="write")
    back = reverse("manuals:sheet", args=[pk])
    try:
        actions.submit_sheet(record=row, **who(request))
    except actions.CannotState as refusal:
        return answers.refuse(request, str(refusal), then=back)
    return answers.go(request, back, message=_("Handed in; a second person approves it."))


@staff_required(access.PUBLISH)
def approve_sheet(request: StaffRequest, pk: int) -> HttpResponse:
    """Let a sheet hold from now on."""
    row = access.sheet_for(request.user, pk, to="approve")

    def do(opinion: str) -> None:
        actions.approve_sheet(record=row, opinion=opinion, **who(request))

    return deed(
        request, forms_library.OpinionForm(typed(request)), do, back=reverse("manuals:sheet", args=[pk]),
        title=_("Approve"), submit=_("Approve"), said=_("Approved; it holds from now on."),
    )  # fmt: skip


@staff_required(access.PUBLISH)
def send_back_sheet(request: StaffRequest, pk: int) -> HttpResponse:
    """Send a sheet back with a reason."""
    row = access.sheet_for(request.user, pk, to="approve")

    def do(reason: str) -> None:
        actions.send_back_sheet(record=row, reason=reason, **who(request))

    return deed(
        request, forms_library.ReasonForm(typed(request)), do, back=reverse("manuals:mission"),
        title=_("Send back"), submit=_("Send back"), said=_("Sent back as a draft."),
    )  # fmt: skip


@staff_required()
def print_sheet(request: StaffRequest, pk: int, kind: str) -> HttpResponse:
    """The sheet on paper."""
    row = access.sheet_for(request.user, pk)
    return _sheets.answer(
        request,
        sheets.SHEETS[row.form],
        row,
        kind,
        address=lambda other: reverse("manuals:print_sheet", args=[pk, other]),
        back=reverse("manuals:sheet", args=[pk]),
    )
