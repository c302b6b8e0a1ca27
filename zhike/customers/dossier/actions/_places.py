"""Where the customer is."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from zhike.customers.actions import CannotCorrect
from zhike.customers.dossier import facts, places
from zhike.customers.dossier.models import Address, Fact
from zhike.customers.dossier.places import whole_address
from zhike.customers.models import Customer
from zhike.kernel.audit import trail
from zhike.kernel.parties.models import Party

from ._common import changed, one_line, sealed


class CannotPlace(CannotCorrect):
    """No address, or one that the file has already; the message is one sentence."""


@transaction.atomic
def add_address(
    *,
    customer: Customer,
    text: str,
    by: Party | None,
    now: dt.datetime,
    source: str = Fact.Source.ENQUIRY,
    **columns: Any,
) -> Address:
    """One more address; the first one is the main one. `columns`: kind, province, city, district, coordinates.

    Raises CannotPlace.
    """
    row = Address(customer=customer)
    _fill(row, text=text, **columns)
    row.is_main = not customer.addresses.exists()
    row.save(force_insert=True)
    _written(row, "customers.address_added", "", source=source, by=by, now=now)
    return row


@transaction.atomic
def correct_address(
    *,
    address: Address,
    text: str,
    by: Party,
    now: dt.datetime,
    source: str = Fact.Source.ENQUIRY,
    is_main: bool = False,
    **columns: Any,
) -> Address:
    """Change an address, or make it the main one. Raises CannotPlace."""
    before = whole_address(address)
    _fill(address, text=text, **columns)
    if is_main and not address.is_main:
        Address.objects.filter(customer=address.customer_id, is_main=True).update(is_main=False)
        address.is_main = True
    address.save()
    _written(address, "customers.address_corrected", before, source=source, by=by, now=now)
    return address


@transaction.atomic
def remove_address(*, address: Address, by: Party, now: dt.datetime) -> None:
    """Take a wrong or old address off the file; the oldest other one becomes the main one."""
    customer, before, field = address.customer, whole_address(address), _field(address)
    if not Address.objects.filter(pk=address.pk).delete()[0]:
        return
    if address.is_main and (oldest := customer.addresses.order_by("id").first()):
        Address.objects.filter(pk=oldest.pk).update(is_main=True)
    facts.keep(customer, {field: ""}, source=Fact.Source.OTHER, by=by, now=now)
    changed(customer, now)
    trail.record(
        "customers.address_removed",
        subject=customer,
        by=by,
        at=now,
        before={"address": sealed(customer, before)},
    )


def _fill(row: Address, *, text: str, **columns: Any) -> None:
    plain = one_line(text)
    if not plain:
        raise CannotPlace(_("Say the address."))
    if len(plain) > 200:
        raise CannotPlace(_("The address has %(count)s characters; at most 200 fit.") % {"count": len(plain)})
    row.text = plain
    for key, value in columns.items():
        setattr(row, key, one_line(value) if isinstance(value, str) else value)
    row.normal = places.normal(plain, row.province, row.city, row.district)
    if row.customer.addresses.filter(kind=row.kind, normal=row.normal).exclude(pk=row.pk).exists():
        raise CannotPlace(_("The file has this address already."))


def _written(
    row: Address, code: str, before: str, *, source: str, by: Party | None, now: dt.datetime
) -> None:
    customer = row.customer
    facts.keep(customer, {_field(row): whole_address(row)}, source=source, by=by, now=now)
    changed(customer, now)
    trail.record(
        code,
        subject=customer,
        by=by,
        at=now,
        before={"address": sealed(customer, before)} if before else {},
        after={"address": sealed(customer, whole_address(row)), "kind": row.kind},
    )


def _field(row: Address) -> str:
    return f"address.{row.pk}"
