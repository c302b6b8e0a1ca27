"""What the shell commands `zhike policy check`, `decide` and `diff` do, and the face of those in `editing.shell`.

Needs no database and no Django.
"""

import argparse
import datetime as dt
import importlib
import json
import sys
import time
from collections.abc import Mapping, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

from zhike.kernel.worktime.pattern import Calendar

from .editing import shell
from .evaluate.deciding import CannotDecide, Case, Decision, book_of
from .evaluate.examples import run_examples
from .evaluate.given import BadFact, read_facts
from .evaluate.timekeeping import timekeeper
from .files import Refusal, read_text
from .manual import values
from .manual.model import DecisionTable, Finding, Hit, Level, Literal, Manual, OutcomeCell
from .manual.overlay import apply, is_overlay, read_overlay
from .manual.reader import read
from .manual.text import normal
from .questions import Question

_LEVELS = {Level.ERROR: "错误", Level.GAP: "缺口", Level.WARNING: "注意", Level.INFO: "说明"}

Questions = Mapping[str, Question]


# --- check ----------------------------------------------------------------------------------------------


def check_manual(manual: Manual, calendars: Mapping[str, Calendar] | None = None) -> list[Finding]:
    """Everything that can be said of a manual: reading, examples, and the tables as wholes; sorted by place."""
    found = {*manual.findings, *run_examples(manual, timekeeper(calendars or {})), *_analyse(manual)}
    return sorted(found)


def _analyse(manual: Manual) -> list[Finding]:
    analyse = importlib.import_module("zhike.kernel.policy.check").analyse
    findings: list[Finding] = analyse(manual)
    return findings


def check_text(text: str, *, questions: Questions | None = None) -> list[Finding]:
    if not text.strip():
        return [Finding(1, 0, Level.ERROR, "", "文件是空的")]
    return check_manual(read(text, questions=questions))


def check_file(path: str | Path, *, base: str | Path | None = None) -> list[Finding]:
    """Findings about a file, an overlay included: then its manual is `base`, or the one beside it. Raises Refusal."""
    text = read_text(path)
    if not is_overlay(text):
        return check_text(text)
    overlay = read_overlay(text)
    manual = _manual_beside(Path(path), overlay.manual, base)
    if manual is None:
        message = f"没有找到“{overlay.manual}”，只检查了文件本身"
        return sorted([*overlay.findings, Finding(1, 0, Level.WARNING, "", message)])
    changed, findings = apply(manual, overlay)
    if changed is manual:
        return findings
    again = [
        Finding(1, 0, f.level, f.table, f"改后的规定第{f.line}行：{f.message}") for f in check_manual(changed)
    ]
    return [*findings, *(f for f in again if f.level in (Level.ERROR, Level.GAP))]


def _manual_beside(path: Path, name: str, base: str | Path | None) -> Manual | None:
    if base is not None:
        return read(read_text(base))
    for file in sorted(path.parent.glob("*.md")):
        if file.resolve() == path.resolve():
            continue
        try:
            manual = read(read_text(file))
        except Refusal:
            continue
        if manual.name == name and "overlay" not in manual.meta:
            return manual
    return None


def finding_json(finding: Finding) -> dict[str, Any]:
    return {
        "line": finding.line,
        "column": finding.column,
        "level": finding.level.value,
        "table": finding.table,
        "message": finding.message,
    }


# --- decide ---------------------------------------------------------------------------------------------

NO_ROW: dict[str, Any] = {"outcome": None, "clause": None, "row": None}


def decide_file(
    path: str | Path, table: str, facts: Mapping[str, Any], today: dt.date | None = None
) -> dict[str, Any] | list[dict[str, Any]]:
    """The ruling of a table of a file as JSON; a list for tables that collect. Raises Refusal.

    `facts` by label: missing or None is unknown, figures may be text, yes/no may be 是/否, sets are arrays.
    """
    return decide_manual(read(read_text(path)), table, facts, today)


def decide_manual(
    manual: Manual, table: str, facts: Mapping[str, Any], today: dt.date | None = None
) -> dict[str, Any] | list[dict[str, Any]]:
    day = today or _today()
    try:
        book = book_of(manual)
        decision_table = book.table(table)
        case = Case(book, read_facts(manual, facts, day), day)
        if decision_table.hit is Hit.COLLECT:
            return [_json(manual, decision_table, decision) for decision in case.all(decision_table)]
        decision = case.one(decision_table)
    except (BadFact, CannotDecide) as problem:
        raise Refusal(str(problem)) from problem
    return _json(manual, decision_table, decision) if decision else dict(NO_ROW)


def _today() -> dt.date:
    """The machine's local day: a shell command without `--today` asks about now."""
    return dt.date.fromisoformat(time.strftime("%Y-%m-%d"))


def _json(manual: Manual, table: DecisionTable, decision: Decision) -> dict[str, Any]:
    row = table.rows[decision.row - 1]
    outcome = {
        output.label: _outcome_json(cell, decision.outcome[output.label])
        for output, cell in zip(table.outputs, row.outcomes, strict=True)
    }
    return {
        "outcome": outcome,
        "clause": decision.clause,
        "row": decision.row,
        "line": decision.line,
        "also": list(decision.also),
    }


def _outcome_json(cell: OutcomeCell, value: Any) -> Any:
    """As written; plain figures, figures of parameters and results of formulas as numbers; `-` as null."""
    if value is None:
        return None
    from_param = isinstance(cell.value, Literal) and cell.value.param is not None
    if isinstance(value, Decimal) and (from_param or not isinstance(cell.value, Literal)):
        return number(value)
    if isinstance(value, bool) and not isinstance(cell.value, Literal):
        return value
    if from_param and isinstance(value, str | dt.date | bool):
        return str(value) if not isinstance(value, bool) else value
    if values.is_plain_figure(cell.text):
        return number(Decimal(normal(cell.text)))
    return cell.text


def number(value: Decimal) -> int | float:
    """A JSON number: whole figures without a decimal point."""
    return int(value) if value == value.to_integral_value() else float(value)


# --- diff -----------------------------------------------------------------------------------------------


def diff_files(old: str | Path, new: str | Path) -> list[str]:
    """The meaning of a change in lines of text. Raises Refusal."""
    before, after = read(read_text(old)), read(read_text(new))
    meaning = importlib.import_module("zhike.kernel.policy.check").meaning
    lines: list[str] = meaning(before, after)
    return lines


# --- the command ----------------------------------------------------------------------------------------


def main(argv: Sequence[str] | None = None) -> int:
    """`policy check | decide | diff | excel | merge | starter`; the exit status. Refusals are one line on standard error."""
    options = _parser().parse_args(argv)
    try:
        status: int = options.run(options)
    except Refusal as refusal:
        if getattr(options, "json", False):
            print(json.dumps({"error": str(refusal)}, ensure_ascii=False))
        print(refusal, file=sys.stderr)
        return 1
    return status


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="policy", description="Check, execute, compare and write manuals.")
    commands = parser.add_subparsers(required=True, metavar="check|decide|diff|excel|merge|starter")
    check = commands.add_parser("check", help="errors, gaps and more, with line and column")
    check.add_argument("file")
    check.add_argument("--base", help="the manual, when FILE is an overlay of a unit")
    check.set_defaults(run=_check)
    decide = commands.add_parser("decide", help="the ruling of a table for given facts")
    decide.add_argument("file")
    decide.add_argument("table")
    decide.add_argument("--facts", required=True, help="JSON object: label -> value")
    decide.add_argument("--today", help="YYYY-MM-DD")
    decide.set_defaults(run=_decide)
    diff = commands.add_parser("diff", help="the meaning of a change")
    diff.add_argument("old")
    diff.add_argument("new")
    diff.set_defaults(run=_diff)
    for command in (check, decide, diff):
        command.add_argument("--json", action="store_true", help="machine-readable output")
    shell.add_commands(commands)
    return parser


def _check(options: argparse.Namespace) -> int:
    findings = check_file(options.file, base=options.base)
    if options.json:
        print(json.dumps([finding_json(finding) for finding in findings], ensure_ascii=False))
    else:
        for finding in findings:
            place = f"{finding.line}:{finding.column}" if finding.column else f"{finding.line}"
            print(f"{place:<7} {_LEVELS[finding.level]}  {finding.message}")
        if not findings:
            print("没有发现问题")
    return 1 if any(finding.level is Level.ERROR for finding in findings) else 0


def _decide(options: argparse.Namespace) -> int:
    manual = read(read_text(options.file))
    answer = decide_manual(manual, options.table, _facts(options.facts), _day(options.today))
    if options.json:
        print(json.dumps(answer, ensure_ascii=False))
        return 0
    answers = answer if isinstance(answer, list) else [answer]
    for each in answers:
        print(_sentence(manual, options.table, each))
    if not answers:
        print("没有规定")
    return 0


def _sentence(manual: Manual, table: str, answer: Mapping[str, Any]) -> str:
    """`店长 · 条款 三(五)1 · 处理权限 第2行(文件第112行) · mall-complaints 第3版 · 另符合：第8行`."""
    if answer["outcome"] is None:
        return "没有规定"
    outcome = "，".join("-" if value is None else str(value) for value in answer["outcome"].values())
    parts = [outcome, f"条款 {answer['clause']}", f"{table} 第{answer['row']}行(文件第{answer['line']}行)"]
    parts.append(f"{manual.name} 第{manual.version}版")
    if answer["also"]:
        parts.append("另符合：" + "、".join(f"第{row}行" for row in answer["also"]))
    return " · ".join(parts)


def _facts(text: str) -> dict[str, Any]:
    def refuse(word: str) -> None:
        raise ValueError(word)

    try:
        facts = json.loads(text, parse_float=Decimal, parse_constant=refuse)
    except (ValueError, RecursionError) as problem:
        raise Refusal(f"--facts 不是有效的 JSON:{problem}") from problem
    if not isinstance(facts, dict):
        raise Refusal('--facts 要写成 JSON 对象，如 {"货值": 100}')
    return facts


def _day(text: str | None) -> dt.date | None:
    if text is None:
        return None
    found = values.day(text)
    if found is None:
        raise Refusal(f"--today 要写成日期(如 2025-01-01)，“{text}”不是日期")
    return found


def _diff(options: argparse.Namespace) -> int:
    lines = diff_files(options.old, options.new)
    if options.json:
        print(json.dumps(lines, ensure_ascii=False))
    else:
        print("\n".join(lines) or "含义没有变化")
    return 0
