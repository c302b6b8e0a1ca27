"""Decision tables."""

from dataclasses import replace

from zhike.kernel.policy.questions import Outcome, Question

from . import values
from .blocks import RawRow
from .cells import ANY, INTERVAL, OPERATOR, CellError, read_test
from .desk import Desk, Header, Order, read_header, read_hit, role_of
from .facts import (
    as_fact,
    check_size,
    formula_names,
    kind_in_formula,
    missing_lists,
    no_fact,
    output_words,
    resolve,
)
from .infer import Mention, infer, is_set
from .model import (
    Amount,
    Cell,
    Chosen,
    Compare,
    Computed,
    DecisionRow,
    DecisionTable,
    Hit,
    Input,
    Interval,
    Kind,
    Level,
    Literal,
    Not,
    OneOf,
    Operand,
    OutcomeCell,
    OutcomeKind,
    Output,
    Test,
    TestCell,
    Word,
)
from .outcomes import Surroundings, read_due, read_outcome
from .plain import cell_at
from .text import nearest, normal, quotes, split_items, unquoted

_IGNORED = {"clause", "note", "row"}
OTHERWISE = ("其余", "otherwise")


def read_decision(desk: Desk, order: Order) -> DecisionTable:
    """The table, and its outcomes made known to the tables below it."""
    header = read_header(desk, order)
    question = desk.questions.get(order.question)
    before = desk.errors
    if question:
        missing_lists(desk, question, order)
    hit = read_hit(desk, order)
    inputs = _inputs(desk, order, header, question)
    outputs = _outputs(desk, order, header, question)
    if "clause" not in header.at:
        desk.error(order.raw.header.line, 1, order.name, "缺少“条款”列")
    broken = before < desk.errors
    around = surroundings(desk, order.raw.header.cells[0], order.name)
    rows = tuple(
        _row(desk, order, header, raw, number, inputs, outputs, around)
        for number, raw in enumerate(order.raw.rows, 1)
    )
    _note_events(desk, order, around)
    _check_periods(desk, order, inputs, rows)
    _note_inference(desk, order, inputs, question)
    table = DecisionTable(
        name=order.name,
        line=order.line,
        question=order.question,
        hit=hit,
        inputs=inputs,
        outputs=outputs,
        rows=rows,
        ranks=_ranks(desk, order, outputs, rows) if hit is Hit.HIGHEST else (),
        required=question.required if question else hit is not Hit.COLLECT,
        broken=broken,
    )
    _publish(desk, table)
    return table


def _publish(desk: Desk, table: DecisionTable) -> None:
    """Outcomes of this table may be inputs below. A collect table has no single outcome."""
    if table.hit is Hit.COLLECT:
        return
    for place, output in enumerate(table.outputs):
        spec = as_fact(output, [row.outcomes[place] for row in table.rows])
        if spec:
            desk.earlier[output.label] = (output, spec)


# --- columns --------------------------------------------------------------------------------------------


def _inputs(desk: Desk, order: Order, header: Header, question: Question | None) -> tuple[Input, ...]:
    found = []
    for index, cell, label in header.inputs:
        if role_of(label) in _IGNORED and not (question and question.fact(label)):
            continue
        if not label:
            continue
        spec = resolve(desk, label, question)
        if spec is None:
            assert question is not None
            desk.wrong(cell, order.name, no_fact(question, label))
            continue
        check_size(desk, spec, cell, order.name)
        found.append(Input(label, cell.line, cell.column, index, spec))
    return tuple(found)


def _outputs(desk: Desk, order: Order, header: Header, question: Question | None) -> tuple[Output, ...]:
    found = []
    for index, cell, label in header.outputs:
        if question is None:
            found.append(_guess_output(desk, order, index, cell, label))
            continue
        field = question.outcome_field(label)
        if field is None:
            near = nearest(label, (o.zh for o in question.outcome))
            names = "，只有：" + "、".join(o.zh for o in question.outcome)
            desk.wrong(cell, order.name, f"问题 {question.name} 没有结论“{label}”{near or names}")
            continue
        found.append(_declared_output(desk, order, index, cell, field))
    if question:
        for field in question.outcome:
            if not field.optional and not any(output.field == field.name for output in found):
                desk.error(order.line, 0, order.name, f"缺少结论列“→ {field.zh}”")
    elif not header.outputs:
        desk.error(order.line, 0, order.name, "缺少结论列：表头要有一列以“→”开头")
    return tuple(found)


def _declared_output(desk: Desk, order: Order, index: int, cell: Cell, field: Outcome) -> Output:
    """The column of a declared outcome. A list that the manual lacks is made up from its cells, without ranks."""
    shape = field.shape
    words = output_words(desk, shape)
    output = Output(
        normal(field.zh), cell.line, cell.column, index, shape.kind, shape.vocabulary, words, field.name
    )
    if words or not shape.vocabulary:
        return output
    texts = [quotes(normal(row.cells[index].text)) for row in order.raw.rows]
    parts = [part for text in texts if text not in ANY for part in split_items(text)]
    names = dict.fromkeys(unquoted(part) for part in parts)
    made_up = tuple(Word(name, name, "", rank) for rank, name in enumerate(names))
    return replace(output, vocabulary=None, words=made_up, inferred=True)


def _guess_output(desk: Desk, order: Order, index: int, cell: Cell, label: str) -> Output:
    texts = [quotes(normal(row.cells[index].text)) for row in order.raw.rows]
    filled = [text for text in texts if text not in ANY]
    said = Mention()
    for text in filled:
        said.words += split_items(text)
    spec = infer(label, said, desk.lists, {})
    vocabulary, words = (spec.vocabulary, spec.words) if spec.vocabulary else (None, ())
    # what a table further down or an example asks like a set is one here too
    asked = desk.mentions.get(label, Mention())
    kind = _guess_kind(desk, filled, words, is_set=is_set(asked, words))
    if kind not in (OutcomeKind.CHOICE, OutcomeKind.MULTI):
        vocabulary, words = None, ()
    return Output(label, cell.line, cell.column, index, kind, vocabulary, words, inferred=True)


def _guess_kind(desk: Desk, filled: list[str], words: tuple[Word, ...], *, is_set: bool) -> OutcomeKind:
    if words:
        several = is_set or any(len(split_items(text)) > 1 for text in filled)
        return OutcomeKind.MULTI if several else OutcomeKind.CHOICE
    if not filled:
        return OutcomeKind.TEXT
    if all(values.yes_no(text) is not None for text in filled):
        return OutcomeKind.BOOL
    if all(_is_figure(desk, text) for text in filled):
        return OutcomeKind.NUMBER
    if all(INTERVAL.fullmatch(text) or OPERATOR.fullmatch(text) for text in filled):
        return OutcomeKind.BOUND
    around = _phrase_names(desk)
    return OutcomeKind.DUE if all(_is_due(text, around) for text in filled) else OutcomeKind.TEXT


def _is_figure(desk: Desk, text: str) -> bool:
    if text.startswith("=") or values.figure(text) is not None:
        return True
    param = desk.params.get(text)
    return param is not None and values.figure(param.text) is not None


def _is_due(text: str, around: Surroundings) -> bool:
    try:
        read_due(text, around)
    except CellError:
        return False
    return True


# --- rows -----------------------------------------------------------------------------------------------


def _row(
    desk: Desk,
    order: Order,
    header: Header,
    raw: RawRow,
    number: int,
    inputs: tuple[Input, ...],
    outputs: tuple[Output, ...],
    around: Surroundings,
) -> DecisionRow:
    tests = tuple(_test_cell(desk, order, raw.cells[column.index], column) for column in inputs)
    outcomes = tuple(
        _outcome_cell(desk, order, raw.cells[column.index], column, around) for column in outputs
    )
    note = cell_at(raw, header, "note")
    note_text = note.text if note else ""
    unread = any(cell.test is None for cell in tests) or any(cell.value is None for cell in outcomes)
    return DecisionRow(
        number=number,
        line=raw.line,
        tests=tests,
        outcomes=outcomes,
        clause=desk.clause(cell_at(raw, header, "clause"), raw.line, order.name, due=raw.sound),
        note=note_text,
        otherwise=normal(note_text).lower().startswith(OTHERWISE),
        broken=unread or not raw.sound,
        text=raw.text,
    )


def _test_cell(desk: Desk, order: Order, cell: Cell, column: Input) -> TestCell:
    test: Test | None = None
    try:
        test = read_test(cell.text, column.fact, desk.params)
    except CellError as problem:
        desk.wrong(cell, order.name, str(problem))
    return TestCell(cell.text, cell.line, cell.column, test)


def _outcome_cell(desk: Desk, order: Order, cell: Cell, column: Output, around: Surroundings) -> OutcomeCell:
    try:
        if normal(cell.text).startswith("="):
            around.names = formula_names(desk, cell, order.name)
        value = read_outcome(cell.text, column, around)
        if isinstance(value, Computed):
            kind_in_formula(desk, value.formula)
        if isinstance(value, Literal) and value.param and value.value is None:
            message = f"参数“{value.param}”未定，这一行的结论是空的"
            desk.report(Level.WARNING, cell.line, cell.column, order.name, message)
    except CellError as problem:
        desk.wrong(cell, order.name, str(problem))
        return OutcomeCell(cell.text, cell.line, cell.column, None)
    return OutcomeCell(cell.text, cell.line, cell.column, value)


def _phrase_names(desk: Desk) -> Surroundings:
    """Stages of the manual, events of its questions and its date facts may start a deadline."""
    events = [*desk.stage_names, *RECEIPT]
    for question in desk.answered:
        events += question.events
    dates = [name for name, spec in desk.facts.items() if spec.kind in (Kind.DATE, Kind.UNTIL)]
    dates += [fact.label for fact in desk.front.facts.values() if fact.kind in (Kind.DATE, Kind.UNTIL)]
    dates += [f.zh for q in desk.answered for f in q.facts if f.type.kind in (Kind.DATE, Kind.UNTIL)]
    return Surroundings(desk.params, {}, events, dates, desk.loose)


# The beginning of a case may be named by any manual.
RECEIPT = ("受理", "receipt")


def surroundings(desk: Desk, cell: Cell, table: str) -> Surroundings:
    around = _phrase_names(desk)
    around.names = desk.names()
    return around


def _note_events(desk: Desk, order: Order, around: Surroundings) -> None:
    for event in sorted(around.undeclared):
        message = f"起算事项“{event}”没有声明，按字面当作事项"
        desk.report(Level.INFO, order.line, 0, order.name, message)


# --- the table as a whole -------------------------------------------------------------------------------


def _ranks(
    desk: Desk, order: Order, outputs: tuple[Output, ...], rows: tuple[DecisionRow, ...]
) -> tuple[int, ...]:
    """Rank of each row by its first outcome; rows without one are errors and stand last."""
    if not outputs:
        return ()
    first = outputs[0]
    if not first.words or first.kind is not OutcomeKind.CHOICE or (first.inferred and not first.vocabulary):
        message = f"命中=最高 要有第一个结论“{first.label}”的清单，排在前面的级别高"
        desk.error(order.line, order.column, order.name, message)
        return tuple(0 for _ in rows)
    by_code = {word.code: word.rank for word in first.words}
    ranks = []
    for row in rows:
        value = row.outcomes[0].value
        if isinstance(value, Chosen):
            ranks.append(by_code[value.code])
            continue
        ranks.append(len(by_code))
        if value is not None:
            cell = row.outcomes[0]
            desk.error(cell.line, cell.column, order.name, f"命中=最高 时每一行都要有“{first.label}”")
    return tuple(ranks)


def _check_periods(
    desk: Desk, order: Order, inputs: tuple[Input, ...], rows: tuple[DecisionRow, ...]
) -> None:
    """A column of distances must not mix periods that have no order (30 days and 1 month)."""
    for place, column in enumerate(inputs):
        if column.fact.kind is not Kind.UNTIL:
            continue
        seen: list[Operand] = []
        for row in rows:
            cell = row.tests[place]
            for operand in operands(cell.test):
                clash = next((other for other in seen if _clash(operand, other)), None)
                if clash:
                    message = (
                        f"“{column.label}”里的 {clash.text} 与 {operand.text} 分不出长短，请用同一种单位"
                    )
                    desk.error(cell.line, cell.column, order.name, message)
                    return
                seen.append(operand)


def _clash(left: Operand, right: Operand) -> bool:
    if not isinstance(left.value, Amount) or not isinstance(right.value, Amount):
        return False
    return left.value.measure != right.value.measure and values.precedes(left.value, right.value) is None


def operands(test: Test | None) -> list[Operand]:
    """Every value that a test of single values names."""
    found: list[Operand] = []
    if isinstance(test, (OneOf, Not)):
        for item in test.items:
            if isinstance(item, Compare):
                found.append(item.operand)
            elif isinstance(item, Interval):
                found += [item.low, item.high]
    return found


def _note_inference(desk: Desk, order: Order, inputs: tuple[Input, ...], question: Question | None) -> None:
    guessed = [column.fact for column in inputs if column.fact.inferred]
    if question or not guessed:
        return
    about = f"本机没有问题 {order.question}" if order.question else "没有写“回答=”"
    near = nearest(order.question, desk.questions) if order.question else ""
    types = "、".join(f"{f.key} {f.kind}{f'({f.vocabulary})' if f.vocabulary else ''}" for f in guessed)
    message = f"{about}{near.rstrip('？')}，事实的类型由单元格推断：{types}"
    desk.report(Level.INFO, order.line, 0, order.name, message)
