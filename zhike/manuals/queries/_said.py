"""What the kernel says of a manual (findings, refusals, what a change means), in the language of the reader."""

from __future__ import annotations

from collections.abc import Callable

from django.utils.translation import get_language

from zhike.kernel.policy.english import CHINESE, english
from zhike.kernel.policy.manual import model
from zhike.kernel.worktime.phrases import PhraseError, explain_limit, parse_limit

from ._words import ENGLISH, Speech, figure


def saying(*manuals: model.Manual | None) -> Callable[[str], str]:
    """Says sentences of the kernel; in English with the English words that one of the manuals gives."""
    if not (get_language() or "").startswith("en"):
        return lambda text: text
    speeches = [Speech(manual, english=True) for manual in manuals if manual is not None]
    return lambda text: english(text, lambda word: _word(word, speeches)) if CHINESE.search(text) else text


def said(text: str, *manuals: model.Manual | None) -> str:
    """One sentence of the kernel, in the language of the reader."""
    return saying(*manuals)(text)


def _word(text: str, speeches: list[Speech]) -> str:
    """The English of a word, a figure or a limit, "" if there is none."""
    if not CHINESE.search(found := figure(text, english=True)):
        return found
    for speech in speeches:
        if (found := speech.word(text)) != text:
            return found
    if text in ENGLISH:
        return ENGLISH[text]
    try:
        return explain_limit(parse_limit(text), "en")
    except PhraseError:
        return ""
