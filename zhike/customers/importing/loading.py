"""Bringing a file of customers in: kept, read by a plan, checked, loaded in parts; a load that was cut off goes on.

Rows are read one after the other, so that a million take no more memory than a thousand. Of a large file a second
process does a half: on PostgreSQL it loads every other part, where no row has to know of another (MARK); else it makes
ready what needs no database (reading, normal forms, keys, encryption, pinyin, tokens) while the engine writes the part
before. Which parts are loaded says `ImportBatch`, whoever loaded them, so what the second process leaves is made up for.
"""

from __future__ import annotations

import csv
import datetime as dt
import itertools
import os
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

from django.core.files.base import File
from django.db import connection, transaction
from django.db.models import F, Q
from django.utils import translation
from django.utils.translation import gettext as _

from zhike.channels.models import ColumnPlan, Intake
from zhike.customers import queries
from zhike.customers.models import Customer, ImportBatch
from zhike.kernel import clock
from zhike.kernel.audit import trail
from zhike.kernel.outbox import post
from zhike.kernel.parties.models import Party, Unit
from zhike.kernel.records.sheets import BadSheet, Row, Table
from zhike.kernel.records.streams import open_table

from . import writing
from .ahead import ahead, beside
from .checking import MARK, SKIP, UPDATE, Draft, Problem, Reader

KIND = Customer._meta.label
MOST_BYTES = 400 * 1024 * 1024
MOST_ROWS = 2_000_000
PART = 2_000  # rows that are one transaction
LARGE = 8 * PART  # rows for which a second process is worth its start
ALONE = 4  # parts that the first loader takes until the interpreter of the second one stands
MODES = (SKIP, UPDATE, MARK)
CHANGEABLE = (Intake.State.NEW, Intake.State.READY, Intake.State.STOPPED)
SILENT = dt.timedelta(minutes=3)  # after which a job counts as cut off
SHOWN = 200  # problems that the preview shows; the file has all
CHECKING = "checking"  # step of a plan whose rows a job is looking at


class CannotImport(Exception):
    """The file cannot be taken, or not in its present state; the message is one sentence."""


# ---- the file and its plan


@transaction.atomic
def bring(*, name: str, file: File[Any], unit: Unit, by: Party, now: dt.datetime) -> Intake:
    """Keep an uploaded file. Raises CannotImport."""
    if (file.size or 0) > MOST_BYTES:
        raise CannotImport(
            _("The file is larger than %(most)s MB. Divide it.") % {"most": MOST_BYTES // 2**20}
        )
    intake = Intake(kind=KIND, unit=unit, by=by, at=now, name=name[:200], plan={})
    intake.file.save(f"{now:%Y%m%d}-{KIND}", file, save=False)
    try:
        head = peek(intake)
    except CannotImport:
        intake.file.delete(save=False)
        raise
    if not head.rows:
        intake.file.delete(save=False)
        raise CannotImport(_("The file has a header and no rows."))
    intake.save()
    return intake


@dataclass(frozen=True)
class Head:
    """The beginning of a file."""

    header: tuple[str, ...]
    rows: list[Row]
    notes: list[str]

    @property
    def cells(self) -> list[tuple[str, ...]]:
        return [row.cells for row in self.rows]


def peek(intake: Intake, most: int = 200) -> Head:
    """Header and first rows. Raises CannotImport."""
    with opened(intake.name, intake.file.path) as table:
        rows = list(itertools.islice(table.rows, most))
        return Head(table.header, rows, list(table.notes))


@contextmanager
def opened(name: str, path: str) -> Iterator[Table]:
    """The file as a table. Raises CannotImport when it cannot be read or was swept away."""
    try:
        with open_table(name, Path(path)) as table:
            yield table
    except BadSheet as wrong:
        raise CannotImport(str(wrong)) from wrong
    except (OSError, ValueError) as gone:
        raise CannotImport(_("The file is no longer kept. Upload it again.")) from gone


@transaction.atomic
def choose(*, intake: Intake, plan: Mapping[str, Any], now: dt.datetime, remember: str = "") -> Intake:
    """Say what the columns mean and what becomes of known customers; under a name, remember it. Raises CannotImport."""
    if not plan.get("columns", {}).get("name"):
        raise CannotImport(_("Choose the column of names."))
    given = {
        "columns": dict(plan["columns"]),
        "known": plan.get("known", SKIP),
        "remember": remember.strip()[:60],
    }
    if given["known"] not in MODES:
        raise CannotImport(_("Say what becomes of customers that the house has already."))
    chosen = Intake.objects.filter(pk=intake.pk, state__in=CHANGEABLE)
    step = {**given, "step": CHECKING}
    if not chosen.update(plan=step, state=Intake.State.NEW, loaded=0, skipped=0, seen_at=None, problem=""):
        raise CannotImport(_("This file is loaded already."))
    if given["remember"]:
        ColumnPlan.objects.update_or_create(
            by=intake.by, kind=KIND, name=given["remember"], defaults={"plan": given, "at": now}
        )
    intake.refresh_from_db()
    return intake


def remembered(name: str, by: Party | None = None) -> dict[str, Any]:
    """The plan of this name, one's own first. Raises CannotImport."""
    rows = ColumnPlan.objects.filter(kind=KIND, name=name)
    found = rows.filter(by=by).first() or rows.order_by("-at").first()
    if found is None:
        raise CannotImport(_("No columns are remembered as “%(name)s”.") % {"name": name})
    return found.plan


# ---- checking


@dataclass
class Checked:
    """What the rows of a file are; `first` are some of them as they will be."""

    rows: int = 0
    known: int = 0
    problems: Counter[str] = field(default_factory=Counter)
    shown: list[tuple[int, str]] = field(default_factory=list)
    first: list[dict[str, Any]] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    @property
    def bad(self) -> int:
        return self.problems.total()

    def as_plan(self) -> dict[str, Any]:
        return {
            "rows": self.rows,
            "bad": self.bad,
            "known": self.known,
            "shown": self.shown,
            "first": self.first,
            "notes": self.notes,
        }


def check(intake_id: int, *, pulse: Callable[[], dt.datetime] = clock.now) -> Intake:
    """Look at every row, keep the problems in a file beside, and what was found in the plan."""
    intake = Intake.objects.select_related("unit", "by").get(pk=intake_id)
    if intake.plan.get("step") != CHECKING:
        return intake
    try:
        found = _checked(intake, pulse)
    except CannotImport as wrong:
        Intake.objects.filter(pk=intake.pk).update(plan={**intake.plan, "step": ""}, problem=str(wrong)[:400])
        intake.refresh_from_db()
        return intake
    plan = {**intake.plan, "step": "", "checked": found.as_plan()}
    Intake.objects.filter(pk=intake.pk, state=Intake.State.NEW).update(
        plan=plan, state=Intake.State.READY, rows=found.rows, bad=found.bad, loaded=0, seen_at=None
    )
    intake.refresh_from_db()
    return intake


def problems_path(intake: Intake) -> Path:
    return Path(f"{intake.file.path}.problems.csv")


def _checked(intake: Intake, pulse: Callable[[], dt.datetime]) -> Checked:
    found = Checked()
    units = sorted(queries.house_of(intake.unit))
    mode = intake.plan["known"]
    with problems_path(intake).open("w", encoding="utf-8-sig", newline="") as out:
        wrong = csv.writer(out)
        for part in parts(Source.of(intake), writing.glance, cells=True):
            if not part.number:
                wrong.writerow([_("Row"), _("What is wrong"), *part.header])
            known = writing.known_in(units, part.ready)
            told = dict(part.problems)
            for row in part.ready:
                if problem := writing.problem_of(known, row, mode):
                    told[row.draft.row] = problem
                elif any(known.of(row)):
                    found.known += 1
                if len(found.first) < 8 and row.draft.row not in told:
                    found.first.append(_shown(row))
            for number in sorted(told):
                found.problems[""] += 1
                if len(found.shown) < SHOWN:
                    found.shown.append((number, told[number]))
                wrong.writerow([number, told[number], *part.cells.get(number, ())])
            found.rows += part.size
            if found.rows > MOST_ROWS:
                raise CannotImport(
                    _("The file has more than %(most)s rows. Divide it.") % {"most": f"{MOST_ROWS:,}"}
                )
            found.notes = part.notes
            Intake.objects.filter(pk=intake.pk).update(loaded=found.rows, seen_at=pulse())
    return found


def _shown(row: writing.Ready) -> dict[str, Any]:
    draft = row.draft
    return {
        "row": draft.row,
        "name": draft.name,
        "kind": draft.kind,
        "phones": [mask for _e, _i, _l, mask, _k in row.phones],
        "numbers": [mask for _k, _e, _i, mask in row.numbers],
        "address": draft.address,
    }


# ---- parts


@dataclass
class Part:
    """So many rows of the file, from its beginning counted by `number`."""

    number: int
    header: tuple[str, ...]
    size: int = 0
    ready: list[writing.Ready] = field(default_factory=list)
    problems: list[tuple[int, str]] = field(default_factory=list)
    cells: dict[int, tuple[str, ...]] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)  # on the file, as far as it is read


class Source(NamedTuple):
    """A file and what its columns mean, for who has no database."""

    name: str
    path: str
    plan: dict[str, Any]
    language: str

    @classmethod
    def of(cls, intake: Intake) -> Source:
        return cls(intake.name, intake.file.path, intake.plan, translation.get_language() or "")


def parts(
    source: Source,
    make_ready: Callable[[Draft], writing.Ready],
    done: frozenset[int] = frozenset(),
    *,
    cells: bool = False,
) -> Iterator[Part]:
    """The parts of a file; of those that are done nothing but their size. Raises CannotImport."""
    apart = source.plan.get("known") == MARK  # rows are not compared with each other
    with opened(source.name, source.path) as table:
        reader = Reader(table.header, source.plan)
        for number in itertools.count():
            rows = list(itertools.islice(table.rows, PART))
            if not rows:
                return
            part = Part(number, table.header, len(rows))
            part.cells = {row.number: row.cells for row in rows} if cells else {}
            for row in rows if number not in done or not apart else ():
                try:
                    draft = reader.draft(row)
                except Problem as wrong:
                    part.problems.append((row.number, str(wrong)))
                else:
                    if number not in done:
                        part.ready.append(make_ready(draft))
            part.notes = list(table.notes)
            yield part


def parts_ready(source: Source, done: frozenset[int]) -> Iterator[Part]:
    """What another process makes ahead."""
    with translation.override(source.language):
        yield from parts(source, writing.ready, done)


# ---- loading


def order(*, intake: Intake, only_good: bool, now: dt.datetime) -> Intake:
    """Ask for the load: everything, or the good rows only. Raises CannotImport when rows are bad or none is good."""
    if intake.state not in CHANGEABLE[1:]:
        raise CannotImport(_("This file is loaded already."))
    if intake.bad and not only_good:
        raise CannotImport(
            _("%(count)s rows are wrong, so nothing is loaded. Mend them, or load the good ones only.")
            % {"count": intake.bad}
        )
    if intake.rows <= intake.bad:
        raise CannotImport(_("No row is left to load."))
    before = totals(intake)  # of a load that was stopped
    rows = Intake.objects.filter(pk=intake.pk, state__in=CHANGEABLE[1:])
    there = before["skipped"] + before["updated"]
    waiting = Intake.State.WAITING
    if not rows.update(
        state=waiting, only_good=only_good, loaded=before["loaded"], skipped=there, problem=""
    ):
        raise CannotImport(_("This file is loaded already."))
    intake.refresh_from_db()
    return intake


def drop(*, intake: Intake) -> None:
    """Give a file up that was not loaded."""
    Intake.objects.filter(pk=intake.pk, state__in=CHANGEABLE).update(state=Intake.State.DROPPED)


def run(intake_id: int, language: str = "") -> None:
    """What the worker does, checking or loading; redelivered, it goes on where it stopped."""
    with translation.override(language or translation.get_language()):
        intake = Intake.objects.get(pk=intake_id)
        if intake.plan.get("step") == CHECKING:
            check(intake_id)
        else:
            load(intake_id, now=clock.now())


class _Stopped(Exception):
    """A row that passed the check was refused; the message names it."""


def load(intake_id: int, *, now: dt.datetime, pulse: Callable[[], dt.datetime] = clock.now) -> Intake:
    """Load what was ordered, part by part. Of two workers one works; a silent one is followed up."""
    mine = Intake.objects.filter(pk=intake_id).filter(
        Q(state=Intake.State.WAITING) | Q(state=Intake.State.LOADING, seen_at__lt=now - SILENT)
    )
    if not mine.update(state=Intake.State.LOADING, started_at=now, seen_at=now, problem=""):
        return Intake.objects.get(pk=intake_id)
    intake = Intake.objects.select_related("unit", "by").get(pk=intake_id)
    try:
        if _halved(intake):
            with beside(load_half, intake.pk, now, translation.get_language() or ""):
                _load_parts(intake, now, pulse, half=0)
        _load_parts(intake, now, pulse)
        if intake.plan["known"] == MARK:
            writing.mark(intake, units=sorted(queries.house_of(intake.unit)), now=now)
    except (_Stopped, CannotImport) as wrong:
        _end(intake, Intake.State.STOPPED, now=pulse(), problem=str(wrong))
    else:
        _end(intake, Intake.State.DONE, now=pulse())
    intake.refresh_from_db()
    return intake


def _halved(intake: Intake) -> bool:
    """Whether two processes may load at once: many rows, none of which depends on another, and an engine with two writers."""
    return (
        intake.plan["known"] == MARK
        and intake.rows > LARGE
        and connection.vendor == "postgresql"
        and not connection.in_atomic_block
        and (os.cpu_count() or 1) > 1
    )


def load_half(intake_id: int, now: dt.datetime, language: str) -> None:
    """What the second loader does: every other part after the first few. What it leaves is loaded by the first."""
    begun = time.monotonic()
    intake = Intake.objects.select_related("unit", "by").get(pk=intake_id)
    with translation.override(language):
        _load_parts(intake, now, lambda: now + dt.timedelta(seconds=time.monotonic() - begun), half=1)


def _load_parts(
    intake: Intake, now: dt.datetime, pulse: Callable[[], dt.datetime], half: int | None = None
) -> None:
    """The parts that nobody has loaded, or every other one of them."""
    done = frozenset(ImportBatch.objects.filter(intake=intake).values_list("number", flat=True))
    if half is not None:
        others = range(ALONE + 1 - half, MOST_ROWS // PART + 1, 2)
        done |= frozenset((*range(ALONE * half), *others))
    elif not done.symmetric_difference(range(-(-intake.rows // PART))):
        return
    source = Source.of(intake)
    alone = half is not None or intake.rows <= LARGE
    for part in parts(source, writing.ready, done) if alone else ahead(parts_ready, source, done):
        if part.number not in done:
            _load_part(intake, part, now, pulse())


@transaction.atomic
def _load_part(intake: Intake, part: Part, now: dt.datetime, at: dt.datetime) -> None:
    """One part with its line in the book of parts: both or neither."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:  # a lost part is loaded again, so nobody waits for the disk
            cursor.execute("SET LOCAL synchronous_commit = off")
    units = sorted(queries.house_of(intake.unit))
    done = writing.write(
        part.ready, unit=intake.unit, units=units, mode=intake.plan["known"], by=intake.by, now=now
    )
    if done.problems and not intake.only_good:
        row, problem = done.problems[0]
        raise _Stopped(_("Row %(row)s: %(problem)s") % {"row": row, "problem": problem})
    bad = len(part.problems) + len(done.problems)
    ImportBatch.objects.create(
        intake=intake,
        number=part.number,
        loaded=done.loaded,
        skipped=done.skipped,
        updated=done.updated,
        bad=bad,
        at=at,
    )
    Intake.objects.filter(pk=intake.pk).update(
        loaded=F("loaded") + done.loaded, skipped=F("skipped") + done.skipped + done.updated, seen_at=at
    )


def totals(intake: Intake) -> Counter[str]:
    """What the parts add up to: loaded, skipped, updated, bad."""
    found: Counter[str] = Counter()
    for row in ImportBatch.objects.filter(intake=intake).values("loaded", "skipped", "updated", "bad"):
        found.update(row)
    return found


def _end(intake: Intake, state: str, *, now: dt.datetime, problem: str = "") -> None:
    """The end of a load, with its audit row and a word to who brought the file."""
    with transaction.atomic():
        ended = Intake.objects.filter(pk=intake.pk, state=Intake.State.LOADING)
        if not ended.update(state=state, finished_at=now, problem=problem[:400]):
            return
        intake.refresh_from_db()
        counts = totals(intake)
        after = {"name": intake.name, "state": state, "known": intake.plan["known"], **counts}
        trail.record("customers.imported", subject=intake, by=intake.by, at=now, after=after)
        words = {"name": intake.name, "count": f"{counts['loaded']:,}"}
        title = _("“%(name)s”: %(count)s customers loaded") % words
        post.notify(
            to=intake.by,
            kind="customer.imported",
            title=title,
            params=words,
            body=problem,
            subject=intake,
            by=None,
            at=now,
        )
