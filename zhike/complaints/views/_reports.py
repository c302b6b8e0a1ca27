"""The reports on complaints: choose period and unit, look, open a figure, take it away as a file."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from zhike.complaints import access, actions, queries
from zhike.complaints.reporting import charts, papers, regimes, reports
from zhike.complaints.reporting.reading import Asked, Reading
from zhike.complaints.reporting.tables import Filled, Report
from zhike.kernel import clock
from zhike.kernel.records import printing
from zhike.kernel.records.sheet import Head
from zhike.kernel.tallies.periods import Kind, Period
from zhike.people import access as people
from zhike.people.access import StaffRequest, staff_required
from zhike.people.models import business_day
from zhike.ui.printing import Sheet, answer

from .list_parts import units as units_seen

POWER = "report.see"
KINDS = [
    (Kind.WEEK, gettext_lazy("Week")),
    (Kind.MONTH, gettext_lazy("Month")),
    (Kind.QUARTER, gettext_lazy("Quarter")),
    (Kind.YEAR, gettext_lazy("Year")),
    (Kind.CUSTOM, gettext_lazy("From day to day")),
]


@dataclass(frozen=True)
class Choice:
    """What was asked for in the address, and what of it could not be understood."""

    asked: Asked
    unit: str
    problem: str

    @property
    def query(self) -> str:
        """The same again, for files and for the periods before and after."""
        return self._query(self.asked.period)

    def _query(self, period: Period) -> str:
        said = {"kind": period.kind.value, "day": period.first.isoformat(), "unit": self.unit}
        if period.kind == Kind.CUSTOM:
            said |= {"from": period.first.isoformat(), "to": period.last.isoformat()}
        return urlencode({key: value for key, value in said.items() if value})

    @property
    def earlier(self) -> str:
        return self._query(self.asked.period.previous())

    @property
    def later(self) -> str:
        period = self.asked.period
        if period.kind == Kind.CUSTOM:
            return self._query(
                replace(period, first=period.after, after=period.after + (period.after - period.first))
            )
        return self._query(Period.around(period.kind, period.after, period.tz))


def choose(request: StaffRequest, report: Report, units: list[tuple[str, str]]) -> Choice:
    """The period and the unit that the address names; what it names wrongly is said and passed over."""
    tz = timezone.get_current_timezone_name()
    now = clock.now()
    period, problem = _period(request, report, tz, business_day(now))
    unit = request.GET.get("unit", "")
    if unit and unit not in {code for code, _label in units}:
        unit, problem = "", problem or _("This unit is not among those whose reports you see.")
    asked = Asked(
        scope=access.scope(request.user),
        period=period,
        now=now,
        unit=int(unit) if unit else None,
        code=report.code if report.of_regime else "",
    )
    return Choice(asked, unit, problem)


def _period(request: HttpRequest, report: Report, tz: str, today: dt.date) -> tuple[Period, str]:
    raw = request.GET.get("kind", report.usual)
    usual = Period.around(Kind(report.usual), today, tz)
    try:
        kind = Kind(raw)
        if kind == Kind.CUSTOM:
            first, last = (_day(request.GET.get(name, "")) for name in ("from", "to"))
            return Period.of_days(first, last, tz), ""
        day = request.GET.get("day", "")
        return Period.around(kind, _day(day) if day else today, tz), ""
    except ValueError:
        return usual, _("This period cannot be understood; choose its days from a first to a last one.")


def _day(text: str) -> dt.date:
    day = dt.date.fromisoformat(text)
    if not 1970 <= day.year <= 2200:
        raise ValueError(text)
    return day


@staff_required(POWER)
def report_index(request: StaffRequest) -> HttpResponse:
    """The reports that belong to the regulations of the reader's units."""
    return render(request, "complaints/reports.html", {"offered": offered(request)})


def offered(request: StaffRequest) -> list[dict[str, str]]:
    """Code, title and address of each report that the reader may open."""
    found = regimes.offers(access.scope(request.user), business_day(clock.now()))
    general = [report for report in reports.REPORTS.values() if not report.of_regime]
    lines = [{"code": one.code, "title": one.title, "url": _address(one.code)} for one in general]
    return lines + [
        {"code": offer.code, "title": offer.title, "url": _address(offer.code)}
        for offer in found.values()
        if offer.code in reports.REPORTS or offer.code == MALL
    ]


MALL = "P001-16"


def _address(code: str) -> str:
    return reverse("complaints:report") if code == MALL else reverse("complaints:report_of", args=[code])


@staff_required(POWER)
def report_of(request: StaffRequest, code: str) -> HttpResponse:
    """One report, on the screen or as a file (`?file=pdf`)."""
    report = reports.REPORTS.get(code)
    offer = regimes.offers(access.scope(request.user), business_day(clock.now())).get(code)
    if report is None or (report.of_regime and offer is None):
        raise Http404
    units = regimes.units_of(offer) if offer is not None else units_seen(request)
    chosen = choose(request, report, units)
    found = reports.filled(report, Reading(chosen.asked))
    if kind := request.GET.get("file", ""):
        return _file(request, report, chosen, found, kind)
    context = {
        "report": report,
        "chosen": chosen,
        "period": chosen.asked.period,
        "kinds": [(kind.value, label) for kind, label in KINDS],
        "units": units,
        "sections": [(one, charts.of(one)) for one in found],
        "files": [(kind.upper(), f"?{chosen.query}&file={kind}") for kind in ("xlsx", "pdf", "docx")]
        if people.may(request.user, "data.export")
        else [],
        "whole": chosen.asked.query(),
    }
    return render(request, "complaints/report_of.html", context)


def _file(
    request: StaffRequest, report: Report, chosen: Choice, found: list[Filled], kind: str
) -> HttpResponse:
    """The report as Excel, PDF or Word; who takes it away is recorded."""
    if not people.may(request.user, "data.export"):
        from django.core.exceptions import PermissionDenied

        raise PermissionDenied("data.export")
    unit = queries.house_of(chosen.asked.unit, request.user.party.unit)
    whose = unit.label if chosen.asked.unit is not None else _("All units that the reader sees")
    data: dict[str, Any] = papers.values(
        found, unit=whose, period=str(chosen.asked.period), by=request.user.party.name
    )
    head = Head(
        organisation=printing.organisation_of(unit),
        printer=request.user.party.name,
        printed_at=clock.now(),
    )
    actions.exported(
        by=request.user.party, now=clock.now(), fmt=kind, rows=0, query=f"{report.code}?{chosen.query}"
    )
    sheet = Sheet(form=papers.FORMS[report.code], data=data, head=head, address=lambda _kind: "", back="")
    return answer(request, sheet, kind)
