"""Changes in credit with their review (R002-123), and the list of customers at risk (FM002-29)."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from zhike.customers.credit import queries, questions
from zhike.customers.models import CreditChange, CreditRating, CreditRisk, Customer
from zhike.kernel.audit import trail
from zhike.kernel.duties import actions as duties
from zhike.kernel.duties.models import Duty
from zhike.kernel.parties import subjects
from zhike.kernel.parties.models import Party
from zhike.kernel.policy import ask
from zhike.kernel.policy.inforce import NoManual
from zhike.kernel.policy.models import Ruling
from zhike.kernel.policy.questions import Question
from zhike.kernel.worktime import calendars

from ._common import SUPERVISOR, CannotCredit, keeper_of, owe

REVIEW, RISK = "credit.change", "credit.risk"


class CannotRisk(CannotCredit):
    """The line of the list was not opened or ended."""


def _ask(question: Question, customer: Customer, by: Party, now: dt.datetime, **facts: Any) -> Ruling:
    try:
        return ask.ask(question, about=customer, unit_id=customer.unit_id, by=by, now=now, facts=facts)
    except (NoManual, ask.NoRow) as missing:
        raise CannotRisk(str(missing)) from missing


@transaction.atomic
def enter_change(
    *,
    customer: Customer,
    kind: str,
    seen_on: dt.date,
    sign: str,
    cause: str,
    by: Party,
    now: dt.datetime,
    source: str = "",
) -> CreditChange:
    """A change in credit with its cause: the review is owed from now on, grave changes stop sales on account."""
    if seen_on > calendars.local_day(now, customer.unit_id):
        raise CannotCredit(_("The day on which it was seen lies ahead."))
    if not sign.strip() or not cause.strip():
        raise CannotCredit(_("Write down what was seen and its cause as far as it is known."))
    ruling = _ask(questions.CHANGE, customer, by, now, kind=kind)
    change = CreditChange.objects.create(
        customer=customer,
        kind=kind,
        seen_on=seen_on,
        sign=sign.strip(),
        cause=cause.strip(),
        source=source.strip()[:120],
        stops=bool(ruling.outcome["stop"]),
        ruling=ruling,
        at=now,
        by=by,
    )
    owe(
        subject=change,
        customer=customer,
        kind=REVIEW,
        title=gettext_noop("Review a change in credit"),
        owner=keeper_of(customer, now),
        post=SUPERVISOR,
        now=now,
        limit=ruling.outcome["limit"],
        clause=ruling.clause,
        version=ruling.version_id,
        ruling=ruling.pk,
    )
    _record("change_entered", change, customer, by=by, now=now, kind=kind, stops=change.stops)
    return change


@transaction.atomic
def review_change(
    *, change: CreditChange, result: str, by: Party, now: dt.datetime, rating: CreditRating | None = None
) -> CreditChange:
    """Say what came of the review, with the rating that holds after it. Raises CannotCredit."""
    if not result.strip():
        raise CannotCredit(_("Write down what came of the review."))
    rating = rating or queries.current(change.customer)
    rows = CreditChange.objects.filter(pk=change.pk, ended_at=None)
    if not rows.update(result=result.strip(), rating=rating, ended_at=now, ended_by=by):
        raise CannotCredit(_("This change was reviewed already."))
    change.refresh_from_db()
    duties.discharge(subject=change, kinds=[REVIEW], by=by, now=now)
    _record("change_reviewed", change, change.customer, by=by, now=now, result=result.strip()[:200])
    return change


@transaction.atomic
def enter_risk(
    *,
    customer: Customer,
    kind: str,
    signs: str,
    by: Party,
    now: dt.datetime,
    owner: Party | None = None,
    measure: str = "",
    reason: str = "",
) -> CreditRisk:
    """Put a customer on the list: the regulation gives level, measure and date from the figures of today."""
    return open_risk(
        customer=customer, kind=kind, signs=signs, by=by, now=now, owner=owner, measure=measure, reason=reason
    )


def open_risk(
    *,
    customer: Customer,
    kind: str,
    signs: str,
    by: Party,
    now: dt.datetime,
    owner: Party | None = None,
    measure: str = "",
    reason: str = "",
) -> CreditRisk:
    if not signs.strip():
        raise CannotRisk(_("Write down the signs."))
    today = calendars.local_day(now, customer.unit_id)
    rating = queries.current(customer)
    limit, owed = (queries.granted(rating) if rating else None), queries.open_balance(customer)
    use = owed / limit if limit else Decimal(0)
    late = queries.overdue(customer, today)
    ruling = _ask(questions.RISK, customer, by, now, kind=kind, days=late.days, use=use)
    chosen = measure or ruling.outcome["measure"]
    if chosen != ruling.outcome["measure"] and not reason.strip():
        raise CannotRisk(_("Another measure than the regulation's needs a reason."))
    keeper = owner or keeper_of(customer, now) or by
    due = calendars.due_at(calendars.calendar_for(customer.unit_id), now, ruling.outcome["limit"])
    try:
        with transaction.atomic():
            risk = CreditRisk.objects.create(
                customer=customer,
                kind=kind,
                signs=signs.strip(),
                outstanding=owed,
                days_overdue=late.days,
                limit=limit,
                use=min(use, Decimal(999)),
                last_order_on=queries.last_order(customer),
                level=ruling.outcome["level"],
                measure=chosen,
                reason=reason.strip()[:200],
                owner=keeper,
                due_at=due,
                ruling=ruling,
                at=now,
                by=by,
            )
    except IntegrityError as known:
        raise CannotRisk(_("This risk of the customer stands on the list already.")) from known
    owe(
        subject=risk,
        customer=customer,
        kind=RISK,
        title=gettext_noop("Act on a customer at risk"),
        owner=keeper,
        post="",
        now=now,
        limit=ruling.outcome["limit"],
        clause=ruling.clause,
        version=ruling.version_id,
        ruling=ruling.pk,
    )
    _record("risk_entered", risk, customer, by=by, now=now, kind=kind, level=risk.level, measure=chosen)
    return risk


@transaction.atomic
def end_risk(*, risk: CreditRisk, result: str, by: Party, now: dt.datetime) -> CreditRisk:
    """Take a customer off the list with the result of the measure. Raises CannotRisk."""
    if not result.strip():
        raise CannotRisk(_("Write down the result."))
    rows = CreditRisk.objects.filter(pk=risk.pk, state=CreditRisk.State.OPEN)
    if not rows.update(state=CreditRisk.State.DONE, result=result.strip(), ended_at=now, ended_by=by):
        raise CannotRisk(_("This line of the list has ended already."))
    risk.refresh_from_db()
    duties.discharge(subject=risk, kinds=[RISK], by=by, now=now)
    _record("risk_ended", risk, risk.customer, by=by, now=now, result=result.strip()[:200])
    return risk


def duty_of(row: CreditChange | CreditRisk) -> Duty | None:
    """What is owed about a change or a risk."""
    return Duty.objects.filter(**subjects.key(row)).order_by("-pk").first()


def _record(
    verb: str,
    row: CreditChange | CreditRisk,
    customer: Customer,
    *,
    by: Party,
    now: dt.datetime,
    **after: Any,
) -> None:
    trail.record(
        f"customers.credit_{verb}",
        subject=row,
        by=by,
        at=now,
        after={"customer": customer.pk, **after},
        unit_id=customer.unit_id,
        secrecy=customer.secrecy,
    )
