"""Regulations as controlled documents: what stands on the cover, what is in force, when each is to be revised."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass, field

from django.db.models import QuerySet

from zhike.kernel.duties.models import Duty, DutyQuerySet
from zhike.kernel.parties.models import Party, Unit
from zhike.kernel.parties.scope import Scope
from zhike.kernel.policy import inforce
from zhike.kernel.policy.manual import model, periods
from zhike.kernel.policy.manual.values import amount
from zhike.kernel.policy.models import Installation, ManualVersion
from zhike.manuals.models import Copy, Repeal, Revision
from zhike.people.models import business_day

from ._readers import Share
from ._references import Flag, flags_by_version
from ._standing import shipped, standing

YEARLY = "修订周期"  # R002-071, R002-105; a manual may say otherwise (revise_every)
REVISE = "manual.revise"
EXAMINE = "manual.examine"  # and the key of the edition behind a point
LABEL = ManualVersion._meta.label


@dataclass(frozen=True)
class Front:
    """What a version says of itself: the part of its cover that stands in the text (FM002-41)."""

    number: str
    owner: str
    interpreter: str
    approver: str
    revise_every: str


@dataclass
class Controlled:
    """One regulation with its versions, newest first."""

    key: str
    versions: list[ManualVersion]
    front: Front
    kind: str
    in_force: ManualVersion | None = None
    coming: ManualVersion | None = None
    repeal: Repeal | None = None
    revision: Revision | None = None  # a change of the text on its way
    units: list[Unit] = field(default_factory=list)
    next_on: dt.date | None = None
    late: bool = False
    soon: bool = False
    flags: list[Flag] = field(default_factory=list)
    share: Share | None = None  # how many of those who must read it have; set by the page
    change: str = ""  # where the draft of the next version is, for who may see it; set by the page

    @property
    def shown(self) -> ManualVersion:
        """The version that speaks for the regulation: the one in force, else the newest."""
        return self.in_force or self.coming or self.versions[0]

    @property
    def repealed(self) -> bool:
        """In force no longer, and nothing is coming."""
        return self.in_force is None and self.coming is None and self.versions[0].ends_on is not None


def front_of(version: ManualVersion) -> Front:
    meta = inforce.manual_of(version.pk).meta

    def text(key: str, usual: str = "") -> str:
        return str(meta.get(key) or usual).strip()

    owner = text("owner")
    every = text("revise_every") or standing(YEARLY, version.effective_on).text
    return Front(text("number"), owner, text("interpreter", owner), text("approver"), every)


def after(day: dt.date, period: str) -> dt.date:
    """The day that lies a period of revision later; the usual period where this is none of the calendar."""
    for text in (period, shipped().params[YEARLY].text):
        found = amount(text)
        if found is not None:
            with suppress(ValueError):  # working time
                return periods.shift(day, found)
    raise AssertionError(period)


def kind_of(version: ManualVersion) -> str:
    """What the regulation is about: the family of the questions it answers, or what its lists are for."""
    manual = inforce.manual_of(version.pk)
    for table in manual.tables:
        if isinstance(table, model.DecisionTable | model.StagesTable) and table.question:
            return table.question.split(".")[0]
    return "standards" if any(table.purpose for table in manual.lists.values()) else ""


def library(now: dt.datetime) -> list[Controlled]:
    """Every regulation, by number. Regulations are open to all staff."""
    return _controlled(ManualVersion.objects.all(), now)


def controlled(key: str, now: dt.datetime) -> Controlled | None:
    """One regulation; None if no version of it was ever published."""
    found = _controlled(ManualVersion.objects.filter(key=key), now)
    return found[0] if found else None


def _controlled(rows: QuerySet[ManualVersion], now: dt.datetime) -> list[Controlled]:
    day = business_day(now)
    groups: dict[str, list[ManualVersion]] = defaultdict(list)
    published = rows.filter(state=ManualVersion.State.PUBLISHED).defer("text").order_by("key", "-number")
    for version in published:
        groups[version.key].append(version)
    current = inforce.versions_in_force(day)
    found = []
    for key, versions in groups.items():
        shown = current.get(key) or versions[0]
        row = Controlled(key, versions, front_of(shown), kind_of(shown), current.get(key))
        row.coming = next(
            (one for one in reversed(versions) if one.effective_on > day and one.ends_on is None), None
        )
        found.append(row)
    _around(found)
    _when_revised(found, now)
    return sorted(found, key=lambda row: (row.front.number or "~", row.key))


def _around(rows: list[Controlled]) -> None:
    """Repeals, changes on their way, units and flags of these regulations, each with one query."""
    keys = [row.key for row in rows]
    repeals = {row.key: row for row in Repeal.objects.filter(key__in=keys).select_related("by")}
    open_ones = Revision.objects.filter(key__in=keys, unit=None, state__in=Revision.OPEN).defer("text")
    revisions = {row.key: row for row in open_ones}
    units: dict[str, list[Unit]] = defaultdict(list)
    installed = Installation.objects.filter(key__in=keys).select_related("unit").order_by("unit__path")
    for one in installed:
        units[one.key].append(one.unit)
    flags = flags_by_version(row.shown for row in rows)
    for row in rows:
        row.repeal, row.revision = repeals.get(row.key), revisions.get(row.key)
        row.units, row.flags = units[row.key], flags.get(row.shown.pk, [])


def _when_revised(rows: list[Controlled], now: dt.datetime) -> None:
    day = business_day(now)
    owed = {duty.subject_id: duty for duty in revision_duties([row.shown.pk for row in rows]).open()}
    for row in rows:
        duty = owed.get(row.shown.pk)
        if row.repealed:
            continue
        if duty is not None and duty.due_at is not None:
            row.next_on, row.late = business_day(duty.due_at), duty.is_late(now)
            row.soon = duty.warn_at is not None and duty.warn_at <= now  # who owes it is reminded
        else:
            row.next_on = after(row.shown.effective_on, row.front.revise_every)
            row.late = row.next_on < day


def revision_duties(versions: Iterable[int] | None = None) -> DutyQuerySet:
    """The duties to revise these versions, or all of them."""
    rows = Duty.objects.filter(subject_label=LABEL, kind=REVISE)
    return rows if versions is None else rows.filter(subject_id__in=list(versions))


@dataclass(frozen=True)
class RevisionFigures:
    """How punctually regulations are revised: done in time, done late, overdue now."""

    in_time: int
    late: int
    overdue: int


def revision_figures(now: dt.datetime) -> RevisionFigures:
    rows = revision_duties()
    done = rows.filter(state=Duty.State.DONE)
    late = done.late(now).count()
    return RevisionFigures(done.count() - late, late, rows.open().late(now).count())


def examinations_as_is(key: str) -> list[Duty]:
    """When a regulation was examined and left as it is, newest first, with the reasons."""
    versions = ManualVersion.objects.filter(key=key).values("pk")
    rows = Duty.objects.filter(
        subject_label=LABEL, kind=REVISE, subject_id__in=versions, state=Duty.State.DONE
    ).exclude(reason="")
    return list(rows.select_related("done_by").order_by("-done_at"))


def cases_under(key: str, scope: Scope) -> int:
    """Visible cases with open duties under any version of a regulation; they keep running under it."""
    versions = ManualVersion.objects.filter(key=key).values("pk")
    rows = scope.rows(
        Duty.objects.open().filter(version_id__in=versions).exclude(subject_label=LABEL),
        named=("owner",),
        secrecy="secrecy",
    )
    return rows.values("subject_label", "subject_id").distinct().count()


# --- copies


def copies(key: str) -> QuerySet[Copy]:
    """Every copy that was ever issued of a regulation, newest version first."""
    rows = Copy.objects.filter(version__key=key).select_related(
        "version", "unit", "holder", "issued_by", "returned_to"
    )
    return rows.order_by("-version__number", "number")


def copies_to_recall(day: dt.date, key: str = "") -> list[Copy]:
    """Copies still out of a version that is in force no longer: they are called back."""
    rows = Copy.objects.filter(returned_at=None).select_related("version", "unit", "holder")
    if key:
        rows = rows.filter(version__key=key)
    current = inforce.versions_in_force(day)
    return [
        row
        for row in rows.order_by("version__key", "version__number", "number")
        if row.version.effective_on <= day
        and (row.version.key not in current or current[row.version.key].pk != row.version_id)
    ]


def holders_of_copies() -> tuple[QuerySet[Party], QuerySet[Unit]]:
    """Who may get a copy, and for which unit: anybody who works here."""
    staff = Party.objects.filter(kind=Party.Kind.STAFF, user__is_active=True).order_by("name", "pk")
    return staff, Unit.objects.filter(closed_on=None).order_by("path")
