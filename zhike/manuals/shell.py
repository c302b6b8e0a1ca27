"""`zhike policy backtest`: a changed manual on cases of a file, or on those of the database."""

from __future__ import annotations

import argparse
import datetime as dt
import json
import sys
from collections.abc import Sequence
from fractions import Fraction
from pathlib import Path
from typing import Any

USAGE = """
  zhike policy backtest OLD.md NEW.md --cases FILE     cases out of a CSV, XLSX, XLS or ODS file; no database
  zhike policy backtest MANUAL NEW.md                  the cases of the database, of the last 36 months
"""


class _Refusal(Exception):
    """A wrong file or option; the message is one line."""


def main(argv: Sequence[str]) -> int:
    given = _parser().parse_args(argv)
    try:
        result = _of_file(given) if given.cases else _of_database(given)
    except _Refusal as refusal:
        if given.json:
            print(json.dumps({"error": str(refusal)}, ensure_ascii=False))
        print(f"zhike: {refusal}", file=sys.stderr)
        return 1
    _staff(result, given)
    if given.json:
        print(json.dumps(result, ensure_ascii=False))
    else:
        print("\n".join(lines_of(result)))
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="zhike policy backtest",
        description="What a changed manual would have meant for cases of the past." + USAGE,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("old", help="a manual as file, or the key of one in the database")
    parser.add_argument("new", type=Path, help="the changed manual as file")
    parser.add_argument(
        "--cases", type=Path, metavar="FILE", help="cases; columns are labels of facts, and 单位"
    )
    parser.add_argument("--since", type=_day, help="first day, default 36 months ago")
    parser.add_argument("--until", type=_day, help="the day after the last one, default today")
    parser.add_argument("--today", type=_day, help="the day from which distances in time are counted")
    parser.add_argument("--minutes", type=_positive, help="minutes that a contact takes")
    parser.add_argument("--hours", type=_positive, help="hours that a person has for contacts in a month")
    parser.add_argument("--people", type=int, help="people there are; default those needed before the change")
    parser.add_argument("--json", action="store_true", help="machine-readable output")
    return parser


def _day(text: str) -> dt.date:
    return dt.date.fromisoformat(text)


def _positive(text: str) -> Fraction:
    value = Fraction(text)
    if value <= 0:
        raise argparse.ArgumentTypeError("must be more than 0")
    return value


def _of_file(given: argparse.Namespace) -> dict[str, Any]:
    import django

    django.setup()
    from zhike.kernel.policy.contract import _today
    from zhike.kernel.policy.trials import files
    from zhike.kernel.records.sheets import BadSheet, read_sheet

    old, new = _read(Path(given.old)), _read(given.new)
    try:
        sheet = read_sheet(given.cases.name, given.cases.read_bytes())
        rows = [(row.number, row.cells) for row in sheet.rows if not row.problem]
        result = files.try_out(old, new, sheet.header, rows, given.today or _today())
    except OSError as trouble:
        raise _Refusal(f"{given.cases}: {trouble.strerror}") from trouble
    except (BadSheet, files.BadCases) as why:
        raise _Refusal(f"{given.cases}: {why}") from why
    broken = [row for row in sheet.rows if row.problem]
    result["left_out"] += len(broken)
    result["problems"] = [*(f"{row.number}: {row.problem}" for row in broken[:20]), *result["problems"]][:20]
    return result


def _read(path: Path) -> Any:
    from zhike.kernel.policy.files import Refusal, read_text
    from zhike.kernel.policy.manual.reader import read

    try:
        manual = read(read_text(path))
    except Refusal as why:
        raise _Refusal(str(why)) from why
    if manual.errors:
        first = manual.errors[0]
        raise _Refusal(f"{path}:{first.line}:{first.column} {first.message}")
    return manual


def _of_database(given: argparse.Namespace) -> dict[str, Any]:
    import django

    django.setup()
    from zhike.kernel import clock
    from zhike.kernel.parties.models import Unit
    from zhike.kernel.parties.scope import EVERYTHING
    from zhike.kernel.policy import inforce
    from zhike.manuals import trying
    from zhike.manuals.forms_backtest import MONTHS, before
    from zhike.manuals.models import Revision
    from zhike.people.models import business_day

    now = clock.now()
    today = business_day(now)
    version = inforce.versions_in_force(today).get(given.old)
    if version is None:
        raise _Refusal(f"no manual {given.old!r} is in force; two files need --cases")
    text = _read(given.new).source
    since, until = given.since or before(today, MONTHS), given.until or today + dt.timedelta(days=1)
    if until <= since:
        raise _Refusal("the period ends before it begins")
    revision = Revision(key=version.key, base=version, text=text)
    try:
        trial = trying.trial_of_revision(revision, since, until, given.today or today)
    except trying.CannotTry as why:
        raise _Refusal(str(why)) from why
    result = trying.tried_by(trial, EVERYTHING, now)
    labels = {unit.pk: unit.name for unit in Unit.objects.all()}
    for table in result["tables"]:
        for row in table["units"]:
            row["name"] = labels.get(row["unit"], "")
    return result


def _staff(result: dict[str, Any], given: argparse.Namespace) -> None:
    """How many people the contacts take, where minutes and hours are given."""
    from zhike.kernel.policy.trials.contacts import staffing

    if given.minutes is None or given.hours is None:
        return
    for table in result["tables"]:
        if table["contacts"]:
            before, after = (Fraction(text) for text in table["contacts"]["exact"])
            table["contacts"]["people"] = staffing(before, after, given.minutes, given.hours, given.people)


def lines_of(result: dict[str, Any]) -> list[str]:
    """The result for reading."""
    found = [f"{result['changed']:,} / {result['total']:,} = {result['share']} %  ({result['seconds']} s)"]
    for table in result["tables"]:
        found += ["", f"{table['table']}: {table['changed']:,} / {table['total']:,}"]
        found += [f"  {text}" for text in table["meaning"][:10]]
        names = [one["zh"] for one in table["outcomes"]]
        found += [
            f"  {names[one['old']]} → {names[one['new']]}  {one['count']:,}" for one in table["changes"]
        ]
        found += [
            f"    {row.get('name', row['unit'])}  {row['changed']:,} / {row['total']:,} = {row['share']} %"
            for row in table["units"][:20]
            if row["changed"]
        ]
        found += _contacts(table["contacts"])
    if result.get("limits"):
        limits = result["limits"]
        found += [
            "",
            f"应办 {limits['duties']:,}: 逾期 {limits['late_before']:,} → {limits['late_after']:,} (重算 {limits['looked']:,})",
        ]
        found += [
            f"  {one['title']} {one['old'] or '-'} → {one['new'] or '-'}  {one['count']:,}"
            for one in limits["by"]
        ]
    found += [f"{one['table']}: {one['why']}" for one in result["passed_over"]]
    if result.get("left_out"):
        found += [f"left out: {result['left_out']:,}", *result["problems"]]
    return found


def _contacts(contacts: dict[str, Any] | None) -> list[str]:
    if not contacts:
        return []
    found = [f"  每月联系 {contacts['before']:,} → {contacts['after']:,} ({contacts['more']:+,})"]
    people = contacts.get("people")
    if people:
        found.append(
            f"  需 {people['needed_before']} → {people['needed_after']} 人, 现有 {people['there']}, 缺 {people['short']}"
        )
    return found
