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
from zhike.kernel.worktime.limits import Unit

from . import ask, inforce
from .evaluate.deciding import Decision
from .manual import model
from .manual.periods import add_months, shift
from .manual.text import normal
from .models import ManualVersion

MONTHS = {Unit.MONTH: 1, Unit.YEAR: 12}


@dataclass(frozen=True)
class Regulation:
    """One version in force with the values of one unit; `table` answers what was asked for."""

    version: ManualVersion
    manual: model.Manual
    table: model.Table | None = None

    @property
    def version_id(self) -> int:
        return self.version.pk

    def rows(self, name: str) -> list[model.ListRow]:
        """The rows of the list of this name, or of those that are for this."""
        lists = self.manual.lists.items()
        return [row for key, table in lists if name in (key, table.purpose) for row in table.rows]

    def row(self, name: str, code: str) -> model.ListRow | None:
        return next((row for row in self.rows(name) if row.word.code == code), None)

    def choices(self, name: str) -> list[tuple[str, str]]:
        """Code and label in the reader's language, in the order of the manual."""
        return [(row.word.code, label_of(row.word)) for row in self.rows(name)]

    def label(self, name: str, code: str) -> str:
        return dict(self.choices(name)).get(code, code)

    def cell(self, name: str, code: str, column: str) -> str:
        row = self.row(name, code)
        return row.cells[column].text if row is not None and column in row.cells else ""

    def figure(self, name: str, usual: int) -> int:
        """A whole figure among the parameters; `usual` where the manual leaves it open."""
        param = self.manual.params.get(name)
        return int(param.value) if param is not None and isinstance(param.value, Decimal | int) else usual

    def limit(self, name: str) -> str:
        """A period among the parameters as text; "" where the manual leaves it open."""
        value = self._period(name)
        return calendars.text_of(value) if value is not None else ""

    def since(self, name: str, day: dt.date) -> dt.date | None:
        """The day before which something is older than this period; None where the manual leaves it open."""
        amount = self._period(name)
        if amount is None:
            return None
        if amount.unit in MONTHS:
            return add_months(day, -amount.amount * MONTHS[amount.unit])
        return day - (shift(day, amount) - day)

    def clause(self, name: str) -> str:
        found = self.manual.params.get(normal(name))
        return found.clause if found else ""

    def decided(self, facts: Mapping[str, Any], day: dt.date) -> list[Decision]:
        """What the table of the question says to facts by label."""
        assert isinstance(self.table, model.DecisionTable)
        return ask.decide(self.manual, self.table, facts, day)

    def _period(self, name: str) -> model.Amount | None:
        found = self.manual.params.get(normal(name))
        return found.value if found is not None and isinstance(found.value, model.Amount) else None


def label_of(word: model.Word) -> str:
    return word.en if word.en and (get_language() or "").startswith("en") else word.name


def limit_of(value: object) -> str:
    """The limit in an outcome as the text that a duty keeps, such as 3工作日; "" where there is none."""
    if isinstance(value, model.Due):
        return calendars.text_of(value.phrase.limit) if value.phrase.limit is not None else value.text
    return "" if value is None else str(value)


def regulation(question: str, unit: int, now: dt.datetime) -> Regulation | None:
    """What is in force at the unit for a question; None where nothing is installed."""
    return regulation_on(question, unit, calendars.local_day(now, unit))


def regulation_on(question: str, unit: int, day: dt.date) -> Regulation | None:
    found = inforce.find(question, unit, day)
    return Regulation(found.version, found.manual, found.table) if found is not None else None


def holder(post: str, unit: int, now: dt.datetime, *, barred: frozenset[int] = frozenset()) -> Party | None:
    """Who has the post (its code or the manual's word for it) at or above the unit; not one of the barred."""
    code = directory().post_code(post) or post
    return next((one for one in directory().holders_of(code, unit, now) if one.pk not in barred), None)
