"""Formulas worked out in Decimal. Unknown in, unknown out; division by zero is unknown."""

from collections.abc import Callable, Sized
from decimal import ROUND_FLOOR, ROUND_HALF_UP, Context, Decimal, DecimalException, localcontext

from zhike.kernel.policy.manual.formula import COMPARISONS, Binary, Call, Neg, Node, Num, Ref

Value = Decimal | bool | None
Look = Callable[[Ref], object]

_CONTEXT = Context(prec=40, rounding=ROUND_HALF_UP)


def work_out(node: Node, look: Look) -> Value:
    """The value of a formula; `look` gives figures (Decimal, int), sets for `count`, None for unknown."""
    with localcontext(_CONTEXT):
        try:
            return _value(node, look)
        except DecimalException:
            return None


def _value(node: Node, look: Look) -> Value:
    match node:
        case Num(value):
            return value
        case Ref():
            return _figure(look(node))
        case Neg(of):
            inner = _value(of, look)
            return None if inner is None else -Decimal(inner)
        case Call("count", (Ref() as ref,)):
            found = look(ref)
            if isinstance(found, int):
                return Decimal(found.bit_count())
            return Decimal(len(found)) if isinstance(found, Sized) else Decimal(0)
        case Call(function, args):
            values = [_value(arg, look) for arg in args]
            known = [Decimal(value) for value in values if value is not None]
            return _call(function, known) if len(known) == len(values) else None
        case Binary(op, left, right):
            low, high = _value(left, look), _value(right, look)
            return None if low is None or high is None else _binary(op, Decimal(low), Decimal(high))


def _figure(value: object) -> Decimal | None:
    if value is None or isinstance(value, Decimal):
        return value
    return Decimal(value) if isinstance(value, int) else Decimal(str(value))


def _call(function: str, args: list[Decimal]) -> Decimal:
    match function:
        case "min":
            return min(args)
        case "max":
            return max(args)
        case "abs":
            return abs(args[0])
        case "floor":
            return args[0].to_integral_value(ROUND_FLOOR)
        case _:
            places = int(args[1]) if len(args) > 1 else 0
            return args[0].quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)


def _binary(op: str, left: Decimal, right: Decimal) -> Decimal | bool:
    if op in COMPARISONS:
        return _compare(op, left, right)
    match op:
        case "+":
            return left + right
        case "-":
            return left - right
        case "*":
            return left * right
        case _:
            return left / right


def _compare(op: str, left: Decimal, right: Decimal) -> bool:
    match op:
        case ">":
            return left > right
        case ">=":
            return left >= right
        case "<":
            return left < right
        case "<=":
            return left <= right
        case "=":
            return left == right
        case _:
            return left != right
