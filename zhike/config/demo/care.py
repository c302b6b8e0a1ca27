"""Credit, archives and the care of data at the Nanhu store: surveys on their way, an overdue loan, a request."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

from zhike.complaints.questions import ROLES
from zhike.customers import actions as customers
from zhike.customers.archives import actions as archives
from zhike.customers.credit import actions as credit
from zhike.customers.models import Archive, Customer
from zhike.customers.privacy import actions as privacy
from zhike.kernel.parties.models import Party
from zhike.kernel.worktime import calendars
from zhike.manuals import actions as manuals

from .enterprise import LIBRARY, House, place_staff

DAY = dt.timedelta(days=1)
STAFF = [("P002-05", "江晚晴"), ("P002-07", "柳含章"), ("P002-22", "顾清越")]
BUSINESSES = [
    # name, capital, bank, attitude, trade, neighbours, accounting, insured, dealings began
    (
        "恒信贸易有限公司",
        "1000000",
        "VERY_GOOD",
        "PROMPT",
        "VERY_GOOD",
        "GOOD",
        "COMPLETE",
        "YES",
        "2019-05-06",
    ),
    ("远山茶行", "400000", "GOOD", "ORDINARY", "GOOD", "GOOD", "COMPLETE", "NO", "2022-03-15"),
    ("福满楼酒店", "600000", "ORDINARY", "FAIR", "ORDINARY", "ORDINARY", "INCOMPLETE", "NO", "2021-09-01"),
    ("顺达配送站", "150000", "ORDINARY", "LATE", "ORDINARY", "ORDINARY", "INCOMPLETE", "NO", "2024-11-20"),
    ("新华办公用品店", "300000", "GOOD", "PROMPT", "GOOD", "ORDINARY", "COMPLETE", "NO", "2023-06-18"),
]
PRODUCTS = [
    {"kind": "饮料", "brand": "山泉", "month_volume": "120", "month_amount": "36000", "year_volume": "1440", "year_amount": "432000", "remarks": "箱"},
    {"kind": "粮油", "brand": "金禾", "month_volume": "60", "month_amount": "21000", "year_volume": "720", "year_amount": "252000", "remarks": ""},
]  # fmt: skip


def enter(house: House, now: dt.datetime) -> None:
    """Staff and regulations first, then what lies on their desks today."""
    since = now - 200 * DAY
    service = house.units["south"].children.get(code="south-service")
    for post, name in STAFF:
        place_staff(house, "south", post, [name], service, since)
    for key in ("customer-credit", "customer-archives"):
        text = (LIBRARY / f"{key}.md").read_text(encoding="utf-8")
        by = house.users[0].party
        manuals.publish_and_install(text=text, unit=house.units["mall"], by=by, now=since, roles=ROLES)
    people = {
        "keeper": house.staff["south", "P002-05"][0],
        "interviewer": house.staff["south", "P002-07"][0],
        "manager": house.staff["south", "P002-02"][0],
        "head": house.staff["mall", "GENERAL_MANAGER"][0],
        "store": house.staff["south", "STORE_MANAGER"][0],
        "specialist": house.staff["south", "P002-20"][0],
    }
    found = [
        _business(service, people["interviewer"], row[0], place, since)
        for place, row in enumerate(BUSINESSES)
    ]
    _credit(found, people, now)
    _archives(found, people, now)
    _privacy(found, people, now)


def _day(unit: int, at: dt.datetime) -> dt.date:
    return calendars.local_day(at, unit)


def _business(unit: Any, by: Party, name: str, place: int, now: dt.datetime) -> Customer:
    return customers.create(
        name=name, unit=unit, by=by, now=now, phone=f"0571-8800{place:04}", phone_kind="WORK",
        kind=Customer.Kind.ORGANISATION, position=Customer.Position.END, source="COUNTER", knowing=True,
    )  # fmt: skip


def _typed(place: int) -> dict[str, Any]:
    name, capital, bank, attitude, trade, neighbours, accounting, insured, began = BUSINESSES[place]
    return {
        "enterprise": name, "head": ("钱多多", "施茶", "严福", "葛顺", "华新")[place], "address": "南湖路88号",
        "items": "批发零售", "operation": ["PARTNERSHIP"], "place": ["MARKET"], "capital": capital, "bank": [bank],
        "attitude": [attitude], "trade": [trade], "neighbours": [neighbours], "accounting": [accounting],
        "insured": [insured], "dealings": began, "location": ["BUSY"], "decoration": ["ORDINARY"],
        "organisation": ["INDIVIDUAL"], "products": PRODUCTS,
    }  # fmt: skip


def _credit(found: list[Customer], people: dict[str, Party], now: dt.datetime) -> None:
    """Three are rated, one waits for the manager, one is being filled in."""
    for place, customer in enumerate(found[:4]):
        at = now - (150 - place * 30) * DAY if place < 3 else now - DAY
        survey = credit.begin_survey(customer=customer, by=people["interviewer"], now=at, typed=_typed(place))
        credit.sign_survey(survey=survey, by=people["interviewer"], now=at)
        if place < 3:
            credit.sign_survey(survey=survey, by=people["manager"], now=at + DAY, opinion="实地看过，属实")
            credit.sign_survey(survey=survey, by=people["head"], now=at + 2 * DAY)
    credit.begin_survey(
        customer=found[4], by=people["interviewer"], now=now - DAY, typed={"enterprise": found[4].name}
    )
    for days, amount, paid in ((60, 90000, 90000), (35, 60000, 20000), (8, 48000, 0)):
        at = now - days * DAY
        sale = credit.sell_on_account(
            customer=found[0], product="饮料", amount=Decimal(amount), due_on=_day(found[0].unit_id, at + 30 * DAY),
            number=f"DD-{days:03}", by=people["manager"], now=at,
        )  # fmt: skip
        if paid:
            credit.collect(sale=sale, amount=Decimal(paid), by=people["manager"], now=at + 20 * DAY)
    credit.enter_change(
        customer=found[1], kind="ORDERS_FALL", seen_on=_day(found[0].unit_id, now - 3 * DAY),
        sign="本月订货只有上月的三成。", cause="隔壁开了新茶城，客流分走。", source="客户经理走访", by=people["interviewer"], now=now - 2 * DAY,
    )  # fmt: skip
    credit.enter_risk(
        customer=found[0],
        kind="PAYMENT",
        signs="35天前的货款还有四万元未付，电话说下周付。",
        by=people["manager"],
        now=now - DAY,
    )
    credit.enter_risk(
        customer=found[2],
        kind="DECLINE",
        signs="二楼停业，服务员减半。",
        by=people["interviewer"],
        now=now - 4 * DAY,
    )


def _archives(found: list[Customer], people: dict[str, Party], now: dt.datetime) -> None:
    """Files of the businesses: one lent and overdue, one asked for, one on a list of destruction."""
    keeper = people["keeper"]
    files = []
    for place, (customer, kind, title) in enumerate(
        ((found[0], "CREDIT", "信用资料卷"), (found[0], "CONTRACT", "购销合同卷"), (found[1], "BASIC", "基本资料卷"), (found[2], "DEALINGS", "往来记录卷"))
    ):  # fmt: skip
        at = now - (120 - place) * DAY
        file = archives.open_archive(
            customer=customer, kind=kind, title=title, place=f"档案室{place + 1}柜2层", by=keeper, now=at,
            medium=Archive.Medium.BOTH if place else Archive.Medium.PAPER,
        )  # fmt: skip
        for name in ("营业执照复印件", "授权委托书"):
            item = archives.announce_item(
                archive=file, title=name, arose_on=_day(customer.unit_id, at), pages=2, by=keeper, now=at
            )
            archives.file_item(item=item, by=keeper, now=at + DAY)
        files.append(file)
    archives.announce_item(archive=files[0], title="本月对账单", arose_on=_day(found[0].unit_id, now - 2 * DAY), by=people["interviewer"], now=now - DAY)  # fmt: skip
    loan = archives.ask_loan(
        archive=files[1], purpose="核对违约条款", by=people["specialist"], now=now - 40 * DAY
    )
    archives.decide_loan(loan=loan, approve=True, by=people["manager"], now=now - 39 * DAY)
    archives.ask_loan(archive=files[2], purpose="复评信用", by=people["interviewer"], now=now - DAY / 2)
    old = archives.close_archive(archive=files[3], by=keeper, now=now - 100 * DAY)
    # a paper file of an earlier register, whose time ran out last month
    Archive.objects.filter(pk=old.pk).update(keep_until=_day(found[0].unit_id, now - 30 * DAY))
    old.refresh_from_db()
    row = archives.propose_destruction(
        archives=[old], reason="保管期满", way="粉碎", by=keeper, now=now - 3 * DAY
    )
    archives.sign_destruction(row=row, by=people["manager"], now=now - 2 * DAY)


def _privacy(found: list[Customer], people: dict[str, Party], now: dt.datetime) -> None:
    """A confidential customer, two requests, a release and a leak."""
    found[0].refresh_from_db()
    privacy.set_secrecy(
        customer=found[0],
        level=1,
        reason="年度框架合同谈判中",
        by=people["keeper"],
        now=now - 9 * DAY,
        cleared=2,
    )
    person = (
        Customer.objects.filter(kind="PERSON", unit__in=[found[0].unit_id, found[0].unit.parent_id])
        .order_by("pk")
        .first()
    )
    if person is not None:
        privacy.receive(
            customer=person, kind="COPY", identity="回拨登记电话核实", by=people["manager"], now=now - 3 * DAY
        )
        privacy.receive(
            customer=person,
            kind="ERASE",
            identity="身份证原件",
            by=people["manager"],
            now=now - DAY,
            text="搬到外地，不再来店。",
        )
    privacy.ask_release(unit=found[0].unit, way="SEND", what="恒信贸易对账单", purpose="月度对账", recipient="恒信贸易财务部", by=people["interviewer"], now=now - DAY, customer=found[0])  # fmt: skip
    privacy.report_breach(
        unit=found[0].unit, what="晨会照片里拍到了贴在墙上的客户名单，已发到员工群。", data="姓名、电话尾号", people=6,
        measures="群里撤回，名单当天收起。", found_at=now - 2 * DAY, owner=people["manager"], by=people["specialist"], now=now - 2 * DAY,
    )  # fmt: skip
