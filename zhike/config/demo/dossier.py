"""Customer files as they grow: contacts, papers, preferences, needs and consents, some complete and some not."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

from zhike.customers import actions as customers
from zhike.customers.dossier import actions, members
from zhike.customers.dossier.numbers import credit_check
from zhike.customers.models import Customer
from zhike.kernel.parties.models import Party
from zhike.manuals import actions as manuals

from .enterprise import LIBRARY, STORES, House

DAY = dt.timedelta(days=1)
# name, trade, place, position, contacts (name, function, post, say, number), preferences
BUSINESSES: list[tuple[str, str, str, str, list[tuple[str, str, str, str, str]], dict[str, str]]] = [
    (
        "澜石精密机械有限公司", "通用设备制造", "浦江路88号3幢", "INTERMEDIATE",
        [
            ("段亦舟", "HEAD", "总经理", "DECIDES", "13957163308"),
            ("许静安", "PURCHASING", "采购部长", "ADVISES", "13657169120"),
            ("江牧原", "FINANCE", "财务经理", "ADVISES", "13757164471"),
        ],
        {"preference.way": "先发微信，再约时间", "preference.time": "工作日 15:00 以后", "preference.avoid": "月底结账的三天"},
    ),
    (
        "云泽商贸有限公司", "日用品批发", "临江路16号", "INTERMEDIATE",
        [("韦知秋", "HEAD", "经理", "DECIDES", "13857160233")],
        {"preference.way": "电话"},
    ),
    (
        "青禾幼儿园", "学前教育", "文三路201号", "END",
        [("柳如是", "PURCHASING", "后勤主任", "USES", "13557160877"), ("卓文清", "FINANCE", "会计", "NONE", "")],
        {"preference.service": "送货到后门，避开接送时间"},
    ),
    ("三叶草咖啡", "餐饮", "湖滨路5号", "END", [], {}),
]  # fmt: skip
PEOPLE = [
    # name, number, birthday, offers welcome, preferences
    ("祝清和", "13757160011", dt.date(1986, 10, 2), True, {"preference.size": "女装 M", "preference.colour": "藏青、米白"}),
    ("纪晓岚", "13757160012", dt.date(1974, 3, 18), False, {"preference.time": "上午", "preference.avoid": "不要打电话"}),
    ("燕南飞", "13757160013", None, True, {}),
]  # fmt: skip


def enter(house: House, end: dt.datetime) -> None:
    """The regulation of the mall, and the files of some of its customers."""
    text = (LIBRARY / "customer-files.md").read_text(encoding="utf-8")
    begun = end - 400 * DAY
    by = house.users[0].party
    manuals.publish_and_install(text=text, unit=house.units["mall"], by=by, now=begun, roles=())
    store = STORES[0][0]
    manager, desk = house.staff[store, "P002-20"][0], house.staff[store, "P002-21"][0]
    files = [_business(house, row, place, manager, desk, end) for place, row in enumerate(BUSINESSES)]
    people = [_person(house, row, manager, desk, end) for row in PEOPLE]
    _relations(files, people, manager, end)
    _own_fields(house, files[0], manager, by, end)


def _business(house: House, row: Any, place: int, manager: Party, desk: Party, end: dt.datetime) -> Customer:
    name, trade, address, position, contacts, preferences = row
    now = end - (300 - 70 * place) * DAY
    customer = customers.create(
        name=name, kind="ORGANISATION", unit=house.units[STORES[0][0]], position=position, industry=trade,
        region="湖滨片区", owner=manager if contacts else None, source="COUNTER", by=desk, now=now,
        phone=f"0571-8888{1000 + place}", phone_kind="WORK",
    )  # fmt: skip
    given: dict[str, Any] = {"customer": customer, "by": desk}
    actions.add_address(**given, text=address, province="浙江省", city="杭州市", district="上城区", now=now)
    code = f"9133010{place}MA2X{place}{4456 + place}"
    code = (code + "0" * 17)[:17]
    actions.add_identifier(**given, kind="LICENCE", number=code + credit_check(code), now=now)
    for person, function, post, say, number in contacts:
        actions.add_contact(
            **given,
            name=person,
            function=function,
            post=post,
            say=say,
            number=number,
            now=now,
            source="VISIT",
        )
    for field, value in preferences.items():
        actions.learn(**given, field=field, value=value, source="SERVICE", now=now + 3 * DAY)
    if contacts:
        actions.learn(**given, field="trait.scale", value="中型", source="VISIT", now=now + 5 * DAY)
        actions.learn(**given, field="trait.environment", value="商务区", source="VISIT", now=now + 5 * DAY)
        actions.verify(customer=customer, by=manager, now=now + 20 * DAY)
    if place == 0:
        _key(customer, manager, end)
    return customer


def _key(customer: Customer, manager: Party, end: dt.datetime) -> None:
    given: dict[str, Any] = {"customer": customer, "by": manager}
    actions.add_identifier(
        **given, kind="ACCOUNT", issuer="长禾银行南湖支行", number="6222021001114471", now=end - 200 * DAY
    )
    actions.learn(**given, field="legal", value="段亦舟", source="ENQUIRY", now=end - 200 * DAY)
    actions.learn(
        **given, field="trait.own", value="重视交期，换线前一周确认数量", source="VISIT", now=end - 90 * DAY
    )
    actions.make_key(
        **given, is_key=True, plan="每月现场走访一次，每季与总经理会面；到货后三日内回访品质。",
        chain="车间提出 → 采购部长比价 → 总经理决定 → 财务付款", now=end - 180 * DAY,
    )  # fmt: skip
    actions.learn(
        **given, field="suggestion", value="希望提供小批量的备货价", source="SURVEY", now=end - 40 * DAY
    )
    actions.verify(customer=customer, by=manager, now=end - 20 * DAY)


def _person(house: House, row: Any, manager: Party, desk: Party, end: dt.datetime) -> Customer:
    name, phone, birthday, sales, preferences = row
    now = end - 120 * DAY
    done = members.register(
        name=name, phone=phone, unit=house.units[STORES[0][0]], by=desk, now=now, birthday=birthday,
        sales=sales, care=True,
    )  # fmt: skip
    for field, value in preferences.items():
        actions.learn(
            customer=done.customer, field=field, value=value, source="SERVICE", by=manager, now=now + 9 * DAY
        )
    if "preference.avoid" in preferences:
        actions.agree(
            customer=done.customer, purpose="CARE", is_given=False, way="PHONE", source="ENQUIRY", by=desk,
            now=now + 30 * DAY,
        )  # fmt: skip
    return done.customer


def _relations(files: list[Customer], people: list[Customer], by: Party, end: dt.datetime) -> None:
    first, dealer, school, cafe = files
    given: dict[str, Any] = {"by": by, "now": end - 60 * DAY}
    actions.link(
        customer=dealer, other=first, kind="INTRODUCED", business="周转箱首单", amount=Decimal(12800), **given
    )
    actions.link(customer=school, other=dealer, kind="BUYS_FROM", **given)
    actions.link(customer=cafe, other=dealer, kind="BUYS_FROM", **given)
    actions.link(customer=people[0], other=people[1], kind="RELATED", **given)
    need = actions.add_need(
        customer=dealer, kind="CONSCIOUS", text="餐饮店要小规格、可降解的外带包装", holder="湖滨的咖啡店", strength=4,
        source="VISIT", **given,
    )  # fmt: skip
    actions.send_need(need=need, to="产品开发部", by=by, now=end - 50 * DAY)
    actions.need_outcome(need=need, outcome="已列入下季度试制", by=by, now=end - 12 * DAY)
    actions.add_need(
        customer=first,
        kind="PRESENT",
        text="主轴轴承的备件两天内到货",
        strength=5,
        source="SERVICE",
        by=by,
        now=end - 8 * DAY,
    )
    actions.add_need(
        customer=first, kind="UNCONSCIOUS", text="换线时的现场支持", holder="汽配厂客户", strength=3, source="VISIT", by=by,
        now=end - 6 * DAY,
    )  # fmt: skip


def _own_fields(house: House, customer: Customer, by: Party, admin: Party, end: dt.datetime) -> None:
    unit = house.units["mall"]
    actions.define(
        unit=unit, code="order_day", name="订货日", name_en="Order day", kind="CHOICE",
        words="星期一\n星期二\n星期三\n星期四\n星期五", only="ORGANISATION", by=admin, now=end - 300 * DAY,
    )  # fmt: skip
    actions.learn(
        customer=customer,
        field="custom.order_day",
        value="星期三",
        source="SERVICE",
        by=by,
        now=end - 100 * DAY,
    )
