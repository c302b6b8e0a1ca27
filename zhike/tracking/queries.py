"""Reads of tracking; every query takes a scope first, and a customer's secrecy holds in each."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db.models import (
    Case,
    CharField,
    Count,
    Exists,
    F,
    IntegerField,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Sum,
    Value,
    When,
)

from zhike.customers.models import Customer, Grade, Link, Profile
from zhike.kernel.duties.models import Duty
from zhike.kernel.parties.models import Unit
from zhike.kernel.parties.scope import Scope

from .models import Activity, JournalEntry, Moment, Observation, Plan, RoleEvidence

# kinds of duties; the code of a journal is the kind of its duty
JOURNAL_KINDS = {code: f"tracking.{code.lower()}" for code in Plan.Journal.values}
PHONE, VISIT, MOMENT = "tracking.phone", "tracking.visit", "tracking.moment"
KINDS = (*JOURNAL_KINDS.values(), PHONE, VISIT, MOMENT)
PROMISES = ("customer.promise", "customer.promise_ready")


def owned(scope: Scope) -> QuerySet[Customer]:
    """Customers that this person looks after."""
    if scope.party is None:
        return Customer.objects.none()
    return Customer.objects.filter(owner=scope.party)


def customers(scope: Scope) -> QuerySet[Customer]:
    """Every customer whose upkeep the scope sees: in its units, or looked after by the person."""
    rows = scope.rows(Customer.objects.all(), named=("created_by", "owner"), secrecy="secrecy")
    rows = rows.filter(state=Customer.State.ACTIVE)
    return rows.select_related("unit", "owner", "contact_plan", "profile")


def plans(scope: Scope) -> QuerySet[Plan]:
    rows = scope.rows(Plan.objects.all(), named=("customer__owner",), secrecy="customer__secrecy")
    return rows.filter(customer__state=Customer.State.ACTIVE).select_related(
        "customer", "customer__owner", "unit"
    )


def at_risk(scope: Scope) -> QuerySet[Plan]:
    """Who may leave; `rank` counts from 1, the highest risk."""
    ranks = [When(risk=code, then=Value(place)) for place, code in enumerate(Plan.Risk.values, 1)]
    rows = plans(scope).exclude(risk="")
    return rows.annotate(rank=Case(*ranks, default=Value(9), output_field=IntegerField()))


def entries(scope: Scope) -> QuerySet[JournalEntry]:
    rows = scope.rows(JournalEntry.objects.all(), named=("by",), secrecy="plan__customer__secrecy")
    return rows.select_related("interaction", "interaction__contact", "plan__customer", "by", "unit")


def moments(scope: Scope) -> QuerySet[Moment]:
    rows = scope.rows(Moment.objects.all(), named=("customer__owner",), secrecy="customer__secrecy")
    return rows.select_related("customer", "customer__owner", "unit", "ended_by")


def observations(scope: Scope) -> QuerySet[Observation]:
    rows = scope.rows(Observation.objects.all(), named=("by",), secrecy="customer__secrecy")
    return rows.select_related("customer", "by", "unit")


def roles(scope: Scope) -> QuerySet[RoleEvidence]:
    rows = scope.rows(
        RoleEvidence.objects.all(), unit="customer__unit", named=("by",), secrecy="customer__secrecy"
    )
    return rows.select_related("customer", "by")


def activities(scope: Scope) -> QuerySet[Activity]:
    return scope.rows(Activity.objects.all(), named=("by",)).select_related("unit", "by", "decided_by")


def introductions(scope: Scope) -> QuerySet[Link]:
    """Who came through whom, with the business won (R000-35, R001-014)."""
    rows = scope.rows(
        Link.objects.filter(kind=Link.Kind.INTRODUCED, until=None),
        unit="customer__unit",
        named=("by",),
        secrecy="customer__secrecy",
    )
    # a name that is secret to the reader stays secret on both sides of the link
    return rows.filter(other__secrecy__lte=scope.secrecy).select_related("customer", "other", "by")


def duties(scope: Scope) -> QuerySet[Duty]:
    """Contacts and promises, owed or made; with the customer, and `about` of a key moment."""
    rows = scope.rows(Duty.objects.all(), named=("owner",), secrecy="secrecy")
    occasion = Moment.objects.filter(pk=OuterRef("subject_id")).values("occasion")
    rows = rows.filter(kind__in=(*KINDS, *PROMISES)).annotate(
        about=Case(When(kind=MOMENT, then=Subquery(occasion)), default=Value(""), output_field=CharField())
    )
    return rows.select_related("customer__customer__profile", "owner", "unit")


def due(scope: Scope) -> QuerySet[Duty]:
    """Contacts and promises that are owed, the most urgent first."""
    return duties(scope).filter(state=Duty.State.OPEN).order_by("due_at", "id")


def waiting(scope: Scope, *, since: dt.datetime) -> QuerySet[Duty]:
    """Contacts still to be worked off: owed, and since then neither entered nor put off with a reason."""
    entered = JournalEntry.objects.filter(plan=OuterRef("customer"), at__gte=since)
    put_off = Plan.objects.filter(pk=OuterRef("customer"), silence_at__gte=since)
    rows = due(scope).exclude(kind__in=PROMISES).filter(paused_at=None)
    return rows.filter(Q(kind=MOMENT) | ~Exists(entered), ~Exists(put_off))


# --- exceptions --------------------------------------------------------------------------------------------

MISSING = {
    "PERSON": Q(owner=None),
    "PLACE": Q(contact_plan=None) | Q(contact_plan__place=""),
    "TIME": Q(contact_plan=None) | Q(contact_plan__next_at=None),
    "AREA": Q(region=""),
}


def plan_of(customer: Customer) -> Plan | None:
    return getattr(customer, "contact_plan", None)


def gaps(scope: Scope) -> QuerySet[Customer]:
    """Active customers without all four fixes (R000-11)."""
    lacking = Q()
    for condition in MISSING.values():
        lacking |= condition
    return customers(scope).filter(lacking)


def missing_of(customer: Customer) -> list[str]:
    """Which of the four fixes this customer lacks."""
    plan = plan_of(customer)
    lacks = {
        "PERSON": customer.owner_id is None,
        "PLACE": plan is None or not plan.place,
        "TIME": plan is None or plan.next_at is None,
        "AREA": not customer.region,
    }
    return [code for code, lacking in lacks.items() if lacking]


def silent(scope: Scope, *, since: dt.datetime) -> QuerySet[Customer]:
    """Active customers whose last contact lies before `since`, or who never had one (R002-102)."""
    spoken = Profile.objects.filter(customer=OuterRef("pk"), last_contact_at__gte=since)
    return customers(scope).filter(~Exists(spoken), created_at__lt=since)


def graded(rows: QuerySet[Customer], value: str) -> QuerySet[Customer]:
    """Those of a grade; "-" for those without one."""
    has = Grade.objects.filter(customer=OuterRef("pk"), dimension="grade", until=None)
    return rows.filter(~Exists(has)) if value == "-" else rows.filter(Exists(has.filter(value=value)))


def stage_of(customer: Customer, profile: Profile | None) -> str:
    """Existing, future or potential (R002-075): who bought, who is expected to, all others."""
    if profile is not None and (profile.total_orders or profile.orders):
        return "EXISTING"
    if profile is not None and (profile.deal_expected_on or profile.is_negotiating):
        return "FUTURE"
    return "POTENTIAL"


STAGES = {
    "EXISTING": Q(profile__total_orders__gt=0) | Q(profile__orders__gt=0),
    "FUTURE": Q(profile__total_orders=0, profile__orders=0)
    & (Q(profile__deal_expected_on__isnull=False) | Q(profile__is_negotiating=True)),
    "POTENTIAL": Q(profile=None)
    | Q(
        profile__total_orders=0,
        profile__orders=0,
        profile__deal_expected_on=None,
        profile__is_negotiating=False,
    ),
}


# all four fixes (P000-02)
FOUR_FIXED = (
    Q(owner__isnull=False, contact_plan__next_at__isnull=False) & ~Q(region="") & ~Q(contact_plan__place="")
)


def units_of(reached: frozenset[int] | None) -> list[Unit]:
    """Open units among those that a power reaches."""
    rows = Unit.objects.filter(closed_on=None)
    return list(rows if reached is None else rows.filter(pk__in=sorted(reached)))


def introducers(rows: QuerySet[Link]) -> list[Any]:
    """Who introduced most among these, with the business won: the customer group (R001-014)."""
    found = rows.order_by().values("other", "other__name").annotate(n=Count("id"), won=Sum("amount"))
    return list(found.order_by("-n", F("won").desc(nulls_last=True), "other")[:8])
