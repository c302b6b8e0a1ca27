"""The tree of units in memory: who stands above and below whom.

Units are few (hundreds) and change seldom, so the whole tree is read once and kept until the stamp changes.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from django.db import transaction

from .held import forget
from .kept import kept
from .models import Unit, unit_label


class Node(NamedTuple):
    """What is held of every unit: its place in the tree, its kind, its names."""

    id: int
    parent_id: int | None
    path: str
    kind: str
    name: str
    name_en: str

    @property
    def label(self) -> str:
        return unit_label(self.name, self.name_en)


@dataclass(frozen=True)
class Tree:
    """Parents and children by id."""

    parents: dict[int, int | None]
    children: dict[int, tuple[int, ...]]

    def line(self, unit: int) -> list[int]:
        """The unit and everything above it, nearest first."""
        found: list[int] = []
        here: int | None = unit
        while here is not None:
            found.append(here)
            here = self.parents.get(here)
        return found

    def below(self, unit: int) -> frozenset[int]:
        """The unit and everything below it."""
        found = {unit}
        stack = [unit]
        while stack:
            for child in self.children.get(stack.pop(), ()):
                found.add(child)
                stack.append(child)
        return frozenset(found)


def tree() -> Tree:
    """The present tree, built anew only when something has changed."""
    return kept("tree", _built)


def rows() -> tuple[Node, ...]:
    """Every unit in the order of the keys."""
    return kept(
        "units", lambda: tuple(map(Node._make, Unit.objects.order_by("id").values_list(*Node._fields)))
    )


def _built() -> Tree:
    units, children = rows(), dict[int, list[int]]()
    for unit in units:
        if unit.parent_id is not None:
            children.setdefault(unit.parent_id, []).append(unit.id)
    parents = {unit.id: unit.parent_id for unit in units}
    return Tree(parents, {unit: tuple(below) for unit, below in children.items()})


@transaction.atomic
def plant(
    *, name: str, code: str, parent: Unit | None = None, kind: str = Unit.Kind.DEPARTMENT, name_en: str = ""
) -> Unit:
    """Add a unit below `parent` and give it its path."""
    unit = Unit.objects.create(name=name, name_en=name_en, code=code, parent=parent, kind=kind)
    unit.path = f"{parent.path if parent else '/'}{unit.pk}/"
    unit.save(update_fields=["path"])
    forget()
    return unit
