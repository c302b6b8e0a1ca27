"""Checking a manual and saying what a change means: milliseconds by size of table (format, sections 5.2 and 5.4)."""

import random
import statistics
import time
from collections.abc import Callable
from typing import Any

from zhike.kernel.policy.check import analyse, meaning
from zhike.kernel.policy.manual.model import Manual
from zhike.kernel.policy.manual.reader import read

# rows, columns, budget of a check, budget of a change (ms): the trial's medians with room for a noisy machine
SIZES = ((20, 4, 3.0, 5.0), (50, 8, 12.0, 15.0), (200, 8, 60.0, 60.0))
STEPS = 7
TABLES = 5

Region = list[tuple[int, int]]


def partition(rows: int, columns: int, rng: random.Random) -> list[Region]:
    """Disjoint regions that together are everything, cut again and again as clauses cut."""
    found: list[Region] = [[(0, STEPS)] * columns]
    while len(found) < rows:
        divisible = [region for region in found if any(high - low > 1 for low, high in region)]
        region = rng.choice(divisible)
        at = rng.choice([n for n, (low, high) in enumerate(region) if high - low > 1])
        low, high = region[at]
        cut = rng.randrange(low + 1, high)
        place = found.index(region)
        found[place : place + 1] = [
            [*region[:at], (low, cut), *region[at + 1 :]],
            [*region[:at], (cut, high), *region[at + 1 :]],
        ]
    rng.shuffle(found)
    return found


def text_of(regions: list[Region], hit: str = "唯一", changed: int | None = None) -> str:
    """A manual with that table; row number `changed` has another outcome."""
    labels = [f"列{n}" for n in range(len(regions[0]))]
    lines = ["---", "manual: bench", "title: 规定", "version: 1", "effective: 2025-01-01", "facts:"]
    lines += [f"  {label}: money?" for label in labels] + ["---", "", "# 规定", "", "## 一、条款", ""]
    lines += [f"@判定 表 回答=bench.none 命中={hit}", "", f"| {' | '.join(labels)} | → 结论 | 条款 |"]
    lines.append("|" + "---|" * (len(labels) + 2))
    for number, region in enumerate(regions):
        cells = " | ".join(map(cell, region))
        outcome = "改" if number == changed else "甲乙丙丁"[number % 4]
        lines.append(f"| {cells} | {outcome} | 一 |")
    return "\n".join(lines) + "\n"


def cell(ends: tuple[int, int]) -> str:
    low, high = ends
    if high - low == STEPS:
        return "-"
    if not low:
        return f"< {high * 100}, 未知"
    return f">= {low * 100}" if high == STEPS else f"[{low * 100}..{high * 100})"


def timed(work: Callable[[], object], repeat: int = 5) -> float:
    """Milliseconds of processor time, the best of `repeat`: waiting for other programs does not count."""
    best = float("inf")
    for _ in range(repeat):
        start = time.process_time()
        work()
        best = min(best, time.process_time() - start)
    return best * 1000


def manual(text: str) -> Manual:
    found = read(text, questions={})
    assert not found.errors, found.errors[0]
    return found


def run() -> list[dict[str, Any]]:
    """Median over five generated tables of each size; every result is checked before it is timed."""
    results: list[dict[str, Any]] = []

    def note(name: str, values: list[float], budget: float) -> None:
        results.append(
            {"name": name, "value": round(statistics.median(values), 2), "unit": "ms", "budget": budget}
        )

    for rows, columns, check_budget, change_budget in SIZES:
        whole, holed, changed = [], [], []
        for seed in range(TABLES):
            regions = partition(rows, columns, random.Random(seed))
            full, gappy = manual(text_of(regions)), manual(text_of(regions[2:]))
            other = manual(text_of(regions, changed=rows // 2))
            assert analyse(full) == []
            assert {finding.level for finding in analyse(gappy)} == {"gap"}
            assert len(meaning(full, other)) == 1
            whole.append(timed(lambda full=full: analyse(full)))
            holed.append(timed(lambda gappy=gappy: analyse(gappy)))
            changed.append(timed(lambda full=full, other=other: meaning(full, other)))
        size = f"{rows} x {columns}"
        note(f"check a complete table {size}", whole, check_budget)
        note(f"check a table with 2 rows missing {size}", holed, check_budget)
        note(f"meaning of one changed row {size}", changed, change_budget)
    return results


if __name__ == "__main__":
    for result in run():
        print(f"{result['name']}: {result['value']} {result['unit']} (budget {result['budget']})")
