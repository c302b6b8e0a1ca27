"""The supervisor's page: coverage, what is overdue and with whom, remarks; and the figures of the register."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from zhike.customers.contacts import queries as contacts
from zhike.kernel import clock
from zhike.kernel.parties.scope import Scope
from zhike.kernel.tallies import figures
from zhike.kernel.tallies.figures import Question, Ratio
from zhike.kernel.tallies.periods import Kind, Period
from zhike.kernel.worktime import arithmetic
from zhike.people.access import StaffRequest, staff_required
from zhike.tracking import access, queries, statistics, tallying
from zhike.tracking.models import Moment, Plan
from zhike.tracking.tallying import days, link
from zhike.tracking.wording import words_of

REMARKS = 8


@staff_required("report.see", access.LEAD)
def overview(request: StaffRequest) -> HttpResponse:
    now, tz = clock.now(), settings.TIME_ZONE
    scope = access.scope(request.user)
    period, problem = _period(request, arithmetic.local_date(now, tz), tz)
    asked = Question(scope, period)
    areas = _areas(scope, period, now)
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
        # as it stands today, whatever the period: there is nothing to compare it with
        "fixed": {"number": statistics.FIXED.number(asked), "url": statistics.FIXED.url(asked)},
        "lost": figures.read(statistics.LOST, asked),
        "totals": tallying.totals(scope, period, now),
        "all": _opened(period),
        "weeks": _week_chart(tallying.weeks(scope, now, tz)),
        "areas": areas,
        "cover": _area_chart(areas),
        "owners": [
            (row["owner__name"] or _("nobody"), tallying.reading(row), _opened(period, owner=row["owner"] or "-"))
            for row in tallying.by(scope, period, now, "owner", "owner__name")
        ],
        "journals": [
            (Plan.Journal(code).label, one, _opened(period, kind=queries.JOURNAL_KINDS[code]))
            for code, one in tallying.journals(scope, period, now)
        ],
        "grades": [
            (value, number, link("tracking:customers", grade=value)) for value, number in tallying.grades(scope)
        ],
        "moves": [
            (before, after, number, link("tracking:journal", before=before or "-", after=after, moved=1, **days(period, "at")))
            for before, after, number in tallying.moves(scope, period)
        ],
        "moments": [
            (Moment.Kind(kind).label, one, link("tracking:moments", kind=kind, **days(period)))
            for kind, one in tallying.moments(scope, period, now)
        ],
        "strategies": _strategies(scope, period, request.user.party.unit_id or 0, now),
        "efforts": statistics.efforts(asked),
        "risks": statistics.LOST.breakdowns[0].parts(asked),
        "remarks": _to_remark(request, scope),
    }  # fmt: skip
    return render(request, "tracking/overview.html", context)


def _opened(period: Period, **conditions: Any) -> str:
    """The contacts that fell due in a period; the page adds what became of them."""
    return link("tracking:owed", **days(period), **conditions)


def _period(request: StaffRequest, today: dt.date, tz: str) -> tuple[Period, str]:
    """The period asked for; what cannot be read is said, and this month is shown."""
    kind, day = request.GET.get("kind", "MONTH"), request.GET.get("day", "")
    if kind not in {"WEEK", "MONTH", "QUARTER", "YEAR"}:
        return Period.around(Kind.MONTH, today, tz), _("Choose a week, a month, a quarter or a year.")
    try:
        return Period.around(Kind(kind), dt.date.fromisoformat(day) if day else today, tz), ""
    except ValueError:
        return Period.around(Kind(kind), today, tz), _("“%(text)s” is no day.") % {"text": day[:20]}


def _week_chart(weeks: list[tuple[dt.date, tallying.Owed]]) -> dict[str, Any]:
    """Columns of twelve weeks; each part opens into its contacts."""

    def part(name: str, state: str, outcome: str, number: Callable[[tallying.Owed], int]) -> dict[str, Any]:
        spans = [
            {"due_from": day.isoformat(), "due_to": (day + dt.timedelta(days=6)).isoformat()}
            for day, _one in weeks
        ]
        return {
            "name": name,
            "state": state,
            "values": [number(one) for _day, one in weeks],
            "links": [link("tracking:owed", outcome=outcome, **span) for span in spans],
        }  # fmt: skip

    return {
        "labels": [f"{day:%m-%d}" for day, _one in weeks],
        "series": [
            part(_("in time"), "met", "made", lambda one: one.made),
            part(_("late"), "run", "late", lambda one: one.late),
            part(_("overdue"), "late", "overdue", lambda one: one.overdue),
            part(_("not due yet"), "none", "ahead", lambda one: one.due - one.made - one.late - one.overdue),
        ],
    }


@dataclass(frozen=True)
class Area:
    code: str
    name: str
    owed: tallying.Owed
    covered: Ratio
    url: str  # of its contacts
    covered_url: str
    whole_url: str


def _areas(scope: Scope, period: Period, now: dt.datetime) -> list[Area]:
    """Every area with customers or contacts, the largest first."""
    column = "customer__customer__region"
    owed = {row[column] or "": tallying.reading(row) for row in tallying.by(scope, period, now, column)}
    covered = tallying.areas(scope)
    found = []
    for name in covered.keys() | owed.keys():
        code = name or "-"
        found.append(
            Area(
                code, name or _("no area"), owed.get(name, tallying.Owed(0, 0, 0, 0)), covered.get(name, Ratio(0, 0)),
                _opened(period, area=code), link("tracking:customers", area=code, fixed=1), link("tracking:customers", area=code),
            )
        )  # fmt: skip
    return sorted(found, key=lambda one: (-one.covered.whole, one.code))


def _area_chart(areas: list[Area]) -> dict[str, Any]:
    """Customers by area, those with all four fixes and the others."""
    return {
        "labels": [one.name for one in areas],
        "series": [
            {"name": _("all four fixed"), "state": "met", "values": [one.covered.part for one in areas], "links": [one.covered_url for one in areas]},
            {"name": _("with gaps"), "state": "late", "values": [one.covered.whole - one.covered.part for one in areas], "links": [link("tracking:gaps", area=one.code) for one in areas]},
        ],
    }  # fmt: skip


def _strategies(scope: Scope, period: Period, home: int, now: dt.datetime) -> list[tuple[Any, ...]]:
    words = dict(words_of("STRATEGIES", home, now))
    return [
        (one.place, words.get(str(one.place), ""), one, link("tracking:activities", strategy=one.place, state="HELD", **days(period, "on")))
        for one in tallying.strategies(scope, period)
    ]  # fmt: skip


def _to_remark(request: StaffRequest, scope: Scope) -> Any:
    """The newest contacts of others that nobody has remarked on (R002-076)."""
    rows = contacts.interactions(scope).filter(remark="", journal_entry__isnull=False)
    return rows.filter(~Q(by=request.user.party)).select_related("journal_entry")[:REMARKS]
