"""Confidential complaints: only named people read them, beside who takes, handles or owes the stage."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from django.db import IntegrityError, transaction
from django.db.models import F, Max
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from zhike.complaints.followups import OverdueSheet
from zhike.complaints.models import Capa, Complaint
from zhike.complaints.models_after import CaseMember
from zhike.kernel.audit import trail
from zhike.kernel.duties.models import Duty
from zhike.kernel.outbox import post
from zhike.kernel.outbox.models import Message
from zhike.kernel.parties import subjects
from zhike.kernel.parties.held import held
from zhike.kernel.parties.models import Party
from zhike.kernel.parties.scope import NAMED_ONLY
from zhike.kernel.procedures.models import Approval
from zhike.kernel.records.models import Attachment, Record
from zhike.kernel.search import index
from zhike.people import access as people

from . import _common, _joining

NAMED = gettext_noop("You are named on a confidential complaint")
SEE = "complaint.see"


class CannotName(Exception):
    """No reason, or a person who may not be named on this case or is not."""


@held
@transaction.atomic
def make_confidential(
    *, complaint: Complaint, persons: Iterable[Party], by: Party, now: dt.datetime, reason: str
) -> Complaint:
    """From now on only the persons named read it, who does this among them. Raises CannotName, WrongStage.

    Duties, approvals and messages that others have lose its title and its text.
    """
    if not reason.strip():
        raise CannotName(_("Say why it is confidential."))
    if complaint.is_confidential:
        raise CannotName(_("This complaint is confidential already."))
    if complaint.is_joined or _joining.has_parts(complaint):
        raise CannotName(_("Part the joined complaints first: each would tell of the other."))
    was = complaint.matter
    _common.save_facts(complaint, secrecy=NAMED_ONLY)
    named = complaint.members.filter(removed_at=None).values_list("person", flat=True)
    already = {*named, complaint.handler_id, complaint.taker_id}
    for person in {one.pk: one for one in [*persons, by]}.values():
        if person.pk not in already:
            _name(complaint, person, by=by, now=now, reason=reason)
    _copy_level(complaint, was)
    _take_back_messages(complaint)
    trail.record(
        "complaints.made_confidential", subject=complaint, by=by, at=now, after={"reason": reason.strip()}
    )
    return complaint


@held
@transaction.atomic
def end_confidence(*, complaint: Complaint, by: Party, now: dt.datetime, reason: str) -> Complaint:
    """The case is read again by whoever may by their post. Raises CannotName, WrongStage."""
    if not reason.strip():
        raise CannotName(_("Say why it is no longer confidential."))
    if not complaint.is_confidential:
        raise CannotName(_("This complaint is not confidential."))
    was = complaint.matter
    _common.save_facts(complaint, secrecy=0)
    _copy_level(complaint, was)
    trail.record(
        "complaints.confidence_ended", subject=complaint, by=by, at=now, after={"reason": reason.strip()}
    )
    return complaint


@held
@transaction.atomic
def name_person(
    *, complaint: Complaint, person: Party, by: Party, now: dt.datetime, reason: str
) -> CaseMember:
    """Let one more person read the case; told without a word of what it is about. Raises CannotName."""
    if not reason.strip():
        raise CannotName(_("Say why this person is to read it."))
    member = _name(complaint, person, by=by, now=now, reason=reason)
    trail.record(
        "complaints.person_named",
        subject=complaint,
        by=by,
        at=now,
        after={"person": person.pk, "reason": reason.strip()},
    )
    return member


@transaction.atomic
def remove_person(*, member: CaseMember, by: Party, now: dt.datetime, reason: str) -> None:
    """The person reads it no longer; the row stays. Raises CannotName."""
    if not reason.strip():
        raise CannotName(_("Say why this person is to read it no longer."))
    removed = CaseMember.objects.filter(pk=member.pk, removed_at=None).update(
        removed_at=now, removed_by=by, removal_reason=reason.strip()[:400]
    )
    if not removed:
        raise CannotName(_("This person is not named on it any more."))
    trail.record(
        "complaints.person_removed",
        subject=member.complaint,
        by=by,
        at=now,
        after={"person": member.person_id, "reason": reason.strip()},
    )


@transaction.atomic
def note_reading(*, complaint: Complaint, by: Party, now: dt.datetime, way: str) -> None:
    """Who opened a confidential case, and by which page; nothing for others."""
    if complaint.is_confidential:
        trail.record("complaints.read", subject=complaint, by=by, at=now, after={"way": way})


def _name(complaint: Complaint, person: Party, *, by: Party, now: dt.datetime, reason: str) -> CaseMember:
    if person.pk == complaint.accused_id:
        raise CannotName(_("Who is complained of does not read the case."))
    if not people.holds(person, SEE, now=now):
        raise CannotName(_("%(name)s has no power to read complaints.") % {"name": person.name})
    try:
        with transaction.atomic():
            member = CaseMember.objects.create(
                complaint=complaint, person=person, reason=reason.strip()[:400], by=by, at=now
            )
    except IntegrityError as known:
        raise CannotName(_("%(name)s is named on it already.") % {"name": person.name}) from known
    if person.pk != by.pk:
        post.notify(
            to=person,
            kind="complaint.person_named",
            title=_(NAMED),
            subject=complaint,
            by=by,
            at=now,
            email=True,
        )
    return member


def _copy_level(complaint: Complaint, was: str) -> None:
    """What hangs on the case carries its level, and its title only while all may read it; `was` is what it said."""
    key, level, said = subjects.key(complaint), complaint.secrecy, complaint.matter
    Duty.objects.filter(**key).update(secrecy=level, matter=said)
    for model in (Attachment, Record):
        model._default_manager.filter(**key).update(secrecy=level)
    _copy_to_corrective(complaint)
    sheets = OverdueSheet.objects.filter(complaint=complaint).values("pk")
    Duty.objects.filter(subject_label=OverdueSheet._meta.label, subject_id__in=sheets).update(
        secrecy=level, matter=f"{complaint.number} {said}"
    )
    for approval in Approval.objects.filter(**key):
        title = approval.title.replace(was, said) if was in approval.title else said
        Approval.objects.filter(pk=approval.pk).update(secrecy=level, title=title)
        Duty.objects.filter(**subjects.key(approval)).update(secrecy=level, matter=title)
    index.seal(complaint, level)


def _copy_to_corrective(complaint: Complaint) -> None:
    """A corrective action is as secret as the most secret of its cases; its title is that of a case."""
    for capa in Capa.objects.filter(cases__complaint=complaint):
        capa.secrecy = capa.cases.aggregate(most=Max("complaint__secrecy"))["most"]
        Capa.objects.filter(pk=capa.pk).update(secrecy=capa.secrecy, revision=F("revision") + 1)
        Duty.objects.filter(**subjects.key(capa)).update(secrecy=capa.secrecy, matter=capa.matter)
        index.seal(capa, capa.secrecy)


def _take_back_messages(complaint: Complaint) -> None:
    """Messages about it that lie with people say nothing of it any more, sent or waiting to be sent."""
    ids = Approval.objects.filter(**subjects.key(complaint)).values("pk")
    for rows in (
        Message.objects.filter(**subjects.key(complaint)),
        Message.objects.filter(subject_label=Approval._meta.label, subject_id__in=ids),
    ):
        rows.exclude(to__in=[complaint.handler_id, complaint.taker_id]).update(
            title=complaint.matter, params={}, body=""
        )
