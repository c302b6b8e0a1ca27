"""Submit, review, approve, check the effect, close: nobody judges their own plan (R001-172, R001-183, R002-169)."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _

from zhike.complaints import questions
from zhike.complaints.actions import _compensation
from zhike.complaints.capa import stages
from zhike.complaints.capa.models import Capa, CapaJudgement
from zhike.complaints.capa.reading import Dossier, dossier, of_complaint
from zhike.complaints.models import Complaint
from zhike.complaints.regime import Regime, regime_of
from zhike.kernel.duties import actions as duties
from zhike.kernel.parties.held import held
from zhike.kernel.parties.models import Party
from zhike.kernel.policy.ask import NoRow
from zhike.kernel.policy.inforce import NoManual
from zhike.kernel.procedures.models import Approval
from zhike.kernel.worktime import calendars

from . import _common
from ._common import CannotCapa

KIND = "complaint.capa"
MATTER = "CORRECTIVE"
Phase, Judged = Capa.Phase, CapaJudgement.Kind


@held
@transaction.atomic
def submit_plan(*, capa: Capa, by: Party, now: dt.datetime, staged: bool = False) -> Capa:
    """Hand root cause and plan in for review; `staged` where a step of the case does it. Raises CannotCapa."""
    _common.need(capa, Phase.ANALYSIS)
    file = dossier(capa)
    if not file.root_cause:
        raise CannotCapa(
            _("Corrective action %(number)s has no root cause yet: mark one in it first.")
            % {"number": capa.number}
        )
    if not file.open_actions:
        raise CannotCapa(
            _("Corrective action %(number)s plans nothing yet that is still to be done.")
            % {"number": capa.number}
        )
    refused = file.refused
    if refused is not None and refused.snapshot == file.snapshot():
        raise CannotCapa(
            _("Nothing has changed since the plan was sent back: %(reason)s") % {"reason": refused.reason}
        )
    _common.change(capa, phase=Phase.REVIEW, submitted_by=by, submitted_at=now)
    duties.discharge(subject=capa, kinds=[_common.ANALYSIS], by=by, now=now)
    if not staged and capa.lead_id != by.pk and not reviewed_in_case(file):
        _common.owe(capa, _common.REVIEW, capa.lead, by=by, now=now)
    _common.record("submitted", capa, by=by, now=now, round=capa.round, plan=file.snapshot())
    return capa


def reviewed_in_case(file: Dossier) -> Complaint | None:
    """The case whose manual still has the review of the plan as a stage ahead: the review is written there."""
    for complaint in file.complaints:
        if complaint.is_open and complaint.stage:
            try:
                table = regime_of(complaint).answer.table
            except NoManual:
                continue
            if "review" in stages.ahead(table, complaint.stage):  # type: ignore[arg-type]
                return complaint
    return None


@held
@transaction.atomic
def review_plan(
    *,
    capa: Capa,
    round: int,
    passed: bool,
    reason: str,
    by: Party,
    now: dt.datetime,
    in_case: Complaint | None = None,
    then_approved: bool = False,
) -> Capa:
    """Pass the plan or send it back to new analysis, any number of times; each round stays (R001-183).

    `in_case` is the case in whose stage it is written, `then_approved` whether a stage of approval follows there.
    Otherwise the manual says who approves (R001-172). Raises CannotCapa.
    """
    _common.need(capa, Phase.REVIEW)
    _common.need_round(capa, round)
    file = dossier(capa)
    elsewhere = reviewed_in_case(file) if in_case is None else None
    if elsewhere is not None:
        raise CannotCapa(
            _("The review is a step of complaint %(number)s: write it there.") % {"number": elsewhere.number}
        )
    if by.pk in file.authors | {capa.submitted_by_id}:
        raise CannotCapa(_("Nobody reviews their own plan."))
    judgement = _judge(file, Judged.REVIEW, passed, reason, by=by, now=now)
    duties.discharge(subject=capa, kinds=[_common.REVIEW], by=by, now=now)
    if not passed:
        _back(capa, by=by, now=now)
    elif then_approved:
        _common.change(capa, phase=Phase.APPROVAL, approval=None)
    else:
        _ask_or_go_on(capa, file, by=by, now=now)
    _common.record(
        "reviewed", capa, by=by, now=now, round=judgement.round, passed=passed, reason=judgement.reason
    )
    return capa


def _judge(
    file: Dossier,
    kind: str,
    passed: bool,
    reason: str,
    *,
    by: Party,
    now: dt.datetime,
    on: dt.date | None = None,
) -> CapaJudgement:
    if not passed and not reason.strip():
        raise CannotCapa(_("Say why it is sent back."))
    capa = file.capa
    assert capa.submitted_by_id is not None
    return CapaJudgement.objects.create(
        capa=capa,
        kind=kind,
        round=capa.round,
        passed=passed,
        reason=reason.strip(),
        on=on,
        planned_by_id=capa.submitted_by_id,
        by=by,
        at=now,
        snapshot=file.snapshot(),
    )


def _back(capa: Capa, *, by: Party, now: dt.datetime) -> None:
    """To new analysis by who has submitted the plan."""
    planner = capa.submitted_by
    _common.change(capa, phase=Phase.ANALYSIS, round=capa.round + 1, approval=None)
    if planner is not None:
        _common.owe(capa, _common.ANALYSIS, planner, by=by, now=now)


def _ask_or_go_on(capa: Capa, file: Dossier, *, by: Party, now: dt.datetime) -> None:
    """Ask whom the manual names for corrective action; where it names nobody the plan is carried out."""
    approval = _ask(capa, file, by=by, now=now)
    if approval is not None:
        _common.change(capa, phase=Phase.APPROVAL, approval=approval)
    else:
        _carry_out(capa, file, by=by, now=now)


def _ask(capa: Capa, file: Dossier, *, by: Party, now: dt.datetime) -> Approval | None:
    regime = _regime(file)
    if regime is None or MATTER not in {word.code for word in regime.words(questions.APPROVALS)}:
        return None
    try:
        return _compensation.ask_approval(
            subject=capa,
            matter=MATTER,
            amount=Decimal(0),
            title=_("Corrective action %(number)s: %(title)s")
            % {"number": capa.number, "title": capa.matter},
            kind=KIND,
            regime=regime,
            unit_id=capa.unit_id,
            by=by,
            now=now,
            not_by=[capa.submitted_by_id, *(one.accused_id for one in file.complaints)],
        )
    except (_compensation.CannotCompensate, NoRow) as refusal:
        raise CannotCapa(str(refusal)) from refusal


def _regime(file: Dossier) -> Regime | None:
    try:
        return regime_of(file.complaints[0])
    except NoManual:
        return None


def _carry_out(capa: Capa, file: Dossier, *, by: Party, now: dt.datetime) -> None:
    _common.change(capa, phase=Phase.EXECUTION)
    _common.owe_actions(capa, file.open_actions, by=by, now=now)


def decided(approval: Approval, by: Party, now: dt.datetime) -> None:
    """What follows when the line of approval comes to its end."""
    capa = Capa.objects.filter(approval=approval, phase=Phase.APPROVAL).first()
    if capa is None:
        return
    passed = approval.state == Approval.State.APPROVED
    opinions = [step.opinion for step in approval.steps.all() if step.opinion]
    _approve(capa, passed, opinions[-1] if opinions else str(approval.get_state_display()), by=by, now=now)


@held
@transaction.atomic
def approve_in_case(*, capa: Capa, passed: bool, reason: str, by: Party, now: dt.datetime) -> Capa:
    """The approval of the measures as a step of the case (R001-172). Raises CannotCapa."""
    if passed or capa.phase != Phase.REVIEW:
        _common.need(capa, Phase.APPROVAL)
    if by.pk == capa.submitted_by_id:
        raise CannotCapa(_("Nobody approves their own plan."))
    return _approve(capa, passed, reason, by=by, now=now)


def _approve(capa: Capa, passed: bool, reason: str, *, by: Party, now: dt.datetime) -> Capa:
    file = dossier(capa)
    judgement = _judge(file, Judged.APPROVAL, passed, reason, by=by, now=now)
    if passed:
        _carry_out(capa, file, by=by, now=now)
    else:
        _back(capa, by=by, now=now)
    _common.record(
        "approved" if passed else "not_approved", capa, by=by, now=now, round=judgement.round, reason=reason
    )
    return capa


@held
@transaction.atomic
def check_effect(
    *, capa: Capa, round: int, effective: bool, evidence: str, on: dt.date, by: Party, now: dt.datetime
) -> Capa:
    """Say with evidence whether it helped; if not, a new round of analysis begins. Raises CannotCapa."""
    if capa.phase == Phase.EXECUTION:
        left = dossier(capa).open_actions
        raise CannotCapa(
            _("The effect is checked when everything is done; still open: %(what)s")
            % {"what": "; ".join(action.what[:60] for action in left)}
        )
    _common.need(capa, Phase.EFFECT)
    _common.need_round(capa, round)
    if by.pk == capa.submitted_by_id:
        raise CannotCapa(_("Nobody checks the effect of their own plan."))
    if not evidence.strip():
        raise CannotCapa(_("Say what shows the effect."))
    file = dossier(capa)
    done = max(calendars.local_day(row.done_at, capa.unit_id) for row in file.planned if row.done_at)
    if not done <= on <= calendars.local_day(now, capa.unit_id):
        raise CannotCapa(
            _("The effect was seen between %(done)s, when the last measure was done, and today.")
            % {"done": done.isoformat()}
        )
    _judge(file, Judged.EFFECT, effective, evidence, by=by, now=now, on=on)
    duties.discharge(subject=capa, kinds=[_common.EFFECT], by=by, now=now)
    if effective:
        _common.change(capa, phase=Phase.SUMMARY)
    else:
        _back(capa, by=by, now=now)
    _common.record(
        "effect_checked", capa, by=by, now=now, effective=effective, evidence=evidence.strip(), on=on
    )
    return capa


@transaction.atomic
def close_capa(*, capa: Capa, lesson: str, change: str, by: Party, now: dt.datetime) -> Capa:
    """Close with the lesson and what was changed in processes or manuals (R002-169). Raises CannotCapa."""
    _common.need_open(capa)
    file = dossier(capa)
    if capa.phase != Phase.SUMMARY or file.effect is None:
        raise CannotCapa(_("Without a confirmed effect the corrective action cannot be closed."))
    if not lesson.strip():
        raise CannotCapa(_("Write down what is to be learned."))
    _end(capa, Phase.CLOSED, by=by, now=now, lesson=lesson.strip(), change=change.strip())
    _common.find_again(capa, "\n".join([file.root_cause, file.text_of(file.planned), lesson]))
    _common.record("closed", capa, by=by, now=now, lesson=capa.lesson, change=capa.change)
    return capa


@transaction.atomic
def drop_capa(*, capa: Capa, reason: str, by: Party, now: dt.datetime) -> Capa:
    """End one that was begun by mistake or that another has taken in; it stays readable. Raises CannotCapa."""
    _common.need_open(capa)
    if not reason.strip():
        raise CannotCapa(_("Say why."))
    if capa.approval is not None and capa.approval.state == Approval.State.PENDING:
        raise CannotCapa(_("An approval is under way: it has to be decided or withdrawn first."))
    _end(capa, Phase.DROPPED, by=by, now=now, end_reason=reason.strip()[:400])
    _common.record("dropped", capa, by=by, now=now, reason=capa.end_reason)
    return capa


def _end(capa: Capa, phase: str, *, by: Party, now: dt.datetime, **values: object) -> None:
    _common.change(capa, phase=phase, ended_by=by, ended_at=now, **values)
    capa.cases.update(active=False)
    duties.cancel(subject=capa, now=now, by=by, reason=_("The corrective action has ended."))


@transaction.atomic
def confirm_recurrence(*, capa: Capa, past: Complaint, note: str, by: Party, now: dt.datetime) -> Capa:
    """Say that the same trouble was there before: what came back in spite of a confirmed effect is kept with it.

    Raises CannotCapa.
    """
    _common.need_open(capa)
    first = _common.first_case(capa)
    if capa.cases.filter(complaint=past).exists() or past.opened_at >= first.opened_at:
        raise CannotCapa(_("Only an earlier case can have come back."))
    former = next((one for one in of_complaint(past) if one.phase == Phase.CLOSED), None)
    _common.change(
        capa, recurs=past, recurs_capa=former, recurs_note=note.strip()[:400], recurs_by=by, recurs_at=now
    )
    _common.record(
        "recurrence_confirmed",
        capa,
        by=by,
        now=now,
        past=past.pk,
        former=former.pk if former else None,
        note=note,
    )
    return capa
