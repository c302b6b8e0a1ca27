"""Complaints for tests, made and worked by the actions, around the standing cast."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.test import Client

from zhike.complaints import actions
from zhike.complaints.models import Complaint, Fault
from zhike.kernel.parties.models import Party
from zhike.manuals import actions as manuals
from zhike.people.models import Deputy, User
from zhike.people.tests.factories import CHINA, MONDAY

TEXT = "买到过期酸奶,36 元,要找店长。"
RECORDS = {
    "cause": "冷柜断电",
    "details": "四杯,批号 L0920",
    "solution": "退一赔十",
    "execution": "已赔付",
    "summary": "冷柜加装断电报警",
}
EARLY = {"cause", "details"}


def a_complaint(people: Any, **given: Any) -> Complaint:
    """A complaint of the south store, of no class and no value unless given; the supervisor's then."""
    return actions.register(
        **{
            "unit": people.south,
            "channel": "COUNTER",
            "text": TEXT,
            "by": people.taker.party,
            "now": MONDAY,
            **given,
        }
    )


def worked(complaint: Complaint, *, until: str = "", now: dt.datetime = MONDAY, **more: Any) -> Complaint:
    """Take the steps in order by whose they are, up to the stage `until`; to the end if there is none."""
    while complaint.is_open and complaint.stage_kind != until:
        kind = complaint.stage_kind
        by = complaint.taker if kind in EARLY else complaint.handler
        given = more if kind == "solution" else {}
        actions.record_step(complaint=complaint, kind=kind, text=RECORDS[kind], by=by, now=now, **given)
    return complaint


def a_fault(people: Any, person: Party | None = None, offence: str = "COMPLAINED_OF", **given: Any) -> Fault:
    """A confirmed finding of the manager about the employee at the cash desk, on its day at the earliest."""
    ahead = max(dt.timedelta(0), given.get("happened_on", MONDAY.date()) - MONDAY.date())
    return actions.record_fault(
        **{
            "person": person or people.employee.party,
            "offence": offence,
            "confirmed": True,
            "evidence": "监控",
            "by": people.manager.party,
            "now": MONDAY + ahead,
            "unit": people.south,
            **given,
        }
    )


def away(absent: User, deputy: User, days: int = 3) -> Deputy:
    """One person is away from Monday on, another stands in."""
    start = MONDAY - dt.timedelta(hours=1)
    return Deputy.objects.create(
        absent=absent.party, deputy=deputy.party, away_from=start, away_to=start + dt.timedelta(days=days)
    )


def browser(user: User, language: str = "zh-hans", **headers: str) -> Client:
    """A browser in which this person is signed in."""
    client = Client(headers={"Accept-Language": language, **headers})
    client.force_login(user)
    return client


def at(day: int, hour: int, minute: int = 0, month: int = 3) -> dt.datetime:
    """A moment of 2026 in China."""
    return dt.datetime(2026, month, day, hour, minute, tzinfo=CHINA)


def state_of(complaint: Complaint) -> dict[str, Any]:
    """Every column as the database has it: to see that a refusal has changed nothing."""
    return Complaint.objects.filter(pk=complaint.pk).values().get()


def set_values(people: Any, unit: Any, **values: str) -> None:
    """The store's own values of parameters of the manual."""
    manuals.set_parameters(
        key="mall-complaints", unit=unit, values=values, by=people.administrator.party, now=MONDAY
    )
