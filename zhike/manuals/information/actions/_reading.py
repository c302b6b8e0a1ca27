"""Information is read and studied; each first moment counts (R004-05)."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext as _

from zhike.kernel.audit import trail
from zhike.kernel.duties import actions as duties
from zhike.kernel.duties.models import Duty
from zhike.kernel.parties.models import Party
from zhike.kernel.parties.subjects import label_of
from zhike.manuals.information.models import Information, Receipt
from zhike.manuals.information.queries import DUTIES


class CannotStudy(Exception):
    """The item was withdrawn."""


@transaction.atomic
def read(*, item: Information, by: Party, now: dt.datetime) -> Receipt:
    """That somebody opened an item; what is only to be read is done with it."""
    row, made = Receipt.objects.get_or_create(item=item, party=by, defaults={"read_at": now})
    if made:
        if item.demand == Information.Demand.READ:
            _done(item, by, now)
        trail.record("information.read", subject=item, by=by, at=now, unit_id=by.unit_id)
    return row


@transaction.atomic
def study(*, item: Information, by: Party, now: dt.datetime, note: str = "") -> Receipt:
    """That somebody studied an item and will work by it; again changes nothing. Raises CannotStudy."""
    if item.state != Information.State.PUBLISHED:
        raise CannotStudy(_("This information has been withdrawn."))
    row, _new = Receipt.objects.get_or_create(item=item, party=by, defaults={"read_at": now})
    if Receipt.objects.filter(pk=row.pk, studied_at=None).update(studied_at=now, note=note.strip()[:200]):
        _done(item, by, now)
        trail.record("information.studied", subject=item, by=by, at=now, unit_id=by.unit_id)
    row.refresh_from_db()
    return row


def _done(item: Information, by: Party, now: dt.datetime) -> None:
    owed = Duty.objects.open().filter(
        subject_label=label_of(item), subject_id=item.pk, owner=by, kind__in=DUTIES.values()
    )
    for duty in owed:
        duties.discharge(subject=item, kinds=[duty.kind], by=by, now=now, only=duty)
