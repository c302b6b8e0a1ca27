"""What a cell says, back in words: `>= 店长起点` is 货值达到店长起点(2000元)及以上."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from zhike.kernel.policy.check.figures import figure
from zhike.kernel.policy.editing.grids import Grid
from zhike.kernel.policy.editing.speech import Speech, speech
from zhike.kernel.policy.evaluate.phrases import filled
from zhike.kernel.policy.manual.cells import ANY
from zhike.kernel.policy.manual.formula import Binary, Call, Neg, Node, Num, Ref
from zhike.kernel.policy.manual.model import (
    AnyTest,
    Bound,
    Compare,
    Computed,
    DecisionTable,
    DeriveTable,
    Due,
    FactSpec,
    HasAllTags,
    HasNoTags,
    HasTags,
    Interval,
    Item,
    Kind,
    ListTable,
    Literal,
    Manual,
    Not,
    NoValue,
    OneOf,
    Operand,
    OutcomeValue,
    ParamTable,
    Stage,
    StagesTable,
    Table,
    TagsEmpty,
    TagsPresent,
    Test,
    UnknownTest,
)
from zhike.kernel.policy.manual.text import normal
from zhike.kernel.worktime.limits import Limit, Unit
from zhike.kernel.worktime.phrases import explain_phrase


def in_words(manual: Manual, grid: Grid, row: int, column: int, lang: str = "zh") -> str:
    """The cell in words, "" where it is plain words already or cannot be read. `row` and `column` from 0;
    `lang` is "zh" or "en". The grid is one of the manual's own text."""
    table = next((each for each in manual.tables if each.line == grid.line), None)
    if table is None or not (0 <= row < len(grid.rows) and 0 <= column < len(grid.columns)):
        return ""
    teller = _Teller(manual, speech(lang))
    if grid.columns[column].role == "clause":
        return teller.clauses(grid.rows[row][column])
    return teller.cell(table, grid, row, column)


def directive_in_words(manual: Manual, table: DecisionTable, lang: str = "zh") -> str:
    """What the line above a decision table says: which question it answers and which row counts."""
    say = speech(lang)
    question = manual.questions.get(table.question)
    outcomes = []
    for output in table.outputs:
        field = question.outcome_field(output.label) if question else None
        outcomes.append(field.en if field and field.en and say.lang == "en" else output.label)
    silent = say.may_be_silent if table.hit.value == "collect" or not table.required else say.every_case
    parts = [
        *([say.answers.format(question=table.question, outcomes=say.comma.join(outcomes))] if table.question else []),
        say.hits[table.hit].format(first=outcomes[0] if outcomes else ""),
        silent,
    ]  # fmt: skip
    return ("; " if say.lang == "en" else "；").join(parts)


@dataclass(frozen=True, slots=True)
class _Teller:
    manual: Manual
    say: Speech

    def cell(self, table: Table, grid: Grid, row: int, column: int) -> str:
        line, label, text = grid.line_of(row), grid.columns[column].label, grid.rows[row][column]
        match table:
            case DecisionTable():
                return self._decision(table, row, line, column)
            case DeriveTable(rows=rows) if grid.columns[column].role == "formula":
                derived = next((each for each in rows if each.line == line), None)
                return self.formula(derived.formula, text) if derived and derived.formula else ""
            case ParamTable(params=rows) if grid.columns[column].role == "range":
                param = next((each for each in rows if each.line == line), None)
                return self._range(param.bound, param.name, param.default) if param else ""
            case StagesTable(stages=stages):
                stage = next((each for each in stages if each.line == line), None)
                return self._stage(stage, grid.columns[column].role) if stage else ""
            case ListTable() if grid.columns[column].role == "free" and label:
                return self.parameter(text) if normal(text) in self.manual.params else ""
            case _:
                return ""

    # --- names and values

    def clauses(self, text: str) -> str:
        titles = [
            f"{found.number} {found.title}".strip()
            for part in normal(text).replace(",", "、").split("、")
            if (found := self.manual.clause(part.strip().removesuffix("."))) and found.number
        ]
        return self.say.comma.join(titles)

    def parameter(self, name: str) -> str:
        param = self.manual.params[normal(name)]
        return self.say.aside.format(name=param.name, value=param.text)

    def operand(self, operand: Operand, fact: FactSpec) -> str:
        if operand.param:
            return self.parameter(operand.param)
        if isinstance(operand.value, bool):
            return self.say.yes[operand.value]
        if fact.kind is Kind.ENUM:
            return self._word(fact, str(operand.value))
        return operand.text.strip()

    def _word(self, fact: FactSpec, code: str) -> str:
        word = next((each for each in fact.words if each.code == code), None)
        return (word.en if self.say.lang == "en" and word and word.en else "") or fact.name_of(code)

    def _listed(self, fact: FactSpec, codes: tuple[str, ...]) -> str:
        return self.say.comma.join(self._word(fact, code) for code in codes)

    def _label(self, table: DecisionTable, label: str) -> str:
        question = self.manual.questions.get(table.question)
        fact = question.fact(label) if question else None
        return fact.en if self.say.lang == "en" and fact and fact.en else label

    # --- decision tables

    def _decision(self, table: DecisionTable, row: int, line: int, column: int) -> str:
        # rows that could not be read are missing, so that a row may stand before its place
        before = reversed(table.rows[: row + 1])
        found = next((each for each in before if each.line == line), None)
        if found is None:
            return ""
        for asked, cell in zip(table.inputs, found.tests, strict=True):
            if asked.index == column:
                return self.test(cell.test, asked.fact, self._label(table, asked.label)) if cell.test else ""
        for given, outcome in zip(table.outputs, found.outcomes, strict=True):
            if given.index == column and outcome.value:
                return self.outcome(outcome.value, outcome.text)
        return ""

    def test(self, test: Test, fact: FactSpec, label: str) -> str:
        say = self.say
        match test:
            case AnyTest():
                return (say.any_or_unknown if fact.optional else say.any).format(it=label)
            case HasTags(codes) if len(codes) > 1:
                return say.one_of.format(it=label, v=self._listed(fact, codes))
            case HasAllTags(codes):
                return say.all_of.format(it=label, v=self._listed(fact, codes))
            case HasNoTags(codes):
                return say.none_of.format(it=label, v=self._listed(fact, codes))
            case TagsPresent():
                return say.some.format(it=label)
            case TagsEmpty():
                return say.empty.format(it=label)
            case Not(items):
                named = [item for item in items if not isinstance(item, UnknownTest)]
                values = say.comma.join(self._item(item, fact, "") for item in named)
                return (say.known_but if named else say.known).format(it=label, v=values)
            case OneOf(items):
                return self._one_of(items, fact, label)
            case _:
                return ""

    def _one_of(self, items: tuple[Item, ...], fact: FactSpec, label: str) -> str:
        """Nothing for a plain word or figure, or a list of them."""
        plain = [isinstance(item, Compare) and item.op == "=" and not item.operand.param for item in items]
        if all(plain):
            return ""
        values = [
            self.operand(item.operand, fact)
            for item, is_plain in zip(items, plain, strict=True)
            if is_plain and isinstance(item, Compare)
        ]
        said = [self.say.words["="].format(it=label, v=self.say.comma.join(values))] if values else []
        said += [
            self._item(item, fact, label)
            for item, is_plain in zip(items, plain, strict=True)
            if not is_plain and not isinstance(item, UnknownTest)
        ]
        unknown = any(isinstance(item, UnknownTest) for item in items)
        if not said:
            return self.say.unknown.format(it=label)
        return (
            self.say.or_unknown.format(said=self.say.or_.join(said)) if unknown else self.say.or_.join(said)
        )

    def _item(self, item: Item, fact: FactSpec, label: str) -> str:
        """One condition; with an empty label only what it compares with."""
        say = self.say
        match item:
            case UnknownTest():
                return say.unknown.format(it=label)
            case Interval(low, high) if low.value == high.value:
                return _bare(self._sentences(fact)["="].format(it=label, v=self.operand(low, fact)))
            case Interval(low, high, low_closed, high_closed):
                a = say.low[low_closed].format(a=self.operand(low, fact))
                b = say.high[high_closed].format(b=self.operand(high, fact))
                return _bare(say.between.format(it=label, a=a, b=b))
            case Compare("=", operand) if not label:
                return self.operand(operand, fact)
            case Compare(op, operand):
                return _bare(self._sentences(fact)[op].format(it=label, v=self.operand(operand, fact)))

    def _sentences(self, fact: FactSpec) -> Mapping[str, str]:
        if fact.kind is Kind.DATE:
            return self.say.dates
        if fact.kind is Kind.UNTIL:
            return self.say.until
        return self.say.figures if fact.kind.is_ordered else self.say.words

    def outcome(self, value: OutcomeValue, text: str) -> str:
        match value:
            case NoValue():
                return self.say.nothing if normal(text) in ANY else ""
            case Literal(_, str(name)):
                return self.parameter(name)
            case Computed(formula):
                return self.formula(formula, text)
            case Due() as due:
                return self.due(due)
            case Bound(test):
                kind = Kind.NUMBER
                return self.test(test, FactSpec("", kind), "")
            case _:
                return ""

    # --- formulas and time

    def formula(self, node: Node, text: str, *, tight: bool = False) -> str:
        say = self.say
        match node:
            case Num(value):
                percent = f"{figure(value * 100)}%"
                return percent if percent in normal(text).replace(" ", "") else figure(value)
            case Ref(name, param):
                return self.parameter(name) if param else name
            case Neg(of):
                return say.operators["neg"].format(a=self.formula(of, text, tight=True))
            case Binary(op, left, right):
                inner = op in "*/"
                said = say.operators[op].format(
                    a=self.formula(left, text, tight=inner),
                    b=self.formula(right, text, tight=inner or op == "-"),
                )
                return f"({said})" if tight else said
            case Call(function, args):
                parts = [self.formula(arg, text, tight=True) for arg in args]
                name = "round2" if function == "round" and len(args) == 2 else function
                listed = say.and_.join(parts) if len(parts) == 2 else say.comma.join(parts)
                said = say.calls[name].format(v=listed, a=parts[0], b=parts[-1])
                return f"({said})" if tight else said

    def due(self, due: Due, *, in_stage: bool = False) -> str:
        """The deadline with its parameter worked out; a working day ends when work ends."""
        named = due.phrase.parameter
        known = filled(due, self.manual.params)
        phrase = known.phrase if known else due.phrase
        limit = phrase.limit
        if isinstance(limit, Limit) and limit.unit is Unit.WORKING_DAY and limit.amount:
            head = self.say.after.format(event=phrase.event) if phrase.event else ""
            said = self.say.nth_working_day.format(head=head, n=limit.amount)
        else:
            said = explain_phrase(phrase, self.say.lang)
        if in_stage and phrase.event is None and isinstance(limit, Limit):
            said = self.say.in_this_stage + said
        if named:
            return f"{said} ({named} {self.manual.params[named].text})"
        return "" if said == normal(due.text) else said

    # --- parameters and stages

    def _range(self, bound: Test | None, name: str, default: object) -> str:
        if bound is None:
            return self.say.no_change
        kind = Kind.NUMBER if default is None or isinstance(default, (str, bool)) else Kind.AMOUNT
        said = self.test(bound, FactSpec(name, kind), "")
        return self.say.may_set.format(v=said) if said else ""

    def _stage(self, stage: Stage, role: str) -> str:
        if role == "limit" and stage.limit:
            return self.due(stage.limit, in_stage=True)
        if role == "joint" and stage.joint:
            return self.say.joint[stage.joint.value]
        return self._branches(stage) if role == "next" else ""

    def _branches(self, stage: Stage) -> str:
        say, said = self.say, []
        for n, branch in enumerate(stage.next):
            if branch.when:
                sentence = say.when if branch.stage else say.when_end
            elif n:
                sentence = say.otherwise if branch.stage else say.otherwise_end
            else:
                sentence = say.then if branch.stage else say.the_end
            said.append(sentence.format(when=branch.when, stage=branch.stage))
        return (", " if say.lang == "en" else "，").join(said)


def _bare(sentence: str) -> str:
    """A sentence without its subject where none was given."""
    return sentence.strip().removeprefix("is ")
