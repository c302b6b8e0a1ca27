"""Search: how long a word takes in many documents, by how common it is, and how fast documents are put.

`run()` wants a migrated database; it fills it inside a transaction that is rolled back. ZHIKE_BENCH_ROWS sets the size.
"""

from __future__ import annotations

import datetime as dt
import os
import random
import statistics
import time
from collections.abc import Iterator

from django.db import connection, transaction

from zhike.kernel.parties.models import Unit
from zhike.kernel.parties.scope import EVERYTHING, Scope
from zhike.kernel.parties.tree import plant
from zhike.kernel.search import index

ROWS = int(os.environ.get("ZHIKE_BENCH_ROWS", "200000"))
UNITS = 50
START = dt.datetime(2020, 1, 1, tzinfo=dt.UTC)
GOODS = [
    "酸奶",
    "面包",
    "鲜肉",
    "大米",
    "食用油",
    "水果",
    "蔬菜",
    "海鲜",
    "牛奶",
    "饮料",
    "衬衫",
    "皮鞋",
    "羽绒服",
    "手表",
    "手机",
    "电视机",
    "洗衣机",
    "空调",
    "沙发",
    "床垫",
]
FAULTS = [
    "过期",
    "变质",
    "有异物",
    "标价不符",
    "短斤少两",
    "掉色",
    "开胶",
    "不制冷",
    "漏水",
    "划痕",
    "缺件",
    "发错货",
    "态度差",
    "未送达",
    "无法开机",
]
WISHES = ["退货", "换货", "退款", "赔偿", "道歉", "维修", "上门服务", "开具发票", "补发", "解释原因"]
FAMILY = "王李张刘陈杨黄赵周吴徐孙胡朱高林何郭马罗"
GIVEN = "伟芳娜秀英敏静丽强磊军洋勇艳杰娟涛明超兰霞平刚桂英华玉萍红娥玲芬燕彬鹏浩凯健俊帆雪梅琳欣"
WORDS = {
    "in every document": "顾客",
    "in 1 of 15": "过期",
    "in 1 of 300": "酸奶 过期",
    "rare, 2 characters": "邹鲲",
    "rare, 4 characters": "邹鲲投诉",
    "number": "0000123",
    "1 character, rare": "鲲",
    "1 character, in every document": "顾",
    "absent": "龘靐",
}


def documents(rows: int, units: list[Unit], seed: int = 1) -> Iterator[index.Item]:
    """Invented complaints over six years; one in 20,000 is of a person with a rare name."""
    rng = random.Random(seed)
    step = dt.timedelta(days=6 * 365) / rows
    for number in range(1, rows + 1):
        name = "邹鲲" if number % 20_000 == 77 else rng.choice(FAMILY) + "".join(rng.sample(GIVEN, 2))
        goods, fault, wish = rng.choice(GOODS), rng.choice(FAULTS), rng.choice(WISHES)
        yield index.Item(
            label="complaints.Complaint",
            subject_id=number,
            title=f"{name}投诉{goods}{fault}",
            body=f"顾客于{rng.randint(1, 12)}月{rng.randint(1, 28)}日购买{goods}{rng.randint(1, 9)}件，发现{fault}，要求{wish}。",
            unit_id=units[number % len(units)].pk,
            secrecy=0,
            at=START + number * step,
            number=f"TS-2026{number:07d}",
        )


def timed(words: str, scope: Scope, times: int = 30) -> tuple[float, float, int]:
    """Median and 95th percentile in ms, and how many answers."""
    took, found = [], 0
    for _ in range(times):
        start = time.perf_counter()
        found = len(index.find(scope, words))
        took.append((time.perf_counter() - start) * 1000)
    took.sort()
    return statistics.median(took), took[int(len(took) * 0.95) - 1], found


def run() -> list[dict[str, object]]:
    """One row for each kind of word and scope, and one for putting."""
    rows: list[dict[str, object]] = []
    with transaction.atomic():
        units = [plant(name=f"店{number}", code=f"bench-{number}") for number in range(UNITS)]
        start = time.perf_counter()
        index.put_many(documents(ROWS, units))
        rate = ROWS / (time.perf_counter() - start)
        common = {"bench": "search", "engine": connection.vendor, "rows": ROWS}
        rows.append({**common, "what": "put_many", "per_second": round(rate)})
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute("ANALYZE search_document")
        scopes = {"everything": EVERYTHING, "1 unit of 50": Scope(None, frozenset({units[7].pk}))}
        for what, words in WORDS.items():
            for where, scope in scopes.items():
                p50, p95, found = timed(words, scope)
                figures = {"p50_ms": round(p50, 2), "p95_ms": round(p95, 2), "hits": found}
                rows.append({**common, "what": what, "scope": where, **figures})
        transaction.set_rollback(True)
    return rows
