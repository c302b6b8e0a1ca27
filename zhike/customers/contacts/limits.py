"""No pointless disturbance: how often a customer may be contacted unasked, as the manual says (R003-23)."""

from __future__ import annotations

import datetime as dt

from django.utils.translation import gettext as _

from zhike.customers.models import Customer
from zhike.kernel.policy import ask, inforce
from zhike.kernel.worktime import calendars

from .models import Interaction
from .questions import CONTACT_LIMIT


def refusal(customer: Customer, *, content_kind: str, now: dt.datetime) -> str:
    """Why the customer may not be contacted again with this content; "" where nothing stands against it.

    What counts are contacts that we began and that were no service matter, in the days before now. Every
    campaign asks this before it sends.
    """
    today = calendars.local_day(now, customer.unit_id)
    answer = inforce.find(CONTACT_LIMIT.name, customer.unit_id, today)
    if answer is None:
        return ""
    found = ask.decide(answer.manual, answer.table, {"内容": content_kind}, today)  # type: ignore[arg-type]
    if not found or found[0].outcome.get("次数") is None:
        return ""
    times, days = int(found[0].outcome["次数"]), int(found[0].outcome["天数"])
    made = (
        Interaction.objects.filter(customer=customer, is_incoming=False, at__gt=now - dt.timedelta(days=days))
        .exclude(content_kind=Interaction.Content.SERVICE)
        .count()
    )
    if made < times:
        return ""
    return _(
        "The customer was contacted %(made)d times in the last %(days)d days; at most %(times)d are allowed (clause %(clause)s)."
    ) % {"made": made, "days": days, "times": times, "clause": found[0].clause}
