"""Levels of secrecy of customers, the record of who opened a file, and full numbers for a reason."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from zhike.customers.models import Archive, Contact, Customer, Identifier
from zhike.customers.privacy import questions
from zhike.customers.regulation import regulation
from zhike.kernel.audit import trail
from zhike.kernel.duties.models import Duty
from zhike.kernel.parties.models import Party
from zhike.kernel.records.models import Record
from zhike.kernel.search import index

FROM, USUAL = "记录起点", 1
LONGEST = 200


class CannotSetSecrecy(Exception):
    """The level stays; the message is one sentence."""


class NoReason(Exception):
    """A full number is shown for a reason only."""


@transaction.atomic
def set_secrecy(
    *, customer: Customer, level: int, reason: str, by: Party, now: dt.datetime, cleared: int
) -> Customer:
    """Set the level of a customer with everything about them: lists, search and duties follow at once.

    `cleared` is the highest level that the person reads; nobody sets one that they could not read themselves.
    """
    if not reason.strip():
        raise CannotSetSecrecy(_("Say why the level is set."))
    if level > cleared:
        raise CannotSetSecrecy(_("You cannot set a level that you do not read yourself."))
    if level == customer.secrecy:
        raise CannotSetSecrecy(_("The customer has this level already."))
    before = customer.secrecy
    rows = Customer.objects.filter(pk=customer.pk, revision=customer.revision)
    if not rows.update(secrecy=level, revision=F("revision") + 1):
        raise CannotSetSecrecy(
            _("Somebody else has changed this customer; look at the file again before saving.")
        )
    customer.refresh_from_db()
    index.seal(customer, level)
    Duty.objects.filter(customer=customer.pk, subject_label__startswith="customers.").update(secrecy=level)
    Archive.objects.filter(customer=customer, secrecy__lt=level).update(secrecy=level)
    label = Customer._meta.label
    Record.objects.filter(subject_label=label, subject_id=customer.pk).update(secrecy=level)
    trail.record(
        "customers.secrecy_set",
        subject=customer,
        by=by,
        at=now,
        before={"secrecy": before},
        after={"secrecy": level, "reason": reason.strip()[:LONGEST]},
        secrecy=max(before, level),
    )
    return customer


def note_opening(*, customer: Customer, by: Party, now: dt.datetime, way: str) -> None:
    """Who opened a file at or above the level that the regulation has recorded; nothing below it."""
    if customer.secrecy == 0:
        return  # most files: no look at the regulation
    found = regulation(questions.SHARING.name, customer.unit_id, now)
    if customer.secrecy >= (found.figure(FROM, USUAL) if found is not None else USUAL):
        trail.record("customers.opened", subject=customer, by=by, at=now, after={"way": way})


@transaction.atomic
def reveal(*, row: Contact | Identifier, reason: str, by: Party, now: dt.datetime) -> str:
    """The full number of a contact or a paper, for a reason that stands in the trail. Raises NoReason."""
    text = " ".join(reason.split())
    if not text:
        raise NoReason(_("Say why you need the full number."))
    if len(text) > LONGEST:
        raise NoReason(_("Say it in at most %(count)s characters.") % {"count": LONGEST})
    after = {"what": row._meta.label, "row": row.pk, "masked": row.masked, "reason": text}
    trail.record("customers.revealed", subject=row.customer, by=by, at=now, after=after)
    return str(row.number)
