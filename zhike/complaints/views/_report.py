from __future__ import annotations

import datetime as dt
from decimal import Decimal

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from zhike.complaints import access, tallying
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
    regime = regime_asked(request)
    params = regime.manual.params if regime else {}
    cuts = tallying.bands(
        *(_figure(params, name, usual) for name, usual in (("经理起点", "500"), ("店长起点", "2000")))
    )
    figures = tallying.report(
        access.scope(request.user),
        since=since,
        until=until,
        days=f"opened_from={month}&opened_to={following - dt.timedelta(days=1)}",
        items=[(code if code != "-" else "", label) for code, label in items(request)],
        handlers=handlers(request),
        cuts=cuts,
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
        "chart": {
            "x": [line.label for line in figures.by_item],
            "series": [{"name": _("Complaints"), "data": [line.count for line in figures.by_item]}],
        },
    }
    return render(request, "complaints/report.html", context)


def _figure(params: object, name: str, usual: str) -> Decimal:
    """An amount of the manual; the register's own where the manual has none."""
    param = params.get(name) if isinstance(params, dict) else None
    return Decimal(str(param.value)) if param is not None and param.value is not None else Decimal(usual)
