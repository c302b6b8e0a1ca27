"""Registration as a member: at the counter by staff, in the portal by the customer (F003-14)."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext as _

from zhike.customers.actions import CannotCreate, recognise_or_create
from zhike.customers.dossier import actions, facts
from zhike.customers.dossier.models import Consent, Fact, Identifier, Milestone
from zhike.customers.models import Customer
from zhike.kernel.audit import trail
from zhike.kernel.parties.models import Party, Unit
from zhike.kernel.records import series
from zhike.kernel.worktime import calendars

CARDS = "HY{yyyy}{seq:06}"
MEMBER = Fact.Source.MEMBER


@dataclass(frozen=True)
class Registered:
    customer: Customer
    card: str  # "" where a known customer registered in the portal: staff make sure first who it is
    is_new: bool


@transaction.atomic
def register(
    *,
    name: str,
    phone: str,
    unit: Unit,
    by: Party,
    now: dt.datetime,
    birthday: dt.date | None = None,
    sales: bool = False,
    care: bool = False,
    card: str = "",
    seen: bool = True,
) -> Registered:
    """Make the customer of this number a member, with a card and what they agree to. Raises CannotCreate.

    `seen`: staff stand before the person. In the portal nobody knows who types a number, so the file of a known
    customer only says that somebody asked for membership.
    """
    if birthday is not None and birthday > calendars.local_day(now, unit.pk):
        raise CannotCreate(_("The birthday has not come yet."))
    channel = Customer.Source.COUNTER if seen else Customer.Source.PORTAL
    found = recognise_or_create(name=name, phone=phone, unit=unit, by=by, now=now, source=channel)
    customer = found.customer
    if not seen and not found.created:
        facts.keep(customer, {"member": _("asked for in the portal")}, source=MEMBER, by=by, now=now)
        return Registered(customer, "", False)
    held = customer.identifiers.filter(kind=Identifier.Kind.MEMBER).first()
    if held is not None and card.strip():
        raise CannotCreate(_("The customer has a member card already (%(card)s).") % {"card": held.masked})
    number = str(held.number) if held is not None else _card(customer, card, unit, by, now)
    _agreed(customer, by, now, sales=sales, care=care, seen=seen)
    if birthday is not None:
        _born(customer, birthday, by, now)
    said = {"member": number}
    facts.keep(customer, said, source=MEMBER, by=by, now=now)
    trail.record(
        "customers.member_registered", subject=customer, by=by, at=now, after={"seen": seen, "sales": sales}
    )
    return Registered(customer, number, found.created)


def _card(customer: Customer, typed: str, unit: Unit, by: Party, now: dt.datetime) -> str:
    zone = calendars.calendar_for(unit.pk).zone
    number = typed.strip() or series.take(CARDS, key="member", now=now, tz=zone, unit_code=unit.code)
    try:
        row = actions.add_identifier(
            customer=customer, kind=Identifier.Kind.MEMBER, number=number, by=by, now=now, source=MEMBER
        )
    except actions.CannotIdentify as refusal:
        raise CannotCreate(str(refusal)) from refusal
    return str(row.number)


def _agreed(customer: Customer, by: Party, now: dt.datetime, *, sales: bool, care: bool, seen: bool) -> None:
    """Membership asks for service messages; offers and greetings only where they were ticked."""
    asked = ((Consent.Purpose.SERVICE, True), (Consent.Purpose.SALES, sales), (Consent.Purpose.CARE, care))
    evidence = _("registration at the counter") if seen else _("registration in the portal")
    for purpose, is_given in asked:
        if is_given:
            actions.agree(
                customer=customer,
                purpose=purpose,
                is_given=True,
                source=MEMBER,
                evidence=evidence,
                by=by,
                now=now,
            )


def _born(customer: Customer, birthday: dt.date, by: Party, now: dt.datetime) -> None:
    Milestone.objects.update_or_create(
        customer=customer,
        contact=None,
        kind=Milestone.Kind.BIRTHDAY,
        is_lunar=False,
        defaults={"month": birthday.month, "day": birthday.day, "year": birthday.year},
    )
    facts.keep(customer, {"birthday": birthday.isoformat()}, source=MEMBER, by=by, now=now)
