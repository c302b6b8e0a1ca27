"""What pages show of a file, ready to print: facts in words, the identity, the parts beside it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import get_language

from zhike.customers import history
from zhike.customers.models import Customer
from zhike.kernel import clock
from zhike.kernel.worktime import calendars
from zhike.people.models import User

from . import completeness, consent, queries
from .actions import whole_address
from .known import FIELDS, PREFERENCE, TRAIT
from .models import Address, Consent, Contact, Fact, FieldDefinition, Identifier, Link, Need
from .rules import CARD, KEY_CARD, POSITIONS, THEIRS, Rules, rules_at, text_of

WORDS: dict[str, dict[str, Any]] = {
    "kind": dict(Customer.Kind.choices),
    "gender": dict(Customer.Gender.choices),
    "position": dict(Customer.Position.choices),
    "dealing": dict(Customer.Dealing.choices),
}
# said on the left of the page beside what the columns say
IDENTITY = ("employer", "legal", "brand", "founded", "staff", "family", "birthday", "terms")


@dataclass(frozen=True)
class Shown:
    """One fact in words."""

    fact: Fact
    label: str
    value: str

    @property
    def long(self) -> bool:
        known = FIELDS.get(self.fact.field)
        return known is not None and known.long


def shown(facts: Iterable[Fact]) -> list[Shown]:
    rows = list(facts)
    labels = queries.named(row.field for row in rows)
    return [
        Shown(row, labels[row.field], str(WORDS.get(row.field, {}).get(row.value, row.value))) for row in rows
    ]


@dataclass(frozen=True)
class Own:
    """A field that the unit defined, with what stands in it."""

    definition: FieldDefinition
    label: str
    value: str


@dataclass(frozen=True)
class File:
    """The parts of one file that every look at it needs; read with a fixed number of statements."""

    customer: Customer
    facts: dict[str, Shown]
    identifiers: list[Identifier]
    addresses: list[tuple[Address, str]]
    own: list[Own] = field(default_factory=list)

    @property
    def preferences(self) -> list[Shown]:
        return [one for code, one in self.facts.items() if code.startswith(PREFERENCE)]

    @property
    def traits(self) -> list[Shown]:
        return [one for code, one in self.facts.items() if code.startswith(TRAIT)]

    @property
    def identity(self) -> list[Shown]:
        return [self.facts[code] for code in IDENTITY if code in self.facts]


def file_of(customer: Customer) -> File:
    facts = {one.fact.field: one for one in shown(queries.facts(customer))}
    own = [
        Own(one, one.name, customer.more.get(one.code, ""))
        for one in queries.definitions(customer.unit_id, customer.kind)
    ]
    labels = queries.named(f"custom.{one.definition.code}" for one in own)
    return File(
        customer,
        facts,
        list(customer.identifiers.defer("number")),
        [(row, whole_address(row)) for row in customer.addresses.all()],
        [Own(one.definition, labels[f"custom.{one.definition.code}"], one.value) for one in own],
    )


@dataclass(frozen=True)
class Wishes:
    """What whoever serves the customer has to know at once: preferences, traits, refusals (R003-09)."""

    preferences: list[Shown]
    traits: list[Shown]
    refusals: list[Consent]

    def __bool__(self) -> bool:
        return bool(self.preferences or self.traits or self.refusals)


def wishes_of(customer: Customer) -> Wishes:
    """For the card beside a case and the drawer; three statements."""
    rows = shown(row for row in queries.facts(customer) if row.field.startswith((PREFERENCE, TRAIT)))
    return Wishes(
        [one for one in rows if one.fact.field.startswith(PREFERENCE)],
        [one for one in rows if one.fact.field.startswith(TRAIT)],
        consent.refusals(customer),
    )


@dataclass(frozen=True)
class Quality:
    """How good the file is: complete, verified, and by which clause."""

    percent: int | None
    gaps: list[completeness.Wanted]
    is_late: bool
    clause: str
    version: Any


def quality_of(customer: Customer, day: dt.date) -> Quality:
    percent, gaps = completeness.gaps_of(customer, day=day)
    rules = rules_at(customer.unit_id, day)
    parameter = KEY_CARD if customer.is_key else CARD
    since = rules.since(parameter, day) if rules else None
    checked = customer.verified_on or calendars.local_day(customer.created_at, customer.unit_id)
    return Quality(
        percent,
        gaps,
        since is not None and checked < since,
        rules.clause(parameter) if rules else "",
        rules.version if rules else None,
    )


@dataclass(frozen=True)
class Theirs:
    """The part for the customers of an intermediate customer (R000-24..26)."""

    links: list[tuple[Link, list[history.Line]]]
    needs: list[Need]
    promises: list[Any]
    uses: list[tuple[str, str, str]]  # what they say, what it is used for, clause


def theirs_of(user: User, customer: Customer, day: dt.date, visible: Iterable[int]) -> Theirs | None:
    """None for an end customer: the part is not applicable (T000-03)."""
    if customer.position != Customer.Position.INTERMEDIATE:
        return None
    rules = rules_at(customer.unit_id, day)
    seen = set(visible)
    found = [row for row in queries.linked(customer) if row.kind == Link.Kind.BUYS_FROM]
    rows = [row for row in found if row.customer_id in seen][:10]
    return Theirs(
        [(row, history.of(user, row.customer, limit=3).open_lines) for row in rows],
        list(customer.needs.exclude(holder="").exclude(state=Need.State.CHANGED).order_by("-at")[:10]),
        queries.promises_of_theirs(customer),
        _uses(rules),
    )


def _uses(rules: Rules | None) -> list[tuple[str, str, str]]:
    if rules is None:
        return []
    english = (get_language() or "").startswith("en")
    return [
        (
            (row.word.en or row.word.name) if english else row.word.name,
            (text_of(row, "用途英文") or text_of(row, "用途")) if english else text_of(row, "用途"),
            row.clause,
        )
        for row in rules.rows(THEIRS)
    ]


def required_parts(customer: Customer, day: dt.date) -> dict[str, str]:
    """What the manual requires of a customer of this position: the five questions, the customers' part (T000-03)."""
    rules = rules_at(customer.unit_id, day)
    row = rules.row(POSITIONS, customer.position) if rules and customer.position else None
    return {} if row is None else {label: text_of(row, label) for label in ("五问表", "客户的客户")}


def today(customer: Customer) -> dt.date:
    return calendars.local_day(clock.now(), customer.unit_id)


def contacts_of(customer: Customer) -> list[Contact]:
    return queries.contacts(customer)
