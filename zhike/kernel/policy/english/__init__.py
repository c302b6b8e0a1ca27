"""What the kernel says of a manual, in English.

The kernel speaks Chinese: findings, refusals and meanings of changes are sentences that people and programs compare.
Here such a sentence is said in English, by the phrase book `phrases.tsv` (Chinese, tab, English, with places to fill
in); what stands in the places are words of the manual, in the English that the manual gives them, else quoted. What
was typed ({x}, {y}), and what is to be typed instead, is said as it is written.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files

from zhike.kernel.policy.manual.text import normal

CHINESE = re.compile("[\u3400-\u9fff]")
_PLACE = re.compile(r"\{(\w+)\}")
_MEANT = re.compile(r"(.+)，是否指“([^“”]+)”？")
_ONLY = re.compile(r"(.+?)，只有：(.+?)(…?)")
# `客服经理 → 店长: 货值 [1500..2000)`, perhaps with the name of the table before it
_CHANGE = re.compile(r"(?:(?P<table>[^：“”]+)：)?(?P<outcome>.+? → .+?|不再给予 .+?|新增 .+?): (?P<where>.+)")
_CLAUSE = re.compile(r"第?[\d〇零一二三四五六七八九十百().-]+[条章节款]?|附[件录表][\d一二三四五六七八九十]+")
_RANGE = re.compile(r"([\[(])(.+?)\.\.(.+?)([\])])")
_SET = re.compile(r"(?P<label>.+?)(?P<how>同时含|不含|含)“(?P<words>.+?)”(?:等(?P<n>\d+)项)?")
_BUT = re.compile(r"“(.+)”以外")
_TYPED = ("x", "y")
_HOW = {"同时含": "with all of", "不含": "without", "含": "with"}


def english(sentence: str, word: Callable[[str], str]) -> str:
    """A sentence of the kernel in English. `word` gives the English of a word or a figure, "" where there is none."""
    return _Teller(word).sentence(sentence)


@dataclass(frozen=True, slots=True)
class _Phrase:
    pattern: re.Pattern[str]
    english: str


@lru_cache(maxsize=1)
def _book() -> tuple[Mapping[str, str], Mapping[str, tuple[_Phrase, ...]]]:
    """Phrases without places; the others by how they begin ("": with a place), the most particular first."""
    plain: dict[str, str] = {}
    open_ones: dict[str, list[tuple[int, _Phrase]]] = {}
    text = files(__package__).joinpath("phrases.tsv").read_text(encoding="utf-8")
    for line in text.splitlines():
        if line.startswith("#"):
            continue
        chinese, said = line.split("\t")
        parts = _PLACE.split(chinese)
        if len(parts) == 1:
            plain[chinese] = said
            continue
        pattern = "".join(f"(?P<{part}>.+?)" if n % 2 else re.escape(part) for n, part in enumerate(parts))
        literal = sum(map(len, parts[::2]))
        open_ones.setdefault(parts[0][:1], []).append((-literal, _Phrase(re.compile(pattern), said)))
    ordered = {
        key: tuple(phrase for _, phrase in sorted(found, key=lambda one: one[0]))
        for key, found in open_ones.items()
    }
    return plain, ordered


class _Teller:
    def __init__(self, word: Callable[[str], str]) -> None:
        self.word = word

    def sentence(self, text: str) -> str:
        return self._phrase(text) or self.piece(text)

    def piece(self, text: str) -> str:
        """What stands in a place: a word, a figure, a range, several of them, or a sentence of its own."""
        plain = normal(text)
        if not CHINESE.search(plain) or _CLAUSE.fullmatch(plain):
            return text
        if known := self.word(plain) or _book()[0].get(plain):
            return known
        if found := _RANGE.fullmatch(plain):
            low, high = (self.piece(end) for end in found.group(2, 3))
            return f"{found[1]}{low}..{high}{found[4]}"
        if "、" in plain and not plain.startswith("“"):
            return ", ".join(self.piece(part) for part in plain.split("、"))
        return self._phrase(text) or self._labelled(plain) or f"“{text.strip('“”')}”"

    def _labelled(self, text: str) -> str:
        """`大类 商品,渠道 电话`: conditions as they are written, each behind the name of its column."""
        said = []
        for part in text.split(","):
            label, _, rest = part.partition(" ")
            if not rest or not self.word(label):
                return ""
            said.append(f"{self.word(label)} {self.piece(rest)}")
        return ", ".join(said)

    def _phrase(self, text: str) -> str:
        """A sentence of the phrase book, "" if it has none like that."""
        plain, open_ones = _book()
        if text in plain:
            return plain[text]
        if found := _CHANGE.fullmatch(text):
            return self._change(found)
        for phrase in (*open_ones.get(text[:1], ()), *open_ones.get("", ())):
            if match := phrase.pattern.fullmatch(text):
                return self._filled(phrase.english, match.groupdict())
        if found := _MEANT.fullmatch(text):
            return f"{self.sentence(found[1])}: did you mean {self._to_type(found[2])}?"
        if found := _ONLY.fullmatch(text):
            words = ", ".join(map(self._to_type, found[2].split("、")))
            return f"{self.sentence(found[1])}; there is: {words}{found[3]}"
        return ""

    def _to_type(self, text: str) -> str:
        """A word as it is written in a manual, with its English beside it."""
        said = self.word(normal(text))
        return f"“{text}” ({said})" if said else f"“{text}”" if CHINESE.search(text) else text

    def _filled(self, template: str, places: Mapping[str, str]) -> str:
        said = {name: self._said(name, text) for name, text in places.items()}
        return _PLACE.sub(lambda match: said[match[1]], template).replace("““", "“").replace("””", "”")

    def _said(self, place: str, text: str) -> str:
        return text if place in _TYPED else self.where(text) if place == "where" else self.piece(text)

    def _bare(self, text: str) -> str:
        return self.piece(text).strip("“”")

    # --- regions

    def _change(self, found: re.Match[str]) -> str:
        before = f"{self.piece(found['table'])}: " if found["table"] else ""
        return f"{before}{self._outcome(found['outcome'])}: {self.where(found['where'])}"

    def _outcome(self, text: str) -> str:
        for mark, said in (("不再给予 ", "no longer"), ("新增 ", "newly")):
            if text.startswith(mark):
                return f"{said} {self._given(text.removeprefix(mark))}"
        return ", ".join(
            " → ".join(self._given(side) for side in part.split(" → ")) for part in text.split("，")
        )

    def _given(self, text: str) -> str:
        """`店长`, or with its column: `处理人 店长、时限 3天`."""
        if known := self.word(normal(text)):
            return known
        if " " not in text:
            return self.piece(text)
        return ", ".join(" ".join(self.piece(one) for one in part.split(" ", 1)) for part in text.split("、"))

    def where(self, text: str) -> str:
        """`货值 [500..2000)，且 情形不含“食物中毒、变质过期食品”等9项`."""
        return " and ".join(self._condition(part) for part in text.split("，且 "))

    def _condition(self, text: str) -> str:
        if found := _SET.fullmatch(text):
            words = found["words"].split("、")
            more = f" and {int(found['n']) - len(words)} more" if found["n"] else ""
            return f"{self.piece(found['label'])} {_HOW[found['how']]} “{', '.join(map(self._bare, words))}”{more}"
        label, blank, rest = text.partition(" ")
        if not blank:
            return self.piece(text)
        parts = rest.split(" 或 ") if " 或 " in rest or ".." in rest else rest.split("/")
        return f"{self.piece(label)} {' or '.join(map(self._asked, parts))}"

    def _asked(self, text: str) -> str:
        if found := _BUT.fullmatch(text):
            return f"other than {self.piece(found[1])}"
        sign, value = text[: len(text) - len(text.lstrip("<>≤≥"))], text.lstrip("<>≤≥")
        return f"{sign} {self.piece(value)}" if sign else self.piece(value)
