"""Time phrases of manuals, in Chinese and English, to structured values and back to words.

Grammar: the `time-phrase` rule of the manual format. Names of events, date facts and parameters are
declared by the caller; any other word is refused, so that a typing error is never taken for a name.
Pure Python.
"""

from __future__ import annotations

import difflib
import re
import unicodedata
from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum

from zhike.kernel.worktime import phrases_en, phrases_zh
from zhike.kernel.worktime.limits import AnyLimit, AtEvent, Before, Immediate, Limit, Recurrence


class Kind(StrEnum):
    """What a phrase asks for."""

    IMMEDIATE = "immediate"  # 立即
    LIMIT = "limit"  # an amount, a period's end or a weekday, from the start or from `event`
    PARAMETER = "parameter"  # the amount is the value of the parameter named
    BEFORE = "before"  # an amount before the moment of `event`
    MOMENT = "moment"  # the moment of `event` itself
    RECURRING = "recurring"  # again and again


class PhraseError(ValueError):
    """The text is no time phrase. The message is one Chinese sentence that begins with 时限看不懂."""


@dataclass(frozen=True, slots=True)
class Phrase:
    """A time phrase, taken apart.

    `event` is the declared name the limit runs from (None: from entry); `limit` is None for PARAMETER
    and RECURRING; `text` is the phrase as normalised.
    """

    text: str
    kind: Kind
    event: str | None = None
    limit: AnyLimit | None = None
    parameter: str | None = None
    recurrence: Recurrence | None = None


def normalise(text: str) -> str:
    """Full-width forms to half-width, runs of blanks to one, none at the ends."""
    return " ".join(unicodedata.normalize("NFKC", text).split())


def parse_phrase(
    text: str,
    *,
    events: Collection[str] = (),
    facts: Collection[str] = (),
    parameters: Collection[str] = (),
) -> Phrase:
    """Read one time phrase.

    `events` may stand before 后/起 and 前 + amount; `facts` (date facts) likewise, and also alone
    (`答应时间前`). `parameters` may stand where an amount stands. Raises PhraseError.
    """
    clean = normalise(text)
    if not clean:
        raise PhraseError("时限看不懂：没有内容")
    if len(clean) > 200:
        raise PhraseError(f"时限看不懂：“{clean[:20]}…”太长")
    names = _Names.of(events, facts, parameters)
    phrase = _whole(clean, names) or _after_event(clean, names) or _around_event(clean, names)
    if phrase is None:
        raise PhraseError(_refusal(clean, names))
    return phrase


def parse_limit(text: str) -> AnyLimit:
    """Read a phrase that stands for itself: no event, no parameter, nothing recurring. Raises PhraseError.

    Reads back what `explain_limit(limit, "zh")` writes; 约定时间 there stands for the moment given as start.
    """
    if told := _told(_squeeze(normalise(text))):
        return told
    phrase = parse_phrase(text)
    if phrase.limit is None:
        raise PhraseError(f"时限看不懂：“{phrase.text}”是周期，没有单独的到期时间")
    return phrase.limit


def _told(text: str) -> AnyLimit | None:
    if text == "约定时间前":
        return AtEvent()
    limit = phrases_zh.amount(text.removeprefix("约定时间前"))
    return Before(limit) if limit and text.startswith("约定时间前") else None


def parse_amount(text: str) -> Limit:
    """Read a plain amount (3工作日), as the values of parameters are written. Raises PhraseError."""
    clean = normalise(text)
    limit = _amount(clean)
    if not isinstance(limit, Limit):
        raise PhraseError(_refusal(clean, _Names.of((), (), ())))
    return limit


@dataclass(frozen=True, slots=True)
class _Names:
    """Declared names by their normalised spelling, longest first, so that 品质签收 wins over 品质."""

    moments: dict[str, str]
    facts: dict[str, str]
    parameters: dict[str, str]

    @classmethod
    def of(cls, events: Collection[str], facts: Collection[str], parameters: Collection[str]) -> _Names:
        return cls(_index({*events, *facts}), _index(facts), _index(parameters))


def _index(names: Collection[str]) -> dict[str, str]:
    return {normalise(name): name for name in sorted(names, key=lambda n: (-len(n), n)) if normalise(name)}


def _squeeze(text: str) -> str:
    """Chinese is written without blanks; a blank left by typing means nothing."""
    return text if text.isascii() else text.replace(" ", "")


def _amount(text: str) -> AnyLimit | None:
    return phrases_zh.amount(_squeeze(text)) or phrases_en.amount(text.casefold())


def _standing(text: str) -> AnyLimit | None:
    return phrases_zh.standing(_squeeze(text)) or phrases_en.standing(text.casefold())


def _parameter(text: str, names: _Names) -> str | None:
    return names.parameters.get(text) or names.parameters.get(text.removesuffix("内").rstrip())


def _limited(text: str, whole: str, event: str | None, names: _Names) -> Phrase | None:
    """The part of a phrase that grants time, counted from `event` or from the start."""
    if parameter := _parameter(text, names):
        return Phrase(whole, Kind.PARAMETER, event=event, parameter=parameter)
    limit = _standing(text)
    if limit is None:
        return None
    kind = Kind.IMMEDIATE if isinstance(limit, Immediate) else Kind.LIMIT
    return Phrase(whole, kind, event=event, limit=limit)


def _whole(text: str, names: _Names) -> Phrase | None:
    """A phrase without an event: recurring, a parameter, an amount, a period, a weekday, a date fact."""
    recurrence = phrases_zh.recurring(_squeeze(text)) or phrases_en.recurring(text.casefold())
    if recurrence is not None and text not in names.parameters:
        return Phrase(text, Kind.RECURRING, recurrence=recurrence)
    fact = names.facts.get(text) or names.facts.get(text.removesuffix("前").rstrip())
    if fact is None and text.casefold().startswith("before "):
        fact = names.facts.get(text[len("before ") :])
    if fact is not None:
        return Phrase(text, Kind.MOMENT, event=fact, limit=AtEvent())
    return _limited(text, text, None, names)


_ZH_AFTER = re.compile(r" ?(?:之后|以后|后|起)(?:的)? ?")
_EN_AFTER = re.compile(r"(?P<head>.+?) (?:after|from|of) (?P<event>.+)", re.IGNORECASE)
_ZH_BEFORE = re.compile(r" ?(?:开始)?(?:之前|以前|前)(?:的)? ?")
_EN_BEFORE = re.compile(r"(?P<head>.+?) before (?P<event>.+)", re.IGNORECASE)


def _after_event(text: str, names: _Names) -> Phrase | None:
    """`品质签收后3工作日`, `3 working days after QC receipt`."""
    for spelling, event in names.moments.items():
        if text.startswith(spelling) and (mark := _ZH_AFTER.match(text, len(spelling))):
            phrase = _limited(text[mark.end() :], text, event, names)
            if phrase is not None:
                return phrase
    if (match := _EN_AFTER.fullmatch(text)) and match["event"] in names.moments:
        head = re.sub(r"^within ", "", match["head"], flags=re.IGNORECASE)
        return _limited(head, text, names.moments[match["event"]], names)
    return None


def _around_event(text: str, names: _Names) -> Phrase | None:
    """`到期前1个月`, `1 month before expiry`."""
    for spelling, event in names.moments.items():
        if text.startswith(spelling) and (mark := _ZH_BEFORE.match(text, len(spelling))):
            limit = _amount(text[mark.end() :])
            if isinstance(limit, Limit):
                return Phrase(text, Kind.BEFORE, event=event, limit=Before(limit))
    if (match := _EN_BEFORE.fullmatch(text)) and match["event"] in names.moments:
        limit = _amount(match["head"])
        if isinstance(limit, Limit):
            return Phrase(text, Kind.BEFORE, event=names.moments[match["event"]], limit=Before(limit))
    return None


def _refusal(text: str, names: _Names) -> str:
    """One sentence that says what is wrong and, where it can be told, what to write instead."""
    head = f"时限看不懂：“{text}”"
    if phrases_zh.is_vague(_squeeze(text)) or phrases_en.is_vague(text.casefold()):
        return f"{head}没有说多久，请写明期限，或用值为“未定”的参数"
    if hint := phrases_zh.hint(_squeeze(text)):
        return f"{head}，{hint}"
    if near := _nearest(text, names):
        return f"{head}，是否指“{near}”？"
    return head


def _nearest(text: str, names: _Names) -> str | None:
    """The declared name that was probably meant, at the place where a name stands."""
    head, mark, tail = re.sub("(之后|以后|起)", "后", text).partition("后")
    if mark and head not in names.moments:
        found = difflib.get_close_matches(head, names.moments, n=1)
        return found[0] if found else None
    found = difflib.get_close_matches(tail or text, [*names.parameters, *names.facts], n=1)
    return found[0] if found else None


def explain_phrase(phrase: Phrase, lang: str = "zh") -> str:
    """The phrase in full words, `lang` "zh" or "en"; names stay as declared."""
    explain = phrases_en.explain if lang == "en" else phrases_zh.explain
    return explain(
        event=phrase.event, limit=phrase.limit, parameter=phrase.parameter, recurrence=phrase.recurrence
    )


def explain_limit(limit: AnyLimit, lang: str = "zh") -> str:
    """A limit in full words, `lang` "zh" or "en"."""
    return phrases_en.explain_standing(limit) if lang == "en" else phrases_zh.explain_standing(limit)
