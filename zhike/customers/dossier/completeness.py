"""How complete a file is: what the regulation says it must have, and what is missing (R003-15).

Each thing that a file may hold is one condition of the database, so one file, a list and a statistic ask the same.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from functools import reduce
from operator import or_
from typing import Any, NamedTuple

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from zhike.customers.contacts.models import Interaction
from zhike.customers.dossier.known import CUSTOM, PREFERENCE
from zhike.customers.dossier.models import Address, Contact, Fact, FieldDefinition, Identifier
from zhike.customers.grading.models import Profile, Sale
from zhike.customers.models import Customer, Phone
from zhike.kernel import clock
from zhike.kernel.parties.held import held as held_once
from zhike.kernel.parties.tree import tree
from zhike.kernel.worktime import calendars
from zhike.people.models import in_language

from . import fields, parts
from .rules import Item, Rules, rules_at

PAPERS = (Identifier.Kind.LICENCE, Identifier.Kind.TAX, Identifier.Kind.TOBACCO)
COLUMNS = {"industry": "industry", "position": "position", "region": "region", "name": "name"}


class Completeness(NamedTuple):
    """`percent` of what must be there is there; None where no regulation says what must."""

    percent: int | None
    missing: list[str]


@dataclass(frozen=True)
class Wanted:
    """One thing that a file must have."""

    code: str
    label: str


def _rows(model: Any, **conditions: Any) -> Exists:
    return Exists(model.objects.filter(customer=OuterRef("pk"), **conditions))


def held(code: str) -> Q:
    """Files that hold this; what the product has no table for is a fact, under its code or as a unit's field."""
    if column := COLUMNS.get(code):
        return ~Q(**{column: ""})
    match code:
        case "phone":
            return Q(_rows(Phone)) | Q(_rows(Contact, left_on=None) & ~Q(_rows(Contact, masked="")))
        case "address":
            return Q(_rows(Address))
        case "licence":
            return Q(_rows(Identifier, kind__in=PAPERS))
        case "owner":
            return Q(owner__isnull=False)
        case "finance":
            return Q(_rows(Contact, function=Contact.Function.FINANCE, left_on=None))
        case "preference":
            return Q(_rows(Fact, field__startswith=PREFERENCE, until=None))
        case "frequency":
            return Q(_rows(Sale)) | _fact(code)
        case "history":
            return Q(_rows(Interaction))
        case "satisfaction":
            return Q(_rows(Profile, satisfaction__isnull=False)) | _fact(code)
        case "complaint":
            return Q(_rows(Profile, complaints__gt=0)) | _fact(code)
    return _fact(code)


def _fact(code: str) -> Q:
    return Q(_rows(Fact, field__in=[code, f"{CUSTOM}{code}"], until=None))


def holds(customer: Customer, code: str) -> bool:
    """`held` for one file, from rows that its page has read; a test holds the two together."""
    if column := COLUMNS.get(code):
        return bool(getattr(customer, column))
    match code:
        case "phone":
            return bool(customer.phones.all()) or any(one.masked for one in parts.contacts(customer))
        case "address":
            return bool(parts.addresses(customer))
        case "licence":
            return any(one.kind in PAPERS for one in parts.identifiers(customer))
        case "owner":
            return customer.owner_id is not None
        case "finance":
            return any(one.function == Contact.Function.FINANCE for one in parts.contacts(customer))
        case "preference":
            return any(one.field.startswith(PREFERENCE) for one in parts.facts(customer))
        case "frequency":
            return _said(customer, code) or customer.sales.exists()
        case "history":
            return customer.interactions.exists()
        case "satisfaction":
            profile = parts.profile(customer)
            return _said(customer, code) or (profile is not None and profile.satisfaction is not None)
        case "complaint":
            profile = parts.profile(customer)
            return _said(customer, code) or (profile is not None and profile.complaints > 0)
    return _said(customer, code)


def _said(customer: Customer, code: str) -> bool:
    return any(one.field in {code, f"{CUSTOM}{code}"} for one in parts.facts(customer))


def wanted(rules: Rules | None, *, unit: int, business: bool, key: bool) -> list[Wanted]:
    """What the file of such a customer must have: by the regulation, and by the fields that units require."""
    items = [Wanted(one.code, one.label) for one in _items(rules) if one.must(business=business, key=key)]
    kind = Customer.Kind.ORGANISATION if business else Customer.Kind.PERSON
    own = [one for one in fields.definitions(unit, kind) if one.is_required]
    return items + [Wanted(f"{CUSTOM}{one.code}", in_language(one.name, one.name_en)) for one in own]


def _items(rules: Rules | None) -> list[Item]:
    return rules.items if rules is not None else []


def of(customer: Customer, *, day: dt.date | None = None) -> Completeness:
    """How complete the file is by the regulation in force on a day (today), with the labels of what is missing."""
    percent, gaps = gaps_of(customer, day=day)
    return Completeness(percent, [gap.label for gap in gaps])


@held_once
def gaps_of(customer: Customer, *, day: dt.date | None = None) -> tuple[int | None, list[Wanted]]:
    """The same with the codes; reads what the page of the file reads anyway, once."""
    on = day or calendars.local_day(clock.now(), customer.unit_id)
    rules = rules_at(customer.unit_id, on)
    business = customer.kind == Customer.Kind.ORGANISATION
    needed = wanted(rules, unit=customer.unit_id, business=business, key=customer.is_key)
    if not needed:
        return None, []
    gaps = [one for one in needed if not holds(customer, one.code)]
    return round(100 * (len(needed) - len(gaps)) / len(needed)), gaps


def kinds() -> list[tuple[bool, bool]]:
    """The kinds of file that the regulation tells apart: business or person, key or not."""
    return [(business, key) for business in (False, True) for key in (False, True)]


def of_kind(business: bool, key: bool) -> Q:
    kind = Customer.Kind.ORGANISATION if business else Customer.Kind.PERSON
    return Q(kind=kind, is_key=key)


@held_once
def labels(units: Iterable[int], day: dt.date) -> dict[str, str]:
    """What each thing is called that some file in these units must have."""
    names: dict[str, str] = {}
    for rules, together in by_rules(units, day).values():
        for business, key in kinds():
            for one in wanted(rules, unit=together[0], business=business, key=key):
                names.setdefault(one.code, one.label)
    return names


@held_once
def incomplete(
    rows: QuerySet[Customer], units: Iterable[int], day: dt.date, code: str = ""
) -> QuerySet[Customer]:
    """Files of these units that lack something they must have, or the thing of this code."""
    lacking = Q(pk__in=[])
    for rules, together in by_rules(units, day).values():
        for business, key in kinds():
            needed = wanted(rules, unit=together[0], business=business, key=key)
            codes = [one.code for one in needed if code in {"", one.code}]
            if codes:
                lacks = reduce(or_, (~held(one) for one in codes))
                lacking |= Q(unit__in=together) & of_kind(business, key) & lacks
    return rows.filter(lacking)


@held_once
def counts(rows: QuerySet[Customer], units: Iterable[int], day: dt.date) -> dict[str, int]:
    """How many of these files lack each thing that they must have; a statement for each kind of file."""
    found: dict[str, int] = {}
    for rules, together in by_rules(units, day).values():
        for business, key in kinds():
            codes = {one.code for one in wanted(rules, unit=together[0], business=business, key=key)}
            lacking = {f"n{place}": code for place, code in enumerate(sorted(codes))}
            of_them = rows.filter(of_kind(business, key), unit__in=together).order_by()
            numbers = of_them.aggregate(
                **{name: Count("pk", filter=~held(code)) for name, code in lacking.items()}
            )
            for name, code in lacking.items():
                found[code] = found.get(code, 0) + numbers[name]
    return found


@held_once
def by_rules(units: Iterable[int], day: dt.date) -> dict[Any, tuple[Rules | None, list[int]]]:
    """The units by the regulation and the further fields that they have in common, so that each is asked once."""
    own: dict[int, list[int]] = {}
    for pk, unit in FieldDefinition.objects.filter(retired_at=None, is_required=True).values_list(
        "pk", "unit"
    ):
        own.setdefault(unit, []).append(pk)
    found: dict[Any, tuple[Rules | None, list[int]]] = {}
    for unit in units:
        rules = rules_at(unit, day)
        values = tuple(sorted((name, one.text) for name, one in rules.manual.params.items())) if rules else ()
        fields = tuple(pk for above in tree().line(unit) for pk in own.get(above, ()))
        key = (rules.version.pk if rules else None, values, fields)
        found.setdefault(key, (rules, []))[1].append(unit)
    return found
