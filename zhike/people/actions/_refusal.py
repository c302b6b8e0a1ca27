"""The root of every refusal of this app, and the question every action asks first."""

from __future__ import annotations

import datetime as dt

from django.utils.translation import gettext as _

from zhike.kernel.parties.models import Party, Unit
from zhike.people import access
from zhike.people.models import Power


class Refusal(Exception):
    """An action was refused; the text is one sentence for the person who tried."""


def require(
    by: Party | None,
    power: str,
    unit: Unit | int | None,
    now: dt.datetime,
    refusal: type[Refusal],
) -> None:
    """Raise `refusal` unless `by` holds the power (over `unit`, when one is given). None is a set-up command."""
    if by is None or access.holds(by, power, unit, now=now):
        return
    known = Power.objects.filter(code=power).first()
    raise refusal(_("This needs the power “%(power)s”.") % {"power": known.label if known else power})
