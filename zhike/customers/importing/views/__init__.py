"""Pages of the import of customers: upload, columns, preview, load, the file of bad rows."""

from __future__ import annotations

from typing import Any

from django.http import FileResponse, Http404, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods
from django_q.tasks import async_task

from zhike.channels import queries as channels
from zhike.channels.models import Intake
from zhike.customers.importing import columns, forms, loading
from zhike.customers.importing.checking import SKIP
from zhike.customers.matching.access import POWER
from zhike.kernel import clock
from zhike.kernel.parties.models import Unit
from zhike.people import access as people
from zhike.people.access import StaffRequest, staff_required
from zhike.ui import answers

TASK = "zhike.customers.importing.loading.run"
AT_ONCE = 3_000  # rows that a request works by itself; more go to the worker
SMALL = 400_000  # bytes of a file that is checked at once


@require_http_methods(["GET", "HEAD", "POST"])
@staff_required(POWER)
def upload(request: StaffRequest) -> HttpResponse:
    """Bring a file; below it, the files brought before."""
    units = _units(request)
    form = forms.UploadForm(request.POST or None, request.FILES or None, units=units)
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["file"]
        unit = next(one for one in units if one.pk == form.cleaned_data["unit"])
        try:
            intake = loading.bring(
                name=file.name or "", file=file, unit=unit, by=request.user.party, now=clock.now()
            )
        except loading.CannotImport as refusal:
            form.add_error("file", str(refusal))
        else:
            return HttpResponseRedirect(reverse("customers:import_columns", args=[intake.pk]))
    earlier = channels.intakes(request.user.party, loading.KIND)[:10]
    return render(
        request, "customers/importing/upload.html", {"form": form, "units": units, "earlier": earlier}
    )


@require_http_methods(["GET", "HEAD", "POST"])
@staff_required(POWER)
@never_cache
def choose_columns(request: StaffRequest, pk: int) -> HttpResponse:
    """Say what the columns mean; guessed, or read as a file before. Columns that seem swapped are shown."""
    intake = _intake(request, pk)
    here = reverse("customers:import_detail", args=[pk])
    if intake.state not in loading.CHANGEABLE:
        return HttpResponseRedirect(here)
    try:
        head = loading.peek(intake)
    except loading.CannotImport as refusal:
        return answers.refuse(request, str(refusal), then=reverse("customers:import"))
    plans = channels.column_plans(request.user.party, loading.KIND)
    first = _first_plan(request, intake, head, plans)
    form = forms.ColumnsForm(request.POST or None, header=head.header, initial=_initial(first))
    if request.method == "POST" and form.is_valid():
        plan = {"columns": form.columns(), "known": form.cleaned_data["known"]}
        try:
            loading.choose(intake=intake, plan=plan, now=clock.now(), remember=form.cleaned_data["remember"])
        except loading.CannotImport as refusal:
            form.add_error(None, str(refusal))
        else:
            if intake.file.size <= SMALL:
                loading.check(intake.pk)
            else:
                async_task(TASK, intake.pk, get_language())
            return HttpResponseRedirect(here)
    doubts = columns.doubts(head.header, head.cells, first["columns"])
    context = {
        "intake": intake,
        "head": head,
        "form": form,
        "sample": _sample(head),
        "plans": plans,
        "doubts": [told for _field, _looks, told in doubts],
    }
    return render(request, "customers/importing/columns.html", context)


def _first_plan(request: StaffRequest, intake: Intake, head: loading.Head, plans: Any) -> dict[str, Any]:
    """What the form begins with: the choice so far, a remembered plan whose columns are all there, or a guess."""
    asked = request.GET.get("plan", "")
    found: dict[str, Any] = intake.plan if intake.plan.get("columns") else {}
    if asked.isdigit():
        row = plans.filter(pk=int(asked)).first()
        found = row.plan if row is not None else found
    if not found:
        fitting = (one.plan for one in plans if set(one.plan.get("columns", {}).values()) <= set(head.header))
        found = next(fitting, {})
    chosen = dict(found.get("columns") or columns.guess(head.header, head.cells))
    if "swap" in request.GET:
        chosen = columns.swapped(chosen, columns.doubts(head.header, head.cells, chosen))
    return {**found, "columns": chosen}


def _initial(plan: dict[str, Any]) -> dict[str, Any]:
    first = {f"column_{name}": column for name, column in plan["columns"].items()}
    return {**first, "known": plan.get("known", SKIP), "remember": plan.get("remember", "")}


def _sample(head: loading.Head) -> list[tuple[str, list[str]]]:
    """Each column with its first filled cells."""
    found = []
    for place, column in enumerate(head.header):
        some = [row.cells[place][:60] for row in head.rows if row.cells[place]][:3]
        found.append((column, some))
    return found


@require_http_methods(["GET", "HEAD", "POST"])
@staff_required(POWER)
@never_cache
def detail(request: StaffRequest, pk: int) -> HttpResponse:
    """Before the load: the preview with the bad rows. While rows are checked or loaded, and after: how far it is."""
    intake = _intake(request, pk)
    checking = intake.plan.get("step") == loading.CHECKING
    if intake.state == Intake.State.NEW and not checking:
        return HttpResponseRedirect(reverse("customers:import_columns", args=[pk]))
    if checking or intake.state not in loading.CHANGEABLE:
        if request.method == "POST":
            return _go_on(request, intake)
        return answers.page(
            request, "customers/importing/progress.html#progress", _progress(intake, checking)
        )
    return _preview(request, intake)


def _progress(intake: Intake, checking: bool) -> dict[str, Any]:
    working = checking or intake.state == Intake.State.LOADING
    stale = working and intake.seen_at is not None and clock.now() - intake.seen_at > loading.SILENT
    return {
        "intake": intake,
        "checking": checking,
        "stale": stale,
        "busy": checking or intake.state in {Intake.State.WAITING, Intake.State.LOADING},
        "totals": loading.totals(intake),
    }


def _preview(request: StaffRequest, intake: Intake) -> HttpResponse:
    here = reverse("customers:import_detail", args=[intake.pk])
    if request.method == "POST" and request.POST.get("do") == "drop":
        loading.drop(intake=intake)
        return answers.go(request, reverse("customers:import"), message=_("Nothing was loaded."))
    refusal = ""
    if request.method == "POST":
        try:
            loading.order(intake=intake, only_good=request.POST.get("do") == "good", now=clock.now())
        except loading.CannotImport as wrong:
            refusal = str(wrong)
        else:
            if intake.rows <= AT_ONCE:
                loading.load(intake.pk, now=clock.now())
            else:
                async_task(TASK, intake.pk, get_language())
            return HttpResponseRedirect(here)
    context = {
        "intake": intake,
        "found": intake.plan.get("checked", {}),
        "good": intake.rows - intake.bad,
        "more": max(0, intake.bad - loading.SHOWN),
        "refusal": refusal,
        "known": dict(forms.KNOWN).get(intake.plan.get("known", SKIP)),
    }
    return render(request, "customers/importing/preview.html", context)


def _go_on(request: StaffRequest, intake: Intake) -> HttpResponse:
    """A job whose worker fell silent is given to the worker again."""
    async_task(TASK, intake.pk, get_language())
    return HttpResponseRedirect(reverse("customers:import_detail", args=[intake.pk]))


@require_GET
@staff_required(POWER)
@never_cache
def problems(request: StaffRequest, pk: int) -> HttpResponseBase:
    """Every bad row with what is wrong with it, to be mended and brought again."""
    intake = _intake(request, pk)
    try:
        file = loading.problems_path(intake).open("rb")
    except (OSError, ValueError) as gone:
        raise Http404 from gone
    return FileResponse(
        file, as_attachment=True, filename=f"{intake.name}-{_('bad rows')}.csv", content_type="text/csv"
    )


def _units(request: StaffRequest) -> list[Unit]:
    """Open units for which the person keeps the library."""
    scope = people.scope_of(request.user, POWER)
    rows = Unit.objects.filter(closed_on=None).order_by("path")
    return [unit for unit in rows if scope.sees_unit(unit.pk)]


def _intake(request: StaffRequest, pk: int) -> Intake:
    """The gate: one's own files only."""
    intake = channels.intakes(request.user.party, loading.KIND).filter(pk=pk).first()
    if intake is None or intake.state == Intake.State.DROPPED:
        raise Http404
    return intake
