"""Every example of a manual with what came out of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from zhike.kernel.policy.evaluate.examples import TimeKeeper
from zhike.kernel.policy.manual.model import Manual


@dataclass(frozen=True, slots=True)
class ExampleResult:
    """`row` counts from 1 within its table of examples, `line` is that of the file. `given`, `expected` and
    `came` are texts by label. `passed` None: not compared, `message` says why."""

    table: str
    row: int
    given: Mapping[str, str]
    expected: Mapping[str, str]
    came: Mapping[str, str]
    passed: bool | None
    message: str
    line: int


def example_results(manual: Manual, timekeeper: TimeKeeper | None = None) -> list[ExampleResult]:
    """Every example in the order of the file."""
    return []
