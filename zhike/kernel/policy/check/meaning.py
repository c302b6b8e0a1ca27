"""The meaning of a change, without data: what people approve before they see the back-test."""

from collections.abc import Iterator

from zhike.kernel.policy.manual.model import Manual

from .changes import SHOWN, TableChanges, changed_tables
from .parts import (
    clause_changes,
    derived_changes,
    example_changes,
    front_changes,
    list_changes,
    param_changes,
    stage_changes,
    table_changes,
)


def meaning(old: Manual, new: Manual) -> list[str]:
    """One line of Chinese for each difference; an empty list if the versions mean the same.

    First the regions whose outcome differs, as `客服经理 → 店长: 货值 [1500..2000)，且 ...` (with the name of the
    table before it when more than one table changes), then parameters, tables, words, stages, derived facts,
    examples, clauses, front matter. `changed_tables` gives the regions as data.
    """
    lines = [*_decisions(changed_tables(old, new))]
    for part in (
        param_changes,
        table_changes,
        list_changes,
        stage_changes,
        derived_changes,
        example_changes,
        clause_changes,
        front_changes,
    ):
        lines += part(old, new)
    return lines


def _decisions(tables: list[TableChanges]) -> Iterator[str]:
    several = sum(bool(table.changes) for table in tables) > 1
    for table in tables:
        for change in table.changes[:SHOWN]:
            yield f"{table.table}：{change.text}" if several else change.text
        if len(table.changes) > SHOWN:
            yield f"{table.table}：另有{len(table.changes) - SHOWN}处结论有变"
    for table in tables:
        yield from table.remarks
