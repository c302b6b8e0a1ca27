"""Return visits (回访) after a case is closed: owed where the manual says so, and what the customer said then."""

from __future__ import annotations

import datetime as dt

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from zhike.complaints import questions
from zhike.complaints.models import Complaint
from zhike.complaints.models_after import FollowUp
from zhike.complaints.regime import Regime, regime_of
from zhike.kernel.audit import trail
from zhike.kernel.duties import actions as duties
from zhike.kernel.outbox import post
from zhike.kernel.parties.held import held
from zhike.kernel.parties.models import Party
from zhike.kernel.policy import inforce
from zhike.kernel.policy.ask import keep

from . import _limits

ATTEMPTS = "回访次数"  # parameter: after how many attempts a return visit may be ended as not reached
DISSATISFIED = "不满意上限"  # parameter: up to which degree of satisfaction a customer counts as dissatisfied
UNHAPPY = gettext_noop("The customer is not satisfied with %(number)s: %(title)s")


class CannotFollowUp(Exception):
    """The case is not closed, or the record is not complete or comes too early."""


def owe(complaint: Complaint, regime: Regime, left: str, *, by: Party, now: dt.datetime) -> None:
    """Open the return visit that the manual asks for once a case is closed, from its end or its last stage."""
    if complaint.customer_id is None or complaint.malicious:
        return
    events = {left} | questions.CLOSING
    found = _limits.running_from(events, complaint, regime, by=by, now=now)
    found = keep([ruling for ruling in found if ruling["matter"] == questions.FOLLOW_UP])
    duties.open_duties(
        _limits.drafts(found, complaint, regime, now, dict.fromkeys(events, now)),
        subject=complaint,
        unit_id=complaint.unit_id,
        matter=complaint.matter,
        customer_id=complaint.customer_id,
        secrecy=complaint.secrecy,
    )


@held
@transaction.atomic
def record_follow_up(
    *,
    complaint: Complaint,
    reached: bool,
    by: Party,
    now: dt.datetime,
    satisfaction: int | None = None,
    resolved: bool | None = None,
    text: str = "",
    reason: str = "",
    ended: bool = False,
    source: str = FollowUp.Source.STAFF,
) -> FollowUp:
    """Write down one attempt: what the customer said, or why nobody was reached; `ended` gives up after enough of them.

    The handler is told of a customer who is not satisfied. Raises CannotFollowUp.
    """
    if complaint.worked.is_open or complaint.is_void:
        raise CannotFollowUp(_("A return visit follows the end of a complaint."))
    if by.pk == complaint.accused_id:
        raise CannotFollowUp(_("Who is complained of makes no return visit."))
    regime = _regime(complaint)
    if reached:
        _check_answer(satisfaction, resolved)
        ended, reason = False, ""
    else:
        _check_failure(complaint, regime, reason, ended)
        satisfaction = resolved = None
    limit = regime.figure(DISSATISFIED) if regime else None
    unhappy = reached and (
        resolved is False or (limit is not None and satisfaction is not None and satisfaction <= limit)
    )
    row = _written(
        FollowUp(
            complaint=complaint,
            round=complaint.reopened,
            source=source,
            reached=reached,
            ended=ended,
            reason=reason.strip()[:400],
            satisfaction=satisfaction,
            resolved=resolved,
            dissatisfied=unhappy,
            text=text.strip(),
            by=by,
            at=now,
        )
    )
    if reached or ended:
        duties.discharge(subject=complaint, kinds=[questions.FOLLOW_UP_DUTY], by=by, now=now)
    if unhappy:
        _tell(complaint, row)
    trail.record(
        "complaints.followed_up",
        subject=complaint,
        by=by,
        at=now,
        after={
            "follow_up": row.pk,
            "reached": reached,
            "satisfaction": satisfaction,
            "resolved": resolved,
            "ended": ended,
            "reason": row.reason,
        },
    )
    return row


def attempts_left(complaint: Complaint, regime: Regime | None) -> int:
    """How many more attempts without an answer the manual wants before the return visit is ended; 0: none."""
    wanted = (regime.figure(ATTEMPTS) if regime else None) or 0
    tried = FollowUp.objects.filter(complaint=complaint, round=complaint.reopened, reached=False).count()
    return max(0, wanted - tried)


def _regime(complaint: Complaint) -> Regime | None:
    try:
        return regime_of(complaint)
    except inforce.NoManual:
        return None


def _check_answer(satisfaction: int | None, resolved: bool | None) -> None:
    if satisfaction not in FollowUp.Satisfaction.values:
        raise CannotFollowUp(_("Say how satisfied the customer is, from 1 to 5."))
    if resolved is None:
        raise CannotFollowUp(_("Say whether the matter is settled for the customer."))


def _check_failure(complaint: Complaint, regime: Regime | None, reason: str, ended: bool) -> None:
    if not reason.strip():
        raise CannotFollowUp(_("Say why the customer was not reached."))
    left = attempts_left(complaint, regime) - 1
    if ended and left > 0:
        raise CannotFollowUp(
            _("The regulation wants %(count)d more attempts before the return visit is ended.")
            % {"count": left}
        )


def _written(row: FollowUp) -> FollowUp:
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError as known:
        raise CannotFollowUp(_("You have rated this complaint already.")) from known
    return row


def _tell(complaint: Complaint, row: FollowUp) -> None:
    if complaint.handler is None or complaint.handler.pk == row.by_id:
        return
    params = {"number": complaint.number, "title": complaint.matter}
    post.notify(
        to=complaint.handler,
        kind="complaint.dissatisfied",
        title=_(UNHAPPY) % params,
        params=params,
        body="" if complaint.is_confidential else row.text[:500],
        subject=complaint,
        by=row.by,
        at=row.at,
    )
