"""What a change of a unit's own values is compared with, on the page of the gate and by a back-test alike."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

from zhike.kernel.policy import inforce

from .models import Revision

State = Revision.State


def is_over(revision: Revision) -> bool:
    """Whether what it replaces lies in the past of the change: it was published, perhaps withdrawn again."""
    return revision.state in (State.PUBLISHED, State.WITHDRAWN)


def compared_on(revision: Revision, today: dt.date) -> dt.date:
    """The day whose figures stand on the other side.

    Of a change on its way it is the day from which it is to hold, so that what is approved for a day before counts;
    of a published one the day before its own, since from its day on the change itself, or a later one, is in force.
    """
    if is_over(revision) and revision.effective_on is not None:
        return revision.effective_on - dt.timedelta(days=1)
    return max(revision.effective_on or today, today)


def values_before(revision: Revision, today: dt.date) -> Mapping[str, str]:
    """The unit's own values that the change replaces, or would."""
    if is_over(revision) and (earlier := _same_day(revision)) is not None:
        return earlier.values
    rows = inforce.installations(revision.key)
    own = next((row for row in rows if row.unit_id == revision.unit_id), None)
    return own.on(compared_on(revision, today)) if own is not None else {}


def _same_day(revision: Revision) -> Revision | None:
    """A change that was published for the same day before this one: of a unit one is on its way at a time."""
    rows = Revision.objects.filter(
        key=revision.key,
        unit=revision.unit_id,
        state=State.PUBLISHED,
        effective_on=revision.effective_on,
        pk__lt=revision.pk,
    )
    return rows.order_by("-pk").first()
