"""Figures of tracking: P000-02, P000-07, P001-17, P003-08. Every number opens into its rows."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from django.db.models import Count, DateTimeField, F, Q, QuerySet, Sum
from django.db.models import Value as SqlValue
from django.db.models.functions import Coalesce, TruncWeek
from django.urls import reverse

from zhike.customers.models import Grade
from zhike.kernel.duties.models import Duty
from zhike.kernel.parties.scope import Scope
from zhike.kernel.tallies.figures import Ratio
from zhike.kernel.tallies.periods import Kind, Period
from zhike.kernel.worktime import arithmetic

from . import queries
from .models import Activity, Moment
from .queries import JOURNAL_KINDS, PHONE, VISIT

CONTACTS = (*JOURNAL_KINDS.values(), PHONE, VISIT)
WEEKS = 12


@dataclass(frozen=True)
class Owed:
    """Contacts that fell due, were made in time, made late, or are overdue."""

    due: int
    made: int
    late: int
    overdue: int


def outcomes(now: dt.datetime) -> dict[str, Q]:
    """What became of a contact that is owed: made in time, made late, overdue, or not due yet."""
    stopped = Coalesce("paused_at", "done_at", SqlValue(now, output_field=DateTimeField()))
    done, still = Q(state=Duty.State.DONE), Q(state=Duty.State.OPEN)
    return {
        "made": done & Q(due_at__gte=stopped),
        "late": done & Q(due_at__lt=stopped),
        "overdue": still & Q(due_at__lt=stopped),
        "ahead": still & Q(due_at__gte=stopped),
    }


def of_moments(now: dt.datetime) -> dict[str, Q]:
    """The same of contacts at key moments; what was left out is owed no longer."""
    return {
        "made": Q(state=Moment.State.DONE, ended_at__lte=F("due_at")),
        "late": Q(state=Moment.State.DONE, ended_at__gt=F("due_at")),
        "overdue": Q(state=Moment.State.OPEN, due_at__lt=now),
        "ahead": Q(state=Moment.State.OPEN, due_at__gte=now),
    }


def _counts(parts: dict[str, Q]) -> dict[str, Count]:
    return {"due": Count("id")} | {key: Count("id", filter=parts[key]) for key in ("made", "late", "overdue")}


def owed(scope: Scope, period: Period, kinds: tuple[str, ...] = CONTACTS) -> QuerySet[Duty]:
    """Contacts that fell due in the period; what was cancelled or waived is owed by nobody."""
    rows = scope.rows(Duty.objects.all(), named=("owner",), secrecy="secrecy")
    return rows.filter(
        kind__in=kinds, state__in=[Duty.State.OPEN, Duty.State.DONE], **period.within("due_at")
    )


def reading(found: Any) -> Owed:
    """A row of `_counts`."""
    return Owed(found["due"], found["made"], found["late"], found["overdue"])


def totals(scope: Scope, period: Period, now: dt.datetime) -> Owed:
    return reading(owed(scope, period).aggregate(**_counts(outcomes(now))))


def by(scope: Scope, period: Period, now: dt.datetime, *columns: str) -> list[dict[str, Any]]:
    rows = owed(scope, period).order_by().values(*columns).annotate(**_counts(outcomes(now)))
    return list(rows.order_by("-overdue", "-due", *columns))


def coverage(scope: Scope) -> Ratio:
    """Customers with person, place, time and area, of all active ones (P000-02)."""
    rows = queries.customers(scope)
    return Ratio(rows.filter(queries.FOUR_FIXED).count(), rows.count())


def areas(scope: Scope) -> dict[str, Ratio]:
    """The same by area; one query."""
    rows = queries.customers(scope).select_related(None).order_by().values("region")
    found = rows.annotate(part=Count("pk", filter=queries.FOUR_FIXED), whole=Count("pk")).order_by("region")
    return {row["region"]: Ratio(row["part"], row["whole"]) for row in found}


def weeks(scope: Scope, now: dt.datetime, tz: str) -> list[tuple[dt.date, Owed]]:
    """The last twelve weeks: what fell due, by what became of it. One query."""
    first = Period.around(Kind.WEEK, arithmetic.local_date(now, tz), tz)  # this week
    since = first.first - dt.timedelta(weeks=WEEKS - 1)
    rows = owed(scope, Period.of_days(since, first.last, tz))
    found = {
        row["week"]: reading(row)
        for row in rows.order_by().annotate(week=TruncWeek("due_at", tzinfo=ZoneInfo(tz))).values("week").annotate(**_counts(outcomes(now)))
    }  # fmt: skip
    by_day = {arithmetic.local_date(week, tz): one for week, one in found.items()}
    days = [first.first - dt.timedelta(weeks=back) for back in range(WEEKS - 1, -1, -1)]
    return [(day, by_day.get(day, Owed(0, 0, 0, 0))) for day in days]


def grades(scope: Scope) -> list[tuple[str, int]]:
    """Customers by grade (P001-17)."""
    seen = queries.customers(scope).order_by().values("pk")
    rows = Grade.objects.filter(dimension="grade", until=None, customer__in=seen)
    return list(rows.order_by().values_list("value").annotate(n=Count("id")).order_by("value"))


def moves(scope: Scope, period: Period) -> list[tuple[str, str, int]]:
    """Decisions on grades that changed something, by before and after (P001-17)."""
    rows = queries.entries(scope).filter(**period.within("at")).exclude(grade_before=F("grade_after"))
    found = rows.select_related(None).order_by().values_list("grade_before", "grade_after")
    return [(a, b, n) for a, b, n in found.annotate(n=Count("pk")).order_by("-n")]


def journals(scope: Scope, period: Period, now: dt.datetime) -> list[tuple[str, Owed]]:
    """Entries due, done and late by journal (P001-17)."""
    rows = (
        owed(scope, period, tuple(JOURNAL_KINDS.values()))
        .order_by()
        .values("kind")
        .annotate(**_counts(outcomes(now)))
    )
    found = {row["kind"]: reading(row) for row in rows}
    return [(code, found.get(kind, Owed(0, 0, 0, 0))) for code, kind in JOURNAL_KINDS.items()]


def moments(scope: Scope, period: Period, now: dt.datetime) -> list[tuple[str, Owed]]:
    """Contacts at key moments due, done and late, by moment (P003-08)."""
    rows = queries.moments(scope).filter(**period.within("due_at")).exclude(state=Moment.State.LEFT_OUT)
    found = rows.select_related(None).order_by().values("kind").annotate(**_counts(of_moments(now)))
    by_kind = {row["kind"]: reading(row) for row in found}
    return [(kind, by_kind[kind]) for kind in Moment.Kind.values if kind in by_kind]


@dataclass(frozen=True)
class Strategy:
    place: int
    number: int
    cost: Decimal
    heads: int
    introductions: int
    business: Decimal


def strategies(scope: Scope, period: Period) -> list[Strategy]:
    """Relation activities held, by strategy (P000-07); all eight places, the empty ones too."""
    rows = held(scope, period).values("strategy").annotate(
        number=Count("id"), money=Sum("cost"), came=Sum("heads"), won=Sum("introductions"), gained=Sum("business"),
    )  # fmt: skip
    found = {
        row["strategy"]: Strategy(
            row["strategy"], row["number"], row["money"] or Decimal(0), row["came"] or 0, row["won"] or 0,
            row["gained"] or Decimal(0),
        )
        for row in rows
    }  # fmt: skip
    return [found.get(place, Strategy(place, 0, Decimal(0), 0, 0, Decimal(0))) for place in range(1, 9)]


def held(scope: Scope, period: Period) -> QuerySet[Activity]:
    rows = queries.activities(scope).select_related(None).order_by()
    return rows.filter(state=Activity.State.HELD, on__gte=period.first, on__lt=period.after)


def at_risk(scope: Scope) -> dict[str, int]:
    rows = queries.plans(scope).select_related(None).exclude(risk="").order_by()
    return dict(rows.values_list("risk").annotate(n=Count("pk")))


# --- where the rows are ------------------------------------------------------------------------------------


def link(name: str, **conditions: Any) -> str:
    """A list with its conditions; "view=-" keeps the list from choosing its own."""
    return f"{reverse(name)}?{urlencode({'view': '-', **conditions})}"


def days(period: Period, key: str = "due") -> dict[str, str]:
    return {f"{key}_from": period.first.isoformat(), f"{key}_to": period.last.isoformat()}
