"""Words of the regulations in force: strategies, measures, signs, guidance; in the reader's language."""

from __future__ import annotations

import datetime as dt

from zhike.customers.regulation import regulation

from . import questions

# name -> (list of the manual, question that the same manual answers)
LISTS = {
    "STRATEGIES": (questions.STRATEGIES, questions.MOMENT.name),
    "MEASURES": (questions.MEASURES, questions.MOMENT.name),
    "SIGNS": (questions.SIGNS, questions.MOMENT.name),
    "CHECKS": ("联络自查", questions.MOMENT.name),
    "DEMANDS": ("服务要求", questions.CADENCE.name),
    "GRADES": (questions.GRADES, questions.CADENCE.name),
}


def words_of(name: str, unit: int, now: dt.datetime) -> list[tuple[str, str]]:
    """Codes and labels of a list, in the order of the regulation; empty where none is in force."""
    table, question = LISTS[name]
    found = regulation(question, unit, now)
    return found.choices(table) if found is not None else []


def figure_of(name: str, question: str, unit: int, now: dt.datetime, *, usual: int) -> int:
    """A whole number that the regulation on the question gives, with the unit's value; `usual` without one."""
    found = regulation(question, unit, now)
    return found.figure(name, usual) if found is not None else usual
