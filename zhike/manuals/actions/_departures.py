"""Departures from a standard process: recorded with a reason by the front line, reviewed by a second person (R003-28)."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.db.models import Model
from django.utils.translation import gettext as _

from zhike.kernel.parties.models import Party, Unit
from zhike.kernel.records import actions as records
from zhike.kernel.records.models import Record
from zhike.manuals import sheets
from zhike.manuals.queries._standards import Process


class CannotDepart(Exception):
    """There is no such step, something is missing, or one reviews one's own record."""


@transaction.atomic
def record_departure(
    *,
    process: Process,
    step: str,
    reason: str,
    done: str,
    effect: str,
    unit: Unit,
    by: Party,
    now: dt.datetime,
    subject: Model | None = None,
    matter: str = "",
) -> Record:
    """Record that a step was done otherwise, why, and with what effect. Raises CannotDepart.

    `matter` names the case in words that everybody may read who reads the record.
    """
    if all(one.name != step for one in process.steps):
        raise CannotDepart(_("This process has no step “%(step)s”.") % {"step": step})
    typed = {
        "process": process.name,
        "step": step,
        "matter": matter,
        "reason": reason,
        "done": done,
        "effect": effect,
    }
    try:
        record = records.save_draft(
            form=sheets.DEPARTURE, unit=unit, by=by, now=now, typed=typed, subject=subject
        )
        return records.submit(record=record, by=by, now=now)
    except records.RecordRefusal as refusal:
        raise CannotDepart(str(refusal)) from refusal


@transaction.atomic
def review_departure(*, record: Record, good: bool, opinion: str, by: Party, now: dt.datetime) -> Record:
    """Approve a departure; a good one becomes an example for others. Raises CannotDepart."""
    typed = {"approved_by": by.name, "good": ["YES"] if good else []}
    try:
        return records.review(record=record, by=by, now=now, opinion=opinion, typed=typed)
    except records.RecordRefusal as refusal:
        raise CannotDepart(str(refusal)) from refusal


@transaction.atomic
def void_departure(*, record: Record, reason: str, by: Party, now: dt.datetime) -> Record:
    """Reject a departure that should not have been made, with the reason. Raises CannotDepart."""
    if record.submitted_by_id == by.pk:
        raise CannotDepart(_("You submitted this form yourself; somebody else must review it."))
    try:
        return records.void(record=record, by=by, now=now, reason=reason)
    except records.RecordRefusal as refusal:
        raise CannotDepart(str(refusal)) from refusal
