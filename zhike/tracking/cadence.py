"""How often a customer is contacted: the manual's answer for a grade and a class, read once for many customers."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from zhike.customers.grading import queries as grading
from zhike.customers.models import Customer
from zhike.kernel.policy import ask, inforce
from zhike.kernel.policy.manual import model
from zhike.kernel.policy.regulation import limit_of
from zhike.kernel.worktime import calendars

from . import questions

GRADE, CLASS = "grade", "class"


class NoCadence(Exception):
    """The manual says nothing about customers of this grade and class, or no manual is in force."""


@dataclass(frozen=True)
class Cadence:
    """What the manual asks for; limits are texts such as 7天, empty where nothing returns."""

    journal: str
    every: str
    phone: str
    visit: str
    ways: tuple[str, ...]
    clause: str
    version_id: int


@dataclass
class Cadences:
    """The answers of one day, each decided once. Raises NoCadence."""

    day: dt.date
    _answers: dict[int, inforce.Answer | None] = field(default_factory=dict)
    _found: dict[tuple[int, str, str], Cadence] = field(default_factory=dict)

    def of(self, unit: int, grade: str, shop_class: str = "") -> Cadence:
        key = (unit, grade, shop_class)
        if key not in self._found:
            self._found[key] = self._decide(unit, grade, shop_class)
        return self._found[key]

    def answer(self, unit: int) -> inforce.Answer | None:
        if unit not in self._answers:
            self._answers[unit] = inforce.find(questions.CADENCE.name, unit, self.day)
        return self._answers[unit]

    def _decide(self, unit: int, grade: str, shop_class: str) -> Cadence:
        answer = self.answer(unit)
        if answer is None:
            raise NoCadence(
                _("No regulation on tracking is in force at this unit. Ask an administrator to install one.")
            )
        table = answer.table
        assert isinstance(table, model.DecisionTable)
        # a class that this regulation does not know is no class to it
        known = {word.code for word in answer.manual.lists[questions.CLASSES].words}
        facts = {"等级": grade or None, "类别": shop_class if shop_class in known else None}
        found = ask.decide(answer.manual, table, facts, self.day)
        if not found:
            raise NoCadence(
                _("The regulation on tracking has no row for grade %(grade)s.") % {"grade": grade}
            )
        outcome = found[0].outcome
        return Cadence(
            journal=str(outcome["追踪志"]),
            every=limit_of(outcome["间隔"]),
            phone=limit_of(outcome.get("电话间隔")),
            visit=limit_of(outcome.get("上门间隔")),
            ways=tuple(str(way) for way in outcome.get("形式") or ()),
            clause=found[0].clause,
            version_id=answer.version.pk,
        )


def standings(customers: Iterable[int]) -> dict[int, tuple[str, str]]:
    """Grade and class of several customers, by key; empty where nobody has decided. One query."""
    found: dict[int, tuple[str, str]] = {}
    for (customer, dimension), row in grading.current_of(customers, GRADE, CLASS).items():
        grade, shop_class = found.get(customer, ("", ""))
        found[customer] = (row.value, shop_class) if dimension == GRADE else (grade, row.value)
    return found


@dataclass(frozen=True)
class Choice:
    """A grade that may be chosen, and what would follow from it at once."""

    code: str
    label: str
    cadence: Cadence
    next_at: dt.datetime


def choices(customer: Customer, now: dt.datetime) -> list[Choice]:
    """Every grade of the manual in force, with the date of the next entry that it would set."""
    cadences = Cadences(calendars.local_day(now, customer.unit_id))
    calendar = calendars.calendar_for(customer.unit_id)
    _grade, shop_class = standings([customer.pk]).get(customer.pk, ("", ""))
    found = []
    for code, label in grading.words(customer, GRADE, now):
        cadence = cadences.of(customer.unit_id, code, shop_class)
        found.append(Choice(code, label, cadence, calendars.due_at(calendar, now, cadence.every)))
    return found
