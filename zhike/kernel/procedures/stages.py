"""The engine of staged cases: reads the `stages` table of a manual, moves a case, opens and discharges duties.

Entering a stage opens one duty (owner 负责, due 时限 from entry or from the event named); leaving it discharges the
duty. Several owners with 会签 have a duty each: 任一 is done by the first who acts, 全部 when all have signed, 依次 when
they have signed one after the other. 立即 opens none: the stage is done in the same action and the case goes on to the next. Moving is
compare-and-set on the stage and the revision that the caller saw; every move is a row.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import takewhile
from typing import Any

from django.db import transaction
from django.db.models import F, Min, OuterRef, Subquery
from django.utils.translation import gettext as _

from zhike.kernel.duties import actions as duties
from zhike.kernel.duties.models import Duty
from zhike.kernel.outbox import events, post
from zhike.kernel.parties import bulk, subjects
from zhike.kernel.parties.models import Party
from zhike.kernel.policy.evaluate.branches import NoWay, next_stage
from zhike.kernel.policy.evaluate.phrases import filled
from zhike.kernel.policy.inforce import Answer
from zhike.kernel.policy.manual import model
from zhike.kernel.worktime import calendars
from zhike.kernel.worktime.limits import Immediate

from ._informing import INFORMED, inform
from ._owners import SIGNED, Owner, Roles, owner_of, owners_of, signs
from .models import Move, StagedCase

__all__ = [
    "INFORMED",
    "Procedure",
    "WrongStage",
    "advance",
    "begin",
    "end",
    "is_of_stage",
    "is_owed_by",
    "owed",
    "owner_of",
    "refresh_all",
    "refresh_due",
    "reopen",
    "signs",
    "who_owes",
]

RECEIPT = frozenset({"受理", "receipt"})
CHUNK = 500


class WrongStage(Exception):
    """The case no longer stands where the caller saw it, or the manual shows no way on from there."""


@dataclass(frozen=True)
class Procedure:
    """A stages table at work: the manual's table, who plays which role, what the branches may ask.

    `facts` by label; `moments` are those of events and date facts that deadlines run from, beside 受理 (when the
    case was opened) and the stages (when they were left).
    """

    answer: Answer
    prefix: str  # of duty kinds: "complaint" makes "complaint.solution"
    roles: Callable[[Any], Roles]
    customer_id: int | None = None
    barred: int | None = None  # who has no part in the case
    facts: Mapping[str, Any] = field(default_factory=dict)
    moments: Mapping[str, dt.datetime] = field(default_factory=dict)

    @property
    def table(self) -> model.StagesTable:
        table = self.answer.table
        assert isinstance(table, model.StagesTable)
        return table

    def stage(self, name: str) -> model.Stage:
        found = self.table.stage(name)
        if found is None:
            raise WrongStage(_("The manual has no stage “%(stage)s”.") % {"stage": name})
        return found

    def kind(self, stage: model.Stage) -> str:
        return f"{self.prefix}.{stage.nature or stage.number}"

    def limit(self, stage: model.Stage) -> model.Due | None:
        """The deadline of a stage with the values of the unit; None without one or while it is 未定."""
        return filled(stage.limit, self.answer.manual.params) if stage.limit is not None else None


def begin(
    case: StagedCase,
    *,
    procedure: Procedure,
    by: Party,
    now: dt.datetime,
    values: Mapping[str, Any] | None = None,
    beside: Iterable[duties.Draft] = (),
) -> model.Stage | None:
    """Put a new case into the first stage, and through those that are done at once; where it then stands.

    A case that has its key and is not stored yet is stored with its stage. `values` are further columns written with
    it; `beside` are duties that run beside the stages.
    """
    return _Walk(case, procedure, by, now, values or {}, list(beside)).begin()


def advance(
    case: StagedCase, *, kind: str, procedure: Procedure, by: Party, now: dt.datetime, note: str = ""
) -> model.Stage | None:
    """Leave the stage of this kind; the stage where the case then stands, None when it is closed.

    A stage that several sign is left with the last signature. Raises WrongStage, and nothing has changed then.
    """
    if case.closed_at is not None:
        raise WrongStage(_("This case is closed."))
    stage = procedure.stage(case.stage)
    if stage.nature != kind:
        raise WrongStage(
            _("The case stands in stage “%(stage)s”; this step is not due.") % {"stage": case.stage}
        )
    return _Walk(case, procedure, by, now).advance(stage, note)


def reopen(
    case: StagedCase,
    *,
    stage: str,
    procedure: Procedure,
    by: Party,
    now: dt.datetime,
    note: str,
    values: Mapping[str, Any],
    beside: Iterable[duties.Draft] = (),
) -> model.Stage:
    """Take up a closed case again in a stage of its procedure, owed from now; where it then stands.

    `values` and `beside` as for `begin`. Raises WrongStage, and nothing has changed then.
    """
    if case.closed_at is None:
        raise WrongStage(_("This case is not closed."))
    walk = _Walk(case, procedure, by, now, values, list(beside))
    return walk.reopen(procedure.stage(stage), note)


@transaction.atomic
def end(case: StagedCase, *, by: Party, now: dt.datetime, reason: str) -> None:
    """Close a case out of turn (void, joined to another): the open duties are cancelled. Raises WrongStage."""
    if case.closed_at is not None:
        raise WrongStage(_("This case is closed."))
    former = case.stage
    _set(case, stage="", stage_kind="", closed_at=now, due_at=None)
    Move.objects.create(**subjects.key(case), from_stage=former, to_stage="", at=now, by=by, note=reason)
    duties.cancel(subject=case, now=now, by=by, reason=reason)


class _Walk:
    """One action on one case: leaves a stage and goes on until the case rests or ends.

    The way is found first and written afterwards, with one statement for the case and one for all moves.
    """

    def __init__(
        self,
        case: StagedCase,
        procedure: Procedure,
        by: Party,
        now: dt.datetime,
        values: Mapping[str, Any] | None = None,
        beside: list[duties.Draft] | None = None,
    ) -> None:
        self.case, self.procedure, self.by, self.now = case, procedure, by, now
        self.values = dict(values or {})  # further columns of the case, written with its stage
        self.beside = beside or []
        self.left_at: dict[str, dt.datetime] = {}
        self.moves: list[Move] = []
        self.entered: list[model.Stage] = []

    def begin(self) -> model.Stage | None:
        """A new case owes nothing else, so that its due date is written with its stage."""
        rests = self._enter(self.procedure.table.stages[0], left=None, note="")
        owed = self._planned([*self._drafts(rests), *self.beside])
        self.values["due_at"] = min((duty.due_at for duty in owed if duty.due_at is not None), default=None)
        self._write(rests)
        bulk.add(owed)
        return rests

    def reopen(self, stage: model.Stage, note: str) -> model.Stage:
        """A closed case stands in this stage again, or in the next that is not done at once."""
        rests = self._enter(stage, left=None, note=note)
        if rests is None:
            raise WrongStage(
                _("From stage “%(stage)s” the manual leads straight to the end.") % {"stage": stage.name}
            )
        owed = self._planned([*self._drafts(rests), *self.beside])
        due_at = min((duty.due_at for duty in owed if duty.due_at is not None), default=None)
        self.values |= {"closed_at": None, "due_at": due_at}
        self._write(rests)
        bulk.add(owed)
        self._say_entered(rests)
        return rests

    def _say_entered(self, stage: model.Stage) -> None:
        ids = {"label": self.case._meta.label, "id": self.case.pk, "stage": stage.name, "kind": stage.nature}
        post.emit(events.CASE_STAGE_ENTERED, ids=ids, at=self.now)

    def advance(self, stage: model.Stage, note: str) -> model.Stage | None:
        if stage.joint in SIGNED and self._sign(stage, note):
            return stage
        rests = self._leave(stage, note)
        if rests is None:
            self.values["due_at"] = None
        self._write(rests)
        duties.discharge(subject=self.case, kinds=[self.procedure.kind(stage)], by=self.by, now=self.now)
        bulk.add(self._planned(self._drafts(rests)))
        if rests is not None:
            self._say_entered(rests)
        return rests

    def _sign(self, stage: model.Stage, note: str) -> bool:
        """Sign a stage for one of its owners; False when nobody else is to sign and the stage may be left."""
        waiting = owed(self.case)
        mine = next((duty for duty in waiting if signs(duty, self.by, self.now)), None)
        if mine is None:
            names = _(", ").join(map(who_owes, waiting))
            raise WrongStage(
                _("Stage “%(stage)s” waits for %(names)s.") % {"stage": stage.name, "names": names}
            )
        next_owners = self._next_in_turn(stage)
        if len(waiting) == 1 and not next_owners:
            return False
        self._move(stage, stage, note)
        self._write(stage)
        duties.discharge(subject=self.case, kinds=[mine.kind], by=self.by, now=self.now, only=mine)
        bulk.add(self._planned(self._drafts(stage, next_owners)))
        return True

    def _owners(self, stage: model.Stage) -> list[Owner]:
        roles = self.procedure.roles(self.case)
        return owners_of(stage, roles, self.case.unit_id, self.now, self.procedure.barred)

    def _next_in_turn(self, stage: model.Stage) -> list[Owner]:
        """Who signs after this signature; nobody after the last, or where all sign at once."""
        if stage.joint is not model.Joint.IN_TURN:
            return []
        entered = Move.objects.filter(**subjects.key(self.case), to_stage=stage.name).order_by("-pk")
        before = list(takewhile(stage.name.__eq__, entered.values_list("from_stage", flat=True)))
        owners = self._owners(stage)
        return owners[len(before) + 1 :][:1]

    def _write(self, rests: model.Stage | None) -> None:
        """The case first, which fails if somebody was faster; then the moves, and who is informed of them."""
        if rests is None:
            _set(self.case, stage="", stage_kind="", closed_at=self.now, **self.values)
        else:
            _set(self.case, stage=rests.name, stage_kind=rests.nature, **self.values)
        bulk.add(self.moves)
        if copied := [stage for stage in self.entered if stage.informed]:
            roles, barred = self.procedure.roles(self.case), self.procedure.barred
            inform(self.case, copied, roles=roles, by=self.by, now=self.now, barred=barred)

    def _leave(self, stage: model.Stage, note: str) -> model.Stage | None:
        """Where the case rests after this stage, or None at the end."""
        try:
            name = next_stage(self.procedure.table, stage.name, self.procedure.facts)
        except NoWay as nowhere:
            raise WrongStage(str(nowhere)) from nowhere
        self.left_at[stage.name] = self.now
        if name is not None:
            return self._enter(self.procedure.stage(name), left=stage, note=note)
        self._move(stage, None, note)
        return None

    def _enter(self, stage: model.Stage, *, left: model.Stage | None, note: str) -> model.Stage | None:
        """Stand in a stage; one that is done at once is left again."""
        self._move(left, stage, note)
        self.entered.append(stage)
        due = self.procedure.limit(stage)
        if due is None or not isinstance(due.phrase.limit, Immediate):
            return stage
        if stage.name in self.left_at:
            raise WrongStage(
                _("The manual leads in a circle: stage “%(stage)s” is done at once again and again.")
                % {"stage": stage.name}
            )
        return self._leave(stage, "")

    def _drafts(self, stage: model.Stage | None, owners: Sequence[Owner] | None = None) -> list[duties.Draft]:
        """What the stage makes its owners owe as it is entered, or these; nothing at the end."""
        if stage is None:
            return []
        procedure, due = self.procedure, self.procedure.limit(stage)
        if owners is None:
            owners = self._owners(stage)
            owners = owners[:1] if stage.joint is model.Joint.IN_TURN else owners
        began_at, limit = self._clock(due)
        english = stage.cells.get("英文")
        return [
            duties.Draft(
                kind=procedure.kind(stage),
                title=stage.name,
                title_en=english.text if english else "",
                owner=owner,
                owner_post=post,
                began_at=began_at,
                limit=limit,
                clause=stage.clause,
                version_id=procedure.answer.version.pk,
            )
            for owner, post in owners
        ]

    def _planned(self, drafts: list[duties.Draft]) -> list[Duty]:
        case = self.case
        return duties.planned(
            drafts,
            subject=case,
            unit_id=case.unit_id,
            matter=case.matter,
            customer_id=self.procedure.customer_id,
            secrecy=case.secrecy,
        )

    def _clock(self, due: model.Due | None) -> tuple[dt.datetime, str]:
        """When the clock of a stage began, and the limit; no limit while the event has not happened."""
        if due is None or due.phrase.limit is None:
            return self.now, ""
        began_at = self._moment(due.phrase.event) if due.phrase.event else self.now
        return (began_at, calendars.text_of(due.phrase.limit)) if began_at else (self.now, "")

    def _moment(self, event: str) -> dt.datetime | None:
        """When an event of the case happened: told by the app, the receipt, or the last time a stage was left."""
        if event in self.procedure.moments:
            return self.procedure.moments[event]
        if event in RECEIPT:
            return self.case.opened_at
        if event in self.left_at:
            return self.left_at[event]
        moves = Move.objects.filter(**subjects.key(self.case), from_stage=event)
        return moves.order_by("-at", "-pk").values_list("at", flat=True).first()

    def _move(self, left: model.Stage | None, entered: model.Stage | None, note: str) -> None:
        self.moves.append(
            Move(
                **subjects.key(self.case),
                from_stage=left.name if left else "",
                to_stage=entered.name if entered else "",
                kind=left.nature if left else "",
                at=self.now,
                by=self.by,
                note=note,
            )
        )


def owed(case: StagedCase) -> list[Duty]:
    """The open duties of the stage in which the case stands; limits that run beside it rest on a ruling."""
    rows = Duty.objects.open().filter(**subjects.key(case)).select_related("owner").order_by("pk")
    return [duty for duty in rows if is_of_stage(duty, case)]


def is_of_stage(duty: Duty, case: StagedCase) -> bool:
    return duty.state == Duty.State.OPEN and duty.title == case.stage and duty.ruling_id is None


def who_owes(duty: Duty) -> str:
    """The owner's name, or the post while nobody holds it."""
    return duty.owner.name if duty.owner else duty.owner_post


def is_owed_by(case: StagedCase, *, by: Party, now: dt.datetime) -> bool:
    """Whether this person owes the stage in which the case stands: as owner, as deputy, as holder of the post."""
    return any(signs(duty, by, now) for duty in owed(case))


def refresh_due(case: StagedCase) -> None:
    """Copy the earliest open due date of the case's duties onto the row of the case, by which lists sort."""
    open_duties = Duty.objects.open().filter(**subjects.key(case)).exclude(due_at=None).order_by("due_at")
    earliest = Subquery(open_duties.values("due_at")[:1])
    type(case)._default_manager.filter(pk=case.pk).update(due_at=earliest)


def refresh_all(cases: type[StagedCase], ids: Collection[int]) -> None:
    """Like `refresh_due` for many cases of one kind: after a change of calendars."""
    earliest = (
        Duty.objects.open()
        .filter(subject_label=cases._meta.label, subject_id=OuterRef("pk"))
        .order_by()
        .values("subject_id")
        .annotate(first=Min("due_at"))
        .values("first")
    )
    chosen = sorted(ids)
    for start in range(0, len(chosen), CHUNK):
        rows = cases._default_manager.filter(pk__in=chosen[start : start + CHUNK])
        rows.update(due_at=Subquery(earliest))


def _set(case: StagedCase, **values: Any) -> None:
    """Compare and set: only if the case is still as the caller saw it. A new one is stored whole."""
    if case._state.adding:
        for name, value in values.items():
            setattr(case, name, value)
        bulk.add([case])
        return
    changed = (
        type(case)
        ._default_manager.filter(
            pk=case.pk, revision=case.revision, stage=case.stage, closed_at=case.closed_at
        )
        .update(revision=F("revision") + 1, **values)
    )
    if not changed:
        raise WrongStage(_("Somebody else has changed this case meanwhile. Reload it and look again."))
    case.revision += 1
    for name, value in values.items():
        setattr(case, name, value)
