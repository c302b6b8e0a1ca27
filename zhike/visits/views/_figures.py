"""Who was not served and why, and the figures of the register; every number opens into its rows."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.conf import settings
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from zhike.kernel import clock
from zhike.kernel.tallies.periods import Kind, Period
from zhike.kernel.worktime import arithmetic
from zhike.people.access import StaffRequest, staff_required
from zhike.ui import lists, parts
from zhike.visits import access, cadence, queries, questions, tallying
from zhike.visits.tallying import link

from ._lists import _regions, words


def period_of(request: StaffRequest, usual: Kind) -> tuple[Period, str]:
    """The period asked for; what cannot be read is said, and the usual one is shown."""
    tz = settings.TIME_ZONE
    today = arithmetic.local_date(clock.now(), tz)
    kind, day = request.GET.get("kind", usual.value), request.GET.get("day", "")
    if kind not in {"WEEK", "MONTH", "QUARTER", "YEAR"}:
        return Period.around(usual, today, tz), _("Choose a week, a month, a quarter or a year.")
    try:
        return Period.around(Kind(kind), dt.date.fromisoformat(day) if day else today, tz), ""
    except ValueError:
        return Period.around(Kind(kind), today, tz), _("“%(text)s” is no day.") % {"text": day[:20]}


def _choice(period: Period, problem: str) -> dict[str, Any]:
    return {
        "period": period,
        "problem": problem,
        "before": period.previous().first.isoformat(),
        "after": period.after.isoformat(),
        "kinds": [("WEEK", _("Week")), ("MONTH", _("Month")), ("QUARTER", _("Quarter")), ("YEAR", _("Year"))],
    }


def _why(row: Any, _now: Any) -> Any:
    if row.left_out:
        return parts.cut(row.left_out)
    if row.was_planned:
        return parts.tag(_("planned, not made yet"), "run")
    return parts.tag(_("not planned"), "late")


COVERAGE = lists.List(
    name="visit-coverage",
    title=gettext_lazy("Shops without a visit"),
    href=lambda row: reverse("customers:detail", args=[row.pk]),
    row_name=lambda row: row.name,
    sort="name",
    empty=gettext_lazy("Every shop was visited."),
    columns=(
        lists.Column("name", gettext_lazy("Customer"), lambda r, n: parts.cut(r.name), lambda r: r.name, ("sort_key", "party"), link=True, phone="title", hideable=False),
        lists.Column("why", gettext_lazy("Why"), _why, lambda r: r.left_out, width=210),
        lists.Column("last", gettext_lazy("Last visit"), lambda r, n: r.last_on.isoformat() if r.last_on else _("never"), lambda r: r.last_on, width=120, phone="side"),
        lists.Column("area", gettext_lazy("Upkeep area"), lambda r, n: r.region or "—", lambda r: r.region, width=110, drop=1),
        lists.Column("owner", gettext_lazy("Customer manager"), lambda r, n: parts.person(r.owner, empty="—"), lambda r: r.owner.name if r.owner else "", width=130),
    ),
    filters=(
        lists.text("q", gettext_lazy("Customer"), "name__contains"),
        lists.choice("area", gettext_lazy("Upkeep area"), _regions, "region"),
        lists.flag("unplanned", gettext_lazy("Not planned"), lambda rows: rows.filter(was_planned=False)),
        lists.flag("nobody", gettext_lazy("Without a customer manager"), lambda rows: rows.filter(owner=None), more=True),
    ),
    views=(
        lists.View("all", gettext_lazy("All"), "sort=name"),
        lists.View("unplanned", gettext_lazy("Not planned"), "unplanned=1"),
    ),
)  # fmt: skip


@staff_required(access.SEE)
def coverage(request: StaffRequest) -> HttpResponseBase:
    """Every standard shop has a right to the basic service: those that had none, and why (R004-01)."""
    period, problem = period_of(request, Kind.WEEK)
    scope = access.scope(request.user)

    def attach(rows: list[Any]) -> None:
        keys = [row.pk for row in rows]
        reasons, visited = queries.left_out(keys, period.first, period.after), cadence.last_visits(keys)
        for row in rows:
            row.left_out, row.last_on = reasons.get(row.pk, ""), visited.get(row.pk)

    from dataclasses import replace

    return lists.answer(
        request, replace(COVERAGE, prepare=attach), tallying.unserved(scope, period), "visits/coverage.html",
        now=clock.now(), context={**_choice(period, problem), "counted": tallying.coverage(scope, period)},
    )  # fmt: skip


def _days(period: Period, key: str) -> dict[str, str]:
    return {f"{key}_from": period.first.isoformat(), f"{key}_to": period.last.isoformat()}


@staff_required("report.see", access.LEAD)
def figures(request: StaffRequest) -> HttpResponse:
    period, problem = period_of(request, Kind.MONTH)
    scope = access.scope(request.user)
    on, at = _days(period, "on"), _days(period, "at")
    lines = dict(words(request, questions.FINDINGS["MARKET"]))
    aspects = dict(words(request, questions.ASPECTS))
    found = tallying.problems(scope, period)
    first = tallying.firsts(scope, period)
    pleased = tallying.satisfaction(scope, period)
    span = {"kind": period.kind.value, "day": period.first.isoformat()}
    context = {
        **_choice(period, problem),
        "coverage": tallying.coverage(scope, period),
        "coverage_link": f"{reverse('visits:coverage')}?kind={span['kind']}&day={span['day']}",
        "missed_link": link("visits:list", state="MISSED", **on),
        "late_link": link("visits:list", late=1, **on),
        "visits_link": link("visits:list", **on),
        "promises_link": link("visits:problems", **_days(period, "reply")),
        "returns_link": link("visits:list", kind="RETURN", **on),
        "fulfilment": tallying.fulfilment(scope, period),
        "managers": [
            (row, link("visits:list", manager=row["manager"], **on), link("visits:list", manager=row["manager"], state="MISSED", **on))
            for row in tallying.by_manager(scope, period)
        ],
        "pleased": pleased,
        "judgements": [
            *((str(figure), number, link("visits:list", satisfaction=figure, **on)) for figure, number in pleased.said.items()),
            (_("not said"), pleased.visits - pleased.answers, link("visits:list", satisfaction="-", **on)),
        ],
        "first": first,
        "first_link": link("visits:list", kind="FIRST", state="CLOSED", **on),
        "bare_link": link("visits:list", bare=1, **on),
        "market": [
            (lines.get(row["kind"], row["kind"]), row, link("visits:findings", group="MARKET", kind=row["kind"], **({"area": row["area"]} if row["area"] else {}), **at))
            for row in tallying.market(scope, period)
        ],
        "clues": tallying.clues(scope, period)[:12],
        "answers": [
            (_("Raised"), found.number, link("visits:problems", **at)),
            (_("Solved on the spot"), found.spot, link("visits:problems", spot=1, **at)),
            (_("Answered in time"), found.kept, link("visits:problems", kept=1, **at)),
            (_("Answered late"), found.late, link("visits:problems", late=1, **at)),
            (_("To be answered"), found.open, link("visits:problems", state="OPEN", **at)),
            (_("Urgent"), found.urgent, link("visits:problems", urgent=1, **at)),
        ],
        "guidance": [
            (aspects.get(row["aspect"], row["aspect"]), row, link("visits:guidance", aspect=row["aspect"], **at))
            for row in tallying.guidance(scope, period)
        ],
    }  # fmt: skip
    return render(request, "visits/figures.html", context)
