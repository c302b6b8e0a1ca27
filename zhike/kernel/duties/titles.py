"""What duties are called where the product has the words: in Chinese as in the regulations, and in English."""

from __future__ import annotations

from typing import TypedDict

from django.utils.translation import gettext as _
from django.utils.translation import override


class Titles(TypedDict):
    """The two titles of a `Draft`."""

    title: str
    title_en: str


def titled(msgid: str) -> Titles:
    """Of a sentence marked by gettext_noop, whatever the language of who opens the duty."""
    with override("zh-hans"):
        return {"title": _(msgid), "title_en": msgid}
