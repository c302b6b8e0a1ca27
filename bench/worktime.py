"""Speed of the working-time arithmetic: due dates a second on one core, in processor time (other work on the machine does not count)."""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Callable
from typing import Any
from zoneinfo import ZoneInfo

from zhike.kernel.worktime.arithmetic import Calendar, due, due_at, worked
from zhike.kernel.worktime.phrases import parse_limit

BUDGET = 200_000
HOURS = [["08:30", "12:00"], ["13:00", "17:30"]]
ROUNDS = 5


def run() -> list[dict[str, Any]]:
    """Rows of name, value, unit and budget (None where there is none); the best of five rounds each."""
    calendar = _calendar()
    starts = [
        dt.datetime(2026, 1, 5, 8, tzinfo=ZoneInfo("Asia/Shanghai")) + n * dt.timedelta(minutes=26)
        for n in range(20_000)
    ]
    rows = []
    for name, text in [
        ("due dates, 3 working days", "3工作日"),
        ("due dates, 8 working hours", "8工作小时"),
        ("due dates, 90 minutes", "90分钟"),
        ("due dates, 15 days", "15天"),
        ("due dates, 1 month", "1个月"),
    ]:
        limit = parse_limit(text)
        rows.append(_row(name, lambda start, limit=limit: due_at(calendar, start, limit), starts, BUDGET))
    limit, hour = parse_limit("8工作小时"), dt.timedelta(hours=1)
    rows.append(
        _row(
            "due dates, 8 working hours with a pause",
            lambda start: due_at(calendar, start, limit, [(start + hour, start + 2 * hour)]),
            starts[:5000],
        )
    )
    later = dt.timedelta(days=9)
    rows.append(_row("working seconds between", lambda start: worked(calendar, start, start + later), starts))
    rows.append(_row("explanations", lambda start: due(calendar, start, limit).explain(), starts[:500]))
    begin = time.process_time()
    due_at(_calendar(closed=["2026-12-30"]), starts[0], limit)
    rows.append(
        {
            "name": "first answer of a new calendar",
            "value": time.process_time() - begin,
            "unit": "s",
            "budget": None,
        }
    )
    return rows


def _calendar(**spec: object) -> Calendar:
    week = {day: HOURS for day in ("mon", "tue", "wed", "thu", "fri")}  # noqa: C420
    return Calendar.of({"tz": "Asia/Shanghai", "week": week, "holidays": "CN", **spec})


def _row(
    name: str, ask: Callable[[dt.datetime], object], starts: list[dt.datetime], budget: int | None = None
) -> dict[str, Any]:
    for start in starts[:50]:
        ask(start)
    best = 0.0
    for _ in range(ROUNDS):
        begin = time.process_time()
        for start in starts:
            ask(start)
        best = max(best, len(starts) / (time.process_time() - begin))
    return {"name": name, "value": round(best), "unit": "1/s", "budget": budget}


if __name__ == "__main__":
    for row in run():
        print(row)
