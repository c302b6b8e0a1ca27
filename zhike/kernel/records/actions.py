"""What people do with official forms: save a draft, submit, review, void."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import F, Model
from django.utils.translation import gettext as _

from zhike.kernel.audit import trail
from zhike.kernel.parties import subjects
from zhike.kernel.parties.models import Party, Unit
from zhike.kernel.records import forms, series, values
from zhike.kernel.records.models import Record


class RecordRefusal(Exception):
    """A form was not saved; the message is one sentence for the person who tried."""


class UnknownForm(RecordRefusal):
    """No trade has declared a form of this code."""


class Stale(RecordRefusal):
    """Somebody else changed the record since it was shown."""


class WrongState(RecordRefusal):
    """The record's state does not allow this."""


class NumberTaken(RecordRefusal):
    """Another record of this form has the number."""


class OwnRecord(RecordRefusal):
    """Nobody reviews what they submitted themselves."""


class NoReason(RecordRefusal):
    """A record is voided only with a reason."""


class BadValues(RecordRefusal):
    """Values are wrong or missing; `problems` says which."""

    def __init__(self, problems: list[values.Problem]) -> None:
        super().__init__(" ".join(problem.sentence for problem in problems))
        self.problems = problems


def form_of(code: str) -> forms.Form:
    found = forms.get(code)
    if found is None:
        raise UnknownForm(_("There is no form %(code)s.") % {"code": code})
    return found


@transaction.atomic
def save_draft(
    *,
    form: forms.Form,
    unit: Unit,
    by: Party,
    now: dt.datetime,
    typed: Mapping[str, Any] | None = None,
    subject: Model | None = None,
    record: Record | None = None,
    revision: int | None = None,
    number: str = "",
    secrecy: int | None = None,
) -> Record:
    """Begin a record or change a draft. A draft may be incomplete, but what it has must be readable.

    `revision` is what the person saw of an existing draft. Raises BadValues, WrongState, Stale, NumberTaken.
    """
    data = values.gather(form, subject, typed)
    if record is not None and typed is not None:
        data = {**record.data, **data}
    problems = values.check(form, data, complete=False)
    if problems:
        raise BadValues(problems)
    if record is not None:
        return _rewrite(record, data, by=by, now=now, revision=revision)

    keys = {} if subject is None else subjects.key(subject)
    level = secrecy if secrecy is not None else int(getattr(subject, "secrecy", 0) or 0)
    made = Record(form=form.code, number=number, unit=unit, secrecy=level, data=data, by=by, at=now, **keys)
    try:
        with transaction.atomic():
            made.save(force_insert=True)
    except IntegrityError as taken:
        raise NumberTaken(_taken(form, number)) from taken
    trail.record(
        "records.draft_saved", subject=made, by=by, at=now, after={"form": form.code, "number": number}
    )
    return made


def _taken(form: forms.Form, number: str) -> str:
    return _("Form %(form)s with the number %(number)s exists already.") % {
        "form": form.code,
        "number": number,
    }


def _rewrite(
    record: Record, data: dict[str, Any], *, by: Party, now: dt.datetime, revision: int | None
) -> Record:
    _move(record, revision, (Record.State.DRAFT,), data=data, by=by, at=now)
    trail.record("records.draft_saved", subject=record, by=by, at=now, after={"revision": record.revision})
    return record


def _move(record: Record, revision: int | None, states: tuple[str, ...], **changes: Any) -> None:
    """Compare and set: the row changes only if it still is what the person saw."""
    seen = record.revision if revision is None else revision
    rows = Record.objects.filter(pk=record.pk, revision=seen, state__in=states)
    if rows.update(**changes, revision=F("revision") + 1) == 0:
        record.refresh_from_db()
        if record.state not in states:
            said = {"form": record.form, "state": record.get_state_display()}
            raise WrongState(_("The form %(form)s is “%(state)s” by now, so this cannot be done.") % said)
        raise Stale(_("Somebody else has changed this form; look at it again before saving."))
    record.refresh_from_db()


@transaction.atomic
def submit(
    *,
    record: Record,
    by: Party,
    now: dt.datetime,
    revision: int | None = None,
    tz: ZoneInfo | None = None,
    unit_code: str = "",
) -> Record:
    """Hand in a draft: it must be complete, and it has a number from now on.

    Without a number of its own it takes the next one of the form's series, in the calendar of `tz`, else in that
    of the enterprise.
    Raises BadValues, WrongState, Stale.
    """
    form = form_of(record.form)
    if revision is not None and revision != record.revision:
        raise Stale(_("Somebody else has changed this form; look at it again before saving."))
    problems = values.check(form, record.data, complete=True)
    if problems:
        raise BadValues(problems)
    _move(record, revision, (Record.State.DRAFT,), submitted_by=by, submitted_at=now)
    number = record.number or _number(form, record, now, tz or ZoneInfo(settings.TIME_ZONE), unit_code)
    Record.objects.filter(pk=record.pk).update(number=number, state=Record.State.SUBMITTED)
    record.refresh_from_db()
    trail.record(
        "records.submitted", subject=record, by=by, at=now, after={"form": form.code, "number": number}
    )
    return record


def _number(form: forms.Form, record: Record, now: dt.datetime, tz: ZoneInfo, unit_code: str) -> str:
    rule = form.series or form.code + "-{yyyy}{mm}-{seq:04}"
    return series.take(rule, key=f"form {form.code}", now=now, tz=tz, unit_code=unit_code or record.unit.code)


@transaction.atomic
def review(
    *,
    record: Record,
    by: Party,
    now: dt.datetime,
    opinion: str = "",
    revision: int | None = None,
    typed: Mapping[str, Any] | None = None,
) -> Record:
    """Sign a submitted record; a second person must do it. `typed` are the fields that the reviewer fills in.

    Raises OwnRecord, BadValues, WrongState, Stale.
    """
    if record.submitted_by_id == by.pk:
        raise OwnRecord(_("You submitted this form yourself; somebody else must review it."))
    data = record.data
    if typed:
        form = form_of(record.form)
        data = data | {key: values.plain(form.by_key[key], value) for key, value in typed.items()}
        if problems := values.check(form, data, complete=True):
            raise BadValues(problems)
    _move(
        record,
        revision,
        (Record.State.SUBMITTED,),
        state=Record.State.REVIEWED,
        data=data,
        reviewed_by=by,
        reviewed_at=now,
        opinion=opinion.strip()[:400],
    )
    trail.record("records.reviewed", subject=record, by=by, at=now, after={"number": record.number})
    return record


@transaction.atomic
def void(*, record: Record, by: Party, now: dt.datetime, reason: str, revision: int | None = None) -> Record:
    """Declare a record void; it stays readable, prints with a mark, and its number may be used again.

    Raises NoReason, WrongState, Stale.
    """
    if not reason.strip():
        raise NoReason(_("Say why the form is void."))
    before = record.state
    _move(
        record,
        revision,
        (Record.State.DRAFT, Record.State.SUBMITTED, Record.State.REVIEWED),
        state=Record.State.VOID,
        voided_by=by,
        voided_at=now,
        void_reason=reason.strip()[:400],
    )
    trail.record(
        "records.voided",
        subject=record,
        by=by,
        at=now,
        before={"state": before},
        after={"state": record.state, "reason": record.void_reason},
    )
    return record
