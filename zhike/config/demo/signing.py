"""How a regulation comes into force in the demonstration: by three hands, and read by those who work by it."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from zhike.kernel.parties.models import Party, Unit
from zhike.kernel.policy.models import ManualVersion
from zhike.kernel.procedures import approvals
from zhike.manuals import actions, queries
from zhike.people.models import business_day

if TYPE_CHECKING:
    from .enterprise import House

HOUR = dt.timedelta(hours=1)
WHY = "首次发布。"


def introduce(
    house: House, *, text: str, unit: Unit, code: str, by: Party, now: dt.datetime
) -> ManualVersion:
    """The first version of a regulation for a unit of the company `code`: prepared there, reviewed by the group's
    director of customer service, approved by the company's general manager, read within the day.
    """
    reviewer, approver = house.staff["group", "P002-01"][0], house.staff[code, "GENERAL_MANAGER"][0]
    revision = actions.begin_new(text=text, by=by, now=now, install_at=unit)
    approval = actions.hand_in(
        revision=revision, reviewer=reviewer, reason=WHY, effective_on=None, by=by, now=now
    )
    for person in (reviewer, approver):
        approval.refresh_from_db()
        approvals.decide(approval=approval, decision="YES", opinion="同意。", by=person, now=now)
    version = ManualVersion.objects.get(key=revision.key, number=1)
    for party in queries.readers(version, business_day(now)):
        actions.confirm_reading(version=version, by=party, now=now + HOUR)
    return version
