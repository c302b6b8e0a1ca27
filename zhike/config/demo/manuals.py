"""Changes of the mall's regulation: a second version with three names on it, a third one under review, two stores
with values of their own, and who has read the second."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from decimal import Decimal
from functools import partial

from django.conf import settings

from zhike.complaints import actions as complaints
from zhike.kernel import clock
from zhike.kernel.parties.models import Party
from zhike.kernel.policy.models import ManualVersion
from zhike.kernel.procedures import approvals
from zhike.kernel.tallies.periods import Kind, Period
from zhike.manuals import actions, forms_backtest, queries
from zhike.manuals.models import Revision
from zhike.people.models import business_day

from .enterprise import House
from .mall import Play, carry_on
from .stories import STORIES

DAY = dt.timedelta(days=1)
KEY = "mall-complaints"
# The second version says who handles what the press has taken up; no case before it was of that kind.
PRESS = (
    ("食物中毒、变质过期食品、安全、建筑设施、叉车擦伤 |", "食物中毒、变质过期食品、安全、建筑设施、叉车擦伤、媒体关注 |"),
    ("| 坚持找店长 | INSISTS_ON_MANAGER |", "| 媒体关注 | MEDIA | Media attention | 媒体已经报道或者来访 |\n| 坚持找店长 | INSISTS_ON_MANAGER |"),
    ("| 100 | 变质过期食品 | 未知 | 店长 |", "| 100 | 变质过期食品 | 未知 | 店长 |\n| 100 | 媒体关注 | 未知 | 店长 |"),
    ("叉车擦伤顾客；投诉主管级以上人员；", "叉车擦伤顾客；媒体已经报道或者来访；投诉主管级以上人员；"),
    ("customers scratched by a forklift, staff", "customers scratched by a forklift, what the press has taken up, staff"),
)  # fmt: skip
WHY_PRESS = "东江店一件投诉见报两天后才到店长手里；媒体关注的一律由店长处理。"
# The third lowers the figures from which store manager and customer-service manager handle.
LOWER = (
    ("| 店长起点 | 2000元 |", "| 店长起点 | 1500元 |"),
    ("| 经理起点 | 500元 |", "| 经理起点 | 300元 |"),
    ("| 1999.99 | 无 | 未知 | 客服经理 |", "| 1499.99 | 无 | 未知 | 客服经理 |"),
    ("| 2000 | 无 | 未知 | 店长 |", "| 1500 | 无 | 未知 | 店长 |"),
    ("| 500 | 无 | 未知 | 客服经理 |", "| 300 | 无 | 未知 | 客服经理 |"),
    ("| 499.99 | 无 | 未知 | 客服主管 |", "| 299.99 | 无 | 未知 | 客服主管 |"),
    ("货值两千元及以上", "货值一千五百元及以上"),
    ("货值五百元以上、不满两千元", "货值三百元以上、不满一千五百元"),
    ("不满五百元且", "不满三百元且"),
    ("goods of 2,000 yuan or more", "goods of 1,500 yuan or more"),
    ("goods of 500 up to 2,000 yuan", "goods of 300 up to 1,500 yuan"),
)
# Days into the quarter that is over, and goods values between which the guide moves 店长起点 (docs/write-a-manual.md).
COATS = ((18, "1580", "齐嘉禾"), (43, "1760", "骆云舟"), (71, "1690", "费若安"))
WHY_LOWER = "起点以下的投诉近半后来仍转到上一级，不如一开始就由上一级处理。"


def enter(stage: Play) -> None:
    """The second version comes into force five weeks ago, a store's own limit two weeks ago."""
    house, end = stage.house, stage.end
    stage.at(end - 42 * DAY, partial(_second, house))
    stage.at(end - 41 * DAY, partial(_sign, house, "south", "已和三家店长核对，同意。"))
    stage.at(end - 40 * DAY, partial(_approve, house, "同意。"))
    stage.at(end - 40 * DAY, partial(_read, stage))
    stage.at(end - 20 * DAY, partial(_stricter, house))
    stage.at(end - 19 * DAY, partial(_sign, house, "east", "我店答复一向在两天内，同意。"))
    stage.at(end - 18 * DAY, partial(_approve, house, "同意，先在东江店试行。"))
    over = Period.around(Kind.QUARTER, business_day(end), settings.TIME_ZONE).previous()
    for days, value, name in COATS:
        stage.at(over.begins_at + dt.timedelta(days=days, hours=11), partial(_coat, stage, value, name))


def _coat(stage: Play, value: str, name: str, now: dt.datetime) -> None:
    text, demand, _values, *texts = STORIES["QUALITY"][0]
    taker = stage.house.staff["south", "P002-21"][0]
    complaint = complaints.register(
        unit=stage.house.units["south"], by=taker, now=now, name=name, channel="COUNTER", text=text,
        demand=demand, item="QUALITY", value=Decimal(value),
    )  # fmt: skip
    carry_on(stage, complaint.pk, texts, now, slow=0)


def fill(house: House, now: dt.datetime) -> None:
    """What is on its way on the day of the demonstration."""
    at = now - 6 * DAY
    _coming(house, at)
    _sign(house, "south", "下月起先行，同意。", at + DAY)
    _approve(house, "同意。", at + 2 * DAY)
    _third(house, now - DAY)


def _second(house: House, now: dt.datetime) -> None:
    by = _manager(house, "south")
    revision = _written(PRESS, by, now - 2 * DAY)
    _hand_in(house, revision, "south", WHY_PRESS, business_day(now + 7 * DAY), now)


def _third(house: House, now: dt.datetime) -> None:
    """Handed in, and tried on the cases of three years by who prepares it and by who approves."""
    by = _manager(house, "south")
    revision = _written(LOWER, by, now - 2 * DAY)
    today = business_day(now)
    since = forms_backtest.before(today, forms_backtest.MONTHS)
    _hand_in(house, revision, "south", WHY_LOWER, None, now)
    with clock.at(now):
        for person in (by, house.staff["mall", "GENERAL_MANAGER"][0]):
            actions.ask_backtest(revision=revision, since=since, until=today, by=person, now=now)


def _stricter(house: House, now: dt.datetime) -> None:
    _values(
        house,
        "east",
        {"答复期限": "2工作日"},
        "本店投诉少，答复快，承诺可以更短。",
        business_day(now + 6 * DAY),
        now,
    )


def _coming(house: House, now: dt.datetime) -> None:
    first = (business_day(now + 6 * DAY).replace(day=1) + dt.timedelta(days=32)).replace(day=1)
    _values(house, "south", {"经理起点": "400元"}, "客服经理提前介入，减少二次升级。", first, now)


def _values(
    house: House, store: str, values: dict[str, str], why: str, day: dt.date, now: dt.datetime
) -> None:
    revision = actions.begin_values(
        key=KEY, unit=house.units[store], values=values, by=_manager(house, store), now=now,
        reason=why, effective_on=day,
    )  # fmt: skip
    _hand_in(house, revision, store, why, day, now)


def _written(changes: tuple[tuple[str, str], ...], by: Party, now: dt.datetime) -> Revision:
    """A draft of the next version with these passages changed."""
    revision = actions.begin(key=KEY, by=by, now=now)
    text = revision.text
    for old, new in changes:
        assert old in text, old
        text = text.replace(old, new)
    return actions.save_text(revision=revision, seen=revision.revision, text=text, by=by, now=now + DAY)


def _hand_in(
    house: House, revision: Revision, store: str, why: str, day: dt.date | None, now: dt.datetime
) -> None:
    actions.hand_in(
        revision=revision, reviewer=house.staff[store, "STORE_MANAGER"][0], reason=why, effective_on=day,
        by=revision.prepared_by, now=now,
    )  # fmt: skip


def _sign(house: House, store: str, opinion: str, now: dt.datetime) -> None:
    _decide(house.staff[store, "STORE_MANAGER"][0], opinion, now)


def _approve(house: House, opinion: str, now: dt.datetime) -> None:
    _decide(house.staff["mall", "GENERAL_MANAGER"][0], opinion, now)


def _decide(by: Party, opinion: str, now: dt.datetime) -> None:
    revision = Revision.objects.get(key=KEY, state=Revision.State.ASKED)
    approval = queries.approvals_of(revision).get(state="PENDING")
    approvals.decide(approval=approval, decision="YES", opinion=opinion, by=by, now=now)


def _manager(house: House, store: str) -> Party:
    return house.staff[store, "P002-02"][0]


def _read(stage: Play, now: dt.datetime) -> None:
    """Most confirm the new version within its week; a few only open it, one does not."""
    version = ManualVersion.objects.get(key=KEY, number=2)
    readers = list(queries.readers(version, business_day(now)).order_by("pk"))
    for place, party in enumerate(readers[:-1], start=1):
        do = actions.open_reading if place % 9 == 0 else actions.confirm_reading
        stage.at(now + dt.timedelta(hours=5 * place), partial(_one_reads, do, version, party))


def _one_reads(do: Callable[..., object], version: ManualVersion, party: Party, now: dt.datetime) -> None:
    do(version=version, by=party, now=now)
