"""Everything that needs a database, on the one that the environment names. A process of its own, started by `bench`.

python -m bench.database FILE [WORK ...]     writes the rows as JSON, of these works or of all
"""

from __future__ import annotations

import importlib
import os
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import django
from django.core.management import call_command

from .figures import SMALL, Row, dump

if SMALL:
    os.environ.setdefault("ZHIKE_BENCH_ROWS", "50000")
SIZES = (2_000, 20_000) if SMALL else (100_000, 1_000_000)
FILLED = {
    "lists",
    "intake",
    "search",
    "case",
    "customer",
    "memory",
    "bulk",
    "default server",
}  # these want cases
WORKS = ("watch", *sorted(FILLED), "customers", "grading", "sync", "cold start")


def say(text: str) -> None:
    print(f"  {time.strftime('%H:%M:%S')} {text}", flush=True)


def main(out: Path, wanted: Sequence[str]) -> None:
    django.setup()
    from django.conf import settings
    from django.db import connection

    from zhike.config.commands import run

    settings.VAR_DIR.mkdir(parents=True, exist_ok=True)
    call_command("migrate", interactive=False, verbosity=0)
    run._collect()  # as the first start of an installation does
    rows: list[Row] = []

    def take(name: str, work: Callable[[], list[Row]]) -> list[Row]:
        """One measurement; one that cannot be taken is a row that says so, and the rest goes on."""
        if name not in wanted:
            return []
        say(name)
        try:
            found = work()
        except Exception as trouble:
            say(f"{name}: {trouble!r}")
            found = [Row(f"{name}: could not be measured", 0, "", budget=str(trouble)[:120], met=False)]
        rows.extend(found)
        return found

    def module(name: str) -> None:
        take(name, lambda: rows_of(importlib.import_module(f"bench.{name}").run()))

    from . import house, pages
    from .served import free_port, gunicorn, serving

    module("watch")
    say("building the enterprise")
    place = house.build()
    shown: list[list[Row]] = []
    for size in SIZES if set(wanted) & FILLED else ():
        say(f"filling up to {size:,} cases")
        house.fill(place, size)
        connection.close()
        port = free_port()
        with serving(gunicorn(port), port) as server:
            shown.append(take("lists", lambda: pages.lists(place, server)))
            take("intake", lambda: pages.intake(place, server))
            take("search", lambda: pages.search(place, server))
            if size == SIZES[-1]:
                take("case", lambda: pages.case(place, server))
                take("customer", lambda: pages.customer(place, server))
                take("memory", lambda: pages.memory(server, "gunicorn"))
    module("bulk")
    module("customers")
    take("customers found", lambda: importlib.import_module("bench.customers").searched(place))
    module("grading")
    take("sync", lambda: importlib.import_module("bench.sync").run(place))
    if shown and len(shown[0]) == len(shown[1]) > 1:
        rows.extend(pages.same_at_both(*shown))
    take("default server", lambda: pages.default_server(place))
    take("cold start", lambda: [pages.cold_start()])
    dump(rows, out)


def rows_of(found: list[Any]) -> list[Row]:
    """Rows of a module that does not know `Row`: dictionaries with name, value, unit, ratio, budget, met."""
    keep = Row.__dataclass_fields__
    return [
        one
        if isinstance(one, Row)
        else Row(
            work=one.get("work") or one.get("name"),
            **{k: v for k, v in one.items() if k in keep and k != "work"},
        )
        for one in found
    ]


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2:] or WORKS)
