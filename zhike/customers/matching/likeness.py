"""How like two files are: names with their sound, numbers by blind index, addresses in their normal form."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext_lazy as _

from zhike.customers.models import Address, Contact, Customer, Identifier, Phone

from . import normal
from .columns import Kind
from .weighing import AGREE, CLOSE, DIFFERENT, EQUAL, LIKE, MISSING, PRIOR, level

KINDS = (Kind.NAME, Kind.PHONE, Kind.NUMBER, Kind.ADDRESS)
REASONS: dict[str, Any] = {
    "PHONE": _("Same telephone number"),
    "PHONE_END": _("Same last four digits"),
    "LICENCE": _("Same licence or card number"),
    "NAME": _("Same name"),
    "SOUND": _("Name sounds the same"),
    "ALIKE": _("Similar name"),
    "ADDRESS": _("Same address"),
    "NEAR": _("Similar address"),
}


@dataclass
class File:
    """What is compared of one customer."""

    pk: int
    name: str
    sound: str
    core: str  # of a firm's name; a person's name is its own core
    phones: frozenset[str] = frozenset()
    ends: frozenset[str] = frozenset()
    numbers: frozenset[tuple[str, str]] = frozenset()
    addresses: tuple[str, ...] = ()


@dataclass(frozen=True)
class Likeness:
    """How sure it is that two files are one customer, and by what."""

    score: float
    reasons: list[str]


@dataclass
class Files:
    """All files of a house, and how often each name comes: a rare one says more."""

    rows: list[File]
    named: dict[str, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for row in self.rows:
            self.named[row.name] = self.named.get(row.name, 0) + 1

    @property
    def usual(self) -> float:
        """How many bear the name of a file, in the mean."""
        return sum(n * n for n in self.named.values()) / max(1, len(self.rows))


# ---- reading


def read(units: Iterable[int], *, among: Collection[int] | None = None) -> Files:
    """The active files of these units, all or some; five statements, and no number is decrypted."""
    some = {} if among is None else {"pk__in": list(among)}
    active = Customer.objects.filter(unit__in=sorted(units), state=Customer.State.ACTIVE, **some)
    rows: dict[int, File] = {}
    for pk, kind, name, sound in (
        active.order_by("pk").values_list("pk", "kind", "name", "sort_key").iterator()
    ):
        plain = normal.name(name)
        core = plain if kind == Customer.Kind.PERSON else normal.core(name)
        rows[pk] = File(pk, plain, sound or plain, core)
    held: dict[str, Any] = {"customer__unit__in": sorted(units), "customer__state": Customer.State.ACTIVE}
    if among is not None:
        held["customer__in"] = list(among)
    phones: dict[int, set[str]] = defaultdict(set)
    ends: dict[int, set[str]] = defaultdict(set)
    for pk, index, last4 in (
        Phone.objects.filter(**held).order_by().values_list("customer", "index", "last4").iterator()
    ):
        phones[pk].add(index)
        ends[pk].add(last4)
    acting = Contact.objects.filter(**held, left_on=None).exclude(index="").order_by()
    for pk, index in acting.values_list("customer", "index").iterator():
        phones[pk].add(index)
    numbers: dict[int, set[tuple[str, str]]] = defaultdict(set)
    found = Identifier.objects.filter(**held).order_by().values_list("customer", "kind", "index")
    for pk, kind, index in found.iterator():
        numbers[pk].add((kind, index))
    addresses: dict[int, list[str]] = defaultdict(list)
    # what the file takes for one address is one here too
    stands = Address.objects.filter(**held).order_by("pk").values_list("customer", "normal", "text")
    for pk, kept, text in stands.iterator():
        addresses[pk].append(normal.address(kept or text))
    for pk, row in rows.items():
        row.phones, row.ends = frozenset(phones.get(pk, ())), frozenset(ends.get(pk, ()))
        row.numbers, row.addresses = frozenset(numbers.get(pk, ())), tuple(addresses.get(pk, ()))
    return Files(list(rows.values()))


# ---- comparing


def levels(x: File, y: File) -> tuple[int, int, int, int]:
    """How alike two files are in name, telephone, licence and address."""
    name = level(Kind.NAME, x.name, y.name, x.sound, y.sound)
    if name < CLOSE and x.core == y.core and len(x.core) >= 2:
        name = CLOSE
    if x.phones and y.phones:
        phone = EQUAL if x.phones & y.phones else LIKE if x.ends & y.ends else DIFFERENT
    else:
        phone = MISSING
    return name, phone, _numbers(x, y), _addresses(x, y)


def _numbers(x: File, y: File) -> int:
    if x.numbers & y.numbers:
        return EQUAL
    return DIFFERENT if {kind for kind, _i in x.numbers} & {kind for kind, _i in y.numbers} else MISSING


def _addresses(x: File, y: File) -> int:
    found = [level(Kind.ADDRESS, one, other) for one in x.addresses for other in y.addresses]
    return max(found, default=MISSING)


def likeness(x: File, y: File) -> Likeness:
    """How sure it is that two files are one, by the weights that hold before anything is learnt."""
    seen = levels(x, y)
    total = math.log(PRIOR) - math.log1p(-PRIOR)
    for step, kind in zip(seen, KINDS, strict=True):
        one, two = AGREE[kind]
        total += math.log(one[step] / two[step]) if step != MISSING else 0.0
    return Likeness(1 / (1 + math.exp(-total)), reasons(x, y, seen))


def reasons(x: File, y: File, seen: tuple[int, int, int, int]) -> list[str]:
    name, phone, licence, address = seen
    found = [
        (phone == EQUAL, "PHONE"),
        (licence == EQUAL, "LICENCE"),
        (name == EQUAL, "NAME"),
        (name == CLOSE and x.sound == y.sound, "SOUND"),
        (name in {CLOSE, LIKE} and x.sound != y.sound, "ALIKE"),
        (address == EQUAL, "ADDRESS"),
        (address == CLOSE, "NEAR"),
        (phone == LIKE, "PHONE_END"),
    ]
    return [code for holds, code in found if holds]
