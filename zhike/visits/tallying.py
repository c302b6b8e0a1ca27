"""Figures of visits: P001-24, P004-01, P004-03, P004-04, P004-05, ST002-57. Every number opens into its rows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet
from django.urls import reverse

from zhike.customers.models import Customer, Promise
from zhike.kernel.parties.scope import Scope
from zhike.kernel.tallies.figures import Ratio
from zhike.kernel.tallies.periods import Period

from . import queries
from .models import Finding, Guidance, Problem, Visit

MARKET = "MARKET"
ILLEGAL = "ILLEGAL"


def _in(period: Period) -> dict[str, Any]:
    return {"planned_on__gte": period.first, "planned_on__lt": period.after}


def visits(scope: Scope, period: Period) -> QuerySet[Visit]:
    return queries.visits(scope).filter(**_in(period))


@dataclass(frozen=True)
class Coverage:
    """Shops visited, planned visits and those made; shops without the basic service (P004-01)."""

    served: Ratio
    done: Ratio  # visits made, of those planned
    missed: int
    late: int  # records that were completed after the day of the visit
    unserved: int
    unplanned: int


def coverage(scope: Scope, period: Period) -> Coverage:
    shops = queries.with_service(queries.customers(scope), period.first, period.after).order_by()
    counted = shops.select_related(None).aggregate(
        whole=Count("pk"),
        reached=Count("pk", filter=Q(served=True)),
        forgotten=Count("pk", filter=Q(served=False, was_planned=False)),
    )
    rows = visits(scope, period).select_related(None).order_by()
    of_plan = ~Q(kind=Visit.Kind.ROUND)
    found = rows.aggregate(
        planned=Count("pk", filter=of_plan),
        made=Count("pk", filter=of_plan & Q(state=Visit.State.CLOSED)),
        missed=Count("pk", filter=Q(state=Visit.State.MISSED)),
        late=Count("pk", filter=Q(entered_on__gt=F("planned_on"))),
    )
    return Coverage(
        served=Ratio(counted["reached"], counted["whole"]),
        done=Ratio(found["made"], found["planned"]),
        missed=found["missed"],
        late=found["late"],
        unserved=counted["whole"] - counted["reached"],
        unplanned=counted["forgotten"],
    )


def unserved(scope: Scope, period: Period) -> QuerySet[Customer]:
    """Shops that had no visit in the period."""
    return queries.without_service(queries.customers(scope), period.first, period.after)


def by_manager(scope: Scope, period: Period) -> list[Any]:
    rows = visits(scope, period).select_related(None).order_by().values("manager", "manager__name")
    return list(
        rows.annotate(
            planned=Count("pk", filter=~Q(kind=Visit.Kind.ROUND)),
            made=Count("pk", filter=Q(state=Visit.State.CLOSED)),
            missed=Count("pk", filter=Q(state=Visit.State.MISSED)),
        ).order_by("manager__name")
    )


@dataclass(frozen=True)
class First:
    """First visits, with the information complete, followed by another visit (P001-24)."""

    number: int
    complete: int
    followed: int


def firsts(scope: Scope, period: Period) -> First:
    asked = Finding.objects.filter(visit=OuterRef("pk"), group="FIRST").exclude(text="")
    later = Visit.objects.filter(
        customer=OuterRef("customer"), planned_on__gt=OuterRef("planned_on"), state=Visit.State.CLOSED
    )
    rows = visits(scope, period).filter(kind=Visit.Kind.FIRST, state=Visit.State.CLOSED).order_by()
    found = rows.select_related(None).annotate(
        has_quantity=Exists(asked.filter(kind="QUANTITY")),
        has_budget=Exists(asked.filter(kind="BUDGET")),
        has_next=Exists(later),
    )
    return First(**found.aggregate(
        number=Count("pk"),
        complete=Count("pk", filter=Q(has_quantity=True, has_budget=True)),
        followed=Count("pk", filter=Q(has_next=True)),
    ))  # fmt: skip


def market(scope: Scope, period: Period) -> list[Any]:
    """What was learnt, by kind and area (P004-03). Answers without news count as asked."""
    rows = queries.findings(scope).filter(group=MARKET, **period.within("at")).select_related(None).order_by()
    return list(
        rows.values("kind", "area")
        .annotate(asked=Count("id"), told=Count("id", filter=~Q(text="")))
        .order_by("kind", "area")
    )


def clues(scope: Scope, period: Period) -> QuerySet[Finding]:
    """Clues to illegal cigarettes, listed by themselves (P004-03)."""
    rows = queries.findings(scope).filter(group=MARKET, kind=ILLEGAL, **period.within("at"))
    return rows.exclude(text="").order_by("-at")


@dataclass(frozen=True)
class Answers:
    """Problems raised, solved on the spot, answered by the promised time, late, open, urgent (P004-04)."""

    number: int
    spot: int
    kept: int
    late: int
    open: int
    urgent: int


def problems(scope: Scope, period: Period) -> Answers:
    rows = queries.problems(scope).filter(**period.within("at")).select_related(None).order_by()
    answered = Q(state=Problem.State.ANSWERED, reply_by__isnull=False)
    return Answers(**rows.aggregate(
        number=Count("id"),
        spot=Count("id", filter=Q(state=Problem.State.ANSWERED, reply_by=None)),
        kept=Count("id", filter=answered & Q(answered_at__lte=F("reply_by"))),
        late=Count("id", filter=answered & Q(answered_at__gt=F("reply_by"))),
        open=Count("id", filter=Q(state=Problem.State.OPEN)),
        urgent=Count("id", filter=Q(urgent=True)),
    ))  # fmt: skip


def guidance(scope: Scope, period: Period) -> list[Any]:
    """Guidance by aspect: looked at, with something found, shown in person, with an effect, minutes (P004-05)."""
    rows = queries.guidance(scope).filter(**period.within("at")).select_related(None).order_by()
    return list(
        rows.values("aspect")
        .annotate(
            number=Count("id"),
            found=Count("id", filter=Q(is_fine=False)),
            shown=Count("id", filter=~Q(demonstration="")),
            effect=Count("id", filter=~Q(effect="")),
            shops=Count("visit__customer", distinct=True),
        )
        .order_by("-number")
    )


def guided(scope: Scope, period: Period, aspect: str = "") -> QuerySet[Guidance]:
    rows = queries.guidance(scope).filter(**period.within("at"))
    return rows.filter(aspect=aspect) if aspect else rows


@dataclass(frozen=True)
class Fulfilment:
    """Visits done of planned, commitments kept on time of all that fell due, return visits of fulfilled (ST002-57)."""

    visits: Ratio
    promises: Ratio
    returns: Ratio


def fulfilment(scope: Scope, period: Period) -> Fulfilment:
    made = Problem.objects.filter(promise=OuterRef("pk"))
    promised = scope.rows(Promise.objects.all(), named=("keeper",), secrecy="customer__secrecy").filter(
        Exists(made)
    )
    due = promised.filter(**period.within("due_at")).exclude(state=Promise.State.RELEASED).order_by()
    kept = promised.filter(state=Promise.State.KEPT, **period.within("ended_at")).order_by()
    returned = Visit.objects.filter(promise=OuterRef("pk"), state=Visit.State.CLOSED)
    return Fulfilment(
        visits=coverage(scope, period).done,
        promises=Ratio(due.filter(state=Promise.State.KEPT, ended_at__lte=F("due_at")).count(), due.count()),
        returns=Ratio(kept.filter(Exists(returned)).count(), kept.count()),
    )


@dataclass(frozen=True)
class Satisfaction:
    """What customers said at visits that were made: how many gave each figure, and how many none (R002-137)."""

    visits: int
    said: dict[int, int]  # 5 down to 1

    @property
    def answers(self) -> int:
        return sum(self.said.values())

    @property
    def mean(self) -> float | None:
        total = sum(figure * number for figure, number in self.said.items())
        return round(total / self.answers, 2) if self.answers else None


def satisfaction(scope: Scope, period: Period) -> Satisfaction:
    """One query."""
    made = visits(scope, period).filter(state=Visit.State.CLOSED, is_absent=False).select_related(None)
    found = dict(made.order_by().values_list("satisfaction").annotate(Count("pk")))
    return Satisfaction(sum(found.values()), {figure: found.get(figure, 0) for figure in range(5, 0, -1)})


def link(name: str, **conditions: Any) -> str:
    """A list with its conditions; "view=-" keeps the list from choosing its own."""
    return f"{reverse(name)}?{urlencode({'view': '-', **conditions})}"
