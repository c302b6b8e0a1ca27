"""What visits hold of a customer as a person: for a copy, and to be taken out of records that stay."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from typing import Any

from django.db.models import Model
from django.utils.translation import gettext as _

from zhike.customers.models import Customer
from zhike.customers.privacy import holdings
from zhike.customers.privacy.actions import forget_files
from zhike.kernel.records.models import Attachment
from zhike.people.requests.models import Request, RequestStep

from .models import Finding, Given, Guidance, Problem, SyncEntry, Visit

TEXTS = {
    Visit: ("host", "remark", "report", "signer", "target", "focus", "content"),
    Finding: ("text",),
    Problem: ("text", "proposal", "answer"),
    Given: ("text", "objection", "handling"),
    Guidance: ("finding", "cause", "text", "praise", "effect"),
}


def blocks(customer: Customer, now: dt.datetime) -> str:
    """A problem that was raised and not answered needs the person who raised it."""
    problem = Problem.objects.filter(visit__customer=customer, state=Problem.State.OPEN).first()
    if problem is None:
        return ""
    return _("A problem of visit %(number)s is not answered.") % {"number": problem.visit.number}


def gather(customer: Customer) -> Iterator[holdings.Group]:
    """The visits as the customer knows them: when, what was asked and answered."""
    rows = []
    for visit in Visit.objects.filter(customer=customer).prefetch_related("findings", "problems"):
        row = {"number": visit.number, "at": visit.planned_on.isoformat(), "text": visit.remark}
        rows.append({key: value for key, value in row.items() if value})
        rows += [{"at": one.at.isoformat(), "text": one.text} for one in visit.findings.all() if one.text]
        rows += [{"at": one.at.isoformat(), "text": one.text} for one in visit.problems.all()]
    if rows:
        yield "visits", rows


def erase(customer: Customer, words: frozenset[str], now: dt.datetime) -> int:
    """Visits keep days and figures; texts lose the person, also where others were asked; photos, signatures and what devices sent go."""
    visits = list(Visit.objects.filter(customer=customer))
    keys = [visit.pk for visit in visits]
    for model, columns in TEXTS.items():
        _clean(model, columns, words, {"pk__in": keys} if model is Visit else {"visit__in": keys})
    asked = {"pk__in": Problem.objects.filter(visit__in=keys, request__isnull=False).values("request")}
    _clean(Request, ("text", "answer", "result"), words, asked)
    _clean(RequestStep, ("text",), words, {"request__in": asked["pk__in"]})
    Visit.objects.filter(pk__in=keys).update(
        host="", signer="", latitude=None, longitude=None, signed_latitude=None, signed_longitude=None
    )
    SyncEntry.objects.filter(visit__in=keys).update(data={}, here={})
    about = {"subject_label": Visit._meta.label, "subject_id__in": keys, "removed_at": None}
    forget_files(Attachment.objects.filter(**about), now)
    return len(visits)


def _clean(model: type[Model], columns: Sequence[str], words: frozenset[str], of: dict[str, Any]) -> None:
    for row in model._default_manager.filter(**of):
        cleaned = {name: holdings.cleaned(getattr(row, name), words) for name in columns}
        model._default_manager.filter(pk=row.pk).update(**cleaned)


HOLDING = holdings.Holding("visits", blocks, gather, erase, own=frozenset({Visit._meta.label}))
