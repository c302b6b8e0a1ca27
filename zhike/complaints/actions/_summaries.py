"""Summaries of a period: owed each week, signed, read by the general manager; analyses with their measures."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from zhike.complaints import questions
from zhike.complaints.followups import Measure, Summary
from zhike.complaints.reporting import summaries
from zhike.kernel.audit import trail
from zhike.kernel.duties import actions as duties
from zhike.kernel.duties.models import Duty
from zhike.kernel.outbox import post
from zhike.kernel.parties import subjects
from zhike.kernel.parties.models import Party, Unit
from zhike.kernel.policy import inforce
from zhike.kernel.policy.evaluate.phrases import filled
from zhike.kernel.policy.manual import model
from zhike.kernel.policy.models import Installation
from zhike.kernel.procedures import stages
from zhike.kernel.records import actions as records
from zhike.kernel.tallies.periods import Kind, Period
from zhike.kernel.worktime import calendars

WEEKLY, READING, MEASURE = "complaint.weekly", "complaint.reading", "complaint.measure"
SENT = gettext_noop("Weekly complaint summary %(number)s to read: %(period)s")
TO_DO = gettext_noop("Measure from the complaint analysis %(number)s: %(text)s")


class CannotSum(Exception):
    """The summary is not this person's to sign or to read, was signed already, or lacks something."""


@dataclass(frozen=True)
class Plan:
    """A measure as the analyst writes it down."""

    text: str
    owner: Party
    due_on: dt.date


def open_weeks(*, now: dt.datetime) -> list[Summary]:
    """Let the week that is over be owed by whom each regulation with a weekly summary names; once for each week."""
    made = []
    for row in Installation.objects.select_related("unit").order_by("id"):
        day = calendars.local_day(now, row.unit_id)
        version = inforce.versions_in_force(day).get(row.key)
        answer = (
            inforce.answer_of_version(questions.WEEKLY.name, version, row.unit_id, day)
            if version is not None
            else None
        )
        if answer is None or not isinstance(answer.table, model.StagesTable):
            continue
        zone = calendars.calendar_for(row.unit_id).zone
        week = Period.around(Kind.WEEK, day, str(zone)).previous()
        summary = _week(answer, row.unit, week, now) if row.installed_at < week.ends_at else None
        if summary is not None:
            made.append(summary)
    return made


def _week(answer: inforce.Answer, unit: Unit, week: Period, now: dt.datetime) -> Summary | None:
    """The summary of one week and its duty, unless it is there already."""
    stage = _stage(answer, "weekly")
    if stage is None or Summary.objects.filter(kind=Summary.Kind.WEEK, unit=unit, first=week.first).exists():
        return None
    try:
        with transaction.atomic():
            summary = Summary.objects.create(
                kind=Summary.Kind.WEEK,
                unit=unit,
                first=week.first,
                last=week.last,
                version=answer.version,
                clause=stage.clause,
            )
            _owe(summary, answer, stage, WEEKLY, began_at=week.ends_at, now=now)
    except IntegrityError:  # another worker was faster
        return None
    return summary


def _stage(answer: inforce.Answer, kind: str) -> model.Stage | None:
    table = answer.table
    found = table.stages if isinstance(table, model.StagesTable) else ()
    return next((stage for stage in found if stage.nature == kind), None)


def _owe(
    summary: Summary,
    answer: inforce.Answer,
    stage: model.Stage,
    kind: str,
    *,
    began_at: dt.datetime,
    now: dt.datetime,
) -> Duty:
    due = filled(stage.limit, answer.manual.params) if stage.limit is not None else None
    owner, post_code = stages.owner_of(stage.owners, {}, summary.unit_id, now)
    english = stage.cells.get("英文")
    draft = duties.Draft(
        kind=kind,
        title=stage.name,
        title_en=english.text if english else "",
        owner=owner,
        owner_post=post_code,
        began_at=began_at,
        limit=calendars.text_of(due.phrase.limit) if due is not None and due.phrase.limit is not None else "",
        clause=stage.clause,
        version_id=answer.version.pk,
    )
    return duties.open_duties([draft], subject=summary, unit_id=summary.unit_id, matter=summary.title)[0]


def owes(summary: Summary, by: Party, now: dt.datetime, kind: str) -> bool:
    """Whether it is this person who signs or reads it now."""
    owed = Duty.objects.open().filter(**subjects.key(summary), kind=kind)
    return any(stages.signs(duty, by, now) for duty in owed)


@transaction.atomic
def send_summary(
    *, summary: Summary, figures: Mapping[str, Any], comment: str, by: Party, now: dt.datetime
) -> Summary:
    """Sign the week's summary with its figures as they stand and send it to the general manager (R001-146).

    Raises CannotSum.
    """
    if summary.signed_at is not None:
        raise CannotSum(_("This summary was sent already."))
    if not owes(summary, by, now, WEEKLY):
        raise CannotSum(_("This summary is not yours to send."))
    typed = {**figures, "comment": comment.strip(), "signed": {"name": by.name, "at": now}}
    _sign(summary, typed, by=by, now=now)
    duties.discharge(subject=summary, kinds=[WEEKLY], by=by, now=now)
    answer = _answer(summary)
    stage = _stage(answer, "reading") if answer is not None else None
    if answer is not None and stage is not None:
        duty = _owe(summary, answer, stage, READING, began_at=now, now=now)
        _tell(summary, duty.owner, by=by, now=now)
    trail.record(
        "complaints.summary_sent",
        subject=summary,
        by=by,
        at=now,
        clause=summary.clause,
        after={
            "number": str(summary),
            "total": figures.get("total"),
            "unanswered": figures.get("unanswered"),
        },
    )
    return summary


def _answer(summary: Summary) -> inforce.Answer | None:
    if summary.version is None:
        return None
    return inforce.answer_of_version(questions.WEEKLY.name, summary.version, summary.unit_id, summary.last)


def _sign(summary: Summary, typed: Mapping[str, Any], *, by: Party, now: dt.datetime) -> None:
    """Keep the form as a numbered record; compare and set, so that it is signed once."""
    form = summaries.FORMS[Summary.Kind(summary.kind)]
    zone = calendars.calendar_for(summary.unit_id).zone
    try:
        draft = records.save_draft(form=form, unit=summary.unit, by=by, now=now, typed=typed)
        record = records.submit(record=draft, by=by, now=now, tz=zone)
    except records.RecordRefusal as refusal:
        raise CannotSum(str(refusal)) from refusal
    rows = Summary.objects.filter(pk=summary.pk, signed_at=None)
    if not rows.update(record=record, signed_by=by, signed_at=now):
        raise CannotSum(_("This summary was sent already."))
    summary.refresh_from_db()


def _tell(summary: Summary, to: Party | None, *, by: Party, now: dt.datetime) -> None:
    if to is None or to.pk == by.pk:
        return
    words = {"number": str(summary), "period": f"{summary.first} ~ {summary.last}"}
    post.notify(
        to=to,
        kind="complaint.summary_sent",
        title=_(SENT) % words,
        params=words,
        subject=summary,
        by=by,
        at=now,
        email=True,
        clause=summary.clause,
    )


@transaction.atomic
def read_summary(*, summary: Summary, opinion: str, by: Party, now: dt.datetime) -> Summary:
    """The general manager has read the week's summary; it is filed with the opinion. Raises CannotSum."""
    if summary.record is None:
        raise CannotSum(_("This summary was not sent yet."))
    if not owes(summary, by, now, READING):
        raise CannotSum(_("This summary does not wait for you."))
    try:
        records.review(record=summary.record, by=by, now=now, opinion=opinion)
    except records.RecordRefusal as refusal:
        raise CannotSum(str(refusal)) from refusal
    Summary.objects.filter(pk=summary.pk).update(read_by=by, read_at=now)
    summary.refresh_from_db()
    duties.discharge(subject=summary, kinds=[READING], by=by, now=now)
    trail.record(
        "complaints.summary_read",
        subject=summary,
        by=by,
        at=now,
        clause=summary.clause,
        after={"number": str(summary), "opinion": opinion.strip()},
    )
    return summary


@transaction.atomic
def sign_analysis(
    *,
    unit: Unit,
    period: Period,
    figures: Mapping[str, Any],
    problems: str,
    plans: Sequence[Plan],
    by: Party,
    now: dt.datetime,
) -> Summary:
    """Keep an analysis with its figures as they stand; each measure is owed by its owner (FM002-22).

    Raises CannotSum.
    """
    if not problems.strip():
        raise CannotSum(_("Write down the main problems."))
    today = calendars.local_day(now, unit.pk)
    if any(plan.due_on < today for plan in plans):
        raise CannotSum(_("A measure cannot be due before today."))
    summary = Summary.objects.create(
        kind=Summary.Kind.ANALYSIS, unit=unit, first=period.first, last=period.last
    )
    typed = {
        **figures,
        "problems": problems.strip(),
        "measures": [{"text": plan.text, "owner": plan.owner.name, "due": plan.due_on} for plan in plans],
        "signed": {"name": by.name, "at": now},
    }
    _sign(summary, typed, by=by, now=now)
    for plan in plans:
        _plan(summary, plan, by=by, now=now)
    trail.record(
        "complaints.analysis_signed",
        subject=summary,
        by=by,
        at=now,
        after={"number": str(summary), "measures": len(plans), "from": period.first, "to": period.last},
    )
    return summary


def _plan(summary: Summary, plan: Plan, *, by: Party, now: dt.datetime) -> None:
    measure = Measure.objects.create(summary=summary, text=plan.text, owner=plan.owner, due_on=plan.due_on)
    calendar = calendars.calendar_for(summary.unit_id)
    morning = dt.datetime.combine(plan.due_on, dt.time(), calendar.zone)
    draft = duties.Draft(
        kind=MEASURE,
        title="落实改进措施",
        title_en="Carry out the improvement",
        owner=plan.owner,
        began_at=now,
        due_at=calendars.due_at(calendar, morning, "当天内"),
    )
    duties.open_duties([draft], subject=measure, unit_id=summary.unit_id, matter=plan.text)
    if plan.owner.pk != by.pk:
        words = {"number": str(summary), "text": plan.text}
        post.notify(
            to=plan.owner,
            kind="complaint.measure",
            title=_(TO_DO) % words,
            params=words,
            subject=summary,
            by=by,
            at=now,
        )


@transaction.atomic
def finish_measure(*, measure: Measure, result: str, by: Party, now: dt.datetime) -> Measure:
    """The owner has carried out a measure and says what came of it. Raises CannotSum."""
    if not result.strip():
        raise CannotSum(_("Write down what was done."))
    owed = Duty.objects.open().filter(**subjects.key(measure), kind=MEASURE)
    if not any(stages.signs(duty, by, now) for duty in owed):
        raise CannotSum(_("This measure is not yours to report on."))
    Measure.objects.filter(pk=measure.pk, done_at=None).update(
        result=result.strip()[:400], done_by=by, done_at=now
    )
    duties.discharge(subject=measure, kinds=[MEASURE], by=by, now=now)
    trail.record(
        "complaints.measure_done",
        subject=measure.summary,
        by=by,
        at=now,
        after={"measure": measure.pk, "result": result.strip()},
    )
    measure.refresh_from_db()
    return measure
