"""Character pairs: how any text is indexed so that every substring of two or more characters is found.

A text is folded (NFKC, case), split at white space into runs, and every pair of neighbouring characters of a run
becomes a token; the last character of a run stands alone, so a single character is found as the beginning of a token.
Tokens are plain ASCII (four base-36 digits a character), which both engines keep as they are.

Pairs of digits say little (there are only a hundred), so four letters or digits of ASCII in a row are a token too;
a number is looked for by these.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from operator import add

_DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"
WIDTH = 4
_ASCII = re.compile(r"[0-9a-z]{4,}")
# What is longer than this is stored whole but indexed only so far; forms refuse longer texts anyway.
MAX_INDEXED = 100_000


def folded(text: str) -> str:
    """The form in which texts are compared: full width as half width, capitals as small letters."""
    if text.isascii():
        return text.lower()
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold())


@lru_cache(maxsize=50_000)
def digits(char: str) -> str:
    """Four base-36 digits for one character; the first is at most "n", so "u" marks other tokens."""
    number, found = ord(char), ""
    for _ in range(WIDTH):
        number, digit = divmod(number, 36)
        found = _DIGITS[digit] + found
    return found


def unit_token(unit: int) -> str:
    """The token under which all documents of a unit are found."""
    return f"u{unit:011d}"


def label_token(label: str) -> str:
    """The token under which all documents of a kind are found."""
    return "v" + "".join(filter(str.isalnum, label.lower()))


def tokens(text: str) -> set[str]:
    """Every token of a text that is folded already."""
    text = text[:MAX_INDEXED]
    found: set[str] = set()
    for run in text.split():
        codes = list(map(digits, run))
        found.update(map(add, codes, codes[1:]))
        found.add(codes[-1])
    for piece in _ASCII.findall(text):
        found.update(_fours(piece))
    return found


def _fours(piece: str) -> list[str]:
    return [f"w{piece[at : at + 4]}" for at in range(len(piece) - 3)]


def words(text: str, most: int = 8) -> list[str]:
    """The folded words that somebody typed, each once, the first `most`. NUL is dropped."""
    found = dict.fromkeys(folded(text.replace("\0", "")).split())
    return list(found)[:most]


def needed(word: str) -> list[str]:
    """The tokens that a text with this substring must have; one character gives a beginning, not a token."""
    codes = [digits(char) for char in word]
    if len(codes) == 1:
        return codes
    found: list[str] = []
    covered: set[int] = set()
    for piece in _ASCII.finditer(word):
        found += _fours(piece.group())
        covered.update(range(piece.start(), piece.end() - 1))
    found += [codes[at] + codes[at + 1] for at in range(len(codes) - 1) if at not in covered]
    return list(dict.fromkeys(found))
