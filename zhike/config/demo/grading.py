"""Customers of the enterprise, the wholesale company, the landlord and the insurer: graded, valued, moved; invented."""

from __future__ import annotations

import datetime as dt
import random
from decimal import Decimal
from typing import Any

from zhike.complaints.questions import ROLES
from zhike.customers import actions as files
from zhike.customers.grading import actions, jobs
from zhike.customers.models import Address, Customer, Evaluation, Link, Profile, Sale
from zhike.customers.reporting import publishing, reports
from zhike.customers.reporting.tables import Asked
from zhike.kernel.parties.models import Party, Unit
from zhike.kernel.parties.scope import Scope
from zhike.kernel.tallies.periods import Kind, Period
from zhike.kernel.worktime import calendars
from zhike.manuals import actions as manuals

from .enterprise import LIBRARY, House, place_staff

DAY = dt.timedelta(days=1)
MONTHS = 4  # for how long the customers have been graded
# company, its regulation, posts and names, customers, what they buy
PLACES = {
    "enterprise": (
        "customer-grading", (("P002-02", "安栖云"), ("CUSTOMER_MANAGER", "乔木青")),
        ("澜石精密机械", "衡岳轴承", "临港重工", "云岭水泵", "东序自动化", "北辰压缩机", "锦川电气", "鹤鸣阀门", "远山矿业", "瀚海造船", "青梧食品机械", "松原农机",
         "西岭风电", "晴川纺机", "鼎新模具", "海晏港务"), ("主轴轴承", "伺服电机", "减速机", "备件"),
    ),
    "tobacco": (
        "tobacco-customers", (("P002-02", "纪听澜"), ("CUSTOMER_MANAGER", "方既明")),
        ("城西烟酒店", "桥头便利店", "百顺超市", "老街副食", "江边小卖部", "和平商店", "新苑超市", "东门烟行", "南站便利", "福源商行", "清泉副食店", "学府超市",
         "平安烟酒", "利民商店"), ("卷烟", "雪茄"),
    ),
    "metro": (
        "tenant-grading", (("P002-02", "姜见山"),),
        ("一号线书吧", "城央咖啡", "轨道便利", "晨光鲜花", "站前面馆", "橙子通讯", "乐动健身", "小满烘焙"), ("租金", "提成"),
    ),
    "insurer": (
        "customer-lifecycle", (("P002-02", "温予怀"), ("P002-20", "凌观澜")),
        tuple(f"{family}{given}" for family, given in zip("江段许章沈陶孟彭袁顾温葛施柳裴钟冯卓闻白", ("牧原", "亦舟", "静安", "一鸣", "知夏", "景行", "子衿", "思远", "承泽", "念慈", "可欣", "望舒", "晓彤", "如烟", "文澜", "毓秀", "若兰", "清扬", "人杰", "乐天"), strict=True)),
        ("家财险", "车险", "意外险", "健康险"),
    ),
}  # fmt: skip
# region, province, city, latitude, longitude
REGIONS = [
    ("华东", "浙江", "杭州", "30.27", "120.15"), ("华东", "江苏", "苏州", "31.30", "120.58"), ("华北", "河北", "石家庄", "38.04", "114.51"),
    ("华中", "湖北", "武汉", "30.59", "114.30"), ("华南", "广东", "佛山", "23.02", "113.12"), ("西南", "四川", "成都", "30.57", "104.07"),
]  # fmt: skip


def fill(house: House, now: dt.datetime) -> None:
    """Each company has its customers, its regulation, and some months of a history."""
    dice = random.Random(47)
    begin = now - 30 * MONTHS * DAY
    for code, (manual, staff, names, goods) in PLACES.items():
        unit = house.units[code]
        for post, name in staff:
            place_staff(house, code, post, [name], unit, begin - 300 * DAY)
        text = (LIBRARY / f"{manual}.md").read_text(encoding="utf-8")
        manuals.publish_and_install(text=text, unit=unit, by=None, now=begin, roles=ROLES)
        keepers = [house.staff[code, post][0] for post, _name in staff]
        rows = [_open(dice, unit, keepers, name, code, begin) for name in names]
        for row in rows:
            _sell(dice, row, goods, now)
        actions.value_all(unit=unit, now=begin)
        _live(dice, unit, rows, keepers, code, begin, now)
    _insured(house, now)
    _publish(house, now)


def _open(
    dice: random.Random, unit: Unit, keepers: list[Party], name: str, code: str, at: dt.datetime
) -> Customer:
    kind = Customer.Kind.PERSON if code == "insurer" else Customer.Kind.ORGANISATION
    phone = f"1{dice.choice('3579')}{dice.randint(100000000, 999999999)}"
    row = files.create(
            name=name, phone=phone, unit=unit, by=keepers[-1], now=at, kind=kind,
            position=Customer.Position.END, knowing=True,
        )  # fmt: skip
    region, province, city, north, east = dice.choice(REGIONS)
    Customer.objects.filter(pk=row.pk).update(
        region=region,
        owner=keepers[-1],
        industry=dice.choice(("制造业", "零售业", "服务业")),
        is_key=dice.random() < 0.2,
    )
    Address.objects.create(
        customer=row, province=province, city=city, text=f"{city}市中山路{dice.randint(1, 300)}号", is_main=True,
        latitude=Decimal(north) + Decimal(dice.randint(-30, 30)) / 100,
        longitude=Decimal(east) + Decimal(dice.randint(-30, 30)) / 100,
    )  # fmt: skip
    row.refresh_from_db()
    return row


def _sell(dice: random.Random, customer: Customer, goods: tuple[str, ...], now: dt.datetime) -> None:
    """A ledger of two years; some customers come back, some leave."""
    today = calendars.local_day(now, customer.unit_id)
    day, left = today - dt.timedelta(days=dice.randint(60, 730)), dice.random() < 0.25
    step, size = dice.choice((14, 30, 60, 120, 300)), dice.choice((300, 2_000, 9_000, 40_000, 160_000))
    lines: list[Sale] = []
    while day <= today and not (left and dice.random() < 0.3 and lines):
        amount = Decimal(round(size * dice.uniform(0.6, 1.5), 2)).quantize(Decimal("0.01"))
        lines.append(
            Sale(
                customer=customer, on=day, number=f"X{day:%y%m%d}-{customer.pk}", product=dice.choice(goods),
                ordered=Decimal(dice.randint(1, 20)), amount=amount, discount=(amount / 50).quantize(Decimal("0.01")),
                collected=(amount * Decimal("0.9")).quantize(Decimal("0.01")),
            )
        )  # fmt: skip
        day += dt.timedelta(days=max(3, round(step * dice.uniform(0.6, 1.6))))
    Sale.objects.bulk_create(lines)


def _live(
    dice: random.Random,
    unit: Unit,
    rows: list[Customer],
    keepers: list[Party],
    code: str,
    begin: dt.datetime,
    now: dt.datetime,
) -> None:
    """Month by month facts are noted, evaluations written and all customers graded."""
    head, keeper = keepers[0], keepers[-1]
    moment = begin
    while moment < now:
        for row in dice.sample(rows, max(2, len(rows) // 5)):
            row.refresh_from_db()
            _note(dice, row, keeper, moment)
        if code == "tobacco":
            _score(dice, unit, head, keeper, moment)
        jobs.regrade_here(unit, moment + 5 * DAY, None)
        moment += 30 * DAY
    if code == "enterprise":
        _proposals(dice, rows, head, keeper, now)
    actions.value_all(unit=unit, now=now)
    jobs.regrade_here(unit, now, None)


def _note(dice: random.Random, row: Customer, by: Party, at: dt.datetime) -> None:
    today = calendars.local_day(at, row.unit_id)
    need = dice.choices(Profile.NeedState.values, [6, 3, 1])[0]
    expected = None if need == "NONE" else today + dt.timedelta(days=dice.choice((5, 20, 50, 80, 150, 260)))
    actions.note(
        customer=row, by=by, now=at, need=need, deal_expected_on=expected,
        possible_amount=Decimal(dice.choice((8_000, 40_000, 120_000, 600_000))), is_negotiating=dice.random() < 0.4,
        is_regular=dice.random() < 0.85,
    )  # fmt: skip


def _score(dice: random.Random, unit: Unit, head: Party, keeper: Party, at: dt.datetime) -> None:
    """The month's evaluations; what the scores propose the head mostly approves."""
    actions.plan_evaluations(unit=unit, month=calendars.local_day(at, unit.pk), by=head, now=at)
    for row in Evaluation.objects.filter(customer__unit=unit, at=None).select_related("customer__unit"):
        if dice.random() < 0.15:
            continue
        middle = dice.choice((55, 68, 78, 90))
        scores = {
            code: min(100, middle + dice.randint(-8, 8))
            for code in ("ABILITY", "ENVIRONMENT", "DISPLAY", "PROFIT")
        }
        actions.evaluate(evaluation=row, scores=scores, by=keeper, now=at + 3 * DAY)
        for proposal in row.customer.proposals.filter(state="OPEN"):
            if dice.random() < 0.7:
                actions.approve(proposal=proposal, by=head, now=at + 4 * DAY, opinion="同意，下月起执行。")


def _proposals(
    dice: random.Random, rows: list[Customer], head: Party, keeper: Party, now: dt.datetime
) -> None:
    """One value was decided above the regulation, one is waiting."""
    for row, at in zip(dice.sample(rows, 2), (now - 6 * DAY, now - 2 * DAY), strict=True):
        was = row.grades.filter(dimension="grade", until=None).first()
        wanted = "A" if was is None or was.value != "A" else "B"
        made = actions.propose(
            customer=row, dimension="grade", value=wanted, reason="新厂开工在即，采购量将翻倍。", by=keeper, now=at,
            valid_to=calendars.local_day(now + 90 * DAY, row.unit_id),
        )  # fmt: skip
        if at < now - 3 * DAY:
            actions.approve(proposal=made, by=head, now=at + DAY, opinion="同意，三个月后复核。")


PERSONA: dict[str, Any] = {
    "segment": "LOYAL", "pains": "理赔材料要反复补交，不知道进度。", "expectations": "一个电话说清楚，一次办完。",
    "factors": "身边人的口碑，理赔速度，代理人稳定。", "interaction": "微信留言，晚上八点以后通话。",
    "story": "经营一家小工厂，保单由妻子保管，续保前会先问老客户。", "sample": 12,
}  # fmt: skip


def _insured(house: House, now: dt.datetime) -> None:
    """Word of mouth, a persona and the plan of a segment at the insurer."""
    unit, head = house.units["insurer"], house.staff["insurer", "P002-02"][0]
    rows = list(Customer.objects.filter(unit=unit).order_by("pk"))
    for new, old in zip(rows[10:14], (rows[0], rows[0], rows[1], rows[2]), strict=True):
        Link.objects.create(customer=new, other=old, kind=Link.Kind.INTRODUCED, at=now - 90 * DAY, by=head)
    actions.value_all(unit=unit, now=now)
    actions.draw_persona(unit=unit, name="稳健的小企业主", by=head, now=now - 60 * DAY, **PERSONA)
    today = calendars.local_day(now, unit.pk)
    plan = actions.plan_segment(
        unit=unit, segment="LOYAL", begins_on=today - dt.timedelta(days=60), ends_on=today + dt.timedelta(days=30),
        strategy="专属客户经理，问题一小时内回应", content="年度保障回顾", priority=1, owner=head, target="续保率 95%",
        by=head, now=now - 60 * DAY,
    )  # fmt: skip
    actions.report_segment(plan=plan, result="已续保 18 户，续保率 96%。", by=head, now=now - DAY)


def _publish(house: House, now: dt.datetime) -> None:
    """The resources of the last month are handed in and wait for a second signature."""
    unit, head = house.units["enterprise"], house.staff["enterprise", "P002-02"][0]
    day = calendars.local_day(now, unit.pk).replace(day=1) - dt.timedelta(days=1)
    tz = str(calendars.calendar_for(unit.pk).zone)
    asked = Asked(Scope(None, frozenset({unit.pk})), Period.around(Kind.MONTH, day, tz), now, unit.pk)
    report = reports.REPORTS["ST002-47"]
    typed = reports.values(
        reports.filled(report, asked, pictures=False), unit=unit.label, period=str(asked.period), by=head.name,
        analysis="A级客户集中在华东，西南两户整月没有联系，建议安排拜访。",
    )  # fmt: skip
    publishing.sign(code=report.code, typed=typed, unit=unit, by=head, now=now - DAY)
