"""One act does both: a step of a case whose stage belongs to corrective action acts on the one that is under way."""

from __future__ import annotations

import datetime as dt

from django.utils.translation import gettext as _

from zhike.complaints.actions import CannotStep
from zhike.complaints.capa import stages
from zhike.complaints.capa.models import Capa, CapaAction
from zhike.complaints.capa.reading import dossier, under_way
from zhike.complaints.models import Complaint
from zhike.complaints.regime import Regime
from zhike.kernel.parties.models import Party
from zhike.kernel.policy.manual import model
from zhike.kernel.worktime import calendars

from . import _common, _judging
from ._common import CannotCapa

Phase = Capa.Phase


def follow_step(
    *, complaint: Complaint, regime: Regime, text: str, decision: bool | None, by: Party, now: dt.datetime
) -> None:
    """Called before a case leaves its stage. A case without a corrective action goes on as ever. Raises CannotStep."""
    table = regime.answer.table
    assert isinstance(table, model.StagesTable)
    stage = table.stage(complaint.stage)
    part = stages.part(table, stage) if stage is not None else ""
    if not part or not any(one.nature == "plan" for one in table.stages):
        return
    capa = under_way(complaint)
    if capa is None:
        return
    try:
        _act(capa, part, table, complaint, text=text, passed=not decision, by=by, now=now)
    except CannotCapa as refusal:
        raise CannotStep(str(refusal)) from refusal


def _act(
    capa: Capa,
    part: str,
    table: model.StagesTable,
    complaint: Complaint,
    *,
    text: str,
    passed: bool,
    by: Party,
    now: dt.datetime,
) -> None:
    analysing = capa.phase == Phase.ANALYSIS
    if part == "containment":
        _contained(capa, text, by=by, now=now)
    elif part == "root_cause" and analysing and not dossier(capa).root_cause:
        raise CannotCapa(
            _("Corrective action %(number)s has no root cause yet: mark one in it first.")
            % {"number": capa.number}
        )
    elif part == "plan" and analysing:
        _judging.submit_plan(capa=capa, by=by, now=now, staged=True)
    elif part in {"review", "approval"}:
        _judged(capa, part, table, complaint, text=text, passed=passed, by=by, now=now)
    elif part == "execution":
        _carried_out(capa)
    elif part == "effect" and capa.phase != Phase.SUMMARY:
        today = calendars.local_day(now, capa.unit_id)
        _judging.check_effect(
            capa=capa, round=capa.round, effective=passed, evidence=text, on=today, by=by, now=now
        )


def _contained(capa: Capa, text: str, *, by: Party, now: dt.datetime) -> None:
    """What the step says is the temporary measure, where none stands in the corrective action."""
    if capa.actions.filter(kind=CapaAction.Kind.CONTAINMENT).exists():
        return
    CapaAction.objects.create(
        capa=capa,
        kind=CapaAction.Kind.CONTAINMENT,
        round=capa.round,
        what=text,
        owner=by,
        due_on=calendars.local_day(now, capa.unit_id),
        by=by,
        at=now,
        evidence=text,
        done_by=by,
        done_at=now,
    )


def _judged(
    capa: Capa,
    part: str,
    table: model.StagesTable,
    complaint: Complaint,
    *,
    text: str,
    passed: bool,
    by: Party,
    now: dt.datetime,
) -> None:
    """A stage that judges the plan writes a round; one that sends back what nobody has submitted writes none."""
    if capa.phase == Phase.ANALYSIS:
        if passed:
            raise CannotCapa(
                _("The plan in corrective action %(number)s is not submitted yet.") % {"number": capa.number}
            )
        return
    if part == "approval":
        if capa.phase in {Phase.REVIEW, Phase.APPROVAL}:
            _judging.approve_in_case(capa=capa, passed=passed, reason=text, by=by, now=now)
        return
    if capa.phase == Phase.REVIEW:
        stage = table.stage(complaint.stage)
        onward = table.stage(stage.next[-1].stage or "") if stage is not None and stage.next else None
        _judging.review_plan(
            capa=capa,
            round=capa.round,
            passed=passed,
            reason=text,
            by=by,
            now=now,
            in_case=complaint,
            then_approved=onward is not None and stages.part(table, onward) == "approval",
        )


def _carried_out(capa: Capa) -> None:
    if capa.phase in {Phase.ANALYSIS, Phase.REVIEW, Phase.APPROVAL}:
        _common.need(capa, Phase.EXECUTION)
    left = dossier(capa).open_actions
    if capa.phase == Phase.EXECUTION and left:
        raise CannotCapa(
            _("Still open in corrective action %(number)s: %(what)s")
            % {"number": capa.number, "what": "; ".join(action.what[:60] for action in left)}
        )
