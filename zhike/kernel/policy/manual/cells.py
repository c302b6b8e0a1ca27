"""Input cells: text to tests. Everything that is not understood is refused with one Chinese sentence."""

import re
from collections.abc import Mapping
from decimal import Decimal

from . import values
from .model import (
    AnyTest,
    Compare,
    FactSpec,
    HasAllTags,
    HasNoTags,
    HasTags,
    Interval,
    Item,
    Kind,
    Not,
    OneOf,
    Operand,
    Param,
    Scalar,
    TagsEmpty,
    TagsPresent,
    Test,
    UnknownTest,
    Word,
)
from .text import nearest, normal, quotes, split_items, unquoted

ANY = {"", "-"}
UNKNOWN = {"未知", "unknown"}
PRESENT = {"有", "some"}
EMPTY = {"无", "none"}
NEGATION = re.compile(r"(?:not|非)\s*\((.*)\)", re.IGNORECASE)
ALL_OF = re.compile(r"(?:all|全有)\s*\((.*)\)", re.IGNORECASE)
INTERVAL = re.compile(r"([\[(])((?:[^.]|\.(?!\.))+)\.{2,}([^.].*)([\])])")
OPERATOR = re.compile(r"(>=|<=|!=|>|<|=)\s*(.*)")

Params = Mapping[str, Param]


class CellError(ValueError):
    """A cell that cannot be read; the message is for the author of the manual."""


def only(words: tuple[Word, ...], most: int = 12) -> str:
    """`，只有：甲、乙` - the whole vocabulary, or its beginning."""
    names = "、".join(word.name for word in words[:most])
    return f"，只有：{names}{'…' if len(words) > most else ''}" if words else ""


def read_test(text: str, fact: FactSpec, params: Params) -> Test:
    """The test of a cell. Raises CellError."""
    clean = quotes(normal(text))
    if clean in ANY:
        return AnyTest()
    if fact.kind.is_figure and (found := values.separator_in(clean)):
        raise CellError(f"数值里不能有千位分隔符：“{found}”；几个数值之间用“、”")
    if fact.kind is Kind.TAGS:
        return _tag_test(clean, fact)
    if match := NEGATION.fullmatch(clean):
        return Not(tuple(_item(part, fact, params) for part in split_items(match[1])))
    if ALL_OF.fullmatch(clean) and not _is_word(clean, fact):
        raise CellError(f"“{fact.key}”不是集合，不能用“全有”")
    return OneOf(tuple(_item(part, fact, params) for part in split_items(clean)))


def _is_word(text: str, fact: FactSpec) -> bool:
    return any(text in (word.name, word.code) for word in fact.words)


def find_word(text: str, words: tuple[Word, ...]) -> Word | None:
    """The word with this name, else with this code."""
    wanted = normal(unquoted(text))
    by_name = next((word for word in words if word.name == wanted), None)
    return by_name or next((word for word in words if normal(word.code) == wanted), None)


# --- sets -----------------------------------------------------------------------------------------------


def _tag_test(clean: str, fact: FactSpec) -> Test:
    if not _is_word(clean, fact):
        if clean in PRESENT:
            return TagsPresent()
        if clean in EMPTY:
            return TagsEmpty()
    if match := NEGATION.fullmatch(clean):
        return HasNoTags(_tag_codes(match[1], fact))
    if match := ALL_OF.fullmatch(clean):
        return HasAllTags(_tag_codes(match[1], fact))
    return HasTags(_tag_codes(clean, fact))


def _tag_codes(text: str, fact: FactSpec) -> tuple[str, ...]:
    return tuple(_tag_code(part, fact) for part in split_items(text))


def _tag_code(part: str, fact: FactSpec) -> str:
    word = find_word(part, fact.words)
    if word:
        return word.code
    if part in UNKNOWN:
        raise CellError(f"“{fact.key}”是集合，没有“未知”，只会为空：用“无”")
    if part in PRESENT | EMPTY:
        raise CellError(f"“{part}”只能单独写")
    if OPERATOR.match(part) or INTERVAL.fullmatch(part):
        raise CellError(f"“{fact.key}”不能比较大小")
    raise CellError(no_such_value(fact.key, part, fact.words))


# --- single values --------------------------------------------------------------------------------------


def _item(text: str, fact: FactSpec, params: Params) -> Item:
    if text in UNKNOWN and not _is_word(text, fact):
        return UnknownTest()
    if match := INTERVAL.fullmatch(text):
        return _interval(match, fact, params)
    if match := OPERATOR.fullmatch(text):
        op, rest = match[1], match[2]
        if op not in ("=", "!=") and not fact.kind.is_ordered:
            raise CellError(f"“{fact.key}”不能比较大小")
        return Compare(op, read_operand(rest, fact, params))
    return Compare("=", read_operand(text, fact, params))


def _interval(match: re.Match[str], fact: FactSpec, params: Params) -> Interval:
    if not fact.kind.is_ordered:
        raise CellError(f"“{fact.key}”不能比较大小")
    low = read_operand(match[2].strip(), fact, params)
    high = read_operand(match[3].strip(), fact, params)
    closed = (match[1] == "[", match[4] == "]")
    written = match[0]
    if values.precedes(high.value, low.value):
        raise CellError(f"区间上下限颠倒：{written}")
    if low.value == high.value and closed != (True, True):
        raise CellError(f"区间是空的：{written}")
    if values.precedes(low.value, high.value) is None and low.value != high.value:
        raise CellError(f"区间上下限不能比较：{written}")
    return Interval(low, high, *closed)


def read_operand(text: str, fact: FactSpec, params: Params) -> Operand:
    """One value of the fact's kind, or a parameter that has one. Raises CellError."""
    clean = unquoted(text)
    if not clean:
        raise CellError("这里缺一个值")
    if fact.kind in (Kind.ENUM, Kind.TEXT):
        return _word_operand(clean, fact, params)
    value = literal(clean, fact.kind)
    if value is not None:
        _check_whole(value, clean, fact)
        return Operand(value, text)
    param = params.get(normal(clean))
    if param is None:
        raise CellError(_not_a_value(clean, fact, params))
    return Operand(_param_value(param, fact), text, param.name)


def literal(text: str, kind: Kind) -> Scalar | None:
    """The value of a figure, date, period or yes/no of this kind, None if it is none."""
    match kind:
        case Kind.BOOL:
            return values.yes_no(text)
        case Kind.DATE:
            return values.day(text)
        case Kind.UNTIL:
            found = values.amount(text)
            return found if found and found.unit in values.CALENDAR_UNITS else None
        case Kind.AMOUNT:
            return values.amount(text)
        case _:
            return values.figure(text)


def _check_whole(value: Scalar, text: str, fact: FactSpec) -> None:
    if fact.kind is Kind.INT and isinstance(value, Decimal) and value != value.to_integral_value():
        raise CellError(f"“{fact.key}”是整数，不能是“{text}”")


def _param_value(param: Param, fact: FactSpec) -> Scalar:
    if param.value is None:
        raise CellError(f"参数“{param.name}”未定，不能用来比较")
    value = literal(param.text, fact.kind)
    if value is None:
        raise CellError(f"参数“{param.name}”的值“{param.text}”不能与“{fact.key}”比较")
    _check_whole(value, param.text, fact)
    return value


_SHOULD_BE = {
    Kind.BOOL: "不是“是”或“否”",
    Kind.DATE: "不是日期(如 2025-01-01)",
    Kind.UNTIL: "不是时间段(如 1周、3个月)",
    Kind.AMOUNT: "不是一段时间(如 3工作日)",
}


def _not_a_value(text: str, fact: FactSpec, params: Params) -> str:
    wrong = _SHOULD_BE.get(fact.kind, "不是数值")
    return f"“{text}”{wrong}，也不是已声明的参数{nearest(text, params)}"


def _word_operand(text: str, fact: FactSpec, params: Params) -> Operand:
    if fact.kind is Kind.TEXT:
        return Operand(normal(text), text)
    word = find_word(text, fact.words)
    if word:
        return Operand(word.code, text)
    param = params.get(normal(text))
    if param and isinstance(param.value, str) and (word := find_word(param.value, fact.words)):
        return Operand(word.code, text, param.name)
    raise CellError(no_such_value(fact.key, text, fact.words))


def no_such_value(label: str, text: str, words: tuple[Word, ...]) -> str:
    """`“情形”没有取值“变质食品”，是否指“变质过期食品”？`, or the vocabulary when nothing is near."""
    near = nearest(text, (word.name for word in words))
    return f"“{label}”没有取值“{text}”{near or only(words)}"
