"""Forms of one customer that a person completes and signs, and another reviews."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.db.models import Model

from zhike.customers.models import Customer
from zhike.kernel.parties import subjects
from zhike.kernel.parties.models import Party
from zhike.kernel.records import actions as records
from zhike.kernel.records import values
from zhike.kernel.records.forms import OPTIONS, Form
from zhike.kernel.records.models import Record
from zhike.kernel.worktime import calendars

from ._regrading import CannotGrade


@transaction.atomic
def sign_sheet(*, form: Form, filled: Any, typed: Mapping[str, Any], by: Party, now: dt.datetime) -> Record:
    """Keep the form with its figures of today as a numbered record. Raises CannotGrade."""
    customer: Customer = filled.customer
    data = values.gather(form, filled, typed)
    data.pop(OPTIONS, None)
    try:
        draft = records.save_draft(
            form=form, unit=customer.unit, by=by, now=now, typed=data, secrecy=customer.secrecy
        )
        Record.objects.filter(pk=draft.pk).update(**subjects.key(customer))
        draft.refresh_from_db()
        return records.submit(record=draft, by=by, now=now, tz=calendars.calendar_for(customer.unit_id).zone)
    except records.BadValues as wrong:
        raise CannotGrade(" ".join(one.sentence for one in wrong.problems)) from wrong
    except records.RecordRefusal as refusal:
        raise CannotGrade(str(refusal)) from refusal


def review_sheet(*, record: Record, by: Party, now: dt.datetime, opinion: str = "") -> Record:
    """The second signature. Raises CannotGrade."""
    try:
        return records.review(record=record, by=by, now=now, opinion=opinion)
    except records.RecordRefusal as refusal:
        raise CannotGrade(str(refusal)) from refusal


def newest_record(subject: Model, form: Form) -> Record | None:
    """The form as it was signed last."""
    rows = Record.objects.filter(form=form.code, **subjects.key(subject))
    return rows.filter(state__in=(Record.State.SUBMITTED, Record.State.REVIEWED)).order_by("-pk").first()
