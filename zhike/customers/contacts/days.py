"""From a day that somebody named to the moment at which it is over."""

from __future__ import annotations

import datetime as dt

from zhike.kernel.worktime import arithmetic, calendars


def end_of_day(unit: int, day: dt.date) -> dt.datetime:
    """The end of the day's work at a unit; of a day without work, that of the next working day."""
    calendar = calendars.calendar_for(unit)
    if not calendar.hours_on(day):
        day = arithmetic.add_working_days(calendar, day, 1)
    begin = dt.datetime.combine(day, dt.time.min, tzinfo=calendar.zone)
    return begin + dt.timedelta(seconds=calendar.hours_on(day)[-1][1])
