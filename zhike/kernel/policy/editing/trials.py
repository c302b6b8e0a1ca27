"""Every example of a manual with what came out of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from zhike.kernel.policy.evaluate.examples import Outcome, TimeKeeper, outcomes
from zhike.kernel.policy.manual.model import Cell, Level, Manual


@dataclass(frozen=True, slots=True)
class ExampleResult:
    """`row` counts from 1 within its table of examples, `line` is that of the file. `given`, `expected` and
    `came` are texts by label. `passed` None: not compared, or not in full; `message` says why."""

    table: str
    row: int
    given: Mapping[str, str]
    expected: Mapping[str, str]
    came: Mapping[str, str]
    passed: bool | None
    message: str
    line: int


def example_results(manual: Manual, timekeeper: TimeKeeper | None = None) -> list[ExampleResult]:
    """Every example in the order of the file; none for a manual with the values of a unit."""
    return [_result(outcome) for outcome in outcomes(manual, timekeeper)]


def _result(outcome: Outcome) -> ExampleResult:
    row, findings = outcome.row, outcome.findings
    passed: bool | None
    if findings is None:
        passed, message = None, f"判定表“{outcome.examples.of}”有错误，示例没有核对"
    else:
        wrong = [finding for finding in findings if finding.level is Level.ERROR]
        passed = False if wrong else None if findings else True
        message = "；".join(finding.message for finding in wrong or findings)
    return ExampleResult(
        outcome.examples.of,
        row.number,
        _texts(row.given),
        _texts(row.expected),
        outcome.came,
        passed,
        message,
        row.line,
    )


def _texts(cells: Mapping[str, Cell]) -> dict[str, str]:
    return {label: cell.text for label, cell in cells.items()}
