"""The numbers that Word counts by itself: `第三条`, `(二)`, `1.1`, as far as its list definitions say them."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from docx.oxml.ns import qn

_ZH = "〇一二三四五六七八九"
_ROMAN = ((10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i"))


def chinese(number: int) -> str:
    """`二十三`."""
    if number < 10:
        return _ZH[number]
    if number < 20:
        return "十" + (_ZH[number - 10] if number > 10 else "")
    if number < 100:
        return _ZH[number // 10] + "十" + (_ZH[number % 10] if number % 10 else "")
    rest = number % 100
    between = "零" if 0 < rest < 10 else ""
    return (
        _ZH[number // 100]
        + "百"
        + between
        + (("一" if 10 <= rest < 20 else "") + chinese(rest) if rest else "")
    )


def _roman(number: int) -> str:
    text = ""
    for value, sign in _ROMAN:
        while number >= value:
            text, number = text + sign, number - value
    return text


def _letter(number: int) -> str:
    return chr(ord("a") + (number - 1) % 26) * ((number - 1) // 26 + 1)


def _circled(number: int) -> str:
    return chr(ord("①") + number - 1) if number <= 20 else f"({number})"


_FORMATS: dict[str, Callable[[int], str]] = {
    "chineseCounting": chinese,
    "chineseCountingThousand": chinese,
    "chineseLegalSimplified": chinese,
    "taiwaneseCounting": chinese,
    "taiwaneseCountingThousand": chinese,
    "japaneseCounting": chinese,
    "ideographDigital": lambda n: "".join(_ZH[int(digit)] for digit in str(n)),
    "lowerLetter": _letter,
    "upperLetter": lambda n: _letter(n).upper(),
    "lowerRoman": _roman,
    "upperRoman": lambda n: _roman(n).upper(),
    "decimalZero": lambda n: f"{n:02}",
    "decimalEnclosedCircle": _circled,
    "decimalEnclosedCircleChinese": _circled,
}


@dataclass(slots=True)
class Level:
    start: int
    style: str
    format: str
    text: str
    legal: bool


class Numbering:
    """Counts along the document. `next` is asked once for each paragraph, in order."""

    def __init__(self, element: Any) -> None:
        self.lists: dict[str, tuple[str, dict[int, Level]]] = {}
        self.counts: dict[str, dict[int, int]] = {}
        if element is None:
            return
        defined = list(element.iterchildren(qn("w:abstractNum")))
        abstract = {each.get(qn("w:abstractNumId")): _levels(each) for each in defined}
        by_style = {
            style: each.get(qn("w:abstractNumId"))
            for each in defined
            if (style := _linked(each, "w:styleLink"))
        }
        for each in defined:  # a list that takes its levels from a style of lists
            if (source := by_style.get(_linked(each, "w:numStyleLink"))) is not None:
                abstract[each.get(qn("w:abstractNumId"))] = abstract[source]
        for each in element.iterchildren(qn("w:num")):
            which = each.find(qn("w:abstractNumId"))
            if which is None or which.get(qn("w:val")) not in abstract:
                continue
            levels = dict(abstract[which.get(qn("w:val"))])
            # a list that begins anew counts for itself, others go on counting together
            counter = f"a{which.get(qn('w:val'))}"
            for override in each.iterchildren(qn("w:lvlOverride")):
                counter = f"n{each.get(qn('w:numId'))}"
                _override(levels, override)
            self.lists[each.get(qn("w:numId"))] = (counter, levels)

    def next(self, number: str | None, level: int | None, style: str) -> tuple[str, bool]:
        """(what Word prints before the paragraph, whether it is a bullet)."""
        if number is None or number not in self.lists:
            return "", False
        counter, levels = self.lists[number]
        if level is None:
            level = next((at for at, each in levels.items() if each.style and each.style == style), 0)
        here = levels.get(level)
        if here is None or here.format == "none":
            return "", False
        if here.format == "bullet":
            return "", True
        counts = self.counts.setdefault(counter, {})
        counts[level] = counts.get(level, here.start - 1) + 1
        for deeper in [at for at in counts if at > level]:
            del counts[deeper]

        def printed(match: re.Match[str]) -> str:
            at = int(match[1]) - 1
            other = levels.get(at, here)
            value = counts.get(at, other.start)
            plain = here.legal or other.format not in _FORMATS or value < 1
            return str(value) if plain else _FORMATS[other.format](value)

        return re.sub(r"%([1-9])", printed, here.text).strip(), False


def _linked(abstract: Any, name: str) -> str:
    found = abstract.find(qn(name))
    return "" if found is None else str(found.get(qn("w:val"), ""))


def _levels(abstract: Any) -> dict[int, Level]:
    return {int(each.get(qn("w:ilvl"), "0")): _level(each) for each in abstract.iterchildren(qn("w:lvl"))}


def _level(element: Any) -> Level:
    def value(name: str, otherwise: str) -> str:
        found = element.find(qn(name))
        return otherwise if found is None else str(found.get(qn("w:val"), otherwise))

    start = value("w:start", "1")
    return Level(
        int(start) if start.isdigit() else 1,
        value("w:pStyle", ""),
        value("w:numFmt", "decimal"),
        value("w:lvlText", ""),
        element.find(qn("w:isLgl")) is not None,
    )


def _override(levels: dict[int, Level], override: Any) -> None:
    at = int(override.get(qn("w:ilvl"), "0"))
    anew = override.find(qn("w:lvl"))
    if anew is not None:
        levels[at] = _level(anew)
    start = override.find(qn("w:startOverride"))
    if start is not None and at in levels:
        old = levels[at]
        levels[at] = Level(int(start.get(qn("w:val"), "1")), old.style, old.format, old.text, old.legal)
