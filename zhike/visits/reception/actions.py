"""What people do at the reception. Each verb is one transaction with one audit row."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from zhike.customers.actions import CannotCreate, recognise_or_create
from zhike.customers.models import Customer
from zhike.kernel.audit import trail
from zhike.kernel.duties import actions as duties
from zhike.kernel.parties.held import held
from zhike.kernel.parties.models import Party, Unit
from zhike.kernel.policy.regulation import Regulation
from zhike.kernel.records import series
from zhike.kernel.worktime import calendars

from . import questions, rules
from .models import LockerUse, Reception

NUMBERS = "JD-{yyyy}{mm}-{seq:04}"
REPLY, KEY, LEAD = "reception.reply", "reception.key", "reception.lead"
TITLES = {
    REPLY: gettext_noop("Answer the letter, call or visit"),
    KEY: gettext_noop("Receive the key customer"),
    LEAD: gettext_noop("Receive the visitor"),
}
# steps of which only the moment is kept; that they come before the showroom is measured, not forced
MOMENTS = {"water": "watered_at", "remind": "reminded_at"}


class CannotReceive(Exception):
    """What was asked for cannot be done with this reception; the message is one sentence."""


@held
@transaction.atomic
def receive(
    *,
    unit: Unit,
    kind: str,
    name: str,
    by: Party,
    now: dt.datetime,
    arrived_at: dt.datetime | None = None,
    company: str = "",
    source: str = "",
    matter: str = "",
    customer: Customer | None = None,
) -> Reception:
    """Somebody came, wrote or called. Raises CannotReceive."""
    called = name.strip() or (customer.name if customer is not None else "")
    if not called:
        raise CannotReceive(_("Say who came, wrote or called."))
    if kind != Reception.Kind.VISIT and not matter.strip():
        raise CannotReceive(_("Say what the letter or call is about."))
    arrived = min(arrived_at or now, now)
    found = _ruled(unit.pk, arrived)
    greet_by = (
        rules.due(found, questions.GREET, unit.pk, arrived)[0] if kind == Reception.Kind.VISIT else None
    )
    reply_by, clause = rules.due(found, kind, unit.pk, arrived)
    row = Reception.objects.create(
        number=series.take(NUMBERS, key="reception", now=now, tz=calendars.calendar_for(unit.pk).zone),
        kind=kind, unit=unit, customer=customer, registered_at=arrived if customer is not None else None,
        is_key=customer is not None and customer.is_key, secrecy=customer.secrecy if customer is not None else 0,
        name=called, company=company.strip(), source=source.strip(), matter=matter.strip(),
        arrived_at=arrived, greet_by=greet_by, reply_by=reply_by, at=now, by=by,
    )  # fmt: skip
    if reply_by is not None:
        _owe(row, REPLY, by, now, due_at=reply_by, clause=clause, found=found)
    _tell_manager(row, now)
    trail.record(
        "reception.received",
        subject=row,
        by=by,
        at=now,
        clause=clause,
        after={"number": row.number, "kind": kind},
    )
    return row


@transaction.atomic
def greet(*, reception: Reception, by: Party, now: dt.datetime) -> Reception:
    """Somebody has gone to greet the visitor."""
    return _change(
        reception, "greeted", by, now, once="greeted_at", visits=True, greeted_at=now, greeted_by=by
    )


@transaction.atomic
def note(*, reception: Reception, step: str, by: Party, now: dt.datetime) -> Reception:
    """Water was given, or the visitor was reminded of the locker. `step`: a key of MOMENTS."""
    column = MOMENTS[step]
    written: dict[str, Any] = {column: now}
    return _change(reception, step, by, now, once=column, visits=True, **written)


@held
@transaction.atomic
def register(
    *,
    reception: Reception,
    by: Party,
    now: dt.datetime,
    customer: Customer | None = None,
    name: str = "",
    phone: str = "",
    company: str = "",
    source: str = "",
) -> Reception:
    """Who it is: a customer of the files, or a new one (F001-70). Raises CannotReceive."""
    if customer is None:
        try:
            customer = recognise_or_create(
                name=name or reception.name, phone=phone, unit=reception.unit, by=by, now=now,
                source=Customer.Source.COUNTER,
            ).customer  # fmt: skip
        except CannotCreate as refusal:
            raise CannotReceive(str(refusal)) from refusal
    _change(
        reception, "registered", by, now, once="registered_at", customer=customer, registered_at=now,
        is_key=customer.is_key, secrecy=customer.secrecy,
        company=company.strip() or reception.company, source=source.strip() or reception.source,
    )  # fmt: skip
    _tell_manager(reception, now)
    return reception


@transaction.atomic
def ask_purpose(
    *, reception: Reception, purpose: str, passed_to: Party, by: Party, now: dt.datetime
) -> Reception:
    """The purpose was asked for, and the visitor passed to the right person."""
    return _change(reception, "purpose", by, now, purpose=purpose.strip(), passed_to=passed_to)


@transaction.atomic
def lend(*, reception: Reception, locker: int, key: str, by: Party, now: dt.datetime) -> LockerUse:
    """A locker with its key, which the visitor keeps. Raises CannotReceive for a locker that is lent or not there."""
    number = _ruled(reception.unit_id, now).figure(questions.LOCKERS, 0)
    if not 1 <= locker <= number:
        raise CannotReceive(_("The lockers have numbers from 1 to %(last)d.") % {"last": number})
    columns: dict[str, Any] = {} if reception.reminded_at else {"reminded_at": now}
    _change(reception, "locker_lent", by, now, visits=True, said={"locker": locker}, **columns)
    try:
        with transaction.atomic():
            return LockerUse.objects.create(
                reception=reception,
                unit=reception.unit,
                locker=locker,
                key=key.strip(),
                given_at=now,
                given_by=by,
            )
    except IntegrityError as clash:
        raise CannotReceive(_("Locker %(number)d is lent already.") % {"number": locker}) from clash


@transaction.atomic
def take_back(*, use: LockerUse, by: Party, now: dt.datetime) -> LockerUse:
    """The key came back. Raises CannotReceive."""
    if not LockerUse.objects.filter(pk=use.pk, returned_at=None).update(returned_at=now, returned_to=by):
        raise CannotReceive(_("This key came back already."))
    use.refresh_from_db()
    trail.record("reception.key_returned", subject=use.reception, by=by, at=now, after={"locker": use.locker})
    return use


@held
@transaction.atomic
def assign(*, reception: Reception, receiver: Party, by: Party, now: dt.datetime) -> Reception:
    """The supervisor names who receives the visitor and leads the selection; that person owes it and is told by it."""
    former = reception.receiver
    _change(
        reception, "assigned", by, now, said={"receiver": receiver.pk},
        receiver=receiver, assigned_by=by, assigned_at=now, told_at=None,
    )  # fmt: skip
    if former is not None:
        duties.cancel(
            subject=reception, kinds=[LEAD], by=by, now=now, reason=_("Somebody else receives the visitor.")
        )
    _owe(reception, LEAD, receiver, now)
    return reception


@transaction.atomic
def tell_name(*, reception: Reception, by: Party, now: dt.datetime) -> Reception:
    """The visitor was told the receiver's name."""
    if reception.receiver_id is None:
        raise CannotReceive(_("Nobody is assigned to this visitor yet."))
    return _change(reception, "told", by, now, once="told_at", told_at=now)


@transaction.atomic
def enter(*, reception: Reception, by: Party, now: dt.datetime) -> Reception:
    """Into the showroom. A new customer is registered first (R001-272)."""
    if reception.registered_at is None:
        raise CannotReceive(_("Register the customer first, then go to the showroom."))
    return _change(reception, "entered", by, now, once="entered_at", visits=True, entered_at=now)


@held
@transaction.atomic
def answer(*, reception: Reception, answer: str, by: Party, now: dt.datetime) -> Reception:
    """The letter or call is answered, or the visitor leaves and this came of it. Raises CannotReceive."""
    if not answer.strip():
        raise CannotReceive(_("Say what the answer is."))
    if reception.lockers.filter(returned_at=None).exists():
        raise CannotReceive(_("The key of the locker has not come back."))
    _change(
        reception, "answered", by, now,
        state=Reception.State.DONE, answer=answer.strip(), ended_at=now, ended_by=by,
    )  # fmt: skip
    duties.discharge(subject=reception, kinds=list(TITLES), by=by, now=now)
    return reception


def _change(
    reception: Reception,
    verb: str,
    by: Party,
    now: dt.datetime,
    *,
    once: str = "",
    visits: bool = False,
    said: dict[str, Any] | None = None,
    **columns: Any,
) -> Reception:
    """Write columns of an open reception, with the trail. `once`: a column that is still empty; `visits`: no letter or call."""
    if visits and reception.kind != Reception.Kind.VISIT:
        raise CannotReceive(_("Nobody came: this is a letter or a call."))
    rows = Reception.objects.filter(pk=reception.pk, state=Reception.State.OPEN)
    if once:
        rows = rows.filter(**{once: None})
    if not rows.update(**(columns or {"state": Reception.State.OPEN})):
        reception.refresh_from_db()
        raise CannotReceive(
            _("This is noted already.")
            if reception.is_open
            else _("This reception is over: nothing is added to it.")
        )
    reception.refresh_from_db()
    trail.record(
        f"reception.{verb}", subject=reception, by=by, at=now, after=said or {"changed": sorted(columns)}
    )
    return reception


def _tell_manager(row: Reception, now: dt.datetime) -> None:
    """The reception of a key customer is the duty of the customer's manager (R002-151)."""
    if row.is_key and row.customer is not None and row.customer.owner is not None:
        _owe(row, KEY, row.customer.owner, now)


def _owe(
    row: Reception,
    kind: str,
    owner: Party,
    now: dt.datetime,
    *,
    due_at: dt.datetime | None = None,
    clause: str = "",
    found: Regulation | None = None,
) -> None:
    draft = duties.Draft(
        kind=kind, **duties.titled(TITLES[kind]), owner=owner, began_at=now, due_at=due_at, clause=clause,
        version_id=found.version_id if found is not None else None,
    )  # fmt: skip
    duties.open_duties(
        [draft],
        subject=row,
        unit_id=row.unit_id,
        matter=row.name,
        customer_id=row.customer_id,
        secrecy=row.secrecy,
    )


def _ruled(unit: int, now: dt.datetime) -> Regulation:
    try:
        return rules.in_force(unit, calendars.local_day(now, unit))
    except rules.NoRegulation as trouble:
        raise CannotReceive(str(trouble)) from trouble
