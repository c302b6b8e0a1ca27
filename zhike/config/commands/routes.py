"""`zhike routes`: the route planner from the shell. Needs no database."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

from zhike.visits.routing import instances


def main(argv: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="zhike routes", description="The route planner.")
    verbs = parser.add_subparsers(dest="verb", required=True)
    solve = verbs.add_parser("solve", help="routes for problems in VRPLIB or Solomon files")
    solve.add_argument("files", metavar="FILE", type=Path, nargs="+")
    solve.add_argument("--seconds", type=float, default=10, help="time for each file (10)")
    solve.add_argument("--best", type=float, help="best known cost, where the file does not say it")
    solve.add_argument(
        "--rounding",
        choices=[*instances.SCALES],
        default="",
        help="of distances; else whole numbers without time windows, one decimal cut off with them",
    )
    solve.add_argument("--seed", type=int, default=1)
    solve.add_argument("--json", action="store_true", help="one JSON object a file")
    given = parser.parse_args(argv)
    if given.seconds <= 0:
        print("zhike routes solve: --seconds must be above 0", file=sys.stderr)
        return 2
    status = 0
    for file in given.files:
        try:
            instance = instances.read(file, best=given.best)
            found = instances.solve(instance, seconds=given.seconds, rounding=given.rounding, seed=given.seed)
        except instances.BadInstance as refusal:
            print(f"zhike: {refusal}", file=sys.stderr)
            status = 1
            continue
        print(json.dumps(found.as_json(), ensure_ascii=False) if given.json else _words(found))
        # routes that break a window or a capacity are no answer
        status = status if found.is_feasible else 1
    return status


def _words(found: instances.Answer) -> str:
    state = "" if found.is_feasible else ", not feasible"
    gap = "" if found.gap is None else f", {found.gap:+.2f} % of the best known {found.instance.best:g}"
    head = (
        f"{found.instance.name}: cost {found.cost:g} with {len(found.routes)} vehicles in "
        f"{found.seconds:.1f} s{gap}{state}"
    )
    lines = [f"  {number}: {' '.join(map(str, route))}" for number, route in enumerate(found.routes, start=1)]
    return "\n".join([head, *lines])
