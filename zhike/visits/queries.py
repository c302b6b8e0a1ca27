"""Reads of visits; every query takes a scope first, and a customer's secrecy holds in each."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, TypeVar

from django.db.models import Exists, F, Model, OuterRef, Q, QuerySet, Sum

from zhike.customers.grading import queries as grading
from zhike.customers.models import Customer, Evaluation, Promise, Sale
from zhike.kernel.duties.models import Duty
from zhike.kernel.parties import subjects
from zhike.kernel.parties.models import Party
from zhike.kernel.parties.scope import Scope
from zhike.manuals.information import queries as information

from .models import Finding, Given, Guidance, Problem, SyncEntry, Visit, WeekPlan

M = TypeVar("M", bound=Model)
NAMED = ("manager", "customer__owner")


def visits(scope: Scope) -> QuerySet[Visit]:
    """Visits in the scope's units, one's own, and those of customers one looks after."""
    rows = scope.rows(Visit.objects.all(), named=NAMED, secrecy="secrecy")
    return rows.select_related("customer", "manager", "unit", "plan")


def with_record(rows: QuerySet[Visit]) -> QuerySet[Visit]:
    """With everything that stands on a record sheet, in a fixed number of queries."""
    return rows.prefetch_related("findings", "problems", "given", "guidance", "photos")


def plans(scope: Scope) -> QuerySet[WeekPlan]:
    return scope.rows(WeekPlan.objects.all(), named=("manager",)).select_related("manager", "unit")


def _of_visits(scope: Scope, rows: QuerySet[M], *also: str) -> QuerySet[M]:
    named = ("visit__manager", "visit__customer__owner", *also)
    return scope.rows(rows, named=named, secrecy="visit__secrecy").select_related(
        "visit", "visit__customer", "visit__manager", "by"
    )


def findings(scope: Scope) -> QuerySet[Finding]:
    return _of_visits(scope, Finding.objects.all())


def problems(scope: Scope) -> QuerySet[Problem]:
    return _of_visits(scope, Problem.objects.all(), "by").select_related(
        "promise", "answered_by", "request__owner"
    )


def given(scope: Scope) -> QuerySet[Given]:
    return _of_visits(scope, Given.objects.all())


def guidance(scope: Scope) -> QuerySet[Guidance]:
    return _of_visits(scope, Guidance.objects.all())


def customers(scope: Scope) -> QuerySet[Customer]:
    """Active customers whom the scope sees: in its units, or looked after by the person."""
    rows = scope.rows(Customer.objects.all(), named=("created_by", "owner"), secrecy="secrecy")
    return rows.filter(state=Customer.State.ACTIVE).select_related("unit", "owner")


def managers(scope: Scope) -> QuerySet[Party]:
    """The person, and everybody who looks after a customer in sight."""
    owners = customers(scope).exclude(owner=None).order_by().values("owner")
    return Party.objects.filter(Q(pk__in=owners.distinct()) | Q(pk=scope.party)).order_by("name")


def policies(visitor: Party, on: dt.date, kinds: Collection[str]) -> list[Any]:
    """The information of these kinds that holds at the visitor's unit, newest first, with when the visitor read it.

    What is addressed to a person is open to that person (R002-110). One query; none without kinds.
    """
    if not kinds:
        return []
    rows = information.current(Scope(party=visitor.pk), unit=visitor.unit_id or 0, on=on, kinds=sorted(kinds))
    return list(information.with_receipt(rows, visitor))


def duty_of(plan: WeekPlan) -> Duty | None:
    """What is owed about a plan through whose gate one has come."""
    return Duty.objects.open().filter(**subjects.key(plan)).first()


def unsettled(scope: Scope) -> QuerySet[SyncEntry]:
    """What devices sent and nobody has settled: of visits in sight, and what this person's devices sent."""
    rows = SyncEntry.objects.exclude(outcome=SyncEntry.Outcome.KEPT).filter(settled_at=None)
    return scope.rows(rows, unit="visit__unit", named=("by",), secrecy="visit__secrecy").select_related(
        "visit__customer", "by"
    )


def with_service(rows: QuerySet[Customer], first: dt.date, after: dt.date) -> QuerySet[Customer]:
    """Adds `served`: was visited in the period."""
    made = Visit.objects.filter(
        customer=OuterRef("pk"),
        state=Visit.State.CLOSED,
        is_absent=False,
        planned_on__gte=first,
        planned_on__lt=after,
    )
    planned = Visit.objects.filter(customer=OuterRef("pk"), planned_on__gte=first, planned_on__lt=after)
    return rows.annotate(served=Exists(made), was_planned=Exists(planned))


def without_service(rows: QuerySet[Customer], first: dt.date, after: dt.date) -> QuerySet[Customer]:
    """Who was not visited in the period; says of each whether a visit was planned."""
    return with_service(rows, first, after).filter(Q(served=False))


def left_out(customers: Iterable[int], first: dt.date, after: dt.date) -> dict[int, str]:
    """Why a planned visit of the period was not made, by customer. One query."""
    rows = Visit.objects.filter(
        customer__in=list(customers), state=Visit.State.MISSED, planned_on__gte=first, planned_on__lt=after
    )
    return dict(rows.order_by("planned_on").values_list("customer", "reason"))


def returns_due(scope: Scope) -> QuerySet[Promise]:
    """Promises made at visits that were kept, without a return visit after them (R002-137)."""
    rows = scope.rows(Promise.objects.all(), named=("keeper",), secrecy="customer__secrecy")
    followed = Visit.objects.filter(promise=OuterRef("pk")).exclude(state=Visit.State.MISSED)
    made = Problem.objects.filter(promise=OuterRef("pk"))
    return (
        rows.filter(Exists(made), ~Exists(followed), state=Promise.State.KEPT)
        .select_related("customer", "keeper")
        .order_by("ended_at")
    )


@dataclass
class Brief:
    """What one knows of a shop before the visit: sales, profit, evaluation, open matters (R004-10)."""

    sales: Decimal | None = None
    profit: Decimal | None = None
    score: Decimal | None = None
    shop_class: str = ""
    last_on: dt.date | None = None
    open_problems: list[Problem] = field(default_factory=list)
    promises: int = 0


def briefs(customers: Iterable[int], today: dt.date, *, days: int = 90) -> dict[int, Brief]:
    """The brief of several customers whose gate was passed: sales of the last days, newest evaluation. Six queries."""
    keys = list(customers)
    found = {key: Brief() for key in keys}
    since = today - dt.timedelta(days=days)
    sales = Sale.objects.filter(customer__in=keys, on__gte=since).order_by().values("customer")
    for row in sales.annotate(
        money=Sum("amount"),
        earned=Sum("amount", filter=Q(cost__isnull=False)),
        spent=Sum("cost", filter=Q(cost__isnull=False)),
    ):
        brief = found[row["customer"]]
        brief.sales = row["money"]
        if row["spent"] is not None:
            brief.profit = row["earned"] - row["spent"]
    for key, total in (
        Evaluation.objects.filter(customer__in=keys, at__isnull=False)
        .order_by("month")
        .values_list("customer", "total")
    ):
        found[key].score = total
    classes = grading.current_of(keys, "class")
    names = grading.labels(classes.values())
    for (key, dimension), grade in classes.items():
        found[key].shop_class = names.get((dimension, grade.value), grade.value)
    for key, on in (
        Visit.objects.filter(customer__in=keys, state=Visit.State.CLOSED)
        .order_by("planned_on")
        .values_list("customer", "planned_on")
    ):
        found[key].last_on = on
    open_ones = Problem.objects.filter(visit__customer__in=keys, state=Problem.State.OPEN).select_related(
        "visit", "request"
    )
    for problem in open_ones:
        found[problem.visit.customer_id].open_problems.append(problem)
    for key in Promise.objects.filter(customer__in=keys, state=Promise.State.OPEN).values_list(
        "customer", flat=True
    ):
        found[key].promises += 1
    return found


# --- conditions of lists


def late(rows: QuerySet[Visit]) -> QuerySet[Visit]:
    """Records that were completed after the day of the visit (R004-26)."""
    return rows.filter(entered_on__gt=F("planned_on"))


def bare_firsts(rows: QuerySet[Visit]) -> QuerySet[Visit]:
    """First visits without quantity or budget (R001-208)."""
    asked = Finding.objects.filter(visit=OuterRef("pk"), group="FIRST").exclude(text="")
    both = Exists(asked.filter(kind="QUANTITY")) & Exists(asked.filter(kind="BUDGET"))
    return rows.filter(~both, kind=Visit.Kind.FIRST, state=Visit.State.CLOSED)


def judged(rows: QuerySet[Visit], figure: str) -> QuerySet[Visit]:
    """Visits made at which the customer said this figure; "-": none."""
    made = rows.filter(state=Visit.State.CLOSED, is_absent=False)
    return made.filter(satisfaction=None if figure == "-" else int(figure))


def pleased(rows: QuerySet[Visit]) -> QuerySet[Visit]:
    return rows.filter(state=Visit.State.CLOSED, satisfaction__gte=4)


def answered_in_time(rows: QuerySet[Problem]) -> QuerySet[Problem]:
    return rows.filter(state=Problem.State.ANSWERED, answered_at__lte=F("reply_by"))


def answered_late(rows: QuerySet[Problem]) -> QuerySet[Problem]:
    return rows.filter(state=Problem.State.ANSWERED, answered_at__gt=F("reply_by"))
