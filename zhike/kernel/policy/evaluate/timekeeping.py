"""Calendars behind the time examples of manuals."""

import datetime as dt
from collections.abc import Mapping

from zhike.kernel.worktime.arithmetic import due_at
from zhike.kernel.worktime.pattern import Calendar
from zhike.kernel.worktime.phrases import Phrase
from zhike.kernel.worktime.refusals import CalendarError

from .examples import Moment, TimeKeeper


def timekeeper(calendars: Mapping[str, Calendar]) -> TimeKeeper:
    """A time keeper that knows these calendars by name."""

    def keep(name: str, phrase: Phrase, start: Moment) -> Moment | None:
        calendar = calendars.get(name)
        if calendar is None or phrase.limit is None:
            return None
        begin = dt.datetime.combine(start.day, start.time or dt.time(), calendar.zone)
        try:
            due = due_at(calendar, begin, phrase.limit)
        except CalendarError:
            return None
        return Moment(dt.date(due.year, due.month, due.day), due.time())

    return keep
