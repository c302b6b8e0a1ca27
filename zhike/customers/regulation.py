"""A regulation on customers as the pages and actions read it: words of its lists, parameters, who has a post."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import QuerySet
from django.utils.translation import get_language

from zhike.kernel.parties.directory import directory
from zhike.kernel.parties.models import Party
from zhike.kernel.parties.tree import tree
from zhike.kernel.policy import inforce
from zhike.kernel.policy.manual import model
from zhike.kernel.worktime import calendars


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
        return [(row.word.code, _label(row.word)) for row in self.rows(name)]

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


def _label(word: model.Word) -> str:
    return word.en if word.en and (get_language() or "").startswith("en") else word.name


def regulation(question: str, unit: int, now: dt.datetime) -> Regulation | None:
    """What is in force at the unit for a question; None where nothing is installed."""
    found = inforce.find(question, unit, calendars.local_day(now, unit))
    return Regulation(found) if found is not None else None


def holder(post: str, unit: int, now: dt.datetime, *, barred: frozenset[int] = frozenset()) -> Party | None:
    """Who has the post (its code or the manual's word for it) at or above the unit; not one of the barred."""
    code = directory().post_code(post) or post
    return next((one for one in directory().holders_of(code, unit, now) if one.pk not in barred), None)


def staff_near(unit: int) -> QuerySet[Party]:
    """Staff of the house, of those above it, and of its sisters: who may own something about a customer."""
    found = tree()
    line = found.line(unit)
    near = found.below(line[1] if len(line) > 1 else unit) | set(line)
    return Party.objects.filter(kind=Party.Kind.STAFF, unit__in=near, user__is_active=True).order_by("name")
