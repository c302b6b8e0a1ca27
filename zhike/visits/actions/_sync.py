"""Entries that a device made without a network: each once, whatever is sent how often, and none is lost.

Every entry is a transaction of its own, so one that is refused keeps nothing of the others back.
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Callable, Mapping
from typing import Any, Protocol

from django.core.files.base import File
from django.db import IntegrityError, transaction
from django.utils.dateparse import parse_date, parse_datetime, parse_time
from django.utils.translation import gettext as _

from zhike.customers.models import Customer, Promise
from zhike.kernel.audit import trail
from zhike.kernel.parties.held import held
from zhike.kernel.parties.models import Party, Unit
from zhike.kernel.records import attachments
from zhike.kernel.worktime import calendars
from zhike.visits.models import SyncEntry, Visit

from . import _closing, _notes, _preparing, _problems, _visits
from ._common import CannotVisit, ruled, the_customer

KEPT, KNOWN, CONFLICT, REFUSED = "kept", "known", "conflict", "refused"
# columns that say the same thing once: what another device has said already is not overwritten
ONCE = {
    "arrive": ("arrived_at",),
    "host": ("host", "host_position", "host_decides", "is_absent"),
    "judge": ("satisfaction", "remark"),
    "report": ("report",),
    "sign": ("signed_at", "signer"),
    "set_next": ("next_on", "next_at"),
    "leave": ("left_at",),
}
EMPTY: tuple[object, ...] = (None, "", False)


class Gate(Protocol):
    """Who may do this with the customer: given by the view, so that actions know no powers. Returns a refusal or ""."""

    def __call__(self, customer: Customer, /) -> str: ...


class Clash(Exception):
    """Something else stands here already: `here` says what."""

    def __init__(self, message: str, here: Mapping[str, Any]) -> None:
        super().__init__(message)
        self.here = dict(here)


def sync(
    *, entries: list[dict[str, Any]], by: Party, now: dt.datetime, gate: Gate | None = None
) -> list[dict[str, Any]]:
    """Take over what a device made, in the order of its list; one result for each entry.

    An entry: uid, visit (uid), kind (an action's name), data, made_at, offset (seconds to add to the device's clock,
    null when unknown), device (its own name for itself), file (an open file, for photos and signatures).
    A result: uid, result (kept, known, conflict, refused), sentence, here, and the visit as it stands.
    """
    return [_one(entry, by, now, gate) for entry in entries]


def _one(entry: Mapping[str, Any], by: Party, now: dt.datetime, gate: Gate | None) -> dict[str, Any]:
    try:
        row = _row(entry, by, now)
    except (KeyError, TypeError, ValueError) as trouble:
        said = _("This entry cannot be read: %(why)s.") % {"why": str(trouble)[:80]}
        return {"uid": str(entry.get("uid", "")), "result": REFUSED, "sentence": said}
    there = SyncEntry.objects.filter(pk=row.pk).first()
    if there is not None and there.outcome != SyncEntry.Outcome.REFUSED:
        return _answer(there, KNOWN if there.outcome == SyncEntry.Outcome.KEPT else CONFLICT)
    try:
        return _take(row, entry.get("file"), now, gate, again=there is not None)
    except IntegrityError:  # the same entry came twice at the same moment
        there = SyncEntry.objects.get(pk=row.pk)
        return _answer(there, KNOWN if there.outcome == SyncEntry.Outcome.KEPT else CONFLICT)


def _row(entry: Mapping[str, Any], by: Party, now: dt.datetime) -> SyncEntry:
    made = parse_datetime(str(entry["made_at"]))
    if made is None or made.tzinfo is None:
        raise ValueError("made_at")
    offset = entry.get("offset")
    moment = made + dt.timedelta(seconds=int(offset)) if offset is not None else made
    return SyncEntry(
        uid=uuid.UUID(str(entry["uid"])),
        visit_uid=uuid.UUID(str(entry["visit"])),
        kind=str(entry["kind"])[:20],
        data=dict(entry.get("data") or {}),
        device=str(entry.get("device") or "")[:40],
        made_at=made,
        offset=int(offset) if offset is not None else None,
        moment=min(moment, now),
        received_at=now,
        by=by,
    )


@held
@transaction.atomic
def _take(
    row: SyncEntry, file: File[bytes] | None, now: dt.datetime, gate: Gate | None, *, again: bool
) -> dict[str, Any]:
    """Carry the entry out in a savepoint, and keep it with what became of it."""
    if again:
        SyncEntry.objects.filter(pk=row.pk).delete()
    row.visit = Visit.objects.filter(uid=row.visit_uid).select_related("customer").first()
    outcome, file_error = SyncEntry.Outcome.KEPT, ""
    try:
        with transaction.atomic():
            row.sentence = _apply(row, file, now, gate, force=False)
    except Clash as clash:
        outcome, row.sentence, row.here = SyncEntry.Outcome.CONFLICT, str(clash), clash.here
    except CannotVisit as refusal:
        outcome = SyncEntry.Outcome.REFUSED
        row.sentence = " ".join([str(refusal), *refusal.problems])
    row.outcome = outcome
    row.sentence = row.sentence[:400]
    row.save(force_insert=True)
    if outcome == SyncEntry.Outcome.CONFLICT and file is not None:
        file_error = _keep_file(row, file, now)
    said = {"kept": KEPT, "conflict": CONFLICT, "refused": REFUSED}[outcome.lower()]
    return {**_answer(row, said), **({"file": file_error} if file_error else {})}


def _keep_file(row: SyncEntry, file: File[bytes], now: dt.datetime) -> str:
    """The picture of an entry in conflict stays beside it until somebody settles it."""
    unit = row.visit.unit if row.visit is not None else row.by.unit
    file.seek(0)
    try:
        assert unit is not None
        if row.visit is not None:
            attachments.attach(
                subject=row.visit,
                file=file,
                name="offline.png",
                unit=unit,
                by=row.by,
                now=now,
                note=str(row.pk),
            )
    except attachments.AttachmentRefusal as refusal:
        return str(refusal)
    return ""


def _answer(row: SyncEntry, result: str) -> dict[str, Any]:
    visit = row.visit
    return {
        "uid": str(row.pk),
        "result": result,
        "sentence": row.sentence,
        "here": row.here,
        "visit": {"uid": str(visit.uid), "number": visit.number, "state": visit.state} if visit else None,
    }


def _apply(
    row: SyncEntry, file: File[bytes] | None, now: dt.datetime, gate: Gate | None, *, force: bool
) -> str:
    """What the entry asks for; a word about what was put right on the way. Raises Clash, CannotVisit."""
    word = ""
    if row.kind == "start":
        word = _start(row, now, gate, force)
    elif row.kind not in VERBS:
        raise CannotVisit(_("This version of the app knows an entry that is not known here: update the app."))
    else:
        visit = row.visit
        if visit is None:
            raise CannotVisit(_("The visit to which this belongs is not here yet."))
        _gated(gate, visit.customer)
        _free(row, visit, force)
        try:
            VERBS[row.kind](visit, _Data(row, file), row.by, now)
        except (KeyError, TypeError, ValueError) as trouble:
            raise CannotVisit(
                _("This entry cannot be read: %(why)s.") % {"why": str(trouble)[:80]}
            ) from trouble
    return word or _clock(row, now)


def _start(row: SyncEntry, now: dt.datetime, gate: Gate | None, force: bool) -> str:
    """A planned visit begins, or one that only the device knows. A file that was merged meanwhile is followed."""
    visit, off = row.visit, _off(row)
    if visit is not None:
        _gated(gate, visit.customer)
        if visit.state != Visit.State.PLANNED:
            if visit.state == Visit.State.UNDER_WAY:  # begun on another device of the same person
                return ""
            raise Clash(_("This visit is over."), _state(visit))
        _visits.start(visit=visit, by=row.by, now=now, at=row.moment, clock_off=off)
        return ""
    asked = (
        Customer.objects.filter(pk=int(row.data.get("customer") or 0)).select_related("merged_into").first()
    )
    if asked is None:
        raise CannotVisit(_("There is no such customer."))
    customer = the_customer(asked)
    _gated(gate, customer)
    on = calendars.local_day(row.moment, customer.unit_id)
    other = (
        Visit.objects.filter(customer=customer, manager=row.by, planned_on=on)
        .exclude(state=Visit.State.MISSED)
        .first()
    )
    if other is not None and not force:
        raise Clash(
            _("%(name)s has visit %(number)s on that day already.")
            % {"name": customer.name, "number": other.number},
            _state(other),
        )
    promise = Promise.objects.filter(pk=row.data.get("promise") or 0, customer=customer).first()
    row.visit = _visits.start(
        customer=customer,
        uid=row.visit_uid,
        kind=str(row.data.get("kind") or ""),
        by=row.by,
        now=now,
        at=row.moment,
        promise=promise,
        clock_off=off,
        second=force,
    )
    if customer.pk == asked.pk:
        return ""
    return _("%(old)s was merged into %(new)s: the visit stands there.") % {
        "old": asked.number,
        "new": customer.number,
    }


def _gated(gate: Gate | None, customer: Customer) -> None:
    refusal = gate(customer) if gate is not None else ""
    if refusal:
        raise CannotVisit(refusal)


def _free(row: SyncEntry, visit: Visit, force: bool) -> None:
    """Nothing is added to a visit that is over, and nothing said by another device is overwritten."""
    if not visit.is_open:
        raise Clash(_("This visit is over."), _state(visit))
    columns = ONCE.get(row.kind, ())
    if force or not any(getattr(visit, column) not in EMPTY for column in columns):
        return
    said = SyncEntry.objects.filter(visit_uid=row.visit_uid, kind=row.kind, outcome=SyncEntry.Outcome.KEPT)
    earlier = said.order_by("-received_at").first()
    if earlier is not None and earlier.data == row.data:
        return
    if earlier is not None and row.device and earlier.device == row.device:
        return  # the same device corrects itself
    raise Clash(
        _("This was written down already, in other words."),
        {column: str(getattr(visit, column)) for column in columns},
    )


def _state(visit: Visit) -> dict[str, Any]:
    return {
        "visit": str(visit.uid),
        "number": visit.number,
        "state": visit.state,
        "closed_at": visit.closed_at.isoformat() if visit.closed_at else None,
    }


def _off(row: SyncEntry) -> int | None:
    """By how many seconds the device's clock was wrong; what lies ahead of now is wrong by that much at least."""
    if row.offset is not None:
        return row.offset
    return int((row.moment - row.made_at).total_seconds()) or None


def _clock(row: SyncEntry, now: dt.datetime) -> str:
    off = _off(row)
    if off is None or row.visit is None or abs(off) < ruled(row.visit, now).clock_minutes * 60:
        return ""
    return _("The clock of the device was wrong by %(minutes)d minutes; the time was put right.") % {
        "minutes": abs(off) // 60 or 1
    }


class _Data:
    """What an entry holds, as actions want it."""

    def __init__(self, row: SyncEntry, file: File[bytes] | None) -> None:
        self.row, self.given, self.file = row, row.data, file
        self.at = row.moment

    def text(self, name: str) -> str:
        return str(self.given.get(name) or "")

    def maybe(self, name: str) -> str | None:
        return str(self.given[name]) if self.given.get(name) is not None else None

    def number(self, name: str) -> int | None:
        value = self.given.get(name)
        return int(value) if value not in (None, "") else None

    def flag(self, name: str) -> bool:
        return bool(self.given.get(name))

    def choice(self, name: str) -> bool | None:
        value = self.given.get(name)
        return None if value is None else bool(value)

    def day(self, name: str) -> dt.date:
        found = parse_date(self.text(name))
        if found is None:
            raise ValueError(name)
        return found

    def clock(self, name: str) -> dt.time | None:
        return parse_time(self.text(name)) if self.text(name) else None

    def when(self, name: str) -> dt.datetime | None:
        return parse_datetime(self.text(name)) if self.text(name) else None

    def some(self, *names: str) -> dict[str, Any]:
        return {name: self.given[name] for name in names if name in self.given}

    def picture(self) -> File[bytes]:
        if self.file is None:
            raise CannotVisit(_("The picture is missing."))
        return self.file


Verb = Callable[[Visit, _Data, Party, dt.datetime], object]
VERBS: dict[str, Verb] = {
    "prepare": lambda visit, data, by, now: _preparing.prepare(
        visit=visit, by=by, now=now, at=data.at, seen=data.when("seen"),
        policies=[int(pk) for pk in data.given.get("policies") or []],
        **data.some("purposes", "target", "focus", "content", "channel", "is_hard", "policy_read"),
    ),
    "check": lambda visit, data, by, now: _visits.check(
        visit=visit, list=data.text("list"), answers=dict(data.given["answers"]), by=by, now=now
    ),
    "arrive": lambda visit, data, by, now: _visits.arrive(
        visit=visit, by=by, now=now, at=data.at, latitude=data.given.get("latitude"),
        longitude=data.given.get("longitude"), accuracy=data.number("accuracy"), why=data.text("why"),
    ),
    "host": lambda visit, data, by, now: _visits.host(
        visit=visit, by=by, now=now, name=data.text("name"), position=data.text("position"),
        decides=data.choice("decides"), persons=data.number("persons"), cards=data.number("cards"),
        absent=data.flag("absent"),
    ),
    "note_finding": lambda visit, data, by, now: _notes.note_finding(
        visit=visit, group=data.text("group"), kind=data.text("kind"), text=data.text("text"), by=by, now=now, at=data.at
    ),
    "nothing_new": lambda visit, data, by, now: _notes.nothing_new(visit=visit, group=data.text("group"), by=by, now=now),
    "raise_problem": lambda visit, data, by, now: _problems.raise_problem(
        visit=visit, text=data.text("text"), kind=data.text("kind") or "OTHER", by=by, now=now, at=data.at,
        in_authority=data.flag("in_authority"), at_once=data.flag("at_once"), urgent=data.flag("urgent"),
        needs_others=data.flag("needs_others"), proposal=data.text("proposal"), answer=data.text("answer"),
        reply_by=data.when("reply_by"), to_unit=Unit.objects.filter(pk=data.number("to_unit") or 0).first(),
    ),
    "no_problem": lambda visit, data, by, now: _problems.no_problem(visit=visit, by=by, now=now),
    "give": lambda visit, data, by, now: _notes.give(
        visit=visit, group=data.text("group"), topic=data.text("topic"), text=data.text("text"),
        item_id=data.number("item_id"), quantity=data.number("quantity"), value=data.given.get("value"),
        accepted=data.choice("accepted"), objection=data.text("objection"), handling=data.text("handling"),
        by=by, now=now, at=data.at,
    ),
    "guide": lambda visit, data, by, now: _notes.guide(
        visit=visit, aspect=data.text("aspect"), is_fine=data.flag("is_fine"), finding=data.text("finding"),
        cause=data.text("cause"), text=data.text("text"), praise=data.text("praise"),
        demonstration=data.text("demonstration"), minutes=data.number("minutes") or 0, by=by, now=now, at=data.at,
    ),
    "photo": lambda visit, data, by, now: _notes.photo(
        visit=visit, file=data.picture(), name=data.text("name") or "photo.jpg", kind=data.text("kind") or "OTHER",
        taken_at=data.at, latitude=data.given.get("latitude"), longitude=data.given.get("longitude"), by=by, now=now,
    ),
    "sign": lambda visit, data, by, now: _notes.sign(
        visit=visit, file=data.picture(), signer=data.text("signer"), strokes=data.given.get("strokes") or [],
        at=data.at, latitude=data.given.get("latitude"), longitude=data.given.get("longitude"), by=by, now=now,
    ),
    "judge": lambda visit, data, by, now: _visits.judge(
        visit=visit, satisfaction=data.number("satisfaction"), remark=data.maybe("remark"), by=by, now=now
    ),
    "report": lambda visit, data, by, now: _visits.report(visit=visit, text=data.text("text"), by=by, now=now),
    "set_next": lambda visit, data, by, now: _visits.set_next(
        visit=visit, on=data.day("on"), at=data.clock("at"), by=by, now=now
    ),
    "leave": lambda visit, data, by, now: _visits.leave(visit=visit, by=by, now=now, at=data.at),
    "excuse": lambda visit, data, by, now: _visits.excuse(
        visit=visit, demand=data.text("demand"), reason=data.text("reason"), by=by, now=now
    ),
    "close": lambda visit, data, by, now: _closing.close(visit=visit, by=by, now=now),
    "skip": lambda visit, data, by, now: _visits.skip(visit=visit, reason=data.text("reason"), by=by, now=now),
}  # fmt: skip


@held
@transaction.atomic
def settle(*, entry: SyncEntry, take: bool, by: Party, now: dt.datetime, reason: str = "") -> SyncEntry:
    """A conflict or refusal is decided by a person: taken over after all, or left out for a reason.

    Taking over the beginning of a visit takes over what else came for it. Raises CannotVisit.
    """
    if not take and not reason.strip():
        raise CannotVisit(_("Say why."))
    rows = SyncEntry.objects.filter(pk=entry.pk, settled_at=None).exclude(outcome=SyncEntry.Outcome.KEPT)
    if not rows.update(settled_at=now, settled_by=by, settlement=reason.strip()[:200]):
        raise CannotVisit(_("This entry was settled already."))
    entry.refresh_from_db()
    if take:
        _force(entry, now)
        if entry.kind == "start":
            later = SyncEntry.objects.filter(visit_uid=entry.visit_uid, settled_at=None)
            for row in later.exclude(outcome=SyncEntry.Outcome.KEPT).order_by("received_at", "moment"):
                _force_if_possible(row, by, now)
    subject = entry.visit
    if subject is not None:
        trail.record(
            "visits.settled", subject=subject, by=by, at=now, after={"entry": str(entry.pk), "taken": take}
        )
    return entry


def _force_if_possible(row: SyncEntry, by: Party, now: dt.datetime) -> None:
    """What cannot be taken over yet, such as a photo that the device still has, stays as it is."""
    try:
        with transaction.atomic():
            row.settled_at, row.settled_by = now, by
            _force(row, now)
    except CannotVisit:
        return


def _force(row: SyncEntry, now: dt.datetime) -> None:
    row.visit = Visit.objects.filter(uid=row.visit_uid).select_related("customer").first()
    file = _file_of(row)
    try:
        _apply(row, file, now, None, force=True)
    except Clash as clash:
        raise CannotVisit(str(clash)) from clash
    finally:
        if file is not None:
            file.close()
    row.outcome = SyncEntry.Outcome.KEPT
    row.save(update_fields=["outcome", "visit", "settled_at", "settled_by"])


def _file_of(row: SyncEntry) -> File[bytes] | None:
    if row.visit is None:
        return None
    kept = attachments.attachments_of(row.visit).filter(note=str(row.pk)).first()
    return File(attachments.open_file(kept), name=kept.name) if kept is not None else None
