"""The structure as it stands: units with their posts and holders, and what the check finds (R002-165)."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from zhike.kernel.parties.models import Unit

from .models import Appointment, Function, Post, UnitPost, UnitProfile
from .queries import current_appointments, tree_order

# from this rank up a post supervises (主管 and above)
SUPERVISOR = 50


@dataclass
class Place:
    """One post at one unit, with who holds it."""

    post: Post
    name: str
    holders: list[Appointment] = field(default_factory=list)
    placed: UnitPost | None = None


@dataclass
class Branch:
    """One unit of the tree."""

    unit: Unit
    depth: int
    profile: UnitProfile | None
    places: list[Place]

    @property
    def people(self) -> int:
        return len({row.party_id for place in self.places for row in place.holders})


@dataclass(frozen=True)
class Warning:
    """One finding of the check."""

    unit: Unit
    sentence: str
    rule: str = ""


def chart(now: dt.datetime, top: Unit | None = None) -> list[Branch]:
    """Open units from `top` down (else all), each with its posts and their holders. Four queries."""
    units = Unit.objects.filter(closed_on=None)
    if top is not None:
        units = units.filter(path__startswith=top.path)
    ordered = tree_order(units)
    keys = [unit.pk for unit, _depth in ordered]
    profiles = {
        row.unit_id: row for row in UnitProfile.objects.filter(unit__in=keys).select_related("function")
    }
    places = _places(keys, now)
    return [Branch(unit, depth, profiles.get(unit.pk), places[unit.pk]) for unit, depth in ordered]


def _places(units: list[int], now: dt.datetime) -> dict[int, list[Place]]:
    """Posts that the units have by plan, and those that somebody holds there besides."""
    found: dict[int, dict[int, Place]] = defaultdict(dict)
    for row in (
        UnitPost.objects.filter(unit__in=units).select_related("post").order_by("-post__rank", "place")
    ):
        found[row.unit_id][row.post_id] = Place(row.post, row.label, placed=row)
    for held in current_appointments(now).filter(unit__in=units).order_by("-post__rank", "kind", "id"):
        place = found[held.unit_id].setdefault(held.post_id, Place(held.post, held.post.label))
        place.holders.append(held)
    return defaultdict(
        list, {unit: sorted(rows.values(), key=lambda p: -p.post.rank) for unit, rows in found.items()}
    )


def check(now: dt.datetime) -> list[Warning]:
    """What is missing in the structure.

    In a department of the service template every function needs a unit whose posts include a supervisor
    (R002-165); a supervisor post that nobody holds and a unit without any head are named too.
    """
    branches = chart(now)
    found: list[Warning] = []
    for head in branches:
        if head.profile is not None and head.profile.template == "service":
            inside = [branch for branch in branches if branch.unit.path.startswith(head.unit.path)]
            found += _functions_without_supervisor(head, inside)
    for branch in branches:
        found += _vacant(branch)
    return found


def _functions_without_supervisor(head: Branch, inside: list[Branch]) -> list[Warning]:
    found: list[Warning] = []
    for function in Function.objects.filter(kind=Function.Kind.OVERALL):
        units = [
            branch
            for branch in inside
            if branch.profile is not None and branch.profile.function_id == function.pk
        ]
        if not units:
            sentence = _("The function “%(function)s” has no unit, so no supervisor.")
            found.append(Warning(head.unit, sentence % {"function": function.label}, "R002-165"))
        elif not any(place.post.rank >= SUPERVISOR for branch in units for place in branch.places):
            sentence = _("The function “%(function)s” has no post of a supervisor.")
            found.append(Warning(units[0].unit, sentence % {"function": function.label}, "R002-165"))
    return found


def _vacant(branch: Branch) -> list[Warning]:
    return [
        Warning(branch.unit, _("Nobody holds the post “%(post)s”.") % {"post": place.name})
        for place in branch.places
        if place.post.rank >= SUPERVISOR and not place.post.is_staff_position and not place.holders
    ]
