"""The limits that a manual gives, and which of them another version changes."""

from collections.abc import Iterator
from dataclasses import dataclass

from zhike.kernel.policy.manual.model import Chosen, DecisionRow, DecisionTable, Due, Manual, OutcomeKind

from .outcomes import due_text

NONE = "-"


@dataclass(frozen=True)
class Limit:
    """How long the manual gives for one thing, under which conditions and clause."""

    table: str  # its question, or its name where it answers none
    title: str
    title_en: str
    when: str
    clause: str
    due: Due | None
    text: str  # parameters by their values; "-" without a limit
    names_duty: bool  # duties carry `title`; where a table has several limits, it is only that of the column


def paired(old: Manual, new: Manual) -> list[tuple[Limit | None, Limit | None]]:
    """Every limit before and after; None where one of the manuals has no such limit."""
    before = {(one.table, one.title, one.when): one for one in limits_of(old)}
    after = {(one.table, one.title, one.when): one for one in limits_of(new)}
    return [(before.get(key), after.get(key)) for key in dict.fromkeys([*after, *before])]


def limits_of(manual: Manual) -> Iterator[Limit]:
    """Every limit of the stages and of the tables with a deadline among their outcomes."""
    for table in manual.stages:
        for stage in table.stages:
            english = stage.cells["英文"].text if "英文" in stage.cells else ""
            text = due_text(stage.limit, manual.params) if stage.limit else NONE
            yield Limit(
                table.question or table.name, stage.name, english, "", stage.clause, stage.limit, text, True
            )
    for decision in manual.decisions:
        places = [n for n, output in enumerate(decision.outputs) if output.kind is OutcomeKind.DUE]
        for place in places:
            for row in decision.rows:
                yield from _limit(decision, row, place, len(places) == 1, manual)


def _limit(
    table: DecisionTable, row: DecisionRow, place: int, alone: bool, manual: Manual
) -> Iterator[Limit]:
    """A table that says beside its one limit what is to be done names the duty; else the column does."""
    due = row.outcomes[place].value
    if not isinstance(due, Due):
        return
    named = [n for n, output in enumerate(table.outputs) if output.kind is OutcomeKind.CHOICE]
    conditions = [
        f"{column.label} {cell.text}"
        for column, cell in zip(table.inputs, row.tests, strict=True)
        if cell.text not in ("", "-")
    ]
    title, english, names = table.outputs[place].label, "", False
    if named and alone:
        chosen = row.outcomes[named[0]]
        title, names = chosen.text, isinstance(chosen.value, Chosen)
        english = next((word.en for word in table.outputs[named[0]].words if word.name == title), "")
    when = "，".join(conditions)
    yield Limit(
        table.question or table.name,
        title,
        english,
        when,
        row.clause,
        due,
        due_text(due, manual.params),
        names,
    )
