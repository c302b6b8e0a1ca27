"""Bringing a file in: uploaded, read by a plan, checked, loaded; all of it, or the good rows if that was asked.

Closed cases are history: they get a number and are found, but no ruling and no duty, and go in in bulk. Open ones
are registered like any other, by the manual in force on the day of import. Up to WHOLE rows are one transaction;
beyond that batches are, each row under a key of its own, so that a load that was cut off goes on where it stopped
and brings nothing in twice.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, nullcontext
from typing import Any

from django.core.files.base import ContentFile
from django.db import IntegrityError, transaction
from django.db.models import F, Q
from django.utils.translation import gettext as _

from zhike.channels.models import ColumnPlan, Intake
from zhike.complaints import actions
from zhike.complaints.models import Complaint
from zhike.complaints.regime import Regime, regime_at
from zhike.customers.actions import CannotCreate, recognise_or_create
from zhike.customers.models import Customer
from zhike.kernel import clock
from zhike.kernel.audit import trail
from zhike.kernel.outbox import post
from zhike.kernel.parties.models import Party, Unit
from zhike.kernel.policy.ask import NoRow
from zhike.kernel.policy.inforce import NoManual
from zhike.kernel.records import series
from zhike.kernel.records.sheets import BadSheet, Sheet, read_sheet
from zhike.kernel.search import index
from zhike.kernel.worktime import calendars

from .checking import Checked, Draft, check

KIND = Complaint._meta.label
MOST_BYTES = 50 * 1024 * 1024
WHOLE = 2000  # rows that go in as one transaction
BATCH_CLOSED, BATCH_OPEN = 500, 25
# states in which the plan may still change
CHANGEABLE = (Intake.State.NEW, Intake.State.READY, Intake.State.STOPPED)
SILENT = dt.timedelta(minutes=3)  # after which a load counts as cut off


class CannotImport(Exception):
    """The file cannot be taken, or not in its present state; the message is one sentence."""


@transaction.atomic
def bring(
    *, name: str, data: bytes, unit: Unit, plan: Mapping[str, Any], by: Party, now: dt.datetime
) -> Intake:
    """Keep an uploaded file and the plan by which it will be read. Raises CannotImport, NoManual."""
    if len(data) > MOST_BYTES:
        raise CannotImport(
            _("The file is larger than %(most)s MB. Divide it.") % {"most": MOST_BYTES // 2**20}
        )
    regime_at(unit.pk, now)
    try:
        sheet = read_sheet(name, data)
    except BadSheet as wrong:
        raise CannotImport(str(wrong)) from wrong
    if not sheet.rows:
        raise CannotImport(_("The file has a header and no rows."))
    intake = Intake(
        kind=KIND, unit=unit, by=by, at=now, name=name[:200], plan=dict(plan), rows=len(sheet.rows)
    )
    intake.file.save(f"{now:%Y%m%d}-{intake.kind}", ContentFile(data), save=False)
    intake.save()
    return intake


def sheet_of(intake: Intake) -> Sheet:
    """The file as a table. Raises CannotImport when it was swept away."""
    try:
        with intake.file.open("rb") as file:
            return read_sheet(intake.name, file.read())
    except (OSError, ValueError) as gone:
        raise CannotImport(_("The file is no longer kept. Upload it again.")) from gone


def checked(intake: Intake, sheet: Sheet, regime: Regime) -> Checked:
    """Every row looked at, as of the moment when the file was brought."""
    return check(sheet, intake.plan, regime, batch=f"intake:{intake.pk}", now=intake.at)


@transaction.atomic
def choose(*, intake: Intake, plan: Mapping[str, Any], now: dt.datetime, remember: str = "") -> Intake:
    """Say what the columns mean; under a name, remember it for the next file. Raises CannotImport."""
    if not plan.get("columns", {}).get("text") and not plan.get("columns", {}).get("title"):
        raise CannotImport(_("Choose the column that says what the customer complains of."))
    chosen = Intake.objects.filter(pk=intake.pk, state__in=CHANGEABLE)
    if not chosen.update(plan=dict(plan), state=Intake.State.READY):
        raise CannotImport(_("This file is loaded already."))
    if remember.strip():
        ColumnPlan.objects.update_or_create(
            by=intake.by, kind=KIND, name=remember.strip()[:60], defaults={"plan": dict(plan), "at": now}
        )
    intake.refresh_from_db()
    return intake


def order(*, intake: Intake, only_good: bool, now: dt.datetime) -> Intake:
    """Ask for the load: everything, or the good rows only. Raises CannotImport when rows are bad or none is good."""
    if intake.state not in CHANGEABLE[1:]:
        raise CannotImport(_("This file is loaded already."))
    found = checked(intake, sheet_of(intake), regime_at(intake.unit_id, now))
    if found.problems and not only_good:
        raise CannotImport(
            _("%(count)s rows are wrong, so nothing is loaded. Mend them, or load the good ones only.")
            % {"count": len(found.problems)}
        )
    if not found.fresh:
        raise CannotImport(_("No row is left to load."))
    changed = Intake.objects.filter(pk=intake.pk, state__in=CHANGEABLE[1:]).update(
        state=Intake.State.WAITING,
        only_good=only_good,
        bad=len(found.problems),
        skipped=len(found.drafts) - len(found.fresh),
    )
    if not changed:
        raise CannotImport(_("This file is loaded already."))
    intake.refresh_from_db()
    return intake


def drop(*, intake: Intake) -> None:
    """Give a file up that was not loaded."""
    Intake.objects.filter(pk=intake.pk, state__in=CHANGEABLE).update(state=Intake.State.DROPPED)


def run(intake_id: int) -> None:
    """What the worker does; redelivered, it goes on where it stopped."""
    load(intake_id, now=clock.now())


def load(intake_id: int, *, now: dt.datetime, pulse: Callable[[], dt.datetime] = clock.now) -> Intake:
    """Load what was ordered. Of two workers one works; a silent one is followed up."""
    mine = Intake.objects.filter(pk=intake_id).filter(
        Q(state=Intake.State.WAITING) | Q(state=Intake.State.LOADING, seen_at__lt=now - SILENT)
    )
    if not mine.update(state=Intake.State.LOADING, started_at=now, seen_at=now, problem=""):
        return Intake.objects.get(pk=intake_id)
    intake = Intake.objects.select_related("unit", "by").get(pk=intake_id)
    try:
        regime = regime_at(intake.unit_id, now)
        found = checked(intake, sheet_of(intake), regime)
        whole = len(found.drafts) <= WHOLE
        with transaction.atomic() if whole else nullcontext():
            _write(intake, found, regime, now=now, pulse=pulse)
    except (_Stopped, CannotImport, NoManual) as wrong:
        _end(intake, Intake.State.STOPPED, now=pulse(), problem=str(wrong))
    except IntegrityError:
        told = _("Another import brought the same rows at the same moment. Load it again.")
        _end(intake, Intake.State.STOPPED, now=pulse(), problem=told)
    else:
        _end(intake, Intake.State.DONE, now=pulse())
    intake.refresh_from_db()
    return intake


class _Stopped(Exception):
    """A row that passed the check was refused; the message names it."""


def _write(
    intake: Intake, found: Checked, regime: Regime, *, now: dt.datetime, pulse: Callable[[], dt.datetime]
) -> None:
    drafts = found.fresh
    closed = [draft for draft in drafts if draft.is_closed]
    known: dict[tuple[str, str], Customer] = {}
    for batch in _batches(closed, BATCH_CLOSED):
        with transaction.atomic():
            _write_closed(intake, batch, regime, known, now=now)
            _beat(intake, len(batch), pulse())
    for batch in _batches([draft for draft in drafts if not draft.is_closed], BATCH_OPEN):
        with transaction.atomic():
            written = sum(_register(intake, draft, now=now) for draft in batch)
            _beat(intake, written, pulse(), bad=len(batch) - written)


def _batches(drafts: list[Draft], size: int) -> Iterator[list[Draft]]:
    return (drafts[start : start + size] for start in range(0, len(drafts), size))


def _beat(intake: Intake, written: int, at: dt.datetime, bad: int = 0) -> None:
    Intake.objects.filter(pk=intake.pk).update(loaded=F("loaded") + written, bad=F("bad") + bad, seen_at=at)


def _register(intake: Intake, draft: Draft, *, now: dt.datetime) -> bool:
    """An open case, registered like any other; False when it was refused and only good rows were asked for."""
    try:
        with _savepoint(intake):
            actions.register(
                unit=intake.unit,
                by=intake.by,
                now=now,
                channel=Complaint.Channel.FILE,
                name=draft.name,
                phone=draft.phone,
                text=draft.text,
                title=draft.title,
                demand=draft.demand,
                origin=draft.origin,
                item=draft.item,
                value=draft.value,
                happened_on=draft.happened_on,
                source_category=draft.category,
                imported=True,
                request_key=draft.key,
            )
    except (actions.CannotOpen, CannotCreate, NoRow) as wrong:
        if intake.only_good:
            return False
        raise _Stopped(_("Row %(row)s: %(problem)s") % {"row": draft.row, "problem": wrong}) from wrong
    return True


def _savepoint(intake: Intake) -> AbstractContextManager[Any]:
    return transaction.atomic() if intake.only_good else nullcontext()


def _write_closed(
    intake: Intake,
    drafts: list[Draft],
    regime: Regime,
    known: dict[tuple[str, str], Customer],
    *,
    now: dt.datetime,
) -> None:
    """History: numbered, with its customer, findable; without ruling and duty."""
    zone = calendars.calendar_for(intake.unit_id).zone
    rows = [
        Complaint(
            number=series.take(
                regime.number_rule, key=regime.number_key, now=now, tz=zone, unit_code=intake.unit.code
            ),
            unit=intake.unit,
            title=title_of(draft),
            manual=regime.answer.version,
            opened_at=draft.opened_at or draft.closed_at or now,
            closed_at=draft.closed_at or draft.opened_at or now,
            channel=Complaint.Channel.FILE,
            customer=(customer := _customer(intake, draft, known, now=now)),
            origin=regime.origin_of(draft.origin, customer),
            text=draft.text,
            demand=draft.demand,
            happened_on=draft.happened_on,
            item=draft.item,
            group=regime.group_of(draft.item),
            source_category=draft.category,
            value=draft.value,
            imported=True,
            request_key=draft.key,
        )
        for draft in drafts
    ]
    Complaint.objects.bulk_create(rows)
    index.put_many(
        index.Item(KIND, row.pk, row.title, row.text, row.unit_id, row.secrecy, row.opened_at, row.number)
        for row in rows
    )


def _customer(
    intake: Intake, draft: Draft, known: dict[tuple[str, str], Customer], *, now: dt.datetime
) -> Customer | None:
    if not draft.name and not draft.phone:
        return None
    pair = (draft.name, draft.phone)
    if pair not in known:
        try:
            known[pair] = recognise_or_create(
                name=draft.name,
                phone=draft.phone,
                unit=intake.unit,
                by=intake.by,
                now=now,
                source=Customer.Source.FILE,
            ).customer
        except CannotCreate as wrong:
            raise _Stopped(_("Row %(row)s: %(problem)s") % {"row": draft.row, "problem": wrong}) from wrong
    return known[pair]


def title_of(draft: Draft) -> str:
    """The title of the file, else the first words of the text."""
    line = " ".join((draft.title or draft.text[:400]).split())
    if draft.title or len(line) <= 40:
        return line[:200]
    ends = [line.find(mark) for mark in "。！？!?；;" if 4 < line.find(mark) < 40]
    return line[: min(ends)] if ends else f"{line[:39]}…"


def _end(intake: Intake, state: str, *, now: dt.datetime, problem: str = "") -> None:
    """The end of a load, with its audit row and a word to who brought the file."""
    with transaction.atomic():
        ended = Intake.objects.filter(pk=intake.pk, state=Intake.State.LOADING)
        if not ended.update(state=state, finished_at=now, problem=problem[:400]):
            return
        intake.refresh_from_db()
        trail.record(
            "complaints.imported",
            subject=intake,
            by=intake.by,
            at=now,
            after={
                "name": intake.name,
                "state": state,
                "loaded": intake.loaded,
                "skipped": intake.skipped,
                "bad": intake.bad,
            },
        )
        post.notify(
            to=intake.by,
            kind="complaint.imported",
            title=_("“%(name)s”: %(count)s complaints loaded")
            % {"name": intake.name, "count": intake.loaded},
            body=problem,
            subject=intake,
            by=None,
            at=now,
        )
