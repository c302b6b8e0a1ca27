"""Which columns a table may have besides those it has: the facts and outcomes of its question, the fixed ones."""

from __future__ import annotations

from collections.abc import Iterator

from zhike.kernel.policy.editing.grids import Grid
from zhike.kernel.policy.editing.vocabulary import Choice
from zhike.kernel.policy.manual.model import DecisionTable, DeriveTable, Manual
from zhike.kernel.policy.manual.text import ARROW, normal

CLAUSE, NOTE = Choice("条款", "clause"), Choice("说明", "note")
FIXED = {
    "decision": (CLAUSE, NOTE),
    "list": (Choice("英文", "English"), Choice("代码", "code"), CLAUSE, NOTE),
    "stages": (
        Choice("英文", "English"), Choice("负责", "owner"), Choice("时限", "limit"), Choice("表单", "form"),
        Choice("下一步", "next"), Choice("性质", "nature"), Choice("会签", "joint signature"), CLAUSE, NOTE,
    ),
    "params": (Choice("单位可改", "units may set"), CLAUSE, NOTE),
    "derive": (CLAUSE, NOTE),
}  # fmt: skip


def columns(manual: Manual, grid: Grid) -> list[Choice]:
    """Labels for another column, in the order of the question, then of the manual; `note` says what each is:
    a fact of the question, an own one of the manual, derived by it, an outcome; "" for a fixed column."""
    table = manual.decision(grid.name) if grid.kind in {"decision", "examples"} else None
    there = {_bare(column.label) for column in grid.columns}
    found = dict.fromkeys([*(_of_question(manual, table) if table else ()), *FIXED.get(grid.kind, ())])
    if grid.kind == "examples" and table:
        kept = {_bare(one.label) for one in table.inputs} | {_bare(one.label) for one in table.outputs}
        found = {choice: None for choice in found if _bare(choice.text) in kept}
    return [choice for choice in found if not {_bare(choice.text), _bare(choice.en)} & there]


def _of_question(manual: Manual, table: DecisionTable) -> Iterator[Choice]:
    question = manual.questions.get(table.question)
    known = {normal(fact.zh) for fact in question.facts} if question else set()
    if question:
        yield from (Choice(fact.zh, fact.en, "fact") for fact in question.facts)
    yield from (Choice(name, "", "own") for name in manual.facts if normal(name) not in known)
    for derived in (one for one in manual.tables if isinstance(one, DeriveTable)):
        yield from (Choice(row.name, "", "derived") for row in derived.rows)
    if question:
        yield from (Choice(f"→ {one.zh}", one.en, "outcome") for one in question.outcome)


def _bare(label: str) -> str:
    return normal(ARROW.sub("", label)).lower()
