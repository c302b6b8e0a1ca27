"""Approvals: a line of people who decide, level after level, each within a limit.

Rules: nobody approves their own request (the level goes to the superior); a post that nobody holds goes to the
superior; a person who stands on two levels decides once, on the higher one; the deputy of who is away decides
in their place and both names are kept; who has no say in the matter neither decides nor stands in. Refusing or
sending back ends the line. A refusal of ours (CannotApprove) has changed nothing.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from decimal import Decimal

from django.db import transaction
from django.db.models import Model
from django.utils.translation import gettext as _

from zhike.kernel.audit import trail
from zhike.kernel.duties import actions as duties
from zhike.kernel.parties import subjects
from zhike.kernel.parties.directory import directory
from zhike.kernel.parties.models import Party

from . import _telling
from ._lines import CannotApprove, Level, levels_for
from ._telling import on_decision
from .models import Approval, ApprovalStep

__all__ = [
    "CannotApprove",
    "Decision",
    "Level",
    "State",
    "add_sign",
    "decide",
    "levels_for",
    "on_decision",
    "request",
    "step_of",
    "withdraw",
]

State, Decision = Approval.State, ApprovalStep.Decision


@transaction.atomic
def request(
    *,
    subject: Model,
    kind: str,
    title: str,
    levels: Sequence[Level],
    unit_id: int,
    by: Party,
    now: dt.datetime,
    limit: str = "",
    amount: Decimal | None = None,
    clause: str = "",
    ruling_id: int | None = None,
    version_id: int | None = None,
    secrecy: int = 0,
    not_by: Sequence[int | None] = (),
) -> Approval:
    """Ask for an approval; the first level is told and owes a decision within `limit`. Raises CannotApprove.

    `not_by` are persons who have no say in the matter.
    """
    barred = {party for party in not_by if party is not None}
    _check(levels, by, barred)
    approval = Approval.objects.create(
        **subjects.key(subject),
        kind=kind,
        title=title[:200],
        amount=amount,
        unit_id=unit_id,
        asked_by=by,
        asked_at=now,
        clause=clause,
        ruling_id=ruling_id,
        limit=limit,
        version_id=version_id,
        secrecy=secrecy,
        barred=sorted(barred),
    )
    ApprovalStep.objects.bulk_create(
        [
            ApprovalStep(
                approval=approval, level=number, place=place, rule=level.rule, asked_by=by, approver=person
            )
            for number, level in enumerate(levels, start=1)
            for place, person in enumerate(level.approvers, start=1)
        ]
    )
    _open_level(approval, 1, now=now)
    _record(
        "procedures.approval_asked",
        approval,
        subject=subject,
        by=by,
        at=now,
        after={"approval": approval.pk, "kind": kind, "amount": amount},
    )
    return approval


def _check(levels: Sequence[Level], by: Party, barred: set[int]) -> None:
    if not levels or not all(level.approvers for level in levels):
        raise CannotApprove(_("There is nobody to ask."))
    for person in (person for level in levels for person in level.approvers):
        _refuse(person, by.pk, barred)


def _refuse(person: Party, asked_by: int, barred: set[int]) -> None:
    if person.pk == asked_by:
        raise CannotApprove(_("Nobody approves their own request."))
    if person.pk in barred:
        raise CannotApprove(_("%(name)s has no say in this matter.") % {"name": person.name})


@transaction.atomic
def decide(*, approval: Approval, decision: str, opinion: str, by: Party, now: dt.datetime) -> Approval:
    """Agree (YES), refuse (NO) or send back (BACK; both with an opinion). Raises CannotApprove.

    What follows for the subject is done by the listener of this kind of approval (`on_decision`).
    """
    if decision not in {Decision.YES, Decision.NO, Decision.BACK}:
        raise CannotApprove(_("Agree, refuse or send back."))
    if decision != Decision.YES and not opinion.strip():
        raise CannotApprove(_("Say why."))
    step = _turn(approval, by, now)
    deputy = by if step.approver_id != by.pk else None
    ApprovalStep.objects.filter(pk=step.pk).update(
        decision=decision, opinion=opinion.strip()[:400], decided_at=now, deputy=deputy
    )
    duties.discharge(subject=approval, kinds=[f"approval.{step.pk}"], by=by, now=now)
    _record(
        "procedures.approval_decided",
        approval,
        by=by,
        at=now,
        after={"decision": decision, "opinion": opinion.strip(), "for": step.approver_id},
    )
    if decision == Decision.YES:
        _go_on(approval, step, by=by, now=now)
    else:
        _finish(approval, State.REFUSED if decision == Decision.NO else State.SENT_BACK, by=by, now=now)
    return approval


@transaction.atomic
def withdraw(*, approval: Approval, by: Party, now: dt.datetime) -> Approval:
    """Take back one's own request while nobody has decided it in full. Raises CannotApprove."""
    if by.pk != approval.asked_by_id:
        raise CannotApprove(_("Only who asked may withdraw."))
    _finish(approval, State.WITHDRAWN, by=by, now=now)
    _record("procedures.approval_withdrawn", approval, by=by, at=now)
    return approval


@transaction.atomic
def add_sign(*, approval: Approval, person: Party, by: Party, now: dt.datetime) -> ApprovalStep:
    """Whose turn it is asks one more person to decide beside them; both must agree then. Raises CannotApprove."""
    step = _turn(approval, by, now)
    _refuse(person, approval.asked_by_id, set(approval.barred))
    if approval.steps.filter(approver=person, decision__in=[Decision.NOW, Decision.WAITING]).exists():
        raise CannotApprove(_("%(name)s is asked already.") % {"name": person.name})
    added = ApprovalStep.objects.create(
        approval=approval,
        level=step.level,
        place=approval.steps.filter(level=step.level).count() + 1,
        rule="ALL",
        asked_by=approval.asked_by,
        approver=person,
        added_by=by,
        decision=Decision.NOW,
    )
    _telling.owe([added], approval, now=now)
    _record("procedures.approver_added", approval, by=by, at=now, after={"person": person.pk})
    return added


def step_of(approval: Approval, person: Party, now: dt.datetime) -> ApprovalStep | None:
    """The step that this person may decide now, as approver or as deputy of one who is away."""
    if approval.state != State.PENDING or person.pk == approval.asked_by_id or person.pk in approval.barred:
        return None
    steps = list(approval.steps.filter(decision=Decision.NOW).select_related("approver"))
    for step in steps:
        if step.approver_id == person.pk:
            return step
    for step in steps:
        deputy = directory().substitute_for(step.approver_id, now)
        if deputy is not None and deputy.pk == person.pk:
            return step
    return None


def _turn(approval: Approval, by: Party, now: dt.datetime) -> ApprovalStep:
    """The step that `by` may decide. The UPDATE makes others who decide at this moment wait for us."""
    if by.pk == approval.asked_by_id:
        raise CannotApprove(_("Nobody approves their own request."))
    if not Approval.objects.filter(pk=approval.pk, state=State.PENDING).update(state=State.PENDING):
        raise CannotApprove(_("This was decided already."))
    step = step_of(approval, by, now)
    if step is None:
        decided = approval.steps.filter(approver=by).exclude(decision__in=[Decision.NOW, Decision.WAITING])
        if decided.exists():
            raise CannotApprove(_("This was decided already."))
        raise CannotApprove(_("It is not your turn to decide this."))
    return step


def _go_on(approval: Approval, step: ApprovalStep, *, by: Party, now: dt.datetime) -> None:
    """The next level, once ALL of this one, or ANY one and those whose sign was added, have agreed."""
    others = list(approval.steps.filter(level=step.level, decision=Decision.NOW))
    if step.rule == "ANY":
        skipped = [other for other in others if other.rule == "ANY"]
        _skip(approval, skipped, by=by, now=now)
        others = [other for other in others if other not in skipped]
    elif _settled(approval, step.level):
        skipped = [other for other in others if other.rule == "ANY"]
        others = [other for other in others if other not in skipped]
    if others:
        return
    if approval.steps.filter(level=step.level + 1).exists():
        _open_level(approval, step.level + 1, now=now)
    else:
        _finish(approval, State.APPROVED, by=by, now=now)


def _settled(approval: Approval, level: int) -> bool:
    """Whether one of those of whom any is enough has agreed."""
    return approval.steps.filter(level=level, rule="ANY", decision=Decision.YES).exists()


def _skip(approval: Approval, steps: Sequence[ApprovalStep], *, by: Party, now: dt.datetime) -> None:
    if not steps:
        return
    ApprovalStep.objects.filter(pk__in=[step.pk for step in steps]).update(decision=Decision.SKIPPED)
    duties.cancel(
        subject=approval,
        kinds=[f"approval.{step.pk}" for step in steps],
        by=by,
        now=now,
        reason=_("Somebody else has decided it."),
    )


def _open_level(approval: Approval, level: int, *, now: dt.datetime) -> None:
    approval.steps.filter(level=level).update(decision=Decision.NOW)
    _telling.owe(list(approval.steps.filter(level=level).select_related("approver")), approval, now=now)


def _finish(approval: Approval, state: str, *, by: Party, now: dt.datetime) -> None:
    """The one end of the line. Raises CannotApprove when it has ended already."""
    changed = Approval.objects.filter(pk=approval.pk, state=State.PENDING).update(state=state, decided_at=now)
    if not changed:
        raise CannotApprove(_("This was decided already."))
    approval.state, approval.decided_at = State(state), now
    approval.steps.filter(decision__in=[Decision.NOW, Decision.WAITING]).update(decision=Decision.SKIPPED)
    duties.cancel(subject=approval, by=by, now=now, reason=str(State(state).label))
    _telling.ended(approval, by=by, now=now)


def _record(
    code: str,
    approval: Approval,
    *,
    by: Party,
    at: dt.datetime,
    subject: Model | None = None,
    after: dict[str, object] | None = None,
) -> None:
    trail.record(
        code,
        subject=subject or approval,
        by=by,
        at=at,
        clause=approval.clause,
        ruling=approval.ruling_id,
        after=after,
        unit_id=approval.unit_id,
        secrecy=approval.secrecy,
    )
