"""Where the cases of a question lie: what a back-test asks. Each trade registers its own when it starts."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db.models import QuerySet
from django.utils.functional import Promise

from zhike.kernel.parties.scope import Scope

from .questions import Fact, Question, registered


@dataclass(frozen=True)
class Population:
    """The cases that one or several questions are asked about.

    `rows` gives what a scope lets one see, and nothing else ever reads them. `manual`, `moment` and `unit` are the
    paths to the manual's version, to when the case began (empty: what stands today counts, whatever the period), and
    to its unit. `columns` go before those that the facts declare, by name of the fact. `withheld` are rows that this
    person never sees, whatever the scope: figures that others may see are not shown to them.
    """

    rows: Callable[[Scope], QuerySet[Any]]
    noun: str | Promise  # what is counted, in the plural
    manual: str = "manual_id"
    moment: str = "opened_at"
    unit: str = "unit_id"
    number: Callable[[Any], str] = str
    title: Callable[[Any], str] = str
    value: Callable[[Any], Any] = lambda row: None
    value_label: str | Promise = ""
    url: Callable[[Any], str] = lambda row: ""
    listed: str = ""  # URL name of a list that takes the filter `backtest`
    columns: Mapping[str, Any] = field(default_factory=dict)
    withheld: Callable[[int], QuerySet[Any]] | None = None
    power: str = ""  # by which these rows are seen; the figures of a regulation are made in its reach

    def asking(self, question: Question) -> Question:
        """The question as this population answers it.

        Tables further down may need facts of the questions before them, so the facts of all questions about the
        same cases are there.
        """
        facts: dict[str, Fact] = {}
        for other in (question, *(one for one in registered().values() if _KNOWN.get(one.name) is self)):
            for fact in other.facts:
                facts.setdefault(fact.zh, self._given(fact))
        return Question(
            question.name, facts.values(), question.outcome, required=question.required, more=question.more
        )

    def _given(self, fact: Fact) -> Fact:
        if fact.name not in self.columns:
            return fact
        return Fact(fact.name, fact.type, fact.zh, fact.en, fact.optional, fact.read, self.columns[fact.name])


_KNOWN: dict[str, Population] = {}


def register(questions: Iterable[str], population: Population) -> None:
    """Say where the cases of these questions lie."""
    for name in questions:
        _KNOWN[name] = population


def of(question: str) -> Population | None:
    return _KNOWN.get(question)


def known() -> list[Population]:
    """Every population once."""
    return list({id(one): one for one in _KNOWN.values()}.values())
