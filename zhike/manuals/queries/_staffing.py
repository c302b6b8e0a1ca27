"""How many people the contacts take that a table asks for, and how many are short."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction

from zhike.kernel.policy.manual import model
from zhike.kernel.policy.trials.contacts import recurs, staffing
from zhike.kernel.worktime.limits import Unit

from ._backtest import Shown
from ._standing import standing

MINUTES, HOURS = "每次联系用时", "每人每月联系工时"
_IN_MINUTES = {Unit.MINUTE: 1, Unit.HOUR: 60, Unit.WORKING_HOUR: 60}


@dataclass(frozen=True)
class Staff:
    """What a contact takes, what a person has for contacts in a month, and how many people there are.

    None: as many as are needed before the change.
    """

    minutes: Fraction
    hours: Fraction
    there: int | None = None


def usual_staff(day: dt.date, manual: model.Manual | None = None) -> Staff:
    """By the figures of a manual, else of the service standards."""
    return Staff(_minutes(MINUTES, day, manual), _minutes(HOURS, day, manual) / 60)


def _minutes(name: str, day: dt.date, manual: model.Manual | None) -> Fraction:
    value = standing(name, day, manual).value
    assert isinstance(value, model.Amount)
    return Fraction(value.amount * _IN_MINUTES.get(value.unit, 60))


def asks_contacts(manual: model.Manual) -> bool:
    """Whether a table of the manual says how often somebody is to be contacted."""
    return any(recurs(table) for table in manual.decisions)


def staffed(tables: Iterable[Shown], staff: Staff) -> None:
    """Put beside the contacts of each table the people that they take."""
    for table in tables:
        if table.contacts:
            before, after = (Fraction(text) for text in table.contacts["exact"])
            people = staffing(before, after, staff.minutes, staff.hours, staff.there)
            table.contacts = {**table.contacts, "people": people}
