"""What a visit is for, and the policies of the month that the visitor has read before it (R002-108, R002-110)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from zhike.kernel.parties.models import Party
from zhike.kernel.worktime import calendars
from zhike.manuals.information import actions as information
from zhike.visits import queries, questions
from zhike.visits.models import Visit

from ._common import CannotVisit, change, moment, ruled


@transaction.atomic
def prepare(
    *,
    visit: Visit,
    by: Party,
    now: dt.datetime,
    purposes: Sequence[str] | None = None,
    target: str | None = None,
    focus: str | None = None,
    content: str | None = None,
    channel: str | None = None,
    is_hard: bool | None = None,
    policies: Sequence[int] = (),
    policy_read: bool = False,
    seen: dt.datetime | None = None,
    at: dt.datetime | None = None,
) -> Visit:
    """What the visit is for; `None` leaves a column as it is.

    `policies` are the items of the month that were read, `policy_read` says that nothing is left unread of what was
    there when the list was `seen`, else now. Raises CannotVisit.
    """
    columns: dict[str, Any] = {}
    if purposes is not None:
        known = dict(ruled(visit, now).words(questions.PURPOSES))
        if known and not set(purposes) <= set(known):
            raise CannotVisit(_("Choose purposes from the list of the regulation."))
        columns["purposes"] = list(purposes)
    for name, value in (("target", target), ("focus", focus), ("content", content)):
        if value is not None:
            columns[name] = value.strip()
    if channel is not None:
        if channel not in Visit.Channel.values:
            raise CannotVisit(_("Choose how the customer is reached."))
        columns["channel"] = channel
    if is_hard is not None:
        columns["is_hard"] = is_hard
    if policies or policy_read:
        _read(visit, policies, by, moment(at, now), now)
    if policy_read and visit.policy_read_at is None:
        _nothing_left(visit, min(seen or now, now))
        columns["policy_read_at"] = moment(at, now)
    return change(visit, by=by, now=now, code="visits.prepared", **columns)


def _read(visit: Visit, policies: Sequence[int], by: Party, at: dt.datetime, now: dt.datetime) -> None:
    if by.pk != visit.manager_id:
        raise CannotVisit(_("Only the visitor confirms what the visitor has read."))
    for item in _of_month(visit, at):
        if item.pk in policies:
            information.read(item=item, by=by, now=at)


def _nothing_left(visit: Visit, seen: dt.datetime) -> None:
    left = [
        item.title for item in _of_month(visit, seen) if item.read_at is None and item.published_at <= seen
    ]
    if left:
        raise CannotVisit(_("Read first: %(titles)s.") % {"titles": _(", ").join(left)})


def _of_month(visit: Visit, at: dt.datetime) -> list[Any]:
    kinds = [code for code, _label in ruled(visit, at).words(questions.POLICIES)]
    return queries.policies(visit.manager, calendars.local_day(at, visit.unit_id), kinds)
