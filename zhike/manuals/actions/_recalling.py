"""A published change before it comes into force: withdrawn, or given a later day; and a draft that is given up."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext as _

from zhike.kernel.audit import trail
from zhike.kernel.duties import actions as duties
from zhike.kernel.parties.held import forget
from zhike.kernel.parties.models import Party, Unit
from zhike.kernel.policy.models import Installation, ManualVersion, Ruling, UnitValues
from zhike.kernel.worktime import calendars
from zhike.manuals import queries
from zhike.manuals.models import Revision

from ._publishing import one_at_a_time
from ._references import note_references
from ._revising import owe_revision_again

State = Revision.State


class CannotWithdraw(Exception):
    """It is in force, ruled by, built upon, ended already, or no reason was given."""


class CannotPostpone(Exception):
    """It is in force already, or the day is no later one, or others would come into force before it."""


@transaction.atomic
def withdraw(*, what: Revision | ManualVersion, reason: str, by: Party, now: dt.datetime) -> None:
    """Take back a published version or a unit's values before they come into force. Raises CannotWithdraw."""
    if not reason.strip():
        raise CannotWithdraw(_("Say why it is withdrawn."))
    one_at_a_time(what.key)
    revision, version = _both(what)
    place = _place(revision, version)
    day = _day(revision, version)
    if revision is not None and revision.state != State.PUBLISHED:
        raise CannotWithdraw(_("This change is not waiting to come into force."))
    if day is None or day <= calendars.local_day(now, place.pk):
        raise CannotWithdraw(_("It is in force already; change it by a new version."))
    if version is not None:
        _withdraw_version(version, by=by, now=now)
    elif revision is not None:
        _withdraw_values(revision, day, by=by, now=now)
    if revision is not None:
        Revision.objects.filter(pk=revision.pk, state=State.PUBLISHED).update(state=State.WITHDRAWN)
    forget()
    trail.record(
        "manuals.withdrawn",
        subject=revision or what,
        by=by,
        at=now,
        unit_id=place.pk,
        after={"reason": reason.strip(), "day": day.isoformat(), "version": version.pk if version else None},
    )


def _both(what: Revision | ManualVersion) -> tuple[Revision | None, ManualVersion | None]:
    if isinstance(what, Revision):
        fresh = Revision.objects.select_related("unit", "version", "install_at").get(pk=what.pk)
        return fresh, fresh.version
    what.refresh_from_db(fields=["state", "effective_on"])
    return Revision.objects.select_related("install_at").filter(version=what).first(), what


def _day(revision: Revision | None, version: ManualVersion | None) -> dt.date | None:
    if version is not None:
        return version.effective_on
    return revision.effective_on if revision is not None else None


def _place(revision: Revision | None, version: ManualVersion | None) -> Unit:
    if revision is not None:
        return queries.place_of(revision)
    found = queries.place_of_manual(version.key) if version is not None else None
    return found or Unit.objects.filter(parent=None).order_by("pk")[0]


def _withdraw_version(version: ManualVersion, *, by: Party, now: dt.datetime) -> None:
    if Ruling.objects.filter(version=version).exists():
        raise CannotWithdraw(_("Cases have been ruled by it already."))
    latest = queries.newest(version.key)
    if latest is not None and latest.number > version.number:
        raise CannotWithdraw(_("%(version)s rests on it; withdraw that one first.") % {"version": latest})
    rows = ManualVersion.objects.filter(pk=version.pk, state=ManualVersion.State.PUBLISHED)
    if not rows.update(state=ManualVersion.State.WITHDRAWN):
        raise CannotWithdraw(_("It was withdrawn already."))
    _owed_no_longer(version, by=by, now=now)
    published = ManualVersion.objects.filter(key=version.key, state=ManualVersion.State.PUBLISHED)
    if not published.exists():  # a new manual: nobody works by it any more
        Installation.objects.filter(key=version.key).delete()


def _owed_no_longer(version: ManualVersion, *, by: Party, now: dt.datetime) -> None:
    """Nobody reads, revises or examines a version that was withdrawn; what it ended for the one before is owed
    again."""
    duties.cancel(subject=version, by=by, now=now, reason=_("The version was withdrawn."))
    before = queries.newest(version.key)
    if before is not None:
        owe_revision_again(version=before, by=by, now=now)
        note_references(version=before, by=by, now=now)


def _withdraw_values(revision: Revision, day: dt.date, *, by: Party, now: dt.datetime) -> None:
    """Values that were decided for the same day before these hold again; else the day decides nothing any more."""
    rows = UnitValues.objects.filter(
        installation__unit=revision.unit, installation__key=revision.key, effective_on=day
    )
    row = rows.first()
    if row is None or row.parameters != revision.values:
        raise CannotWithdraw(_("Other values were set for that day meanwhile."))
    earlier = (
        Revision.objects.filter(key=revision.key, unit=revision.unit, state=State.PUBLISHED, effective_on=day)
        .exclude(pk=revision.pk)
        .order_by("-approved_at")
        .first()
    )
    if earlier is None:
        rows.delete()
    else:
        rows.update(parameters=earlier.values, set_at=now, set_by=by)


@transaction.atomic
def postpone(*, what: Revision | ManualVersion, effective_on: dt.date, by: Party, now: dt.datetime) -> None:
    """Let a published change come into force later than was decided. Raises CannotPostpone."""
    one_at_a_time(what.key)
    revision, version = _both(what)
    place = _place(revision, version)
    day = _day(revision, version)
    waits = revision is None or revision.state == State.PUBLISHED
    if not waits or day is None or day <= calendars.local_day(now, place.pk):
        raise CannotPostpone(_("It is in force already, or it was withdrawn."))
    if effective_on <= day:
        raise CannotPostpone(
            _("Choose a later day than %(day)s; who reads it counts on that day.") % {"day": day.isoformat()}
        )
    if version is not None:
        _postpone_version(version, effective_on)
    elif revision is not None:
        _postpone_values(revision, day, effective_on)
    if revision is not None:
        Revision.objects.filter(pk=revision.pk).update(effective_on=effective_on)
    forget()
    trail.record(
        "manuals.postponed",
        subject=revision or what,
        by=by,
        at=now,
        unit_id=place.pk,
        before={"day": day.isoformat()},
        after={"day": effective_on.isoformat()},
    )


def _postpone_version(version: ManualVersion, day: dt.date) -> None:
    newer = ManualVersion.objects.filter(
        key=version.key, state=ManualVersion.State.PUBLISHED, number__gt=version.number, effective_on__lt=day
    ).first()
    if newer is not None:
        raise CannotPostpone(
            _("%(version)s, which rests on it, comes into force on %(day)s.")
            % {"version": newer, "day": newer.effective_on.isoformat()}
        )
    rows = ManualVersion.objects.filter(
        pk=version.pk, state=ManualVersion.State.PUBLISHED, effective_on=version.effective_on
    )
    if not rows.update(effective_on=day):
        raise CannotPostpone(_("Somebody has changed its day meanwhile. Look at it again."))


def _postpone_values(revision: Revision, day: dt.date, later: dt.date) -> None:
    rows = UnitValues.objects.filter(installation__unit=revision.unit, installation__key=revision.key)
    other = rows.filter(effective_on__gt=day, effective_on__lte=later).first()
    if other is not None:
        raise CannotPostpone(
            _("From %(day)s other values of this unit are decided already.")
            % {"day": other.effective_on.isoformat()}
        )
    if not rows.filter(effective_on=day, parameters=revision.values).update(effective_on=later):
        raise CannotPostpone(_("Other values were set for that day meanwhile."))
