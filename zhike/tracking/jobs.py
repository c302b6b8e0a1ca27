"""What the watch asks for once a day: greetings ahead of time, plans after deals and new grades, risk of leaving."""

from __future__ import annotations

import datetime as dt

from zhike.customers.models import Milestone
from zhike.kernel.parties.system import system_party
from zhike.people.models import business_day

from . import actions
from .actions._plans import follow_grades
from .models import Plan


def daily(now: dt.datetime) -> dict[str, int]:
    """All of it; done again on the same day it changes nothing more."""
    if not Plan.objects.exists() and not Milestone.objects.exists():
        return {"deals": actions.after_deals(now=now)}
    followed = follow_grades(
        plans=Plan.objects.filter(resting="", customer__state="ACTIVE")
        .select_related("customer__owner")
        .iterator(chunk_size=1000),
        by=system_party("system"),
        now=now,
    )
    return {
        "let_go": actions.let_go(by=system_party("system"), now=now),
        "deals": actions.after_deals(now=now),
        "followed": followed,
        "greetings": actions.greet(now=now),
        "at_risk": actions.look_for_churn(now=now),
    }


class Daily:
    """Once a day, at the first look after midnight."""

    def __init__(self) -> None:
        self.done: dt.date | None = None

    def __call__(self, now: dt.datetime) -> bool:
        if self.done == business_day(now):
            return False
        self.done = business_day(now)
        daily(now)
        return True


DAILY = Daily()
