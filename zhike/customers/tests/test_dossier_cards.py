"""Relation cards, key customers, the lists of the regulation, forms, members, data quality."""

from __future__ import annotations

import datetime as dt
from urllib.parse import parse_qsl, urlsplit

import pytest
from django.db import IntegrityError

from zhike.customers import actions as customers
from zhike.customers import history
from zhike.customers.dossier import actions, fields, parts, reading, sheets, tallying
from zhike.customers.dossier import queries as dossier
from zhike.customers.dossier.models import Fact, FieldDefinition, Milestone
from zhike.customers.dossier.rules import ITEMS, POSITIONS, THEIRS, UPKEEP, rules_at, text_of
from zhike.customers.models import Customer, Interaction, Promise, Sale
from zhike.customers.tests.factories import a_customer
from zhike.customers.tests.regulation import the_regulation
from zhike.kernel.parties.scope import EVERYTHING
from zhike.kernel.records import printing, values
from zhike.kernel.tallies.figures import Question, Ratio
from zhike.kernel.tallies.periods import Period
from zhike.people.tests.factories import MONDAY, Cast

DAY = dt.timedelta(days=1)
TODAY = dt.date(2026, 3, 9)


@pytest.fixture
def person(cast: Cast) -> Customer:
    return a_customer(cast.south, cast.taker, name="欧阳静怡", phone="13800005678")


@pytest.fixture
def business(cast: Cast) -> Customer:
    return a_customer(cast.south, cast.taker, name="澜石精密", phone="13800001111", kind="ORGANISATION")


@pytest.fixture
def dealer(cast: Cast) -> Customer:
    return a_customer(
        cast.south, cast.taker, name="云泽商贸", phone="", kind="ORGANISATION", position="INTERMEDIATE"
    )


def learn(customer: Customer, cast: Cast, field: str, value: str, **more) -> Fact:
    given = {"source": "SERVICE", "by": cast.taker.party, "now": MONDAY} | more
    return actions.learn(customer=customer, field=field, value=value, **given)


# ---- cards


@pytest.mark.rule("R002-092", "R002-P09", "S002-25")
def test_a_card_shows_who_verified_it_when_and_a_business_first_by_somebody_else(cast: Cast, business):
    with pytest.raises(actions.CannotVerify, match="somebody else"):
        actions.verify(customer=business, by=cast.taker.party, now=MONDAY)
    actions.verify(customer=business, by=cast.specialist.party, now=MONDAY)
    actions.verify(customer=business, by=cast.taker.party, now=MONDAY + DAY)

    business.refresh_from_db()
    assert (business.verified_on, business.verified_by) == (dt.date(2026, 3, 10), cast.taker.party)


@pytest.mark.rule("R002-091", "S002-25")
def test_key_customers_are_kept_apart_with_owner_plan_and_decision_chain(cast: Cast, business, person):
    with pytest.raises(actions.CannotVerify, match="responsible"):
        actions.make_key(customer=business, is_key=True, by=cast.manager.party, now=MONDAY)
    actions.make_key(
        customer=business, is_key=True, owner=cast.specialist.party, plan="每月走访", chain="采购 → 总经理",
        by=cast.manager.party, now=MONDAY,
    )  # fmt: skip

    assert list(Customer.objects.filter(is_key=True)) == [business]
    held = {row.field: row.value for row in parts.facts(business)}
    assert (held["plan"], held["chain"], business.owner) == (
        "每月走访",
        "采购 → 总经理",
        cast.specialist.party,
    )


@pytest.mark.rule("R002-092", "R002-094")
@pytest.mark.parametrize(
    ("is_key", "verified", "late"),
    [
        (False, dt.date(2025, 9, 9), False),  # six months ago to the day
        (False, dt.date(2025, 9, 8), True),
        (True, dt.date(2025, 12, 9), False),  # three months for key customers
        (True, dt.date(2025, 12, 8), True),
    ],
)
def test_cards_that_were_not_verified_in_time_are_listed(cast: Cast, person, is_key, verified, late):
    the_regulation(cast)
    Customer.objects.filter(pk=person.pk).update(is_key=is_key, verified_on=verified)

    assert dossier.unverified(Customer.objects.all(), [cast.south.pk], TODAY).exists() == late
    person.refresh_from_db()
    assert reading.quality_of(person, TODAY).is_late == late


@pytest.mark.rule("R002-094", "R002-088")
@pytest.mark.parametrize(("updated", "late"), [("2025-03-09", False), ("2025-03-08", True)])
def test_files_that_nobody_changed_for_the_period_of_the_regulation_are_listed(
    cast: Cast, person, updated, late
):
    the_regulation(cast)
    at = dt.datetime.fromisoformat(f"{updated}T12:00:00+08:00")
    Customer.objects.filter(pk=person.pk).update(updated_at=at)

    assert dossier.stale(Customer.objects.all(), [cast.south.pk], TODAY).exists() == late
    learn(person, cast, "preference.way", "微信")
    assert not dossier.stale(Customer.objects.all(), [cast.south.pk], TODAY).exists()


@pytest.mark.rule("R002-P09")
def test_customers_without_contact_or_order_are_listed_as_inactive(cast: Cast, person):
    the_regulation(cast)
    Customer.objects.filter(pk=person.pk).update(created_at=MONDAY - 800 * DAY)
    rows, units = Customer.objects.all(), [cast.south.pk]
    assert dossier.idle(rows, units, TODAY).exists()

    sale = Sale.objects.create(customer=person, on=dt.date(2024, 3, 8), product="毛衣", amount=300)
    assert dossier.idle(rows, units, TODAY).exists()
    Sale.objects.filter(pk=sale.pk).update(on=dt.date(2024, 3, 9))
    assert not dossier.idle(rows, units, TODAY).exists()


@pytest.mark.rule("R002-P09", "T003-06", "T000-03", "T000-06", "S002-48")
def test_the_regulation_says_what_a_file_holds_who_keeps_it_and_what_it_is_used_for(cast: Cast):
    the_regulation(cast)
    rules = rules_at(cast.south.pk, TODAY)

    groups = {one.code: (one.group, one.usual) for one in rules.items}
    assert groups["phone"] == ("基础信息", "会员注册、客户咨询")
    assert groups["preference"] == ("行为信息", "服务过程记录、线上互动")
    assert groups["satisfaction"] == ("反馈信息", "问卷调查、客户咨询")
    assert {group for group, _usual in groups.values()} == {"基础信息", "行为信息", "反馈信息"}
    parts = {
        row.word.code: (text_of(row, "五问表"), text_of(row, "客户的客户")) for row in rules.rows(POSITIONS)
    }
    assert parts == {"INTERMEDIATE": ("必备", "必备"), "END": ("可选", "不适用")}
    assert [row.word.code for row in rules.rows(THEIRS)] == [
        "PROMISE", "COMPLAINT", "PRESENT", "CONSCIOUS", "UNCONSCIOUS",
    ]  # fmt: skip
    assert all(text_of(row, "负责") and text_of(row, "时间") for row in rules.rows(UPKEEP))
    assert rules.rows(ITEMS)


# ---- the customer's customers


@pytest.mark.rule("T000-03", "R000-24", "R000-25", "R000-26", "S000-24")
def test_the_part_for_their_customers_opens_for_intermediate_customers_only(
    cast: Cast, business, dealer, person, monkeypatch
):
    the_regulation(cast)
    actions.link(customer=person, other=dealer, kind="BUYS_FROM", by=cast.taker.party, now=MONDAY)
    actions.add_need(
        customer=dealer,
        kind="PRESENT",
        text="小包装",
        source="VISIT",
        holder="社区居民",
        by=cast.taker.party,
        now=MONDAY,
    )
    Promise.objects.create(
        customer=dealer, unit=cast.south, text="周末到货", holder="社区居民", depends_on="冷链配送",
        ready_on=dt.date(2026, 3, 12), keeper=cast.taker.party, due_at=MONDAY + 4 * DAY, at=MONDAY,
    )  # fmt: skip
    complaint = history.Line(MONDAY, "漏水", number="TS-1", is_open=True)
    source = history.Source(
        "cases", "投诉", lambda user, one, limit: [complaint], lambda user, one: 1, is_complaint=True
    )
    monkeypatch.setattr(history, "_sources", {"cases": source})

    theirs = reading.theirs_of(cast.manager, dealer, TODAY, [person.pk])

    assert reading.theirs_of(cast.manager, business, TODAY, [person.pk]) is None
    assert [(row.customer, [line.number for line in lines]) for row, lines in theirs.links] == [
        (person, ["TS-1"])
    ]
    assert [need.text for need in theirs.needs] == ["小包装"]
    (promise,) = theirs.promises
    assert (promise.depends_on, promise.ready_on) == ("冷链配送", dt.date(2026, 3, 12))
    assert len(theirs.uses) == 5
    assert [degree for _part, degree in reading.quality_of(dealer, TODAY).required] == [
        "required",
        "required",
    ]
    assert [degree for _part, degree in reading.quality_of(business, TODAY).required] == [
        "optional",
        "not applicable",
    ]
    assert reading.quality_of(dealer, TODAY).required_by == "二(二)"


@pytest.mark.rule("T000-04", "R000-20")
def test_the_file_allows_for_the_five_differences(cast: Cast, business):
    learn(business, cast, "preference.service", "送货到后门")  # 1 individual
    learn(business, cast, "terms", "月结,次月十日前付清")  # 4 rules made jointly
    actions.add_need(  # 3 created by its needs
        customer=business,
        kind="UNCONSCIOUS",
        text="换线支持",
        source="VISIT",
        by=cast.taker.party,
        now=MONDAY,
    )

    found = reading.file_of(business)
    assert [one.value for one in found.preferences] == ["送货到后门"]
    assert [one.value for one in found.identity] == ["月结,次月十日前付清"]
    assert business.needs.get().kind == "UNCONSCIOUS"
    from zhike.customers.grading.dimensions import DIMENSIONS

    assert {"stage", "deal_state"} <= set(DIMENSIONS)  # 2 life cycle with dates, 5 real or potential


# ---- timeline


@pytest.mark.rule("S000-14")
def test_orders_and_rulings_stand_on_the_one_timeline(cast: Cast, person):
    Sale.objects.create(customer=person, on=dt.date(2026, 3, 1), number="DD-1", product="毛衣", amount=300)
    person.grades.create(dimension="grade", value="B", since=MONDAY - 30 * DAY, until=MONDAY)
    person.grades.create(dimension="grade", value="A", since=MONDAY)

    found = history.of(cast.manager, person)

    titles = [
        (line.number, str(line.title))
        for line in found.lines
        if "毛衣" in str(line.title) or "Ruling" in str(line.title)
    ]
    assert titles == [
        ("", "Ruling: Customer grade B → A"),
        ("DD-1", "毛衣 ¥300.00"),
        ("", "Ruling: Customer grade B"),
    ]
    counts = {tab.key: tab.count for tab in found.tabs}
    assert (counts["orders"], counts["rulings"]) == (1, 2)


# ---- own fields


def a_definition(cast: Cast, **more) -> FieldDefinition:
    given = {
        "unit": cast.mall,
        "code": "order_day",
        "name": "订货日",
        "kind": "CHOICE",
        "words": "周一\n周三",
    }
    return actions.define(by=cast.administrator.party, now=MONDAY, **(given | more))


def test_a_unit_defines_fields_for_itself_and_the_units_below(cast: Cast, business, person):
    row = a_definition(cast, only="ORGANISATION", is_required=True)
    assert fields.definitions(cast.south.pk, "ORGANISATION") == [row]
    assert fields.definitions(cast.south.pk, "PERSON") == []
    assert fields.definitions(cast.fruit.pk) == []
    the_regulation(cast)

    assert "订货日" in reading.quality_of(business, TODAY).gaps[-1].label
    learn(business, cast, "custom.order_day", "周三")
    business.refresh_from_db()
    assert business.more == {"order_day": "周三"}
    assert "custom.order_day" not in {gap.code for gap in reading.quality_of(business, TODAY).gaps}
    actions.retire(definition=row, by=cast.administrator.party, now=MONDAY)
    assert fields.definitions(cast.south.pk) == []


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"code": "Order day"}, "begins with a letter"),
        ({"name": " "}, "what the field is called"),
        ({"words": "周一"}, "at least two words"),
    ],
)
def test_a_field_that_cannot_be_is_refused(cast: Cast, changes, said: str):
    with pytest.raises(actions.CannotDefine, match=said):
        a_definition(cast, **changes)
    assert not FieldDefinition.objects.exists()


def test_a_code_is_defined_once_in_a_unit(cast: Cast):
    a_definition(cast)
    with pytest.raises(actions.CannotDefine, match="already"):
        a_definition(cast)


# ---- forms


def printed(form, customer: Customer, lang: str = "zh-hans") -> str:
    data = values.gather(form, sheets.filled(customer, MONDAY))
    return "".join(printing.render(form, data, kind="html", lang=lang).decode().split())


FIELDS = {
    "F000-01": ["客户编号", "租户名称", "铺位号", "线路/站点", "业态", "品牌", "法定代表人", "财务联系人", "联系电话", "合同号", "租期", "面积", "月租金", "押金", "分级记录", "定人", "定区", "定点", "定时", "备注", "客户类型", "生命周期阶段"],
    "F001-18": ["顾客", "营业员", "购买记录", "尺码", "颜色", "家庭", "节日"],
    "FM002-28": ["客户编号", "名称", "类别", "性质", "地址", "电话", "电子邮箱", "法定代表人", "负责人", "联系人", "行业和经营范围", "规模", "成立时间", "开户行", "税号", "首次接触渠道", "关系", "生命周期阶段", "等级", "信用", "需求", "密级", "客户负责人", "登记人", "最近更新"],
    "FM002-34": ["客户姓名", "工作单位", "职位", "住址", "联系方式", "生日", "服务偏好", "家庭", "联系记录", "核对日期", "核对人", "变更记录"],
    "FM002-35": ["客户姓名", "工作单位", "职位", "住址", "联系方式", "客户负责人", "服务方案", "决策链", "核对人", "变更记录"],
    "F003-01": ["名称", "联系电话", "行业/职业", "服务偏好", "消费频率", "互动历史", "满意度评价", "建议", "投诉", "客户编号", "类型", "性别", "生日", "纪念日", "地址", "来源", "客户负责人", "生命周期阶段", "细分", "价值", "告知同意", "完整度", "登记人", "最近更新"],
    "F003-14": ["姓名", "手机", "生日", "告知同意", "会员卡号", "注册日期"],
    "F004-01": ["专卖证号", "店名", "店主", "联系电话", "地址", "业态", "面积", "订货日", "送货线路", "开户行", "客户经理", "拜访线路", "等级", "照片", "经营环境", "经营规模", "自身特点", "客户类别", "销售", "盈利", "评价"],
    "F000-13": ["类型", "来源", "内容", "强度", "送交", "结果"],
}  # fmt: skip


@pytest.mark.rule(
    "F000-01",
    "F000-13",
    "F001-18",
    "FM002-28",
    "FM002-34",
    "FM002-35",
    "F003-01",
    "F003-14",
    "F004-01",
    "R002-090",
)
def test_each_form_has_every_field_of_the_register_and_prints_in_all_kinds(cast: Cast, business):
    assert {form.code for form in sheets.FORMS} == set(FIELDS)
    for form in sheets.FORMS:
        text = printed(form, business)
        assert [word for word in FIELDS[form.code] if word not in text] == [], form.code
    form = sheets.FORMS[3]
    data = values.gather(form, sheets.filled(business, MONDAY))
    assert (
        printing.render(form, data, kind="docx")[:2] == printing.render(form, data, kind="xlsx")[:2] == b"PK"
    )
    assert printing.render(form, data, kind="pdf")[:4] == b"%PDF"


@pytest.mark.rule("F001-18", "R001-039", "S001-024")
def test_the_personal_file_holds_purchases_sizes_colours_family_and_festivals(cast: Cast, person):
    for field, value in (("preference.size", "M码"), ("preference.colour", "藏青"), ("family", "两个孩子")):
        learn(person, cast, field, value)
    Milestone.objects.create(customer=person, kind="BIRTHDAY", month=10, day=2)
    Sale.objects.create(customer=person, on=dt.date(2026, 3, 1), product="羊毛衫", amount=399)
    customers.correct(customer=person, by=cast.taker.party, now=MONDAY, owner=cast.specialist.party)

    text = printed(sheets.FORMS[6], Customer.objects.get(pk=person.pk))

    for part in ("M码", "藏青", "两个孩子", "10-2", "羊毛衫", "399", cast.specialist.party.name):
        assert part in text, part


@pytest.mark.rule("FM002-34", "R002-090", "R002-093")
def test_the_relation_card_shows_five_named_fields_verifier_and_changes_and_no_full_number(
    cast: Cast, person
):
    learn(person, cast, "employer", "临江中学")
    actions.add_address(customer=person, text="临江路16号", kind="HOME", by=cast.taker.party, now=MONDAY)
    customers.correct(customer=person, by=cast.taker.party, now=MONDAY, title="教师")
    actions.verify(customer=person, by=cast.specialist.party, now=MONDAY)
    person.refresh_from_db()

    text = printed(sheets.FORMS[2], person)

    for part in (
        "欧阳静怡",
        "临江中学",
        "教师",
        "临江路16号",
        "138****5678",
        "2026年3月9日",
        cast.specialist.party.name,
    ):
        assert part in text, part
    assert "13800005678" not in text


@pytest.mark.rule("F003-01", "R003-14")
def test_the_three_groups_of_information_stand_on_one_file(cast: Cast, person):
    learn(person, cast, "preference.time", "上午", source="SERVICE")
    learn(person, cast, "suggestion", "多开一台收银", source="SURVEY")
    Interaction.objects.create(
        customer=person, unit=cast.south, at=MONDAY, way="PHONE", purpose="回访", by=cast.taker.party
    )
    the_regulation(cast)

    text = printed(sheets.FORMS[0], person)

    for part in ("基础信息", "行为信息", "反馈信息", "上午", "多开一台收银", "回访", "%"):
        assert part in text, part
    groups = {row.field: row.group for row in parts.facts(person)}
    assert (groups["name"], groups["preference.time"], groups["suggestion"]) == (
        "BASIC",
        "BEHAVIOUR",
        "FEEDBACK",
    )


@pytest.mark.rule("F000-13")
def test_the_need_record_prints_kind_holder_target_and_outcome(cast: Cast, dealer):
    need = actions.add_need(
        customer=dealer, kind="CONSCIOUS", text="小包装", source="VISIT", holder="社区居民", strength=4,
        by=cast.taker.party, now=MONDAY,
    )  # fmt: skip
    actions.send_need(need=need, to="产品开发部", by=cast.taker.party, now=MONDAY)
    actions.need_outcome(need=need, outcome="列入试制", by=cast.taker.party, now=MONDAY)

    text = printed(sheets.FORMS[-1], dealer)

    for part in ("潜在需求(有意识)", "小包装", "社区居民", "4", "产品开发部", "列入试制"):
        assert part in text, part


# ---- P003-05


def asked(scope=EVERYTHING) -> Question:
    return Question(scope, Period.of_days(TODAY, TODAY, "Asia/Shanghai"))


@pytest.mark.rule("P003-05", "R003-15", "R002-P09")
def test_the_quality_of_files_is_told_and_opens_into_its_files(cast: Cast, person, business):
    the_regulation(cast)
    learn(person, cast, "preference.way", "微信", source="SURVEY")

    assert tallying.COMPLETE.number(asked()) == Ratio(1, 2)
    assert tallying.TIMELY.number(asked()) == Ratio(2, 2)
    missing = {part.key: part.number for part in tallying.COMPLETE.breakdowns[0].parts(asked())}
    assert (missing["finance"], missing["preference"]) == (1, 1)
    sources = {part.key: part.number for part in tallying.SOURCES.breakdowns[0].parts(asked())}
    assert (sources["SURVEY"], sources["OTHER"]) == (1, 2)
    url = next(part.url for part in tallying.SOURCES.breakdowns[0].parts(asked()) if part.key == "SURVEY")
    assert dict(parse_qsl(urlsplit(url).query)) == {"state": "ACTIVE", "known": "SURVEY"}


def test_a_fact_stands_once(cast: Cast, person):
    learn(person, cast, "family", "两个孩子")
    with pytest.raises(IntegrityError):
        Fact.objects.create(customer=person, field="family", source="OTHER", at=MONDAY)
