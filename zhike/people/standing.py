"""What one person may do and see at one moment, out of appointments, powers of posts and absences."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple
from zoneinfo import ZoneInfo

from django.conf import settings

from zhike.kernel.parties import tree
from zhike.kernel.parties.held import held
from zhike.kernel.parties.kept import kept
from zhike.kernel.parties.models import Unit
from zhike.kernel.parties.scope import NAMED_ONLY, Scope

from .models import Appointment, Deputy, PostPower, business_day, in_language

INNER = frozenset({Unit.Kind.DEPARTMENT.value, Unit.Kind.TEAM.value})


@dataclass(frozen=True)
class Houses:
    """The tree of units with its houses, read once for one question.

    A department or team belongs to the house (store, company, group) above it and serves the whole of it.
    """

    paths: dict[int, str]
    kinds: dict[int, str]

    def of(self, unit: int) -> int:
        """The nearest unit, itself included, that is no department or team; the topmost one if all are."""
        line = [int(part) for part in reversed(self.paths[unit].split("/")) if part]
        return next((here for here in line if self.kinds[here] not in INNER), line[-1])

    def reach(self, holder_at: int, asked_at: int) -> tuple[int, bool] | None:
        """How near a post held at one unit is to another unit: (depth, stands in the line), None if it is not."""
        target = self.paths[asked_at]
        if target.startswith(self.paths[holder_at]):
            return self.paths[holder_at].count("/"), True
        house = self.paths[self.of(holder_at)]
        return (house.count("/"), False) if target.startswith(house) else None

    def below(self, unit: int) -> frozenset[int]:
        """The unit and everything below it."""
        top = self.paths[unit]
        return frozenset(other for other, path in self.paths.items() if path.startswith(top))

    def together(self, unit: int) -> frozenset[int]:
        """The house of the unit with all its departments and teams, but without the houses below it."""
        house = self.of(unit)
        return frozenset(other for other in self.below(house) if self.of(other) == house)


def houses() -> Houses:
    return kept("houses", _houses)


def _houses() -> Houses:
    units = tree.rows()
    return Houses({unit.id: unit.path for unit in units}, {unit.id: unit.kind for unit in units})


@dataclass(frozen=True)
class Grant:
    """One power held through one appointment; `absent` is the person stood in for."""

    power: str
    reach: str
    unit: int
    absent: int | None = None


@dataclass(frozen=True)
class Chair:
    """The highest post that a person holds, and where: names in Chinese and English."""

    post: tuple[str, str]
    unit: tuple[str, str]

    @property
    def label(self) -> str:
        return f"{in_language(*self.post)} · {in_language(*self.unit)}"


@dataclass(frozen=True)
class Standing:
    """Everything that the gates ask about one person at one moment."""

    party: int
    grants: tuple[Grant, ...]
    clearance: int
    place: Houses
    chair: Chair | None = None

    @property
    def cleared(self) -> int:
        """The highest secrecy read by post; what only named persons read lies above it."""
        return min(self.clearance, NAMED_ONLY - 1)

    @cached_property
    def powers(self) -> frozenset[str]:
        return frozenset(grant.power for grant in self.grants)

    def has(self, power: str) -> bool:
        return power in self.powers

    def units(self, power: str) -> frozenset[int] | None:
        """Units over which the power reaches; None: all of them; empty: own cases only, or no power."""
        found: set[int] = set()
        for grant in self.grants:
            if grant.power != power:
                continue
            if grant.reach == PostPower.Reach.ALL:
                return None
            found |= self._reached(grant)
        return frozenset(found)

    def scope(self, *powers: str) -> Scope:
        """Rows that the person may see by any of these powers; without one, nothing, not even rows naming them."""
        held = [power for power in powers if self.has(power)]
        if not held:
            return Scope(party=None)
        reached: set[int] = set()
        for power in held:
            units = self.units(power)
            if units is None:
                return Scope(party=self.party, units=None, secrecy=self.cleared)
            reached |= units
        return Scope(party=self.party, units=frozenset(reached), secrecy=self.cleared)

    def may(self, power: str, unit: int | None = None, named: Iterable[int | None] = ()) -> bool:
        """True when the power is held, at all or over `unit`; being `named` on the row is enough for its holder."""
        if not self.has(power):
            return False
        if unit is None:
            return True
        units = self.units(power)
        return units is None or unit in units or self.party in set(named)

    def _reached(self, grant: Grant) -> frozenset[int]:
        if grant.reach == PostPower.Reach.SUBTREE:
            return self.place.below(grant.unit)
        if grant.reach == PostPower.Reach.HOUSE:
            return self.place.together(grant.unit)
        return frozenset({grant.unit} if grant.reach == PostPower.Reach.UNIT else ())


class Held(NamedTuple):
    """One power of one post that somebody holds; a post without powers is one row with none."""

    unit: int
    rank: int
    appointment: int
    clearance: int
    power: str | None
    reach: str
    post: str
    post_en: str


COLUMNS = (
    "unit", "post__rank", "id", "post__clearance", "post__post_powers__power__code", "post__post_powers__scope",
    "post__name", "post__name_en",
)  # fmt: skip


def held_by(party: int, day: dt.date) -> tuple[Held, ...]:
    """What a person holds on a day."""

    def read() -> tuple[Held, ...]:
        rows = Appointment.objects.filter(Appointment.on(day), party=party, post__retired_on=None)
        return tuple(map(Held._make, rows.order_by("id").values_list(*COLUMNS)))

    return kept(("held", party, day), read)


def absences(now: dt.datetime) -> list[Deputy]:
    """Who is away now, and for whom somebody stands in; of several rows for one person the latest comes last."""
    day = business_day(now)

    def read() -> tuple[Deputy, ...]:
        begin = dt.datetime.combine(day, dt.time(), ZoneInfo(settings.TIME_ZONE))
        rows = Deputy.objects.filter(away_from__lt=begin + dt.timedelta(days=2), away_to__gt=begin)
        return tuple(rows.select_related("deputy").order_by("away_from", "id"))

    found = kept(("absences", day), read)
    return [row for row in found if row.away_from <= now < row.away_to]


@held
def standing_of(party: int, now: dt.datetime) -> Standing:
    """Powers of the posts held, and of those for whom the person stands in now."""
    day = business_day(now)
    own = held_by(party, day)
    rows = [(party, row) for row in own]
    for absent in {row.absent_id for row in absences(now) if row.deputy_id == party} - {party}:
        rows += [(absent, row) for row in held_by(absent, day)]
    rows.sort(key=lambda one: (-one[1].rank, one[1].appointment))
    grants = tuple(
        Grant(row.power, row.reach, row.unit, None if holder == party else holder)
        for holder, row in rows
        if row.power is not None
    )
    clearance = max((row.clearance for _holder, row in rows), default=0)
    return Standing(party=party, grants=grants, clearance=clearance, place=houses(), chair=_chair(own))


def _chair(own: Iterable[Held]) -> Chair | None:
    """The highest post, the one held longest where several are equal."""
    first = min(own, key=lambda row: (-row.rank, row.appointment), default=None)
    if first is None:
        return None
    unit = next(unit for unit in tree.rows() if unit.id == first.unit)
    return Chair((first.post, first.post_en), (unit.name, unit.name_en))
