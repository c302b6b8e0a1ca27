"""Outcome cells: what makes two of them the same, and how they read with parameters filled in."""

from collections.abc import Hashable, Mapping

from zhike.kernel.policy.manual.formula import Binary, Call, Neg, Node, Num, Ref
from zhike.kernel.policy.manual.model import (
    Bound,
    Chosen,
    Compare,
    Computed,
    Due,
    Interval,
    Item,
    Literal,
    Not,
    NoValue,
    OneOf,
    OutcomeCell,
    Output,
    Param,
    Several,
    Test,
)

from .figures import figure

Params = Mapping[str, Param]
NOTHING = "-"
UNSET = "未定"


def outcome_key(cell: OutcomeCell, params: Params) -> Hashable:
    """Equal for outcomes that a case cannot tell apart: names, wording and the way to a figure do not count.

    A word of a list equals the same word as plain text.
    """
    match cell.value:
        case None:
            return ("unreadable", cell.text)
        case NoValue():
            return NOTHING
        case Literal(value):
            return ("value", value)
        case Chosen(code):
            return ("value", code)
        case Several(codes):
            return ("value", codes[0]) if len(codes) == 1 else ("values", codes)
        case Computed(formula):
            return ("formula", formula_text(formula, params))
        case Due(_, phrase):
            named = params.get(phrase.parameter or "")
            limit = named.value if named else phrase.limit or phrase.parameter
            return ("due", phrase.event, limit, phrase.recurrence)
        case Bound(test):
            return ("bound", key_of_test(test))


def outcome_text(cell: OutcomeCell, output: Output, params: Params) -> str:
    """The outcome as a reader sees it, parameters by their values."""
    match cell.value:
        case NoValue():
            return NOTHING
        case Literal(_, str(name)) if name in params:
            return param_text(params[name])
        case Chosen(_, name):
            return name
        case Several(codes):
            names = {word.code: word.name for word in output.words}
            return "、".join(names.get(code, code) for code in codes)
        case Computed(formula):
            return f"= {formula_text(formula, params)}"
        case Due() as due:
            return due_text(due, params)
        case _:
            return cell.text


def due_text(due: Due, params: Params) -> str:
    """A time phrase with its parameter filled in."""
    named = params.get(due.phrase.parameter or "")
    return due.text.replace(named.name, param_text(named)) if named else due.text


def param_text(param: Param) -> str:
    """As written in the manual, or by the unit that set another value."""
    return UNSET if param.value is None else param.text


def formula_text(node: Node, params: Params, tight: bool = False) -> str:
    """`tight` puts a sum or difference in brackets."""
    match node:
        case Num(value):
            return figure(value)
        case Ref(name, param):
            return param_text(params[name]) if param and name in params else name
        case Neg(of):
            return f"-{formula_text(of, params, True)}"
        case Binary(op, left, right):
            inner = op in "*/"
            text = (
                f"{formula_text(left, params, inner)} {op} {formula_text(right, params, inner or op == '-')}"
            )
            return f"({text})" if tight else text
        case Call(function, args):
            return f"{function}({', '.join(formula_text(arg, params) for arg in args)})"


def key_of_test(test: Test) -> Hashable:
    """A test by its values alone."""
    match test:
        case OneOf(items) | Not(items):
            return (type(test).__name__, frozenset(_item_key(item) for item in items))
        case _:
            return type(test).__name__


def _item_key(item: Item) -> Hashable:
    match item:
        case Compare(op, operand):
            return (op, operand.value)
        case Interval(low, high, low_closed, high_closed):
            return (low.value, high.value, low_closed, high_closed)
        case _:
            return "unknown"
