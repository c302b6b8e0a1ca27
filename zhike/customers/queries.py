"""Reads: customers within a scope, look-up while typing, those of the same number or name."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from django.db.models import Prefetch, Q, QuerySet

from zhike.customers.models import Customer, Phone
from zhike.customers.nearly import names_like
from zhike.kernel.parties.models import Unit
from zhike.kernel.parties.scope import Scope
from zhike.kernel.parties.secret import blind_index, normal_phone
from zhike.kernel.search import index
from zhike.people.standing import houses


def customers(scope: Scope) -> QuerySet[Customer]:
    """Every customer that the scope allows, sorted by pinyin, with unit and masked numbers (two more queries)."""
    # numbers stay encrypted in the database: a list needs the mask alone
    phones = Phone.objects.defer("number")
    return (
        scope.rows(Customer.objects.all(), named=("created_by", "owner"), secrecy="secrecy")
        .select_related("unit")
        .prefetch_related(Prefetch("phones", queryset=phones))
        .order_by("sort_key", "party")
    )


def with_words(rows: QuerySet[Customer], words: str) -> QuerySet[Customer]:
    """Those whose name, pinyin, initials, file number, note or telephone number the words give.

    Names are found by the search index. A whole telephone number is found by its blind index, its last four digits
    too; nothing between can be looked up. Where nobody has the words, those whose name is nearly so.
    """
    text = words.strip()
    if not text:
        return rows
    exact = _exactly(rows, text)
    return exact if not may_be_mistyped(text) or exact.exists() else rows.filter(pk__in=names_like(text))


def _exactly(rows: QuerySet[Customer], text: str) -> QuerySet[Customer]:
    found: QuerySet[Any, int] = index.matching(text, Customer._meta.label)
    numbers = _called(text)
    # one set of keys: with an OR both databases would look at every customer
    return rows.filter(pk__in=found if numbers is None else found.order_by().union(numbers))


def may_be_mistyped(text: str) -> bool:
    """A name of two characters or more: numbers are found as they are, or not at all."""
    return len(text) > 1 and not re.search(r"\d", text)


def _called(text: str) -> QuerySet[Phone, int] | None:
    """Whose telephone number it is, whole or by its last four digits; None where the text cannot be one."""
    digits = re.sub(r"\D", "", text)
    if not digits or re.search(r"[^\d\s+()./\-－—]", text):
        return None
    if len(digits) == 4:
        same = Q(last4=blind_index(digits))
    elif number := normal_phone(text):
        same = Q(index=blind_index(number))
    else:
        return None
    return Phone.objects.filter(same).order_by().values_list("customer_id", flat=True)


@dataclass(frozen=True)
class Found:
    """One line of the look-up while typing."""

    id: int
    name: str
    number: str
    phone: str
    unit: str
    title: str


def look_up(scope: Scope, words: str, *, limit: int = 8) -> list[Found]:
    """Active customers for the words, best known first; nothing for less than one character."""
    if not words.strip():
        return []
    rows = with_words(customers(scope).filter(state=Customer.State.ACTIVE), words)[:limit]
    return [Found(row.pk, row.name, row.number, shown_phone(row), row.unit.label, row.title) for row in rows]


def shown_phone(customer: Customer) -> str:
    """The masked primary number, or ""; reads the prefetched rows."""
    return next((phone.masked for phone in customer.phones.all()), "")


def house_of(unit: Unit) -> frozenset[int]:
    """The units whose customers are one file: the store or company with its departments."""
    return houses().together(unit.pk)


def house(unit: Unit) -> int:
    """The store or company to which a department belongs, where its customers' files lie."""
    return houses().of(unit.pk)


def called(phone: str, units: frozenset[int]) -> list[Customer]:
    """Active customers of these units who have this very number, the one whose main number it is first."""
    number = normal_phone(phone)
    if not number:
        return []
    # most numbers are new: a glance at the index, and only then at the files
    main = dict(
        Phone.objects.filter(index=blind_index(number)).order_by().values_list("customer_id", "is_primary")
    )
    if not main:
        return []
    rows = Customer.objects.filter(pk__in=main, unit__in=sorted(units), state=Customer.State.ACTIVE)
    return sorted(rows, key=lambda row: (not main[row.pk], row.pk))


def same_name(name: str, units: frozenset[int], *, other_than: int | None = None) -> list[Customer]:
    """Active customers of these units with the same name: perhaps the same person."""
    rows = Customer.objects.filter(name=name, unit__in=sorted(units), state=Customer.State.ACTIVE)
    return list(rows.exclude(pk=other_than).order_by("party")[:20])
