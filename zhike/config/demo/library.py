"""The library of the group: regulations looked over each year, what they rest on, copies, standards, the mission."""

from __future__ import annotations

import datetime as dt

from zhike.kernel.duties.models import Duty
from zhike.kernel.parties.models import Party
from zhike.kernel.policy.models import ManualVersion
from zhike.manuals import actions, queries
from zhike.manuals.models import Copy, Reference
from zhike.people.models import business_day

from .enterprise import LIBRARY, House
from .signing import introduce

DAY = dt.timedelta(days=1)
KEPT = {
    "mall-complaints": "一年来权限和期限没有争议，个案都能按条款办理。",
    "grumbles": "抱怨记录量逐月增加，办法仍适用。",
    "car-complaints": "与厂家保修手册核对一致。",
    "enterprise-complaints": "组织和期限没有变化。",
    "mfg-complaints": "审核未提出不符合项。",
}
DEPARTURES = [
    ("柜台接待", "了解需要", "老年顾客听力不好，复述三遍仍听不清。", "改用写字板交谈，把办法写在纸上带走。", "十分钟办完，顾客当场致谢。", True),
    ("投诉受理", "安抚", "顾客带着孩子，不愿到接待室。", "请到服务台旁的休息区，先给孩子倒水。", "顾客情绪平复，按步骤完成登记。", True),
    ("结案回访", "询问结果", "顾客在外地，不便接电话。", "改用短信询问，附上处理结果。", "当天收到答复，满意。", False),
    ("电话受理", "答复或转办", "客户只会说方言。", "请同乡同事三方通话代为转述。", "一次说清，没有转办。", None),
]  # fmt: skip
MISSION = {
    "customer": "让每一位顾客买得放心、用得舒心。",
    "society": "守法经营，做让人信得过的邻居。",
    "environment": "少一次性包装，废旧家电回收到底。",
    "shareholders": "靠回头客取得长久的回报。",
    "staff": "一起成长，被尊重的人才会尊重顾客。",
    "tests": ["EXPLICIT", "MOTIVATING", "ACHIEVABLE"],
    "concept": "把麻烦留给自己，把方便带给顾客。",
    "methods": "一线授权，按条款裁定，每周复盘。",
    "content": "售前咨询、售中陪购、售后上门。",
    "form": "到店、电话、线上和上门四种方式。",
    "degree": "先做到承诺，再超出期望。",
    "vision": "给顾客比同行更高的消费价值，成为顾客心中的首选。",
}
BRANDS = [
    (
        "暖心到家",
        {
            "mission": "让买了大件的顾客不再为安装和维修操心。",
            "customer": "第一次置家的年轻家庭和独居老人。",
            "relation": "不是卖完就走的店家，是随叫随到的邻居。",
            "beyond": "顾客的家人同样是我们的顾客，上门时一并照顾。",
            "product": "产品是开始，服务让产品一直好用。",
        },
        True,
    ),
    (
        "企业采购管家",
        {
            "mission": "让企业采购省心、透明。",
            "customer": "五十人以上的企业行政部门。",
            "relation": "一位管家对一家企业。",
            "beyond": "员工用得满意，采购才满意。",
            "product": "商品、配送、发票一次办好。",
        },
        False,
    ),
]


def settle(house: House, since: dt.datetime) -> None:
    """The year after the regulations were installed: each is looked over before its date, one is forgotten.

    The factory's regulation is the one that is looked over late; nobody looks over those of market and pharmacy.
    """
    for key, reason in KEPT.items():
        version = ManualVersion.objects.filter(key=key).defer("text").first()
        owed = _owed(version) if version else None
        if version is None or owed is None or owed.due_at is None or owed.owner is None:
            continue
        days = 9 if key == "mfg-complaints" else -20
        actions.keep_as_it_is(version=version, reason=reason, by=owed.owner, now=owed.due_at + days * DAY)


def _owed(version: ManualVersion) -> Duty | None:
    return Duty.objects.open().filter(subject_id=version.pk, kind="manual.revise").first()


def fill(house: House, now: dt.datetime) -> None:
    """What stands in the library on the day of the demonstration."""
    _standards(house, now)
    _references(house, now)
    _copies(house, now)
    _departures(house, now)
    _mission(house, now)


def _standards(house: House, now: dt.datetime) -> None:
    """Service standards of the mall, to be looked over in three weeks."""
    manager = house.staff["south", "P002-02"][0]
    text = (LIBRARY / "service-standards.md").read_text(encoding="utf-8")
    at = now - 345 * DAY
    introduce(house, text=text, unit=house.units["mall"], code="mall", by=manager, now=at)


def _references(house: House, now: dt.datetime) -> None:
    """The rules on family cars have a new edition that the regulation does not name yet."""
    by = house.staff["car", "CUSTOMER_CENTRE"][0]
    editions = [
        (
            "家用汽车产品修理、更换、退货责任规定",
            "2021年修订",
            dt.date(2022, 1, 1),
            "三包责任的情形和期限有调整，新能源车电池列入主要总成。",
        ),
        ("标准店操作手册", "2026版", dt.date(2026, 1, 1), "陈列检查频次由每月改为每两周。"),
    ]
    for name, label, day, changes in editions:
        reference = Reference.objects.get(name=name)
        actions.record_edition(
            reference=reference, label=label, effective_on=day, changes=changes, by=by, now=now - 6 * DAY
        )
    standards = ManualVersion.objects.get(key="service-standards")
    manual = next(flag.edition for flag in queries.flags_by_version([standards])[standards.pk])
    actions.examined_without_change(
        version=standards,
        edition=manual,
        note="检查频次由拜访计划规定，本标准不涉及。",
        by=house.staff["south", "P002-02"][0],
        now=now - 4 * DAY,
    )


def _copies(house: House, now: dt.datetime) -> None:
    """The copies of the first version were changed for those of the second, but for the one of a store."""
    by = house.staff["south", "P002-02"][0]
    first, second = ManualVersion.objects.filter(key="mall-complaints").order_by("number")[:2]
    for days, store in ((60, "south"), (58, "north"), (57, "east")):
        old = _copy(house, first, store, by, now - days * DAY)
        if store != "east":
            at = now - (days - 28) * DAY
            actions.return_copy(copy=old, by=by, now=at)
            _copy(house, second, store, by, at)


def _copy(house: House, version: ManualVersion, store: str, by: Party, at: dt.datetime) -> Copy:
    holder, unit = house.staff[store, "P002-21"][0], house.units[store]
    return actions.issue_copy(version=version, holder=holder, unit=unit, note="服务台", by=by, now=at)


def _departures(house: House, now: dt.datetime) -> None:
    """Two became examples, one was approved, one waits."""
    south = house.units["south"]
    found = {one.name: one for one in queries.processes(south.pk, now)}
    taker, manager = house.staff["south", "P002-21"][0], house.staff["south", "P002-02"][0]
    for place, (name, step, reason, done, effect, good) in enumerate(DEPARTURES):
        at = now - (30 - place * 7) * DAY
        row = actions.record_departure(
            process=found[name], step=step, reason=reason, done=done, effect=effect, unit=south, by=taker, now=at
        )  # fmt: skip
        if good is not None:
            opinion = "值得推广" if good else "同意"
            actions.review_departure(record=row, good=good, opinion=opinion, by=manager, now=at + DAY)


def _mission(house: House, now: dt.datetime) -> None:
    """The mission holds; one brand is out, the other waits for approval."""
    writer, head = house.staff["south", "P002-02"][0], house.staff["mall", "GENERAL_MANAGER"][0]
    at = now - 200 * DAY
    sheet = actions.begin_sheet(code="S000-19", typed=MISSION, by=writer, now=at)
    actions.submit_sheet(record=sheet, by=writer, now=at)
    actions.approve_sheet(record=sheet, opinion="顾客排在最前，同意。", by=head, now=at + DAY)
    for name, answers, approved in BRANDS:
        day = business_day(at if approved else now) + 30 * DAY
        typed = {"brand": name, "release_on": day.isoformat(), **answers}
        begun = at if approved else now - 2 * DAY
        sheet = actions.begin_sheet(code="F000-12", typed=typed, by=writer, now=begun)
        actions.submit_sheet(record=sheet, by=writer, now=begun)
        if approved:
            actions.approve_sheet(record=sheet, opinion="同意。", by=head, now=begun + 5 * DAY)
