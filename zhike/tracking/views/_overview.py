"""The supervisor's page: coverage, what is overdue and with whom, remarks; and the figures of the register."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.conf import settings
from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from zhike.customers.contacts import queries as contacts
from zhike.kernel import clock
from zhike.kernel.tallies.periods import Kind, Period
from zhike.kernel.worktime import arithmetic
from zhike.people.access import StaffRequest, staff_required
from zhike.tracking import access, questions, tallying
from zhike.tracking.models import Moment, Plan
from zhike.tracking.tallying import link
from zhike.tracking.wording import figure_of, words_of

REMARKS = 8


@staff_required("report.see", access.LEAD)
def overview(request: StaffRequest) -> HttpResponse:
    now, tz = clock.now(), settings.TIME_ZONE
    scope = access.scope(request.user)
    period, problem = _period(request, arithmetic.local_date(now, tz), tz)
    home = request.user.party.unit_id or 0
    days = figure_of("未购警戒天数", questions.CHURN.name, home, now, usual=180)
    fixed = tallying.coverage(scope)
    weeks = tallying.weeks(scope, now, tz)
    context = {
        "period": period,
        "problem": problem,
        "before": period.previous().first.isoformat(),
        "after": period.after.isoformat(),
        "kinds": [
            (Kind.WEEK.value, _("Week")),
            (Kind.MONTH.value, _("Month")),
            (Kind.QUARTER.value, _("Quarter")),
            (Kind.YEAR.value, _("Year")),
        ],
        "fixed": fixed,
        "totals": tallying.totals(scope, period, now),
        "weeks": _week_chart(weeks),
        "fixes": {
            "parts": [
                {"name": _("all four fixed"), "value": fixed.part},
                {"name": _("with gaps"), "value": fixed.whole - fixed.part},
            ]
        },
        "owners": [
            (row["owner__name"] or _("nobody"), tallying.reading(row), link("tracking:due", owner=row["owner"] or "", late=1))
            for row in tallying.by(scope, period, now, "owner", "owner__name")
        ],
        "areas": _areas(scope, period, now),
        "journals": [(Plan.Journal(code).label, one, link("tracking:due", kind=f"tracking.{code.lower()}", late=1)) for code, one in tallying.journals(scope, period, now)],
        "grades": [(value, number, link("tracking:gaps", grade=value)) for value, number in tallying.grades(scope)],
        "moves": tallying.moves(scope, period),
        "moments": [(Moment.Kind(kind).label, one, link("tracking:moments", kind=kind, **_days(period))) for kind, one in tallying.moments(scope, period, now)],
        "strategies": _strategies(scope, period, home, now),
        "efforts": [(EFFORTS[one.key](), one, _effort(one.key, period)) for one in tallying.efforts(scope, period)],
        "lost": tallying.lost(scope, period, days),
        "lost_days": days,
        "risks": [(Plan.Risk(code).label, number, link("tracking:churn", risk=code)) for code, number in tallying.at_risk(scope).items()],
        "remarks": _to_remark(request, scope),
    }  # fmt: skip
    return render(request, "tracking/overview.html", context)


def _period(request: StaffRequest, today: dt.date, tz: str) -> tuple[Period, str]:
    """The period asked for; what cannot be read is said, and this month is shown."""
    kind, day = request.GET.get("kind", "MONTH"), request.GET.get("day", "")
    if kind not in {"WEEK", "MONTH", "QUARTER", "YEAR"}:
        return Period.around(Kind.MONTH, today, tz), _("Choose a week, a month, a quarter or a year.")
    try:
        return Period.around(Kind(kind), dt.date.fromisoformat(day) if day else today, tz), ""
    except ValueError:
        return Period.around(Kind(kind), today, tz), _("“%(text)s” is no day.") % {"text": day[:20]}


def _days(period: Period, key: str = "due") -> dict[str, str]:
    return {f"{key}_from": period.first.isoformat(), f"{key}_to": period.last.isoformat()}


def _week_chart(weeks: list[tuple[dt.date, tallying.Owed]]) -> dict[str, Any]:
    return {
        "labels": [f"{day:%m-%d}" for day, _one in weeks],
        "series": [
            {"name": _("in time"), "state": "met", "values": [one.made for _day, one in weeks]},
            {"name": _("late"), "state": "run", "values": [one.late for _day, one in weeks]},
            {"name": _("overdue"), "state": "late", "values": [one.overdue for _day, one in weeks]},
            {
                "name": _("not due yet"),
                "state": "none",
                "values": [one.due - one.made - one.late - one.overdue for _day, one in weeks],
            },
        ],
    }


def _areas(scope: Any, period: Period, now: dt.datetime) -> list[tuple[Any, ...]]:
    found = []
    for row in tallying.by(scope, period, now, "customer__customer__region"):
        area = row["customer__customer__region"] or ""
        found.append(
            (area or _("no area"), tallying.reading(row), tallying.coverage(scope, region=area), link("tracking:due", area=area, late=1))
        )  # fmt: skip
    return found


def _strategies(scope: Any, period: Period, home: int, now: dt.datetime) -> list[tuple[Any, ...]]:
    words = dict(words_of("STRATEGIES", home, now))
    return [
        (one.place, words.get(str(one.place), ""), one, link("tracking:activities", strategy=one.place, state="HELD", **_days(period, "on")))
        for one in tallying.strategies(scope, period)
    ]  # fmt: skip


EFFORTS = {
    "ROUNDS": lambda: _("Rounds and visits"),
    "CALLS": lambda: _("Telephone follow-ups"),
    "GIFTS": lambda: _("Gifts"),
    "EVENTS": lambda: _("Events"),
    "TRIALS": lambda: _("Trials"),
}


def _effort(key: str, period: Period) -> str:
    if key in {"ROUNDS", "CALLS"}:
        way = "VISIT" if key == "ROUNDS" else "PHONE"
        return link("customers:contacts", way=way, **_days(period, "at"))
    kind = {"GIFTS": {"kind": "GIFT"}, "TRIALS": {"kind": "TRIAL"}}.get(key, {})
    return link("tracking:activities", state="HELD", **kind, **_days(period, "on"))


def _to_remark(request: StaffRequest, scope: Any) -> Any:
    """The newest contacts of others that nobody has remarked on (R002-076)."""
    rows = contacts.interactions(scope).filter(remark="", journal_entry__isnull=False)
    return rows.filter(~Q(by=request.user.party)).select_related("journal_entry")[:REMARKS]
