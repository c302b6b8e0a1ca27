"""A house of three invented persons and one manual, for tests of duties and procedures without any staff."""

from __future__ import annotations

import datetime as dt
import hashlib
from dataclasses import dataclass, field
from zoneinfo import ZoneInfo

from zhike.kernel.parties.models import Party, Unit
from zhike.kernel.parties.tree import plant
from zhike.kernel.policy.models import Installation, ManualVersion

CHINA = ZoneInfo("Asia/Shanghai")
MONDAY = dt.datetime(2026, 3, 9, 10, 0, tzinfo=CHINA)
MANUAL = """---
manual: house
title: 试行规定
version: 1
effective: 2025-01-01
---

# 试行规定

## 一、期限和升级

@参数 期限

| 名称 | 值 | 单位可改 | 条款 |
|---|---|---|---|
| 催办期限 | 1小时 | [30分钟..4小时] | 一 |
| 方案期限 | 1工作日 | [1工作日..3工作日] | 一 |
| 复核期限 | 未定 | - | 一 |

@清单 升级

| 名称 | 事项 | 级 | 逾期 | 对象 | 动作 | 条款 |
|---|---|---|---|---|---|---|
| 到期前提醒 | 全部 | 0 | 30分钟 | 负责人 | 提醒 | 一 |
| 逾期一级 | 全部 | 1 | 1小时 | 上级 | 提醒 | 一 |
| 逾期二级 | 全部 | 2 | 1工作日 | 店长 | 报告 | 一 |
| 交办一级 | 交办 | 1 | 催办期限 | 上级 | 转交 | 一 |
| 交办二级 | 交办 | 2 | 2小时 | 上级 | 报告 | 一 |
| 角色一级 | 角色 | 1 | 1小时 | 处理人 | 提醒 | 一 |
| 未定一级 | 未定 | 1 | 复核期限 | 上级 | 提醒 | 一 |
"""


@dataclass
class House:
    """接待 an, 经理 jing above, 店长 zhang above both; `deputies` by id of who is away."""

    unit: Unit
    other: Unit
    an: Party
    jing: Party
    zhang: Party
    version: ManualVersion
    deputies: dict[int, Party] = field(default_factory=dict)
    holders: dict[str, list[Party]] = field(default_factory=dict)

    @property
    def line(self) -> list[Party]:
        return [self.an, self.jing, self.zhang]


_present: list[House] = []


class Directory:
    """Implements the kernel's protocol out of the house that stands."""

    POSTS = {"接待": "TAKER", "经理": "MANAGER", "店长": "HEAD"}

    def holders_of(self, post: str, unit: int, now: dt.datetime) -> list[Party]:
        return list(_present[-1].holders.get(post, []))

    def substitute_for(self, party: int, now: dt.datetime) -> Party | None:
        return _present[-1].deputies.get(party)

    def superior_of(self, party: int | None, unit: int, now: dt.datetime) -> Party | None:
        line = _present[-1].line
        keys = [person.pk for person in line]
        if party not in keys:
            return line[-1]
        place = keys.index(party)
        return line[place + 1] if place + 1 < len(line) else None

    def posts_of(self, party: int, now: dt.datetime) -> list[tuple[str, int]]:
        return []

    def answering(self, post: str, unit: int, now: dt.datetime) -> list[Party]:
        return self.holders_of(post, unit, now) or _present[-1].line[-1:]

    def answers_for(self, party: int, now: dt.datetime) -> list[tuple[frozenset[str], frozenset[int]]]:
        posts = {post for post, held in _present[-1].holders.items() if party in {one.pk for one in held}}
        return [(frozenset(posts), frozenset(Unit.objects.values_list("pk", flat=True)))]

    def stands_in_for(self, party: int, now: dt.datetime) -> list[int]:
        return [absent for absent, deputy in _present[-1].deputies.items() if deputy.pk == party]

    def post_code(self, word: str) -> str | None:
        return self.POSTS.get(word)


def a_version(text: str = MANUAL, **columns: object) -> ManualVersion:
    """A published manual."""
    values = {
        "key": "house",
        "title": "试行规定",
        "number": 1,
        "text": text,
        "digest": hashlib.sha256(text.encode()).hexdigest(),
        "state": ManualVersion.State.PUBLISHED,
        "effective_on": dt.date(2025, 1, 1),
        "published_at": MONDAY,
    }
    return ManualVersion.objects.create(**{**values, **columns})


def a_house() -> House:
    """The house, its manual installed at the top."""
    top = plant(name="总店", code="top")
    unit = plant(name="一店", code="one", parent=top)
    other = plant(name="二店", code="two", parent=top)
    an, jing, zhang = (
        Party.objects.create(kind=Party.Kind.STAFF, name=name, unit=unit) for name in ("安", "经", "章")
    )
    version = a_version()
    Installation.objects.create(unit=top, key="house", installed_at=MONDAY)
    house = House(unit, other, an, jing, zhang, version)
    house.holders = {"TAKER": [an], "MANAGER": [jing], "HEAD": [zhang]}
    _present.append(house)
    return house


def at(hours: float) -> dt.datetime:
    """So many hours after Monday 10:00."""
    return MONDAY + dt.timedelta(hours=hours)
