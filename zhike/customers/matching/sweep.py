"""Duplicates among all files: candidates met by keys, weighed, kept as `Candidate` rows for people to look at.

Names are compared with their sound, numbers by blind index (nothing is decrypted), addresses in their normal form.
Files are compared within a house only, since each house keeps its own.
"""

from __future__ import annotations

import datetime as dt
import itertools
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext_lazy as _
from django_q.tasks import async_task
from numpy.typing import NDArray

from zhike.customers.models import Address, Contact, Customer, Identifier, Phone
from zhike.kernel import clock
from zhike.kernel.audit import trail
from zhike.kernel.parties.models import Party
from zhike.people.standing import houses

from . import normal, pairs
from .columns import Column, Kind
from .models import Candidate, Sweep
from .pairs import CLOSE, DIFFERENT, EQUAL, LIKE, MISSING

TASK = "zhike.customers.matching.sweep.run"
THRESHOLD = 0.5
BATCH = 2000
EVERY = dt.timedelta(hours=20)
NIGHT = range(2, 6)  # hours in which nobody waits for the worker
COLUMNS = [
    Column("name", Kind.NAME, 0),
    Column("phone", Kind.PHONE, 1),
    Column("licence", Kind.NUMBER, 2),
    Column("address", Kind.ADDRESS, 3),
]
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
    for pk, text in Address.objects.filter(**held).order_by("pk").values_list("customer", "text").iterator():
        addresses[pk].append(normal.address(text))
    for pk, row in rows.items():
        row.phones, row.ends = frozenset(phones.get(pk, ())), frozenset(ends.get(pk, ()))
        row.numbers, row.addresses = frozenset(numbers.get(pk, ())), tuple(addresses.get(pk, ()))
    return Files(list(rows.values()))


# ---- candidates


def met(files: Files) -> NDArray[np.int64]:
    """Pairs of places of files that share a key."""
    width = len(files.rows)
    packed = [pairs.within(values, width) for values in _single_keys(files)]
    packed += [_among(files, get, width) for get in _many_keys()]
    found = np.unique(np.concatenate(packed)) if packed else np.empty(0, dtype=np.int64)
    return np.stack([found // max(width, 1), found % max(width, 1)], axis=1)


def _single_keys(files: Files) -> Iterator[list[str]]:
    rows = files.rows
    yield [row.sound for row in rows]
    yield [row.name for row in rows]
    yield [row.core if len(row.core) >= 2 else "" for row in rows]
    yield [f"{row.sound}|{row.addresses[0][:6]}" if row.addresses else "" for row in rows]
    yield [f"{row.sound[:3]}|{row.addresses[0][-8:]}" if row.addresses else "" for row in rows]


def _many_keys() -> tuple[Any, ...]:
    """Keys of which a file may have several."""
    return (
        lambda row: row.phones,
        lambda row: [f"{kind}{index}" for kind, index in row.numbers],
        lambda row: [text for text in row.addresses if len(text) >= 8],
        lambda row: [f"{row.sound}|{end}" for end in row.ends],
        lambda row: [f"{row.sound.partition(' ')[0]}|{end}" for end in row.ends],
    )


def _among(files: Files, get: Any, width: int) -> NDArray[np.int64]:
    groups: dict[str, list[int]] = defaultdict(list)
    for place, row in enumerate(files.rows):
        for value in get(row):
            groups[value].append(place)
    packed: list[int] = []
    for places in groups.values():
        if len(places) > 1 and len(places) * (len(places) - 1) // 2 <= pairs.LARGEST_BLOCK:
            packed.extend(a * width + b for a, b in itertools.combinations(places, 2) if a != b)
    return np.array(packed, dtype=np.int64)


# ---- comparing


def levels(x: File, y: File) -> tuple[int, int, int, int]:
    """How alike two files are in name, telephone, licence and address."""
    name = pairs.level(Kind.NAME, x.name, y.name, x.sound, y.sound)
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
    found = [pairs.level(Kind.ADDRESS, one, other) for one in x.addresses for other in y.addresses]
    return max(found, default=MISSING)


def likeness(x: File, y: File, files: Files | None = None) -> Likeness:
    """How sure it is that two files are one, by fixed weights and by how rare the name is."""
    seen = levels(x, y)
    rarity = np.zeros(1)
    if files is not None and seen[0] == EQUAL:
        rarity[0] = np.clip(np.log(files.usual) - np.log(files.named.get(x.name, 1)), -3.0, 3.0)
    score = pairs.posterior(np.array([seen], dtype=np.int8), _CHANCES, rarity)[0]
    return Likeness(float(score), reasons(x, y, seen))


_CHANCES = pairs.usual(COLUMNS)


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


def scored(files: Files, threshold: float = THRESHOLD) -> list[tuple[int, int, Likeness]]:
    """Keys of the files of each pair at or above the threshold, the older file first."""
    found = met(files)
    if not len(found):
        return []
    both = [(files.rows[a], files.rows[b]) for a, b in found.tolist()]
    seen = np.array([levels(x, y) for x, y in both], dtype=np.int8)
    usual = np.log(files.usual)
    rarity = np.zeros(len(both))
    for place in np.flatnonzero(seen[:, 0] == EQUAL).tolist():
        rarity[place] = min(max(usual - np.log(files.named[both[place][0].name]), -3.0), 3.0)
    scores = pairs.posterior(seen, _CHANCES, rarity)
    kept = np.flatnonzero(scores >= threshold).tolist()
    return [
        (
            both[place][0].pk,
            both[place][1].pk,
            Likeness(float(scores[place]), reasons(*both[place], tuple(seen[place].tolist()))),
        )
        for place in kept
    ]


# ---- the job


def ask(*, by: Party | None) -> None:
    """Have the worker look through all files now."""
    async_task(TASK, by.pk if by is not None else None, q_options={"group": "sweep", "save": False})


def ask_at_night(now: dt.datetime) -> bool:
    """To be called by the watch: once a night."""
    from django.utils import timezone

    if timezone.localtime(now).hour not in NIGHT:
        return False
    last = Sweep.objects.aggregate(at=Max("started_at"))["at"]
    if last is not None and now - last < EVERY:
        return False
    ask(by=None)
    return True


def run(by: int | None = None) -> None:
    """What the worker does."""
    look(by=Party.objects.filter(pk=by).first() if by is not None else None, now=clock.now())


def look(*, by: Party | None, now: dt.datetime) -> Sweep:
    """Look through the files of every house. What was decided before stays decided.

    Pairs that nobody has looked at and that are not alike any more are forgotten.
    """
    sweep = Sweep.objects.create(started_at=now, by=by)
    used = list(Customer.objects.order_by().values_list("unit", flat=True).distinct())
    place = houses()
    for house in sorted({place.of(unit) for unit in used}):
        files = read(place.together(house))
        found = scored(files)
        with transaction.atomic():
            fresh = _keep(found, {row.pk for row in files.rows}, now)
        sweep.read += len(files.rows)
        sweep.found += len(found)
        sweep.fresh += fresh
    with transaction.atomic():
        sweep.finished_at = clock.now()
        sweep.save()
        after = {"read": sweep.read, "found": sweep.found, "fresh": sweep.fresh}
        trail.record("customers.swept", subject=sweep, by=by, at=now, after=after)
    return sweep


def _keep(found: list[tuple[int, int, Likeness]], read: set[int], now: dt.datetime) -> int:
    """Store the pairs; how many were not known."""
    known = {
        (row.first_id, row.second_id): row
        for row in Candidate.objects.only("first", "second", "score", "reasons", "state", "origin").iterator()
        if row.first_id in read and row.second_id in read
    }
    fresh, changed, seen = [], [], set()
    for first, second, alike in found:
        seen.add((first, second))
        score = min(100, int(alike.score * 100))
        row = known.get((first, second))
        if row is None:
            fresh.append(
                Candidate(first_id=first, second_id=second, score=score, reasons=alike.reasons, found_at=now)
            )
        elif row.state == Candidate.State.OPEN and (row.score, row.reasons) != (score, alike.reasons):
            row.score, row.reasons = score, alike.reasons
            changed.append(row)
    Candidate.objects.bulk_create(fresh, batch_size=BATCH, ignore_conflicts=True)
    Candidate.objects.bulk_update(changed, ["score", "reasons"], batch_size=500)
    gone = [
        row.pk
        for key, row in known.items()
        if key not in seen and (row.state, row.origin) == (Candidate.State.OPEN, Candidate.Origin.SWEEP)
    ]
    for start in range(0, len(gone), 900):
        Candidate.objects.filter(pk__in=gone[start : start + 900]).delete()
    return len(fresh)
