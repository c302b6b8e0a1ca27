"""What reading a manual needs at hand: findings, vocabularies, parameters, clauses, what was read so far."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from zhike.kernel.policy.questions import Question

from .blocks import Blocks, Directive, RawTable
from .cells import ANY
from .formula import Ref
from .front import Front
from .infer import Mention
from .model import Cell, Derived, FactSpec, Finding, Hit, Level, ListTable, Output, Param
from .text import ARROW, nearest, normal, split_items

KINDS = {
    "判定": "decision",
    "清单": "list",
    "阶段": "stages",
    "参数": "params",
    "推算": "derive",
    "示例": "examples",
}
KEYS = {"回答": "answers", "命中": "hit", "日历": "calendar", "用途": "purpose"}
HITS = {"首行": Hit.FIRST, "唯一": Hit.UNIQUE, "最高": Hit.HIGHEST, "收集": Hit.COLLECT}
# Fixed columns, by either language. A header cell outside of these is free, or an input of a decision.
LABELS = {
    "条款": "clause",
    "说明": "note",
    "备注": "note",
    "remark": "note",
    "行": "row",
    "名称": "name",
    "代码": "code",
    "英文": "english",
    "值": "value",
    "单位可改": "range",
    "算式": "formula",
    "阶段": "stage",
    "负责": "owner",
    "时限": "limit",
    "表单": "form",
    "下一步": "next",
    "性质": "nature",
    "会签": "joint",
    "知会": "informed",
    "审批": "matter",
}
MOST_DIRECTIVE = 500
_OPTION = re.compile(r"(\S+?)\s*=\s*(\"[^\"]*\"|\S+)")
_DIRECTIVE = re.compile(r"@\s*([^\s=]+)\s*(.*)")


@dataclass(slots=True)
class Order:
    """A directive understood. `kind` is a value of KINDS; `options` by English key."""

    kind: str
    name: str
    options: dict[str, str]
    line: int
    column: int
    raw: RawTable

    @property
    def question(self) -> str:
        return self.options.get("answers", "")


@dataclass(slots=True)
class Desk:
    """Everything shared while one manual is read. `questions` are those known to the installation."""

    blocks: Blocks
    front: Front
    questions: Mapping[str, Question]
    overrides: Mapping[str, str]
    findings: list[Finding] = field(default_factory=list)
    clauses: set[str] = field(default_factory=set)
    lists: dict[str, ListTable] = field(default_factory=dict)
    params: dict[str, Param] = field(default_factory=dict)
    mentions: dict[str, Mention] = field(default_factory=dict)
    facts: dict[str, FactSpec] = field(default_factory=dict)
    derived: dict[str, Derived] = field(default_factory=dict)
    derived_specs: dict[str, FactSpec] = field(default_factory=dict)
    earlier: dict[str, tuple[Output, FactSpec]] = field(default_factory=dict)
    stage_names: list[str] = field(default_factory=list)
    answered: list[Question] = field(default_factory=list)
    loose: bool = False

    def report(self, level: Level, line: int, column: int, table: str, message: str) -> None:
        finding = Finding(line, column, level, table, message)
        if finding not in self.findings:
            self.findings.append(finding)

    def error(self, line: int, column: int, table: str, message: str) -> None:
        self.report(Level.ERROR, line, column, table, message)

    @property
    def errors(self) -> int:
        """How many errors were found so far."""
        return sum(finding.level is Level.ERROR for finding in self.findings)

    def wrong(self, cell: Cell, table: str, message: str) -> None:
        """An error at a cell."""
        self.error(cell.line, cell.column, table, message)

    def names(self) -> dict[str, Ref]:
        """What formulas may name so far: facts, derived facts, earlier outcomes, parameters."""
        found = {normal(label): Ref(label) for label in (*self.facts, *self.earlier, *self.derived)}
        return {normal(name): Ref(name, param=True) for name in self.params} | found

    def clause(self, cell: Cell | None, line: int, table: str, *, due: bool) -> str:
        """The clause(s) a row names, checked; an empty cell is an error where a clause is due."""
        text = normal(cell.text) if cell else ""
        if text in ANY:
            if due and cell:
                self.wrong(cell, table, "条款一格是空的：每一行都要写明条款")
            return ""
        assert cell is not None
        numbers = [part.strip().removesuffix(".") for part in split_items(text)]
        for number in numbers:
            if number not in self.clauses:
                self.wrong(cell, table, f"条款“{number}”在本规定中没有标题")
        return "、".join(numbers)


@dataclass(slots=True)
class Header:
    """Where the columns of a table are. `at` by role for fixed columns, `inputs`/`outputs` by label."""

    at: dict[str, int]
    inputs: list[tuple[int, Cell, str]]
    outputs: list[tuple[int, Cell, str]]
    labels: list[str]


def read_header(desk: Desk, order: Order) -> Header:
    """Columns of a table; repeated and empty labels are errors."""
    header = Header({}, [], [], [])
    seen: set[str] = set()
    for index, cell in enumerate(order.raw.header.cells):
        label = normal(cell.text)
        bare = normal(ARROW.sub("", label))
        header.labels.append(label)
        if not bare:
            desk.wrong(cell, order.name, "表头有一格是空的")
        elif label in seen:
            desk.wrong(cell, order.name, f"表头“{label}”重复")
        seen.add(label)
        if ARROW.match(label):
            header.outputs.append((index, cell, bare))
            continue
        role = role_of(label)
        if role:
            header.at.setdefault(role, index)
        header.inputs.append((index, cell, bare))
    return header


def role_of(label: str) -> str:
    """The role of a fixed column, in either language; "" for a free one."""
    low = normal(label).lower()
    return LABELS.get(low) or (low if low in LABELS.values() else "")


def read_directive(desk: Desk, directive: Directive) -> Order | None:
    """The directive understood, or None after reporting what is wrong."""
    text = normal(directive.text)
    line, column = directive.line, directive.column
    if len(text) > MOST_DIRECTIVE:
        desk.error(line, column, "", f"指令太长(超过 {MOST_DIRECTIVE} 字)")
        return None
    match = _DIRECTIVE.fullmatch(text)
    word = match[1] if match else text.removeprefix("@")
    kind = KINDS.get(word) or (word.lower() if word.lower() in KINDS.values() else "")
    if not match or not kind:
        near = nearest(word, [*KINDS, *KINDS.values()]).replace("“", "“@")
        desk.error(line, column, "", f"不认识的指令“@{word}”{near}")
        return None
    name = _OPTION.sub("", match[2]).strip()
    options = _options(desk, match[2], name, line, column)
    if not name:
        desk.error(line, column, "", f"指令“@{word}”后面缺表名")
        return None
    if "purpose" in options and kind != "list":
        desk.error(line, column, name, "“用途”只写在“@清单”后面")
    if directive.table is None:
        return None
    return Order(kind, name, options, line, column, directive.table)


def _options(desk: Desk, text: str, table: str, line: int, column: int) -> dict[str, str]:
    found = {}
    for key, value in _OPTION.findall(text):
        known = KEYS.get(key) or (key.lower() if key.lower() in KEYS.values() else "")
        if known:
            found[known] = value.strip('"')
        else:
            desk.error(
                line,
                column,
                table,
                f"指令里不认识“{key}”{nearest(key, KEYS) or '，只有：' + '、'.join(KEYS)}",
            )
    return found


def read_hit(desk: Desk, order: Order) -> Hit:
    word = order.options.get("hit", "")
    if not word:
        return Hit.UNIQUE
    found = HITS.get(word) or next((hit for hit in Hit if hit.value == word.lower()), None)
    if found is None:
        near = nearest(word, HITS) or "，只有：" + "、".join(HITS)
        desk.error(order.line, order.column, order.name, f"不认识的命中方式“{word}”{near}")
        return Hit.UNIQUE
    return found
