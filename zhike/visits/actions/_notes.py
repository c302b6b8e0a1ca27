"""What is written down at the customer's: findings, what was given, guidance, photos, the signature."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Sequence
from decimal import Decimal
from itertools import pairwise

from django.core.files.base import File
from django.db import transaction
from django.utils.translation import gettext as _

from zhike.kernel.audit import trail
from zhike.kernel.parties.models import Party
from zhike.kernel.parties.scope import Scope
from zhike.kernel.records import attachments
from zhike.kernel.records.models import Attachment
from zhike.kernel.worktime import calendars
from zhike.manuals.information import queries as information
from zhike.visits import questions
from zhike.visits.models import Finding, Given, Guidance, Visit, VisitPhoto

from ._common import CannotVisit, change, moment, ruled, word
from ._visits import position


@transaction.atomic
def note_finding(
    *,
    visit: Visit,
    group: str,
    kind: str,
    by: Party,
    now: dt.datetime,
    text: str = "",
    at: dt.datetime | None = None,
) -> Finding:
    """The answer to one line of a list; an empty text says that it was asked and there is nothing new."""
    if group not in questions.FINDINGS:
        raise CannotVisit(_("There is no such list of findings."))
    word(ruled(visit, now), questions.FINDINGS[group], kind)
    change(visit, by=by, now=now, code="visits.found")
    return Finding.objects.create(
        visit=visit,
        unit_id=visit.unit_id,
        group=group,
        kind=kind,
        text=text.strip(),
        area=visit.customer.region,
        at=moment(at, now),
        by=by,
    )


@transaction.atomic
def nothing_new(*, visit: Visit, group: str, by: Party, now: dt.datetime) -> int:
    """Every line of a list that was not answered yet: asked, nothing new."""
    if group not in questions.FINDINGS:
        raise CannotVisit(_("There is no such list of findings."))
    words = ruled(visit, now).words(questions.FINDINGS[group])
    there = set(visit.findings.filter(group=group).values_list("kind", flat=True))
    change(visit, by=by, now=now, code="visits.found")
    rows = [
        Finding(
            visit=visit,
            unit_id=visit.unit_id,
            group=group,
            kind=code,
            area=visit.customer.region,
            at=now,
            by=by,
        )
        for code, _label in words
        if code not in there
    ]
    return len(Finding.objects.bulk_create(rows))


@transaction.atomic
def give(
    *,
    visit: Visit,
    group: str,
    topic: str,
    by: Party,
    now: dt.datetime,
    text: str = "",
    item_id: int | None = None,
    quantity: int | None = None,
    value: Decimal | None = None,
    accepted: bool | None = None,
    objection: str = "",
    handling: str = "",
    at: dt.datetime | None = None,
) -> Given:
    """Information told, an item or gift handed over, a policy explained; with an objection and how it was met."""
    if group not in questions.GIVEN:
        raise CannotVisit(_("There is no such list of what is given."))
    word(ruled(visit, now), questions.GIVEN[group], topic)
    if accepted is False and not objection.strip():
        raise CannotVisit(_("Write down why the customer does not accept it."))
    if group == "ITEM" and not quantity:
        raise CannotVisit(_("Say how many were handed over."))
    if group == "GIFT" and value is None:
        raise CannotVisit(_("Say what the gift is worth."))
    if item_id is not None and not _was_sent(visit, item_id, by, now):
        raise CannotVisit(_("This information is not for you, or not for this customer's unit."))
    change(visit, by=by, now=now, code="visits.given")
    return Given.objects.create(
        visit=visit,
        unit_id=visit.unit_id,
        group=group,
        topic=topic,
        item_id=item_id,
        text=text.strip(),
        quantity=quantity,
        value=value,
        accepted=accepted,
        objection=objection.strip(),
        handling=handling.strip(),
        at=moment(at, now),
        by=by,
    )


def _was_sent(visit: Visit, item: int, by: Party, now: dt.datetime) -> bool:
    day = calendars.local_day(now, visit.unit_id)
    return information.addressed(Scope(party=by.pk), unit=visit.unit_id, on=day).filter(pk=item).exists()


@transaction.atomic
def guide(
    *,
    visit: Visit,
    aspect: str,
    by: Party,
    now: dt.datetime,
    is_fine: bool = False,
    finding: str = "",
    cause: str = "",
    text: str = "",
    praise: str = "",
    demonstration: str = "",
    minutes: int = 0,
    at: dt.datetime | None = None,
) -> Guidance:
    """One aspect looked at: in order, or what is wrong and why; advice, praise, what was shown in person."""
    found = ruled(visit, now)
    word(found, questions.ASPECTS, aspect)
    if demonstration:
        word(found, questions.SHOWN, demonstration)
    if not is_fine and not (finding.strip() or text.strip() or demonstration):
        raise CannotVisit(_("Say that it is in order, or write down what was found, advised or shown."))
    change(visit, by=by, now=now, code="visits.guided")
    return Guidance.objects.create(
        visit=visit,
        unit_id=visit.unit_id,
        aspect=aspect,
        is_fine=is_fine,
        finding=finding.strip(),
        cause=cause.strip(),
        text=text.strip(),
        praise=praise.strip(),
        demonstration=demonstration,
        minutes=minutes,
        at=moment(at, now),
        by=by,
    )


@transaction.atomic
def note_effect(*, guidance: Guidance, effect: str, by: Party, now: dt.datetime) -> Guidance:
    """What came of earlier guidance, seen later."""
    if not effect.strip():
        raise CannotVisit(_("Write down the effect."))
    Guidance.objects.filter(pk=guidance.pk).update(effect=effect.strip()[:400], effect_at=now)
    guidance.refresh_from_db()
    trail.record("visits.effect", subject=guidance.visit, by=by, at=now, after={"guidance": guidance.pk})
    return guidance


@transaction.atomic
def photo(
    *,
    visit: Visit,
    file: File[bytes],
    name: str,
    by: Party,
    now: dt.datetime,
    kind: str = "OTHER",
    taken_at: dt.datetime | None = None,
    latitude: object = None,
    longitude: object = None,
) -> VisitPhoto:
    """A photo; the same picture twice is one photo. Raises CannotVisit with the sentence of the refusal."""
    word(ruled(visit, now), questions.PHOTOS, kind)
    place = position(latitude, longitude)
    change(visit, by=by, now=now, code="visits.photo")
    try:
        kept = _kept(visit, file, name, by, now)
    except attachments.AlreadyThere as there:
        known = VisitPhoto.objects.filter(attachment=there.attachment).first()
        if known is not None:
            return known
        kept = there.attachment
    return VisitPhoto.objects.create(
        visit=visit,
        kind=kind,
        attachment=_picture(kept),
        taken_at=moment(taken_at, now),
        latitude=place[0] if place else None,
        longitude=place[1] if place else None,
    )


def _kept(visit: Visit, file: File[bytes], name: str, by: Party, now: dt.datetime) -> Attachment:
    try:
        return attachments.attach(subject=visit, file=file, name=name, unit=visit.unit, by=by, now=now)
    except attachments.AlreadyThere:
        raise
    except attachments.AttachmentRefusal as refusal:
        raise CannotVisit(str(refusal)) from refusal


def _picture(kept: Attachment, *, paper: bool = False) -> Attachment:
    """Refuses what is no picture; of `paper` a PDF is one too."""
    if not kept.is_image and not (paper and kept.content_type == "application/pdf"):
        raise CannotVisit(_("This is no picture."))
    return kept


@transaction.atomic
def sign(
    *,
    visit: Visit,
    file: File[bytes],
    signer: str,
    strokes: Sequence[Sequence[Sequence[float]]] | None,
    by: Party,
    now: dt.datetime,
    at: dt.datetime | None = None,
    latitude: object = None,
    longitude: object = None,
) -> Visit:
    """The customer's signature: the picture, and its strokes in parts of the box, by which dots are told from it.

    `strokes` None: the file is the sheet that was printed and signed by hand.
    """
    if not signer.strip():
        raise CannotVisit(_("Write the name of who signs."))
    if strokes is not None and ink(strokes) < ruled(visit, now).least_ink:
        raise CannotVisit(_("This is no signature yet: let the customer sign again."))
    place = position(latitude, longitude)
    paper = strokes is None
    try:
        kept = _kept(visit, file, file.name or "" if paper else "signature.png", by, now)
    except attachments.AlreadyThere as there:
        kept = there.attachment
    return change(
        visit, by=by, now=now, code="visits.signed",
        signature=_picture(kept, paper=paper), signer=signer.strip()[:60], signed_at=moment(at, now),
        signed_latitude=place[0] if place else None, signed_longitude=place[1] if place else None,
    )  # fmt: skip


def ink(strokes: Sequence[Sequence[Sequence[float]]]) -> float:
    """The length of all strokes together."""
    return sum(math.dist(a, b) for stroke in strokes for a, b in pairwise(stroke))
