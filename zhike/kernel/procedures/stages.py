"""The engine of staged cases: reads the `stages` table of a manual, moves a case, opens and discharges duties.

Entering a stage opens one duty (owner 负责, due 时限); leaving it discharges the duty. 立即 opens none: the
stage is done in the same action and the case goes on to the next. Moving is compare-and-set on the stage and
the revision that the caller saw; every move is a row.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db.models import F, Min
from django.utils.translation import gettext as _

from zhike.kernel.duties import actions as duties
from zhike.kernel.duties.models import Duty
from zhike.kernel.parties import subjects
from zhike.kernel.parties.directory import directory
from zhike.kernel.parties.models import Party
from zhike.kernel.policy.evaluate.branches import next_stage
from zhike.kernel.policy.inforce import Answer
from zhike.kernel.policy.manual import model
from zhike.kernel.worktime import calendars
from zhike.kernel.worktime.limits import Immediate

from .models import Move, StagedCase


class WrongStage(Exception):
    """The case no longer stands where the caller saw it."""


@dataclass(frozen=True)
class Procedure:
    """A stages table at work: the manual's table, who plays which role, what the branches may ask."""

    answer: Answer
    prefix: str  # of duty kinds: "complaint" makes "complaint.solution"
    roles: Callable[[Any], Mapping[str, Party | None]]
    customer_id: int | None = None
    facts: Mapping[str, Any] = field(default_factory=dict)

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


def begin(case: StagedCase, *, procedure: Procedure, by: Party, now: dt.datetime) -> None:
    """Put a new case into the first stage, and through those that are done at once."""
    _enter(case, procedure.table.stages[0], came_from="", procedure=procedure, by=by, now=now)


def advance(
    case: StagedCase, *, kind: str, procedure: Procedure, by: Party, now: dt.datetime, note: str = ""
) -> model.Stage | None:
    """Leave the stage of this kind for the next one; None when that was the last. Raises WrongStage."""
    stage = procedure.stage(case.stage)
    if stage.nature != kind:
        raise WrongStage(
            _("The case stands in stage “%(stage)s”; this step is not due.") % {"stage": case.stage}
        )
    return _leave(case, stage, procedure=procedure, by=by, now=now, note=note)


def end(case: StagedCase, *, by: Party, now: dt.datetime, reason: str) -> None:
    """Close a case out of turn (void, joined to another): the open duties are cancelled."""
    _set(case, stage="", stage_kind="", closed_at=now, due_at=None)
    Move.objects.create(**subjects.key(case), from_stage=case.stage, to_stage="", at=now, by=by, note=reason)
    case.stage = case.stage_kind = ""
    duties.cancel(subject=case, now=now, by=by, reason=reason)


def _leave(
    case: StagedCase, stage: model.Stage, *, procedure: Procedure, by: Party, now: dt.datetime, note: str
) -> model.Stage | None:
    duties.discharge(subject=case, kinds=[procedure.kind(stage)], by=by, now=now)
    name = next_stage(procedure.table, stage.name, procedure.facts)
    if name is None:
        _set(case, stage="", stage_kind="", closed_at=now)
        _move(case, stage, None, by=by, now=now, note=note)
        return None
    following = procedure.stage(name)
    _enter(case, following, came_from=stage.name, procedure=procedure, by=by, now=now, note=note, left=stage)
    return following


def _enter(
    case: StagedCase,
    stage: model.Stage,
    *,
    came_from: str,
    procedure: Procedure,
    by: Party,
    now: dt.datetime,
    note: str = "",
    left: model.Stage | None = None,
) -> None:
    _set(case, stage=stage.name, stage_kind=stage.nature)
    _move(case, left, stage, by=by, now=now, note=note)
    limit = stage.limit.phrase.limit if stage.limit is not None else None
    if isinstance(limit, Immediate):
        _leave(case, stage, procedure=procedure, by=by, now=now, note="")
        return
    owner, post = owner_of(stage.owners, procedure.roles(case), case.unit_id, now)
    english = stage.cells.get("英文")
    duties.open_duties(
        [
            duties.Draft(
                kind=procedure.kind(stage),
                title=stage.name,
                title_en=english.text if english else "",
                owner=owner,
                owner_post=post,
                began_at=now,
                limit=calendars.text_of(limit) if limit is not None else "",
                clause=stage.clause,
                version_id=procedure.answer.version.pk,
            )
        ],
        subject=case,
        unit_id=case.unit_id,
        matter=case.title,
        customer_id=procedure.customer_id,
        secrecy=case.secrecy,
    )


def owner_of(
    words: tuple[str, ...], roles: Mapping[str, Party | None], unit: int, now: dt.datetime
) -> tuple[Party | None, str]:
    """Who owes a duty that a manual gives to these words: roles of the case first, then posts.

    Returns the person, or the code of the post while nobody holds it.
    """
    for word in words:
        if roles.get(word) is not None:
            return roles[word], ""
    for word in words:
        code = directory().post_code(word)
        if code is not None:
            holders = directory().holders_of(code, unit, now)
            return (holders[0], "") if holders else (None, code)
    return None, words[0] if words else "-"


def refresh_due(case: StagedCase) -> None:
    """Copy the earliest open due date of the case's duties onto the case, by which lists sort."""
    open_duties = Duty.objects.filter(**subjects.key(case), state=Duty.State.OPEN)
    case.due_at = open_duties.aggregate(first=Min("due_at"))["first"]
    type(case)._default_manager.filter(pk=case.pk).update(due_at=case.due_at)


def _set(case: StagedCase, **values: Any) -> None:
    """Compare and set: only if the case is still as the caller saw it."""
    changed = (
        type(case)
        ._default_manager.filter(pk=case.pk, revision=case.revision, stage=case.stage, closed_at=None)
        .update(revision=F("revision") + 1, **values)
    )
    if not changed:
        raise WrongStage(_("Somebody else has changed this case meanwhile. Reload it and look again."))
    case.revision += 1
    for name, value in values.items():
        setattr(case, name, value)


def _move(
    case: StagedCase,
    left: model.Stage | None,
    entered: model.Stage | None,
    *,
    by: Party,
    now: dt.datetime,
    note: str,
) -> None:
    Move.objects.create(
        **subjects.key(case),
        from_stage=left.name if left else "",
        to_stage=entered.name if entered else "",
        kind=left.nature if left else "",
        at=now,
        by=by,
        note=note,
    )
