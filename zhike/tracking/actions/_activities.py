"""Relation activities: planned, approved by somebody else, held with cost and effect, or called off (F000-15)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django.core.files.base import File
from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from zhike.customers.models import Customer
from zhike.customers.regulation import regulation
from zhike.kernel.audit import trail
from zhike.kernel.duties import actions as duties
from zhike.kernel.parties.held import held
from zhike.kernel.parties.models import Party, Unit
from zhike.kernel.records import attachments, series
from zhike.kernel.records.models import Attachment
from zhike.kernel.worktime import calendars
from zhike.tracking import questions
from zhike.tracking.models import Activity
from zhike.tracking.wording import words_of

from ._duties import POST

NUMBERS = "KQ-{yyyy}{mm}-{seq:04}"
DECIDE, HOLD = "tracking.activity_decide", "tracking.activity_hold"
DECIDE_TITLE = gettext_noop("Decide on a relation activity")
HOLD_TITLE = gettext_noop("Write down cost and effect of an activity")


class CannotPlan(Exception):
    """The activity cannot be planned, decided on or closed; the message is one sentence."""


@held
@transaction.atomic
def plan_activity(
    *,
    unit: Unit,
    title: str,
    strategy: int,
    kind: str,
    on: dt.date,
    budget: Decimal,
    by: Party,
    now: dt.datetime,
    place: str = "",
    participants: str = "",
    customers: Sequence[Customer] = (),
) -> Activity:
    """Under one of the eight strategies; somebody else approves before money is spent. Raises CannotPlan."""
    known = {code for code, _label in words_of("STRATEGIES", unit.pk, now)}
    if str(strategy) not in known:
        raise CannotPlan(_("Choose one of the eight strategies of the regulation."))
    if kind not in Activity.Kind.values:
        raise CannotPlan(_("Say what kind of activity it is."))
    if not title.strip():
        raise CannotPlan(_("Give the activity a name."))
    if budget < 0:
        raise CannotPlan(_("A budget is no negative amount."))
    if on < calendars.local_day(now, unit.pk):
        raise CannotPlan(_("An activity is planned for a day to come."))
    zone = calendars.calendar_for(unit.pk).zone
    row = Activity.objects.create(
        number=series.take(NUMBERS, key="activity", now=now, tz=zone, unit_code=unit.code),
        unit=unit, title=title.strip(), strategy=strategy, kind=kind, on=on, place=place.strip(),
        participants=participants.strip(), budget=budget, at=now, by=by,
    )  # fmt: skip
    row.customers.set(customers)
    _owe(row, DECIDE, DECIDE_TITLE, None, now, limit="活动审批期限")
    _recorded("tracking.activity_planned", row, by, now, {"number": row.number, "budget": str(budget)})
    return row


@held
@transaction.atomic
def decide(*, activity: Activity, approved: bool, opinion: str, by: Party, now: dt.datetime) -> Activity:
    """Nobody decides on their own plan; a refusal says why. Raises CannotPlan."""
    if activity.by_id == by.pk:
        raise CannotPlan(_("Somebody else has to decide on what you planned."))
    if not approved and not opinion.strip():
        raise CannotPlan(_("Say why the activity is refused."))
    state = Activity.State.APPROVED if approved else Activity.State.REFUSED
    _move(
        activity, (Activity.State.PLANNED,), state=state, decided_at=now, decided_by=by,
        opinion=opinion.strip(),
    )  # fmt: skip
    duties.discharge(subject=activity, kinds=[DECIDE], by=by, now=now)
    if approved:
        held_on = dt.datetime.combine(activity.on, dt.time(), calendars.calendar_for(activity.unit_id).zone)
        _owe(activity, HOLD, HOLD_TITLE, activity.by, max(now, held_on), limit="活动总结期限")
    _recorded("tracking.activity_decided", activity, by, now, {"state": state, "opinion": activity.opinion})
    return activity


@held
@transaction.atomic
def hold(
    *,
    activity: Activity,
    cost: Decimal,
    effect: str,
    by: Party,
    now: dt.datetime,
    heads: int | None = None,
    feedback: str = "",
    introductions: int = 0,
    business: Decimal | None = None,
) -> Activity:
    """It took place: what it cost, what it brought. Raises CannotPlan."""
    if not effect.strip():
        raise CannotPlan(_("Write what effect the activity had."))
    if cost < 0 or (business is not None and business < 0):
        raise CannotPlan(_("Amounts are not negative."))
    if activity.on > calendars.local_day(now, activity.unit_id):
        raise CannotPlan(_("The activity has not taken place yet."))
    _move(
        activity, (Activity.State.APPROVED,), state=Activity.State.HELD, cost=cost, effect=effect.strip(),
        heads=heads, feedback=feedback.strip(), introductions=introductions, business=business or Decimal(0),
        ended_at=now,
    )  # fmt: skip
    duties.discharge(subject=activity, kinds=[HOLD], by=by, now=now)
    _recorded("tracking.activity_held", activity, by, now, {"cost": str(cost)})
    return activity


@held
@transaction.atomic
def drop(*, activity: Activity, reason: str, by: Party, now: dt.datetime) -> Activity:
    """It does not take place. Raises CannotPlan."""
    if not reason.strip():
        raise CannotPlan(_("Say why the activity is called off."))
    _move(
        activity, (Activity.State.PLANNED, Activity.State.APPROVED), state=Activity.State.DROPPED,
        effect=reason.strip(), ended_at=now,
    )  # fmt: skip
    duties.cancel(subject=activity, by=by, now=now, reason=reason.strip())
    _recorded("tracking.activity_dropped", activity, by, now, {"reason": reason.strip()})
    return activity


@transaction.atomic
def add_photo(*, activity: Activity, file: File[bytes], by: Party, now: dt.datetime) -> Attachment:
    """A photo of an approved activity; it prints with the form. Raises CannotPlan."""
    if activity.state not in {Activity.State.APPROVED, Activity.State.HELD}:
        raise CannotPlan(_("Photos are added when the activity is approved."))
    try:
        kept = attachments.attach(
            subject=activity, file=file, name=file.name or "photo.jpg", unit=activity.unit, by=by, now=now
        )
    except attachments.AttachmentRefusal as refusal:
        raise CannotPlan(str(refusal)) from refusal
    if not kept.is_image:
        raise CannotPlan(_("This is no picture."))
    return kept


def remove_photo(*, activity: Activity, photo: Attachment, reason: str, by: Party, now: dt.datetime) -> None:
    """Take a photo off, for a reason. Raises CannotPlan."""
    if not attachments.remove(attachment=photo, subject=activity, by=by, now=now, reason=reason):
        raise CannotPlan(_("The photo was removed already."))


def _move(activity: Activity, from_states: Sequence[str], **columns: Any) -> None:
    rows = Activity.objects.filter(pk=activity.pk, state__in=from_states, revision=activity.revision)
    if not rows.update(revision=F("revision") + 1, **columns):
        raise CannotPlan(_("The activity does not stand where you saw it any more."))
    activity.refresh_from_db()


def _owe(
    row: Activity, kind: str, title: str, owner: Party | None, began: dt.datetime, *, limit: str
) -> None:
    """`limit` names a parameter of the regulation on upkeep; without one there is no date."""
    found = regulation(questions.MOMENT.name, row.unit_id, began)
    draft = duties.Draft(
        kind=kind, **duties.titled(title), owner=owner, owner_post="" if owner is not None else POST,
        began_at=began, limit=found.limit(limit) if found is not None else "",
        clause=found.cell(questions.STRATEGIES, str(row.strategy), "条款") if found is not None else "",
        version_id=found.version_id if found is not None else None,
    )  # fmt: skip
    duties.open_duties([draft], subject=row, unit_id=row.unit_id, matter=str(row))


def _recorded(code: str, row: Activity, by: Party, now: dt.datetime, after: dict[str, Any]) -> None:
    trail.record(code, subject=row, by=by, at=now, after=after)
