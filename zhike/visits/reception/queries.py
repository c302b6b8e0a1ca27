"""Reads of reception; every query takes a scope first."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import BooleanField, Case, Count, F, Q, QuerySet, Value, When

from zhike.kernel.parties.models import Party
from zhike.kernel.parties.scope import Scope
from zhike.kernel.tallies.figures import Ratio
from zhike.kernel.tallies.periods import Period
from zhike.people.queries import colleagues

from .models import LockerUse, Reception

# what is measured of each reception (T001-24), by the code of the manual's list
CHECKS: dict[str, Q] = {
    "GREETED": Q(greeted_at__lte=F("greet_by")),
    "WATER": Q(watered_at__isnull=False, registered_at__isnull=False)
    & (Q(entered_at=None) | Q(watered_at__lte=F("entered_at"))),
    "PURPOSE": ~Q(purpose="") & Q(passed_to__isnull=False),
    "LOCKER": Q(reminded_at__isnull=False) & (Q(entered_at=None) | Q(reminded_at__lte=F("entered_at"))),
    "LED": Q(assigned_by__isnull=False, told_at__isnull=False),
}
LATE = Q(ended_at__gt=F("reply_by"))


def receptions(scope: Scope) -> QuerySet[Reception]:
    """The log in the scope's units, what one receives oneself, and receptions of customers one looks after."""
    named = ("receiver", "passed_to", "by", "customer__owner")
    rows = scope.rows(Reception.objects.all(), named=named, secrecy="secrecy")
    return rows.select_related(
        "customer", "unit", "receiver", "passed_to", "greeted_by", "assigned_by", "by", "ended_by"
    )


def checked(rows: QuerySet[Reception]) -> QuerySet[Reception]:
    """Adds, for each check, whether it was kept: `met_GREETED` and so on."""
    given = {
        f"met_{code}": Case(When(kept, then=Value(True)), default=Value(False), output_field=BooleanField())
        for code, kept in CHECKS.items()
    }
    return rows.annotate(**given)


def failing(rows: QuerySet[Reception], code: str) -> QuerySet[Reception]:
    """Visits that are over and did not keep one check; with "ALL", any of them."""
    wanted = Q(**{f"met_{code}": False}) if code in CHECKS else Q(
        *[Q(**{f"met_{one}": False}) for one in CHECKS], _connector=Q.OR
    )  # fmt: skip
    return checked(_over(rows)).filter(wanted)


def staff(person: Party) -> QuerySet[Party]:
    """Who may receive a visitor: the person and the colleagues of the house."""
    return Party.objects.filter(pk__in=[person.pk, *(one.pk for one in colleagues(person))]).order_by("name")


def of_key_customers(rows: QuerySet[Reception]) -> QuerySet[Reception]:
    return rows.filter(is_key=True)


def lent(scope: Scope) -> QuerySet[LockerUse]:
    """Lockers whose key is out."""
    return scope.rows(LockerUse.objects.filter(returned_at=None), named=("reception__by", "reception__receiver"), secrecy="reception__secrecy").select_related("reception", "unit")  # fmt: skip


@dataclass(frozen=True)
class Compliance:
    """Receptions that are over: how many kept every check, and each of them; what was answered within the limit."""

    whole: Ratio
    checks: dict[str, Ratio]
    answered: Ratio


def compliance(scope: Scope, period: Period) -> Compliance:
    rows = receptions(scope).filter(**period.within("arrived_at")).select_related(None).order_by()
    over = _over(rows)
    every = Q(*CHECKS.values())
    counted = over.aggregate(
        number=Count("pk"), every=Count("pk", filter=every),
        **{code: Count("pk", filter=kept) for code, kept in CHECKS.items()},
    )  # fmt: skip
    ended = rows.filter(state=Reception.State.DONE)
    late = ended.aggregate(number=Count("pk"), late=Count("pk", filter=LATE))
    return Compliance(
        whole=Ratio(counted["every"], counted["number"]),
        checks={code: Ratio(counted[code], counted["number"]) for code in CHECKS},
        answered=Ratio(late["number"] - late["late"], late["number"]),
    )


def _over(rows: QuerySet[Reception]) -> QuerySet[Reception]:
    return rows.filter(kind=Reception.Kind.VISIT, state=Reception.State.DONE)
