"""Pages of the import: upload, columns, preview, load."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods
from django_q.tasks import async_task

from zhike.channels import queries as channels
from zhike.channels.models import Intake
from zhike.complaints import questions
from zhike.complaints.portal_reads import shops_with_regulation
from zhike.complaints.regime import regime_at
from zhike.kernel import clock
from zhike.kernel.parties.models import Unit
from zhike.kernel.policy.inforce import NoManual
from zhike.kernel.records.sheets import Sheet
from zhike.people import access as people
from zhike.people.access import StaffRequest, staff_required
from zhike.ui import answers

from . import columns, forms, loading
from .checking import Checked

POWER = "complaint.import"
SHOWN_ROWS = 8
SHOWN_PROBLEMS = 200
AT_ONCE_OPEN, AT_ONCE_CLOSED = 100, 2000  # rows that a request loads by itself; more go to the worker
CHANGEABLE = loading.CHANGEABLE


@require_http_methods(["GET", "HEAD", "POST"])
@staff_required(POWER)
def upload(request: StaffRequest) -> HttpResponse:
    """Bring a file; below it, the files brought before."""
    now = clock.now()
    units = units_of(request)
    form = forms.UploadForm(request.POST or None, request.FILES or None, units=units)
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["file"]
        unit = next(one for one in units if one.pk == form.cleaned_data["unit"])
        try:
            intake = loading.bring(
                name=file.name or "", data=file.read(), unit=unit, plan={}, by=request.user.party, now=now
            )
        except (loading.CannotImport, NoManual) as refusal:
            form.add_error("file", str(refusal))
        else:
            return HttpResponseRedirect(reverse("complaint_import:columns", args=[intake.pk]))
    earlier = channels.intakes(request.user.party, loading.KIND)[:10]
    return render(request, "complaints/import.html", {"form": form, "units": units, "earlier": earlier})


@require_http_methods(["GET", "HEAD", "POST"])
@staff_required(POWER)
@never_cache
def choose_columns(request: StaffRequest, pk: int) -> HttpResponse:
    """Say what the columns mean; guessed from the header, or read as a file before."""
    intake = _intake(request, pk)
    here = reverse("complaint_import:detail", args=[pk])
    if intake.state not in CHANGEABLE:
        return HttpResponseRedirect(here)
    try:
        sheet = loading.sheet_of(intake)
    except loading.CannotImport as refusal:
        return answers.refuse(request, str(refusal), then=reverse("complaint_import:upload"))
    remembered = channels.column_plans(request.user.party, loading.KIND)
    first = _first_plan(request, intake, sheet, [plan.plan for plan in remembered])
    form = forms.ColumnsForm(request.POST or None, header=sheet.header, initial=first)
    if request.method == "POST" and form.is_valid():
        plan = {
            "columns": form.columns(),
            "undated": form.cleaned_data["undated"],
            "remember": form.cleaned_data["remember"],
        }
        plan["categories"] = _guessed(intake, sheet, plan["columns"].get("category", ""))
        try:
            loading.choose(intake=intake, plan=plan, now=clock.now(), remember=form.cleaned_data["remember"])
        except loading.CannotImport as refusal:
            form.add_error(None, str(refusal))
        else:
            return HttpResponseRedirect(here)
    context = {"intake": intake, "sheet": sheet, "form": form, "sample": _sample(sheet), "plans": remembered}
    return render(request, "complaints/import_columns.html", context)


def _first_plan(
    request: StaffRequest, intake: Intake, sheet: Sheet, remembered: list[dict[str, Any]]
) -> dict[str, str]:
    """What the form begins with: the choice so far, a remembered plan whose columns are all there, or a guess."""
    asked = request.GET.get("plan", "")
    plan = intake.plan if intake.plan.get("columns") else None
    if asked.isdigit():
        row = channels.column_plans(request.user.party, loading.KIND).filter(pk=int(asked)).first()
        plan = row.plan if row is not None else plan
    if plan is None:
        plan = next(
            (one for one in remembered if set(one.get("columns", {}).values()) <= set(sheet.header)), None
        )
    found = plan["columns"] if plan else columns.guess(sheet.header, sheet.rows)
    first = {f"column_{name}": column for name, column in found.items()}
    if plan and plan.get("undated"):
        first["undated"] = plan["undated"]
    if plan and plan.get("remember"):
        first["remember"] = plan["remember"]
    return first


def _guessed(intake: Intake, sheet: Sheet, column: str) -> dict[str, str]:
    """What the categories of a column seem to mean; what was said about them before goes first."""
    if column not in sheet.header:
        return {}
    place = sheet.header.index(column)
    words = list(dict.fromkeys(row.cells[place] for row in sheet.rows if row.cells[place]))
    regime = regime_at(intake.unit_id, clock.now())
    names = {word.name: word.code for word in regime.words(questions.ITEMS)}
    said: dict[str, str] = {}
    for plan in channels.column_plans(intake.by, loading.KIND):
        said |= {word: code for word, code in plan.plan.get("categories", {}).items() if code}
    guessed = columns.guess_items(words, regime.choices(questions.ITEMS), names)
    return {word: said.get(word, code) for word, code in guessed.items()}


def _sample(sheet: Sheet) -> list[tuple[str, list[str]]]:
    """Each column with its first filled cells."""
    found = []
    for place, column in enumerate(sheet.header):
        some = (row.cells[place] for row in sheet.rows[:200] if row.cells[place])
        found.append((column, [cell[:60] for _n, cell in zip(range(3), some, strict=False)]))
    return found


@require_http_methods(["GET", "HEAD", "POST"])
@staff_required(POWER)
@never_cache
def detail(request: StaffRequest, pk: int) -> HttpResponse:
    """Before the load: the preview with every bad row. During and after it: how far it is."""
    intake = _intake(request, pk)
    if intake.state == Intake.State.NEW:
        return HttpResponseRedirect(reverse("complaint_import:columns", args=[pk]))
    if intake.state not in CHANGEABLE:
        if request.method == "POST":
            return _go_on(request, intake)
        stale = intake.seen_at is not None and clock.now() - intake.seen_at > loading.SILENT
        context = {"intake": intake, "stale": stale and intake.state == Intake.State.LOADING}
        return answers.page(request, "complaints/import_progress.html#progress", context)
    try:
        return _preview(request, intake)
    except loading.CannotImport as refusal:
        return answers.refuse(request, str(refusal), then=reverse("complaint_import:upload"))


def _preview(request: StaffRequest, intake: Intake) -> HttpResponse:
    regime = regime_at(intake.unit_id, clock.now())
    sheet = loading.sheet_of(intake)
    found = loading.checked(intake, sheet, regime)
    counts = found.categories.most_common(columns.MOST_CHOICES)
    chosen = intake.plan.get("categories", {})
    items = regime.choices(questions.ITEMS)
    form = forms.CategoriesForm(request.POST or None, counts=counts, chosen=chosen, items=items)
    refusal = ""
    if request.method == "POST" and request.POST.get("do") == "drop":
        loading.drop(intake=intake)
        return answers.go(request, reverse("complaint_import:upload"), message=_("Nothing was loaded."))
    if request.method == "POST" and form.is_valid():
        loading.choose(intake=intake, plan={**intake.plan, "categories": form.categories()}, now=clock.now())
        if request.POST.get("do") == "preview":
            return HttpResponseRedirect(reverse("complaint_import:detail", args=[intake.pk]))
        try:
            loading.order(intake=intake, only_good=request.POST.get("do") == "good", now=clock.now())
        except loading.CannotImport as wrong:
            refusal = str(wrong)
        else:
            return _start(request, intake, found)
    context = {
        "intake": intake,
        "sheet": sheet,
        "found": found,
        "form": form,
        "refusal": refusal,
        "problems": found.problems[:SHOWN_PROBLEMS],
        "more_problems": max(0, len(found.problems) - SHOWN_PROBLEMS),
        "more_categories": max(0, len(found.categories) - len(counts)),
        "first": [(draft, regime.label(questions.ITEMS, draft.item)) for draft in found.drafts[:SHOWN_ROWS]],
        "there": len(found.drafts) - len(found.fresh),
        "problem": intake.problem,
    }
    return render(request, "complaints/import_preview.html", context)


def _start(request: StaffRequest, intake: Intake, found: Checked) -> HttpResponse:
    """A small file is loaded at once, a large one by the worker."""
    here = reverse("complaint_import:detail", args=[intake.pk])
    if found.open_count <= AT_ONCE_OPEN and found.closed_count <= AT_ONCE_CLOSED:
        loading.load(intake.pk, now=clock.now())
    else:
        async_task("zhike.complaints.importing.loading.run", intake.pk)
    return HttpResponseRedirect(here)


def _go_on(request: StaffRequest, intake: Intake) -> HttpResponse:
    """A load whose worker fell silent is given to the worker again."""
    if intake.state in {Intake.State.WAITING, Intake.State.LOADING}:
        async_task("zhike.complaints.importing.loading.run", intake.pk)
    return HttpResponseRedirect(reverse("complaint_import:detail", args=[intake.pk]))


def units_of(request: StaffRequest) -> list[Unit]:
    """Shops with a regulation that the person may import for."""
    scope = people.scope_of(request.user, POWER)
    return [unit for unit in shops_with_regulation(clock.now()) if scope.sees_unit(unit.pk)]


def _intake(request: StaffRequest, pk: int) -> Intake:
    """The gate: one's own files only."""
    intake = channels.intakes(request.user.party, loading.KIND).filter(pk=pk).first()
    if intake is None or intake.state == Intake.State.DROPPED:
        raise Http404
    return intake


urlpatterns = [
    path("", upload, name="upload"),
    path("<int:pk>/columns/", choose_columns, name="columns"),
    path("<int:pk>/", detail, name="detail"),
]
