from __future__ import annotations

import datetime as dt

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from zhike.complaints import access, tallying
from zhike.complaints.regime import regime_on
from zhike.kernel import clock
from zhike.kernel.worktime import calendars
from zhike.people.access import StaffRequest, staff_required

from .list_parts import handlers, items, regime_asked, units


@staff_required("report.see")
def report(request: StaffRequest) -> HttpResponse:
    """P001-16: one month, by store; every figure opens into its complaints."""
    zone = calendars.calendar_for(request.user.party.unit_id or 0).zone
    today = calendars.local_day(clock.now(), request.user.party.unit_id or 0)
    problem = ""
    month = today.replace(day=1)
    if asked := request.GET.get("month", ""):
        try:
            month = dt.date.fromisoformat(f"{asked}-01")
        except ValueError:
            problem = _("“%(text)s” is not a month such as 2026-09.") % {"text": asked[:20]}
    following = (month + dt.timedelta(days=32)).replace(day=1)
    since, until = (dt.datetime(day.year, day.month, 1, tzinfo=zone) for day in (month, following))
    stores = units(request)
    unit = request.GET.get("unit", "")
    chosen = int(unit) if unit in {code for code, _label in stores} else None
    regime = regime_on(chosen, today) if chosen is not None else regime_asked(request)
    figures = tallying.report(
        access.scope(request.user),
        since=since,
        until=until,
        now=clock.now(),
        days=f"opened_from={month}&opened_to={following - dt.timedelta(days=1)}",
        items=[(code if code != "-" else "", label) for code, label in items(request)],
        handlers=handlers(request),
        cuts=tallying.bands(regime.values_cut() if regime else []),
        unit=chosen,
        punished=access.penalty_scope(request.user),
    )
    context = {
        "report": figures,
        "month": f"{month:%Y-%m}",
        "before": f"{month - dt.timedelta(days=1):%Y-%m}",
        "after": f"{following:%Y-%m}",
        "stores": stores,
        "unit": unit,
        "problem": problem,
    }
    return render(request, "complaints/report.html", context)
