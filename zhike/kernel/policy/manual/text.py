"""Text of manuals as it is compared: normal forms, splitting, the nearest known word, places of cells."""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches

_DASHES = re.compile("[‐‑‒–—―−]")
_OPERATORS = {"≥": ">=", "≤": "<=", "≠": "!=", "⩾": ">=", "⩽": "<=", "→": "→"}
ARROW = re.compile(r"^(?:→|->|=>)\s*")


def normal(text: str) -> str:
    """NFKC, one kind of dash and of operators, no blanks around. What words are compared by."""
    text = _DASHES.sub("-", unicodedata.normalize("NFKC", text))
    for sign, plain in _OPERATORS.items():
        text = text.replace(sign, plain)
    return text.strip()


def same(left: str, right: str) -> bool:
    return normal(left) == normal(right)


def split_items(text: str) -> list[str]:
    """The parts between commas (also 、) that stand outside of quotes and brackets; blanks stripped."""
    parts, depth, quoted, start = [], 0, False, 0
    for at, char in enumerate(text):
        if char == '"':
            quoted = not quoted
        elif quoted:
            continue
        elif char in "([":
            depth += 1
        elif char in ")]":
            depth -= 1
        elif char in ",、" and depth == 0:
            parts.append(text[start:at].strip())
            start = at + 1
    return [*parts, text[start:].strip()]


def unquoted(text: str) -> str:
    """`"a, b"` -> `a, b`; anything else as it is. Curly quotes count too."""
    if len(text) >= 2 and text[0] in '"“' and text[-1] in '"”':
        return text[1:-1]
    return text


def quotes(text: str) -> str:
    """Straight quotes for curly ones, so that splitting knows them."""
    return text.replace("“", '"').replace("”", '"')


def nearest(word: str, known: Iterable[str]) -> str:
    """`，是否指“...”？` for the nearest known word, else nothing. One wrong character of a short word is near."""
    candidates = [each for each in known if each]
    found = get_close_matches(word, candidates, n=1, cutoff=0.6)
    found = found or [each for each in candidates if _one_off(word, each)]
    return f"，是否指“{found[0]}”？" if found else ""


def _one_off(left: str, right: str) -> bool:
    return len(left) == len(right) > 1 and sum(a != b for a, b in zip(left, right, strict=True)) == 1


_DIGIT = "[0-9〇零一二三四五六七八九十百]"
_NUMERAL = f"{_DIGIT}+"
_CLAUSE = re.compile(
    rf"^(第{_NUMERAL}[条章节款](?:之{_NUMERAL})?"
    rf"|附[件录表]{_NUMERAL}"
    rf"|(?:{_DIGIT}|\({_NUMERAL}\))(?:{_DIGIT}|\.(?=[0-9])|\({_NUMERAL}\)|-(?={_DIGIT}))*)"
    r"(?:[、.:\s]\s*|$)(.*)$"
)


def heading_parts(text: str) -> tuple[str, str]:
    """(clause number, title) of a heading; the number is normalised, "" if the heading prints none."""
    match = _CLAUSE.match(normal(text))
    return (match[1], match[2]) if match else ("", text.strip())


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of a line with its place: `column` counts from 1, in characters of the line as written."""

    text: str
    column: int


def split_row(line: str) -> list[Piece]:
    r"""Cells of a table row between unescaped `|`; `\|` is a `|` inside a cell."""
    pieces, start, at = [], 0, 0
    while at <= len(line):
        if at == len(line) or (line[at] == "|" and (at == 0 or line[at - 1] != "\\")):
            raw = line[start:at]
            lead = len(raw) - len(raw.lstrip())
            column = start + (lead if raw.strip() else min(1, len(raw))) + 1
            pieces.append(Piece(raw.strip().replace("\\|", "|"), column))
            start = at + 1
        at += 1
    if pieces and not pieces[0].text and line.lstrip().startswith("|"):
        pieces.pop(0)
    if len(pieces) > 1 and not pieces[-1].text and line.rstrip().endswith("|"):
        pieces.pop()
    return pieces
