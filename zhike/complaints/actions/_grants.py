"""Special-case warranty and goodwill: asked for with a reason, decided by those whom the manual names, maybe for less."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from zhike.complaints import questions
from zhike.complaints.models import Complaint, Grant
from zhike.complaints.regime import Regime, regime_of
from zhike.kernel.audit import trail
from zhike.kernel.parties.held import held
from zhike.kernel.parties.models import Party
from zhike.kernel.procedures import approvals
from zhike.kernel.procedures.models import Approval

from . import _compensation, _limits, _matters

KIND = "complaint.grant"


class CannotGrant(Exception):
    """The application is not complete, too high, under way already, or not this person's to decide."""


def matters_of_grants(regime: Regime) -> list[str]:
    """The kinds of grant that the manual knows as a matter of approval."""
    known = {word.code for word in regime.words(questions.APPROVALS)}
    return [kind for kind in Grant.Kind.values if kind in known]


@held
@transaction.atomic
def ask_grant(
    *,
    complaint: Complaint,
    kind: str,
    amount: Decimal,
    reason: str,
    by: Party,
    now: dt.datetime,
    cost: Decimal | None = None,
    form: str = "",
) -> Grant:
    """Apply for special-case warranty (part of `cost`, R001-156) or for goodwill in some `form`.

    Raises CannotGrant.
    """
    regime = regime_of(complaint)
    if kind not in matters_of_grants(regime):
        raise CannotGrant(_("The manual of this complaint does not know this application."))
    if not complaint.is_open:
        raise CannotGrant(_("This complaint is closed."))
    _check(kind, amount=amount, cost=cost, form=form, reason=reason)
    grant = _asked(
        Grant(
            complaint=complaint,
            kind=kind,
            form=form,
            cost=cost,
            asked=amount,
            reason=reason.strip(),
            by=by,
            at=now,
        )
    )
    try:
        approval = _compensation.ask_approval(
            subject=complaint,
            matter=kind,
            amount=amount,
            title=_("%(what)s %(amount)s yuan: %(title)s")
            % {"what": grant.get_kind_display(), "amount": f"{amount:,.2f}", "title": complaint.matter},
            kind=KIND,
            regime=regime,
            unit_id=complaint.unit_id,
            by=by,
            now=now,
            not_by=[complaint.accused_id],
        )
    except _compensation.CannotCompensate as refusal:
        raise CannotGrant(str(refusal)) from refusal
    if approval is None:
        raise CannotGrant(_("The manual names nobody who decides this application."))
    grant.approval, grant.ruling_id, grant.clause = approval, approval.ruling_id, approval.clause
    grant.save(update_fields=["approval", "ruling", "clause"])
    facts = _matters.claim(complaint, regime, kind, holds=True)
    if facts:
        _limits.rule_again(complaint, regime, by=by, now=now)
    trail.record(
        "complaints.grant_asked",
        subject=complaint,
        by=by,
        at=now,
        ruling=grant.ruling_id,
        clause=grant.clause,
        after={
            "grant": grant.pk,
            "kind": kind,
            "form": form,
            "cost": cost,
            "amount": amount,
            "reason": reason,
            "facts": facts,
        },
    )
    return grant


def _check(kind: str, *, amount: Decimal, cost: Decimal | None, form: str, reason: str) -> None:
    if not reason.strip():
        raise CannotGrant(_("Say why this is asked for."))
    if amount <= 0:
        raise CannotGrant(_("Ask for an amount above zero."))
    if kind == Grant.Kind.GOODWILL:
        if form not in Grant.Form.values:
            raise CannotGrant(_("Say whether it is free maintenance or costs borne."))
        return
    if form:
        raise CannotGrant(_("Special-case warranty has no form."))
    if cost is None:
        raise CannotGrant(_("Write down the full repair cost."))
    if amount >= cost:
        raise CannotGrant(_("Only part of the repair cost is granted, never all of it."))


def _asked(grant: Grant) -> Grant:
    try:
        with transaction.atomic():
            grant.save()
    except IntegrityError as known:
        raise CannotGrant(_("This complaint has such an application already.")) from known
    return grant


@held
@transaction.atomic
def decide_grant(
    *,
    grant: Grant,
    agree: bool,
    opinion: str,
    by: Party,
    now: dt.datetime,
    amount: Decimal | None = None,
) -> Grant:
    """Agree or refuse, as the one whose turn it is; whoever agrees may grant less, with a reason.

    Raises CannotGrant.
    """
    if by.pk == grant.by_id:
        raise CannotGrant(_("Nobody decides their own application."))
    if grant.approval is None or grant.state != Grant.State.ASKED:
        raise CannotGrant(_("This was decided already."))
    if agree and amount is not None:
        _lower(grant, amount, opinion, by=by, now=now)
    decision = approvals.Decision.YES if agree else approvals.Decision.NO
    try:
        approvals.decide(approval=grant.approval, decision=decision, opinion=opinion, by=by, now=now)
    except approvals.CannotApprove as refusal:
        raise CannotGrant(str(refusal)) from refusal
    grant.refresh_from_db()
    return grant


def _lower(grant: Grant, amount: Decimal, opinion: str, *, by: Party, now: dt.datetime) -> None:
    """Less than was asked for, or than the level before has agreed to."""
    most = grant.asked if grant.granted is None else grant.granted
    if amount == most:
        return
    if not 0 < amount < most:
        raise CannotGrant(_("Grant more than zero and at most %(amount)s.") % {"amount": most})
    if not opinion.strip():
        raise CannotGrant(_("Say why less is granted than was asked for."))
    rows = Grant.objects.filter(pk=grant.pk, state=Grant.State.ASKED, granted=grant.granted)
    if not rows.update(granted=amount):
        raise CannotGrant(_("This was decided already."))
    trail.record(
        "complaints.grant_lowered",
        subject=grant.complaint,
        by=by,
        at=now,
        ruling=grant.ruling_id,
        clause=grant.clause,
        before={"amount": most},
        after={"grant": grant.pk, "amount": amount, "opinion": opinion.strip()},
    )


def decided(approval: Approval, by: Party, now: dt.datetime) -> None:
    """What follows when the line of approval comes to its end; what is sent back may be asked for again."""
    grant = Grant.objects.select_related("complaint").get(approval=approval)
    if approval.state == Approval.State.APPROVED:
        grant.state, grant.decided_by = Grant.State.GRANTED, by
        grant.granted = grant.asked if grant.granted is None else grant.granted
    elif approval.state == Approval.State.WITHDRAWN:
        grant.state, grant.granted = Grant.State.WITHDRAWN, None
    else:
        grant.state, grant.decided_by, grant.granted = Grant.State.REFUSED, by, None
    grant.decided_at = now
    grant.save(update_fields=["state", "granted", "decided_by", "decided_at"])
    facts = {}
    if grant.state != Grant.State.GRANTED:
        complaint = grant.complaint
        facts = _matters.claim(complaint, regime_of(complaint), grant.kind, holds=False)
    trail.record(
        "complaints.grant_decided",
        subject=grant.complaint,
        by=by,
        at=now,
        ruling=grant.ruling_id,
        clause=grant.clause,
        after={"grant": grant.pk, "state": grant.state, "amount": grant.granted, "facts": facts},
    )


def pending(complaint: Complaint) -> bool:
    """True while an application is not decided yet."""
    return Grant.objects.filter(complaint=complaint, state=Grant.State.ASKED).exists()
