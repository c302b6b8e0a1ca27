"""A closed complaint is taken up again, with a reason, in a stage of its procedure."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from zhike.complaints import questions
from zhike.complaints.models import Complaint
from zhike.complaints.models_after import Reopening
from zhike.complaints.regime import Regime, regime_of
from zhike.kernel.audit import trail
from zhike.kernel.duties import actions as duties
from zhike.kernel.outbox import post
from zhike.kernel.parties.held import held
from zhike.kernel.parties.models import Party
from zhike.kernel.policy import inforce
from zhike.kernel.policy.ask import keep
from zhike.kernel.policy.manual import model
from zhike.kernel.procedures import stages
from zhike.kernel.worktime.limits import Immediate

from . import _limits

AGAIN = gettext_noop("Complaint %(number)s is taken up again: %(title)s")


class CannotReopen(Exception):
    """The case is not closed, was voided, has no regulation, or this person has no part in it."""


def stages_to_reopen(regime: Regime) -> list[model.Stage]:
    """The stages into which a closed case may go back: all that are not done at once."""
    table = regime.answer.table
    found = table.stages if isinstance(table, model.StagesTable) else ()
    return [
        stage for stage in found if stage.limit is None or not isinstance(stage.limit.phrase.limit, Immediate)
    ]


def usual_stage(regime: Regime) -> str:
    """The stage of kind solution, or the first after the intake."""
    found = stages_to_reopen(regime)
    usual = [stage for stage in found if stage.nature == "solution"]
    usual += [stage for stage in found if stage.nature != "intake"]
    return usual[0].name if usual else ""


@held
@transaction.atomic
def reopen(*, complaint: Complaint, reason: str, by: Party, now: dt.datetime, stage: str = "") -> Complaint:
    """Take a closed case up again; its new stage is owed from now. Raises CannotReopen, WrongStage.

    What the former end said (closed, solved, answered, valid) stands in the row of the round and is judged anew.
    """
    if not reason.strip():
        raise CannotReopen(_("Say why it is taken up again."))
    if complaint.is_void:
        raise CannotReopen(_("A voided registration is not taken up again; register the complaint anew."))
    if complaint.closed_at is None:
        raise CannotReopen(_("This complaint is not closed."))
    if complaint.joined_to is not None:
        raise CannotReopen(
            _("It is part of %(number)s; take that one up again.") % {"number": complaint.joined_to.number}
        )
    if by.pk == complaint.accused_id:
        raise CannotReopen(_("Who is complained of does not take the case up again."))
    try:
        regime = regime_of(complaint)
    except inforce.NoManual as without:
        raise CannotReopen(
            _("This complaint was imported without a regulation; register it anew to work it again.")
        ) from without
    former = Reopening(
        complaint=complaint,
        round=complaint.reopened + 1,
        reason=reason.strip()[:400],
        by=by,
        at=now,
        closed_at=complaint.closed_at,
        solved_at=complaint.solved_at,
        replied_at=complaint.replied_at,
        valid=complaint.valid,
    )
    duties.cancel(
        subject=complaint,
        now=now,
        by=by,
        reason=_("The complaint was taken up again."),
        kinds=[questions.FOLLOW_UP_DUTY],
    )
    limits = keep(_limits.running_from(questions.REOPENING, complaint, regime, by=by, now=now))
    rests = stages.reopen(
        complaint,
        stage=stage or usual_stage(regime),
        procedure=regime.procedure(complaint),
        by=by,
        now=now,
        note=reason.strip()[:400],
        values={"reopened": complaint.reopened + 1, "solved_at": None, "replied_at": None, "valid": None},
        beside=_limits.drafts(limits, complaint, regime, now, dict.fromkeys(questions.REOPENING, now)),
    )
    former.stage = rests.name
    former.save()
    _tell(complaint, by=by, now=now, reason=reason)
    trail.record(
        "complaints.reopened",
        subject=complaint,
        by=by,
        at=now,
        clause=rests.clause,
        before={"closed_at": former.closed_at, "valid": former.valid},
        after={"stage": rests.name, "round": former.round, "reason": reason.strip()},
    )
    return complaint


def _tell(complaint: Complaint, *, by: Party, now: dt.datetime, reason: str) -> None:
    if complaint.handler is None or complaint.handler.pk == by.pk:
        return
    params = {"number": complaint.number, "title": complaint.matter}
    post.notify(
        to=complaint.handler,
        kind="complaint.reopened",
        title=_(AGAIN) % params,
        params=params,
        body="" if complaint.is_confidential else reason,
        subject=complaint,
        by=by,
        at=now,
        email=True,
    )
