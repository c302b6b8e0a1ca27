"""Public commitments for the staff: kept or not, month by month, opening into the duties within one's scope."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.http import Http404, HttpResponse
from django.shortcuts import render

from zhike.kernel import clock
from zhike.kernel.parties import subjects
from zhike.kernel.parties.models import Unit
from zhike.kernel.parties.scope import Scope
from zhike.kernel.tallies.periods import Kind, Period
from zhike.manuals import queries
from zhike.manuals.queries import Commitment, Kept
from zhike.people import access as people
from zhike.people.access import StaffRequest, staff_required

MOST = 300  # duties on one page


@dataclass(frozen=True)
class Line:
    """One promise with its figures."""

    one: Commitment
    quarter: Kept
    months: list[Kept]

    @property
    def met(self) -> bool | None:
        return self.quarter.meets(self.one.target)


@staff_required()
def commitments(request: StaffRequest) -> HttpResponse:
    """What is promised where, and how far it was kept; only duties that the person may see are counted."""
    now = clock.now()
    scope = people.scope_of(request.user, "complaint.see")
    houses = queries.houses_with_commitments(now)
    house = _chosen(request, houses, scope)
    quarter, months = queries.last_quarter(now), queries.months(now)
    promises = queries.commitments(house.pk, now) if house else []
    found = queries.kept_in(promises, house.pk, [quarter, *months], now, scope) if house else []
    context = {
        "houses": houses,
        "house": house,
        "lines": [Line(one, row[0], row[1:]) for one, row in zip(promises, found, strict=True)],
        "months": months,
        "quarter": quarter,
        "tab": "commitments",
    }
    return render(request, "manuals/commitments.html", context)


def _chosen(request: StaffRequest, houses: list[Unit], scope: Scope) -> Unit | None:
    """The house asked for, else the first that the person sees, else the first."""
    asked = request.GET.get("unit", "")
    found = next((unit for unit in houses if str(unit.pk) == asked), None)
    seen = next((unit for unit in houses if scope.sees_unit(unit.pk)), None)
    return found or seen or (houses[0] if houses else None)


@staff_required()
def commitment_duties(request: StaffRequest, unit: int, key: str, row: int) -> HttpResponse:
    """The duties behind one figure: `?from=2026-07-01&to=2026-09-30`, else those of the last quarter."""
    now = clock.now()
    house = next((one for one in queries.houses_with_commitments(now) if one.pk == unit), None)
    promises = queries.commitments(house.pk, now) if house else []
    found = next((one for one in promises if (one.key, one.row) == (key, row)), None)
    if house is None or found is None:
        raise Http404
    period = _period(request, now)
    scope = people.scope_of(request.user, "complaint.see")
    rows = queries.duties_of(found, house.pk, period, scope).filter(due_at__lte=now)
    shown = [
        {"duty": duty, "late": duty.is_late(now), "url": _url(duty)}
        for duty in rows.select_related("owner", "unit").order_by("-due_at")[:MOST]
    ]
    context: dict[str, Any] = {
        "one": found,
        "house": house,
        "period": period,
        "rows": shown,
        "kept": queries.kept(found, house.pk, period, now, scope),
        "most": MOST,
    }
    return render(request, "manuals/commitment_duties.html", context)


def _period(request: StaffRequest, now: dt.datetime) -> Period:
    try:
        first = dt.date.fromisoformat(request.GET.get("from", ""))
        last = dt.date.fromisoformat(request.GET.get("to", ""))
        whole = Period.around(Kind.MONTH, first, settings.TIME_ZONE)
        # a whole month goes by its name
        return whole if whole.last == last else Period.of_days(first, last, settings.TIME_ZONE)
    except ValueError:
        return queries.last_quarter(now)


def _url(duty: Any) -> str:
    subject = subjects.known(duty.subject_label)
    return subject.url(duty.subject_id) if subject else ""
