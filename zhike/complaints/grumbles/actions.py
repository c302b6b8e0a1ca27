"""What people do with grumbles. Each verb is one transaction with one audit row.

Other trades record what they hear with `record`: a return call or visit asks “anything you are unhappy with?”
(`forms.unhappy()`), and what is answered is a grumble with the source FOLLOW_UP.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from zhike.complaints import actions as complaints
from zhike.complaints import questions
from zhike.complaints.models import Complaint
from zhike.complaints.regime import regime_on
from zhike.customers.actions import recognise_or_create
from zhike.customers.models import Customer
from zhike.kernel.audit import trail
from zhike.kernel.duties import actions as duties
from zhike.kernel.parties.held import held
from zhike.kernel.parties.models import Party, Unit
from zhike.kernel.records import series
from zhike.kernel.search import index
from zhike.kernel.worktime import calendars

from .models import Grumble

NUMBERS = "BY-{yyyy}{mm}-{seq:04}"
AGAIN = "grumble.again"
CONTACT = gettext_noop("Contact the customer again")


class CannotRecord(Exception):
    """Nothing was said, the item is unknown, or the day is over."""


class CannotSettle(Exception):
    """It is settled already, became a complaint, or nothing was done."""


class CannotTurn(Exception):
    """It became a complaint already."""


@held
def record(*, request_key: str | None = None, **given: Any) -> Grumble:
    """Write down a grumble, see `_record`. A `request_key` makes a repeated call answer with the first grumble."""
    try:
        with transaction.atomic():
            return _record(request_key=request_key, **given)
    except IntegrityError:
        known = Grumble.objects.filter(request_key=request_key).first() if request_key else None
        if known is None:
            raise
        return known


def _record(
    *,
    unit: Unit,
    source: str,
    text: str,
    by: Party,
    now: dt.datetime,
    name: str = "",
    phone: str = "",
    customer: Customer | None = None,
    item: str = "",
    action: str = "",
    settled: bool = False,
    again_on: dt.date | None = None,
    request_key: str | None = None,
) -> Grumble:
    """The customer is recognised by the telephone number, or left out. `settled`: what was done settled it at once;
    `again_on`: somebody is to contact the customer again by then, which `by` owes.

    Raises CannotRecord and CannotCreate (of the customer).
    """
    today = calendars.local_day(now, unit.pk)
    _check(unit, text=text, item=item, action=action, settled=settled, again_on=again_on, today=today)
    if name.strip() or phone.strip():
        kept = source if source in Customer.Source.values else ""
        found = recognise_or_create(name=name, phone=phone, unit=unit, by=by, now=now, source=kept)
        customer = found.customer
    zone = calendars.calendar_for(unit.pk).zone
    grumble = Grumble.objects.create(
        number=series.take(NUMBERS, key="grumble", now=now, tz=zone, unit_code=unit.code),
        unit=unit,
        customer=customer,
        source=source,
        text=text.strip(),
        item=item,
        action=action.strip(),
        by=by,
        at=now,
        again_on=again_on,
        state=Grumble.State.SETTLED if settled else Grumble.State.OPEN,
        settled_by=by if settled else None,
        settled_at=now if settled else None,
        request_key=request_key,
    )
    if again_on is not None:
        _owe_contact(grumble, again_on, zone, now)
    index.put(
        subject=grumble,
        number=grumble.number,
        title=grumble.title,
        body=f"{grumble.text}\n{grumble.action}",
        unit_id=unit.pk,
        secrecy=grumble.secrecy,
        at=now,
        fresh=True,
    )
    trail.record(
        "grumbles.recorded",
        subject=grumble,
        by=by,
        at=now,
        after={"number": grumble.number, "source": source, "state": grumble.state},
    )
    return grumble


def _check(
    unit: Unit,
    *,
    text: str,
    item: str,
    action: str,
    settled: bool,
    again_on: dt.date | None,
    today: dt.date,
) -> None:
    if not text.strip():
        raise CannotRecord(_("Say what the customer is unhappy with."))
    if settled and not action.strip():
        raise CannotRecord(_("Say what was done, if that settles it."))
    if again_on is not None and (settled or again_on < today):
        raise CannotRecord(_("Contact again: a day to come, while it is not settled."))
    if item:
        regime = regime_on(unit.pk, today)
        known = {word.code for word in regime.words(questions.ITEMS)} if regime else set()
        if item not in known:
            raise CannotRecord(
                _("“%(word)s” is not in the list “%(list)s” of the manual.")
                % {"word": item, "list": questions.ITEMS}
            )


def _owe_contact(grumble: Grumble, day: dt.date, zone: dt.tzinfo, now: dt.datetime) -> None:
    """The whole day is left for it."""
    end = dt.datetime.combine(day + dt.timedelta(days=1), dt.time(), tzinfo=zone)
    duties.open_duties(
        [duties.Draft(kind=AGAIN, **duties.titled(CONTACT), owner=grumble.by, began_at=now, due_at=end)],
        subject=grumble,
        unit_id=grumble.unit_id,
        matter=grumble.title,
        customer_id=grumble.customer_id,
        secrecy=grumble.secrecy,
    )


@held
@transaction.atomic
def settle(*, grumble: Grumble, action: str, by: Party, now: dt.datetime, unhappy: str = "") -> Grumble:
    """What was done settles it; `unhappy` is what the customer said when asked whether there is anything else.

    Raises CannotSettle.
    """
    if not action.strip():
        raise CannotSettle(_("Say what was done."))
    done = "\n".join(part for part in (grumble.action, action.strip()) if part)
    rows = Grumble.objects.filter(pk=grumble.pk, state=Grumble.State.OPEN, action=grumble.action)
    if not rows.update(state=Grumble.State.SETTLED, action=done, settled_by=by, settled_at=now):
        raise CannotSettle(_("This grumble is not open any more."))
    grumble.refresh_from_db()
    duties.discharge(subject=grumble, kinds=[AGAIN], by=by, now=now)
    index.put(
        subject=grumble,
        number=grumble.number,
        title=grumble.title,
        body=f"{grumble.text}\n{grumble.action}",
        unit_id=grumble.unit_id,
        secrecy=grumble.secrecy,
        at=grumble.at,
    )
    trail.record("grumbles.settled", subject=grumble, by=by, at=now, after={"action": action.strip()})
    if unhappy.strip():
        record(
            unit=grumble.unit,
            source=Grumble.Source.FOLLOW_UP,
            text=unhappy,
            customer=grumble.customer,
            by=by,
            now=now,
        )
    return grumble


@held
@transaction.atomic
def turn_into_complaint(*, grumble: Grumble, by: Party, now: dt.datetime, **given: Any) -> Complaint:
    """Register the complaint that a grumble has become; `given` goes to `complaints.actions.register`.

    Raises CannotTurn, and what `register` raises; nothing is registered then.
    """
    complaint = complaints.register(by=by, now=now, **given)
    known = Grumble.objects.values_list("complaint", flat=True).get(pk=grumble.pk)
    if known == complaint.pk:  # the same form sent twice
        return complaint
    rows = Grumble.objects.filter(pk=grumble.pk, complaint=None)
    if not rows.update(complaint=complaint, state=Grumble.State.COMPLAINT):
        raise CannotTurn(_("This grumble became a complaint already."))
    grumble.refresh_from_db()
    duties.cancel(subject=grumble, now=now, by=by, reason=str(complaint.number))
    trail.record(
        "grumbles.became_complaint", subject=grumble, by=by, at=now, after={"complaint": complaint.number}
    )
    return complaint


@transaction.atomic
def exported(*, by: Party, now: dt.datetime, fmt: str, rows: int, query: str) -> None:
    """Note in the audit trail that somebody took a list out of the house."""
    trail.record(
        "grumbles.exported", subject=by, by=by, at=now, after={"format": fmt, "rows": rows, "query": query}
    )
