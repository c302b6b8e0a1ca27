"""The monthly evaluation of customers (F004-10): planned over the weeks of a month, scored, and a class proposed."""

from __future__ import annotations

import calendar
import datetime as dt
from collections.abc import Mapping
from decimal import Decimal

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from zhike.customers.grading import facts, queries, standard
from zhike.customers.grading.dimensions import DIMENSIONS
from zhike.customers.models import Customer, Evaluation, Grade, Profile, Proposal
from zhike.kernel.audit import trail
from zhike.kernel.duties import actions as duties
from zhike.kernel.duties.models import Duty
from zhike.kernel.parties.models import Party, Unit
from zhike.kernel.policy import ask
from zhike.kernel.policy.inforce import NoManual
from zhike.kernel.worktime import calendars

from ._proposing import propose
from ._regrading import CannotGrade, regrade

CLASS = "class"
KIND = "customers.evaluate"
KEEPER = "CUSTOMER_MANAGER"  # post that evaluates customers whom nobody has
THURSDAY = calendar.THURSDAY
END = dt.time(18)  # no figure of a regulation: it names the day, and a duty wants a moment of it
LONGEST_NOTE = 400


@transaction.atomic
def plan_evaluations(*, unit: Unit, month: dt.date, by: Party | None, now: dt.datetime) -> int:
    """One evaluation of every active customer in the month, spread evenly over its weeks; how many are new.

    Each week's share is due before Friday, on Thursday (A004-01). Customers of one owner are spread among themselves,
    so that nobody has all of them in one week.
    """
    first = month.replace(day=1)
    days = thursdays(first)
    answered = {
        place
        for place in queries.units_below(unit)
        if queries.answer_for(DIMENSIONS[CLASS], place, first) is not None
    }
    rows = Customer.objects.filter(unit__in=sorted(answered), state=Customer.State.ACTIVE)
    rows = (
        rows.exclude(evaluations__month=first).order_by("owner", "sort_key", "party").select_related("owner")
    )
    fresh = [
        Evaluation(customer=customer, month=first, due_on=days[place % len(days)])
        for place, customer in enumerate(rows)
    ]
    try:
        with transaction.atomic():
            fresh = Evaluation.objects.bulk_create(fresh, batch_size=2000)
    except IntegrityError as taken:
        raise CannotGrade(_("Somebody has just planned this month.")) from taken
    Duty.objects.bulk_create((_owed(row, now) for row in fresh), batch_size=500)
    if fresh:
        after = {"month": f"{first:%Y-%m}", "customers": len(fresh)}
        trail.record("customers.evaluations_planned", subject=unit, by=by, at=now, after=after)
    return len(fresh)


def _owed(row: Evaluation, now: dt.datetime) -> Duty:
    """The duty of who has the customer: due before Friday."""
    customer = row.customer
    answer = queries.answer_for(DIMENSIONS[CLASS], customer.unit_id, row.month)
    items = standard.items_of(answer.manual) if answer is not None else []
    draft = duties.Draft(
        kind=KIND,
        title="客户评价",
        title_en="Evaluate the customer",
        owner=customer.owner,
        owner_post="" if customer.owner else KEEPER,
        began_at=now,
        due_at=dt.datetime.combine(row.due_on, END, tzinfo=calendars.calendar_for(customer.unit_id).zone),
        clause=items[0].clause if items else "",
        version_id=answer.version.pk if answer is not None else None,
    )
    (duty,) = duties.planned(
        [draft],
        subject=row,
        unit_id=customer.unit_id,
        matter=f"{customer.name} {row.month:%Y-%m}",
        customer_id=customer.pk,
        secrecy=customer.secrecy,
    )
    return duty


def thursdays(first: dt.date) -> list[dt.date]:
    """The days before the Fridays of a month, as far as they lie in it."""
    last = calendar.monthrange(first.year, first.month)[1]
    days = (first.replace(day=day) for day in range(1, last + 1))
    return [day for day in days if day.weekday() == THURSDAY]


@transaction.atomic
def evaluate(
    *, evaluation: Evaluation, scores: Mapping[str, int], by: Party, now: dt.datetime, note: str = ""
) -> Evaluation:
    """Score a customer on every item of the standard; a class that follows is proposed. Raises CannotGrade."""
    customer = evaluation.customer
    today = calendars.local_day(now, customer.unit_id)
    answer = queries.answer_for(DIMENSIONS[CLASS], customer.unit_id, today)
    items = standard.items_of(answer.manual) if answer is not None else []
    if answer is None or not items:
        raise CannotGrade(_("No regulation in force here says what customers are scored on."))
    given = {item.code: _score(item, scores) for item in items}
    total = standard.total_of(items, given)
    done = Evaluation.objects.filter(pk=evaluation.pk, at=None).update(
        scores=given,
        weights={item.code: str(item.weight) for item in items},
        total=total,
        note=" ".join(note.split())[:LONGEST_NOTE],
        version_id=answer.version.pk,
        at=now,
        by=by,
    )
    if not done:
        raise CannotGrade(_("This customer has been evaluated for the month already."))
    duties.discharge(subject=evaluation, kinds=[KIND], by=by, now=now)
    facts.profile_of(customer)
    Profile.objects.filter(pk=customer.pk).update(score=total)
    customer.profile.score = total
    proposed = _follow(customer, total, by, now)
    Evaluation.objects.filter(pk=evaluation.pk).update(proposed=proposed)
    evaluation.refresh_from_db()
    after = {"month": f"{evaluation.month:%Y-%m}", "total": str(total), "proposed": proposed}
    trail.record("customers.evaluated", subject=customer, by=by, at=now, clause=items[0].clause, after=after)
    return evaluation


def _score(item: standard.Item, scores: Mapping[str, int]) -> int:
    value = scores.get(item.code)
    if value is None or not 0 <= value <= 100:
        raise CannotGrade(_("Score “%(item)s” from 0 to 100.") % {"item": item.label})
    return value


def _follow(customer: Customer, total: Decimal, by: Party, now: dt.datetime) -> str:
    """The class that the manual gives for the new score: the first one counts at once, another one is proposed."""
    was = Grade.objects.filter(customer=customer, dimension=CLASS, until=None).first()
    if was is None:
        return regrade(customer=customer, dimension=CLASS, by=by, now=now).value
    try:
        found = ask.rulings(
            DIMENSIONS[CLASS].question, about=customer, unit_id=customer.unit_id, by=by, now=now
        )
    except (NoManual, ask.NoRow) as silent:
        raise CannotGrade(str(silent)) from silent
    value = str(found[0]["value"]) if found else was.value
    waiting = Proposal.objects.filter(customer=customer, dimension=CLASS, state=Proposal.State.OPEN)
    if value == was.value or waiting.exists():
        return value if value != was.value else ""
    reason = _("Evaluation of the month: %(total)s points") % {"total": total}
    propose(customer=customer, dimension=CLASS, value=value, reason=reason, by=by, now=now)
    return value
