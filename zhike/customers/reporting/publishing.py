"""A report is signed by who made it and reviewed by somebody else: then it is published (R002-P06)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.db.models import QuerySet

from zhike.kernel.parties.models import Party, Unit
from zhike.kernel.parties.scope import Scope
from zhike.kernel.records import actions as records
from zhike.kernel.records.models import Record
from zhike.kernel.worktime import calendars

from .reports import FORMS


class CannotPublish(Exception):
    """The report is not signed or not reviewed; the message is one sentence."""


@transaction.atomic
def sign(*, code: str, typed: Mapping[str, Any], unit: Unit, by: Party, now: dt.datetime) -> Record:
    """Keep the report as it reads now, with its analysis, as a numbered record. Raises CannotPublish."""
    try:
        draft = records.save_draft(form=FORMS[code], unit=unit, by=by, now=now, typed=typed)
        return records.submit(record=draft, by=by, now=now, tz=calendars.calendar_for(unit.pk).zone)
    except records.RecordRefusal as refusal:
        raise CannotPublish(str(refusal)) from refusal


def review(*, record: Record, opinion: str, by: Party, now: dt.datetime) -> Record:
    """Publish what another has signed. Raises CannotPublish."""
    try:
        return records.review(record=record, by=by, now=now, opinion=opinion)
    except records.RecordRefusal as refusal:
        raise CannotPublish(str(refusal)) from refusal


def kept(scope: Scope) -> QuerySet[Record]:
    """The reports that were signed, newest first."""
    rows = Record.objects.filter(form__in=list(FORMS)).exclude(state=Record.State.DRAFT)
    rows = rows.select_related("unit", "submitted_by", "reviewed_by").order_by("-submitted_at", "-pk")
    return scope.rows(rows, named=("submitted_by", "reviewed_by"), secrecy="secrecy")
