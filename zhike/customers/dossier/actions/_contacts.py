"""Who acts for the customer: by function, with their say in decisions (R000-15)."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from zhike.customers.actions import CannotCorrect
from zhike.customers.dossier import facts
from zhike.customers.dossier.models import Contact, Fact
from zhike.customers.models import Customer
from zhike.kernel.audit import trail
from zhike.kernel.parties.models import Party
from zhike.kernel.parties.secret import blind_index, mask_phone, normal_phone
from zhike.kernel.worktime import calendars

from ._common import changed, one_line, reason_of, sealed


class CannotKeepContact(CannotCorrect):
    """The contact was not kept; the message is one sentence."""


@transaction.atomic
def add_contact(
    *,
    customer: Customer,
    name: str,
    by: Party | None,
    now: dt.datetime,
    source: str = Fact.Source.ENQUIRY,
    **columns: Any,
) -> Contact:
    """Somebody more who acts for the customer; the first one is the main one.

    `columns`: function, post, say, number (a telephone), email, is_main, note. Raises CannotKeepContact.
    """
    row = Contact(customer=customer)
    columns["is_main"] = columns.get("is_main", False) or not _acting(customer).exists()
    _fill(row, name=name, **columns)
    _save(row)
    _written(row, "customers.contact_added", "", source=source, by=by, now=now)
    return row


@transaction.atomic
def correct_contact(
    *,
    contact: Contact,
    name: str,
    by: Party,
    now: dt.datetime,
    source: str = Fact.Source.ENQUIRY,
    **columns: Any,
) -> Contact:
    """Change what the file says of a contact; without `number` the telephone stays. Raises CannotKeepContact."""
    before = in_words(contact)
    _fill(contact, name=name, **columns)
    _save(contact)
    _written(contact, "customers.contact_corrected", before, source=source, by=by, now=now)
    return contact


@transaction.atomic
def verify_contact(*, contact: Contact, by: Party, now: dt.datetime) -> None:
    """Say that this is still right."""
    day = calendars.local_day(now, contact.customer.unit_id)
    Contact.objects.filter(pk=contact.pk).update(verified_on=day, verified_by=by)
    changed(contact.customer, now)
    after = {"contact": contact.pk, "verified_on": day.isoformat()}
    trail.record("customers.contact_verified", subject=contact.customer, by=by, at=now, after=after)


@transaction.atomic
def end_contact(*, contact: Contact, left_on: dt.date, by: Party, now: dt.datetime) -> None:
    """The contact does not act for the customer any more; what was done with them stays. Raises CannotKeepContact."""
    if left_on > calendars.local_day(now, contact.customer.unit_id):
        raise CannotKeepContact(_("The day on which the contact left has not come yet."))
    rows = Contact.objects.filter(pk=contact.pk, left_on=None)
    if not rows.update(left_on=left_on, is_main=False):
        raise CannotKeepContact(_("The contact has left already."))
    facts.keep(contact.customer, {_field(contact): ""}, source=Fact.Source.SERVICE, by=by, now=now)
    changed(contact.customer, now)
    after = {"contact": contact.pk, "left_on": left_on.isoformat()}
    trail.record("customers.contact_left", subject=contact.customer, by=by, at=now, after=after)


@transaction.atomic
def reveal_contact(*, contact: Contact, reason: str, by: Party, now: dt.datetime) -> str:
    """The full telephone number, for a reason that stands in the trail. Raises NoReason."""
    after = {"contact": contact.pk, "masked": contact.masked, "reason": reason_of(reason)}
    trail.record("customers.contact_revealed", subject=contact.customer, by=by, at=now, after=after)
    return str(contact.number)


def in_words(contact: Contact) -> str:
    """One line for the history: name, post, function, say, masked number."""
    parts = (
        contact.name,
        contact.post,
        contact.get_function_display(),
        contact.get_say_display(),
        contact.masked,
        contact.email,
    )
    return " · ".join(str(part) for part in parts if part)


def _acting(customer: Customer) -> Any:
    return Contact.objects.filter(customer=customer, left_on=None)


def _fill(row: Contact, *, name: str, number: str = "", **columns: Any) -> None:
    plain = one_line(name)
    if not plain:
        raise CannotKeepContact(_("Say the contact's name."))
    if len(plain) > 80:
        raise CannotKeepContact(
            _("The name has %(count)s characters; at most 80 fit.") % {"count": len(plain)}
        )
    row.name = plain
    if number.strip():
        phone = normal_phone(number)
        if not phone:
            raise CannotKeepContact(_("“%(text)s” is no telephone number.") % {"text": number.strip()[:30]})
        row.number, row.index, row.masked = phone, blind_index(phone), mask_phone(phone)
    for key, value in columns.items():
        setattr(row, key, value.strip() if isinstance(value, str) else value)


def _save(row: Contact) -> None:
    if row.is_main:
        _acting(row.customer).filter(is_main=True).exclude(pk=row.pk).update(is_main=False)
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError as meanwhile:
        raise CannotKeepContact(
            _("Somebody else has changed this customer; look at the file again before saving.")
        ) from meanwhile


def _written(
    row: Contact, code: str, before: str, *, source: str, by: Party | None, now: dt.datetime
) -> None:
    customer = row.customer
    facts.keep(customer, {_field(row): in_words(row)}, source=source, by=by, now=now)
    changed(customer, now)
    trail.record(
        code,
        subject=customer,
        by=by,
        at=now,
        before={"contact": sealed(customer, before)} if before else {},
        after={"contact": sealed(customer, in_words(row)), "id": row.pk},
    )


def _field(row: Contact) -> str:
    return f"contact.{row.pk}"
