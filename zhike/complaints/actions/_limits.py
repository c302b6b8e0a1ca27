"""Limits that run beside the stages: response, solution, answer, and what else the manual names (R001-108)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping, Sequence

from django.db.models import F
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from zhike.complaints import questions
from zhike.complaints.models import Complaint
from zhike.complaints.regime import Regime
from zhike.kernel.audit import trail
from zhike.kernel.duties import actions as duties
from zhike.kernel.duties.models import Duty
from zhike.kernel.parties import subjects
from zhike.kernel.parties.models import Party
from zhike.kernel.policy.ask import keep
from zhike.kernel.policy.models import Ruling
from zhike.kernel.procedures import stages
from zhike.kernel.procedures.models import Move

from . import _common

# what a limit runs from when the case is opened
RECEIPT = stages.RECEIPT | {""}
CHANGED = gettext_noop("The facts changed.")


def received(complaint: Complaint) -> dict[str, dt.datetime]:
    return dict.fromkeys(RECEIPT, complaint.opened_at)


def running_from(
    events: Collection[str], complaint: Complaint, regime: Regime, *, by: Party, now: dt.datetime
) -> list[Ruling]:
    """The limits whose clock begins with one of these events (a stage that was left); not stored yet."""
    found = _common.asked(questions.LIMITS, complaint, regime, by=by, now=now)
    return [ruling for ruling in found if ruling.outcome.get("limit_from", "") in events]


def begin(left: str, complaint: Complaint, regime: Regime, *, by: Party, now: dt.datetime) -> None:
    """Open the duties whose clock begins when this stage is left; those of an earlier round are owed no longer."""
    if not complaint.is_open:
        return
    found = running_from({left}, complaint, regime, by=by, now=now)
    _replace(found, complaint, regime, {left: now}, by=by, now=now, reason=_("The clock begins anew."))


def rule_again(complaint: Complaint, regime: Regime, *, by: Party, now: dt.datetime) -> None:
    """The limits under changed facts, each from the event that the manual names; an audit row says what moved.

    A clause that says “from receipt” counts from receipt, also when the facts that bring it are known later. What
    holds no more is cancelled; what was done stays done.
    """
    left = (
        Move.objects.filter(**subjects.key(complaint)).exclude(to_stage=F("from_stage")).order_by("at", "id")
    )
    began = received(complaint) | dict(left.values_list("from_stage", "at"))
    found = running_from(began, complaint, regime, by=by, now=now)
    known = _alive(complaint)
    same = {(duty.kind, duty.limit) for duty in known}
    done = {duty.kind for duty in known if duty.state != Duty.State.OPEN}
    kinds = {_kind(ruling): ruling for ruling in found}
    gone = [duty for duty in known if duty.state == Duty.State.OPEN and duty.kind not in kinds]
    _cancel(gone, complaint, by=by, now=now, reason=_(CHANGED))
    fresh = [
        ruling for kind, ruling in kinds.items() if kind not in done and (kind, ruling["limit"]) not in same
    ]
    _replace(fresh, complaint, regime, began, by=by, now=now, reason=_(CHANGED))
    if gone or fresh:
        trail.record(
            "complaints.limits_counted",
            subject=complaint,
            by=by,
            at=now,
            before=_dates(known),
            after=_dates(_alive(complaint)),
        )


def _alive(complaint: Complaint) -> list[Duty]:
    """The limits of the case that hold or were met."""
    rows = Duty.objects.filter(**subjects.key(complaint), ruling_id__isnull=False)
    return list(rows.exclude(state=Duty.State.CANCELLED).order_by("pk"))


def _dates(limits: Sequence[Duty]) -> dict[str, object]:
    return {
        duty.title: {"due_at": duty.due_at, "limit": duty.limit, "clause": duty.clause} for duty in limits
    }


def _kind(ruling: Ruling) -> str:
    return f"complaint.{ruling['matter']}"


def _replace(
    found: Sequence[Ruling],
    complaint: Complaint,
    regime: Regime,
    began: Mapping[str, dt.datetime],
    *,
    by: Party,
    now: dt.datetime,
    reason: str,
) -> None:
    if not found:
        return
    owed = drafts(keep(found), complaint, regime, now, began)
    _cancel(owed, complaint, by=by, now=now, reason=reason)
    duties.open_duties(
        owed,
        subject=complaint,
        unit_id=complaint.unit_id,
        matter=complaint.matter,
        customer_id=complaint.customer_id,
        secrecy=complaint.secrecy,
    )


def _cancel(
    owed: Sequence[Duty | duties.Draft], complaint: Complaint, *, by: Party, now: dt.datetime, reason: str
) -> None:
    if owed:
        duties.cancel(
            subject=complaint,
            now=now,
            by=by,
            reason=reason,
            kinds=[one.kind for one in owed],
            titles=[one.title for one in owed],  # a stage of the same kind is owed all the same
        )


def drafts(
    limits: Sequence[Ruling],
    complaint: Complaint,
    regime: Regime,
    now: dt.datetime,
    began: Mapping[str, dt.datetime],
) -> list[duties.Draft]:
    """One duty for each limit; its clock runs from when the event that it names happened."""
    roles = regime.roles_of(complaint)
    words = {word.code: word for word in regime.words(questions.MATTERS)}
    found = []
    for ruling in limits:
        owner, post_code = stages.owner_of(
            (ruling["owner"],), roles, complaint.unit_id, now, complaint.accused_id
        )
        word = words[ruling["matter"]]
        found.append(
            duties.Draft(
                kind=_kind(ruling),
                title=word.name,
                title_en=word.en,
                owner=owner,
                owner_post=post_code,
                began_at=began[ruling.outcome.get("limit_from", "")],
                limit=ruling["limit"],
                clause=ruling.clause,
                version_id=ruling.version_id,
                ruling_id=ruling.pk,
            )
        )
    return found
