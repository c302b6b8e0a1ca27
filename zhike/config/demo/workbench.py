"""The work platform at the south store: information, requests, messages, and the plans and reports of some weeks."""

from __future__ import annotations

import datetime as dt

from zhike.customers.models import Customer
from zhike.kernel.parties.models import Party, Unit
from zhike.kernel.worktime import calendars
from zhike.manuals.information import actions as information
from zhike.people.models import business_day
from zhike.people.requests import actions as requests
from zhike.workbench.messages import actions as messages
from zhike.workbench.models import CustomerMessage, Report
from zhike.workbench.reports import actions, regulation
from zhike.workbench.reports.actions._writing import measures_before

from . import mails
from .enterprise import House, place_staff
from .tracking import _service, in_force

DAY, HOUR = dt.timedelta(days=1), dt.timedelta(hours=1)
ITEMS = [
    ("POLICY", "价格承诺调整通告", "自下月起，大件商品价格保护期由七天改为十五天。接待时主动告知。", 12),
    ("PROMOTION", "企业采购季促销政策", "满一万返三百券，限办公和家电类。与会员积分不叠加。", 6),
    ("NEW_PRODUCT", "静音办公椅新品资料", "附承重和质保说明。重点推荐给五十人以上的企业客户。", 3),
    ("MONTH_POLICY", "当月企业客户销售政策", "月结客户账期三十天；样品借用不超过七天。", 2),
    ("NOTICE", "周末停车场施工", "周六周日东侧停车场封闭，请提醒来店客户走西门。", 1),
]
WORDS = {
    "FREQUENCY": "A级每周一次,B级两周一次,C级每月一次", "ROUTE": "周一城南，周二滨海，周三城北，周四华东片区",
    "INFORMATION": "收集竞品报价和开店计划", "BRANDS": "新品椅样品上门试用四家", "SERVICE": "回访上月全部投诉客户",
    "VISITS": "按计划完成", "PROBLEMS": "两家反映送货时间不准", "METHODS": "上门前一天电话确认",
    "FOCUS": "企业采购季报价跟进", "TARGETS": "联络按期率提高到95%", "EXPERIENCE": "先确认需求再报价，成交更快",
    "NEXT": "集中走访B级客户", "DONE": "走访客户四十户，办结反馈十二件",
}  # fmt: skip


def fill(house: House, now: dt.datetime) -> None:
    store = house.units["south"]
    service, lead = _service(store), house.staff["south", "P002-02"][0]
    if not house.staff.get(("south", "CUSTOMER_MANAGER")):
        place_staff(house, "south", "CUSTOMER_MANAGER", ["方小川"], service, now - 300 * DAY)
    manager, specialist = house.staff["south", "CUSTOMER_MANAGER"][-1], house.staff["south", "P002-10"][-1]
    in_force("work-platform", house, lead, now - 200 * DAY)
    _items(store, lead, [manager, specialist], now)
    _requests(store, service, manager, specialist, now)
    _messages(house, specialist, now)
    _reports(service, manager, lead, now)
    actions.open_due(now=now)


def _items(store: Unit, by: Party, readers: list[Party], now: dt.datetime) -> None:
    for place, (kind, title, body, days) in enumerate(ITEMS):
        at = now - days * DAY
        row = information.draft(
            unit=store, kind=kind, title=title, body=body, valid_from=business_day(at), by=by, now=at
        )
        information.publish(item=row, by=by, now=at)
        for reader in readers[: 2 - place % 2]:
            if days > 2:
                information.study(item=row, by=reader, now=at + 5 * HOUR, note="已告知名下客户")


def _requests(store: Unit, service: Unit, manager: Party, specialist: Party, now: dt.datetime) -> None:
    others = [unit for unit in store.children.order_by("pk") if unit != service] or [service]
    shops = list(Customer.objects.filter(unit=store, owner=specialist).order_by("pk")[:3])
    first = requests.ask(
        kind="FEEDBACK", topic="送货", text="两家客户反映送货时间不准，请说明能否约定时段", to_unit=others[0],
        customer=shops[0] if shops else None, by=specialist, now=now - 6 * DAY,
    )  # fmt: skip
    requests.answer(request=first, text="下周起上午、下午两个时段可选", by=first.owner, now=now - 5 * DAY)
    requests.settle(request=first, result="已告知客户，选了上午", by=specialist, now=now - 5 * DAY + 3 * HOUR)
    requests.ask(
        kind="COORDINATION", topic="发票", text="企业客户要求合并开票，请财务说明办法", to_unit=others[-1],
        customer=shops[1] if len(shops) > 1 else None, by=specialist, now=now - DAY,
    )  # fmt: skip
    requests.ask(
        kind="URGENT", topic="质量", text="客户店内样品椅断裂，顾客擦伤", by=manager, now=now - HOUR / 2
    )
    if others[0] != service:
        requests.ask(
            kind="ENQUIRY", text="本季度企业客户最关心的售后问题", to_unit=service, unit=others[0], by=first.owner,
            now=now - 2 * DAY,
        )  # fmt: skip


def _messages(house: House, owner: Party, now: dt.datetime) -> None:
    """By the portal, by telephone with the answer at once, and one that is talked over by e-mail."""
    texts = [
        ("上次说的备件月底能到吗?", 9, "能,28日前送到，到货前一天电话联系。"),
        ("想再订二十把椅子，还是上次的价吗?", 5, "价格不变，报价单已发。"),
        ("礼盒可以印我们的标志吗?", 1, ""),
    ]
    shops = Customer.objects.filter(owner=owner, state="ACTIVE").order_by("pk")[: len(texts)]
    for shop, (text, days, reply) in zip(shops, texts, strict=False):
        row = messages.take(customer=shop, text=text, way="MESSAGE", now=now - days * DAY)
        if reply:
            messages.reply(message=row, text=reply, way="MESSAGE", by=owner, now=now - days * DAY + 20 * HOUR)
    for shop in shops[:1]:
        messages.take_down(
            customer=shop, unit=shop.unit, way="PHONE", text="来电问周末能否送货", answered="能，周六上午送到",
            by=owner, now=now - 3 * DAY,
        )  # fmt: skip
    box = mails.mailbox(house, "客户留言", "messages", "liuyan", now)
    sender, subject, came = "景明书屋 <jingming@mail.example>", "书架安装", now - 2 * DAY
    mails.come(box, 0, came, sender, subject, "书架什么时候可以上门安装?", {})
    row = CustomerMessage.objects.latest("pk")
    messages.reply(
        message=row, text="周四下午可以，师傅出发前电话联系。", way="ONLINE", by=owner, now=came + 3 * HOUR
    )
    answered = {"In-Reply-To": "<demo-messages-0@mail.example>"}
    mails.come(
        box, 1, now - 4 * HOUR, sender, f"Re: {subject} [{row.number}]", "周四不在，周五行吗?", answered
    )


def _reports(service: Unit, manager: Party, lead: Party, now: dt.datetime) -> None:
    """The last weeks and months, submitted and mostly commented."""
    for weeks in (3, 2, 1):
        _write("WEEK", manager, service, lead, now - weeks * 7 * DAY, late=weeks == 2, said=weeks > 1)
    month = now - 31 * DAY
    _write("MONTH_PLAN", manager, service, lead, month, said=True)
    _write("MONTH", manager, service, lead, month, said=True)
    for at in (now - 62 * DAY, month):
        _write("SUMMARY", lead, service, lead, at)


def _write(
    kind: str, author: Party, unit: Unit, lead: Party, at: dt.datetime, *, late: bool = False, said: bool = False
) -> None:  # fmt: skip
    day = calendars.local_day(at, unit.pk)
    row = actions.open_report(kind=kind, author=author, unit=unit, now=at)
    labels = regulation.parts(kind, unit.pk, at)
    parts = {code: row.parts.get(code) or WORDS.get(code, "无调整") for code, _label in labels}
    fates = {one.pk: ("DONE", "已落实") for one in measures_before(row)}
    measures = [("每周核对一次送货时段", day + 20 * DAY), ("组织一次企业客户座谈", day + 25 * DAY)]
    causes = {gap.pk: "部分客户外出，改约下周" for gap in row.gaps.all() if gap.short is not None}
    moment = (row.due_at or at) + (DAY if late else -3 * HOUR)
    actions.save(
        report=row, parts=parts, causes=causes, fates=fates, by=author, now=moment,
        measures=measures if kind == Report.Kind.SUMMARY else None,
    )  # fmt: skip
    actions.submit(report=row, by=author, now=moment)
    if said and author.pk != lead.pk:
        actions.comment(report=row, text="内容具体，路线可再紧凑。", by=lead, now=moment + 18 * HOUR)
