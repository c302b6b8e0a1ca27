"""Formulas of derived facts and of outcome cells: a closed syntax tree, never a program.

This module holds the tree only; `formulas.py` reads text into it, `evaluate.formulas` works it out in Decimal.
"""

from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class Num:
    """A figure as written; `60%` is Decimal("0.6")."""

    value: Decimal


@dataclass(frozen=True, slots=True)
class Ref:
    """A fact, derived fact or earlier outcome (`param` false) or a parameter (`param` true)."""

    name: str
    param: bool = False


@dataclass(frozen=True, slots=True)
class Neg:
    of: "Node"


@dataclass(frozen=True, slots=True)
class Binary:
    """`op` is one of + - * / and, giving a yes or no, > >= < <= = !=."""

    op: str
    left: "Node"
    right: "Node"


@dataclass(frozen=True, slots=True)
class Call:
    """`function` is one of FUNCTIONS."""

    function: str
    args: tuple["Node", ...]


Node = Num | Ref | Neg | Binary | Call

FUNCTIONS = ("min", "max", "round", "floor", "abs", "count")
COMPARISONS = (">", ">=", "<", "<=", "=", "!=")


def references(node: Node) -> tuple[Ref, ...]:
    """Every name the formula reads, in reading order, repeats included."""
    match node:
        case Ref():
            return (node,)
        case Neg(of):
            return references(of)
        case Binary(_, left, right):
            return references(left) + references(right)
        case Call(_, args):
            return tuple(ref for arg in args for ref in references(arg))
        case _:
            return ()


def is_comparison(node: Node) -> bool:
    """Whether the formula gives a yes or no instead of a figure."""
    return isinstance(node, Binary) and node.op in COMPARISONS
