"""Character runs of a text: what a model counts. Pure Python, the same in the job and on the page.

Runs of one to `longest` characters inside white space; no words: see docs/decisions/0015-suggestions.md.
"""

from __future__ import annotations

import re
import unicodedata

# What is longer is judged by its beginning, in training as on the page, so that a page asks for few tokens.
MOST_CHARACTERS = 1000
_NO_TEXT = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff]")
_DIGITS = re.compile(r"\d")


def folded(text: str) -> str:
    """Full width as half width, capitals as small letters, white space single, every digit as 0.

    A price or a telephone number says nothing about the class, and is nothing to be kept in a model.
    """
    # before folding, which may lengthen a text a little, a huge one is cut
    text = _NO_TEXT.sub(" ", unicodedata.normalize("NFKC", text[: 4 * MOST_CHARACTERS]).casefold())
    return _DIGITS.sub("0", " ".join(text.split()))[:MOST_CHARACTERS]


def runs(text: str, longest: int) -> list[str]:
    """Every run of a folded text, as often as it stands there."""
    return [text[start:end] for start, end in places(text, longest)]


def places(text: str, longest: int) -> list[tuple[int, int]]:
    """Where the runs of a folded text stand: (start, end)."""
    found: list[tuple[int, int]] = []
    start = 0
    for word in text.split(" "):
        for width in range(1, longest + 1):
            found += [(at, at + width) for at in range(start, start + len(word) - width + 1)]
        start += len(word) + 1
    return found
