"""The yearly check of the archives of a unit."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from zhike.customers.models import Archive, ArchiveCheck, CheckLine
from zhike.kernel.duties.models import Duty
from zhike.kernel.parties.models import Party, Unit

from ._common import (
    CHECK,
    CannotArchive,
    owe,
    record,
)


@transaction.atomic
def begin_check(*, unit: Unit, by: Party, now: dt.datetime) -> ArchiveCheck:
    """List every file of the unit that should be there. Raises CannotArchive."""
    files = Archive.objects.filter(unit=unit).exclude(state=Archive.State.DESTROYED)
    if not files.exists():
        raise CannotArchive(_("This unit keeps no archives."))
    try:
        with transaction.atomic():
            check = ArchiveCheck.objects.create(unit=unit, begun_at=now, by=by)
    except IntegrityError as known:
        raise CannotArchive(_("A check of this unit is under way already.")) from known
    CheckLine.objects.bulk_create(CheckLine(check_of=check, archive=one) for one in files)
    record("archive_check_begun", check, by=by, now=now, unit=unit.pk, files=files.count())
    return check


@transaction.atomic
def note_check(
    *, check: ArchiveCheck, results: Mapping[int, tuple[str, str]], by: Party, now: dt.datetime
) -> None:
    """What was found: line -> (result, note)."""
    if check.ended_at is not None:
        raise CannotArchive(_("This check has ended."))
    lines = {line.pk: line for line in check.lines.all()}
    for pk, (result, note) in results.items():
        if pk in lines and result in CheckLine.Result.values:
            CheckLine.objects.filter(pk=pk).update(result=result, note=note.strip()[:200])
    record("archive_check_noted", check, by=by, now=now, unit=check.unit_id, lines=len(results))


@transaction.atomic
def end_check(*, check: ArchiveCheck, by: Party, now: dt.datetime, note: str = "") -> ArchiveCheck:
    """Every line has a result: missing files are marked, and the next check is owed within a year."""
    if check.lines.filter(result="").exists():
        raise CannotArchive(_("Some files were not looked for yet."))
    rows = ArchiveCheck.objects.filter(pk=check.pk, ended_at=None)
    if not rows.update(ended_at=now, ended_by=by, note=note.strip()):
        raise CannotArchive(_("This check has ended."))
    check.refresh_from_db()
    found = check.lines.filter(result=CheckLine.Result.MISSING)
    Archive.objects.filter(checks__in=check.lines.all()).update(checked_at=now)
    Archive.objects.filter(checks__in=found).update(state=Archive.State.MISSING)
    owed = Duty.objects.open().filter(kind=CHECK, unit=check.unit_id)
    owed.update(state=Duty.State.DONE, done_at=now, done_by=by, look_again_at=None)
    owe(
        check, None, unit=check.unit_id, kind=CHECK, titles=("清查客户档案", "Check the archives"),
        owner=by, now=now, period="清查周期", clause="二(四)",
    )  # fmt: skip
    record("archive_check_ended", check, by=by, now=now, unit=check.unit_id, missing=found.count())
    return check
