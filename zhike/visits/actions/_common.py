"""What every action on a visit does: the guard of its revision, the moment that a device means, the trail."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils.translation import gettext as _

from zhike.customers.models import Customer
from zhike.kernel.audit import trail
from zhike.kernel.parties.models import Party
from zhike.kernel.records import series
from zhike.kernel.worktime import calendars
from zhike.visits import rules
from zhike.visits.models import Visit

SERIES = "BF-{yyyy}{mm}-{seq:04}"
RECORD, PLAN, CALL, RETURN, URGENT = (
    "visits.record",
    "visits.plan",
    "visits.call",
    "visits.return",
    "visits.urgent",
)


class CannotVisit(Exception):
    """What was asked for cannot be done with this visit or plan; the message is one sentence."""

    def __init__(self, message: str, problems: tuple[str, ...] = ()) -> None:
        super().__init__(message)
        self.problems = problems


def change(visit: Visit, *, by: Party, now: dt.datetime, code: str, **columns: Any) -> Visit:
    """Write columns of an open visit, guarded by its revision, with the trail. Raises CannotVisit."""
    seen = {"state__in": Visit.OPEN, "revision": visit.revision}
    try:
        with transaction.atomic():
            changed = Visit.objects.filter(pk=visit.pk, **seen).update(revision=F("revision") + 1, **columns)
    except IntegrityError as clash:
        raise CannotVisit(said_of(clash)) from clash
    if not changed:
        visit.refresh_from_db()
        raise CannotVisit(
            _("Somebody has changed this visit meanwhile: look again.")
            if visit.is_open
            else _("This visit is over: nothing is added to it any more.")
        )
    visit.refresh_from_db()
    trail.record(code, subject=visit, by=by, at=now, after=_told(columns))
    return visit


def said_of(clash: IntegrityError) -> str:
    """The sentence for a constraint that refused a row."""
    if "visit_left_after_arrival" in str(clash):
        return _("The time of leaving lies before the arrival.")
    if "visit_satisfaction_scale" in str(clash):
        return _("Satisfaction is a figure from 1 to 5.")
    return _("This customer has a visit on that day already.")


def _told(columns: dict[str, Any]) -> dict[str, Any]:
    """Columns for the trail: words about the customer stay on the visit, only their names are told."""
    plain = {"planned_on", "order", "state", "next_on", "kind", "arrived_at", "left_at", "satisfaction"}
    told = {name: str(value) for name, value in columns.items() if name in plain and value is not None}
    return {**told, "changed": sorted(columns)}


def number(customer: Customer, now: dt.datetime) -> str:
    tz = calendars.calendar_for(customer.unit_id).zone
    return series.take(SERIES, key="visit", now=now, tz=tz)


def the_customer(customer: Customer) -> Customer:
    """The file that lives: what was merged is followed. Raises CannotVisit for a file that is not in use."""
    while customer.merged_into is not None:
        customer = customer.merged_into
    if customer.state != Customer.State.ACTIVE:
        raise CannotVisit(_("The file of %(name)s is not in use.") % {"name": customer.name})
    return customer


def ruled(visit: Visit, now: dt.datetime) -> rules.Rules:
    """The regulation that holds on the day of the visit. Raises CannotVisit."""
    try:
        return rules.rules_at(visit.unit_id, visit.started_at or now)
    except rules.NoRegulation as trouble:
        raise CannotVisit(str(trouble)) from trouble


def moment(at: dt.datetime | None, now: dt.datetime) -> dt.datetime:
    """When it was: never later than now."""
    return min(at or now, now)


def word(found: rules.Rules, name: str, code: str) -> str:
    """The code, if the regulation has it on that list. Raises CannotVisit."""
    if code not in dict(found.words(name)):
        raise CannotVisit(
            _("“%(code)s” is not on the regulation's list “%(list)s”.") % {"code": code, "list": name}
        )
    return code


def is_first(customer: Customer) -> bool:
    return not Visit.objects.filter(customer=customer, state=Visit.State.CLOSED, is_absent=False).exists()
