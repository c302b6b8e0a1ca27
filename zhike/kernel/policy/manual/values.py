"""Figures, dates, amounts of time and yes/no as manuals write them."""

import datetime as dt
import re
from decimal import Decimal

from zhike.kernel.worktime.limits import Unit
from zhike.kernel.worktime.phrases import PhraseError, parse_amount

from .model import Amount, Scalar, in_days
from .text import normal

_COUNTERS = ("元", "分", "次", "人", "公里", "个", "件", "名", "户", "台", "岁", "倍", "天", "分钟", "小时")
_SCALES = {
    **{counter: Decimal(1) for counter in _COUNTERS},
    "": Decimal(1),
    "%": Decimal("0.01"),
    "万": Decimal(10_000),
    "万元": Decimal(10_000),
    "亿": Decimal(100_000_000),
    "亿元": Decimal(100_000_000),
}
_FIGURE = re.compile(
    r"([+-]?[0-9]+(?:\.[0-9]+)?)\s*(" + "|".join(sorted(_SCALES, key=len, reverse=True)) + ")"
)
_THOUSANDS = re.compile(r"(?<![0-9.])[0-9]{1,3}(?:,[0-9]{3})+(?![0-9])")
_COMMA = re.compile(r"[0-9],[0-9]")
CALENDAR_UNITS = (Unit.DAY, Unit.WEEK, Unit.MONTH, Unit.YEAR)
YES = {"是", "yes", "true"}
NO = {"否", "no", "false"}


def figure(text: str) -> Decimal | None:
    """`3000万元` -> 30000000, `15%` -> 0.15; None if it is no figure."""
    match = _FIGURE.fullmatch(normal(text))
    return Decimal(match[1]) * _SCALES[match[2]] if match else None


def is_money(text: str) -> bool:
    return figure(text) is not None and normal(text).endswith("元")


def is_plain_figure(text: str) -> bool:
    """A figure of digits alone: no unit, no percent sign."""
    return re.fullmatch(r"[+-]?[0-9]+(\.[0-9]+)?", normal(text)) is not None


def separator_in(text: str) -> str:
    """The figure written with a thousands separator, else "". `1、2` is a list and has none."""
    text = normal(text)
    found = _THOUSANDS.search(text) or _COMMA.search(text)
    return found[0] if found else ""


def amount(text: str) -> Amount | None:
    """`3工作日`, `三天`, `半年`, `90分钟`; None if it is no amount of time. `3分` is points, not minutes."""
    if normal(text).endswith("分"):
        return None
    try:
        return parse_amount(text)
    except PhraseError:
        return None


def day(text: str) -> dt.date | None:
    """An ISO date that exists; None otherwise."""
    if not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", normal(text)):
        return None
    try:
        return dt.date.fromisoformat(normal(text))
    except ValueError:
        return None


def yes_no(text: str) -> bool | None:
    word = normal(text).lower()
    return True if word in YES else False if word in NO else None


def scalar(text: str) -> Scalar:
    """The value of a parameter: amount of time, figure, date, yes/no, else the text itself."""
    for reader in (amount, figure, day, yes_no):
        value = reader(text)
        if value is not None:
            return value
    return normal(text)


def precedes(left: Scalar, right: Scalar) -> bool | None:
    """Whether left < right; None when the two cannot be ordered (30 days and 1 month)."""
    if isinstance(left, Amount) and isinstance(right, Amount):
        return _shorter(left, right)
    if isinstance(left, Decimal) and isinstance(right, Decimal):
        return left < right
    if isinstance(left, dt.date) and isinstance(right, dt.date):
        return left < right
    return None


def _shorter(left: Amount, right: Amount) -> bool | None:
    if left.measure[0] == right.measure[0]:
        return left.measure[1] < right.measure[1]
    if left.unit in CALENDAR_UNITS and right.unit in CALENDAR_UNITS:
        (low, high), (other_low, other_high) = in_days(left), in_days(right)
        if high <= other_low:
            return True
        if other_high <= low:
            return False
    return None
