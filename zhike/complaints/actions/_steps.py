"""The steps of the procedure: each that the manual wants a record of is written down (R001-106)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _

from zhike.complaints import questions
from zhike.complaints.models import Complaint, Step
from zhike.complaints.regime import Regime, regime_of
from zhike.kernel.audit import trail
from zhike.kernel.duties import actions as duties
from zhike.kernel.outbox import post
from zhike.kernel.parties.held import held
from zhike.kernel.parties.models import Party
from zhike.kernel.policy.ask import keep
from zhike.kernel.policy.inforce import table_for
from zhike.kernel.procedures import stages

from . import _common, _compensation, _grants, _limits, _overdue

# Kinds that are not done while an application for money is under way.
WAITS_FOR_GRANTS = frozenset({"execution", "summary"})


class CannotStep(Exception):
    """The step is not due, not this person's, or has no record."""


class CannotClose(CannotStep):
    """A complaint closes only with a summing-up (R001-106)."""


@held
@transaction.atomic
def record_step(
    *,
    complaint: Complaint,
    kind: str,
    text: str,
    by: Party,
    now: dt.datetime,
    compensation: Decimal | None = None,
    decision: bool | None = None,
) -> Complaint:
    """Write down the step that is due and go on to the next stage; the last one closes the complaint.

    `decision` answers a stage whose way on somebody decides (passed or not). Nobody judges what they wrote
    themselves. Raises CannotStep, CannotClose, WrongStage.
    """
    regime = regime_of(complaint)
    if not complaint.is_open:
        raise CannotStep(_("This complaint is closed."))
    if not text.strip():
        if kind == "summary":
            raise CannotClose(_("Without the summing-up the complaint cannot be closed."))
        raise CannotStep(_("Write down what was found or done in this step."))
    if kind == "execution" and complaint.compensation and complaint.compensation_approved_at is None:
        raise CannotStep(_("The compensation is not approved yet."))
    if kind in WAITS_FOR_GRANTS and _grants.pending(complaint):
        raise CannotStep(_("An application for money is not decided yet."))
    stage = complaint.stage
    decisions = _decided(complaint, regime, kind, decision, by)
    former = stages.advance(
        complaint,
        kind=kind,
        procedure=regime.procedure(complaint, decisions),
        by=by,
        now=now,
        note=text[:400],
    )
    step = Step.objects.create(
        complaint=complaint, stage=stage, kind=kind, text=text, decision=decision, by=by, at=now
    )
    if questions.VALID in decisions and table_for(regime.manual, questions.VALIDITY.name) is None:
        _common.save_facts(complaint, valid=decisions[questions.VALID])  # the stages judge (R001-248)
    if complaint.stage != stage:  # a stage that several sign is done with the last of them
        _mark(complaint, kind, compensation=compensation, by=by, now=now)
        _begin_limits(complaint, regime, stage, by=by, now=now)
    stages.refresh_due(complaint)
    if former is None:
        keep(_common.judge(complaint, regime, by=by, now=now))
        _common.save_facts(complaint, valid=complaint.valid)
        duties.cancel(subject=complaint, now=now, by=by, reason=_("The complaint is closed."))
        _overdue.inquire(complaint=complaint, now=now)
        post.emit("case_closed", ids={"label": Complaint._meta.label, "id": complaint.pk}, at=now)
    trail.record(
        f"complaints.{'closed' if former is None else 'stepped'}",
        subject=complaint,
        by=by,
        at=now,
        clause=regime.answer.table.stage(stage).clause,  # type: ignore[union-attr]
        after={"stage": stage, "kind": kind, "step": step.pk, "compensation": compensation},
    )
    return complaint


def _decided(
    complaint: Complaint, regime: Regime, kind: str, decision: bool | None, by: Party
) -> dict[str, bool]:
    """What is decided in the stage that is due, by label."""
    stage = regime.answer.table.stage(complaint.stage)  # type: ignore[union-attr]
    label = regime.decided_in(stage) if stage is not None and stage.nature == kind else ""
    if not label:
        return {}
    if decision is None:
        raise CannotStep(_("Decide: %(label)s, yes or no.") % {"label": label})
    if kind in questions.JUDGING:
        last = complaint.steps.order_by("-at", "-id").first()
        if last is not None and last.by_id == by.pk:
            raise CannotStep(_("Nobody judges what they have written themselves."))
    return {label: decision}


def _begin_limits(complaint: Complaint, regime: Regime, left: str, *, by: Party, now: dt.datetime) -> None:
    """Open the duties whose clock begins when this stage is left; those of an earlier round are owed no longer."""
    if not complaint.is_open:
        return
    found = keep(_limits.running_from({left}, complaint, regime, by=by, now=now))
    if found:
        drafts = _limits.drafts(found, complaint, regime, now)
        duties.cancel(
            subject=complaint,
            now=now,
            by=by,
            reason=_("The clock begins anew."),
            kinds=[draft.kind for draft in drafts],
            titles=[draft.title for draft in drafts],  # a stage of the same kind is owed all the same
        )
        duties.open_duties(
            drafts,
            subject=complaint,
            unit_id=complaint.unit_id,
            matter=complaint.title,
            customer_id=complaint.customer_id,
            secrecy=complaint.secrecy,
        )


def through(
    complaint: Complaint, regime: Regime, texts: Mapping[str, str], *, by: Party, now: dt.datetime
) -> None:
    """Take the steps that the taker has written down already while registering, as far as they are due."""
    while complaint.is_open and texts.get(complaint.stage_kind, "").strip():
        kind, stage = complaint.stage_kind, complaint.stage
        stages.advance(complaint, kind=kind, procedure=regime.procedure(complaint), by=by, now=now)
        Step.objects.create(complaint=complaint, stage=stage, kind=kind, text=texts[kind], by=by, at=now)
        stages.refresh_due(complaint)
        if complaint.stage == stage:  # others sign it too
            return


def _mark(
    complaint: Complaint, kind: str, *, compensation: Decimal | None, by: Party, now: dt.datetime
) -> None:
    """What a step means for the timestamps of R001-108 and for the money."""
    values: dict[str, object] = {}
    if kind == "solution" and compensation is not None:
        _compensation.propose_compensation(complaint=complaint, amount=compensation, by=by, now=now)
    if kind == "execution" and complaint.solved_at is None:
        values["solved_at"] = now
        duties.discharge(subject=complaint, kinds=["complaint.resolution"], by=by, now=now)
    if kind == "reply" and complaint.replied_at is None:
        values |= {"replied_at": now, "responded_at": complaint.responded_at or now}
    if values:
        _common.save_facts(complaint, **values)
