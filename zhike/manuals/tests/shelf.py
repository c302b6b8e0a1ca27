"""Regulations of the standing cast, for the tests of the reader."""

from __future__ import annotations

import datetime as dt
from importlib import resources
from typing import Any

import yaml

from zhike.kernel.policy.models import ManualVersion
from zhike.manuals import actions
from zhike.people.tests.factories import MONDAY

TEXT = """---
manual: returns
title: 退货办法
title_en: Returns
version: {number}
effective: {effective}
owner: 客服部
{front}---

# 退货办法

> en: How goods come back.

## 一、受理

> en: Whoever is asked takes the goods.

谁遇到退货谁受理(先登记,后处理),三(五)1 不在此列。

1. 收下商品;
2. 开具单据。

## 二、期限

@清单 处理人

| 名称 | 代码 | 英文 | 说明 |
|---|---|---|---|
| 店长 | MANAGER | Store manager | 最高 |
| 主管 | SUPERVISOR | Supervisor | |

@参数 金额

| 名称 | 值 | 单位可改 | 条款 | 说明 |
|---|---|---|---|---|
| 店长起点 | {limit}元 | [1500..2500] | 二(一) | 暂定 |

### 二(一) 由谁处理

@判定 退货权限 命中=首行

| 货值 | → 处理人 | 条款 | 说明 |
|---|---|---|---|
| >= 店长起点 | 店长 | 二(一) | |
| - | 主管 | 二(一) | 其余 |

@示例 退货权限

| 货值 | → 处理人 |
|---|---|
| 2600 | 店长 |
"""


def returns(number: int = 1, effective: str = "2025-01-01", limit: str = "2000", front: str = "") -> str:
    """A small regulation that answers no question of the product."""
    return TEXT.format(number=number, effective=effective, limit=limit, front=front)


def published(people: Any, *, at: str = "mall", now: dt.datetime = MONDAY, **given: Any) -> ManualVersion:
    """The small regulation, published and installed at a unit."""
    return actions.publish_and_install(
        text=returns(**given), unit=people.units[at], by=people.administrator.party, now=now, accept="试用"
    )


def shipped(name: str, **front: str) -> str:
    """A regulation that ships, with lines of its front matter changed."""
    text = resources.files("zhike.manuals").joinpath(f"library/{name}.md").read_text("utf-8")
    _empty, head, body = text.split("---\n", 2)
    meta = {**yaml.safe_load(head), **front}
    return f"---\n{yaml.safe_dump(meta, allow_unicode=True)}---\n{body}"
