"""Questions that applications ask the manuals: typed facts in, outcome fields out. Declared in code.

Pure Python. A fact carries how to read it from a case (`read`) and the ORM expression that gives it for a whole
queryset (`column`); this module looks into neither.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from .manual.model import Kind, Manual, OutcomeKind, Word
from .manual.text import normal

# A word fixed in code: its Chinese name, or (code, Chinese, English).
Entry = str | tuple[str, str, str]


def _words(entries: Sequence[Entry]) -> tuple[Word, ...]:
    """Words in the order given, the first is the highest."""
    full = [(entry, entry, "") if isinstance(entry, str) else entry for entry in entries]
    return tuple(
        Word(name=normal(zh), code=code, en=en, rank=rank) for rank, (code, zh, en) in enumerate(full)
    )


@dataclass(frozen=True, slots=True)
class FactType:
    """`vocabulary` names a list that the manual must have; `words` are fixed in code instead."""

    kind: Kind
    vocabulary: str | None = None
    words: tuple[Word, ...] = ()
    minimum: Decimal | None = None


Money = FactType(Kind.MONEY, minimum=Decimal(0))
Number = FactType(Kind.NUMBER)
Int = FactType(Kind.INT, minimum=Decimal(0))
Count = FactType(Kind.INT, minimum=Decimal(1))
Bool = FactType(Kind.BOOL)
Date = FactType(Kind.DATE)
Until = FactType(Kind.UNTIL)
Text = FactType(Kind.TEXT)


def Enum(values: str | Sequence[Entry]) -> FactType:
    """One word: of the list named, or of the words given."""
    if isinstance(values, str):
        return FactType(Kind.ENUM, vocabulary=values)
    return FactType(Kind.ENUM, words=_words(values))


def Tags(values: str | Sequence[Entry]) -> FactType:
    """A set of words: of the list named, or of the words given (at most 63)."""
    if isinstance(values, str):
        return FactType(Kind.TAGS, vocabulary=values)
    return FactType(Kind.TAGS, words=_words(values))


@dataclass(frozen=True, slots=True)
class Fact:
    """`optional`: the value may be unknown when the question is asked; drives the gap check and `未知`."""

    name: str
    type: FactType
    zh: str
    en: str = ""
    optional: bool = False
    read: Callable[..., Any] | None = None
    column: Any = None

    def answers_to(self, label: str) -> bool:
        return normal(label).lower() in {normal(self.zh).lower(), normal(self.en or self.name).lower()}


@dataclass(frozen=True, slots=True)
class OutcomeType:
    """`vocabulary` None with `words` empty: any text."""

    kind: OutcomeKind
    vocabulary: str | None = None
    words: tuple[Word, ...] = ()


TextOut = OutcomeType(OutcomeKind.TEXT)
NumberOut = OutcomeType(OutcomeKind.NUMBER)
BoolOut = OutcomeType(OutcomeKind.BOOL)
DueTime = OutcomeType(OutcomeKind.DUE)
Bound = OutcomeType(OutcomeKind.BOUND)


def Choice(values: str | Sequence[Entry]) -> OutcomeType:
    """One word: of the list named, or of the words given, highest first."""
    if isinstance(values, str):
        return OutcomeType(OutcomeKind.CHOICE, vocabulary=values)
    return OutcomeType(OutcomeKind.CHOICE, words=_words(values))


def Multi(values: str | Sequence[Entry] | None = None) -> OutcomeType:
    """Several words: of the list named, of the words given, or any."""
    if isinstance(values, str):
        return OutcomeType(OutcomeKind.MULTI, vocabulary=values)
    return OutcomeType(OutcomeKind.MULTI, words=_words(values or ()))


_AS_OUTCOME = {
    Kind.TEXT: TextOut,
    Kind.NUMBER: NumberOut,
    Kind.MONEY: NumberOut,
    Kind.INT: NumberOut,
    Kind.BOOL: BoolOut,
}


@dataclass(frozen=True, slots=True)
class Outcome:
    """A field of the answer. Number, Text and Bool may be given as the type of a fact."""

    name: str
    type: OutcomeType | FactType
    zh: str
    en: str = ""
    optional: bool = False

    @property
    def shape(self) -> OutcomeType:
        return _AS_OUTCOME[self.type.kind] if isinstance(self.type, FactType) else self.type

    def answers_to(self, label: str) -> bool:
        return normal(label).lower() in {normal(self.zh).lower(), normal(self.en or self.name).lower()}


class Question:
    """What an application asks.

    `required`: some row must match; `stage_kinds`: the words of column 性质; `events`: moments of a case that
    deadlines may run from, beside 受理, the date facts and the stages of the manual. `more(case, manual)` gives,
    by label and as typed, what a case says of facts that only the manual declares (front matter `facts:`).
    """

    def __init__(
        self,
        name: str,
        facts: Iterable[Fact] = (),
        outcome: Iterable[Outcome] = (),
        *,
        required: bool = True,
        stage_kinds: Iterable[str] = (),
        events: Iterable[str] = (),
        more: Callable[[Any, Manual], Mapping[str, Any]] | None = None,
    ) -> None:
        self.name = name
        self.facts = tuple(facts)
        self.outcome = tuple(outcome)
        self.required = required
        self.stage_kinds = tuple(stage_kinds)
        self.events = tuple(events)
        self.more = more

    def __repr__(self) -> str:
        return f"Question({self.name!r})"

    def fact(self, label: str) -> Fact | None:
        """The fact with this Chinese or English label."""
        return next((fact for fact in self.facts if fact.answers_to(label)), None)

    def outcome_field(self, label: str) -> Outcome | None:
        return next((field for field in self.outcome if field.answers_to(label)), None)


_REGISTRY: dict[str, Question] = {}


def register(question: Question) -> Question:
    """Make a question known to the installation; ValueError when another one has its name."""
    if _REGISTRY.setdefault(question.name, question) is not question:
        raise ValueError(f"question {question.name} is declared twice")
    return question


def registered() -> dict[str, Question]:
    """Every question known to the installation, by name."""
    return dict(_REGISTRY)
