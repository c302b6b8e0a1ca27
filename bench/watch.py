"""The watch: due duties handled a second, and what a run costs beside many open duties.

`run()` wants a migrated database and leaves it as it found it. The cost is that of one run over 1,000 due duties with
1,000,000 open ones in the table, against 10,000 open ones;
the least of many runs each, which other work on the machine moves least.
ZHIKE_BENCH_ROWS sets the larger number.
"""

from __future__ import annotations

import datetime as dt
import os
import time
from typing import Any

from django.db import connection, transaction

from zhike.kernel.duties import watch
from zhike.kernel.duties.models import Duty
from zhike.kernel.outbox.models import Event, Message
from zhike.kernel.parties import bulk
from zhike.kernel.parties.models import Party, Unit
from zhike.kernel.parties.tree import plant
from zhike.kernel.policy.models import ManualVersion

from .figures import SMALL

MANY = 50_000 if SMALL else int(os.environ.get("ZHIKE_BENCH_ROWS", "1000000"))
FEW = 10_000
DUE = 1_000
BURST = 10_000
CHUNK = 5_000
ROUNDS = 5
NOW = dt.datetime(2026, 3, 9, 3, tzinfo=dt.UTC)
TEXT = """---
manual: bench
title: 升级
version: 1
effective: 2025-01-01
---

# 升级

## 一、升级

@清单 升级

| 名称 | 事项 | 级 | 逾期 | 对象 | 动作 | 条款 |
|---|---|---|---|---|---|---|
| 提醒 | 全部 | 0 | 30分钟 | 负责人 | 提醒 | 一 |
| 一级 | 全部 | 1 | 1小时 | 负责人 | 提醒 | 一 |
| 二级 | 全部 | 2 | 1工作日 | 负责人 | 报告 | 一 |
"""


class _Ground:
    """What the duties stand on; gone at the end."""

    def __init__(self) -> None:
        self.unit: Unit = plant(name="测速", code="bench-watch")
        self.owners = Party.objects.bulk_create(
            Party(kind=Party.Kind.STAFF, name=f"员工{n}", unit=self.unit) for n in range(20)
        )
        self.version = ManualVersion.objects.create(
            key="bench-watch",
            title="升级",
            number=1,
            text=TEXT,
            digest="",
            state=ManualVersion.State.DRAFT,
            effective_on=NOW.date(),
        )

    def open(self, count: int, look: dt.datetime, step: dt.timedelta = dt.timedelta()) -> None:
        """Duties one hour past their date: a run takes each, tells its owner and puts an event out."""
        common = {
            "subject_label": "parties.Unit",
            "kind": "bench",
            "title": "答复",
            "matter": "酸奶过期",
            "unit_id": self.unit.pk,
            "limit": "3小时",
            "clause": "一",
            "version_id": self.version.pk,
            "level": 1,
        }
        for start in range(0, count, CHUNK):
            rows = [
                {
                    "subject_id": number,
                    "owner_id": self.owners[number % len(self.owners)].pk,
                    "began_at": look + number * step - dt.timedelta(hours=4),
                    "due_at": look + number * step - dt.timedelta(hours=1),
                    "look_again_at": look + number * step,
                }
                for number in range(start, min(start + CHUNK, count))
            ]
            bulk.insert(Duty, rows, fixed=common)

    def clear(self) -> None:
        with connection.cursor() as cursor:
            for table in ("duties_escalation", "duties_duty"):
                cursor.execute(f"DELETE FROM {table}")
        Message.objects.filter(to__in=self.owners).delete()
        Event.objects.filter(name="duty_overdue").delete()

    def remove(self) -> None:
        self.clear()
        self.version.delete()
        Party.objects.filter(pk__in=[owner.pk for owner in self.owners]).delete()
        self.unit.delete()


def _settle() -> None:
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("VACUUM ANALYZE duties_duty")


def _handled(ground: _Ground, workers: int) -> float:
    """Due duties handled a second; the best of some bursts."""
    best = 0.0
    for _ in range(ROUNDS):
        ground.open(BURST, NOW - dt.timedelta(minutes=1))
        _settle()
        begin = time.perf_counter()
        report = watch.run(now=NOW, workers=workers)
        best = max(best, report.looked / (time.perf_counter() - begin))
        assert (report.looked, report.acted) == (BURST, BURST), report
        ground.clear()
    return best


def _run_of_due(ground: _Ground) -> float:
    """Seconds of processor and database for one run over DUE duties, which are put back afterwards."""
    with transaction.atomic():
        ground.open(DUE, NOW - dt.timedelta(minutes=1))
        begin = time.perf_counter()
        report = watch.run(now=NOW)
        took = time.perf_counter() - begin
        assert report.looked == DUE, report
        transaction.set_rollback(True)
    return took


def _cost(ground: _Ground) -> tuple[float, float]:
    """Least seconds beside FEW and beside MANY open duties that are not due."""
    found = []
    for count in (FEW, MANY):
        ground.open(count, NOW + dt.timedelta(days=1), dt.timedelta(seconds=1))
        _settle()
        _run_of_due(ground)  # warm
        found.append(min(_run_of_due(ground) for _ in range(3 * ROUNDS)))
        ground.clear()
        _settle()
    return found[0], found[1]


def run() -> list[dict[str, Any]]:
    """Rows of name, value, unit, budget and met (None where no budget applies)."""
    ground = _Ground()
    try:
        alone = _handled(ground, 1)
        rate = _handled(ground, 2) if connection.vendor == "postgresql" else alone
        few, many = _cost(ground)
    finally:
        ground.remove()
    on_postgresql = connection.vendor == "postgresql"
    ratio = many / few
    return [
        {
            "name": f"watch, due duties handled by one worker ({connection.vendor})",
            "value": round(alone),
            "unit": "duties/s",
            "budget": "",
            "met": None,
        },
        {
            "name": f"watch, due duties handled as `zhike watch` runs ({connection.vendor})",
            "value": round(rate),
            "unit": "duties/s",
            "budget": "at least 5,000" if on_postgresql else "",
            "met": rate >= 5000 if on_postgresql else None,
        },
        {
            "name": f"watch, {DUE:,} due beside {MANY:,} open against {FEW:,} open ({connection.vendor})",
            "value": round(ratio, 2),
            "unit": "x",
            "budget": "at most 1.2",
            "met": ratio <= 1.2,
        },
        {
            "name": f"watch, one run over {DUE:,} due beside {MANY:,} open ({connection.vendor})",
            "value": round(many * 1000),
            "unit": "ms",
            "budget": "",
            "met": None,
        },
    ]
