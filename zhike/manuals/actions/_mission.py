"""Mission, service concept and the five questions: entered, handed in, approved by a second person (R000-18, R000-19)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from zhike.kernel.parties.models import Party, Unit
from zhike.kernel.records import actions as records
from zhike.kernel.records.models import Record
from zhike.manuals import sheets
from zhike.manuals.queries._mission import brands, mission
from zhike.people.models import business_day


class CannotState(Exception):
    """Something is missing, a sheet is on its way already, or one approves one's own."""


@transaction.atomic
def begin_sheet(*, code: str, typed: Mapping[str, Any], by: Party, now: dt.datetime) -> Record:
    """Begin a new version of the mission, or of the sheet of a brand. Raises CannotState."""
    name = str(typed.get("brand", "")).strip()
    known = [mission()] if code == sheets.MISSION.code else [one for one in brands() if one.name == name]
    if code == sheets.FIVE.code and not name:
        raise CannotState(_("Name the service brand."))
    if any(one.on_the_way for one in known):
        raise CannotState(_("A new version is on its way already; finish that one first."))
    top = Unit.objects.filter(parent=None).order_by("pk").first()
    if top is None:
        raise CannotState(_("There is no enterprise yet."))
    try:
        return records.save_draft(form=sheets.SHEETS[code], unit=top, by=by, now=now, typed=typed)
    except records.RecordRefusal as refusal:
        raise CannotState(str(refusal)) from refusal


@transaction.atomic
def save_sheet(
    *, record: Record, typed: Mapping[str, Any], by: Party, now: dt.datetime, revision: int | None = None
) -> Record:
    """Change a draft. Raises CannotState."""
    try:
        return records.save_draft(
            form=sheets.SHEETS[record.form],
            unit=record.unit,
            by=by,
            now=now,
            typed=typed,
            record=record,
            revision=revision,
        )
    except records.RecordRefusal as refusal:
        raise CannotState(str(refusal)) from refusal


@transaction.atomic
def submit_sheet(*, record: Record, by: Party, now: dt.datetime) -> Record:
    """Hand a sheet in: every answer is filled, a mission stands the three tests. Raises CannotState."""
    if record.form == sheets.MISSION.code:
        missing = [one.zh for one in sheets.TESTS if one.code not in (record.data.get("tests") or [])]
        if missing:
            raise CannotState(_("A mission must be explicit, motivating and achievable: check each."))
    planned = str(record.data.get("release_on") or "")
    first = record.form == sheets.FIVE.code and not any(
        one.approved for one in brands() if one.name == str(record.data.get("brand", "")).strip()
    )
    if first and planned and planned < business_day(now).isoformat():
        raise CannotState(_("A brand is not released before its answers are approved: choose a later day."))
    try:
        return records.submit(record=record, by=by, now=now)
    except records.RecordRefusal as refusal:
        raise CannotState(str(refusal)) from refusal


@transaction.atomic
def approve_sheet(*, record: Record, opinion: str, by: Party, now: dt.datetime) -> Record:
    """Approve a sheet; from now on it is the version that holds. Raises CannotState."""
    try:
        return records.review(record=record, by=by, now=now, opinion=opinion)
    except records.RecordRefusal as refusal:
        raise CannotState(str(refusal)) from refusal


@transaction.atomic
def send_back_sheet(*, record: Record, reason: str, by: Party, now: dt.datetime) -> Record:
    """Send a sheet back: it is void, its text is the beginning of the next. Raises CannotState."""
    if record.submitted_by_id == by.pk:
        raise CannotState(_("You submitted this form yourself; somebody else must review it."))
    try:
        records.void(record=record, by=by, now=now, reason=reason)
        return records.save_draft(
            form=sheets.SHEETS[record.form],
            unit=record.unit,
            by=record.submitted_by or by,
            now=now,
            typed={key: value for key, value in record.data.items() if not key.startswith("_")},
        )
    except records.RecordRefusal as refusal:
        raise CannotState(str(refusal)) from refusal
