"""A unit's own figures as a change through the gate: begun, saved, handed in like a changed text."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils.translation import gettext as _

from zhike.kernel.audit import trail
from zhike.kernel.parties.models import Party, Unit
from zhike.kernel.policy import inforce
from zhike.kernel.worktime import calendars
from zhike.manuals import queries
from zhike.manuals.models import Revision

from ._checks import value_problems
from ._gate import day_problems

State = Revision.State


class CannotRevise(Exception):
    """A value lies outside its range, another change is open, or somebody saved meanwhile."""


@transaction.atomic
def begin_values(
    *,
    key: str,
    unit: Unit,
    values: Mapping[str, str],
    by: Party,
    now: dt.datetime,
    reason: str = "",
    effective_on: dt.date | None = None,
) -> Revision:
    """Begin to change a unit's own values: all of them as they are to be; an empty one follows the manual.

    One change of a unit's values is open at a time. Raises CannotRevise.
    """
    base = queries.version_on(key, effective_on or calendars.local_day(now, unit.pk))
    if base is None:
        raise CannotRevise(_("No version of the manual “%(key)s” is in force.") % {"key": key})
    revision = Revision(
        key=key,
        unit=unit,
        base=base,
        values=_kept(values),
        reason=reason.strip()[:400],
        effective_on=effective_on,
        prepared_by=by,
        prepared_at=now,
        saved_by=by,
        saved_at=now,
    )
    _refuse(revision, now)
    try:
        with transaction.atomic():
            revision.save()
    except IntegrityError as taken:
        raise CannotRevise(already_open(key, unit)) from taken
    _record("begun", revision, by=by, now=now)
    return revision


@transaction.atomic
def save_values(
    *,
    revision: Revision,
    values: Mapping[str, str],
    by: Party,
    now: dt.datetime,
    reason: str = "",
    effective_on: dt.date | None = None,
    seen: int | None = None,
) -> Revision:
    """Save the draft of a unit's values; `seen` is the state of it that the person looked at. Raises CannotRevise."""
    expected = revision.revision if seen is None else seen
    before = revision.values
    revision.values, revision.reason, revision.effective_on = (
        _kept(values),
        reason.strip()[:400],
        effective_on,
    )
    today = calendars.local_day(now, revision.unit_id or 0)
    revision.base = queries.version_on(revision.key, effective_on or today) or revision.base
    _refuse(revision, now)
    changed = Revision.objects.filter(pk=revision.pk, state=State.DRAFT, revision=expected).update(
        values=revision.values,
        reason=revision.reason,
        effective_on=effective_on,
        base=revision.base,
        saved_by=by,
        saved_at=now,
        revision=F("revision") + 1,
    )
    if not changed:
        raise CannotRevise(_("Somebody has changed this draft meanwhile. Look at it again."))
    revision.revision = expected + 1
    _record("saved", revision, by=by, now=now, before=before)
    return revision


@transaction.atomic
def drop_values(*, revision: Revision, by: Party, now: dt.datetime) -> None:
    """Give up a draft of values. Raises CannotRevise."""
    if not Revision.objects.filter(pk=revision.pk, state=State.DRAFT).update(
        state=State.DROPPED, saved_by=by, saved_at=now
    ):
        raise CannotRevise(_("Only a draft is given up."))
    _record("dropped", revision, by=by, now=now)


def already_open(key: str, unit: Unit | None) -> str:
    """One line for who would begin a second change beside an open one."""
    other = Revision.objects.filter(key=key, unit=unit, state__in=Revision.OPEN).first()
    return _("%(name)s is changing this already; only one change is open at a time.") % {
        "name": other.prepared_by.name if other else "?"
    }


def _kept(values: Mapping[str, str]) -> dict[str, str]:
    return {name: text.strip() for name, text in values.items() if text.strip()}


def _refuse(revision: Revision, now: dt.datetime) -> None:
    """Values that no manual takes, and days that are past, are not even saved."""
    assert revision.unit is not None
    today = calendars.local_day(now, revision.unit.pk)
    problems = day_problems(revision, revision.effective_on, today)
    say = queries.saying(inforce.manual_of(revision.base_id)) if revision.base_id else queries.saying()
    found = value_problems(revision.key, revision.unit, revision.values, revision.effective_on or today)
    problems += [say(why) for why in found]
    if problems:
        raise CannotRevise(" ".join(problems))


def _record(
    code: str, revision: Revision, *, by: Party, now: dt.datetime, before: Mapping[str, str] | None = None
) -> None:
    trail.record(
        f"manuals.revision_{code}",
        subject=revision,
        by=by,
        at=now,
        unit_id=revision.unit_id,
        before=None if before is None else {"values": dict(before)},
        after={"key": revision.key, "values": revision.values},
    )
