"""What pages show of a file, ready to print: facts in words, the identity, the parts beside it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext_lazy as _

from zhike.customers import history
from zhike.customers.models import Customer
from zhike.kernel import clock
from zhike.kernel.worktime import calendars
from zhike.people.models import User, in_language

from . import completeness, fields, parts, queries
from .known import CUSTOM, FIELDS, PREFERENCE, TRAIT
from .models import Address, Consent, Fact, FieldDefinition, Identifier, Link, Need
from .places import whole_address
from .rules import CARD, KEY_CARD, POSITIONS, THEIRS, Rules, rules_at, text_of

WORDS: dict[str, dict[str, Any]] = {
    "kind": dict(Customer.Kind.choices),
    "gender": dict(Customer.Gender.choices),
    "position": dict(Customer.Position.choices),
    "dealing": dict(Customer.Dealing.choices),
}
MOST = 6  # of the customer's customers that its page names with what they complain of
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
    labels = fields.named(row.field for row in rows)
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
    own = fields.definitions(customer.unit_id, customer.kind)
    labels = fields.named((f"{CUSTOM}{one.code}" for one in own), own)
    return File(
        customer,
        {one.fact.field: one for one in standing(customer)},
        parts.identifiers(customer),
        [(row, whole_address(row)) for row in parts.addresses(customer)],
        [Own(one, labels[f"{CUSTOM}{one.code}"], customer.more.get(one.code, "")) for one in own],
    )


def standing(customer: Customer) -> list[Shown]:
    """The facts that stand, in words; fields of units are shown by `File.own`."""
    return shown(row for row in parts.facts(customer) if not row.field.startswith(CUSTOM))


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
    rows = standing(customer)
    return Wishes(
        [one for one in rows if one.fact.field.startswith(PREFERENCE)],
        [one for one in rows if one.fact.field.startswith(TRAIT)],
        [row for row in parts.consents(customer) if not row.is_given],
    )


@dataclass(frozen=True)
class Quality:
    """How good the file is: complete, verified, and by which clause."""

    percent: int | None
    gaps: list[completeness.Wanted]
    is_late: bool
    clause: str
    version: Any
    required: list[tuple[str, str]]  # a part of the file, whether this position must have it (T000-03)
    required_by: str


PARTS = {"五问表": _("Five-questions sheet"), "客户的客户": _("The customer's customers")}
DEGREES = {"必备": _("required"), "可选": _("optional"), "不适用": _("not applicable")}


def quality_of(customer: Customer, day: dt.date) -> Quality:
    percent, gaps = completeness.gaps_of(customer, day=day)
    rules = rules_at(customer.unit_id, day)
    parameter = KEY_CARD if customer.is_key else CARD
    since = rules.since(parameter, day) if rules else None
    checked = customer.verified_on or calendars.local_day(customer.created_at, customer.unit_id)
    position = rules.row(POSITIONS, customer.position) if rules and customer.position else None
    return Quality(
        percent,
        gaps,
        since is not None and checked < since,
        rules.clause(parameter) if rules else "",
        rules.version if rules else None,
        [(str(said), str(DEGREES.get(text_of(position, part), ""))) for part, said in PARTS.items()]
        if position
        else [],
        position.clause if position else "",
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
    found = [row for row in parts.linked(customer) if row.kind == Link.Kind.BUYS_FROM]
    rows = [row for row in found if row.customer_id in seen][:MOST]
    return Theirs(
        [(row, history.complaints(user, row.customer, limit=3)) for row in rows],
        [need for need in parts.needs_of(customer) if need.holder][:10],
        queries.promises_of_theirs(customer),
        _uses(rules),
    )


def _uses(rules: Rules | None) -> list[tuple[str, str, str]]:
    if rules is None:
        return []
    return [
        (
            in_language(row.word.name, row.word.en),
            in_language(text_of(row, "用途"), text_of(row, "用途英文")),
            row.clause,
        )
        for row in rules.rows(THEIRS)
    ]


def today(customer: Customer) -> dt.date:
    return calendars.local_day(clock.now(), customer.unit_id)
