"""A regulation in force as pages and actions read it: words of its lists, parameters, plain answers, holders of posts."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.translation import get_language

from zhike.kernel.parties.directory import directory
from zhike.kernel.parties.models import Party
from zhike.kernel.worktime import calendars

from . import ask, inforce
from .evaluate.deciding import Decision
from .manual import model


@dataclass(frozen=True)
class Regulation:
    """One version in force with the values of one unit."""

    answer: inforce.Answer

    @property
    def version_id(self) -> int:
        return self.answer.version.pk

    def rows(self, name: str) -> tuple[model.ListRow, ...]:
        table = self.answer.manual.lists.get(name)
        return table.rows if table else ()

    def choices(self, name: str) -> list[tuple[str, str]]:
        """Code and label in the reader's language, in the order of the manual."""
        return [(row.word.code, label_of(row.word)) for row in self.rows(name)]

    def label(self, name: str, code: str) -> str:
        return dict(self.choices(name)).get(code, code)

    def cell(self, name: str, code: str, column: str) -> str:
        row = next((row for row in self.rows(name) if row.word.code == code), None)
        return row.cells[column].text if row is not None and column in row.cells else ""

    def figure(self, name: str, usual: int) -> int:
        """A whole figure among the parameters; `usual` where the manual leaves it open."""
        param = self.answer.manual.params.get(name)
        return int(param.value) if param is not None and isinstance(param.value, Decimal | int) else usual

    def limit(self, name: str) -> str:
        """A period among the parameters as text; "" where the manual leaves it open."""
        param = self.answer.manual.params.get(name)
        value = param.value if param is not None else None
        return calendars.text_of(value) if isinstance(value, model.Amount) else ""

    def decided(self, facts: Mapping[str, Any], day: dt.date) -> list[Decision]:
        """What the table of the question says to facts by label."""
        table = self.answer.table
        assert isinstance(table, model.DecisionTable)
        return ask.decide(self.answer.manual, table, facts, day)


def label_of(word: model.Word) -> str:
    return word.en if word.en and (get_language() or "").startswith("en") else word.name


def limit_of(value: object) -> str:
    """The limit in an outcome as the text that a duty keeps, such as 3工作日; "" where there is none."""
    if isinstance(value, model.Due):
        return calendars.text_of(value.phrase.limit) if value.phrase.limit is not None else value.text
    return "" if value is None else str(value)


def regulation(question: str, unit: int, now: dt.datetime) -> Regulation | None:
    """What is in force at the unit for a question; None where nothing is installed."""
    found = inforce.find(question, unit, calendars.local_day(now, unit))
    return Regulation(found) if found is not None else None


def holder(post: str, unit: int, now: dt.datetime, *, barred: frozenset[int] = frozenset()) -> Party | None:
    """Who has the post (its code or the manual's word for it) at or above the unit; not one of the barred."""
    code = directory().post_code(post) or post
    return next((one for one in directory().holders_of(code, unit, now) if one.pk not in barred), None)
