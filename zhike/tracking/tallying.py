"""Figures of tracking: P000-02, P000-07, P001-17, P003-08, ST002-54, ST002-59. Every number opens into its rows."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from django.db.models import Count, F, Q, QuerySet, Sum
from django.db.models.functions import TruncWeek
from django.urls import reverse

from zhike.customers.contacts import queries as contacts
from zhike.customers.models import Customer, Grade, Interaction, Profile
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


def _count(condition: Q) -> Count:
    return Count("id", filter=condition)


def _counts(now: dt.datetime) -> dict[str, Count]:
    done, still = Q(state=Duty.State.DONE), Q(state=Duty.State.OPEN)
    return {
        "due": Count("id"),
        "made": _count(done & Q(done_at__lte=F("due_at"))),
        "late": _count(done & Q(done_at__gt=F("due_at"))),
        "overdue": _count(still & Q(due_at__lt=now)),
    }


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
    return reading(owed(scope, period).aggregate(**_counts(now)))


def by(scope: Scope, period: Period, now: dt.datetime, *columns: str) -> list[dict[str, Any]]:
    rows = owed(scope, period).order_by().values(*columns).annotate(**_counts(now))
    return list(rows.order_by("-overdue", "-due")[:30])


def coverage(scope: Scope, **condition: Any) -> Ratio:
    """Customers with person, place, time and area, of all active ones (P000-02)."""
    rows = queries.customers(scope).filter(**condition)
    return Ratio(queries.four_fixed(rows).count(), rows.count())


def weeks(scope: Scope, now: dt.datetime, tz: str) -> list[tuple[dt.date, Owed]]:
    """The last twelve weeks: what fell due, by what became of it. One query."""
    zone = ZoneInfo(tz)
    first = Period.around(Kind.WEEK, arithmetic.local_date(now, tz), tz)  # this week
    since = first.begins_at - dt.timedelta(weeks=WEEKS - 1)
    rows = scope.rows(Duty.objects.all(), named=("owner",), secrecy="secrecy").filter(
        kind__in=CONTACTS,
        state__in=[Duty.State.OPEN, Duty.State.DONE],
        due_at__gte=since,
        due_at__lt=first.ends_at,
    )
    found = {
        row["week"]: reading(row)
        for row in rows.order_by().annotate(week=TruncWeek("due_at", tzinfo=zone)).values("week").annotate(**_counts(now))
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
        owed(scope, period, tuple(JOURNAL_KINDS.values())).order_by().values("kind").annotate(**_counts(now))
    )
    found = {row["kind"]: reading(row) for row in rows}
    return [(code, found.get(kind, Owed(0, 0, 0, 0))) for code, kind in JOURNAL_KINDS.items()]


def moments(scope: Scope, period: Period, now: dt.datetime) -> list[tuple[str, Owed]]:
    """Contacts at key moments due, done and late, by moment (P003-08)."""
    rows = queries.moments(scope).filter(**period.within("due_at")).exclude(state=Moment.State.LEFT_OUT)
    found = rows.select_related(None).order_by().values("kind").annotate(
        due=Count("id"),
        made=_count(Q(state="DONE", ended_at__lte=F("due_at"))),
        late=_count(Q(state="DONE", ended_at__gt=F("due_at"))),
        overdue=_count(Q(state="OPEN", due_at__lt=now)),
    )  # fmt: skip
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
    rows = _held(scope, period).values("strategy").annotate(
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


def _held(scope: Scope, period: Period) -> QuerySet[Activity]:
    rows = queries.activities(scope).select_related(None).order_by()
    return rows.filter(state=Activity.State.HELD, on__gte=period.first, on__lt=period.after)


@dataclass(frozen=True)
class Effort:
    """Rounds, calls, gifts, events, trials of a period (ST002-59)."""

    key: str
    number: int
    cost: Decimal
    feedback: int


def efforts(scope: Scope, period: Period) -> list[Effort]:
    said = contacts.interactions(scope).filter(is_incoming=False, **period.within("at"))
    answered = ~Q(feedback="")
    spoken = said.select_related(None).order_by().aggregate(
        rounds=_count(Q(way=Interaction.Way.VISIT)),
        heard=_count(Q(way=Interaction.Way.VISIT) & answered),
        calls=_count(Q(way=Interaction.Way.PHONE)),
        replies=_count(Q(way=Interaction.Way.PHONE) & answered),
    )  # fmt: skip
    parts = {
        "GIFTS": Q(kind=Activity.Kind.GIFT),
        "EVENTS": ~Q(kind__in=[Activity.Kind.GIFT, Activity.Kind.TRIAL]),
        "TRIALS": Q(kind=Activity.Kind.TRIAL),
    }
    held = _held(scope, period).aggregate(
        **{f"{key}_n": _count(cond) for key, cond in parts.items()},
        **{f"{key}_cost": Sum("cost", filter=cond) for key, cond in parts.items()},
        **{f"{key}_heard": _count(cond & ~Q(feedback="")) for key, cond in parts.items()},
    )
    return [
        Effort("ROUNDS", spoken["rounds"], Decimal(0), spoken["heard"]),
        Effort("CALLS", spoken["calls"], Decimal(0), spoken["replies"]),
        *(
            Effort(key, held[f"{key}_n"], held[f"{key}_cost"] or Decimal(0), held[f"{key}_heard"])
            for key in parts
        ),
    ]


def lost(scope: Scope, period: Period, days: int) -> Ratio:
    """Customers without purchase for `days` at the end of the period, of those who had bought by its start (ST002-54)."""
    known = Profile.objects.filter(
        customer__in=queries.customers(scope).order_by().values("pk"), first_order_on__lt=period.first
    )
    return Ratio(
        known.filter(last_order_on__lt=period.after - dt.timedelta(days=days)).count(), known.count()
    )


def at_risk(scope: Scope) -> dict[str, int]:
    rows = queries.plans(scope).select_related(None).exclude(risk="").order_by()
    return dict(rows.values_list("risk").annotate(n=Count("pk")))


def stages(scope: Scope) -> dict[str, int]:
    """Existing, future and potential customers (R002-075)."""
    rows = queries.customers(scope).select_related(None).order_by()
    return rows.aggregate(**{code: Count("pk", filter=cond) for code, cond in queries.STAGES.items()})


def dealings(scope: Scope) -> dict[str, Ratio]:
    """Direct and indirect customers with a plan, of all: both kinds are under upkeep (R002-073)."""
    rows = queries.customers(scope).select_related(None).order_by()
    return {
        code: Ratio(
            rows.filter(dealing=code, contact_plan__isnull=False).count(), rows.filter(dealing=code).count()
        )
        for code in Customer.Dealing.values
    }


# --- where the rows are ------------------------------------------------------------------------------------


def link(name: str, **conditions: Any) -> str:
    """A list with its conditions; "view=-" keeps the list from choosing its own."""
    return f"{reverse(name)}?{urlencode({'view': '-', **conditions})}"
