"""Reads of the parts of a file, and the lists that the regulation asks for."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from django.db.models import Exists, OuterRef, Q, QuerySet

from zhike.customers.contacts.models import Interaction, Promise
from zhike.customers.grading.models import Sale
from zhike.customers.models import Customer
from zhike.kernel.parties.held import held
from zhike.kernel.parties.scope import Scope

from . import completeness
from .models import Fact, Need
from .rules import CARD, FILE, IDLE, KEY_CARD


def history(customer: Customer, field: str = "") -> QuerySet[Fact]:
    """Every fact there ever was, newest first (R002-093)."""
    rows = customer.facts.select_related("by").order_by("-at", "-id")
    return rows.filter(field=field) if field else rows


def needs(scope: Scope) -> QuerySet[Need]:
    """Every need of the customers that the scope allows."""
    rows = Need.objects.select_related("customer", "customer__unit", "by")
    return scope.rows(
        rows,
        unit="customer__unit",
        named=("customer__created_by", "customer__owner"),
        secrecy="customer__secrecy",
    ).order_by("-at", "-id")


def still_open(moment: dt.datetime) -> Q:
    """Needs that were recorded before this moment, and neither changed nor closed by then."""
    return Q(at__lt=moment) & (Q(closed_at=None) | Q(closed_at__gte=moment))


def promises_of_theirs(customer: Customer) -> list[Promise]:
    """What an intermediate customer has promised its own customers and still owes (R000-24)."""
    rows = customer.promises.filter(state=Promise.State.OPEN).exclude(holder="", depends_on="")
    return list(rows.select_related("keeper").order_by("due_at"))


# ---- the lists of the regulation


@held
def unverified(rows: QuerySet[Customer], units: Iterable[int], day: dt.date) -> QuerySet[Customer]:
    """Cards that were not verified within the period of the regulation: key customers by their own (R002-092)."""
    late = Q(pk__in=[])
    for rules, together in completeness.by_rules(units, day).values():
        if rules is None:
            continue
        for parameter, is_key in ((CARD, False), (KEY_CARD, True)):
            since = rules.since(parameter, day)
            if since is not None:
                old = Q(verified_on__lt=since) | Q(verified_on=None, created_at__date__lt=since)
                late |= Q(unit__in=together, is_key=is_key) & old
    return rows.filter(late)


@held
def stale(rows: QuerySet[Customer], units: Iterable[int], day: dt.date) -> QuerySet[Customer]:
    """Files that nobody changed within the period of the regulation (R002-094)."""
    late = Q(pk__in=[])
    for rules, together in completeness.by_rules(units, day).values():
        since = rules.since(FILE, day) if rules is not None else None
        if since is not None:
            old = Q(updated_at__date__lt=since) | Q(updated_at=None, created_at__date__lt=since)
            late |= Q(unit__in=together) & old
    return rows.filter(late)


@held
def idle(rows: QuerySet[Customer], units: Iterable[int], day: dt.date) -> QuerySet[Customer]:
    """Customers on file for the period of the regulation without a contact or an order within it (R002-P09)."""
    late = Q(pk__in=[])
    for rules, together in completeness.by_rules(units, day).values():
        since = rules.since(IDLE, day) if rules is not None else None
        if since is not None:
            late |= (
                Q(unit__in=together, created_at__date__lt=since)
                & ~Q(Exists(Interaction.objects.filter(customer=OuterRef("pk"), at__date__gte=since)))
                & ~Q(Exists(Sale.objects.filter(customer=OuterRef("pk"), on__gte=since)))
            )
    return rows.filter(late)


def without_finance_contact(rows: QuerySet[Customer]) -> QuerySet[Customer]:
    """Businesses without a contact for finance (R000-15)."""
    return rows.filter(kind=Customer.Kind.ORGANISATION).exclude(completeness.held("finance"))
