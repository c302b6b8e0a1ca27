"""What else differs between two versions: figures, words, stages, formulas, examples, clauses, front matter."""

import re
from collections.abc import Iterator, Mapping, Sequence

from zhike.kernel.policy.manual.model import (
    Clause,
    DecisionTable,
    DeriveTable,
    ExampleRow,
    ExampleTable,
    ListTable,
    Manual,
    Param,
    ParamTable,
    Stage,
    StagesTable,
    Table,
)

from .changes import KINDS, SHOWN, paired
from .outcomes import due_text, param_text

TABLE_KINDS: Mapping[type, str] = {
    DecisionTable: "判定",
    ListTable: "清单",
    StagesTable: "阶段表",
    ParamTable: "参数表",
    DeriveTable: "推算表",
}


def front_changes(old: Manual, new: Manual) -> Iterator[str]:
    for label, before, after in (
        ("版本", old.version, new.version),
        ("生效日期", old.effective, new.effective),
        ("标题", old.title, new.title),
        ("编号", old.name, new.name),
        ("主管部门", old.owner, new.owner),
        ("日历", old.calendar, new.calendar),
    ):
        if before != after:
            yield f"{label}：{before or '-'} → {after or '-'}"
    for key, fact in new.facts.items():
        known = old.facts.get(key)
        if known is not None and known.kind is not fact.kind:
            yield f"事实“{key}”：类型 {KINDS[known.kind]} → {KINDS[fact.kind]}"


def param_changes(old: Manual, new: Manual) -> Iterator[str]:
    before, after = old.params, new.params
    yield from (f"新增参数 {name}：{param_text(after[name])}" for name in after if name not in before)
    yield from (f"取消参数 {name}(原为{param_text(before[name])})" for name in before if name not in after)
    for name in after:
        if name in before:
            yield from _param(before[name], after[name])


def _param(old: Param, new: Param) -> Iterator[str]:
    if old.value != new.value:
        yield f"参数 {new.name}：{param_text(old)} → {param_text(new)}"
    if old.bound != new.bound and (old.bound_text or "-") != (new.bound_text or "-"):
        yield f"参数 {new.name} 单位可改：{old.bound_text or '-'} → {new.bound_text or '-'}"
    if old.clause != new.clause:
        yield f"参数 {new.name} 条款：{old.clause or '-'} → {new.clause or '-'}"


def table_changes(old: Manual, new: Manual) -> Iterator[str]:
    """Tables that came or went; examples are counted with the table they belong to."""
    renamed = {before.name for before, _ in paired(old, new)} | {after.name for _, after in paired(old, new)}
    before, after = _named(old), _named(new)
    for key in after:
        if key not in before and key[1] not in renamed:
            yield f"新增{key[0]}“{key[1]}”"
    for key in before:
        if key not in after and key[1] not in renamed:
            yield f"取消{key[0]}“{key[1]}”"


def _named(manual: Manual) -> dict[tuple[str, str], Table]:
    tables = (table for table in manual.tables if type(table) in TABLE_KINDS)
    return {(TABLE_KINDS[type(table)], getattr(table, "name", "")): table for table in tables}


def list_changes(old: Manual, new: Manual) -> Iterator[str]:
    """Entries are recognised by their code."""
    for name, after in new.lists.items():
        before = old.lists.get(name)
        if before is not None:
            yield from _limited(_list(before, after), f"清单 {name}")


def _list(old: ListTable, new: ListTable) -> Iterator[str]:
    before = {row.word.code: row for row in old.rows}
    after = {row.word.code: row for row in new.rows}
    added = [row.word.name for code, row in after.items() if code not in before]
    gone = [row.word.name for code, row in before.items() if code not in after]
    if added:
        yield f"清单 {new.name}：新增 {'、'.join(added)}"
    if gone:
        yield f"清单 {new.name}：取消 {'、'.join(gone)}"
    if [code for code in before if code in after] != [code for code in after if code in before]:
        yield f"清单 {new.name}：次序改为 {'、'.join(row.word.name for row in new.rows)}"
    for code, row in after.items():
        if code in before:
            known = before[code]
            for label, one, two in _cells(known.cells, row.cells):
                yield f"清单 {new.name} “{known.word.name}” {label}：{one} → {two}"


def _cells(old: Mapping[str, object], new: Mapping[str, object]) -> Iterator[tuple[str, str, str]]:
    for label in dict.fromkeys([*old, *new]):
        one, two = (getattr(cells.get(label), "text", "") or "-" for cells in (old, new))
        if one != two:
            yield label, one, two


def stage_changes(old: Manual, new: Manual) -> Iterator[str]:
    known = {table.name: table for table in old.stages}
    for table in new.stages:
        if table.name in known:
            yield from _limited(_stages(known[table.name], table, old, new), f"阶段表 {table.name}")


def _stages(old: StagesTable, new: StagesTable, before: Manual, after: Manual) -> Iterator[str]:
    one = {stage.name: stage for stage in old.stages}
    two = {stage.name: stage for stage in new.stages}
    yield from (f"{new.name}：新增阶段“{name}”" for name in two if name not in one)
    yield from (f"{new.name}：取消阶段“{name}”" for name in one if name not in two)
    if [name for name in one if name in two] != [name for name in two if name in one]:
        yield f"{new.name}：次序改为 {'、'.join(two)}"
    for name, stage in two.items():
        if name in one:
            for label, was, now in _stage(one[name], stage, before, after):
                yield f"{new.name} 阶段“{name}” {label}：{was} → {now}"


def _stage(old: Stage, new: Stage, before: Manual, after: Manual) -> Iterator[tuple[str, str, str]]:
    """Cells as written; a limit also by the values of its parameters."""
    limits = [
        due_text(stage.limit, manual.params) if stage.limit else "-"
        for stage, manual in ((old, before), (new, after))
    ]
    found = {label: (was, now) for label, was, now in _cells(old.cells, new.cells)}
    if limits[0] != limits[1]:
        found["时限"] = (limits[0], limits[1])
    yield from ((label, was, now) for label, (was, now) in found.items())


def derived_changes(old: Manual, new: Manual) -> Iterator[str]:
    before, after = old.derived, new.derived
    yield from (f"新增推算 {name} = {after[name].text}" for name in after if name not in before)
    yield from (f"取消推算 {name}" for name in before if name not in after)
    for name in after:
        if name in before and before[name].formula != after[name].formula:
            yield f"推算 {name}：{before[name].text} → {after[name].text}"


def example_changes(old: Manual, new: Manual) -> Iterator[str]:
    before, after = _examples(old.examples), _examples(new.examples)
    for name in dict.fromkeys([*before, *after]):
        was, now = before.get(name, set()), after.get(name, set())
        parts = [f"新增{len(now - was)}例"] * bool(now - was) + [f"取消{len(was - now)}例"] * bool(was - now)
        if parts:
            yield f"示例 {name}：{'，'.join(parts)}"


def _examples(tables: Sequence[ExampleTable]) -> dict[str, set[object]]:
    found: dict[str, set[object]] = {}
    for table in tables:
        found.setdefault(table.of, set()).update(_example(row) for row in table.rows)
    return found


def _example(row: ExampleRow) -> object:
    sides = (row.given, row.expected)
    return tuple(frozenset((label, cell.text) for label, cell in side.items()) for side in sides)


def clause_changes(old: Manual, new: Manual) -> Iterator[str]:
    """Clauses by number (a heading without number by its title); tables aside, their prose is compared as text."""
    before, after = _clauses(old), _clauses(new)
    yield from (
        f"新增条款 {key} {clause.title}".rstrip() for key, (clause, _) in after.items() if key not in before
    )
    yield from (
        f"取消条款 {key} {clause.title}".rstrip() for key, (clause, _) in before.items() if key not in after
    )
    for key, (clause, text) in after.items():
        if key in before:
            known, known_text = before[key]
            if known.title != clause.title:
                yield f"条款 {key} 标题：{known.title} → {clause.title}"
            if known_text != text:
                yield f"条款 {key} 文字有改动"


_TABLE = re.compile(r"^\s*(\||@|＠)")


def _clauses(manual: Manual) -> dict[str, tuple[Clause, str]]:
    lines = manual.source.split("\n")
    found: dict[str, tuple[Clause, str]] = {}
    ends = [clause.line - 1 for clause in manual.clauses[1:]] + [len(lines)]
    for clause, end in zip(manual.clauses, ends, strict=False):
        prose = (line.strip() for line in lines[clause.line : end] if not _TABLE.match(line))
        key = clause.number or f"“{clause.title}”"
        found.setdefault(key, (clause, "\n".join(line for line in prose if line)))
    return found


def _limited(lines: Iterator[str], what: str) -> Iterator[str]:
    for number, line in enumerate(lines):
        if number == SHOWN:
            yield f"{what}：另有更多改动"
            return
        yield line
