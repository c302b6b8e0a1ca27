"""Figures and periods as manuals write them."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from zhike.kernel.policy.manual.model import Amount, Operand, Scalar, in_days
from zhike.kernel.worktime.limits import Unit


def figure(value: Decimal) -> str:
    """Without exponent and without zeros at the end."""
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


UNITS = {
    Unit.MINUTE: "分钟",
    Unit.HOUR: "小时",
    Unit.WORKING_HOUR: "工作小时",
    Unit.WORKING_DAY: "工作日",
    Unit.DAY: "天",
    Unit.WEEK: "周",
    Unit.MONTH: "个月",
    Unit.YEAR: "年",
}


def period(amount: Amount) -> str:
    """An amount of time as manuals write it."""
    return f"{amount.amount}{UNITS[amount.unit]}"


def sort_key(value: Scalar) -> Any:
    """Comparable within one kind of fact; periods by their shortest and longest length in days."""
    if isinstance(value, Amount):
        return in_days(value)
    return value if isinstance(value, Decimal | bool | str) else value.toordinal()


def texts(
    points: Sequence[Scalar], operands: Sequence[Operand], styles: Mapping[str, str]
) -> tuple[str, ...]:
    """Points as a reader of this column would write them: without 元, percentages and 万 as in the cells."""
    written: dict[Any, str] = {}
    percent = False
    for operand in operands:
        text = styles.get(operand.param, "") if operand.param else operand.text
        percent = percent or text.strip().endswith("%")
        if operand.param is None:
            written.setdefault(sort_key(operand.value), text.strip())
    return tuple(_text(point, written.get(sort_key(point), ""), percent) for point in points)


def _text(point: Scalar, written: str, percent: bool) -> str:
    if isinstance(point, Amount):
        return written or period(point)
    if not isinstance(point, Decimal):
        return str(point)
    bare = written.removesuffix("元")
    if bare.endswith(("万", "亿")):
        return bare
    return figure(point * 100) + "%" if percent else figure(point)
