"""Files and their contents: opened, added to within the limit, closed, moved."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext as _

from zhike.customers.archives import questions
from zhike.customers.models import Archive, ArchiveItem, Customer
from zhike.kernel.audit import trail
from zhike.kernel.duties import actions as duties
from zhike.kernel.parties.models import Party
from zhike.kernel.records import series
from zhike.kernel.worktime import arithmetic, calendars

from ._common import (
    FILE,
    NUMBERS,
    CannotArchive,
    change,
    need,
    owe,
    record,
    ruled,
    touch,
)


@transaction.atomic
def open_archive(
    *,
    customer: Customer,
    kind: str,
    title: str,
    place: str,
    by: Party,
    now: dt.datetime,
    medium: str = Archive.Medium.PAPER,
    keeper: Party | None = None,
    secrecy: int | None = None,
) -> Archive:
    """A file of its own number for a customer, never below the customer's level of secrecy. Raises CannotArchive."""
    if not title.strip() or not place.strip():
        raise CannotArchive(_("Say what the file is called and where it stands."))
    level = customer.secrecy if secrecy is None else secrecy
    if level < customer.secrecy:
        raise CannotArchive(_("A file is not less secret than its customer."))
    ruling = ruled(questions.FILING, customer, customer.unit_id, by=by, now=now, kind=kind)
    zone = calendars.calendar_for(customer.unit_id).zone
    archive = Archive.objects.create(
        number=series.take(NUMBERS, key="archive", now=now, tz=zone),
        customer=customer,
        unit=customer.unit,
        kind=kind,
        title=title.strip()[:120],
        medium=medium,
        place=place.strip()[:120],
        keeper=keeper or by,
        secrecy=level,
        keep=ruling.outcome["keep"],
        clause=ruling.clause,
        opened_at=now,
        by=by,
    )
    record(
        "archive_opened", archive, by=by, now=now, unit=archive.unit_id, secrecy=level, number=archive.number
    )
    return archive


@transaction.atomic
def announce_item(
    *,
    archive: Archive,
    title: str,
    arose_on: dt.date,
    by: Party,
    now: dt.datetime,
    pages: int = 1,
    medium: str = Archive.Medium.PAPER,
) -> ArchiveItem:
    """A document that belongs into the file: the keeper owes its filing from the day on which it came about."""
    need(archive, Archive.State.OPEN)
    today = calendars.local_day(now, archive.unit_id)
    if not title.strip():
        raise CannotArchive(_("Say what the document is."))
    if arose_on > today:
        raise CannotArchive(_("The document cannot come from a day that lies ahead."))
    touch(archive)
    place = archive.items.count() + 1
    item = ArchiveItem.objects.create(
        archive=archive, place=place, title=title.strip()[:120], pages=pages, medium=medium,
        arose_on=arose_on, at=now, by=by,
    )  # fmt: skip
    ruling = ruled(questions.FILING, archive, archive.unit_id, by=by, now=now, kind=archive.kind)
    calendar = calendars.calendar_for(archive.unit_id)
    began = min(now, dt.datetime.combine(arose_on, dt.time(18), tzinfo=calendar.zone))
    owe(
        item, archive, unit=archive.unit_id, kind=FILE, titles=("归档文件", "File a document"),
        owner=archive.keeper, now=now, clause=ruling.clause,
        due_at=calendars.due_at(calendar, began, ruling.outcome["filing"]),
    )  # fmt: skip
    record(
        "archive_item_announced",
        archive,
        by=by,
        now=now,
        unit=archive.unit_id,
        secrecy=archive.secrecy,
        place=place,
        title=item.title,
    )
    return item


@transaction.atomic
def file_item(*, item: ArchiveItem, by: Party, now: dt.datetime) -> ArchiveItem:
    """The document lies in its file. Raises CannotArchive."""
    rows = ArchiveItem.objects.filter(pk=item.pk, filed_at=None)
    if not rows.update(filed_at=now, filed_by=by):
        raise CannotArchive(_("This document was filed already."))
    item.refresh_from_db()
    duties.discharge(subject=item, kinds=[FILE], by=by, now=now)
    archive = item.archive
    record(
        "archive_item_filed",
        archive,
        by=by,
        now=now,
        unit=archive.unit_id,
        secrecy=archive.secrecy,
        place=item.place,
    )
    return item


@transaction.atomic
def close_archive(*, archive: Archive, by: Party, now: dt.datetime) -> Archive:
    """Nothing more comes in: the time of keeping begins. Raises CannotArchive."""
    need(archive, Archive.State.OPEN)
    if archive.items.filter(filed_at=None).exists():
        raise CannotArchive(_("Documents of this file wait to be filed."))
    today = calendars.local_day(now, archive.unit_id)
    calendar = calendars.calendar_for(archive.unit_id)
    until = arithmetic.local_date(calendars.due_at(calendar, now, archive.keep), calendar.tz)
    change(archive, state=Archive.State.CLOSED, closed_on=today, keep_until=until)
    record(
        "archive_closed",
        archive,
        by=by,
        now=now,
        unit=archive.unit_id,
        secrecy=archive.secrecy,
        keep_until=until,
    )
    return archive


@transaction.atomic
def move_archive(*, archive: Archive, place: str, by: Party, now: dt.datetime, reason: str = "") -> Archive:
    """Another place, or a missing file that was found again."""
    if archive.state == Archive.State.DESTROYED:
        raise CannotArchive(_("This file was destroyed."))
    if not place.strip():
        raise CannotArchive(_("Say where it stands."))
    before = archive.place
    state = archive.state
    if state == Archive.State.MISSING:
        state = Archive.State.CLOSED if archive.keep_until else Archive.State.OPEN
    change(archive, place=place.strip()[:120], state=state)
    trail.record(
        "customers.archive_moved", subject=archive, by=by, at=now, before={"place": before},
        after={"place": archive.place, "reason": reason.strip()[:200]}, unit_id=archive.unit_id, secrecy=archive.secrecy,
    )  # fmt: skip
    return archive
