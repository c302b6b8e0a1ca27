"""Sentences of messages by kind, said in the language of whoever reads them.

A message stores its kind and the words that go into the sentence; which sentence that is stands in code and is
translated when it is shown. A word `x` may come with `x_en` for readers of the English interface.
"""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.translation import get_language
from django.utils.translation import gettext as _

_sentences: dict[str, str] = {}


def say(kind: str, msgid: str) -> None:
    """Register the sentence of a kind, such as gettext_noop("Overdue: %(title)s"); called in `AppConfig.ready()`."""
    _sentences[kind] = msgid


def sentence(kind: str, params: Mapping[str, str]) -> str:
    """The sentence with its words in the active language; "" for a kind without one or a message without words."""
    msgid = _sentences.get(kind)
    if msgid is None or not params:
        return ""
    english = (get_language() or "").startswith("en")
    words = {name: (english and params.get(f"{name}_en")) or text for name, text in params.items()}
    try:
        return _(msgid) % words
    except KeyError:  # the sentence has got another word since the message was written
        return ""
