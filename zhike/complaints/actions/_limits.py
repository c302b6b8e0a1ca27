"""Limits that run beside the stages: response, solution, answer, and what else the manual names (R001-108)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Sequence

from zhike.complaints import questions
from zhike.complaints.models import Complaint
from zhike.complaints.regime import Regime
from zhike.kernel.duties import actions as duties
from zhike.kernel.parties.models import Party
from zhike.kernel.policy.models import Ruling
from zhike.kernel.procedures import stages

from . import _common

# what a limit runs from when the case is opened
RECEIPT = stages.RECEIPT | {""}


def running_from(
    events: Collection[str], complaint: Complaint, regime: Regime, *, by: Party, now: dt.datetime
) -> list[Ruling]:
    """The limits whose clock begins with one of these events (a stage that was left); not stored yet."""
    found = _common.asked(questions.LIMITS, complaint, regime, by=by, now=now)
    return [ruling for ruling in found if ruling.outcome.get("limit_from", "") in events]


def drafts(
    limits: Sequence[Ruling], complaint: Complaint, regime: Regime, now: dt.datetime
) -> list[duties.Draft]:
    """One duty for each limit; its clock begins now."""
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
                kind=f"complaint.{word.code}",
                title=word.name,
                title_en=word.en,
                owner=owner,
                owner_post=post_code,
                began_at=now,
                limit=ruling["limit"],
                clause=ruling.clause,
                version_id=ruling.version_id,
                ruling_id=ruling.pk,
            )
        )
    return found
