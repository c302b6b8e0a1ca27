"""How all customers stand: values by dimension, the last jobs, and grading all of them anew."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from zhike.customers.grading import access, forms, jobs, overview, sheets
from zhike.customers.grading.dimensions import DIMENSIONS
from zhike.customers.models import Run
from zhike.kernel import clock
from zhike.kernel.parties.models import Unit
from zhike.people.access import StaffRequest, scope_of, staff_required
from zhike.ui import answers
from zhike.ui.deeds import deed, typed

_act = partial(deed, refused=jobs.CannotRun)


@staff_required(access.SEE)
@require_GET
def grading(request: StaffRequest) -> HttpResponse:
    """Customers by value in each dimension; every number opens into them."""
    scope = scope_of(request.user, access.SEE)
    unit = request.user.party.unit
    context = {
        "dimensions": overview.dimensions(scope, clock.now()),
        "runs": [_told(run) for run in access.runs(request.user)[:5]],
        "may_grade": request.standing.has(access.GRADE),
        "forms": [
            (
                form.code,
                form.title(request.LANGUAGE_CODE),
                reverse("customers:print_sheet", args=[form.code, unit.pk, "html"]),
            )
            for form in sheets.OF_UNIT
        ]
        if unit is not None and scope.sees_unit(unit.pk)
        else [],
    }
    return render(request, "customers/grading/overview.html", context)


def _told(run: Any) -> Any:
    """The run with its result in lines."""
    found = run.result
    if run.kind == Run.Kind.VALUE:
        run.lines = [_("%(count)s customers counted") % {"count": found["customers"]}] if found else []
        if found and not found["forecast"]:
            run.lines.append(_("Too few customers came back for a forecast."))
        return run
    run.lines = [
        _("%(dimension)s: %(changed)s of %(customers)s changed")
        % {"dimension": DIMENSIONS[code].label if code in DIMENSIONS else code, **one}
        for code, one in found.items()
    ]
    return run


@staff_required(access.GRADE)
def regrade_now(request: StaffRequest) -> HttpResponse:
    """Grade every customer of a unit anew, as a job."""
    return _begin(request, Run.Kind.REGRADE, _("Grade all customers"))


@staff_required(access.GRADE)
def value_now(request: StaffRequest) -> HttpResponse:
    """Count the value of every customer of a unit anew, as a job."""
    return _begin(request, Run.Kind.VALUE, _("Count the value of all customers"))


def _begin(request: StaffRequest, kind: str, title: str) -> HttpResponse:
    units = access.units_to_grade(request.user)
    form = forms.UnitForm(typed(request), units=units, initial={"unit": request.user.party.unit_id})

    def do(unit: Unit) -> None:
        jobs.begin(kind=kind, unit=unit, by=request.user.party, now=clock.now())

    return _act(
        request, form, do, back=reverse("customers:grading"), title=title, submit=_("Begin"),
        said=_("Begun; the page says how far it is."),
        intro=_("For the unit and everything below it. Values that a person decided stay as long as they hold."),
    )  # fmt: skip


@staff_required(access.GRADE)
@require_GET
def run_state(request: StaffRequest, pk: int) -> HttpResponse:
    """How far a job is; the part of the page that asks again while it runs."""
    run: Any = access.runs(request.user).filter(pk=pk).first()
    if run is None:
        raise Http404
    return answers.page(request, "customers/grading/overview.html#run", {"run": _told(run)})
