"""What may stand in a cell: the words that an editor offers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from zhike.kernel.policy.check.stages import MATTERS
from zhike.kernel.policy.editing.cells import quoted
from zhike.kernel.policy.editing.grids import Column, Grid
from zhike.kernel.policy.manual.cells import literal
from zhike.kernel.policy.manual.model import (
    Amount,
    Cell,
    DecisionTable,
    FactSpec,
    Input,
    Joint,
    Kind,
    Manual,
    OutcomeKind,
    Output,
    Param,
    StagesTable,
    Word,
)
from zhike.kernel.policy.manual.procedures import JOINT
from zhike.kernel.policy.manual.text import ARROW, normal

# Columns of lists that name somebody, by the words the format uses.
WHO = {"对象", "负责", "负责人", "to", "owner"}


@dataclass(frozen=True, slots=True)
class Choice:
    """`text` is what goes into the cell, `en` its English name ("" if it has none), `note` explains it."""

    text: str
    en: str = ""
    note: str = ""


UNKNOWN = Choice("未知", "unknown", "没有填写时")
UNRESTRICTED = Choice("-", "any", "不限，未知也算")
YES_NO = (Choice("是", "yes"), Choice("否", "no"))
SETS = (Choice("有", "some", "至少有一项"), Choice("无", "none", "一项也没有"))
NOTHING = Choice("-", "nothing", "不规定")
AT_ONCE = Choice("立即", "immediately", "当场办完")
SAME_DAY = Choice("当天内", "within the same day", "当天下班前")
THE_END = Choice("结束", "end", "到此结束")
OTHERWISE = Choice("其余", "otherwise", "以上各行都不符合时")


def choices(manual: Manual, grid: Grid, column: int, *, owners: Sequence[Choice] = ()) -> list[Choice]:
    """What may stand in the cells of a column (from 0), in the order of its list; [] where anything may.

    `owners` are the roles and posts that the caller knows, for 负责 and 对象.
    """
    if not 0 <= column < len(grid.columns):
        return []
    place = grid.columns[column]
    table = next((each for each in manual.tables if each.line == grid.line), None)
    if place.role == "clause":
        return [Choice(c.number or c.title, c.gist, c.title if c.number else "") for c in manual.clauses]
    if isinstance(table, DecisionTable):
        if place.role == "note":
            return [OTHERWISE]
        return _decision(manual, table, column)
    if grid.kind == "examples":
        return _example(manual, grid, place)
    if isinstance(table, StagesTable):
        return _stages(manual, table, place, owners)
    if grid.kind == "derive" and place.role == "formula":
        return [*_figures(manual), *_params(manual.params.values(), figure=True)]
    if place.role == "owner" or (grid.kind == "list" and place.label.lower() in WHO):
        return list(owners)
    return _another_list(manual, grid, column) if grid.kind == "list" else []


def _another_list(manual: Manual, grid: Grid, column: int) -> list[Choice]:
    """A column of a list whose cells are words of another one: 大类 holds words of 投诉大类."""
    said = {normal(row[column]) for row in grid.rows} - {"", "-"}
    for name, table in manual.lists.items():
        known = {word.name for word in table.words}
        if name != grid.name and said & known and normal(name).endswith(normal(grid.columns[column].label)):
            return _words(manual, table.words, name)
    return []


def _decision(manual: Manual, table: DecisionTable, column: int) -> list[Choice]:
    asked = next((each for each in table.inputs if each.index == column), None)
    if asked is not None:
        return [*_values(manual, asked.fact), *_beyond(asked.fact), UNRESTRICTED]
    given = next((each for each in table.outputs if each.index == column), None)
    return [*_outcome(manual, table, given), NOTHING] if given else []


def _beyond(fact: FactSpec) -> list[Choice]:
    """What a cell may ask of a fact besides its values."""
    if fact.kind is Kind.TAGS:
        return list(SETS)
    return [UNKNOWN] if fact.optional or fact.inferred else []


def _values(manual: Manual, fact: FactSpec) -> list[Choice]:
    if fact.kind in (Kind.ENUM, Kind.TAGS):
        return _words(manual, fact.words, fact.vocabulary)
    if fact.kind is Kind.BOOL:
        return list(YES_NO)
    return [
        _named(param)
        for param in manual.params.values()
        if param.value is not None and literal(param.text, fact.kind) is not None
    ]


def _words(manual: Manual, words: Iterable[Word], vocabulary: str | None) -> list[Choice]:
    """Entries of a list with its notes, quoted where a cell would read them as something else."""
    notes: dict[str, str] = {}
    table = manual.lists.get(vocabulary or "")
    for row in table.rows if table else ():
        cell = row.cells.get("说明") or row.cells.get("备注")
        notes[row.word.code] = cell.text if cell else ""
    return [Choice(quoted(word.name), word.en, notes.get(word.code, "")) for word in words]


def _named(param: Param) -> Choice:
    return Choice(param.name, "", "，".join(part for part in (param.text, param.note) if part))


def _params(params: Iterable[Param], *, figure: bool) -> list[Choice]:
    """Parameters that are figures, or else amounts of time; those that are 未定 may become either."""
    fits = [p for p in params if p.value is None or (isinstance(p.value, Amount) is not figure)]
    return [_named(p) for p in fits if not figure or not isinstance(p.value, str | bool)]


def _figures(manual: Manual) -> list[Choice]:
    """What a formula may reckon with."""
    return [Choice(name) for name, fact in manual.facts.items() if fact.kind.is_figure]


def _outcome(manual: Manual, table: DecisionTable, output: Output) -> list[Choice]:
    match output.kind:
        case OutcomeKind.CHOICE | OutcomeKind.MULTI:
            return _words(manual, output.words, output.vocabulary)
        case OutcomeKind.BOOL:
            return list(YES_NO)
        case OutcomeKind.NUMBER:
            return _params(manual.params.values(), figure=True)
        case OutcomeKind.DUE:
            return [*_deadlines(manual, _events(manual, table.question)), AT_ONCE, SAME_DAY]
        case _:
            return []


def _events(manual: Manual, question: str) -> list[str]:
    known = manual.questions.get(question)
    return ["受理", *(known.events if known else ())]


def _deadlines(manual: Manual, events: Sequence[str]) -> list[Choice]:
    """Amounts of time by their names, from each moment that may start them and from the step itself."""
    named = _params(manual.params.values(), figure=False)
    after = [Choice(f"{event}后{each.text}", "", each.note) for event in events[:1] for each in named]
    return [*named, *after]


def _example(manual: Manual, grid: Grid, place: Column) -> list[Choice]:
    """Values of the facts and outcomes of the table that the examples are for."""
    table = manual.decision(grid.name)
    if table is None:
        return []
    label = normal(place.label)
    if place.role == "outcome":
        bare = normal(ARROW.sub("", label))
        given = next((each for each in table.outputs if each.label == bare), None)
        return [*_outcome(manual, table, given), NOTHING] if given else []
    asked: Input | None = next((each for each in table.inputs if label in (each.label, each.fact.key)), None)
    fact = asked.fact if asked else manual.facts.get(label)
    if fact is None or fact.kind.is_ordered:
        return [UNKNOWN] if fact and fact.optional else []
    return [*_values(manual, fact), *([SETS[1]] if fact.kind is Kind.TAGS else _beyond(fact))]


def _stages(manual: Manual, table: StagesTable, place: Column, owners: Sequence[Choice]) -> list[Choice]:
    question = manual.questions.get(table.question)
    match place.role:
        case "owner" | "informed":
            return list(owners)
        case "matter":
            return _matters(manual)
        case "next":
            return [*(Choice(stage.name, _english(stage.cells)) for stage in table.stages), THE_END]
        case "nature":
            return [Choice(kind) for kind in (question.stage_kinds if question else ())]
        case "limit":
            return [*_deadlines(manual, _events(manual, table.question)), AT_ONCE, SAME_DAY]
        case "joint":
            return [Choice(text, joint.value, _JOINT_NOTES[joint]) for text, joint in JOINT.items()]
        case _:
            return []


def _matters(manual: Manual) -> list[Choice]:
    table = manual.lists.get(MATTERS)
    return [Choice(word.name, word.en) for word in (table.words if table else ())]


_JOINT_NOTES = {Joint.ALL: "所有人都要办", Joint.ANY: "其中一人办即可", Joint.IN_TURN: "按次序依次办"}


def _english(cells: Mapping[str, Cell]) -> str:
    cell = cells.get("英文")
    return cell.text if cell else ""
