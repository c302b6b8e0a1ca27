"""Character pairs: how any text is indexed so that every substring of two or more characters is found.

A text is folded (NFKC, case), split at white space into runs, and every pair of neighbouring characters of a run
becomes a token; the last character of a run stands alone, so a single character is found as the beginning of a token.
Tokens are plain ASCII (four base-36 digits a character), which both engines keep as they are.
"""

from __future__ import annotations

import unicodedata
from functools import lru_cache

_DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"
WIDTH = 4
# What is longer than this is stored whole but indexed only so far; forms refuse longer texts anyway.
MAX_INDEXED = 100_000


def folded(text: str) -> str:
    """The form in which texts are compared: full width as half width, capitals as small letters."""
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


def tokens(text: str) -> set[str]:
    """Every token of a text that is folded already."""
    found: set[str] = set()
    for run in text[:MAX_INDEXED].split():
        codes = [digits(char) for char in run]
        found.update(map(str.__add__, codes, codes[1:]))
        found.add(codes[-1])
    return found


def words(text: str, most: int = 8) -> list[str]:
    """The folded words that somebody typed, each once, the first `most`. NUL is dropped."""
    found = dict.fromkeys(folded(text.replace("\0", "")).split())
    return list(found)[:most]


def pairs(word: str) -> list[str]:
    """The tokens that a text with this substring must have; one character gives a beginning, not a token."""
    codes = [digits(char) for char in word]
    if len(codes) == 1:
        return codes
    return list(dict.fromkeys(map(str.__add__, codes, codes[1:])))
