"""Which fact a label means: a derived one, an earlier outcome, one of the question, of `facts:`, or inferred."""

from dataclasses import replace

from zhike.kernel.policy.questions import Fact, OutcomeType, Question

from .cells import CellError, only
from .desk import Desk, Order, read_header
from .formula import Call, Node, Ref, references
from .formulas import Names, free_names
from .front import DeclaredFact
from .infer import Mention, infer, shape
from .model import (
    Cell,
    FactSpec,
    Kind,
    Level,
    ListTable,
    NoValue,
    Origin,
    OutcomeCell,
    OutcomeKind,
    Output,
    Word,
)
from .text import ARROW, nearest, normal

MOST_TAGS = 63


def collect_mentions(desk: Desk, orders: list[Order]) -> None:
    """Note all that the cells of decisions and examples say of each input label, before any is read."""
    for order in orders:
        if order.kind not in ("decision", "examples"):
            continue
        header = read_header(_silent(desk), order)
        for index, _, label in header.inputs:
            if not label:
                continue
            said = desk.mentions.setdefault(label, Mention())
            for row in order.raw.rows:
                text = row.cells[index].text
                if order.kind == "decision":
                    said.test(text)
                else:
                    said.example(text)

    formulas = [normal(text) for order in orders for text in _formulas(desk, order)]
    for label, said in desk.mentions.items():
        said.figured = any(label in text for text in formulas)


def _formulas(desk: Desk, order: Order) -> list[str]:
    """The formulas of a table, as written."""
    header = read_header(_silent(desk), order)
    if order.kind == "derive" and "formula" in header.at:
        return [row.cells[header.at["formula"]].text for row in order.raw.rows]
    if order.kind != "decision":
        return []
    texts = [row.cells[index].text for index, _, _ in header.outputs for row in order.raw.rows]
    return [text for text in texts if normal(text).startswith("=")]


def _silent(desk: Desk) -> Desk:
    return replace(desk, findings=[])


def resolve(desk: Desk, label: str, question: Question | None) -> FactSpec | None:
    """The fact that a column label means; None when there is none. May add to `desk.facts`."""
    if label in desk.derived_specs:
        return desk.derived_specs[label]
    if label in desk.earlier:
        return desk.earlier[label][1]
    fact = question.fact(label) if question else None
    if fact:
        spec = _declared_in_code(desk, fact)
    elif question is not None and label not in desk.front.facts:
        return None
    elif label in desk.front.facts:
        spec = _declared_in_file(desk, desk.front.facts[label])
    else:
        spec = infer(label, desk.mentions.get(label, Mention()), desk.lists, desk.params)
    desk.facts[spec.key] = spec
    return spec


def check_size(desk: Desk, spec: FactSpec, cell: Cell, table: str) -> None:
    if spec.kind is Kind.TAGS and len(spec.words) > MOST_TAGS:
        desk.wrong(cell, table, f"“{spec.key}”的清单有 {len(spec.words)} 项，作集合最多 {MOST_TAGS} 项")


def _declared_in_code(desk: Desk, fact: Fact) -> FactSpec:
    """The type that an application declares. A list that the manual lacks is made up from its cells."""
    label, kind = normal(fact.zh), fact.type.kind
    said = desk.mentions.get(label, Mention())
    name = normal(fact.type.vocabulary or "")
    spec = FactSpec(
        key=label,
        kind=kind,
        vocabulary=name or None,
        words=fact.type.words,
        minimum=fact.type.minimum,
        optional=fact.optional and kind is not Kind.TAGS,
    )
    if name in desk.lists:
        return replace(spec, words=desk.lists[name].words)
    if kind not in (Kind.ENUM, Kind.TAGS) or spec.words:
        return spec
    guessed = infer(label, said, desk.lists, desk.params)
    table = desk.lists.get(guessed.vocabulary or "")
    gathered = shape(label, kind, said, vocabulary=table)
    return replace(gathered, optional=spec.optional)


def _declared_in_file(desk: Desk, fact: DeclaredFact) -> FactSpec:
    said = desk.mentions.get(fact.label, Mention())
    table: ListTable | None = None
    if fact.kind in (Kind.ENUM, Kind.TAGS):
        table = desk.lists.get(normal(fact.vocabulary or fact.label))
        if table is None and fact.vocabulary:
            message = f"事实“{fact.label}”：没有清单“{fact.vocabulary}”{nearest(fact.vocabulary, desk.lists)}"
            desk.error(fact.line, 0, "", message)
    guessed = infer(fact.label, said, desk.lists, desk.params) if table is None else None
    if guessed and guessed.vocabulary and fact.kind in (Kind.ENUM, Kind.TAGS):
        table = desk.lists[guessed.vocabulary]
    spec = shape(fact.label, fact.kind, said, vocabulary=table, inferred=False)
    return replace(spec, optional=(spec.optional or fact.optional) and fact.kind is not Kind.TAGS)


def missing_lists(desk: Desk, question: Question, order: Order) -> None:
    """Say which lists the question's types name and the manual lacks, as far as the table uses them."""
    used = {normal(ARROW.sub("", normal(label))) for label in read_header(_silent(desk), order).labels}
    fields = [(fact.zh, fact.en, fact.type.vocabulary) for fact in question.facts]
    fields += [(field.zh, field.en, field.shape.vocabulary) for field in question.outcome]
    for zh, en, name in fields:
        if name and normal(name) not in desk.lists and {normal(zh), normal(en)} & used:
            message = f"没有清单“{name}”，“{zh}”的取值按单元格"
            desk.report(Level.INFO, order.line, 0, order.name, message)


def output_words(desk: Desk, shape_of: OutcomeType) -> tuple[Word, ...]:
    if shape_of.vocabulary:
        table = desk.lists.get(normal(shape_of.vocabulary))
        return table.words if table else ()
    return shape_of.words


# --- earlier outcomes -----------------------------------------------------------------------------------


def as_fact(output: Output, cells: list[OutcomeCell]) -> FactSpec | None:
    """An outcome as the input of a table further down; None for deadlines and bounds."""
    kinds = {
        OutcomeKind.CHOICE: Kind.ENUM,
        OutcomeKind.TEXT: Kind.ENUM,
        OutcomeKind.NUMBER: Kind.NUMBER,
        OutcomeKind.BOOL: Kind.BOOL,
        OutcomeKind.MULTI: Kind.TAGS,
    }
    kind = kinds.get(output.kind)
    if kind is None:
        return None
    words = output.words
    if not words and kind in (Kind.ENUM, Kind.TAGS):
        texts = dict.fromkeys(normal(cell.text) for cell in cells if not isinstance(cell.value, NoValue))
        words = tuple(Word(text, text, "", rank) for rank, text in enumerate(texts))
    empty = any(isinstance(cell.value, NoValue) for cell in cells)
    return FactSpec(
        key=output.label,
        kind=kind,
        vocabulary=output.vocabulary,
        words=words,
        optional=empty and kind is not Kind.TAGS,
        origin=Origin.EARLIER,
    )


# --- formulas -------------------------------------------------------------------------------------------


def formula_names(desk: Desk, cell: Cell, table: str) -> Names:
    """Names a formula may use. In a manual of an unknown trade, further words become figures to be given."""
    for label in desk.front.facts:
        if label not in desk.facts:
            resolve(desk, label, None)
    for question in desk.answered:
        for fact in question.facts:
            desk.facts.setdefault(normal(fact.zh), _declared_in_code(desk, fact))
    names = desk.names()
    if not desk.loose:
        return names
    for word in free_names(cell.text, {**names, **{label: Ref(label) for label in desk.mentions}}):
        if not nearest(word, names):
            desk.facts[word] = FactSpec(word, Kind.NUMBER, inferred=True)
            message = f"事实“{word}”没有声明，按算式当作 number"
            desk.report(Level.INFO, cell.line, cell.column, table, message)
    for label in desk.mentions:
        if label not in desk.facts and label not in desk.earlier and label not in desk.derived_specs:
            names.setdefault(label, Ref(label))
    return names | desk.names()


def kind_in_formula(desk: Desk, node: Node) -> None:
    """Refuse words, dates and sets where a figure is due. Raises CellError."""
    counted = _counted(node)
    for ref in references(node):
        if ref.param:
            param = desk.params[ref.name]
            if isinstance(param.value, (str, bool)):
                raise CellError(f"参数“{ref.name}”的值“{param.text}”不是数值，不能放进算式")
            continue
        spec = desk.facts.get(ref.name) or desk.derived_specs.get(ref.name)
        if spec is None and ref.name in desk.earlier:
            spec = desk.earlier[ref.name][1]
        if spec is None:
            spec = resolve(desk, ref.name, None)
        if spec and ref in counted and spec.kind is not Kind.TAGS:
            raise CellError(f"count 里要写一个集合，“{ref.name}”不是")
        if spec and ref not in counted and not spec.kind.is_figure:
            raise CellError(f"“{ref.name}”不是数值，不能放进算式")


def _counted(node: Node) -> set[Ref]:
    match node:
        case Call("count", (Ref() as ref,)):
            return {ref}
        case Call(_, args):
            return {ref for arg in args for ref in _counted(arg)}
        case _:
            found: set[Ref] = set()
            for part in (
                getattr(node, "left", None),
                getattr(node, "right", None),
                getattr(node, "of", None),
            ):
                if part is not None:
                    found |= _counted(part)
            return found


def no_fact(question: Question, label: str) -> str:
    """`问题 complaint.penalty 没有事实“人次”，只有：过失、次数`, with the nearest label if one is near."""
    words = tuple(Word(fact.zh, fact.zh, "", 0) for fact in question.facts)
    return f"问题 {question.name} 没有事实“{label}”{nearest(label, (f.zh for f in question.facts)) or only(words)}"
