"""One town for the tobacco company: where its shops are, when they are open, and new ones that nobody has visited yet."""

from __future__ import annotations

import datetime as dt
import random
from decimal import Decimal
from typing import Any

from zhike.customers import actions as files
from zhike.customers.dossier import actions as dossier
from zhike.customers.models import Address, Customer
from zhike.kernel.parties.models import Party, Unit
from zhike.kernel.worktime import calendars
from zhike.visits.models import WeekPlan
from zhike.visits.planning import actions as planning

DEPOT = (Decimal("30.26800"), Decimal("120.16500"))
# area, latitude and longitude of its middle
AREAS = [
    ("城东", 30.275, 120.215), ("城西", 30.285, 120.085), ("城南", 30.205, 120.160), ("城北", 30.330, 120.150),
    ("湖滨", 30.255, 120.160),
]  # fmt: skip
ROADS = ("文一路", "庆春路", "解放路", "秋涛路", "莫干山路", "中河路", "江城路", "西溪路")
HOURS = (
    "08:00-21:00", "周一至周六 07:30-20:00", "09:00-12:00 14:00-19:00", "周一至周五 08:30-17:30;周六 09:00-12:00", "",
)  # fmt: skip
NEW = (
    "吉祥烟杂店", "四季便利", "万家福超市", "古荡烟酒", "望江小店", "拱宸商店", "大关副食", "朝晖便利店", "翠苑超市", "留下烟酒", "采荷商行",
    "凯旋便利", "闸口小卖部", "南星副食店", "石桥烟酒店", "三墩超市", "五里塘便利", "景芳商店", "清波烟杂", "半山便利店", "转塘超市", "彭埠商店",
)  # fmt: skip


def place(unit: Unit, manager: Party, now: dt.datetime) -> None:
    """Before the weeks are lived: the shops on file get their places, the manager a day."""
    dice = random.Random(11)
    for row in Customer.objects.filter(unit=unit, owner=manager).order_by("pk"):
        _settle(dice, row, manager, now)
    planning.keep_workday(
        manager=manager, by=manager, now=now, latitude=DEPOT[0], longitude=DEPOT[1], begins=None, ends=None
    )


def open_shops(unit: Unit, manager: Party, now: dt.datetime) -> None:
    """Shops that have just got their licence: all of them are due and in no plan yet; two have no place on file."""
    dice = random.Random(12)
    for number, name in enumerate(NEW):
        row = files.create(
            name=name, phone=f"139{dice.randint(10000000, 99999999)}", unit=unit, by=manager, now=now,
            kind=Customer.Kind.ORGANISATION, position=Customer.Position.END, knowing=True,
        )  # fmt: skip
        Customer.objects.filter(pk=row.pk).update(owner=manager, industry="零售业")
        _settle(dice, row, manager, now, is_placed=number % 11 != 4)
        if number % 7 == 3:
            _learn(row, "visit.weekdays", dice.choice(("周二、周四", "周一、周三", "周五")), manager, now)
        if number % 9 == 5:
            _learn(row, "visit.minutes", "45", manager, now)


def propose(unit: Unit, manager: Party, now: dt.datetime) -> None:
    """The next week's plan has a proposal that waits for a look."""
    plan = WeekPlan.objects.filter(manager=manager, unit=unit).order_by("-monday").first()
    if plan is not None and plan.monday > calendars.local_day(now, unit.pk):
        row = planning.ask(plan=plan, by=manager, now=now, queue=lambda *_task, **_options: None)
        planning.work_out(row.pk, seconds=1)


def _settle(
    dice: random.Random, row: Customer, by: Party, now: dt.datetime, *, is_placed: bool = True
) -> None:
    area, north, east = dice.choice(AREAS)
    Customer.objects.filter(pk=row.pk).update(region=area)
    text = f"{dice.choice(ROADS)}{dice.randint(1, 400)}号"
    spot = {
        "latitude": Decimal(str(round(dice.gauss(north, 0.014), 5))),
        "longitude": Decimal(str(round(dice.gauss(east, 0.016), 5))),
    }
    hours = dice.choice(HOURS)
    known = Address.objects.filter(customer=row).first()
    town: dict[str, Any] = {"province": "浙江", "city": "杭州", "text": text, **(spot if is_placed else {})}
    if known is None:
        dossier.add_address(customer=row, by=by, now=now, **town)
    else:
        dossier.correct_address(address=known, by=by, now=now, **town)
    if hours:
        _learn(row, "visit.hours", hours, by, now)


def _learn(row: Customer, field: str, value: str, by: Party, now: dt.datetime) -> None:
    dossier.learn(customer=row, field=field, value=value, source="VISIT", by=by, now=now)
