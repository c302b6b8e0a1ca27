"""Words of the regulations in force: strategies, measures, signs, guidance; in the reader's language."""

from __future__ import annotations

import datetime as dt

from zhike.kernel.policy import inforce
from zhike.kernel.worktime import calendars
from zhike.people.models import in_language

from . import questions

# name -> (list of the manual, question that the same manual answers)
LISTS = {
    "STRATEGIES": (questions.STRATEGIES, questions.MOMENT.name),
    "MEASURES": (questions.MEASURES, questions.MOMENT.name),
    "SIGNS": (questions.SIGNS, questions.MOMENT.name),
    "CHECKS": ("联络自查", questions.MOMENT.name),
    "DEMANDS": ("服务要求", questions.CADENCE.name),
}


def words_of(name: str, unit: int, now: dt.datetime) -> list[tuple[str, str]]:
    """Codes and labels of a list, in the order of the regulation; empty where none is in force."""
    found = inforce.find(LISTS[name][1], unit, calendars.local_day(now, unit))
    table = found.manual.lists.get(LISTS[name][0]) if found is not None else None
    return [(word.code, in_language(word.name, word.en)) for word in (table.words if table else ())]


def parameter(name: str, unit: int, now: dt.datetime, *, usual: int) -> int:
    """A whole number that the regulation on tracking gives, with the unit's value; `usual` without one."""
    found = inforce.find(questions.CADENCE.name, unit, calendars.local_day(now, unit))
    value = found.manual.params.get(name) if found is not None else None
    try:
        return int(str(value.value)) if value is not None else usual
    except ValueError:
        return usual
