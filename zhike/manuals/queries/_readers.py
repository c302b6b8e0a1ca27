"""Who must read a regulation, who has, and who has confirmed it (R000-01, S002-06).

Who must read stands in the front matter: `readers: 客服经理、客服主管` names posts, `readers: 全员` everybody; without
the line it is everybody too, always of the units that work by the regulation. Who joins later must read as well.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import OuterRef, QuerySet, Subquery

from zhike.kernel.duties.models import Duty
from zhike.kernel.parties.directory import directory
from zhike.kernel.parties.models import Party, Unit
from zhike.kernel.parties.scope import EVERYTHING, Scope
from zhike.kernel.parties.tree import tree
from zhike.kernel.policy import inforce
from zhike.kernel.policy.manual import model
from zhike.kernel.policy.models import ManualVersion
from zhike.manuals.models import Reading
from zhike.people.models import Appointment
from zhike.ui.lists import counting

from ._standing import standing

KIND = "manual.read"
EVERYBODY = {"全员", "全体员工", "everybody", "all"}
WITHIN = "阅读期限"  # figure of the standards, unless the front matter says `read_within`


@dataclass(frozen=True)
class Share:
    """How many must read a version, and how far they are."""

    all: int
    confirmed: int
    opened: int

    @property
    def percent(self) -> float:
        return 100 * self.confirmed / self.all if self.all else 0

    @property
    def unread(self) -> int:
        return self.all - self.confirmed - self.opened


@dataclass(frozen=True)
class Mine:
    """A regulation that a person must read, and how far they are."""

    version: ManualVersion
    opened_at: dt.datetime | None
    confirmed_at: dt.datetime | None
    due_at: dt.datetime | None


def names_readers(manual: model.Manual) -> bool:
    """Whether the regulation says who must read it; only then publishing asks them by a duty."""
    return bool(reader_words(manual))


def reader_words(manual: model.Manual) -> list[str]:
    """The words of the line `readers:`."""
    given = manual.meta.get("readers")
    words = given if isinstance(given, list) else re.split(r"[、,，;；\s]+", str(given or ""))
    return [str(word).strip() for word in words if str(word).strip()]


def posts_to_read(manual: model.Manual) -> list[str] | None:
    """Codes of the posts that must read; None: everybody. Words that name no post are left out."""
    names = reader_words(manual)
    if not names or EVERYBODY & {name.lower() for name in names}:
        return None
    return [code for code in (directory().post_code(name) for name in names) if code is not None]


def read_within(manual: model.Manual, day: dt.date) -> str:
    return str(manual.meta.get("read_within") or standing(WITHIN, day, manual).text).strip()


def units_bound(key: str) -> frozenset[int]:
    """The units that work by a manual: where it is installed, and all below."""
    below = [tree().below(row.unit_id) for row in inforce.everywhere() if row.key == key]
    return frozenset().union(*below)


def reach(key: str, day: dt.date) -> tuple[int, int]:
    """How many houses (stores, companies) work by a manual, and how many units have moved a figure of it."""
    houses = Unit.objects.filter(pk__in=units_bound(key), closed_on=None)
    inner = [Unit.Kind.DEPARTMENT, Unit.Kind.TEAM]
    moved = sum(1 for row in inforce.everywhere() if row.key == key and row.on(day))
    return houses.exclude(kind__in=inner).count(), moved


def readers(version: ManualVersion, day: dt.date, scope: Scope = EVERYTHING) -> QuerySet[Party]:
    """Staff of the visible units who must read a version on a day, by unit and name."""
    return readers_in(inforce.manual_of(version.pk), units_bound(version.key), day, scope)


def readers_of_draft(manual: model.Manual, install_at: Unit | None, day: dt.date) -> int:
    """How many will have to read a manual once it is published; a new one where it is to be installed."""
    units = units_bound(manual.name)
    if install_at is not None:
        units |= tree().below(install_at.pk)
    return readers_in(manual, units, day).count()


def readers_in(
    manual: model.Manual, units: frozenset[int], day: dt.date, scope: Scope = EVERYTHING
) -> QuerySet[Party]:
    """Staff of these units whom a manual names as its readers."""
    rows = Party.objects.filter(kind=Party.Kind.STAFF, user__is_active=True, unit__in=units)
    posts = posts_to_read(manual)
    if posts is not None:
        held = Appointment.objects.filter(Appointment.on(day), post__code__in=posts, unit__in=units)
        rows = rows.filter(pk__in=held.values("party"))
    return scope.rows(rows, named=("pk",)).select_related("unit").order_by("unit__path", "name", "pk")


def with_readings(version: ManualVersion, rows: QuerySet[Party]) -> QuerySet[Party]:
    """The same with when each opened the version and confirmed it, and by when they are asked to."""
    mine = Reading.objects.filter(version=version, party=OuterRef("pk"))
    asked = Duty.objects.filter(
        kind=KIND, subject_label=ManualVersion._meta.label, subject_id=version.pk, owner=OuterRef("pk")
    ).order_by("-pk")
    return rows.annotate(
        opened_at=Subquery(mine.values("opened_at")[:1]),
        confirmed_at=Subquery(mine.values("confirmed_at")[:1]),
        read_by=Subquery(asked.values("due_at")[:1]),
    )


def share(version: ManualVersion, day: dt.date) -> Share:
    """How far the readers of a version are, in the whole enterprise. Numbers only, so open to all staff."""
    return shares([version], day)[version.pk]


def shares(versions: Sequence[ManualVersion], day: dt.date) -> dict[int, Share]:
    """The same of several versions, by their keys, in one statement."""
    asked: list[QuerySet[Any]] = []
    for version in versions:
        who = readers(version, day).order_by()
        read = Reading.objects.filter(version=version, party__in=who.values("pk"))
        asked += [who, read.filter(confirmed_at__isnull=False), read.filter(confirmed_at=None)]
    numbers = counting.exact_each(asked)
    return {version.pk: Share(*numbers[3 * at : 3 * at + 3]) for at, version in enumerate(versions)}


def must_read(version: ManualVersion, party: Party, day: dt.date) -> bool:
    return readers(version, day).filter(pk=party.pk).exists()


def mine(party: Party, day: dt.date) -> list[Mine]:
    """What a person must read of the regulations in force, unread first, and what they have confirmed."""
    versions = [row for row in inforce.versions_in_force(day).values() if _bound(row, party, day)]
    read = {row.version_id: row for row in Reading.objects.filter(party=party, version__in=versions)}
    due = dict(
        Duty.objects.open()
        .filter(kind=KIND, owner=party, subject_label=ManualVersion._meta.label)
        .values_list("subject_id", "due_at")
    )
    found = []
    for version in versions:
        row = read.get(version.pk)
        found.append(
            Mine(
                version,
                row.opened_at if row else None,
                row.confirmed_at if row else None,
                due.get(version.pk),
            )
        )
    return sorted(found, key=lambda one: (one.confirmed_at is not None, one.version.key))


def _bound(version: ManualVersion, party: Party, day: dt.date) -> bool:
    """Whether a person must read: by the unit they belong to, and by a post they hold there where posts are named."""
    units = units_bound(version.key)
    if party.unit_id not in units:
        return False
    posts = posts_to_read(inforce.manual_of(version.pk))
    return posts is None or _holds(posts, units, party, day)


def _holds(posts: Iterable[str], units: frozenset[int], party: Party, day: dt.date) -> bool:
    rows = Appointment.objects.filter(Appointment.on(day), party=party, post__code__in=posts)
    return rows.filter(unit__in=units).exists()
