"""What is new for one person, cheap enough to be asked every few seconds: one statement over indexes.

The answer carries an ETag; who asks with it gets 304 and no body as long as nothing has changed.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from typing import Any

from django.db.models import Count, IntegerField, Max, OuterRef, Q, Subquery, Value
from django.db.models.functions import Coalesce

from zhike.kernel.duties.models import Duty
from zhike.kernel.outbox.models import Message
from zhike.kernel.parties.held import held
from zhike.kernel.parties.models import Party

from .queries import owed_by

APPROVAL = Q(kind__startswith="approval.")


@held
def pulse(party: int, now: dt.datetime) -> dict[str, int]:
    """Numbers that change with whatever appears on the pages of one person. One statement."""
    duties = (
        Duty.objects.filter(owed_by(party, now), state=Duty.State.OPEN)
        .order_by()
        .annotate(one=Value(1))
        .values("one")
    )
    unread = Message.objects.filter(to=OuterRef("pk"), read_at=None).order_by().values("to")
    whole = IntegerField()

    def number(rows: Any, what: Any) -> Coalesce:
        return Coalesce(Subquery(rows.annotate(found=what).values("found"), output_field=whole), 0)

    found: Any = (
        Party.objects.filter(pk=party)
        .values()
        .annotate(
            owed=number(duties, Count("id", filter=~APPROVAL)),
            late=number(duties, Count("id", filter=~APPROVAL & Q(due_at__lt=now))),
            approvals=number(duties, Count("id", filter=APPROVAL)),
            newest=number(duties, Max("id")),
            unread=number(unread, Count("id")),
            told=number(unread, Max("id")),
        )
        .values("owed", "late", "approvals", "newest", "unread", "told")
        .get()
    )
    return dict(found)


def tag_of(found: dict[str, int]) -> str:
    """The ETag of these numbers."""
    return '"' + hashlib.sha256(repr(sorted(found.items())).encode()).hexdigest()[:20] + '"'
