"""Regulations are looked over once a year (R002-071, R002-105): the duty, and what discharges it."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext as _

from zhike.kernel.audit import trail
from zhike.kernel.duties import actions as duties
from zhike.kernel.duties.models import Duty
from zhike.kernel.parties import subjects
from zhike.kernel.parties.directory import directory
from zhike.kernel.parties.models import Party, Unit
from zhike.kernel.parties.system import system_party
from zhike.kernel.policy.models import Installation, ManualVersion
from zhike.kernel.worktime import calendars
from zhike.manuals.models import Revision
from zhike.manuals.queries._control import REVISE, Front, after, front_of
from zhike.people.models import business_day

TITLE, TITLE_EN = "修订制度", "Revise the regulation"


class CannotKeep(Exception):
    """The regulation is not to be revised, or no reason was given."""


def plan_revision(
    *,
    version: ManualVersion,
    by: Party | None,
    now: dt.datetime,
    preparer: Party | None = None,
    unit: Unit | None = None,
) -> Duty | None:
    """Owe the next revision of a version that was just published; those of older versions are discharged by it.

    It is due one period after the later of its effective day and the day of publishing: a text taken over from
    paper begins its year here. The preparer owes it, else the head of the executing department. `unit` is where it
    is about to be installed. None where an enterprise has no unit or nobody to owe it.
    """
    for older in ManualVersion.objects.filter(key=version.key, number__lt=version.number):
        duties.discharge(subject=older, kinds=[REVISE], by=by or system_party("system"), now=now)
    published = business_day(version.published_at or now)
    begun = max(version.effective_on, published)
    return _owe(version, begun, unit or unit_of(version, by), by=by, now=now, preparer=preparer)


def owe_revision_again(*, version: ManualVersion, by: Party, now: dt.datetime) -> Duty | None:
    """Owe the revision of a version again, by its old date: the one that discharged it was withdrawn."""
    rows = Duty.objects.filter(**subjects.key(version), kind=REVISE)
    ended = rows.filter(state=Duty.State.DONE, reason="").select_related("owner", "unit").last()
    if ended is None or rows.open().exists():
        return None
    begun = business_day(ended.began_at)
    return _owe(version, begun, ended.unit, by=by, now=now, preparer=ended.owner)


@transaction.atomic
def keep_as_it_is(*, version: ManualVersion, reason: str, by: Party, now: dt.datetime) -> Duty | None:
    """Record that the regulation was examined and stays as it is; the next revision moves on by one period.

    Raises CannotKeep.
    """
    if not reason.strip():
        raise CannotKeep(_("Say why."))
    owed = Duty.objects.open().filter(**subjects.key(version), kind=REVISE).first()
    if owed is None or owed.due_at is None:
        raise CannotKeep(_("No revision of this version is owed."))
    duties.discharge(subject=version, kinds=[REVISE], by=by, now=now, reason=reason.strip()[:200])
    front, begun = front_of(version), business_day(owed.due_at)
    while after(begun, front.revise_every) <= business_day(now):
        begun = after(begun, front.revise_every)
    trail.record(
        "manuals.kept_as_it_is", subject=version, by=by, at=now, after={"reason": reason.strip()[:400]}
    )
    return _owe(version, begun, owed.unit, by=by, now=now, preparer=owed.owner)


def _owe(
    version: ManualVersion,
    begun: dt.date,
    unit: Unit | None,
    *,
    by: Party | None,
    now: dt.datetime,
    preparer: Party | None,
) -> Duty | None:
    if unit is None:
        return None
    front = front_of(version)
    owner = preparer or owner_of(version, front, unit, now) or by
    if owner is None:
        return None
    noon = dt.datetime.combine(begun, dt.time(12), calendars.calendar_for(unit.pk).zone)
    draft = duties.Draft(
        kind=REVISE,
        title=TITLE,
        title_en=TITLE_EN,
        owner=owner,
        began_at=noon,
        limit=front.revise_every,
        version_id=version.pk,
    )
    return duties.open_duties([draft], subject=version, unit_id=unit.pk, matter=str(version))[0]


def unit_of(version: ManualVersion, by: Party | None) -> Unit | None:
    """Where what is owed for a regulation stands: the topmost unit that works by it, else that of who acts."""
    found = Installation.objects.filter(key=version.key).select_related("unit").order_by("unit__path").first()
    if found is not None:
        return found.unit
    if by is not None and by.unit is not None:
        return by.unit
    return Unit.objects.filter(parent=None).first()


def owner_of(version: ManualVersion, front: Front, unit: Unit, now: dt.datetime) -> Party | None:
    """Who answers for a regulation: its preparer, else who owes its revision, else the head of the executing
    department or of the unit.
    """
    change = Revision.objects.filter(version=version).select_related("prepared_by").first()
    if change is not None:
        return change.prepared_by
    owed = Duty.objects.open().filter(**subjects.key(version), kind=REVISE).select_related("owner").first()
    if owed is not None and owed.owner is not None:
        return owed.owner
    for word in (front.owner, f"{front.owner}负责人"):
        code = directory().post_code(word) if word else None
        holders = directory().holders_of(code, unit.pk, now) if code else []
        if holders:
            return holders[0]
    return directory().superior_of(None, unit.pk, now)
