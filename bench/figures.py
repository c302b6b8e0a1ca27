"""What a measurement gives: one row of the report, with its budget and whether it was met."""

from __future__ import annotations

import json
import os
import platform
import sqlite3
from dataclasses import asdict, dataclass
from pathlib import Path

SMALL = os.environ.get("BENCH_SIZE") == "small"


@dataclass(frozen=True)
class Row:
    """`value` in `unit`; `ratio` against `against` in the same run; `queries` of one request.

    `budget` is the text of the budget; `met` is None where there is none, or where the run was too small to tell.
    """

    work: str
    value: float
    unit: str
    ratio: float | None = None
    against: str = ""
    queries: int | None = None
    budget: str = ""
    met: bool | None = None

    @property
    def verdict(self) -> str:
        return "" if self.met is None else "yes" if self.met else "NO"


def dump(rows: list[Row], path: Path) -> None:
    path.write_text(json.dumps([asdict(row) for row in rows]))


def load(path: Path) -> list[Row]:
    return [Row(**row) for row in json.loads(path.read_text())]


def number(value: float | None) -> str:
    """Three or more digits that matter, groups of thousands."""
    if value is None:
        return ""
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.1f}" if abs(value) >= 10 else f"{value:.2f}"


def cells(row: Row) -> tuple[str, ...]:
    ratio = f"{number(row.ratio)} x {row.against}".strip() if row.ratio is not None else ""
    queries = "" if row.queries is None else str(row.queries)
    return (row.work, number(row.value), row.unit, ratio, queries, row.budget, row.verdict)


HEAD = ("work", "measured", "unit", "ratio", "queries", "budget", "met")


def as_text(title: str, rows: list[Row]) -> str:
    lines = [HEAD, *map(cells, rows)]
    widths = [max(len(line[n]) for line in lines) for n in range(len(HEAD))]
    drawn = [
        "  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip()
        for line in lines
    ]
    return "\n".join([title, "-" * len(title), *drawn, ""])


def as_markdown(title: str, rows: list[Row]) -> str:
    lines = [f"| {' | '.join(line)} |" for line in [HEAD, *map(cells, rows)]]
    lines.insert(1, "|" + "---|" * len(HEAD))
    return "\n".join([f"## {title}", "", *lines, ""])


def machine() -> str:
    """Cores, memory and versions; nothing that names the machine."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return (
        f"{os.cpu_count()} cores, {memory:.0f} GiB, {platform.system()} {platform.machine()}, "
        f"Python {platform.python_version()}, SQLite {sqlite3.sqlite_version}"
    )
