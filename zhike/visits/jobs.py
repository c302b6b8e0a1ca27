"""What the watch asks for once a day: plans of next week drafted ahead, return visits owed after kept promises."""

from __future__ import annotations

import datetime as dt

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop, override

from zhike.customers.models import Customer, Promise
from zhike.kernel.duties import actions as duties
from zhike.kernel.duties.models import Duty
from zhike.kernel.parties.models import Party
from zhike.kernel.parties.scope import EVERYTHING
from zhike.people.models import business_day

from . import actions, queries, rules
from .models import WeekPlan

RETURN = "visits.return"
RETURN_TITLE = gettext_noop("Return visit after a promise that was kept")


def daily(now: dt.datetime) -> dict[str, int]:
    """All of it; done again on the same day it changes nothing more."""
    return {"plans": draft_plans(now=now), "returns": owe_returns(now=now)}


def draft_plans(*, now: dt.datetime) -> int:
    """From Wednesday on the plan of next week stands, so that setting and printing it is owed (R004-10)."""
    today = business_day(now)
    monday = today + dt.timedelta(days=7 - today.weekday())
    if today.weekday() < 2:
        return 0
    owners = Customer.objects.filter(state=Customer.State.ACTIVE).exclude(owner=None).order_by()
    planned = WeekPlan.objects.filter(monday=monday).values("manager")
    waiting = Party.objects.filter(pk__in=owners.values("owner").distinct()).exclude(pk__in=planned)
    made = 0
    for manager in waiting:
        if manager.unit_id is None or not rules.exist_at(manager.unit_id, now):
            continue
        try:
            actions.plan_week(manager=manager, unit=manager.unit_id, monday=monday, by=None, now=now)
        except actions.CannotVisit:  # a week without working days
            continue
        made += 1
    return made


def owe_returns(*, now: dt.datetime) -> int:
    """A promise of a visit was kept: its keeper owes a return visit (R002-137). Once for each promise."""
    owed = Duty.objects.filter(kind=RETURN, subject_label=Promise._meta.label).values("subject_id")
    made = 0
    for promise in queries.returns_due(EVERYTHING).exclude(pk__in=owed):
        try:
            limit, clause = rules.rules_at(promise.unit_id, now).limit("RETURN")
        except rules.NoRegulation:
            continue
        with override("zh-hans"):
            title = _(RETURN_TITLE)
        draft = duties.Draft(
            RETURN,
            title,
            promise.keeper,
            promise.ended_at or now,
            limit,
            title_en=RETURN_TITLE,
            clause=clause,
        )
        duties.open_duties(
            [draft],
            subject=promise,
            unit_id=promise.unit_id,
            matter=promise.customer.name,
            customer_id=promise.customer_id,
            secrecy=promise.customer.secrecy,
        )
        made += 1
    return made


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
