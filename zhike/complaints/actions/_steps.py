"""The steps of the procedure: each that the manual wants a record of is written down (R001-106)."""

from __future__ import annotations

import contextlib
import datetime as dt
from collections.abc import Callable, Mapping
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _

from zhike.complaints import questions
from zhike.complaints.models import Complaint, Grant, Step
from zhike.complaints.regime import Regime, regime_of
from zhike.kernel.audit import trail
from zhike.kernel.duties import actions as duties
from zhike.kernel.outbox import post
from zhike.kernel.parties.held import held
from zhike.kernel.parties.models import Party
from zhike.kernel.procedures import stages
from zhike.kernel.procedures.models import Approval
from zhike.kernel.procedures.stages import WrongStage

from . import (
    _agreement,
    _common,
    _compensation,
    _follow_up,
    _grants,
    _handling,
    _joining,
    _limits,
    _matters,
    _overdue,
)

# Kinds that are not done while an application for money is under way.
WAITS_FOR_GRANTS = frozenset({"execution", "summary"})


# what else happens when a step is written down, before the case moves; a listener may refuse with CannotStep
_followers: list[Callable[..., None]] = []


def on_step(follower: Callable[..., None]) -> None:
    """Let a part of the app act with every step: complaint, regime, text, decision, by, now."""
    if follower not in _followers:
        _followers.append(follower)


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
    if kind == "execution" and (missing := _agreement.missing(complaint, regime)):
        raise CannotStep(missing)
    if kind in WAITS_FOR_GRANTS and _grants.pending(complaint):
        raise CannotStep(_("An application for money is not decided yet."))
    stage = complaint.stage
    decisions = _decided(complaint, regime, kind, decision, by)
    if kind == complaint.stage_kind and (obstacle := _matters.in_the_way(complaint, regime, decisions)):
        raise CannotStep(obstacle)
    if kind == complaint.stage_kind:
        for follow in _followers:
            follow(complaint=complaint, regime=regime, text=text, decision=decision, by=by, now=now)
    brought: dict[str, object] = {}
    if kind == complaint.stage_kind:
        brought = _handling.bring(
            complaint, regime.brought_by(decisions), by=by, now=now, reason=text.strip()[:400]
        )
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
    if questions.VALID.zh in decisions:
        _common.save_facts(complaint, valid=decisions[questions.VALID.zh])
    if complaint.stage != stage:  # a stage that several sign is done with the last of them
        _mark(complaint, kind, compensation=compensation, by=by, now=now)
        _limits.begin(stage, complaint, regime, by=by, now=now)
    stages.refresh_due(complaint)
    if former is None:
        _common.judge(complaint, regime, by=by, now=now)
        duties.cancel(subject=complaint, now=now, by=by, reason=_("The complaint is closed."))
        _follow_up.owe(complaint, regime, stage, by=by, now=now)
        _overdue.inquire(complaint=complaint, now=now)
        post.emit("case_closed", ids={"label": Complaint._meta.label, "id": complaint.pk}, at=now)
        _joining.close_with(complaint, by=by, now=now)
    trail.record(
        f"complaints.{'closed' if former is None else 'stepped'}",
        subject=complaint,
        by=by,
        at=now,
        clause=regime.stage(stage).clause,  # type: ignore[union-attr]
        after={"stage": stage, "kind": kind, "step": step.pk, "compensation": compensation, **brought},
    )
    return complaint


def _decided(
    complaint: Complaint, regime: Regime, kind: str, decision: bool | None, by: Party
) -> dict[str, bool]:
    """What is decided in the stage that is due, by label."""
    stage = regime.stage(complaint.stage)
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


def through(
    complaint: Complaint, regime: Regime, texts: Mapping[str, str], *, by: Party, now: dt.datetime
) -> None:
    """Take the steps that the taker has written down already while registering, as far as they are due."""
    stage = ""
    while (
        complaint.stage != stage and texts.get(complaint.stage_kind, "").strip()
    ):  # the same: others sign it too
        kind, stage = complaint.stage_kind, complaint.stage
        stages.advance(complaint, kind=kind, procedure=regime.procedure(complaint), by=by, now=now)
        Step.objects.create(complaint=complaint, stage=stage, kind=kind, text=texts[kind], by=by, at=now)
    if stage:
        stages.refresh_due(complaint)


def grant_decided(approval: Approval, by: Party, now: dt.datetime) -> None:
    """Deciding an application leaves the stage that decides it (审批): on where it is granted, else back.

    Where `by` may not take the step, or the manual asks for something else, its owner does.
    """
    grant = Grant.objects.select_related("complaint").get(approval=approval)
    complaint = grant.complaint
    if not complaint.is_open or grant.state not in {Grant.State.GRANTED, Grant.State.REFUSED}:
        return
    regime = regime_of(complaint)
    stage = regime.stage(complaint.stage)
    if stage is None or regime.matter_of(stage.name) != grant.kind:
        return
    label = regime.decided_in(stage)
    if label not in {"", questions.SEND_BACK}:
        return
    granted = grant.state == Grant.State.GRANTED
    said = _("%(amount)s yuan granted.") % {"amount": grant.granted} if granted else _("Refused.")
    opinion = approval.steps.exclude(opinion="").order_by("-decided_at").values_list("opinion", flat=True)
    with contextlib.suppress(CannotStep, WrongStage):
        record_step(
            complaint=complaint,
            kind=complaint.stage_kind,
            text=" ".join([said, *opinion[:1]]),
            by=by,
            now=now,
            decision=not granted if label else None,
        )


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
