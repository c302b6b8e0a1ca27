"""Duties for tests."""

from __future__ import annotations

import datetime as dt

from zhike.kernel.duties import actions
from zhike.kernel.duties.models import Duty

from .house import MONDAY, House


def a_duty(
    house: House,
    limit: str = "2工作小时",
    *,
    title: str = "答复",
    began_at: dt.datetime = MONDAY,
    owner: object = "an",
    **columns: object,
) -> Duty:
    """A duty of 安 about the unit, under the manual of the house: due at 12:00, warned at 11:30."""
    person = getattr(house, owner) if isinstance(owner, str) else owner
    draft = actions.Draft(
        kind="test.reply",
        title=title,
        owner=person,
        began_at=began_at,
        limit=limit,
        clause="一",
        version_id=house.version.pk,
        **columns,
    )
    return actions.open_duties([draft], subject=house.unit, unit_id=house.unit.pk, matter="酸奶过期")[0]


def fresh(duty: Duty) -> Duty:
    return Duty.objects.get(pk=duty.pk)
