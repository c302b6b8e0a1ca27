"""`python -m bench`: measures the budgets of the design and writes bench/RESULTS.md.

    python -m bench                               everything: about twenty minutes on two cores
    python -m bench --only sqlite                 one part: pure, sqlite or postgresql
    python -m bench --only sqlite --work intake   of the parts with a database, one piece of work
    BENCH_SIZE=small python -m bench              a trial with few rows

A part that is measured whole writes its own section, a piece of work one behind that of its part; the others stay with
the day of theirs.

Ratios are taken within one run, against an empty JSON view of the same server, the same engine, or zen-engine.
"""

from __future__ import annotations

import argparse
import contextlib
import datetime as dt
import os
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from ops.pg import NoPostgres, binaries, stop_with_parent, temporary_postgres

from .database import WORKS
from .figures import SMALL, Row, as_markdown, as_text, load, machine

RESULTS = Path(__file__).with_name("RESULTS.md")
PARTS = ("pure", "sqlite", "postgresql")
# the durability of an ordinary server: fsync stays on
POSTGRES = ("shared_buffers=512MB", "max_connections=60", "work_mem=16MB", "max_wal_size=4GB")
TITLES = {"pure": "Without a database", "sqlite": "SQLite", "postgresql": "PostgreSQL"}


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m bench", description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--only", choices=PARTS, action="append")
    parser.add_argument("--work", choices=WORKS, action="append", help="of the parts with a database")
    given = parser.parse_args()
    parts = given.only or list(PARTS)
    for part in parts:
        print(f"{TITLES[part]}", flush=True)
        begun = time.monotonic()
        try:
            rows = pure() if part == "pure" else on_database(part, given.work or [])
        except NoPostgres as missing:
            print(f"  not measured: {missing}")
            continue
        minutes = (time.monotonic() - begun) / 60
        print(as_text(TITLES[part], rows), flush=True)
        print(f"{minutes:.0f} minutes; {missed(rows)} of {budgets(rows)} budgets missed")
        if not SMALL:
            RESULTS.write_text(report(part, rows, minutes, given.work or []), encoding="utf-8")
            print("written: bench/RESULTS.md")
    return 0


def pure() -> list[Row]:
    """Rulings, the checker, due dates and routes: functions in this process, best of several rounds."""
    from . import checker, febrl, routes, ruling, worktime

    rows: list[Row] = []
    parts = (("rulings", ruling), ("due dates", worktime), ("checker", checker), ("routes", routes))
    for name, module in parts:
        print(f"  {name}", flush=True)
        rows.extend(_judged(one) for one in module.run())
    print("  pairs of customers", flush=True)
    return [*rows, *febrl.run()]


def _judged(one: dict[str, Any]) -> Row:
    """A figure of a pure part; its budget is text with the number of times, or a bare number."""
    budget, value, ratio = one.get("budget"), float(one["value"]), one.get("ratio")
    text, met = str(budget or ""), None
    if isinstance(budget, int | float):
        at_least = one["unit"] == "1/s"
        text = f"{'>=' if at_least else '<='} {budget:,} {one['unit']}"
        met = value >= budget if at_least else value <= budget
    elif budget and ratio is not None:
        met = ratio >= 10
        text = ">= 10 x zen-engine"
    return Row(
        one["name"], value, one["unit"], ratio, "zen-engine" if ratio is not None else "", None, text, met
    )


def on_database(name: str, works: list[str]) -> list[Row]:
    """A process of its own on a fresh database, so that neither engine's settings touch the other's."""
    with tempfile.TemporaryDirectory(prefix="zhike-bench-") as folder, _url(name) as url:
        out = Path(folder) / "rows.json"
        env = os.environ | {
            "DJANGO_SETTINGS_MODULE": "bench.settings", "ZHIKE_VAR": folder, "ZHIKE_COLLECTED": "1",
            "DATABASE_URL": url, "ZHIKE_DEMO": "0",
            "PYTHONDONTWRITEBYTECODE": "",  # an installed product starts from compiled files
        }  # fmt: skip
        subprocess.run(
            [sys.executable, "-m", "bench.database", str(out), *works],
            env=env,
            check=True,
            preexec_fn=stop_with_parent,
        )
        return load(out)


@contextlib.contextmanager
def _url(name: str) -> Iterator[str]:
    if name == "sqlite":
        yield ""
        return
    with temporary_postgres(POSTGRES) as url:
        yield url


def budgets(rows: list[Row]) -> int:
    return sum(row.met is not None for row in rows)


def missed(rows: list[Row]) -> int:
    return sum(row.met is False for row in rows)


HEAD = """# Results of make bench

Pages are served by gunicorn with 2 sync workers, a new connection for each request, and compared with an
empty JSON view of the same server asked in turns; rows named "default server" are served as `zhike run` does.
PostgreSQL runs with fsync on.
"""


def report(part: str, rows: list[Row], minutes: float, works: list[str]) -> str:
    """The file with the section measured now; the others keep what stands there, pieces until their part is measured."""
    known = re.split(r"^(?=## )", RESULTS.read_text("utf-8") if RESULTS.exists() else "", flags=re.MULTILINE)
    kept = {text.splitlines()[0].removeprefix("## "): text for text in known if text.startswith("## ")}
    whole = TITLES[part]
    name = ", ".join([whole, *works])
    if not works:
        kept = {title: text for title, text in kept.items() if not title.startswith(f"{whole}, ")}
    title, *table = as_markdown(name, rows).splitlines()
    told = (
        f"Measured on {dt.datetime.now(dt.UTC).date()}: {machine()}{_version(part)}; {minutes:.0f} minutes. "
        f"{budgets(rows)} budgets were looked at, {missed(rows)} were missed."
    )
    kept[name] = "\n".join([title, "", told, *table])
    ordered = [one for of in TITLES.values() for one in kept if one == of or one.startswith(f"{of}, ")]
    return "\n".join([HEAD, *(kept[one].rstrip() + "\n" for one in ordered)])


def _version(part: str) -> str:
    if part != "postgresql":
        return ""
    told = subprocess.run(
        [binaries().postgres, "--version"], capture_output=True, text=True, check=True
    ).stdout
    return f", PostgreSQL {told.split()[2]}"


if __name__ == "__main__":
    sys.exit(main())
