"""The regulations on visits as pages and actions read them: lists, deadlines, cadence, what closing demands."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from zhike.kernel.policy import ask, inforce
from zhike.kernel.policy.evaluate.deciding import Decision
from zhike.kernel.policy.manual import model
from zhike.kernel.policy.questions import Question
from zhike.kernel.policy.regulation import Regulation, limit_of, regulation, regulation_on
from zhike.kernel.worktime import calendars
from zhike.people.models import in_language
from zhike.people.requests.questions import REQUEST

from . import questions


class NoRegulation(Exception):
    """No regulation on visits is in force at the unit."""


@dataclass(frozen=True)
class Rules:
    """What holds at one unit on one day: the regulation on visits, and that on first visits where there is one."""

    visits: Regulation
    first: Regulation | None
    unit: int
    day: dt.date

    def rows(self, name: str) -> list[model.ListRow]:
        found = self.visits.rows(name)
        return found or (self.first.rows(name) if self.first is not None else [])

    def words(self, name: str) -> list[tuple[str, str]]:
        """Code and label of a list in the reader's language; empty where no regulation has it."""
        return [(row.word.code, in_language(row.written, row.word.en)) for row in self.rows(name)]

    def label(self, name: str, code: str) -> str:
        return dict(self.words(name)).get(code, code)

    def checklists(self) -> list[str]:
        """Lists that are ticked at visits, in the order of the regulations."""
        return [
            table.name
            for one in (self.visits, self.first)
            if one is not None
            for table in one.manual.lists.values()
            if table.purpose == questions.CHECKS
        ]

    def decide(self, question: Question, **facts: Any) -> list[Decision]:
        """The answers to a question, with facts by their names. None where the regulation is silent."""
        labels = {fact.name: fact.zh for fact in question.facts}
        given = {labels[name]: value for name, value in facts.items()}
        for one in (self.visits, self.first):
            table = inforce.table_for(one.manual, question.name) if one is not None else None
            if one is not None and isinstance(table, model.DecisionTable):
                return ask.decide(one.manual, table, given, self.day)
        return []

    @property
    def least_ink(self) -> float:
        """How long the strokes of a signature are together at least, in widths of its box: two dots are none."""
        return self.visits.figure("签字最短笔画", 50) / 100

    @property
    def days_ahead(self) -> int:
        """For how many days from today the phone takes visits along: an evening without a network has tomorrow."""
        return self.visits.figure("手机携带天数", 3)

    @property
    def clock_minutes(self) -> int:
        """By how much the clock of a phone may be wrong without a word about it."""
        return self.visits.figure("时钟误差", 5)

    def asks(self) -> bool:
        """Whether a regulation says how other departments are asked."""
        return regulation_on(REQUEST.name, self.unit, self.day) is not None

    def limit(self, matter: str) -> tuple[str, str]:
        """The limit for a matter as text, and its clause; both empty where the regulation names none."""
        found = self.decide(questions.DEADLINE, matter=matter)
        return (limit_of(found[0].outcome["期限"]), found[0].clause) if found else ("", "")


def rules(unit: int, day: dt.date) -> Rules:
    """Raises NoRegulation."""
    found = regulation_on(questions.DEMAND.name, unit, day)
    if found is None:
        raise NoRegulation(
            _("No regulation on visits is in force at this unit. Ask an administrator to install one.")
        )
    return Rules(found, regulation_on(questions.FIRST.name, unit, day), unit, day)


def rules_at(unit: int, now: dt.datetime) -> Rules:
    return rules(unit, calendars.local_day(now, unit))


def exist_at(unit: int, now: dt.datetime) -> bool:
    return regulation(questions.DEMAND.name, unit, now) is not None
