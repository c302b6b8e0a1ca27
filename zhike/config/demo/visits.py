"""The week of a customer manager at the tobacco company: weeks of visits, a plan under way, the next one drafted."""

from __future__ import annotations

import datetime as dt
import struct
import zlib
from decimal import Decimal
from itertools import pairwise
from typing import Any

from django.core.files.base import ContentFile

from zhike.complaints.questions import ROLES
from zhike.kernel.parties.models import Party, Unit
from zhike.kernel.policy.models import Installation, ManualVersion
from zhike.kernel.worktime import calendars
from zhike.manuals import actions as manuals
from zhike.manuals.information import actions as information
from zhike.manuals.models import Information
from zhike.people.requests import actions as requests
from zhike.visits import actions, demands, rules
from zhike.visits.models import Problem, Visit, WeekPlan
from zhike.visits.questions import FINDINGS, GIVEN

from . import reception, routes
from .enterprise import LIBRARY, House

DAY = dt.timedelta(days=1)
HOUR = dt.timedelta(hours=1)
PLACES = {
    "tobacco": ("shop-visits", "first-visits", "reception", "work-platform"),
    "enterprise": ("customer-visits", "reception", "work-platform"),
}
BACK = 1  # weeks of visits before this one
NEWS = [
    ("MARKET", "SALES", "中档烟走得快，细支比上月多卖两成"),
    ("MARKET", "SUPPLY", "紧俏规格只够卖三天"),
    ("MARKET", "ILLEGAL", "对面小摊有人低价卖整条，没有打码"),
    ("MARKET", "EVENTS", "门口修路，客流少三成，预计下月通车"),
    ("MARKET", "PRICE", "一种规格市面低于指导价"),
    ("RECORD", "SUGGESTION", "希望送货提早到上午"),
    ("RECORD", "EVALUATION", "陈列评分偏低，答应整改"),
    ("BOOK", "PROFIT", "本月毛利比上月多 320 元"),
    ("BOOK", "GUIDANCE", "每周二、周五补货，畅销规格放第一层"),
]
TROUBLE = [
    ("SUPPLY", "紧俏规格缺货，顾客去了别家", False, False, False),
    ("DELIVERY", "少送一条，要求补上", True, True, False),
    ("DEVICE", "扫码枪连不上网", True, False, False),
    ("QUALITY", "一条烟受潮，顾客要退", False, False, True),
    ("POLICY", "问整倍数订货能不能放宽", False, False, False),
]
OTHERS = ("SUPPLY", "POLICY")  # kinds of problems for which another department is asked
POLICIES = [
    (
        "MONTH_POLICY",
        "当月销售政策",
        "紧俏规格按客户类别分配，上门时说明本月额度。账期不变，样品借用不超过七天。",
        50,
    ),
    ("PROMOTION", "新品推广", "新品前两个月按进货额返 3%,陈列或试用并拍照的再返 1%。", 40),
]
ADVICE = [
    ("DISPLAY", "第二层有空位", "补货不及时", "按销量分层，畅销的放视线高度", "DISPLAY", 20),
    ("ONLINE", "不会改订单", "上次换了手机", "在手机上一步一步做了一遍", "ONLINE", 25),
    ("PRICES", "两种没有标价签", "标签掉了", "补齐标价签", "PRICES", 10),
    ("STOCK", "高档烟压货六条", "订货凭感觉", "按近四周平均销量订货", "", 15),
]


def fill(house: House, now: dt.datetime) -> None:
    for code, keys in PLACES.items():
        unit = house.units[code]
        head = house.staff[code, "P002-02"][0]
        for key in keys:
            _in_force(key, unit, head, now - 100 * DAY)
        manager = house.staff[code, "CUSTOMER_MANAGER"][0]
        _policies(unit, head, now)
        if code == "tobacco":
            routes.place(unit, manager, now - 30 * DAY)
        _weeks(unit, manager, now, back=BACK if code == "tobacco" else 0)
        if code == "tobacco":
            routes.open_shops(unit, manager, now)
            routes.propose(unit, manager, now)
    _open_matters(house.staff["tobacco", "CUSTOMER_MANAGER"][0], now)
    reception.fill(house, now)


def _in_force(key: str, unit: Unit, by: Party, now: dt.datetime) -> None:
    """Published with the first company that uses it, installed with every other."""
    if Installation.objects.filter(key=key, unit=unit).exists():
        return
    if ManualVersion.objects.filter(key=key).exists():
        manuals.install(key=key, unit=unit, by=by, now=now)
        return
    text = (LIBRARY / f"{key}.md").read_text(encoding="utf-8")
    manuals.publish_and_install(text=text, unit=unit, by=by, now=now, roles=ROLES)


def _policies(unit: Unit, head: Party, now: dt.datetime) -> None:
    for kind, title, body, days in POLICIES:
        at = now - days * DAY
        on = calendars.local_day(at, unit.pk)
        row = information.draft(unit=unit, kind=kind, title=title, body=body, valid_from=on, by=head, now=at)
        information.publish(item=row, by=head, now=at)


def _weeks(unit: Unit, manager: Party, now: dt.datetime, *, back: int) -> None:
    today = calendars.local_day(now, unit.pk)
    this = today - dt.timedelta(days=today.weekday())
    for week in range(-back, 2):
        monday = this + 7 * week * DAY
        if not actions.working_days(unit.pk, monday):
            continue
        zone = calendars.calendar_for(unit.pk).zone
        made = min(now, dt.datetime.combine(monday - 3 * DAY, dt.time(15), tzinfo=zone))
        plan = WeekPlan.objects.filter(manager=manager, monday=monday).first()
        plan = plan or actions.plan_week(manager=manager, unit=unit.pk, monday=monday, by=manager, now=made)
        if week <= 0:
            _release(plan, manager, made)
            _live(plan, manager, now)


def _release(plan: WeekPlan, manager: Party, now: dt.datetime) -> None:
    """Purpose and target for every visit, then set and printed."""
    for visit in plan.visits.filter(target=""):
        actions.prepare(visit=visit, by=manager, now=now, focus="常规拜访", target="了解销售，传递政策")
    if rules.rules(plan.unit_id, plan.monday).words("拜访目的"):
        for visit in plan.visits.all():
            actions.prepare(visit=visit, by=manager, now=now, purposes=["NEEDS", "RELATION"])
    actions.set_plan(plan=plan, by=manager, now=now)
    actions.printed(plan=plan, by=manager, now=now)


def _live(plan: WeekPlan, manager: Party, now: dt.datetime) -> None:
    zone = calendars.calendar_for(plan.unit_id).zone
    for visit in plan.visits.filter(state=Visit.State.PLANNED).select_related("customer"):
        begin = dt.datetime.combine(visit.planned_on, dt.time(9), tzinfo=zone) + visit.order * 100 * HOUR / 60
        if begin + HOUR > now:
            if begin <= now:
                _arrived(visit, manager, begin)
            continue
        if visit.pk % 9 == 4:
            actions.skip(visit=visit, reason="店主外出进货，电话改约", by=manager, now=begin)
            continue
        _visit(visit, manager, begin, late=visit.pk % 7 == 3 and begin + DAY < now)


def _arrived(visit: Visit, manager: Party, at: dt.datetime) -> None:
    actions.start(visit=visit, by=manager, now=at)
    actions.arrive(visit=visit, by=manager, now=at, **_place(visit))


def _place(visit: Visit) -> dict[str, Any]:
    found = visit.customer.addresses.first()
    if found is None or found.latitude is None:
        return {"why": "店内没有信号"}
    return {"latitude": found.latitude, "longitude": found.longitude, "accuracy": 12}


def _visit(visit: Visit, manager: Party, at: dt.datetime, *, late: bool) -> None:
    """Everything that the regulation asks for, with the news of this shop."""
    given: dict[str, Any] = {"visit": visit, "by": manager, "now": at + HOUR / 2}
    _arrived(visit, manager, at)
    month = Information.objects.filter(unit=visit.unit_id).values_list("pk", flat=True)
    actions.prepare(**given, content="新政策、促销信息", policies=list(month), policy_read=True)
    actions.host(
        **given, name=f"{visit.customer.name[0]}老板", position="店主", decides=True, persons=1, cards=1
    )
    group, kind, text = NEWS[visit.pk % len(NEWS)]
    found = rules.rules(visit.unit_id, visit.planned_on)
    if kind in dict(found.words(FINDINGS[group])):
        actions.note_finding(**given, group=group, kind=kind, text=text)
    if visit.pk % 3 == 0:
        _trouble(visit, manager, at + HOUR / 2)
    if found.words(GIVEN["ITEM"]) and visit.pk % 2:
        actions.give(**given, group="ITEM", topic="PRICE_TAGS", quantity=20)
    if found.words(GIVEN["POLICY"]) and visit.pk % 4 == 1:
        actions.give(**given, group="POLICY", topic="BANK_CARD", text="结算用卡的好处", accepted=visit.pk % 8 == 1, objection="取现有手续费", handling="说明结算不收费")  # fmt: skip
    if visit.pk % 3:
        actions.judge(**given, satisfaction=3 + visit.pk % 3, remark="服务周到" if visit.pk % 2 else "")
    _asked(visit, found, given)
    actions.leave(**{**given, "now": at + HOUR / 2})
    actions.close(visit=visit, by=manager, now=at + HOUR + (DAY if late else 0 * DAY))


def _trouble(visit: Visit, manager: Party, at: dt.datetime) -> None:
    kind, text, mine, once, urgent = TROUBLE[visit.pk // 3 % len(TROUBLE)]
    known = dict(rules.rules(visit.unit_id, visit.planned_on).words("问题种类"))
    actions.raise_problem(
        visit=visit, text=text, kind=kind if kind in known else "PROBLEM", by=manager, now=at, in_authority=mine,
        at_once=once, urgent=urgent, needs_others=kind in OTHERS, answer="当场补上" if once else "", reply_by=at + 2 * DAY,
    )  # fmt: skip


def _asked(visit: Visit, found: rules.Rules, given: dict[str, Any]) -> None:
    """What is still missing is answered: checks, lists, guidance, signature, next date."""
    for missing in demands.missing(visit, found):
        name = missing.demand.list
        codes = [code for code, _label in found.words(name or "指导方面")]
        match missing.demand.code:
            case "CHECKS":
                actions.check(
                    **given,
                    list=name,
                    answers={code: (visit.pk + n) % 11 > 0 for n, code in enumerate(codes)},
                )
            case "FINDINGS":
                actions.nothing_new(**given, group=next(key for key, one in FINDINGS.items() if one == name))
            case "PROBLEMS":
                actions.no_problem(**given)
            case "GIVEN":
                actions.give(
                    **given,
                    group=next(key for key, one in GIVEN.items() if one == name),
                    topic=codes[visit.pk % len(codes)],
                )
            case "GUIDED":
                _guide(visit, codes, given)
            case "MINUTES":
                actions.guide(**given, aspect=codes[0], text="分品种记账，按周看销量", minutes=60)
            case "SATISFACTION":
                actions.judge(
                    **given, satisfaction=3 + visit.pk % 3, remark="服务周到" if visit.pk % 2 else ""
                )
            case "REPORT":
                actions.report(
                    **given, text="客户经营正常，有意增加一条生产线，下月询价。", cost=Decimal(120)
                )
            case "SIGNATURE":
                actions.sign(**given, file=_ink(visit.pk), signer=visit.host, strokes=STROKES)
            case "NEXT":
                on = visit.planned_on + 7 * (1 + visit.pk % 2) * DAY
                actions.set_next(**given, on=max(on, calendars.local_day(given["now"], visit.unit_id) + DAY))
            case "FOCUS" | "PURPOSE":
                actions.prepare(**given, focus="常规拜访", target="了解销售", content="新政策")


def _guide(visit: Visit, codes: list[str], given: dict[str, Any]) -> None:
    for code in codes:
        told = next((one for n, one in enumerate(ADVICE) if one[0] == code and (visit.pk + n) % 3 == 0), None)
        if told is None:
            actions.guide(**given, aspect=code, is_fine=True)
            continue
        _code, found, cause, advice, shown, minutes = told
        made = actions.guide(
            **given,
            aspect=code,
            finding=found,
            cause=cause,
            text=advice,
            demonstration=shown,
            minutes=minutes,
        )
        if visit.pk % 4 == 0:
            actions.note_effect(guidance=made, effect="两周后复查，已做到", by=given["by"], now=given["now"])


def _open_matters(manager: Party, now: dt.datetime) -> None:
    """Some answers were given, in time or late; one waits."""
    rows = (
        Problem.objects.filter(state=Problem.State.OPEN, visit__manager=manager)
        .order_by("at")
        .select_related("request__owner")
    )
    for place, problem in enumerate(rows):
        assert problem.reply_by is not None
        at = problem.reply_by + (DAY if place % 3 == 2 else -4 * HOUR)
        if problem.request is not None and at < now:
            requests.answer(
                request=problem.request,
                text="下次送货补齐，额度表随车带到",
                by=problem.request.owner,
                now=at - HOUR,
            )
        if at < now and place % 4 != 3:
            actions.answer_problem(
                problem=problem, answer="已与配送部门核实，下次送货补齐", by=manager, now=at
            )


STROKES = [[[0.08, 0.3], [0.3, 0.75]], [[0.3, 0.2], [0.22, 0.8]], [[0.45, 0.3], [0.7, 0.35], [0.55, 0.8]], [[0.8, 0.2], [0.92, 0.8]]]  # fmt: skip


def _ink(number: int) -> ContentFile[bytes]:
    """A signature as a picture: the strokes in dark ink on white."""
    wide, high = 320, 120
    rows = [bytearray(b"\xff" * wide) for _ in range(high)]
    for stroke in STROKES:
        for (ax, ay), (bx, by) in pairwise(stroke):
            for step in range(200):
                x = int((ax + (bx - ax) * step / 200) * wide) + number % 7
                y = int((ay + (by - ay) * step / 200) * high)
                for dx in range(3):
                    rows[min(high - 1, y)][min(wide - 1, x + dx)] = 30
    raw = b"".join(b"\0" + bytes(row) for row in rows)
    return ContentFile(
        b"\x89PNG\r\n\x1a\n"
        + _chunk(b"IHDR", struct.pack(">IIBBBBB", wide, high, 8, 0, 0, 0, 0))
        + _chunk(b"tEXt", f"visit\0{number}".encode())
        + _chunk(b"IDAT", zlib.compress(raw))
        + _chunk(b"IEND", b""),
        name="signature.png",
    )


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
