"""Deputies: who stands in for whom, from when to when."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext as _

from zhike.kernel.audit import trail
from zhike.kernel.parties.models import Party
from zhike.people.models import Deputy, User

from ._refusal import Refusal, require


class CannotDeputise(Refusal):
    """The deputy may not be named this way."""


@transaction.atomic
def name_deputy(
    *,
    absent: Party,
    deputy: Party,
    away_from: dt.datetime,
    away_to: dt.datetime,
    by: Party,
    now: dt.datetime,
    reason: str = "",
) -> Deputy:
    """Somebody stands in during an absence: duties go to them, and they have the powers of the absent person.

    Everybody names the own deputy; for others it takes `staff.manage`.
    """
    _require_own(absent, by, now)
    if deputy.pk == absent.pk:
        raise CannotDeputise(_("Nobody stands in for themselves."))
    if away_to <= away_from:
        raise CannotDeputise(_("The absence must end after it begins."))
    if away_to <= now:
        raise CannotDeputise(_("The absence has passed already."))
    if not User.objects.filter(party=deputy, is_active=True).exists():
        raise CannotDeputise(_("%(name)s cannot sign in and so cannot stand in.") % {"name": deputy.name})
    if Deputy.objects.filter(absent=absent, away_from__lt=away_to, away_to__gt=away_from).exists():
        raise CannotDeputise(_("A deputy is named for a part of this time already."))

    named = Deputy.objects.create(
        absent=absent, deputy=deputy, away_from=away_from, away_to=away_to, reason=reason, named_by=by
    )
    after = {"deputy": deputy.pk, "from": away_from.isoformat(), "to": away_to.isoformat()}
    trail.record("people.deputy_named", subject=absent, by=by, at=now, after=after)
    return named


@transaction.atomic
def end_absence(*, absence: Deputy, by: Party, now: dt.datetime) -> None:
    """The person is back: an absence that runs ends now, one that lies ahead is taken back."""
    _require_own(absence.absent, by, now)
    if absence.away_to <= now:
        raise CannotDeputise(_("The absence has passed already."))
    before = {"deputy": absence.deputy_id, "to": absence.away_to.isoformat()}

    absence.away_to = max(now, absence.away_from)
    absence.save(update_fields=["away_to"])
    trail.record("people.absence_ended", subject=absence.absent, by=by, at=now, before=before)


def _require_own(absent: Party, by: Party, now: dt.datetime) -> None:
    if by.pk != absent.pk:
        require(by, "staff.manage", absent.unit_id, now, CannotDeputise)
