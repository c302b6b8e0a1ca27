"""Printed copies of regulations: numbered, given out, taken back."""

from __future__ import annotations

import datetime as dt

from django.db import IntegrityError, transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from zhike.kernel.audit import trail
from zhike.kernel.parties.models import Party, Unit
from zhike.kernel.policy.models import ManualVersion
from zhike.manuals.models import Copy
from zhike.people.models import business_day


class CannotCopy(Exception):
    """The version is in force no longer, or the copy is back already."""


@transaction.atomic
def issue_copy(
    *, version: ManualVersion, holder: Party, unit: Unit, by: Party, now: dt.datetime, note: str = ""
) -> Copy:
    """Give out the next numbered copy of a version. Raises CannotCopy."""
    ended = version.ends_on is not None and version.ends_on <= business_day(now)
    newer = ManualVersion.objects.filter(
        key=version.key,
        number__gt=version.number,
        state=ManualVersion.State.PUBLISHED,
        effective_on__lte=business_day(now),
    )
    if ended or version.state != ManualVersion.State.PUBLISHED or newer.exists():
        raise CannotCopy(_("Copies are given out of the version in force or of one that is coming."))
    last = Copy.objects.filter(version=version).aggregate(last=Max("number"))["last"] or 0
    try:
        with transaction.atomic():
            copy = Copy.objects.create(
                version=version,
                number=last + 1,
                unit=unit,
                holder=holder,
                issued_at=now,
                issued_by=by,
                note=note.strip()[:200],
            )
    except IntegrityError as taken:
        raise CannotCopy(_("Somebody has just taken this number; try again.")) from taken
    trail.record(
        "manuals.copy_issued", subject=version, by=by, at=now, unit_id=unit.pk,
        after={"number": copy.number, "holder": holder.pk},
    )  # fmt: skip
    return copy


@transaction.atomic
def return_copy(*, copy: Copy, by: Party, now: dt.datetime) -> Copy:
    """Take a copy back. Raises CannotCopy."""
    if not Copy.objects.filter(pk=copy.pk, returned_at=None).update(returned_at=now, returned_to=by):
        raise CannotCopy(_("This copy is back already."))
    copy.refresh_from_db()
    trail.record(
        "manuals.copy_returned", subject=copy.version, by=by, at=now, unit_id=copy.unit_id,
        after={"number": copy.number, "holder": copy.holder_id},
    )  # fmt: skip
    return copy
