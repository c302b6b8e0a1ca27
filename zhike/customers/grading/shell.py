"""`zhike customers regrade` and `zhike customers value`: the jobs of the pages, from a shell or a timetable."""

from __future__ import annotations

import argparse
import json
import sys
import time
from typing import Any

from zhike.kernel import clock
from zhike.kernel.parties.models import Unit

from . import actions, jobs
from .dimensions import DIMENSIONS


def main(argv: list[str]) -> int:
    options = _parser().parse_args(argv)
    units = _units(options.unit)
    if units is None:
        print(f"zhike: there is no unit with the code {options.unit!r}", file=sys.stderr)
        return 1
    begun = time.monotonic()
    done = {unit.code or unit.name: _work(options, unit) for unit in units}
    if options.json:
        print(json.dumps({"units": done, "seconds": round(time.monotonic() - begun, 2)}, ensure_ascii=False))
        return 0
    for name, found in done.items():
        print(f"{name}: {_said(found)}")
    print(f"{time.monotonic() - begun:.1f} s")
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="zhike customers", description="Grade and value all customers.")
    parser.add_argument("verb", choices=("regrade", "value"))
    parser.add_argument("--dimension", choices=sorted(DIMENSIONS), default="", help="only this one")
    parser.add_argument("--unit", default="", help="code of a unit; without it the whole enterprise")
    parser.add_argument("--json", action="store_true", help="machine-readable output")
    return parser


def _units(code: str) -> list[Unit] | None:
    """The unit of the code; without one those at the top."""
    if not code:
        return list(Unit.objects.filter(parent=None))
    found = list(Unit.objects.filter(code=code)[:1])
    return found or None


def _work(options: argparse.Namespace, unit: Unit) -> dict[str, Any]:
    now = clock.now()
    if options.verb == "value":
        return vars(actions.value_all(unit=unit, now=now))
    return jobs.regrade_here(unit, now, None, options.dimension)


def _said(found: dict[str, Any]) -> str:
    if "customers" in found:
        return f"{found['customers']} customers counted, {found['forecast']} with a forecast"
    lines = [f"{code} {one['changed']} of {one['customers']} changed" for code, one in found.items()]
    return "; ".join(lines) or "no regulation grades customers here"
