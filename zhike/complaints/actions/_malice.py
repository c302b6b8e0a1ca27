"""Malicious complaints: marked with evidence by one, confirmed by another, taken back with a reason."""

from __future__ import annotations

import datetime as dt

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from zhike.complaints.models import Complaint
from zhike.complaints.models_after import Malice
from zhike.complaints.regime import regime_of
from zhike.kernel.audit import trail
from zhike.kernel.outbox import post
from zhike.kernel.parties.held import held
from zhike.kernel.parties.models import Party
from zhike.kernel.policy import inforce
from zhike.kernel.policy.manual import model
from zhike.kernel.procedures import stages

from . import _common, _compensation, _grants

WORD = "恶意投诉"


class CannotMark(Exception):
    """No grounds, marked already, or the same person twice."""


@transaction.atomic
def mark_malicious(
    *, complaint: Complaint, reason: str, evidence: str, by: Party, now: dt.datetime
) -> Malice:
    """Say that a complaint is malicious; nothing follows until another confirms it. Raises CannotMark."""
    if not reason.strip() or not evidence.strip():
        raise CannotMark(_("Say why it is malicious, and give the evidence."))
    if complaint.is_void:
        raise CannotMark(_("This complaint was voided."))
    if by.pk == complaint.accused_id:
        raise CannotMark(_("Who is complained of does not call the complaint malicious."))
    try:
        with transaction.atomic():
            malice = Malice.objects.create(
                complaint=complaint, reason=reason.strip()[:400], evidence=evidence.strip(), by=by, at=now
            )
    except IntegrityError as known:
        raise CannotMark(_("It is marked as malicious already.")) from known
    trail.record(
        "complaints.marked_malicious", subject=complaint, by=by, at=now, after={"reason": malice.reason}
    )
    return malice


@held
@transaction.atomic
def decide_malice(*, malice: Malice, agree: bool, opinion: str, by: Party, now: dt.datetime) -> Malice:
    """Confirm it or not, as another than who marked it. Raises CannotMark, WrongStage.

    A confirmed one counts as not valid and is closed, unless the manual has a way of its own for malicious complaints.
    """
    if by.pk in {malice.by_id, malice.complaint.accused_id}:
        raise CannotMark(_("Another person than who marked it decides."))
    if not agree and not opinion.strip():
        raise CannotMark(_("Say why it is not malicious."))
    state = Malice.State.CONFIRMED if agree else Malice.State.REFUSED
    _change(
        malice,
        Malice.State.ASKED,
        state=state,
        decided_by=by,
        decided_at=now,
        opinion=opinion.strip()[:400],
    )
    if agree:
        _confirmed(malice, by=by, now=now)
    trail.record(
        "complaints.malice_decided",
        subject=malice.complaint,
        by=by,
        at=now,
        after={"state": state, "opinion": malice.opinion},
    )
    return malice


@transaction.atomic
def revoke_malice(*, malice: Malice, reason: str, by: Party, now: dt.datetime) -> Malice:
    """It was not malicious after all; the case may then be taken up again. Raises CannotMark, WrongStage."""
    if not reason.strip():
        raise CannotMark(_("Say why it is taken back."))
    if by.pk == malice.complaint.accused_id:
        raise CannotMark(_("Who is complained of has no part in this."))
    _change(
        malice,
        Malice.State.CONFIRMED,
        state=Malice.State.REVOKED,
        revoked_by=by,
        revoked_at=now,
        revoke_reason=reason.strip()[:400],
    )
    _common.save_facts(malice.complaint, malicious=False, valid=None)
    trail.record(
        "complaints.malice_revoked",
        subject=malice.complaint,
        by=by,
        at=now,
        after={"reason": malice.revoke_reason},
    )
    return malice


def _change(malice: Malice, was: str, **values: object) -> None:
    if not Malice.objects.filter(pk=malice.pk, state=was).update(**values):
        raise CannotMark(_("This was decided already."))
    for name, value in values.items():
        setattr(malice, name, value)


def _confirmed(malice: Malice, *, by: Party, now: dt.datetime) -> None:
    complaint = malice.complaint
    _common.save_facts(complaint, malicious=True, valid=False)
    if not complaint.is_open:
        return
    if complaint.manual is not None and _has_own_way(complaint):
        return
    if _compensation.pending(complaint) is not None or _grants.pending(complaint):
        raise CannotMark(_("An application for money is under way; it is decided or withdrawn first."))
    stages.end(complaint, by=by, now=now, reason=f"{WORD}: {malice.reason}")
    post.emit("case_closed", ids={"label": Complaint._meta.label, "id": complaint.pk}, at=now)


def _has_own_way(complaint: Complaint) -> bool:
    """Whether the manual leads malicious complaints to a stage of their own."""
    try:
        table = regime_of(complaint).answer.table
    except inforce.NoManual:
        return False
    found = table.stages if isinstance(table, model.StagesTable) else ()
    return any(branch.when == WORD for stage in found for branch in stage.next)
