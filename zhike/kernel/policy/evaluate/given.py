"""Values of facts as people and JSON give them, to values as tables test them."""

import datetime as dt
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from zhike.kernel.policy.manual import values
from zhike.kernel.policy.manual.cells import EMPTY, UNKNOWN, find_word, no_such_value
from zhike.kernel.policy.manual.model import Amount, FactSpec, Kind, Manual, shift
from zhike.kernel.policy.manual.text import nearest, normal, quotes, split_items


class BadFact(ValueError):
    """A fact that cannot be used; the message says which and why."""


def known_facts(manual: Manual) -> dict[str, FactSpec]:
    """Everything that may be given, by label: facts, derived facts and outcomes of earlier tables."""
    found = dict(manual.facts)
    for table in manual.decisions:
        for column in table.inputs:
            found.setdefault(column.fact.key, column.fact)
            found.setdefault(column.label, column.fact)
    for name, derived in manual.derived.items():
        found.setdefault(name, FactSpec(name, derived.kind))
    for question in manual.questions.values():
        for fact in question.facts:
            key = normal(fact.zh)
            if key in found and fact.en:
                found.setdefault(normal(fact.en), found[key])
    return found


def read_facts(manual: Manual, given: Mapping[str, Any], today: dt.date) -> dict[str, Any]:
    """Facts by label as `evaluate` wants them. Raises BadFact."""
    known = known_facts(manual)
    facts = {}
    for label, raw in given.items():
        spec = known.get(normal(label))
        if spec is None:
            raise BadFact(f"没有事实“{label}”{nearest(normal(label), known) or _labels(known)}")
        facts[spec.key] = read_value(spec, raw, today)
    return facts


def _labels(known: Mapping[str, FactSpec]) -> str:
    return f"，只有：{'、'.join(list(known)[:12])}" if known else ""


def read_value(spec: FactSpec, raw: Any, today: dt.date) -> Any:
    """One value; None, "" and 未知 are unknown (a set: empty). Raises BadFact."""
    if spec.kind is Kind.TAGS:
        return _tags(spec, raw)
    if raw is None or (isinstance(raw, str) and _is_unknown(spec, raw)):
        return None
    if isinstance(raw, list | dict | tuple | set):
        raise BadFact(f"事实“{spec.key}”要一个值，不能是一组值")
    if spec.kind.is_figure:
        return _figure(spec, raw)
    if spec.kind is Kind.BOOL:
        return _bool(spec, raw)
    if spec.kind in (Kind.DATE, Kind.UNTIL):
        return _date(spec, raw, today)
    if not isinstance(raw, str | int | float | Decimal):
        raise BadFact(f"事实“{spec.key}”要一个词，不能是 {raw!r}")
    text = normal(quotes(str(raw)))
    return text if spec.kind is Kind.TEXT else _word(spec, text)


def _is_unknown(spec: FactSpec, raw: str) -> bool:
    text = normal(raw).lower()
    return text == "" or (text in UNKNOWN and find_word(text, spec.words) is None)


def _figure(spec: FactSpec, raw: Any) -> Decimal:
    if isinstance(raw, bool):
        raise BadFact(f"事实“{spec.key}”要一个数值，不能是 {'是' if raw else '否'}")
    if isinstance(raw, str) and (found := values.separator_in(raw)):
        raise BadFact(f"事实“{spec.key}”的数值里不能有千位分隔符：“{found}”")
    value = values.figure(str(raw)) if isinstance(raw, str | int) else _exact(raw)
    if value is None:
        raise BadFact(f"事实“{spec.key}”要一个数值，“{raw}”不是数值")
    if spec.kind is Kind.INT and not spec.inferred and value != value.to_integral_value():
        raise BadFact(f"事实“{spec.key}”是整数，不能是 {raw}")
    return value


def _exact(raw: Any) -> Decimal | None:
    value = Decimal(repr(raw)) if isinstance(raw, float) else raw
    return value if isinstance(value, Decimal) and value.is_finite() else None


def _bool(spec: FactSpec, raw: Any) -> bool:
    answer = raw if isinstance(raw, bool) else values.yes_no(str(raw))
    if answer is None:
        raise BadFact(f"事实“{spec.key}”只能是“是”或“否”，不能是“{raw}”")
    return answer


def _date(spec: FactSpec, raw: Any, today: dt.date) -> dt.date:
    if isinstance(raw, dt.date) and not isinstance(raw, dt.datetime):
        return raw
    found = values.day(raw) if isinstance(raw, str) else None
    if found is None and spec.kind is Kind.UNTIL and isinstance(raw, str):
        period = values.amount(raw)
        found = _shifted(today, period) if period else None
    if found is None:
        raise BadFact(f"事实“{spec.key}”要一个日期(如 2025-01-01)，“{raw}”不是日期")
    return found


def _shifted(today: dt.date, period: Amount) -> dt.date | None:
    if period.unit not in values.CALENDAR_UNITS:
        return None
    try:
        return shift(today, period)
    except (ValueError, OverflowError):
        return None


def _word(spec: FactSpec, text: str) -> str:
    word = find_word(text, spec.words)
    if word:
        return word.code
    if spec.words and (spec.vocabulary or not spec.inferred) and not spec.others:
        raise BadFact(no_such_value(spec.key, text, spec.words))
    return text


def _tags(spec: FactSpec, raw: Any) -> frozenset[str]:
    if raw is None:
        return frozenset()
    if isinstance(raw, str):
        text = quotes(normal(raw))
        if text in {"", "-"} | UNKNOWN or (text in EMPTY and find_word(text, spec.words) is None):
            return frozenset()
        raw = split_items(text)
    if not isinstance(raw, list | tuple | set | frozenset):
        raise BadFact(f"事实“{spec.key}”要一组词(数组)，不能是 {raw!r}")
    codes = set()
    for entry in raw:
        word = find_word(normal(str(entry)), spec.words) if isinstance(entry, str) else None
        if word is None:
            raise BadFact(no_such_value(spec.key, str(entry), spec.words))
        codes.add(word.code)
    return frozenset(codes)
