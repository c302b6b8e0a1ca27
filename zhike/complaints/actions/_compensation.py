"""Compensation: proposed by the handler, within authority at once, above it by the approval the manual names."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from decimal import Decimal

from django.db import transaction
from django.db.models import Model
from django.utils.translation import gettext as _

from zhike.complaints import questions
from zhike.complaints.models import Complaint
from zhike.complaints.regime import Regime, regime_of
from zhike.kernel.audit import trail
from zhike.kernel.parties import subjects
from zhike.kernel.parties.held import held
from zhike.kernel.parties.models import Party
from zhike.kernel.policy.ask import ask_all
from zhike.kernel.procedures import approvals
from zhike.kernel.procedures.models import Approval

from . import _common

KIND = "complaint.compensation"


class CannotCompensate(Exception):
    """The amount is none, an approval is under way, or nobody can be asked."""


@held
@transaction.atomic
def propose_compensation(
    *, complaint: Complaint, amount: Decimal, by: Party, now: dt.datetime
) -> Approval | None:
    """Propose what the customer is to get; None when it needs nobody's approval. Raises CannotCompensate."""
    if amount < 0:
        raise CannotCompensate(_("An amount is not negative."))
    if not complaint.is_open:
        raise CannotCompensate(_("This complaint is closed."))
    if pending(complaint) is not None:
        raise CannotCompensate(_("An approval of compensation is under way already."))
    approval = ask_approval(
        subject=complaint,
        matter="COMPENSATION",
        amount=amount,
        title=_("Compensation %(amount)s yuan: %(title)s")
        % {"amount": f"{amount:,.2f}", "title": complaint.matter},
        kind=KIND,
        regime=regime_of(complaint),
        unit_id=complaint.unit_id,
        by=by,
        now=now,
        not_by=[complaint.accused_id],
    )
    _common.save_facts(
        complaint, compensation=amount, compensation_approved_at=now if approval is None else None
    )
    trail.record(
        "complaints.compensation_proposed",
        subject=complaint,
        by=by,
        at=now,
        clause=approval.clause if approval else "",
        after={"amount": amount, "approval": approval.pk if approval else None},
    )
    return approval


def pending(complaint: Complaint) -> Approval | None:
    """The approval of compensation that is not decided yet."""
    return Approval.objects.filter(**subjects.key(complaint), kind=KIND, state=Approval.State.PENDING).first()


def decided(approval: Approval, by: Party, now: dt.datetime) -> None:
    """What follows when the line of approval comes to its end: an approved amount may be paid."""
    if approval.state == Approval.State.APPROVED:
        Complaint.objects.filter(pk=approval.subject_id, compensation=approval.amount).update(
            compensation_approved_at=now
        )


def ask_approval(
    *,
    subject: Model,
    matter: str,
    amount: Decimal,
    title: str,
    kind: str,
    regime: Regime,
    unit_id: int,
    by: Party,
    now: dt.datetime,
    not_by: Sequence[int | None] = (),
) -> Approval | None:
    """Ask the manual who approves and start the line; None when nobody has to. Raises CannotCompensate."""
    answer = regime.answer.to(questions.APPROVAL.name)
    if answer is None:
        return None
    rulings = ask_all(
        questions.APPROVAL,
        about=subject,
        unit_id=unit_id,
        by=by,
        now=now,
        facts={"matter": matter, "amount": amount},
        answer=answer,
    )
    words = list(rulings[0].outcome.get("approvers") or []) if rulings else []
    if not words:
        return None
    ruling = rulings[0]
    try:
        levels = approvals.levels_for(words, asked_by=by, unit_id=unit_id, now=now, not_by=not_by)
        return approvals.request(
            subject=subject,
            kind=kind,
            title=title,
            levels=levels,
            unit_id=unit_id,
            by=by,
            now=now,
            limit=ruling.outcome.get("limit") or "",
            amount=amount,
            clause=ruling.clause,
            ruling_id=ruling.pk,
            version_id=ruling.version_id,
            secrecy=int(getattr(subject, "secrecy", 0)),
            not_by=not_by,
        )
    except approvals.CannotApprove as refusal:
        raise CannotCompensate(str(refusal)) from refusal
