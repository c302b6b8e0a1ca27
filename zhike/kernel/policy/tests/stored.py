"""Published manuals and units for tests of asking."""

from __future__ import annotations

import datetime as dt
import hashlib
from decimal import Decimal
from zoneinfo import ZoneInfo

from django.db import models

from zhike.kernel.parties.models import Unit
from zhike.kernel.parties.tree import plant
from zhike.kernel.policy.models import Installation, ManualVersion
from zhike.kernel.policy.questions import Choice, DueTime, Enum, Fact, Money, Outcome, Question, Tags

NOW = dt.datetime(2026, 3, 9, 10, tzinfo=ZoneInfo("Asia/Shanghai"))
AUTHORITY = Question(
    "t.authority",
    facts=[
        Fact("value", Money, zh="货值", optional=True, read=lambda case: case.value),
        Fact("circumstances", Tags("情形表"), zh="情形", read=lambda case: frozenset(case.circumstances)),
        Fact("level", Enum(["主管", "员工"]), zh="级别", optional=True),
    ],
    outcome=[
        Outcome("handler", Choice("处理人"), zh="处理人"),
        Outcome("limit", DueTime, zh="时限", optional=True),
    ],
)
PLACES = Question(
    "t.collect",
    facts=[Fact("value", Money, zh="货值", optional=True, read=lambda case: case.value)],
    outcome=[Outcome("handler", Choice("处理人"), zh="处理人")],
)
TEXT = """---
manual: t
title: 权限
version: {number}
effective: {effective}
---

# 权限

## 一、权限

@清单 处理人

| 名称 | 代码 |
|---|---|
| 店长 | HEAD |
| 经理 | MANAGER |

@清单 情形表

| 名称 | 代码 |
|---|---|
| 争执 | QUARREL |
| 中毒 | POISON |

@参数 金额

| 名称 | 值 | 单位可改 | 条款 |
|---|---|---|---|
| 起点 | {start}元 | [100..9000] | 一 |
| 期限 | 3工作日 | [1工作日..5工作日] | 一 |

@判定 权限 回答=t.authority 命中=最高

| 货值 | 情形 | 级别 | → 处理人 | → 时限 | 条款 |
|---|---|---|---|---|---|
| < 起点 | - | - | 经理 | 受理后期限 | 一 |
| >= 起点 | - | - | 店长 | 8工作小时 | 一 |
| - | 中毒 | - | 店长 | 立即 | 一 |

@判定 都要 回答=t.collect 命中=收集

| 货值 | → 处理人 | 条款 |
|---|---|---|
| > 10 | 经理 | 一 |
| > 20 | 店长 | 一 |
"""


class Case(models.Model):
    """A case that stands in no table."""

    value = models.DecimalField(max_digits=9, decimal_places=2, null=True)
    circumstances: tuple[str, ...] = ()

    class Meta:
        app_label = "asktests"
        managed = False


def a_case(value: str | None = "500", *circumstances: str) -> Case:
    case = Case(pk=7, value=None if value is None else Decimal(value))
    case.circumstances = circumstances
    return case


def publish(
    number: int = 1, effective: str = "2025-01-01", start: int = 2000, **columns: object
) -> ManualVersion:
    text = TEXT.format(number=number, effective=effective, start=start)
    values = {
        "key": "t",
        "title": "权限",
        "number": number,
        "text": text,
        "digest": hashlib.sha256(text.encode()).hexdigest(),
        "state": ManualVersion.State.PUBLISHED,
        "effective_on": dt.date.fromisoformat(effective),
        "published_at": NOW,
    }
    return ManualVersion.objects.create(**{**values, **columns})


def adopt(unit: Unit, **parameters: str) -> Installation:
    adopted = Installation.objects.create(unit=unit, key="t", installed_at=NOW)
    adopted.values.create(effective_on=dt.date(2025, 1, 1), parameters=parameters, set_at=NOW)
    return adopted


def units() -> tuple[Unit, Unit]:
    """The enterprise and a store below it."""
    top = plant(name="总店", code="top")
    return top, plant(name="一店", code="one", parent=top)
