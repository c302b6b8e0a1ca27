"""Opening a file: by hand, or at intake, where a known number is recognised."""

from __future__ import annotations

import datetime as dt
import zlib
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from django.db import connection, transaction
from django.utils.translation import gettext as _

from zhike.customers import names, queries
from zhike.customers.dossier import facts
from zhike.customers.models import Customer, Phone
from zhike.kernel.audit import trail
from zhike.kernel.parties import bulk
from zhike.kernel.parties.models import Party, Unit
from zhike.kernel.parties.secret import blind_index, mask_phone, normal_phone

from ._upkeep import CannotCorrect, cleaned_name, find_again, phone_of, said


class CannotCreate(Exception):
    """No file was opened; the message is one sentence."""


class AlreadyKnown(CannotCreate):
    """The house has a customer with this number: `customer`."""

    def __init__(self, message: str, customer: Customer) -> None:
        super().__init__(message)
        self.customer = customer


class PerhapsKnown(CannotCreate):
    """The house has customers of this name: `customers`. Say `knowing=True` to open another file."""

    def __init__(self, message: str, customers: list[Customer]) -> None:
        super().__init__(message)
        self.customers = customers


@dataclass(frozen=True)
class Recognised:
    """Who the caller is.

    `created`: a new file was opened. `other_name`: the known customer was called by another name this time.
    """

    customer: Customer
    created: bool
    other_name: bool = False
    same_number: list[Customer] = field(default_factory=list)

    @cached_property
    def perhaps(self) -> list[Customer]:
        """Other customers of the house who have the same number, or for a new one the same name."""
        if not self.created:
            return self.same_number
        units = queries.house_of(self.customer.unit)
        return queries.same_name(self.customer.name, units, other_than=self.customer.pk)


def recognise_or_create(
    *,
    name: str,
    phone: str,
    unit: Unit,
    by: Party | None,
    now: dt.datetime,
    source: str = "",
    kind: str = Customer.Kind.PERSON,
) -> Recognised:
    """The customer with this number in the same store or company, else a new one in `unit`.

    A name alone recognises nobody; those of the same name are reported. A known file is never changed here.
    Without a name the masked number stands in its place. `by` is None for a customer who writes in the portal.
    Raises CannotCreate when there is neither name nor number, or the number is none. Two callers at the same moment
    get the same customer.
    """
    number = _number(phone)
    called = _name(name) if name.strip() or not number else mask_phone(number)
    with transaction.atomic(savepoint=False):
        known = _known(called, number, queries.house_of(unit), is_named=bool(name.strip()))
        return known or Recognised(_open(called, number, unit, by, now, source=source, kind=kind), True)


def _known(name: str, number: str, units: frozenset[int], *, is_named: bool) -> Recognised | None:
    """The customers of this number; the one of this name first."""
    if not number:
        return None
    known = queries.called(number, units)
    if not known and _one_at_a_time(number, units):
        known = queries.called(number, units)  # somebody else may have opened the file while we waited
    if not known:
        return None
    best = next((one for one in known if one.name == name), known[0])
    others = [one for one in known if one.pk != best.pk]
    return Recognised(best, False, is_named and best.name != name, others)


def _number(phone: str) -> str:
    number = normal_phone(phone)
    if phone.strip() and not number:
        raise CannotCreate(_("“%(text)s” is no telephone number.") % {"text": phone.strip()[:30]})
    return number


def _name(name: str) -> str:
    try:
        return cleaned_name(name)
    except CannotCorrect as refusal:
        raise CannotCreate(str(refusal)) from None


def _one_at_a_time(number: str, units: frozenset[int]) -> bool:
    """Callers with one number wait for each other until the transaction ends; whether it may have come to that.

    SQLite has one writer anyway.
    """
    if connection.vendor != "postgresql":
        return False
    lock = zlib.crc32(f"{min(units)} {blind_index(number)}".encode())
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [0x5A4B, lock - 2**31])
    return True


@transaction.atomic
def create(
    *,
    name: str,
    unit: Unit,
    by: Party,
    now: dt.datetime,
    phone: str = "",
    phone_kind: str = Phone.Kind.MOBILE,
    kind: str = Customer.Kind.PERSON,
    gender: str = "",
    title: str = "",
    note: str = "",
    source: str = "",
    position: str = "",
    dealing: str = Customer.Dealing.DIRECT,
    industry: str = "",
    region: str = "",
    owner: Party | None = None,
    learned_from: str = "",
    knowing: bool = False,
) -> Customer:
    """Open a file by hand. `position` is decided for a business (R000-17); a private person is an end customer.

    `learned_from` says where it is known from, if not from how the customer came. Raises CannotCreate, AlreadyKnown
    (same number), PerhapsKnown (same name).
    """
    number, called = _number(phone), _name(name)
    if kind == Customer.Kind.ORGANISATION and not position:
        raise CannotCreate(_("Say whether it is an intermediate or an end customer."))
    units = queries.house_of(unit)
    if number:
        _one_at_a_time(number, units)
        for known in queries.called(number, units):
            said = {"name": known.name, "number": known.number}
            raise AlreadyKnown(_("This number belongs to %(name)s (%(number)s).") % said, known)
    alike = [] if knowing else queries.same_name(called, units)
    if alike:
        raise PerhapsKnown(_("There is a customer of this name already."), alike)
    return _open(
        called,
        number,
        unit,
        by,
        now,
        source=source,
        kind=kind,
        gender=gender,
        title=title,
        note=note,
        position=position or Customer.Position.END,
        dealing=dealing,
        industry=industry,
        region=region,
        owner=owner,
        phone_kind=phone_kind,
        learned_from=learned_from or facts.source_of(source),
    )


def _open(
    name: str,
    number: str,
    unit: Unit,
    by: Party | None,
    now: dt.datetime,
    *,
    kind: str,
    phone_kind: str = Phone.Kind.MOBILE,
    learned_from: str = "",
    **columns: Any,
) -> Customer:
    person = kind == Customer.Kind.PERSON
    party_key, phone_key = bulk.keys([Party, Phone])
    party = Party(pk=party_key, kind=kind, name=name, unit=unit)
    customer = Customer(
        party=party,
        kind=kind,
        name=name,
        sort_key=names.sort_key(name, person=person),
        initials=names.initials(name, person=person),
        unit=unit,
        created_at=now,
        created_by=by,
        **columns,
    )
    phone = phone_of(customer, number, kind=phone_kind, is_primary=True) if number else None
    bulk.add([party])
    bulk.add([customer])
    if phone is not None:
        phone.pk = phone_key
        bulk.add([phone])
    if learned_from:  # else `source` and `created_at` of the file say it of all it begins with
        _first_facts(customer, phone, {"name": name, "kind": kind, **columns}, learned_from, by, now)
    find_again(customer, fresh=True)
    trail.record(
        "customers.created",
        subject=customer,
        by=by,
        at=now,
        after={"kind": kind, "source": columns.get("source", "")},
    )
    return customer


def _first_facts(
    customer: Customer,
    phone: Phone | None,
    columns: dict[str, Any],
    source: str,
    by: Party | None,
    now: dt.datetime,
) -> None:
    known = said({key: value for key, value in columns.items() if key != "source"})
    if phone is not None:
        known[f"phone.{phone.pk}"] = phone.masked
    facts.keep(customer, known, source=source, by=by, now=now, fresh=True)
