"""Whole numbers as regulations write them: 15, 十五, 两, 一百二十, three."""

from __future__ import annotations

import re

_DIGITS = {c: n for n, c in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2}
_PLACES = {"十": 10, "百": 100, "千": 1000}
_SMALL = (  # noqa: SIM905
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen"
).split()
_WORDS = {word: n for n, word in enumerate(_SMALL)} | {"a": 1, "an": 1, "twenty": 20, "thirty": 30}
_WORDS |= {"once": 1, "twice": 2}

# Ready to be put into a larger expression.
CHINESE = r"(?:\d+|[零〇一二两三四五六七八九十百千]+)"
ENGLISH = (
    r"(?:\d+|"
    + "|".join(sorted((w for w in _WORDS if w not in {"once", "twice"}), key=len, reverse=True))
    + ")"
)


def whole_number(text: str) -> int | None:
    """The number written in `text`, or None when it is none (三三, 十十, 1.5)."""
    if text.isascii() and text.isdigit():
        return int(text) if len(text) <= 9 else None
    if text in _WORDS:
        return _WORDS[text]
    return _chinese(text)


def _chinese(text: str) -> int | None:
    if not re.fullmatch(r"[零〇一二两三四五六七八九十百千]+", text):
        return None
    total, last_place, digit, zero = 0, 10_000, None, False
    for char in text:
        if char in _PLACES:
            place = _PLACES[char]
            if place >= last_place or digit == 0:
                return None
            total += (1 if digit is None else digit) * place
            last_place, digit, zero = place, None, False
        elif digit in (None, 0):
            zero = zero or digit == 0
            digit = _DIGITS[char]
        else:
            return None
    if digit and not zero and 10 < last_place < 10_000:
        return None  # 一百五 is said for 150 and would be read as 105
    return total + (digit or 0)
