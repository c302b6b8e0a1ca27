"""Who holds what near a unit: the one walk up the line by which a post and whoever answers for it are found."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from typing import Generic, NamedTuple, Protocol, TypeVar

from .models import Appointment
from .standing import Houses


class Held(Protocol):
    """An appointment, or the little of it that is kept of everybody's."""

    @property
    def pk(self) -> int: ...
    @property
    def unit_id(self) -> int: ...
    @property
    def kind(self) -> str: ...


H = TypeVar("H", bound=Held)


class Seat(NamedTuple):
    """What is kept of an appointment; `rank` is 0 for posts outside the line."""

    pk: int
    party: int
    unit_id: int
    kind: str
    post: str
    rank: int


class Seats(Generic[H]):
    """Appointments by their place. A department serves its whole house (`Houses`)."""

    def __init__(self, rows: Iterable[H], place: Houses) -> None:
        self.rows = list(rows)
        self.place = place
        self.at: dict[int, list[H]] = defaultdict(list)
        self.inside: dict[int, list[H]] = defaultdict(list)
        for row in self.rows:
            self.at[row.unit_id].append(row)
            if (house := place.of(row.unit_id)) != row.unit_id:
                self.inside[house].append(row)

    def nearest(self, unit: int, fits: Callable[[H], bool] = lambda row: True) -> list[H]:
        """Those that fit at the unit, or in a department of the same house, else at the nearest above; acting first."""
        for level in self._up(unit):
            for rows in level:
                if found := [row for row in rows if fits(row)]:
                    return _acting_first(found)
        return []

    def in_reach(self, unit: int) -> set[H]:
        return {row for level in self._up(unit) for rows in level for row in rows}

    def lead(self, unit: int, fits: Callable[[H], bool] = lambda row: True) -> list[H]:
        """Those that fit in the nearest house: the head of a store and those of its departments lead it together."""
        for level in self._up(unit):
            if found := {row for rows in level for row in rows if fits(row)}:
                return _acting_first(found)
        return []

    def _up(self, unit: int) -> Iterator[tuple[list[H], list[H]]]:
        for part in reversed(self.place.paths[unit].strip("/").split("/")):
            here = int(part)
            yield self.at.get(here, []), self.inside.get(here, [])


def _acting_first(rows: Iterable[H]) -> list[H]:
    return sorted(rows, key=lambda row: (row.kind != Appointment.Kind.ACTING, row.pk))
