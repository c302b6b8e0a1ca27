"""The survey: filled in, signed by interviewer, manager and general manager, or sent back (R002-173)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from zhike.customers.credit import queries, questions, sheets
from zhike.customers.models import CreditSignature, CreditSurvey, Customer
from zhike.customers.regulation import holder, regulation
from zhike.kernel.audit import trail
from zhike.kernel.duties import actions as duties
from zhike.kernel.parties.directory import directory
from zhike.kernel.parties.models import Party
from zhike.kernel.policy.manual import model
from zhike.kernel.records import actions as records
from zhike.kernel.worktime import calendars

from ._common import CannotCredit, needed, owe
from ._rating import Decision, rate

State = CreditSurvey.State
# the signature that is due in a state: its step, the state after it, the kind of the stage
STEPS = {
    State.DRAFT: (1, State.REVIEW, "survey"),
    State.REVIEW: (2, State.APPROVAL, "review"),
    State.APPROVAL: (3, State.RATED, "approval"),
}
TITLES = {
    "survey": gettext_noop("Fill in the credit survey"),
    "review": gettext_noop("Examine the credit survey"),
    "approval": gettext_noop("Approve the credit rating"),
}
KINDS = [f"credit.{kind}" for kind in TITLES]


@transaction.atomic
def begin_survey(
    *, customer: Customer, by: Party, now: dt.datetime, typed: Mapping[str, Any] | None = None
) -> CreditSurvey:
    """Begin the sheet with what the file knows; the person who begins owes it. Raises CannotCredit."""
    needed(questions.RATING.name, customer, now)
    if queries.under_way(customer) is not None:
        raise CannotCredit(_("A credit survey of this customer is under way already."))
    record = records.save_draft(
        form=sheets.SURVEY,
        unit=customer.unit,
        by=by,
        now=now,
        typed=dict(typed or {}),
        subject=customer,
        secrecy=customer.secrecy,
    )
    try:
        with transaction.atomic():
            survey = CreditSurvey.objects.create(customer=customer, record=record, opened_at=now, by=by)
    except IntegrityError as known:
        raise CannotCredit(_("A credit survey of this customer is under way already.")) from known
    _owe(survey, now, owner=by)
    _record("begun", survey, by=by, now=now)
    return survey


@transaction.atomic
def save_survey(
    *,
    survey: CreditSurvey,
    typed: Mapping[str, Any],
    by: Party,
    now: dt.datetime,
    revision: int | None = None,
) -> CreditSurvey:
    """Go on writing a draft. Raises CannotCredit, records.RecordRefusal."""
    if survey.state != State.DRAFT:
        raise CannotCredit(_("The sheet was signed already; have it sent back to change it."))
    records.save_draft(
        form=sheets.SURVEY,
        unit=survey.customer.unit,
        by=by,
        now=now,
        typed=typed,
        record=survey.record,
        revision=revision,
    )
    return survey


@transaction.atomic
def sign_survey(
    *, survey: CreditSurvey, by: Party, now: dt.datetime, opinion: str = "", decision: Decision | None = None
) -> CreditSurvey:
    """Put the signature that is due. The third one approves and rates; `decision` departs from the ruling.

    Nobody signs twice in a round. Raises CannotCredit, records.RecordRefusal (what is still missing).
    """
    if survey.state not in STEPS:
        raise CannotCredit(_("No signature is due on this survey."))
    step, after, kind = STEPS[survey.state]  # type: ignore[index]
    if survey.signatures.filter(round=survey.round, by=by).exists():
        raise CannotCredit(_("You have signed this survey already; the next signature is another person's."))
    _move(survey, after)
    try:
        with transaction.atomic():
            CreditSignature.objects.create(
                survey=survey, round=survey.round, step=step, opinion=opinion.strip()[:400], by=by, at=now
            )
    except IntegrityError as twice:
        raise CannotCredit(_("This signature has been put already.")) from twice
    zone = calendars.calendar_for(survey.customer.unit_id).zone
    if step == 1:
        records.submit(record=survey.record, by=by, now=now, tz=zone)
    elif step == 2:
        records.review(record=survey.record, by=by, now=now, opinion=opinion)
    duties.discharge(subject=survey, kinds=[f"credit.{kind}"], by=by, now=now)
    if step == 3:
        CreditSurvey.objects.filter(pk=survey.pk).update(ended_at=now)
        survey.ended_at = now
        rate(survey, by=by, now=now, decision=decision)
    else:
        _owe(survey, now)
    _record("signed", survey, by=by, now=now, step=step, opinion=opinion.strip())
    return survey


@transaction.atomic
def send_back(*, survey: CreditSurvey, by: Party, now: dt.datetime, reason: str) -> CreditSurvey:
    """Refuse the signature that is due: the sheet is open again and signed anew from the first step."""
    if survey.state not in {State.REVIEW, State.APPROVAL}:
        raise CannotCredit(_("Only a signed sheet can be sent back."))
    if not reason.strip():
        raise CannotCredit(_("Say why."))
    if survey.signatures.filter(round=survey.round, by=by).exists():
        raise CannotCredit(_("You have signed this survey already; the next signature is another person's."))
    step, _after, kind = STEPS[survey.state]  # type: ignore[index]
    text = reason.strip()[:400]
    CreditSignature.objects.create(
        survey=survey, round=survey.round, step=step, passed=False, opinion=text, by=by, at=now
    )
    old = survey.record
    records.void(record=old, by=by, now=now, reason=text)
    # the same number goes on: the void sheet has let go of it
    fresh = records.save_draft(
        form=sheets.SURVEY,
        unit=survey.customer.unit,
        by=survey.by,
        now=now,
        typed={key: value for key, value in old.data.items() if key in sheets.KEYS},
        subject=survey.customer,
        number=old.number,
        secrecy=survey.customer.secrecy,
    )
    _move(survey, State.DRAFT, record=fresh, round=survey.round + 1)
    duties.discharge(subject=survey, kinds=[f"credit.{kind}"], by=by, now=now, reason=text)
    _owe(survey, now, owner=survey.by)
    _record("sent_back", survey, by=by, now=now, step=step, reason=text)
    return survey


@transaction.atomic
def drop_survey(*, survey: CreditSurvey, by: Party, now: dt.datetime, reason: str) -> None:
    """Give a survey up that was begun in vain. Raises CannotCredit."""
    if not survey.is_open:
        raise CannotCredit(_("This survey has ended."))
    if not reason.strip():
        raise CannotCredit(_("Say why."))
    records.void(record=survey.record, by=by, now=now, reason=reason)
    _move(survey, State.DROPPED, ended_at=now, end_reason=reason.strip()[:200])
    duties.cancel(subject=survey, now=now, by=by, reason=reason)
    _record("dropped", survey, by=by, now=now, reason=survey.end_reason)


def _move(survey: CreditSurvey, state: str, **values: Any) -> None:
    """Compare and set. Raises CannotCredit when somebody was faster."""
    rows = CreditSurvey.objects.filter(pk=survey.pk, revision=survey.revision, state=survey.state)
    if not rows.update(state=state, revision=F("revision") + 1, **values):
        raise CannotCredit(_("Somebody else has worked on this survey meanwhile. Reload it and look again."))
    survey.refresh_from_db()


def _owe(survey: CreditSurvey, now: dt.datetime, *, owner: Party | None = None) -> None:
    """The next signature as a duty: of the post that the regulation names, within its limit."""
    _step, _after, kind = STEPS[survey.state]  # type: ignore[index]
    found = regulation(questions.SIGNING.name, survey.customer.unit_id, now)
    table = found.table if found is not None else None
    stage = None
    if isinstance(table, model.StagesTable):
        stage = next((one for one in table.stages if one.nature == kind), None)
    word = stage.owners[0] if stage is not None and stage.owners else "总经理"
    post = directory().post_code(word) or "GENERAL_MANAGER"
    signed = frozenset(survey.signatures.filter(round=survey.round).values_list("by", flat=True))
    owe(
        subject=survey,
        customer=survey.customer,
        kind=f"credit.{kind}",
        title=TITLES[kind],
        owner=owner or holder(post, survey.customer.unit_id, now, barred=signed),
        post=post,
        now=now,
        limit=_text(stage),
        clause=stage.clause if stage is not None else "",
        version=found.version_id if found is not None else None,
    )


def _text(stage: model.Stage | None) -> str:
    limit = stage.limit.phrase.limit if stage is not None and stage.limit is not None else None
    return calendars.text_of(limit) if limit is not None else ""


def _record(verb: str, survey: CreditSurvey, *, by: Party, now: dt.datetime, **after: Any) -> None:
    trail.record(
        f"customers.credit_survey_{verb}",
        subject=survey,
        by=by,
        at=now,
        after={"customer": survey.customer_id, "round": survey.round, **after},
        unit_id=survey.customer.unit_id,
        secrecy=survey.customer.secrecy,
    )
