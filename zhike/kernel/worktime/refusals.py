"""What the arithmetic of time refuses, said in both languages."""

from __future__ import annotations


class CalendarError(ValueError):
    """A calendar, moment or pause that cannot be used, or a question that has no answer in it.

    `str()` is one Chinese sentence; `en` says the same in English.
    """

    def __init__(self, zh: str, en: str) -> None:
        super().__init__(zh)
        self.zh = zh
        self.en = en

    def said(self, lang: str) -> str:
        """The sentence in `lang` ("zh" or "en")."""
        return self.en if lang == "en" else self.zh


class NoWorkingTime(CalendarError):
    """There is not enough working time after (or before) the moment asked about."""
