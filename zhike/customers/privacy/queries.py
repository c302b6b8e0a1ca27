"""Reads of the care of data, within a scope: requests, releases, exports, breaches, hand-overs, the access log."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from zhike.customers.models import (
    Archive,
    Breach,
    Contact,
    Customer,
    Export,
    Handover,
    Identifier,
    Release,
    RightsRequest,
)
from zhike.kernel.audit.models import Entry
from zhike.kernel.parties.scope import Scope

# audit codes by which a person comes to know something of a customer (R002-P08)
ACCESS = {
    "customers.opened": _("Opened the file"),
    "customers.phone_revealed": _("Looked at a full number"),
    "customers.revealed": _("Looked at a full number"),
    "customers.credit_read": _("Opened the credit file"),
    "customers.copied": _("Made a copy for the person"),
    "customers.archive_lent": _("Lent an archive"),
    "customers.archive_returned": _("Took an archive back"),
    "customers.archive_asked_for": _("Asked for an archive"),
    "customers.released": _("Approved a release"),
    "customers.secrecy_set": _("Set the level of secrecy"),
    "customers.handed_over": _("Handed over to another person"),
}


def with_merged(customer: Customer) -> list[Customer]:
    """The file and all that became part of it, or of one that did: what the house holds of one person."""
    found = [customer]
    for file in found:
        found += Customer.objects.filter(merged_into=file).order_by("pk")
    return found


def requests(scope: Scope) -> QuerySet[RightsRequest]:
    rows = scope.rows(RightsRequest.objects.all(), unit="customer__unit", secrecy="customer__secrecy")
    return rows.select_related("customer__unit", "by", "ended_by")


def releases(scope: Scope) -> QuerySet[Release]:
    rows = scope.rows(Release.objects.all(), named=("by",))
    return rows.filter(Q(customer=None) | Q(customer__secrecy__lte=scope.secrecy)).select_related(
        "customer", "by", "decided_by", "unit"
    )


def exports(scope: Scope) -> QuerySet[Export]:
    return scope.rows(Export.objects.all(), named=("by",)).select_related("by", "unit")


def breaches(scope: Scope) -> QuerySet[Breach]:
    return scope.rows(Breach.objects.all(), named=("owner",)).select_related("unit", "by", "owner")


def handovers(scope: Scope) -> QuerySet[Handover]:
    return scope.rows(Handover.objects.all()).select_related("leaver", "to", "by", "unit")


@dataclass(frozen=True)
class Access:
    """One line of the access log of a customer."""

    at: dt.datetime
    who: str
    what: str
    why: str


def access_log(customer: Customer, *, limit: int = 300) -> list[Access]:
    """Who came to know what of a customer, newest first. The gate was passed before."""
    archives = Archive.objects.filter(customer=customer).values("pk")
    entries = Entry.objects.filter(
        Q(subject_label=Customer._meta.label, subject_id=customer.pk)
        | Q(subject_label=Archive._meta.label, subject_id__in=archives),
        code__in=list(ACCESS),
    ).select_related("by")
    lines = [
        Access(entry.at, entry.by.name if entry.by else "", str(ACCESS[entry.code]), _why(entry))
        for entry in entries.order_by("-at")[:limit]
    ]
    lines += [
        Access(row.at, row.by.name, str(_("Exported a list")), f"{row.source} · {row.format} · {row.rows}")
        for row in customer.exports.select_related("by")[:limit]
    ]
    return sorted(lines, key=lambda line: line.at, reverse=True)[:limit]


def _why(entry: Entry) -> str:
    """What was said for it, or what was looked at; sealed values stay sealed."""
    after = entry.after or {}
    said = str(after.get("reason") or after.get("purpose") or after.get("masked") or after.get("way") or "")
    # the address of the page that was opened tells a reader nothing that the line does not say
    return "" if said.startswith("/") else said


SENSITIVE: dict[str, type[Contact] | type[Identifier]] = {"contact": Contact, "identifier": Identifier}


def sensitive(customer: Customer, what: str, row: int) -> Contact | Identifier | None:
    """A row of the customer whose number is masked. The gate of the customer was passed before."""
    model = SENSITIVE.get(what)
    return model._default_manager.filter(customer=customer, pk=row).first() if model is not None else None
