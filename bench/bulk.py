"""Rulings over many cases: the deciding row of every complaint by one statement, and what a changed manual would mean.

Runs on the filled database of `bench.database`. The bare statement groups the same cases by a stored column and so
reads the same rows; zen-engine rules 20,000 of them and is counted up.
"""

from __future__ import annotations

import datetime as dt
import statistics
import time
from collections.abc import Callable
from typing import Any

from django.db import connection
from django.db.models import Count

from zhike.complaints.models import Complaint
from zhike.complaints.questions import AUTHORITY
from zhike.kernel.policy.manual.model import Manual
from zhike.kernel.policy.manual.reader import read
from zhike.kernel.policy.models import ManualVersion
from zhike.kernel.policy.questions import registered
from zhike.kernel.policy.sql import Asked, Change, compare, rows_by_sql, rows_in_python
from zhike.kernel.policy.sql.rows import planned

from .figures import Row

TABLE = "处理权限"
TODAY = dt.date(2026, 3, 9)
ROUNDS = 5


def run() -> list[Row]:
    """Statements alternate within one run; medians."""
    version = ManualVersion.objects.get(key="mall-complaints")
    old, new = (read(text, questions=registered()) for text in (version.text, _changed(version.text)))
    cases = Complaint.objects.filter(manual=version)
    count = cases.count()
    _same_as_in_python(old, version.key)
    before, after = (Asked(manual, TABLE, AUTHORITY, TODAY, version.key) for manual in (old, new))
    table = old.decision(TABLE)
    assert table is not None

    def ruled() -> int:
        with planned(table, "default", counted=True):
            found = (
                rows_by_sql(old, TABLE, AUTHORITY, cases, TODAY, version.key).order_by().values("ruling_row")
            )
            return sum(row["n"] for row in found.annotate(n=Count("pk")))

    def compared() -> int:
        return sum(change.count for change in compare(before, after, cases))

    def everywhere() -> int:
        return sum(change.count for change in compare(before, after, cases, restricted=False))

    def bare() -> int:
        return sum(
            row["n"] for row in cases.order_by().values("handler_code", "unit_id").annotate(n=Count("pk"))
        )

    assert ruled() == compared() == everywhere() == bare() == count
    assert _figures(compare(before, after, cases)) == _figures(
        compare(before, after, cases, restricted=False)
    )
    one, two, both, plain = _in_turns(ruled, compared, everywhere, bare)
    zen = _zen_seconds(count)
    kind = connection.vendor
    return [
        Row(f"bulk ruling of {count:,} cases by one statement", count / one, "cases/s", one / plain, "bare GROUP BY"),
        Row(f"back-test of a changed manual on {count:,} cases", two, "s", two / plain, "bare GROUP BY", None,
            "<= 3 x bare GROUP BY", two / plain <= 3),
        Row("the same, both versions for every case", both, "s", both / plain, "bare GROUP BY"),
        Row(f"back-test against zen-engine, both versions ({kind})", zen / two, "x faster", None, "", None,
            ">= 10 x faster", zen / two >= 10),
    ]  # fmt: skip


def _figures(changes: list[Change]) -> list[tuple[object, ...]]:
    return sorted((str(one.before), str(one.after), one.unit, one.count, one.other_row) for one in changes)


def _changed(text: str) -> str:
    assert "| 店长起点 | 2000元 |" in text
    return text.replace("| 店长起点 | 2000元 |", "| 店长起点 | 1500元 |").replace(
        "version: 1", "version: 2", 1
    )


def _same_as_in_python(manual: Manual, key: str) -> None:
    """The figures are worth nothing if the statement answers something else."""
    some = Complaint.objects.filter(
        pk__in=list(Complaint.objects.order_by("pk").values_list("pk", flat=True)[:2000])
    )
    by_sql = dict(rows_by_sql(manual, TABLE, AUTHORITY, some, TODAY, key).values_list("pk", "ruling_row"))
    assert dict(rows_in_python(manual, TABLE, AUTHORITY, some, TODAY, key)) == by_sql


def _in_turns(*works: Callable[[], object]) -> list[float]:
    took: list[list[float]] = [[] for _ in works]
    for _ in range(ROUNDS):
        for work, times in zip(works, took, strict=True):
            begin = time.perf_counter()
            work()
            times.append(time.perf_counter() - begin)
    return [statistics.median(times) for times in took]


def _zen_seconds(count: int) -> float:
    """Seconds that zen-engine would take for both versions over that many cases, without reading them."""
    import zen

    from . import ruling

    content = zen.ZenDecisionContent(ruling._zen_table())
    engine = zen.ZenEngine({"loader": lambda key: content})
    plain: list[dict[str, Any]] = [
        {"value": float(case["货值"]), "circumstances": list(case["情形"]), "accused": case["被投诉人"]}
        for case in ruling._cases()
    ]
    begin = time.perf_counter()
    for case in plain:
        engine.evaluate("t", case)
    return 2 * count * (time.perf_counter() - begin) / len(plain)
