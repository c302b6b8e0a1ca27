"""The reports on customers: choose period and unit, look, open a figure, take it away, sign and publish it."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django import forms as django_forms
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET

from zhike.customers.grading import access as grading
from zhike.kernel import clock
from zhike.kernel.audit import trail
from zhike.kernel.parties.models import Unit
from zhike.kernel.records import printing
from zhike.kernel.records.models import Record
from zhike.kernel.records.sheet import Head
from zhike.kernel.tallies.periods import Kind, Period
from zhike.people.access import StaffRequest, may, scope_of, staff_required
from zhike.people.models import business_day
from zhike.ui import paper
from zhike.ui.deeds import deed, typed

from . import publishing, reports
from .tables import Asked, Report, language

POWER = "report.see"
SEE = "customer.see"
KINDS = [
    (Kind.MONTH, gettext_lazy("Month")),
    (Kind.QUARTER, gettext_lazy("Quarter")),
    (Kind.YEAR, gettext_lazy("Year")),
]


@dataclass(frozen=True)
class Choice:
    """What the address asks for, and what of it could not be understood."""

    asked: Asked
    unit: Unit | None
    problem: str = ""

    def query(self, period: Period | None = None) -> str:
        shown = period or self.asked.period
        said = {"kind": shown.kind.value, "day": shown.first.isoformat(), "unit": str(self.asked.unit or "")}
        return urlencode({key: value for key, value in said.items() if value})

    @property
    def same(self) -> str:
        return self.query()

    @property
    def earlier(self) -> str:
        return self.query(self.asked.period.previous())

    @property
    def later(self) -> str:
        period = self.asked.period
        return self.query(Period.around(period.kind, period.after, period.tz))


def _units(request: StaffRequest) -> list[Unit]:
    """Whose customers are counted: those that one may see and of which one may read reports."""
    reached = scope_of(request.user, POWER)
    return [unit for unit in grading.units_to_see(request.user) if reached.sees_unit(unit.pk)]


def _scope(request: StaffRequest) -> Any:
    """Customers are counted in the narrower of the two powers; nobody is counted for being named somewhere."""
    reports_of, seen = scope_of(request.user, POWER), scope_of(request.user, SEE)
    if reports_of.units is None or seen.units is None:
        units = seen.units if reports_of.units is None else reports_of.units
    else:
        units = reports_of.units & seen.units
    return type(seen)(party=None, units=units, secrecy=seen.secrecy)


def _chosen(request: StaffRequest, units: list[Unit]) -> Choice:
    now = clock.now()
    tz = timezone.get_current_timezone_name()
    period, problem = _period(request, tz, business_day(now))
    pk = request.GET.get("unit", "")
    unit = next((one for one in units if str(one.pk) == pk), None)
    if pk and unit is None:
        problem = problem or _("This unit is not among those whose reports you see.")
    return Choice(Asked(_scope(request), period, now, unit.pk if unit else None), unit, problem)


def _period(request: HttpRequest, tz: str, today: dt.date) -> tuple[Period, str]:
    try:
        kind = Kind(request.GET.get("kind", "MONTH"))
        raw = request.GET.get("day", "")
        day = dt.date.fromisoformat(raw) if raw else today
        if not 1970 <= day.year <= 2200:
            raise ValueError(raw)
        return Period.around(kind, day, tz), ""
    except ValueError:
        return Period.around(Kind.MONTH, today, tz), _(
            "This period cannot be understood; the present month is shown."
        )


def _report(code: str) -> Report:
    found = reports.REPORTS.get(code)
    if found is None:
        raise Http404
    return found


@staff_required(POWER)
@require_GET
def report_index(request: StaffRequest) -> HttpResponse:
    """The reports, and those that were signed and published."""
    rows = list(publishing.kept(_scope(request))[:30])
    context = {
        "offered": [
            (one, reverse("customers:report_of", args=[one.code])) for one in reports.REPORTS.values()
        ],
        "kept": [(row, reports.REPORTS[row.form].title) for row in rows],
    }
    return render(request, "customers/reporting/reports.html", context)


@staff_required(POWER)
@require_GET
def report_of(request: StaffRequest, code: str) -> HttpResponse:
    """One report, on the screen or as a file (`?file=pdf`)."""
    report, units = _report(code), _units(request)
    chosen = _chosen(request, units)
    if kind := request.GET.get("file", ""):
        return _file(request, report, chosen, kind)
    exports = may(request.user, "data.export")
    context = {
        "report": report,
        "chosen": chosen,
        "period": chosen.asked.period,
        "kinds": [(kind.value, label) for kind, label in KINDS],
        "units": [(str(unit.pk), unit.label) for unit in units],
        "unit": str(chosen.asked.unit or ""),
        "sections": reports.filled(report, chosen.asked),
        "files": [(kind.upper(), f"?{chosen.same}&file={kind}") for kind in ("xlsx", "pdf", "docx")]
        if exports
        else [],
    }
    return render(request, "customers/reporting/report.html", context)


def _values(request: StaffRequest, report: Report, chosen: Choice, analysis: str = "") -> dict[str, Any]:
    found = reports.filled(report, chosen.asked, pictures=False)
    whose = chosen.unit.label if chosen.unit is not None else _("All units that the reader sees")
    return reports.values(
        found, unit=whose, period=str(chosen.asked.period), by=request.user.party.name, analysis=analysis
    )


def _house(request: StaffRequest, chosen: Choice) -> Unit:
    unit = chosen.unit or request.user.party.unit
    if unit is None:
        raise Http404
    return unit


def _sheet(
    request: StaffRequest, report: Report, data: dict[str, Any], head: Head, address: Any
) -> paper.Sheet:
    return paper.Sheet(reports.FORMS[report.code], data, head, address, reverse("customers:reports"))


def _file(request: StaffRequest, report: Report, chosen: Choice, kind: str) -> HttpResponse:
    """The report as Excel, PDF or Word; who takes it away is recorded."""
    if not may(request.user, "data.export"):
        raise PermissionDenied("data.export")
    now = clock.now()
    head = paper.head_of(request, _house(request, chosen))
    party = request.user.party
    after = {"format": kind, "report": report.code, "period": str(chosen.asked.period)}
    trail.record("customers.exported", subject=party, by=party, at=now, after=after)
    sheet = _sheet(request, report, _values(request, report, chosen), head, lambda _kind: "")
    return paper.answer(request, sheet, kind)


class AnalysisForm(django_forms.Form):
    analysis = django_forms.CharField(
        label=gettext_lazy("Analysis and suggestions"),
        max_length=4000,
        widget=django_forms.Textarea(attrs={"rows": 6}),
    )


class OpinionForm(django_forms.Form):
    opinion = django_forms.CharField(label=gettext_lazy("Opinion"), required=False, max_length=200)


@staff_required(POWER)
def sign_report(request: StaffRequest, code: str) -> HttpResponse:
    """Write what the figures mean and hand the report in (R002-152)."""
    report = _report(code)
    chosen = _chosen(request, _units(request))
    back = f"{reverse('customers:report_of', args=[code])}?{chosen.same}"

    def do(analysis: str) -> str:
        publishing.sign(
            code=code,
            typed=_values(request, report, chosen, analysis),
            unit=_house(request, chosen),
            by=request.user.party,
            now=clock.now(),
        )
        return reverse("customers:reports")

    return deed(
        request, AnalysisForm(typed(request)), do, refused=publishing.CannotPublish, back=back, title=report.title,
        submit=_("Sign and hand in"), said=_("Handed in; it is published when somebody else has reviewed it."),
        intro=str(chosen.asked.period),
    )  # fmt: skip


def _kept(request: StaffRequest, pk: int) -> Record:
    found = publishing.kept(_scope(request)).filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


@staff_required(POWER)
def review_report(request: StaffRequest, pk: int) -> HttpResponse:
    """Review what another has signed: then it is published."""
    record = _kept(request, pk)

    def do(opinion: str) -> None:
        publishing.review(record=record, opinion=opinion, by=request.user.party, now=clock.now())

    return deed(
        request, OpinionForm(typed(request)), do, refused=publishing.CannotPublish, back=reverse("customers:reports"),
        title=_("Review and publish"), submit=_("Publish"), said=_("Published."), intro=record.number,
    )  # fmt: skip


@staff_required(POWER)
@require_GET
def published_report(request: StaffRequest, pk: int, kind: str) -> HttpResponse:
    """A report as it was signed."""
    record = _kept(request, pk)
    head = printing.record_head(record, language())
    report = _report(record.form)
    sheet = _sheet(
        request,
        report,
        record.data,
        head,
        lambda kind: reverse("customers:published_report", args=[pk, kind]),
    )
    return paper.answer(request, sheet, kind)
