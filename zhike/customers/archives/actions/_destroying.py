"""Destruction by a list with two signatures."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from django.db import transaction
from django.utils.translation import gettext as _

from zhike.customers.models import Archive, Destruction, Loan
from zhike.customers.regulation import holder
from zhike.kernel.duties import actions as duties
from zhike.kernel.parties.models import Party, Unit
from zhike.kernel.records import series
from zhike.kernel.worktime import calendars

from ._common import (
    APPROVER,
    LISTS,
    SIGN,
    CannotArchive,
    move,
    owe,
    record,
)


@transaction.atomic
def propose_destruction(
    *, archives: Iterable[Archive], reason: str, way: str, by: Party, now: dt.datetime
) -> Destruction:
    """A list of files whose time is over, to be signed by two other persons. Raises CannotArchive."""
    files = list(archives)
    if not files:
        raise CannotArchive(_("Choose the files that are to be destroyed."))
    if not reason.strip() or not way.strip():
        raise CannotArchive(_("Say why and how they are destroyed."))
    unit = files[0].unit
    for one in files:
        _refuse_destroying(one, unit, now)
    zone = calendars.calendar_for(unit.pk).zone
    row = Destruction.objects.create(
        number=series.take(LISTS, key="destruction", now=now, tz=zone), unit=unit,
        reason=reason.strip()[:200], way=way.strip()[:120], by=by, at=now,
    )  # fmt: skip
    row.archives.set(files)
    _owe_signature(row, by=by, now=now)
    record("destruction_proposed", row, by=by, now=now, unit=unit.pk, files=[one.number for one in files])
    return row


def _refuse_destroying(archive: Archive, unit: Unit, now: dt.datetime) -> None:
    said = {"number": archive.number}
    if archive.unit_id != unit.pk:
        raise CannotArchive(_("A list has files of one unit only."))
    if archive.state != Archive.State.CLOSED or not archive.is_over(calendars.local_day(now, unit.pk)):
        raise CannotArchive(_("The time of keeping of %(number)s is not over.") % said)
    if archive.loans.filter(state=Loan.State.LENT).exists():
        raise CannotArchive(_("The file %(number)s is lent.") % said)
    if archive.customer.rights_requests.filter(state="OPEN").exists():
        raise CannotArchive(_("A request of the customer of %(number)s is open.") % said)
    if archive.destructions.filter(state__in=["PROPOSED", "SIGNED"]).exists():
        raise CannotArchive(_("The file %(number)s stands on another list.") % said)


def _owe_signature(row: Destruction, *, by: Party, now: dt.datetime) -> None:
    barred = frozenset({row.by_id, *([row.first_by_id] if row.first_by_id else [])})
    owner = holder(APPROVER, row.unit_id, now, barred=barred) or holder("STORE_MANAGER", row.unit_id, now, barred=barred) or holder("GENERAL_MANAGER", row.unit_id, now, barred=barred)  # fmt: skip
    owe(
        row, None, unit=row.unit_id, kind=SIGN, titles=("签字销毁档案", "Sign a destruction"), owner=owner,
        now=now, post="GENERAL_MANAGER", period="销毁签字期限", clause="二(五)",
    )  # fmt: skip


@transaction.atomic
def sign_destruction(*, row: Destruction, by: Party, now: dt.datetime) -> Destruction:
    """The first signature, then by another person the second one, with which the files are destroyed."""
    if by.pk == row.by_id:
        raise CannotArchive(_("Who proposed the list does not sign it."))
    State = Destruction.State
    if row.state == State.PROPOSED:
        move(row, state=State.SIGNED, first_by=by, first_at=now)
    elif row.state == State.SIGNED:
        if by.pk == row.first_by_id:
            raise CannotArchive(_("You have signed already; the second signature is another person's."))
        for one in row.archives.select_related("customer"):
            if one.loans.filter(state=Loan.State.LENT).exists():
                raise CannotArchive(_("The file %(number)s is lent.") % {"number": one.number})
        move(row, state=State.DONE, second_by=by, second_at=now)
        row.archives.update(state=Archive.State.DESTROYED, destroyed_at=now, place="—")
    else:
        raise CannotArchive(_("This list needs no signature."))
    duties.discharge(subject=row, kinds=[SIGN], by=by, now=now)
    if row.state == State.SIGNED:
        _owe_signature(row, by=by, now=now)
    record("destruction_signed", row, by=by, now=now, unit=row.unit_id, state=row.state)
    return row


@transaction.atomic
def refuse_destruction(*, row: Destruction, reason: str, by: Party, now: dt.datetime) -> Destruction:
    """The files stay. Raises CannotArchive."""
    if not reason.strip():
        raise CannotArchive(_("Say why."))
    if row.state not in {Destruction.State.PROPOSED, Destruction.State.SIGNED}:
        raise CannotArchive(_("This list needs no signature."))
    move(row, state=Destruction.State.REFUSED, refusal=reason.strip()[:200])
    duties.cancel(subject=row, now=now, by=by, reason=reason)
    record("destruction_refused", row, by=by, now=now, unit=row.unit_id, reason=row.refusal)
    return row
