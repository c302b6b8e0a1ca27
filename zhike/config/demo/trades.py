"""The other trades of the group under their own complaint regulations: people, calendars, and cases worked by owners."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from decimal import Decimal
from functools import partial

from django.db import transaction

from zhike.complaints import actions
from zhike.complaints.models import Complaint, Grant
from zhike.complaints.questions import JUDGING
from zhike.complaints.regime import Regime, regime_of
from zhike.kernel.parties.models import Party
from zhike.kernel.procedures import stages
from zhike.kernel.procedures.stages import WrongStage
from zhike.kernel.worktime import arithmetic, calendars
from zhike.people import actions as people

from .enterprise import LIBRARY, House, place_staff
from .mall import Play
from .signing import introduce
from .stories import GIVEN, NAMES
from .trade_stories import SAID, STORIES, Story

WEEK = ("mon", "tue", "wed", "thu", "fri")


@dataclass(frozen=True)
class Trade:
    """One company: `staff` are post and name, the first takes the complaints, who holds `keeper` writes its rules."""

    code: str
    manual: str
    calendar: str
    keeper: str
    hours: list[list[str]]
    staff: list[tuple[str, str]]
    stories: list[Story] = field(default_factory=list)


TRADES = [
    Trade(
        "factory",
        "mfg-complaints",
        "工厂日历",
        "MARKETING_HEAD",
        [["08:30", "12:00"], ["13:00", "17:30"]],
        [
            ("MARKETING_CLERK", "安知微"),
            ("GENERAL_MANAGER", "傅承远"),
            ("MARKETING_VICE_GM", "黎书礼"),
            ("MANAGEMENT_REPRESENTATIVE", "孔令仪"),
            ("MARKETING_HEAD", "江望川"),
            ("DEPARTMENT_HEAD", "雷振邦"),
            ("QUALITY_HEAD", "岑若水"),
            ("QUALITY_ENGINEER", "闻人杰"),
            ("SALES_REPRESENTATIVE", "祝南星"),
        ],
        STORIES["factory"],
    ),
    Trade(
        "fruit",
        "fruit-complaints",
        "市场日历",
        "GENERAL_OFFICE",
        [["08:00", "12:00"], ["13:00", "17:00"]],
        [
            ("P002-21", "柳如烟"),
            ("GENERAL_MANAGER", "汪承海"),
            ("CHAIRMAN", "汪镇山"),
            ("GENERAL_OFFICE", "钟毓秀"),
            ("SHOP_HEAD", "马千里"),
            ("DEPARTMENT_HEAD", "褚卫国"),
        ],
        STORIES["fruit"],
    ),
    Trade(
        "car",
        "car-complaints",
        "客户中心日历",
        "CUSTOMER_CENTRE",
        [["09:00", "12:00"], ["13:00", "18:00"]],
        [
            ("CUSTOMER_CENTRE", "裴文澜"),
            ("GENERAL_MANAGER", "滕光远"),
            ("DEALER", "卓一鸣"),
            ("TECHNICAL_SUPPORT", "樊正工"),
        ],
        STORIES["car"],
    ),
    Trade(
        "enterprise",
        "enterprise-complaints",
        "公司日历",
        "PRODUCTION_CONTROL",
        [["08:00", "12:00"], ["13:00", "17:00"]],
        [
            ("BUSINESS_HANDLER", "施晓彤"),
            ("GENERAL_MANAGER", "戚远山"),
            ("PRODUCTION_CONTROL", "卢静姝"),
            ("QUALITY_HEAD", "尹正清"),
            ("MANUFACTURING_HEAD", "雷大力"),
            ("DEPARTMENT_HEAD", "莫怀远"),
        ],
        STORIES["enterprise"],
    ),
    Trade(
        "pharma",
        "pharma-complaints",
        "后勤日历",
        "BACK_OFFICE_HEAD",
        [["08:30", "12:00"], ["13:30", "17:30"]],
        [
            ("BACK_OFFICE", "甘晓芙"),
            ("GENERAL_MANAGER", "严守诚"),
            ("BACK_OFFICE_HEAD", "支慧敏"),
            ("AREA_MANAGER", "巩立群"),
            ("REGION_MANAGER", "臧海川"),
            ("MARKETING_DIRECTOR", "叶知秋"),
            ("QUALITY_HEAD", "单明远"),
        ],
        STORIES["pharma"],
    ),
]


def settle(house: House, since: dt.datetime) -> None:
    """Place the people, open the calendars, install the regulations."""
    for trade in TRADES:
        unit = house.units[trade.code]
        for post, name in trade.staff:
            place_staff(house, trade.code, post, [name], unit, since)
        calendar = people.open_calendar(unit=unit, name=trade.calendar, by=None, now=since)
        people.set_week(calendar=calendar, week=dict.fromkeys(WEEK, trade.hours), by=None, now=since)
        text = (LIBRARY / f"{trade.manual}.md").read_text(encoding="utf-8")
        by = house.staff[trade.code, trade.keeper][0]
        introduce(house, text=text, unit=unit, code=trade.code, by=by, now=since)


def enter(stage: Play, *, each: int, days: int) -> None:
    """Let `each` complaints come in at every company, spread over the days up to the end."""
    for trade in TRADES:
        calendar = calendars.calendar_for(stage.house.units[trade.code].pk)
        for number in range(each):
            story = trade.stories[number % len(trade.stories)]
            moment = stage.end - dt.timedelta(days=days * (each - number - 0.7) / each)
            stage.at(arithmetic.next_open(calendar, moment), partial(_open, stage, trade, story))


def _open(stage: Play, trade: Trade, story: Story, now: dt.datetime) -> None:
    dice = stage.dice
    taker = stage.house.staff[trade.code, trade.staff[0][0]][0]
    complaint = actions.register(
        unit=stage.house.units[trade.code],
        by=taker,
        now=now,
        name=dice.choice(GIVEN) + dice.choice(NAMES),
        phone=f"1{dice.choice('3579')}{dice.randint(100000000, 999999999)}",
        channel=story.channel,
        text=story.text,
        demand=story.demand,
        item=story.item,
        circumstances=list(story.circumstances) or None,
        more=dict(story.more),
    )
    _go_on(stage, trade, complaint.pk, now)


def _go_on(stage: Play, trade: Trade, pk: int, now: dt.datetime) -> None:
    """The next step some working hours later."""
    calendar = calendars.calendar_for(stage.house.units[trade.code].pk)
    hours = stage.dice.choice([0.3, 0.6, 1, 2, 4, 8, 20])
    moment = arithmetic.next_open(calendar, now + dt.timedelta(hours=hours)) + dt.timedelta(
        minutes=stage.dice.randint(1, 30)
    )
    stage.at(moment, partial(_step, stage, trade, pk))


def _step(stage: Play, trade: Trade, pk: int, now: dt.datetime) -> None:
    complaint = Complaint.objects.get(pk=pk)
    owner = _owner(complaint)
    if not complaint.is_open or owner is None:
        return
    kind = complaint.stage_kind
    regime = regime_of(complaint)
    here = regime.stage(complaint.stage)
    label = regime.decided_in(here) if here is not None else ""
    sent_back = kind == "review" and stage.dice.random() < 0.3
    luck = stage.dice.random()
    decision = {"退回": sent_back, "未解决": luck < 0.1}.get(label, luck < 0.5)
    try:
        with transaction.atomic():
            if not _money(complaint, regime, owner, now):
                actions.record_step(
                    complaint=complaint,
                    kind=kind,
                    text=stage.dice.choice(SAID["back" if decision and label == "退回" else kind]),
                    by=owner,
                    now=now,
                    decision=decision if label else None,
                )
    except (actions.CannotStep, WrongStage):
        return
    _go_on(stage, trade, pk, now)


def _money(complaint: Complaint, regime: Regime, owner: Party, now: dt.datetime) -> bool:
    """Applies for what the next stage decides, and decides it there; whether the stage was left by that."""
    grant = complaint.grants.order_by("-pk").first()
    if actions.waits_for_decision(complaint, regime) and grant is not None:
        granted = grant.asked * 4 // 5
        actions.decide_grant(
            grant=grant, agree=True, opinion="确属质量问题，按八成结算", amount=granted, by=owner, now=now
        )
        return True
    cost = complaint.more.get("repair_cost", "")
    if (
        complaint.stage_kind == "solution"
        and grant is None
        and cost
        and complaint.more.get("special_case") == "是"
    ):
        actions.ask_grant(
            complaint=complaint, kind=Grant.Kind.SPECIAL_CASE, amount=Decimal(cost) * 2 // 5, cost=Decimal(cost),
            reason="过保三个月，确认为产品质量原因", by=owner, now=now,
        )  # fmt: skip
        complaint.refresh_from_db()
    return False


def _owner(complaint: Complaint) -> Party | None:
    """Whoever owes the stage; of several who may judge, one who has not written the step before."""
    last = complaint.steps.order_by("-at", "-id").first()
    barred = last.by_id if last is not None and complaint.stage_kind in JUDGING else None
    owners = [duty.owner for duty in stages.owed(complaint) if duty.owner is not None]
    return next((owner for owner in owners if owner.pk != barred), None)
