"""Decision tables of two versions: the regions where the outcome differs."""

from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from difflib import SequenceMatcher

from zhike.kernel.policy.manual.model import AnyTest, DecisionTable, FactSpec, Hit, Kind, Manual, Param, Test

from .columns import Space
from .outcomes import outcome_key, outcome_text
from .pairs import Difference, Ruled, differences
from .regions import Region, region
from .segments import Incomparable
from .sweep import Budget, Undecided
from .tables import Prepared, prepare, space_of, styles_of, tests_of

MOST_REGIONS = 200
SHOWN = 20
NO_RULE = "没有规定"
HITS = {Hit.UNIQUE: "唯一", Hit.FIRST: "首行", Hit.HIGHEST: "最高", Hit.COLLECT: "收集"}
KINDS = {
    Kind.MONEY: "金额",
    Kind.NUMBER: "数值",
    Kind.INT: "整数",
    Kind.BOOL: "是否",
    Kind.DATE: "日期",
    Kind.UNTIL: "距今时间",
    Kind.ENUM: "单选",
    Kind.TAGS: "多选",
    Kind.TEXT: "文字",
}
# Types that may follow each other, and the one that has room for both.
ALIKE = {
    frozenset({Kind.MONEY, Kind.NUMBER, Kind.INT}): Kind.NUMBER,
    frozenset({Kind.ENUM, Kind.TEXT}): Kind.TEXT,
}

Outcome = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Change:
    """Everywhere in `region` the outcome goes from `old` to `new`.

    Both hold the outcome columns that differ, by label, as read by people; None: no row decides. Under 收集 a
    change is one outcome that is no longer given (`new` None) or newly given (`old` None).
    """

    table: str
    old: Outcome | None
    new: Outcome | None
    region: Region
    text: str


@dataclass(slots=True)
class TableChanges:
    """All changes of one table. `decided` false: there may be more (too complicated, or not comparable)."""

    table: str
    changes: list[Change] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)
    decided: bool = True


class Refused(Exception):
    """The two tables cannot be laid side by side; `args` say why."""


def changed_tables(old: Manual, new: Manual) -> list[TableChanges]:
    """One entry for each decision table in both versions that has anything to say, in the order of the new one."""
    found = []
    for before, after in paired(old, new):
        changes = _compare(before, after, old.params, new.params)
        if changes.changes or changes.remarks:
            found.append(changes)
    return found


def paired(old: Manual, new: Manual) -> Iterator[tuple[DecisionTable, DecisionTable]]:
    """Tables of the same name; else the only two left that answer the same question (a new name)."""
    left = {table.name: table for table in old.decisions if new.decision(table.name) is None}
    fresh = [table for table in new.decisions if old.decision(table.name) is None]
    for table in new.decisions:
        before = old.decision(table.name)
        if before is None:
            same = [other for other in left.values() if other.question and other.question == table.question]
            alone = sum(other.question == table.question for other in fresh) == 1
            before = same[0] if len(same) == 1 and alone else None
        if before is not None:
            yield before, table


def _compare(
    old: DecisionTable, new: DecisionTable, old_params: Mapping[str, Param], new_params: Mapping[str, Param]
) -> TableChanges:
    found = TableChanges(new.name)
    found.remarks += _headings(old, new)
    try:
        refuse_errors(old, new)
        space = shared_space(old, new, styles_of(old_params) | styles_of(new_params))
        one, two = prepare(old, old_params, space), prepare(new, new_params, space)
        side = _Side(one, two)
        found.changes.extend(map(side.change, side.differences()))
        if len(found.changes) >= MOST_REGIONS:
            found.decided = False
            found.remarks.append(f"{new.name}：变化太多，只列出{MOST_REGIONS}处")
    except Refused as reason:
        found.decided = False
        found.remarks.append(f"{new.name}：未能判定变化的含义：{reason}")
        return found
    except Undecided:
        found.decided = False
        found.remarks.append(f"{new.name}：未能判定全部变化：表太复杂")
        return found
    found.changes.sort(key=lambda change: change.text)
    found.remarks += _rows(one, two, bool(found.changes))
    return found


def _headings(old: DecisionTable, new: DecisionTable) -> Iterator[str]:
    if old.name != new.name:
        yield f"判定“{old.name}”改名为“{new.name}”"
    if old.hit is not new.hit:
        yield f"{new.name}：命中 {HITS[old.hit]} → {HITS[new.hit]}"
    if old.question != new.question:
        yield f"{new.name}：回答 {old.question or '-'} → {new.question or '-'}"
    for what, before, after in (
        ("条件列", [column.label for column in old.inputs], [column.label for column in new.inputs]),
        ("结论列", [column.label for column in old.outputs], [column.label for column in new.outputs]),
    ):
        yield from (f"{new.name}：新增{what}“{label}”" for label in after if label not in before)
        yield from (f"{new.name}：取消{what}“{label}”" for label in before if label not in after)


def refuse_errors(*tables: DecisionTable) -> None:
    for table in tables:
        broken = [str(row.number) for row in table.rows if row.broken]
        if table.broken:
            raise Refused("表头有错")
        if broken:
            raise Refused(f"第{'、'.join(broken[:SHOWN])}行有错")


def shared_space(
    old: DecisionTable,
    new: DecisionTable,
    styles: Mapping[str, str],
    seen: Callable[[FactSpec], FactSpec] = lambda fact: fact,
) -> Space:
    """The columns of both tables side by side, each fact as `seen` widens it. Raises Refused."""
    facts = {column.fact.key: column.fact for column in new.inputs}
    tests, old_tests = tests_of(new), tests_of(old)
    for column in old.inputs:
        key, now = column.fact.key, facts.get(column.fact.key)
        if now is None or (now.kind is not column.fact.kind and _says_nothing(tests[key])):
            facts[key] = column.fact
        elif now.kind is column.fact.kind or not _says_nothing(old_tests[key]):
            facts[key] = _merged(column.fact, now)
    for key, found in old_tests.items():
        tests.setdefault(key, []).extend(found)
    try:
        return space_of(map(seen, facts.values()), tests, styles)
    except Incomparable as periods:
        one, two = periods.args
        raise Refused(f"“{one}”和“{two}”谁长不一定") from None


def _says_nothing(tests: Sequence[Test]) -> bool:
    """A column of dashes has no type of its own."""
    return all(isinstance(test, AnyTest) for test in tests)


def _merged(old: FactSpec, new: FactSpec) -> FactSpec:
    """A fact that may be all that either version lets it be."""
    if old.kind is not new.kind:
        shared = next((kind for kinds, kind in ALIKE.items() if {old.kind, new.kind} <= kinds), None)
        if shared is None:
            raise Refused(f"“{new.key}”的类型变了({KINDS[old.kind]} → {KINDS[new.kind]})")
        new = replace(new, kind=shared)
    known = {word.code for word in new.words}
    minimum = None
    if old.minimum is not None and new.minimum is not None:
        minimum = min(old.minimum, new.minimum)
    return replace(
        new,
        words=(*new.words, *(word for word in old.words if word.code not in known)),
        others=old.others or new.others,
        optional=old.optional or new.optional,
        minimum=minimum,
        inferred=old.inferred and new.inferred,
    )


class _Side:
    """Two tables in one space, with outcomes limited to the columns they share."""

    def __init__(self, old: Prepared, new: Prepared) -> None:
        self._old, self._new = old, new
        before = {column.label for column in old.table.outputs}
        self._labels = [column.label for column in new.table.outputs if column.label in before]
        self._texts: dict[Hashable, dict[str, str]] = {}
        self._old_rows, self._new_rows = self._ruled(old), self._ruled(new)

    def _ruled(self, side: Prepared) -> list[Ruled]:
        found = []
        columns = {column.label: (n, column) for n, column in enumerate(side.table.outputs)}
        for number in side.sound:
            cells = side.table.rows[number].outcomes
            shared = [(label, *columns[label]) for label in self._labels]
            key = tuple(outcome_key(cells[n], side.params) for _, n, _ in shared)
            self._texts.setdefault(
                key, {label: outcome_text(cells[n], column, side.params) for label, n, column in shared}
            )
            found.append(Ruled([box for box in side.boxes[number] if all(box)], key))
        return found

    def differences(self) -> Iterator[Difference]:
        """Raises `Undecided`."""
        within, budget = self._new.space.hard, Budget()
        if Hit.COLLECT not in (self._old.table.hit, self._new.table.hit):
            yield from differences(self._old_rows, self._new_rows, within, budget, MOST_REGIONS)
            return
        for outcome in self._texts:
            old = [row for row in self._old_rows if row.outcome == outcome]
            new = [row for row in self._new_rows if row.outcome == outcome]
            yield from differences(old, new, within, budget, MOST_REGIONS)

    def change(self, difference: Difference) -> Change:
        old, new = self._outcome(difference.old), self._outcome(difference.new)
        if old is not None and new is not None:
            differing = [n for n, label in enumerate(self._labels) if _part(difference, n)]
            labels = [self._labels[n] for n in differing]
            old, new = {label: old[label] for label in labels}, {label: new[label] for label in labels}
        where = region(self._new.space, difference.box)
        text = f"{self._arrow(old, new)}: {where.text}"
        return Change(self._new.table.name, old, new, where, text)

    def _outcome(self, key: Hashable) -> Outcome | None:
        return None if key is None else self._texts[key]

    def _arrow(self, old: Outcome | None, new: Outcome | None) -> str:
        """A table of one outcome column needs no label."""
        if Hit.COLLECT in (self._old.table.hit, self._new.table.hit):
            return f"不再给予 {self._said(old)}" if new is None else f"新增 {self._said(new)}"
        if old is None or new is None or len(self._labels) == 1:
            return f"{self._said(old)} → {self._said(new)}"
        return "，".join(f"{label} {old[label]} → {new[label]}" for label in old)

    def _said(self, outcome: Outcome | None) -> str:
        if outcome is None:
            return NO_RULE
        if len(self._labels) == 1:
            return next(iter(outcome.values()))
        return "、".join(f"{label} {text}" for label, text in outcome.items() if text != "-")


def _part(difference: Difference, n: int) -> bool:
    old, new = difference.old, difference.new
    return isinstance(old, tuple) and isinstance(new, tuple) and bool(old[n] != new[n])


def _rows(old: Prepared, new: Prepared, changed: bool) -> Iterator[str]:
    """Rows that decide the same under another clause, and rewritten rows that change nothing."""
    keys = [
        [(tuple(side.boxes[n]), side.outcome(row)) for n, row in enumerate(side.table.rows)]
        for side in (old, new)
    ]
    blocks = SequenceMatcher(None, keys[0], keys[1], autojunk=False).get_matching_blocks()
    for block in blocks:
        for n in range(block.size):
            before, after = old.table.rows[block.a + n], new.table.rows[block.b + n]
            if before.clause != after.clause:
                yield f"{new.table.name} 第{after.number}行：条款 {before.clause or '-'} → {after.clause or '-'}"
    same = sum(block.size for block in blocks) == len(keys[0]) == len(keys[1])
    if not same and not changed:
        yield f"{new.table.name}：行有改动，但任何情形的结论都不变"
