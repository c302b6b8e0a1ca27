"""Upkeep of relations at the south store: plans, journals of ten weeks, promises, greetings, activities."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from zhike.complaints.questions import ROLES
from zhike.customers import actions as customers
from zhike.customers.contacts import actions as contacts
from zhike.customers.contacts.days import end_of_day
from zhike.customers.grading import actions as grading
from zhike.customers.models import Customer, Milestone, Profile
from zhike.kernel.duties.models import Duty
from zhike.kernel.parties.models import Party, Unit
from zhike.kernel.policy.models import Installation, ManualVersion
from zhike.kernel.worktime import calendars
from zhike.manuals import actions as manuals
from zhike.people.models import business_day
from zhike.tracking import actions
from zhike.tracking.models import Moment, Plan

from .enterprise import LIBRARY, House, place_staff

DAY = dt.timedelta(days=1)
MANUALS = ("customer-grading", "customer-tracking", "relationship-upkeep")
# name, phone, area, grade, place, weeks since the first contact, how late the last entries come (days)
CUSTOMERS = [
    ("澜石精密机械有限公司", "13905710318", "华东", "A", "浦江路88号3幢", 10, 0),
    ("恒远办公家具", "13705710412", "华东", "B", "工业园2号", 9, 0),
    ("清荷茶行", "13605710506", "城南", "B", "南湖路16号", 8, 2),
    ("江南五金批发", "13505710604", "城南", "C", "五金城A区12号", 9, 0),
    ("东海渔具专卖", "13805710708", "滨海", "C", "滨海路201号", 7, 6),
    ("云上客栈", "15805710802", "滨海", "C", "听潮巷9号", 6, 0),
    ("智学培训学校", "15905710906", "城北", "D", "文三路77号", 10, 0),
    ("绿城物业南湖项目", "18605711001", "城北", "D", "南湖花园物业处", 9, 12),
    ("老陈面馆", "18705711103", "城南", "D", "巷口街3号", 8, 0),
    ("佳美装饰工程", "18805711205", "城北", "D", "装饰城C座", 7, 0),
    ("顺达物流", "13105711307", "滨海", "E", "物流园8号库", 10, 0),
    ("旧时光书店", "13205711409", "", "E", "", 10, 0),
    ("明德律师事务所", "13305711502", "华东", "B", "", 5, 0),
    ("和润粮油", "13405711604", "", "", "粮食市场5号", 4, 0),
]  # fmt: skip
TALKS = [
    ("问新到一批办公椅的使用情况", "满意，想再要二十把", "样品已看", "周五前报价"),
    ("了解下季度的采购打算", "预算在批，月底定", "预算已报总经理", "月底再问"),
    ("回访上次送货", "送货准时，包装有一件破损", "已换新", "下次送货前确认包装"),
    ("介绍企业采购的付款办法", "要求月结", "已转财务", "等财务答复"),
    ("问候，了解经营情况", "近来客人少，想做活动", "商定联合促销", "拿出方案"),
]


def fill(house: House, now: dt.datetime) -> None:
    store = house.units["south"]
    place_staff(house, "south", "P002-09", ["陆怀远"], _service(store), now - 400 * DAY)
    place_staff(house, "south", "P002-10", ["夏知秋"], _service(store), now - 400 * DAY)
    supervisor, specialist = house.staff["south", "P002-09"][-1], house.staff["south", "P002-10"][-1]
    manager = house.staff["south", "P002-02"][0]
    for key in MANUALS:
        in_force(key, house, manager, now - 300 * DAY)
    found = [_customer(row, store, specialist, supervisor, now) for row in CUSTOMERS]
    _promises(found, specialist, now)
    _notes(found, specialist, supervisor, now)
    _activities(found, store, specialist, supervisor, now)
    _days(found, now)
    _deals(found, specialist, now)
    actions.greet(now=now)
    actions.look_for_churn(now=now)


def in_force(key: str, house: House, by: Party, now: dt.datetime) -> None:
    """Published with the first company that uses it, installed with every other."""
    mall = house.units["mall"]
    if Installation.objects.filter(key=key, unit=mall).exists():
        return
    if ManualVersion.objects.filter(key=key).exists():
        manuals.install(key=key, unit=mall, by=by, now=now)
        return
    text = (LIBRARY / f"{key}.md").read_text(encoding="utf-8")
    manuals.publish_and_install(text=text, unit=mall, by=by, now=now, roles=ROLES)


def _service(store: Unit) -> Unit:
    return store.children.get(name__endswith="客服部")


def _customer(
    row: tuple[str, str, str, str, str, int, int], store: Unit, by: Party, lead: Party, now: dt.datetime
) -> Customer:
    """A customer with a file, a plan and the entries of some weeks, the last ones as late as the row says."""
    name, phone, area, grade, place, weeks, late = row
    at = now - weeks * 7 * DAY
    known = Customer.objects.filter(name=name, unit__path__startswith=store.path).first()
    customer = known or customers.create(
        name=name,
        phone=phone,
        unit=store,
        by=by,
        now=at,
        kind=Customer.Kind.ORGANISATION,
        position=Customer.Position.INTERMEDIATE if name.endswith("批发") else Customer.Position.END,
        knowing=True,
    )
    if grade:
        grading.regrade(
            customer=customer, dimension="grade", by=lead, now=at, value=grade, reason="按面谈情况"
        )
    actions.fix(customer=customer, owner=by, place=place, suits="", region=area, by=lead, now=at)
    number = 0
    while True:
        duty = (
            Duty.objects.open()
            .filter(subject_label="tracking.Plan", subject_id=customer.pk, kind__startswith="tracking.")
            .exclude(kind__in=["tracking.phone", "tracking.visit"])
            .first()
        )
        if duty is None or duty.due_at is None or not grade:
            return customer
        late_now = late if number % 3 == 2 else 0
        moment = duty.due_at - dt.timedelta(hours=5) + late_now * DAY
        if moment > now or number > 11:
            return customer
        content, feedback, progress, step = TALKS[(number + customer.pk) % len(TALKS)]
        actions.enter(
            customer=customer, grade=_next(grade, number), by=by, now=moment, reason="按最近一次沟通",
            way="VISIT" if number % 4 == 3 else "PHONE", purpose="追踪", content=content, feedback=feedback,
            progress=progress, next_step=step,
        )  # fmt: skip
        number += 1


def _next(grade: str, number: int) -> str:
    """Now and then a customer comes nearer to a deal."""
    if number and number % 5 == 0 and grade in "BC":
        return chr(ord(grade) - 1)
    return grade if grade != "A" or number < 3 else "B"


def _promises(found: list[Customer], by: Party, now: dt.datetime) -> None:
    for customer, text, since, days, rests in (
        (found[0], "月底前送到主轴备件两套", 9, 14, "主轴备件"),
        (found[1], "补发两把破损的办公椅", 12, 5, ""),
        (found[2], "为中秋礼盒留货三百盒", 4, 20, "礼盒"),
        (found[4], "派人教新收银机的用法", 10, 6, ""),
    ):
        at = now - since * DAY
        due = end_of_day(customer.unit_id, calendars.local_day(at + days * DAY, customer.unit_id))
        if due <= at:
            continue
        row = contacts.promise(
            customer=customer, text=text, keeper=by, due_at=due, by=by, now=at, depends_on=rests,
            ready_on=business_day(due - 2 * DAY) if rests else None,
        )  # fmt: skip
        if not rests and customer is found[1]:
            contacts.end_promise(
                promise=row, state="KEPT", by=by, now=min(now, due - 4 * DAY / 24), outcome=""
            )


def _notes(found: list[Customer], by: Party, lead: Party, now: dt.datetime) -> None:
    Profile.objects.filter(customer=found[3]).update(
        total_orders=6,
        orders=1,
        first_order_on=business_day(now - 500 * DAY),
        last_order_on=business_day(now - 120 * DAY),
    )
    Profile.objects.filter(customer=found[0]).update(
        total_orders=14,
        orders=4,
        first_order_on=business_day(now - 900 * DAY),
        last_order_on=business_day(now - 20 * DAY),
    )
    actions.observe(
        customer=found[3], kind="CHURN", sign="COMPETITOR", text="店里出现了别家的报价单", measure="主管本周上门",
        by=by, now=now - 3 * DAY,
    )  # fmt: skip
    actions.observe(
        customer=found[8], kind="DIFFICULTY", text="门口修路，客人少了一半", measure="介绍到写字楼送餐平台", by=by,
        now=now - 8 * DAY,
    )  # fmt: skip
    actions.observe(
        customer=found[5], kind="CHANGE", text="换了新店长", measure="登门认识", by=by, now=now - 5 * DAY
    )
    actions.serve(
        customer=found[0], strategy="技术人员驻点支持，每月一次联合例会，备件优先。",
        measures=["SERVICE", "VISIT", "PROMISE", "TRIAL"], by=by, now=now - 30 * DAY,
    )  # fmt: skip
    for customer, role, text in (
        (found[0], "EXAMINER", "季度评分 92 分"),
        (found[0], "SUPPORT", "驻点调试两天"),
        (found[1], "PUBLICIST", "在行业群里表扬了送货"),
    ):
        actions.show_role(
            customer=customer,
            role=role,
            text=text,
            on=business_day(now - 20 * DAY),
            by=by,
            now=now - 20 * DAY,
        )
    actions.introduce(
        customer=found[1], introducer=found[0], by=by, now=now - 40 * DAY, since=business_day(now - 60 * DAY),
        business="办公家具一批", amount=Decimal(86000),
    )  # fmt: skip
    actions.introduce(
        customer=found[12], introducer=found[0], by=by, now=now - 30 * DAY, since=business_day(now - 30 * DAY)
    )
    plan = Plan.objects.get(pk=found[9].pk)
    actions.rest(plan=plan, reason="装修停业到下月，店主要求暂不联系", by=by, now=now - 6 * DAY)
    last = found[0].interactions.first()
    if last is not None:
        contacts.remark(interaction=last, text="报价前先问清交货地点", by=lead, now=now - 2 * DAY / 24)


def _activities(found: list[Customer], store: Unit, by: Party, lead: Party, now: dt.datetime) -> None:
    at = now - 40 * DAY
    row = actions.plan_activity(
        unit=store, title="客户羽毛球友谊赛", strategy=1, kind="MATCH", on=business_day(at + 10 * DAY),
        budget=Decimal(6000), by=by, now=at, place="城南体育馆", customers=found[:5], participants="客服部六人",
    )  # fmt: skip
    actions.decide(activity=row, approved=True, opinion="同意，控制餐费", by=lead, now=at + DAY)
    actions.hold(
        activity=row, cost=Decimal(5280), heads=22, effect="五家客户到场，两家谈了下季度的单子", by=by,
        now=at + 11 * DAY, feedback="希望每季办一次", introductions=1, business=Decimal(86000),
    )  # fmt: skip
    actions.plan_activity(
        unit=store, title="邀请采购负责人参观仓储中心", strategy=2, kind="WORKS", on=business_day(now + 12 * DAY),
        budget=Decimal(12000), by=by, now=now - DAY, customers=found[:3],
    )  # fmt: skip


def _days(found: list[Customer], now: dt.datetime) -> None:
    """Founding days and birthdays, some by the lunar calendar, one of them in three days."""
    near = business_day(now + 3 * DAY)
    for customer, kind, month, day, is_lunar in (
        (found[0], "FOUNDING", 5, 18, False),
        (found[1], "FOUNDING", near.month, near.day, False),
        (found[2], "BIRTHDAY", 8, 30, True),
        (found[4], "BIRTHDAY", 1, 8, True),
        (found[6], "FOUNDING", 9, 1, False),
    ):
        Milestone.objects.create(customer=customer, kind=kind, month=month, day=day, is_lunar=is_lunar)


def _deals(found: list[Customer], by: Party, now: dt.datetime) -> None:
    """Contacts after a deal: one made, one left out, one still owed."""
    for place, deal in ((2, "礼盒三百套"), (5, "床品一批"), (7, "保洁用品年单")):
        actions.after_deal(customer=found[place], deal=deal, by=by, now=now - place * DAY)
    made, _owed, left = Moment.objects.filter(kind=Moment.Kind.DEAL).order_by("-at")
    actions.reach(moment=made, way="PHONE", reply="东西很好，下次还订", by=by, now=now - DAY)
    actions.leave_out(moment=left, why="上门时已经当面问过", by=by, now=now - 3 * DAY)
