"""Approvals: a line of people who decide, level after level, each within a limit.

Rules: nobody approves their own request (the level goes to the superior); a post that nobody holds goes to the
superior; a person who stands on two levels decides once, on the higher one; the deputy of who is away decides
in their place and both names are kept. Refusing or sending back ends the line.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.db import transaction
from django.db.models import Model
from django.utils.translation import gettext as _

from zhike.kernel.audit import trail
from zhike.kernel.duties import actions as duties
from zhike.kernel.outbox import post
from zhike.kernel.parties import subjects
from zhike.kernel.parties.directory import directory
from zhike.kernel.parties.models import Party

from .models import Approval, ApprovalStep

State, Decision = Approval.State, ApprovalStep.Decision


class CannotApprove(Exception):
    """Not this person's turn, decided already, one's own request, or nobody there to ask."""


@dataclass(frozen=True)
class Level:
    """Persons of one level; `rule` ALL of them or ANY one."""

    approvers: tuple[Party, ...]
    rule: str = "ALL"


def levels_for(
    words: Sequence[str],
    *,
    asked_by: Party,
    unit_id: int,
    now: dt.datetime,
    not_by: Sequence[int | None] = (),
) -> list[Level]:
    """The line that a manual names by posts. Raises CannotApprove when nobody is there to ask.

    `not_by` are persons who have no say in the matter, such as the person complained of.
    """
    barred = {asked_by.pk, *not_by}
    chosen: list[Party] = []
    for word in words:
        person = _person(word, barred, asked_by, unit_id, now)
        if person is None:
            raise CannotApprove(_("Nobody can be asked who holds “%(post)s” here.") % {"post": word})
        chosen = [known for known in chosen if known.pk != person.pk]
        chosen.append(person)
    return [Level((person,)) for person in chosen]


def _person(
    word: str, barred: set[int | None], asked_by: Party, unit_id: int, now: dt.datetime
) -> Party | None:
    code = directory().post_code(word)
    holders = directory().holders_of(code, unit_id, now) if code else []
    for holder in holders:
        if holder.pk not in barred:
            return holder
    below: Party = holders[0] if holders else asked_by
    for _step in range(8):
        superior = directory().superior_of(below.pk, unit_id, now)
        if superior is None or superior.pk == below.pk:
            return None
        if superior.pk not in barred:
            return superior
        below = superior
    return None


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
) -> Approval:
    """Ask for an approval; the first level is told and owes a decision within `limit`."""
    if not levels:
        raise CannotApprove(_("There is nobody to ask."))
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
    )
    ApprovalStep.objects.bulk_create(
        [
            ApprovalStep(
                approval=approval,
                level=number,
                place=place,
                rule=level.rule,
                asked_by=by,
                approver=person,
            )
            for number, level in enumerate(levels, start=1)
            for place, person in enumerate(level.approvers, start=1)
        ]
    )
    _open_level(approval, 1, now=now)
    trail.record(
        "procedures.approval_asked",
        subject=subject,
        by=by,
        at=now,
        clause=clause,
        ruling=ruling_id,
        after={"approval": approval.pk, "kind": kind, "amount": amount},
        unit_id=unit_id,
    )
    return approval


@transaction.atomic
def decide(*, approval: Approval, decision: str, opinion: str, by: Party, now: dt.datetime) -> Approval:
    """Agree (YES), refuse (NO) or send back (BACK; with an opinion). Raises CannotApprove.

    Whoever hears the outcome is told by the caller, who knows what it means.
    """
    if by.pk == approval.asked_by_id:
        raise CannotApprove(_("Nobody approves their own request."))
    if decision in {Decision.NO, Decision.BACK} and not opinion.strip():
        raise CannotApprove(_("Say why."))
    step = step_of(approval, by, now)
    if step is None:
        raise CannotApprove(_("It is not your turn to decide this."))
    deputy = by if step.approver_id != by.pk else None
    changed = ApprovalStep.objects.filter(pk=step.pk, decision=Decision.NOW).update(
        decision=decision, opinion=opinion.strip()[:400], decided_at=now, deputy=deputy
    )
    if not changed:
        raise CannotApprove(_("This was decided already."))
    duties.discharge(subject=approval, kinds=[f"approval.{step.pk}"], by=by, now=now)
    if decision == Decision.YES:
        _go_on(approval, step, by=by, now=now)
    else:
        _finish(approval, State.REFUSED if decision == Decision.NO else State.SENT_BACK, by=by, now=now)
    trail.record(
        "procedures.approval_decided",
        subject=approval,
        by=by,
        at=now,
        clause=approval.clause,
        after={"decision": decision, "opinion": opinion, "for": step.approver_id},
        unit_id=approval.unit_id,
    )
    return approval


@transaction.atomic
def withdraw(*, approval: Approval, by: Party, now: dt.datetime) -> Approval:
    """Take back one's own request while nobody has decided it in full."""
    if by.pk != approval.asked_by_id:
        raise CannotApprove(_("Only who asked may withdraw."))
    _finish(approval, State.WITHDRAWN, by=by, now=now)
    trail.record("procedures.approval_withdrawn", subject=approval, by=by, at=now, unit_id=approval.unit_id)
    return approval


@transaction.atomic
def add_sign(*, approval: Approval, person: Party, by: Party, now: dt.datetime) -> ApprovalStep:
    """Whose turn it is asks one more person to decide beside them."""
    step = step_of(approval, by, now)
    if step is None:
        raise CannotApprove(_("It is not your turn to decide this."))
    if person.pk == approval.asked_by_id:
        raise CannotApprove(_("Nobody approves their own request."))
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
    _owe([added], approval, now=now)
    trail.record(
        "procedures.approver_added",
        subject=approval,
        by=by,
        at=now,
        after={"person": person.pk},
        unit_id=approval.unit_id,
    )
    return added


def step_of(approval: Approval, person: Party, now: dt.datetime) -> ApprovalStep | None:
    """The step that this person may decide now, as approver or as deputy of one who is away."""
    if approval.state != State.PENDING:
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


def _go_on(approval: Approval, step: ApprovalStep, *, by: Party, now: dt.datetime) -> None:
    same = approval.steps.filter(level=step.level, decision=Decision.NOW)
    if step.rule == "ANY":
        for other in same:
            duties.cancel(subject=approval, kinds=[f"approval.{other.pk}"], by=by, now=now, reason=step.rule)
        same.update(decision=Decision.SKIPPED, decided_at=now)
    elif same.exists():
        return
    if approval.steps.filter(level=step.level + 1).exists():
        _open_level(approval, step.level + 1, now=now)
    else:
        _finish(approval, State.APPROVED, by=by, now=now)


def _open_level(approval: Approval, level: int, *, now: dt.datetime) -> None:
    approval.steps.filter(level=level).update(decision=Decision.NOW)
    _owe(list(approval.steps.filter(level=level).select_related("approver")), approval, now=now)


def _owe(steps: Sequence[ApprovalStep], approval: Approval, *, now: dt.datetime) -> None:
    """Who is asked owes a decision, and is told; so is the deputy of who is away."""
    duties.open_duties(
        [
            duties.Draft(
                kind=f"approval.{step.pk}",
                title="审批",
                title_en="Approval",
                owner=step.approver,
                began_at=now,
                limit=approval.limit,
                clause=approval.clause,
                version_id=approval.version_id,
            )
            for step in steps
        ],
        subject=approval,
        unit_id=approval.unit_id,
        matter=approval.title,
    )
    told = [step.approver for step in steps]
    told += [deputy for person in told if (deputy := directory().substitute_for(person.pk, now)) is not None]
    for person in told:
        post.notify(
            to=person,
            kind="approval.asked",
            title=_("To approve: %(title)s") % {"title": approval.title},
            subject=approval,
            by=approval.asked_by,
            at=now,
            email=True,
            clause=approval.clause,
        )


def _finish(approval: Approval, state: str, *, by: Party, now: dt.datetime) -> None:
    changed = Approval.objects.filter(pk=approval.pk, state=State.PENDING).update(state=state, decided_at=now)
    if not changed:
        raise CannotApprove(_("This was decided already."))
    approval.state, approval.decided_at = state, now
    approval.steps.filter(decision__in=[Decision.NOW, Decision.WAITING]).update(decision=Decision.SKIPPED)
    duties.cancel(subject=approval, by=by, now=now, reason=str(State(state).label))
    for hear in _listeners.get(approval.kind, ()):
        hear(approval, by, now)
    post.emit("approval_decided", ids={"id": approval.pk, "state": state}, at=now)
    if state != State.WITHDRAWN:
        post.notify(
            to=approval.asked_by,
            kind="approval.decided",
            title=f"{approval.title}: {State(state).label}",
            subject=approval,
            by=by,
            at=now,
            clause=approval.clause,
        )


# What an app does when an approval of its kind is decided, inside the same transaction.
_listeners: dict[str, list[Callable[[Approval, Party, dt.datetime], None]]] = {}


def on_decision(kind: str, then: Callable[[Approval, Party, dt.datetime], None]) -> None:
    """Register what follows a decision on approvals of this kind; called once, in `AppConfig.ready()`."""
    _listeners.setdefault(kind, [])
    if then not in _listeners[kind]:
        _listeners[kind].append(then)
