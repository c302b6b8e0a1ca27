"""What `zhike import customers FILE` does: the pages of the import without a browser."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import Any

from django.core.files.base import File

from zhike.channels.models import Intake
from zhike.kernel import clock
from zhike.kernel.parties.models import Unit
from zhike.kernel.parties.system import system_party
from zhike.people.models import User

from . import columns, loading
from .checking import SKIP


def main(argv: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="zhike import")
    what = parser.add_subparsers(dest="what", required=True)
    customers = what.add_parser("customers", help="bring customers in from a file")
    customers.add_argument(
        "file", type=Path, help="CSV (UTF-8, GB18030), TSV, XLSX, XLS or ODS with a header"
    )
    customers.add_argument("--unit", required=True, help="code or name of the unit")
    customers.add_argument(
        "--mapping", default="", metavar="NAME", help="columns remembered by name; else guessed"
    )
    customers.add_argument("--as", dest="user", default="", metavar="USER", help="who brings the file")
    customers.add_argument(
        "--known", choices=loading.MODES, default="", help="what becomes of known customers"
    )
    customers.add_argument("--good", action="store_true", help="load the good rows even if some are bad")
    customers.add_argument("--check", action="store_true", help="only look at the rows")
    customers.add_argument("--json", action="store_true")
    given = parser.parse_args(argv)
    try:
        found = bring(given)
    except loading.CannotImport as refusal:
        print(f"zhike: {refusal}", file=sys.stderr)
        return 1
    if given.json:
        print(json.dumps(found, ensure_ascii=False))
    else:
        print("\n".join(f"{key}: {value}" for key, value in found.items()))
    return 0 if found["state"] in {"DONE", "READY"} else 1


def bring(given: Any) -> dict[str, Any]:
    """Check, and load unless rows are bad. Raises CannotImport."""
    unit = Unit.objects.filter(code=given.unit).first() or Unit.objects.filter(name=given.unit).first()
    if unit is None:
        raise loading.CannotImport(f"there is no unit {given.unit!r}")
    user = User.objects.filter(username=given.user).first() if given.user else None
    if given.user and user is None:
        raise loading.CannotImport(f"there is no user {given.user!r}")
    by = user.party if user is not None else system_party("import")
    try:
        with given.file.open("rb") as file:
            intake = loading.bring(
                name=given.file.name, file=File(file, name=given.file.name), unit=unit, by=by, now=clock.now()
            )
    except OSError as trouble:
        raise loading.CannotImport(f"{given.file}: {trouble.strerror}") from trouble
    plan = loading.remembered(given.mapping, by) if given.mapping else _guessed(intake)
    mode = given.known or plan.get("known", SKIP)
    intake = loading.choose(intake=intake, plan={**plan, "known": mode}, now=clock.now())
    intake = loading.check(intake.pk)
    if not given.check and intake.state == Intake.State.READY:
        if intake.bad and not given.good:
            return _told(intake, problem="some rows are bad, so nothing was loaded; --good loads the others")
        loading.order(intake=intake, only_good=given.good, now=clock.now())
        intake = loading.load(intake.pk, now=clock.now())
    return _told(intake)


def _guessed(intake: Intake) -> dict[str, Any]:
    head = loading.peek(intake)
    found = columns.guess(head.header, head.cells)
    doubts = columns.doubts(head.header, head.cells, found)
    if doubts:
        raise loading.CannotImport(doubts[0][2])
    return {"columns": found}


def _told(intake: Intake, problem: str = "") -> dict[str, Any]:
    counts = loading.totals(intake)
    state = "REFUSED" if problem else intake.state
    bad = str(loading.problems_path(intake)) if intake.bad else ""
    return {
        "intake": intake.pk,
        "state": state,
        "rows": intake.rows,
        "bad": intake.bad,
        "loaded": counts["loaded"],
        "skipped": counts["skipped"],
        "updated": counts["updated"],
        "columns": intake.plan.get("columns", {}),
        "bad_rows": bad,
        "problem": problem or intake.problem,
    }
