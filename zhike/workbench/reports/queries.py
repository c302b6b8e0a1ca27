"""Reads of reports: the own ones and those of the people one leads; gaps; work done in time."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, F, Q, QuerySet

from zhike.kernel.duties.models import Duty
from zhike.kernel.parties.scope import Scope
from zhike.kernel.tallies.periods import Period
from zhike.workbench.models import Gap, Report
from zhike.workbench.questions import WORKS

# works of T004-02 -> kinds of duties that stand for them
KINDS: dict[str, tuple[str, ...]] = {
    "MONTH_PLAN": ("work_report.month_plan",),
    "VISIT_SHEETS": ("visits.plan",),
    "VISIT_RECORD": ("visits.record",),
    "URGENT": ("visits.urgent", "request.urgent"),
    "FEEDBACK": ("request.answer", "request.tell"),
    "MESSAGE": ("message.answer",),
    "EVALUATION": ("customers.evaluate",),
    "WEEK": ("work_report.week",),
    "MONTH": ("work_report.month",),
    "SUMMARY": ("work_report.summary",),
}


def kinds_of(work: str) -> tuple[str, ...]:
    """Kinds of duties of one work, or with "ALL" of every work of T004-02."""
    return tuple(kind for found in KINDS.values() for kind in found) if work == "ALL" else KINDS.get(work, ())


def reports(scope: Scope) -> QuerySet[Report]:
    """Of the visible units those that are submitted, and the own ones."""
    rows = scope.rows(Report.objects.all(), named=("author", "commented_by"))
    seen = ~Q(state=Report.State.DRAFT) | Q(author=scope.party)
    return rows.filter(seen).select_related("author", "unit", "commented_by")


def gaps(scope: Scope) -> QuerySet[Gap]:
    """Service gaps by manager (P004-07)."""
    seen = reports(scope).filter(kind=Report.Kind.MONTH).order_by().values("pk")
    return Gap.objects.filter(report__in=seen).select_related("report__author", "report__unit")


def duties(scope: Scope) -> QuerySet[Duty]:
    """Duties of the visible units, and the own ones; what was cancelled or waived is owed by nobody."""
    rows = scope.rows(Duty.objects.all(), named=("owner",), secrecy="secrecy")
    return rows.filter(state__in=[Duty.State.OPEN, Duty.State.DONE]).select_related(
        "owner", "unit", "customer"
    )


@dataclass(frozen=True)
class Timely:
    """Works that fell due in a period: in time, late, overdue (P004-02)."""

    due: int
    made: int
    late: int
    overdue: int

    @property
    def percent(self) -> float | None:
        done = self.made + self.late + self.overdue
        return round(100 * self.made / done, 1) if done else None


def _counts(now: dt.datetime) -> dict[str, Count]:
    done = Q(state=Duty.State.DONE)
    return {
        "due": Count("id"),
        "made": Count("id", filter=done & Q(done_at__lte=F("due_at"))),
        "late": Count("id", filter=done & Q(done_at__gt=F("due_at"))),
        "overdue": Count("id", filter=Q(state=Duty.State.OPEN, due_at__lt=now)),
    }


def _timely(row: dict[str, Any]) -> Timely:
    return Timely(row["due"], row["made"], row["late"], row["overdue"])


def _owed(scope: Scope, period: Period) -> QuerySet[Duty]:
    return (
        duties(scope)
        .filter(kind__in=kinds_of("ALL"), **period.within("due_at"))
        .select_related(None)
        .order_by()
    )


def timeliness(scope: Scope, period: Period, now: dt.datetime) -> list[tuple[str, Timely]]:
    """By work of T004-02. One query."""
    counted: Any = _owed(scope, period).values("kind").annotate(**_counts(now))
    found = {row["kind"]: row for row in counted}
    rows = []
    for work, _zh, _en in WORKS:
        mine = [found[kind] for kind in KINDS[work] if kind in found]
        total = {key: sum(row[key] for row in mine) for key in ("due", "made", "late", "overdue")}
        rows.append((work, _timely(total)))
    return rows


def by_person(scope: Scope, period: Period, now: dt.datetime) -> list[tuple[int, str, Timely]]:
    """Key, name and works of each person; people of the same name stay apart."""
    owned: Any = _owed(scope, period).filter(owner__isnull=False).values("owner", "owner__name")
    rows = owned.annotate(**_counts(now)).order_by("-overdue", "-late", "owner__name", "owner")
    return [(row["owner"], row["owner__name"], _timely(row)) for row in rows[:40]]
