"""Reading a regulation: opened, confirmed, and who is asked to (R000-01, S002-06)."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop, override

from zhike.kernel.audit import trail
from zhike.kernel.duties import actions as duties
from zhike.kernel.duties.models import Duty
from zhike.kernel.parties.models import Party
from zhike.kernel.policy import inforce
from zhike.kernel.policy.models import ManualVersion
from zhike.kernel.search import index
from zhike.manuals import queries
from zhike.manuals.models import Reading
from zhike.people.models import business_day

KIND = "manual.read"
TITLE = gettext_noop("Read and confirm")


class CannotConfirm(Exception):
    """The version is not to be read any more."""


@transaction.atomic
def open_reading(*, version: ManualVersion, by: Party, now: dt.datetime) -> Reading:
    """That somebody opened a version; the first time counts."""
    row, made = Reading.objects.get_or_create(version=version, party=by, defaults={"opened_at": now})
    if made:
        trail.record("manuals.opened", subject=version, by=by, at=now, unit_id=by.unit_id)
    return row


@transaction.atomic
def confirm_reading(*, version: ManualVersion, by: Party, now: dt.datetime) -> Reading:
    """That somebody has read a version and will work by it. A second time changes nothing. Raises CannotConfirm."""
    if version.state != ManualVersion.State.PUBLISHED:
        raise CannotConfirm(_("This version has been withdrawn."))
    row = open_reading(version=version, by=by, now=now)
    if not Reading.objects.filter(pk=row.pk, confirmed_at=None).update(confirmed_at=now):
        row.refresh_from_db()
        return row
    own = Duty.objects.open().filter(**_about(version), kind=KIND, owner=by).first()
    if own is not None:
        duties.discharge(subject=version, kinds=[KIND], by=by, now=now, only=own)
    trail.record("manuals.read", subject=version, by=by, at=now, unit_id=by.unit_id)
    row.refresh_from_db()
    return row


@transaction.atomic
def ask_to_read(*, version: ManualVersion, by: Party | None, now: dt.datetime) -> list[Duty]:
    """Open a duty for everybody who must read a version and has neither confirmed it nor been asked.

    One INSERT. Who was asked to read an older version of the manual is not asked for that any more.
    """
    manual = inforce.manual_of(version.pk)
    stop_asking(key=version.key, before=version.number, by=by, now=now)
    asked = Duty.objects.filter(**_about(version), kind=KIND).values("owner")
    read = Reading.objects.filter(version=version, confirmed_at__isnull=False).values("party")
    who = queries.readers(version, business_day(now)).exclude(pk__in=asked).exclude(pk__in=read)
    within = queries.read_within(manual, business_day(now))
    titles = duties.titled(TITLE)
    rows: list[Duty] = []
    by_unit: dict[int, list[Party]] = {}
    for party in who:
        by_unit.setdefault(party.unit_id or 0, []).append(party)
    for unit, parties in by_unit.items():
        drafts = [duties.Draft(kind=KIND, **titles, owner=one, began_at=now, limit=within) for one in parties]
        rows += duties.planned(drafts, subject=version, unit_id=unit, matter=str(version))
    made = Duty.objects.bulk_create(rows)
    if made:
        trail.record(
            "manuals.asked_to_read", subject=version, by=by, at=now, after={"readers": len(made), "within": within}
        )  # fmt: skip
    return made


def stop_asking(*, key: str, before: int, by: Party | None, now: dt.datetime) -> int:
    """Ask nobody any more to read the versions of a manual before a number: they are superseded or withdrawn."""
    older = ManualVersion.objects.filter(key=key, number__lt=before).values("pk")
    rows = Duty.objects.open().filter(
        subject_label=ManualVersion._meta.label, subject_id__in=older, kind=KIND
    )
    with override("zh-hans"):
        reason = _("A newer version is to be read instead.")
    return rows.update(
        state=Duty.State.CANCELLED, done_at=now, done_by=by, reason=reason, look_again_at=None
    )  # fmt: skip


@transaction.atomic
def make_findable(version: ManualVersion) -> int:
    """Put the clauses of a published version into the search index; the same again writes nothing.

    Search shows only what is in force, so neither a later version nor a repeal needs to take anything out.
    """
    return index.put_many(queries.clauses_to_index(version))


def _about(version: ManualVersion) -> dict[str, object]:
    return {"subject_label": ManualVersion._meta.label, "subject_id": version.pk}
