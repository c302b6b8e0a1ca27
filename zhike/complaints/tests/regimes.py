"""A company with the posts that its regulation names, and complaints worked by whoever owes the stage."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from importlib import resources
from typing import Any

from django.db.models import Model

from zhike.complaints import actions, more_fields, questions
from zhike.complaints.models import Complaint
from zhike.complaints.regime import regime_at, regime_of
from zhike.kernel.duties.models import Duty
from zhike.kernel.parties import subjects
from zhike.kernel.parties.models import Party, Unit
from zhike.kernel.procedures import stages
from zhike.manuals import actions as manuals
from zhike.people.models import User
from zhike.people.tests.factories import MONDAY, a_company, a_user, appoint

# The posts that the regulations name, beside the one that registers.
FRUIT = ["CHAIRMAN", "GENERAL_MANAGER", "GENERAL_OFFICE", "DEPARTMENT_HEAD", "SHOP_HEAD"]
CAR = ["GENERAL_MANAGER", "TECHNICAL_SUPPORT", "DEALER"]
FACTORY = [
    "GENERAL_MANAGER", "MARKETING_VICE_GM", "MANAGEMENT_REPRESENTATIVE", "MARKETING_HEAD", "DEPARTMENT_HEAD",
    "QUALITY_HEAD", "QUALITY_ENGINEER", "SALES_REPRESENTATIVE",
]  # fmt: skip
ENTERPRISE = ["GENERAL_MANAGER", "QUALITY_HEAD", "MANUFACTURING_HEAD", "DEPARTMENT_HEAD", "BUSINESS_HANDLER"]
PHARMA = [
    "GENERAL_MANAGER", "MARKETING_DIRECTOR", "REGION_MANAGER", "AREA_MANAGER", "BACK_OFFICE_HEAD", "BACK_OFFICE",
    "QUALITY_HEAD",
]  # fmt: skip
SURNAMES = "安白陈杜范高韩江孔林马倪欧潘秦任沈唐魏夏杨周"


@dataclass
class House:
    """One company under one regulation: `house["QUALITY_HEAD"]` is the user who holds the post."""

    unit: Unit
    people: dict[str, User] = field(default_factory=dict)

    def __getitem__(self, post: str) -> User:
        return self.people[post]


def a_house(manual: str, posts: Iterable[str], *, taker: str = "MARKETING_CLERK") -> House:
    """A company with one holder for each post, and the shipped regulation in force."""
    house = House(a_company("恒远公司", code="house"))
    for place, post in enumerate(dict.fromkeys([taker, *posts])):
        user = a_user(f"{SURNAMES[place]}{place}", username=f"person{place}", unit=house.unit)
        appoint(user, post, house.unit)
        house.people[post] = user
    house.people["taker"] = house[taker]
    text = resources.files("zhike.manuals").joinpath(f"library/{manual}.md").read_text("utf-8")
    manuals.publish_and_install(
        text=text, unit=house.unit, by=house[taker].party, now=MONDAY, roles=questions.ROLES
    )
    return house


def opened(house: House, *, now: dt.datetime = MONDAY, **given: Any) -> Complaint:
    """Registered by the taker, with something in every field that the regulation wants filled."""
    regime = regime_at(house.unit.pk, now)
    item = given.get("item", "")
    held = {regime.name_of(questions.ITEMS, item), regime.name_of(questions.GROUPS, regime.group_of(item))}
    more = dict(given.pop("more", {}))
    wanted = more_fields.missing(regime, more, held)
    more |= {row.word.code: something(row, regime) for row in regime.fields if row.word.name in wanted}
    return actions.register(
        **{
            "unit": house.unit,
            "channel": "PHONE",
            "text": "收到的一批零件尺寸不对。",
            "by": house["taker"].party,
            "now": now,
            "more": more,
            **given,
        }
    )


def something(row: Any, regime: Any) -> str:
    kind, list_name = more_fields.kind_of(row)
    if kind in {"选项", "多选"}:
        return str(regime.words(list_name)[0].code)
    return {"是否": "是", "日期": "2026-03-01", "数字": "1", "金额": "1"}.get(kind, "有")


def owner_of(complaint: Complaint) -> Party:
    """Who owes the stage in which the complaint stands."""
    found = stages.owed(complaint)
    assert found, complaint.stage
    assert found[0].owner is not None, found[0].owner_post
    return found[0].owner


def step(
    complaint: Complaint, *, now: dt.datetime = MONDAY, decision: bool | None = None, **more: Any
) -> str:
    """The owner of the stage writes it down; the stage that is due afterwards, "" at the end."""
    regime = regime_of(complaint)
    here = regime.answer.table.stage(complaint.stage)
    if decision is None and regime.decided_in(here):
        decision = False
    actions.record_step(
        complaint=complaint,
        kind=complaint.stage_kind,
        text=f"{complaint.stage}:已办",
        by=more.pop("by", None) or owner_of(complaint),
        now=now,
        decision=decision,
        **more,
    )
    return complaint.stage


def walked(
    complaint: Complaint,
    *,
    until: str = "",
    now: dt.datetime = MONDAY,
    back: Mapping[str, bool] | None = None,
) -> list[str]:
    """Every stage in order up to `until`, or to the end; the names of the stages that were done."""
    done = []
    while complaint.is_open and complaint.stage != until:
        done.append(complaint.stage)
        step(complaint, now=now, decision=(back or {}).get(complaint.stage))
    return done


def limits(complaint: Complaint) -> dict[str, dt.datetime | None]:
    """Open duties by kind, without the stages'."""
    rows = Duty.objects.open().filter(**subjects.key(complaint)).exclude(title=complaint.stage)
    return {row.kind.removeprefix("complaint."): row.due_at for row in rows}


def duty_of(row: Model, kind: str) -> Duty:
    """The last duty of a kind that somebody has about it."""
    return Duty.objects.filter(**subjects.key(row), kind=kind).latest("pk")
