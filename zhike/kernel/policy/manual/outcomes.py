"""Outcome cells and deadlines: text to values."""

import re
from collections.abc import Collection
from dataclasses import dataclass, field

from zhike.kernel.worktime.phrases import Phrase, PhraseError, parse_phrase

from . import values
from .cells import ANY, UNKNOWN, CellError, Params, find_word, only, read_test
from .formula import is_comparison
from .formulas import Names, read_formula
from .model import (
    Amount,
    Bound,
    Chosen,
    Computed,
    Due,
    FactSpec,
    Kind,
    Literal,
    NoValue,
    OutcomeKind,
    OutcomeValue,
    Output,
    Param,
    Several,
)
from .text import nearest, normal, quotes, split_items, unquoted


@dataclass(slots=True)
class Surroundings:
    """What an outcome cell may name. `loose` accepts events that nobody declared and notes them in `undeclared`."""

    params: Params
    names: Names
    events: Collection[str]
    date_facts: Collection[str]
    loose: bool = False
    undeclared: set[str] = field(default_factory=set)


def read_outcome(text: str, output: Output, around: Surroundings) -> OutcomeValue:
    """The value of an outcome cell. Raises CellError."""
    clean = quotes(normal(text))
    if clean in ANY:
        return NoValue()
    match output.kind:
        case OutcomeKind.CHOICE:
            return _choice(clean, output, around.params)
        case OutcomeKind.MULTI:
            return _several(clean, output)
        case OutcomeKind.DUE:
            return read_due(text, around)
        case OutcomeKind.BOUND:
            return _bound(clean, output, around.params)
        case _:
            return _value(clean, text, output, around)


def _value(clean: str, text: str, output: Output, around: Surroundings) -> OutcomeValue:
    if clean.startswith("="):
        return _computed(clean, output, around.names)
    param = around.params.get(unquoted(clean))
    if param is not None:
        return _from_param(param, output)
    if output.kind is OutcomeKind.TEXT:
        return Literal(unquoted(text.strip()))
    if output.kind is OutcomeKind.BOOL:
        answer = values.yes_no(clean)
        if answer is None:
            raise CellError(f"结论“{output.label}”只能是“是”或“否”，不能是“{clean}”")
        return Literal(answer)
    if found := values.separator_in(clean):
        raise CellError(f"数值里不能有千位分隔符：“{found}”")
    figure = values.figure(clean)
    if figure is None:
        near = nearest(clean, around.params)
        raise CellError(f"结论“{output.label}”：“{clean}”不是数值，也不是已声明的参数{near}")
    return Literal(figure)


def _computed(clean: str, output: Output, names: Names) -> Computed:
    formula = read_formula(clean, names)
    if is_comparison(formula) and output.kind is OutcomeKind.NUMBER:
        raise CellError(f"结论“{output.label}”要一个数值，这个算式给出的是“是”或“否”")
    return Computed(formula)


def _from_param(param: Param, output: Output) -> Literal:
    if output.kind is OutcomeKind.NUMBER and param.value is not None and values.figure(param.text) is None:
        raise CellError(f"结论“{output.label}”：参数“{param.name}”的值“{param.text}”不是数值")
    if output.kind is OutcomeKind.NUMBER and param.value is not None:
        return Literal(values.figure(param.text), param.name)
    return Literal(param.value, param.name)


def _choice(clean: str, output: Output, params: Params) -> Chosen:
    word = find_word(clean, output.words)
    param = params.get(clean)
    if word is None and param and isinstance(param.value, str):
        word = find_word(param.value, output.words)
    if word is None:
        raise CellError(_no_such_outcome(output, clean))
    return Chosen(word.code, word.name)


def _no_such_outcome(output: Output, clean: str) -> str:
    near = nearest(clean, (word.name for word in output.words))
    return f"结论“{output.label}”没有取值“{clean}”{near or only(output.words)}"


def _several(clean: str, output: Output) -> Several:
    codes = []
    for part in split_items(clean):
        word = find_word(part, output.words)
        if word is None and output.words:
            raise CellError(_no_such_outcome(output, part))
        codes.append(word.code if word else unquoted(part))
    return Several(tuple(codes))


def _bound(clean: str, output: Output, params: Params) -> Bound:
    if clean in UNKNOWN:
        raise CellError(f"结论“{output.label}”是范围，不能是“未知”")
    kind = Kind.AMOUNT if re.search("[天周月年日时]", clean) else Kind.NUMBER
    return Bound(read_test(clean, FactSpec(output.label, kind), params))


# --- deadlines ------------------------------------------------------------------------------------------

_AFTER = re.compile(r"(?P<event>[^\s0-9,、]{1,20}?)(?:之后|以后|后|起)(?P<rest>.+)")


def read_due(text: str, around: Surroundings) -> Due:
    """A time phrase. Raises CellError."""
    written = text.strip()
    amounts = [p.name for p in around.params.values() if p.value is None or isinstance(p.value, Amount)]
    events, facts = set(around.events), set(around.date_facts)
    try:
        return Due(written, parse_phrase(written, events=events, facts=facts, parameters=amounts))
    except PhraseError as refusal:
        event = _undeclared_event(written, around)
        if event:
            phrase = _with_event(written, event, around, amounts)
            if phrase:
                return Due(written, phrase)
        raise CellError(str(refusal)) from refusal


def _undeclared_event(text: str, around: Surroundings) -> str | None:
    """The word that stands where an event stands, if the manual may name events freely and it is no typing error."""
    match = _AFTER.fullmatch(normal(text))
    if not around.loose or not match or nearest(match["event"], [*around.events, *around.date_facts]):
        return None
    return match["event"]


def _with_event(text: str, event: str, around: Surroundings, amounts: list[str]) -> Phrase | None:
    try:
        phrase = parse_phrase(
            text, events={*around.events, event}, facts=around.date_facts, parameters=amounts
        )
    except PhraseError:
        return None
    around.undeclared.add(event)
    return phrase
