"""Cells of a file as values: amounts, days and moments, and whether a case is closed. Pure, no clock, no database."""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from decimal import Decimal

from django.utils.translation import gettext as _

EARLIEST = 1990
LARGEST = Decimal("1000000000000")
_MONEY = re.compile(
    r"(?:RMB|CNY|人民币|[¥￥$])?\s*([0-9.,\s]+?)\s*(万元|万|元整|元|圆|RMB|CNY|块)?", re.IGNORECASE
)
_GROUPED = re.compile(r"\d{1,3}(,\d{3})+(\.\d+)?")
_PLAIN = re.compile(r"\d+(\.\d+)?|\.\d+")
_DAY = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?")
_PACKED = re.compile(r"(\d{4})(\d{2})(\d{2})")
_TURNED = re.compile(r"\d{1,2}[-/.]\d{1,2}[-/.]\d{2,4}")
_TIME = re.compile(r"(\d{1,2}):(\d{2})(?::(\d{2})(?:\.\d+)?)?\s*(Z|[+-]\d{2}:?\d{2})?", re.IGNORECASE)
_CLOSED = (
    "已关闭", "已结案", "结案", "办结", "已办结", "已完成", "完成", "关闭", "已解决", "已处理", "已归档", "归档", "已答复",
    "closed", "resolved", "done", "complete", "finished", "solved", "archived",
)  # fmt: skip
_OPEN = (
    "处理中", "未处理", "待处理", "未办结", "未结案", "未完成", "未解决", "受理中", "已受理", "待受理", "新建", "进行中", "待", "未", "重新打开",
    "open", "new", "progress", "in progress", "pending", "reopened", "waiting", "unresolved", "assigned",
)  # fmt: skip


class BadCell(ValueError):
    """The cell does not say what its column should; the message is one sentence."""


def amount(text: str) -> Decimal | None:
    """Yuan out of "1,234.50", "￥36", "36元", "1.2万"; None for an empty cell. Raises BadCell."""
    plain = unicodedata.normalize("NFKC", text).strip()
    if not plain or plain in {"-", "--", "—", "/", "无"}:
        return None
    said = {"text": text.strip()[:40]}
    if plain.startswith(("-", "(")):
        raise BadCell(_("the amount “%(text)s” is negative") % said)
    found = _MONEY.fullmatch(plain)
    digits = re.sub(r"\s", "", found[1]) if found else ""
    if _GROUPED.fullmatch(digits):
        digits = digits.replace(",", "")
    if not _PLAIN.fullmatch(digits):
        if "," in digits:
            raise BadCell(
                _("in the amount “%(text)s” it cannot be told which mark is the decimal point; write 1234.50")
                % said
            )
        raise BadCell(_("“%(text)s” is not an amount such as 1234.50") % said)
    value = Decimal(digits) * (10_000 if found and found[2] in {"万", "万元"} else 1)
    if value >= LARGEST:
        raise BadCell(_("the amount “%(text)s” is too large") % said)
    if value != value.quantize(Decimal("0.01")):
        raise BadCell(_("the amount “%(text)s” has more than two decimals") % said)
    return value.quantize(Decimal("0.01"))


def moment(text: str, zone: dt.tzinfo) -> dt.datetime | None:
    """A moment out of "2026-09-24 16:00", "2026/9/24", "2026年9月24日", ISO 8601; a day alone is its beginning.

    None for an empty cell. Raises BadCell, also for 03/04/2026, where day and month cannot be told apart.
    """
    plain = unicodedata.normalize("NFKC", text).strip()
    if not plain:
        return None
    said = {"text": text.strip()[:40]}
    found = _DAY.match(plain) or (_PACKED.match(plain) if re.fullmatch(r"\d{8}(\D.*)?", plain) else None)
    if found is None:
        if _TURNED.match(plain):
            raise BadCell(
                _("in the date “%(text)s” day and month cannot be told apart; write 2026-09-24") % said
            )
        raise BadCell(_("“%(text)s” is not a date such as 2026-09-24") % said)
    rest = plain[found.end() :].lstrip("T ").strip()
    clock = _TIME.fullmatch(rest) if rest else None
    if rest and clock is None:
        raise BadCell(_("“%(text)s” is not a date such as 2026-09-24 16:00") % said)
    try:
        day = dt.date(int(found[1]), int(found[2]), int(found[3]))
    except ValueError as wrong:
        raise BadCell(_("there is no day “%(text)s”") % said) from wrong
    if day.year < EARLIEST:
        raise BadCell(_("the date “%(text)s” lies too far back") % said)
    try:
        time = dt.time(int(clock[1]), int(clock[2]), int(clock[3] or 0)) if clock else dt.time()
    except ValueError as wrong:
        raise BadCell(_("there is no time “%(text)s”") % said) from wrong
    return dt.datetime.combine(day, time, tzinfo=_offset(clock[4]) if clock and clock[4] else zone)


def _offset(text: str) -> dt.tzinfo:
    if text.upper() == "Z":
        return dt.UTC
    hours, minutes = int(text[1:3]), int(text[-2:])
    away = dt.timedelta(hours=hours, minutes=minutes)
    if away >= dt.timedelta(hours=24):
        raise BadCell(_("there is no time “%(text)s”") % {"text": text})
    return dt.timezone(away if text[0] == "+" else -away)


def is_closed(text: str) -> bool | None:
    """Whether a word of a status column says that the case is closed; None for an empty cell. Raises BadCell."""
    plain = unicodedata.normalize("NFKC", text).strip().lower()
    if not plain:
        return None
    if plain.startswith(_OPEN) or plain in _OPEN:
        return False
    if plain.startswith(_CLOSED):
        return True
    raise BadCell(
        _("it cannot be told whether the status “%(text)s” is open or closed") % {"text": text.strip()[:40]}
    )
