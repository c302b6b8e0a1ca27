"""The editor: a draft of a regulation, its tables as grids, its text, its difference from the version in force."""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import partial
from typing import Any
from urllib.parse import urlencode

from django.core.exceptions import BadRequest
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from zhike.kernel import clock
from zhike.kernel.policy.editing.excel import to_workbook
from zhike.kernel.policy.editing.grids import grids_of
from zhike.kernel.policy.editing.paste import grid_from_paste
from zhike.manuals import access, access_gate, actions, forms_editing, queries, reach
from zhike.manuals.models import Revision
from zhike.people import access as people
from zhike.people.access import StaffRequest, staff_required
from zhike.ui import answers
from zhike.ui.deeds import deed

from ._editor import chosen, context_of, draft_of, parts, saved_at

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
RULINGS_SHOWN = 30


def _revision(pk: int) -> Revision:
    return get_object_or_404(queries.drafts(), pk=pk)


def _at(revision: Revision, focus: str = "") -> str:
    address = reverse("manuals:edit", args=[revision.pk])
    # the header by which htmx is sent on takes plain characters only
    return f"{address}?{urlencode({'table': focus})}" if focus else address


@staff_required(access.REVISE)
def revise(request: StaffRequest, key: str) -> HttpResponse:
    """Begin a draft of the next version; where one is open already, that one, or who has it with a link."""
    if request.method != "POST":
        version = queries.manuals().filter(key=key).first()
        if version is None:
            raise Http404
        other = queries.open_drafts().filter(key=key).first()
        if other is not None:
            return redirect(_at(other))
        return render(request, "manuals/revise.html", {"version": version})
    try:
        revision = actions.begin(key=key, by=request.user.party, now=clock.now(), values=_tried(request))
    except actions.CannotDraft as refusal:
        return _no_draft(request, refusal)
    return answers.go(request, _at(revision))


def _tried(request: StaffRequest) -> dict[str, str]:
    """The value that a what-if was tried with, and that the draft is to begin with."""
    name, value = request.POST.get("param", "").strip()[:80], request.POST.get("value", "").strip()[:80]
    return {name: value} if name and value else {}


def _no_draft(request: StaffRequest, refusal: actions.CannotDraft) -> HttpResponse:
    return render(request, "manuals/no_draft.html", {"refusal": refusal, "other": refusal.open}, status=409)


@staff_required(access.REVISE)
def new_draft(request: StaffRequest) -> HttpResponse:
    """Begin a regulation that does not exist yet: from Word, from Markdown, from pasted text, from nothing."""
    units = access.units_to_install_in(request.user, access.REVISE)
    form = forms_editing.BeginNewForm(request.POST or None, request.FILES or None, units=units)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            revision = actions.begin_new(
                text=given["text"],
                title=given["title"],
                key=given["key"],
                install_at=given["install_at"],
                by=request.user.party,
                now=clock.now(),
            )
        except actions.CannotDraft as refusal:
            if refusal.open is not None:
                return _no_draft(request, refusal)
            form.add_error(None, str(refusal))
        else:
            # what the Word file leaves to the person stays beside the draft for as long as they are signed in
            request.session[_notes(revision.pk)] = list(given.get("notes", ()))
            return answers.go(request, _at(revision), message=_("The draft has begun."))
    context = {
        "form": form,
        "back": reverse("manuals:list"),
        "submit": _("Begin the draft"),
        "drafts": queries.open_drafts(),
    }
    return answers.again(request, "manuals/new_draft.html", context)


@staff_required(access.REVISE)
@require_GET
def edit(request: StaffRequest, pk: int) -> HttpResponse:
    """A draft: its tables, its text, or its difference from the version it began from."""
    revision = _revision(pk)
    draft = draft_of(revision)
    view = request.GET.get("view", "")
    line = _line(request.GET.get("at", ""))
    grid = chosen(draft, key=request.GET.get("table", ""), line=line)
    context = context_of(revision, draft, grid, line=line, now=clock.now())
    context["notes"] = request.session.get(_notes(revision.pk), ())
    context["view"] = view if view in {"text", "diff"} else "table"
    if view == "diff" and revision.base is not None:
        context["diff"] = queries.text_diff(revision.base.text, revision.text)
    context["tries"] = access_gate.sees_backtest(request.user, revision)
    context["at"] = request.GET.get("at", "")
    place, _colon, column = context["at"].partition(":")
    context["spot"] = draft.spot(line, _line(column)) if place and line <= len(draft.lines) else ""
    return render(request, "manuals/editor.html", context)


def _notes(pk: int) -> str:
    return f"starter_notes_{pk}"


def _line(place: str) -> int:
    first = place.partition(":")[0]
    return int(first) if first.isdecimal() else 0


@staff_required(access.REVISE)
@require_POST
def save_table(request: StaffRequest, pk: int) -> JsonResponse:
    """Check a table as it stands in the grid, and with `keep` save it; findings come back cell by cell."""
    revision = _revision(pk)
    sent = _sent(request)
    labels, rows = _strings(sent.get("labels")), [_strings(row) for row in sent.get("rows") or []]
    line, seen = int(sent.get("line") or 0), int(sent.get("seen") or 0)
    given: dict[str, Any] = {"line": line, "labels": labels, "rows": rows}
    text: str | None = None
    try:
        if sent.get("keep"):
            revision = actions.save_table(
                revision=revision, seen=seen, by=request.user.party, now=clock.now(), **given
            )
        elif seen == revision.revision:
            text = actions.spliced(revision.text, **given)
    except actions.CannotSave as refusal:
        return _refused(revision, refusal, str(sent.get("table", "")))
    draft = draft_of(revision, text)
    grid = draft.find(key=str(sent.get("shown", "")))
    return JsonResponse(
        {
            "revision": revision.revision,
            "saved": saved_at(revision),
            "kept": bool(sent.get("keep")),
            "parts": parts(request, context_of(revision, draft, grid, now=clock.now())),
        }
    )


def _refused(revision: Revision, refusal: actions.CannotSave, key: str) -> JsonResponse:
    """What was typed stays on the page; after somebody else's save it may be put over theirs, knowing so."""
    answer: dict[str, Any] = {"refused": str(refusal)}
    if isinstance(refusal, actions.SavedMeanwhile):
        grid = next((one for one in grids_of(refusal.now.text) if queries.key_of(one) == key), None)
        answer |= {"revision": refusal.now.revision, "line": grid.line if grid else None}
    return JsonResponse(answer)


def _sent(request: StaffRequest) -> dict[str, Any]:
    try:
        found = json.loads(request.body)
    except ValueError as broken:
        raise BadRequest("JSON") from broken
    if not isinstance(found, dict):
        raise BadRequest("JSON object")
    return found


def _strings(values: Any) -> list[str]:
    if not isinstance(values, list) or not all(isinstance(value, str) for value in values):
        raise BadRequest("a list of texts")
    return values


@staff_required(access.REVISE)
@require_POST
def save_text(request: StaffRequest, pk: int) -> HttpResponse:
    """Save the whole text: by the editor (JSON) with its findings, or by a plain form."""
    revision = _revision(pk)
    by_script = request.content_type == "application/json"
    sent = _sent(request) if by_script else request.POST
    try:
        revision = actions.save_text(
            revision=revision,
            seen=int(sent.get("seen") or 0),
            text=str(sent.get("text", "")),
            by=request.user.party,
            now=clock.now(),
        )
    except actions.CannotSave as refusal:
        if by_script:
            return _refused(revision, refusal, "")
        context = context_of(revision, draft_of(revision), None, now=clock.now())
        context |= {"view": "text", "typed": str(sent.get("text", "")), "refused": str(refusal)}
        context["tries"] = access_gate.sees_backtest(request.user, revision)
        return render(request, "manuals/editor.html", context)
    if not by_script:
        return answers.go(request, _at(revision) + "?view=text", message=_("The text is saved."))
    context = context_of(revision, draft_of(revision), None, now=clock.now()) | {"view": "text"}
    found = parts(request, context)
    return JsonResponse(
        {"revision": revision.revision, "saved": saved_at(revision), "kept": True, "parts": found}
    )


@staff_required(access.REVISE)
def save_prose(request: StaffRequest, pk: int) -> HttpResponse:
    """The text of one clause between its tables, in a dialog."""
    revision = _revision(pk)
    first, last = _line(request.GET.get("first", "")), _line(request.GET.get("last", ""))
    lines = revision.text.split("\n")[max(first - 1, 0) : last]
    begun = {"prose": "\n".join(lines), "first": first, "last": last, "seen": revision.revision}
    form = forms_editing.ProseForm(request.POST or None, initial=begun)
    return _dialog(
        request,
        revision,
        form,
        actions.save_prose,
        _("Text of the clause"),
        _("Save"),
        _("The text is saved."),
    )


@staff_required(access.REVISE)
def accept_gap(request: StaffRequest, pk: int) -> HttpResponse:
    """Leave a gap open, by name and with a reason."""
    revision = _revision(pk)
    named = {name: request.GET.get(name, "") for name in ("table", "message")}
    form = forms_editing.ReasonForm(request.POST or None, initial={**named, "seen": revision.revision})
    wanted = {name: (request.POST or request.GET).get(name, "") for name in ("table", "message")}

    def accept(reason: str, table: str, message: str, **more: Any) -> Revision:
        found = next(
            (one for one in draft_of(revision).findings if (one.table, one.message) == (table, message)), None
        )
        if found is None:
            raise actions.CannotSave(_("The text has changed: this is not open any more."))
        return actions.accept(finding=found, reason=reason, **more)

    return _dialog(
        request,
        revision,
        form,
        accept,
        _("Leave it open, with a reason"),
        _("Accept"),
        _("Accepted by name."),
        intro=f"{wanted['table']}: {queries.said(wanted['message'], draft_of(revision).manual)}",
    )


def _dialog(
    request: StaffRequest,
    revision: Revision,
    form: Any,
    do: Callable[..., Any],
    title: str,
    submit: str,
    said: str,
    intro: str = "",
) -> HttpResponse:
    """A verb on a draft, with a small form of its own."""
    return deed(
        request,
        form,
        partial(do, revision=revision, by=request.user.party, now=clock.now()),
        refused=actions.CannotSave,
        back=_at(revision, request.GET.get("shown", "")),
        title=title,
        submit=submit,
        said=said,
        intro=intro,
    )


@staff_required(access.REVISE)
@require_POST
def take_back(request: StaffRequest, pk: int) -> HttpResponse:
    """Undo the acceptance of a gap."""
    revision = _revision(pk)
    table, message = request.POST.get("table", ""), request.POST.get("message", "")
    return _simply(
        request,
        revision,
        lambda **more: actions.take_back(table=table, message=message, **more),
        _("It is open again."),
    )


@staff_required(access.REVISE)
@require_POST
def set_day(request: StaffRequest, pk: int) -> HttpResponse:
    """From which day the change is to hold."""
    revision = _revision(pk)
    form = forms_editing.DayForm(request.POST)
    if not form.is_valid():
        return answers.refuse(request, _("That is not a day."), then=_at(revision))
    day = form.cleaned_data["effective_on"]
    return _simply(request, revision, lambda **more: actions.set_day(day=day, **more), _("The day is set."))


@staff_required(access.REVISE)
@require_POST
def drop_draft(request: StaffRequest, pk: int) -> HttpResponse:
    """Give a draft up."""
    revision = _revision(pk)
    return _simply(request, revision, actions.drop, _("The draft is dropped."), then=reverse("manuals:list"))


def _simply(
    request: StaffRequest, revision: Revision, do: Callable[..., Any], said: str, *, then: str = ""
) -> HttpResponse:
    seen = _line(request.POST.get("seen", ""))
    here = _at(revision, request.POST.get("shown", ""))
    try:
        do(revision=revision, seen=seen, by=request.user.party, now=clock.now())
    except actions.CannotSave as refusal:
        return answers.refuse(request, str(refusal), then=here)
    return answers.go(request, then or here, message=said)


@staff_required(access.REVISE)
@require_GET
def workbook(request: StaffRequest, pk: int) -> HttpResponse:
    """Every table of the draft as an Excel workbook."""
    revision = _revision(pk)
    version = actions.workbook_version(revision)
    data = to_workbook(revision.text, key=revision.key, version=version)
    return _file(data, f"{revision.key}-{version}.xlsx", XLSX)


@staff_required(access.REVISE)
@require_GET
def markdown(request: StaffRequest, pk: int) -> HttpResponse:
    """The draft as its Markdown file."""
    revision = _revision(pk)
    name = f"{revision.key}-{actions.workbook_version(revision)}.md"
    return _file(revision.text.encode(), name, "text/markdown; charset=utf-8")


def _file(data: bytes, name: str, kind: str) -> HttpResponse:
    return HttpResponse(
        data, content_type=kind, headers={"Content-Disposition": f'attachment; filename="{name}"'}
    )


@staff_required(access.REVISE)
def merge(request: StaffRequest, pk: int) -> HttpResponse:
    """A workbook or the text comes back: what changed, or what is wrong with the address of its cell."""
    revision = _revision(pk)
    form = forms_editing.UploadForm(
        request.POST or None, request.FILES or None, initial={"seen": revision.revision}
    )
    changed: list[str] = []

    def take(upload: Any, seen: int, **more: Any) -> None:
        data = upload.read()
        if upload.name.lower().endswith(".xlsx"):
            changed.extend(actions.merge_workbook(seen=seen, data=data, **more))
            return
        text = forms_editing.decoded(form, "upload", data)
        if form.errors:
            raise actions.CannotSave(_("The draft is as it was."))
        actions.save_text(seen=seen, text=text, **more)
        changed.append(_("the text"))

    answer = _dialog(
        request, revision, form, take, _("Take a file back in"), _("Take in"), _("Nothing has changed.")
    )
    if changed:
        said = _("Taken in: %(tables)s") % {"tables": "、".join(changed)}
        return answers.go(request, _at(revision, request.GET.get("shown", "")), message=said)
    return answer


@staff_required(access.REVISE)
@require_GET
def examples_from(request: StaffRequest, pk: int) -> HttpResponse:
    """The newest rulings of a table that the person may see, to take one as an example."""
    revision = _revision(pk)
    manual = draft_of(revision).manual
    table = manual.decision(request.GET.get("table", ""))
    scope = reach.of(people.standing(request.user), manual)
    rulings = list(queries.rulings_of(scope, table.question)[:RULINGS_SHOWN]) if table else []
    context = {
        "revision": revision,
        "table": table,
        "rows": [(row, _said(queries.example_of(table, row))) for row in rulings] if table else [],
    }
    return answers.page(request, "manuals/examples_from.html#dialog", context)


def _said(cells: dict[str, str]) -> str:
    known = {label: text for label, text in cells.items() if text not in {"", "-", "未知", "无"}}
    return " · ".join(f"{label} {text}" for label, text in known.items()).replace(" · →", " →")


@staff_required(access.REVISE)
@require_POST
def add_example(request: StaffRequest, pk: int) -> HttpResponse:
    """Add an empty example to a table, or one with the facts of a ruling."""
    revision = _revision(pk)
    name = request.POST.get("table", "")
    cells: dict[str, str] = {}
    if request.POST.get("ruling"):
        manual = draft_of(revision).manual
        table, scope = manual.decision(name), reach.of(people.standing(request.user), manual)
        if table is None:
            raise Http404
        ruling = get_object_or_404(
            queries.rulings_of(scope, table.question), pk=_line(request.POST["ruling"])
        )
        cells = queries.example_of(table, ruling)
    return _simply(
        request,
        revision,
        lambda **more: actions.add_example(table=name, cells=cells, **more),
        _("The example is added."),
    )


@staff_required(access.REVISE)
@require_POST
def pasted(request: StaffRequest) -> JsonResponse:
    """What the clipboard holds, as rows of cells."""
    text = request.body.decode("utf-8", "replace")
    return JsonResponse({"rows": grid_from_paste(text)})
