"""Numbers at the beginning of lines of a regulation, and the tree of clauses they make.

A number is composed as the regulation is cited: `1.` under `(五)` under `三、` is clause 三(五)1. What stands under
an article (第三条) keeps its number in the text: the article is what one cites.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from enum import IntEnum

from zhike.kernel.worktime.numerals import whole_number

_CN = "[〇零一二三四五六七八九十百]+"
_N = f"(?:{_CN}|[0-9]+)"
# Full-width signs to half-width ones, one for one, so that places in the text stay.
_HALF = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {0x3000: 0x20}
LONGEST_TITLE = 30
_SENTENCE = re.compile("[。;!?]|[,、:]$")


class Rank(IntEnum):
    CHAPTER = 0
    SECTION = 1
    ARTICLE = 2
    CAPITAL = 3  # 一、
    BRACKET = 4  # (一)
    COMPOSED = 5  # 三(五)1
    SINGLE = 6  # 1.
    DECIMAL = 7  # 1.1, and one more for each further part


_PATTERNS: tuple[tuple[Rank, re.Pattern[str]], ...] = (
    (Rank.CHAPTER, re.compile(rf"(第{_N}章|附[件录表]{_N})(?:[、.:\s]\s*|$)(.*)")),
    (Rank.SECTION, re.compile(rf"(第{_N}节)(?:[、.:\s]\s*|$)(.*)")),
    (Rank.ARTICLE, re.compile(rf"(第{_N}[条款](?:之{_N})?)(?:[、.:\s]\s*|$)(.*)")),
    (Rank.COMPOSED, re.compile(rf"({_CN}\({_CN}\)(?:[0-9]+(?:\([0-9]+\))?)?)[、.:\s]\s*(.*)")),
    (Rank.CAPITAL, re.compile(rf"({_CN})[、.]\s*(.*)")),
    (Rank.BRACKET, re.compile(rf"(\({_CN}\))[、.]?\s*(.*)")),
    (Rank.DECIMAL, re.compile(r"([0-9]{1,3}(?:\.[0-9]{1,3})+)(?:[.、]?\s+|、)(.*)")),
    (Rank.SINGLE, re.compile(r"([0-9]{1,2})[.、](?![0-9])\s*(.*)")),
)  # fmt: skip
# `1 范围`: only where the line is known to be a heading.
_STYLED = (Rank.SINGLE, re.compile(r"([0-9]{1,2})\s+(.*)"))
# Without anything between number and text: believed only where the number is the next one, and 第三条所说的 never.
_CLOSE = (
    (Rank.ARTICLE, re.compile(rf"(第({_N})条)(?![所规中的第之至和或与及以])(.+)")),
    (Rank.DECIMAL, re.compile(r"([0-9]{1,2}(?:\.[0-9]{1,2})*\.([0-9]{1,2}))([^0-9.%元万].*)")),
)


@dataclass(frozen=True, slots=True)
class Found:
    """A number at the beginning of a line. `rest` is what follows, as written."""

    rank: int
    number: str
    rest: str


@dataclass(frozen=True, slots=True)
class Heading:
    """A clause. `depth` 2..6; `prose` is what stood in the same paragraph and is no title."""

    number: str
    title: str
    depth: int
    prose: str = ""

    @property
    def line(self) -> str:
        gap = "、" if self.number and re.fullmatch(_CN, self.number) else " "
        text = gap.join(part for part in (self.number, self.title) if part)
        return f"{'#' * self.depth} {text}"


@dataclass(slots=True)
class _Open:
    rank: int
    depth: int
    number: str


@dataclass(slots=True)
class Tree:
    """Reads the paragraphs of a regulation in order."""

    open: list[_Open] = field(default_factory=list)
    seen: dict[str, int] = field(default_factory=dict)
    article: int = 0

    def heading(self, text: str, level: int = 0) -> Heading | None:
        """The clause that this paragraph begins, or None for plain text. `level` 1..9: styled as a heading."""
        found = self._number(text, styled=bool(level))
        if found is None:
            return self._styled(text, level) if level else None
        if not level and found.rank > Rank.ARTICLE and self._in_article():
            return None
        while self.open and self.open[-1].rank >= found.rank:
            self.open.pop()
        number = self._composed(found)
        is_title = bool(level) or _is_title(found.rest)
        return self._opened(
            found.rank, number, found.rest if is_title else "", "" if is_title else found.rest
        )

    @property
    def repeated(self) -> list[str]:
        """Numbers that stand at more than one clause."""
        return [number for number, count in self.seen.items() if count > 1]

    def _number(self, text: str, *, styled: bool) -> Found | None:
        clean = text.translate(_HALF)
        for rank, pattern in (*_PATTERNS, _STYLED) if styled else _PATTERNS:
            if match := pattern.match(clean):
                if rank is Rank.ARTICLE:
                    self._count(match[1])
                deeper = match[1].count(".") - 1 if rank is Rank.DECIMAL else 0
                return Found(rank + deeper, match[1], text[match.start(2) :].strip())
        for rank, pattern in _CLOSE:
            match = pattern.match(clean)
            if match and self._is_next(rank, match[1], match[2]):
                if rank is Rank.ARTICLE:
                    self._count(match[1])
                deeper = match[1].count(".") - 1 if rank is Rank.DECIMAL else 0
                return Found(rank + deeper, match[1], text[match.start(3) :].strip())
        return None

    def _count(self, number: str) -> None:
        self.article = whole_number(number.strip("第条款")) or self.article

    def _is_next(self, rank: Rank, number: str, last: str) -> bool:
        if rank is Rank.ARTICLE:
            return whole_number(last) == self.article + 1
        head, _, tail = number.rpartition(".")
        return any(each.number == head for each in self.open) and (
            tail == "1" or f"{head}.{int(tail) - 1}" in self.seen
        )

    def _in_article(self) -> bool:
        return any(each.rank == Rank.ARTICLE for each in self.open)

    def _composed(self, found: Found) -> str:
        above = self.open[-1] if self.open else None
        if above is None or found.rank not in (Rank.BRACKET, Rank.SINGLE):
            return found.number
        if above.rank not in (Rank.CAPITAL, Rank.BRACKET, Rank.COMPOSED):
            return found.number
        gap = "." if found.rank is Rank.SINGLE and above.rank == Rank.CAPITAL else ""
        return f"{above.number}{gap}{found.number}"

    def _styled(self, text: str, level: int) -> Heading:
        rank = min(level - 1, Rank.DECIMAL)
        while self.open and self.open[-1].rank >= rank:
            self.open.pop()
        return self._opened(rank, "", text, "")

    def _opened(self, rank: int, number: str, title: str, prose: str) -> Heading:
        depth = min(self.open[-1].depth + 1 if self.open else 2, 6)
        self.open.append(_Open(rank, depth, number))
        if number:
            self.seen[number] = self.seen.get(number, 0) + 1
        return Heading(number, " ".join(title.split()), depth, prose)


def _is_title(text: str) -> bool:
    return len(text) <= LONGEST_TITLE and not _SENTENCE.search(text.translate(_HALF))
