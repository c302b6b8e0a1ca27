"""What a day off is called: a plan for a public holiday gets a clear word."""

from __future__ import annotations

import datetime as dt

from django.utils.formats import date_format
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from zhike.kernel.worktime import calendars
from zhike.kernel.worktime.pattern import DayKind


def name(unit: int, day: dt.date) -> str:
    """The public holiday, or the unit's own reason; "" for a working day and for an ordinary weekend."""
    calendar = calendars.calendar_for(unit)
    match calendar.kind_of(day):
        case DayKind.HOLIDAY:
            official = calendar.official(day.year, "zh" if (get_language() or "").startswith("zh") else "en")
            return official.days_off[day] if official is not None else ""
        case DayKind.CLOSED:
            return calendar.closed_reasons[day]
        case _:
            return ""


def refusal(unit: int, day: dt.date) -> str:
    """Why nothing is planned on a day off."""
    called = name(unit, day)
    if called:
        return _("%(day)s is a day off at this unit: %(name)s.") % {"day": date_format(day), "name": called}
    return _("%(day)s is a day off at this unit.") % {"day": date_format(day)}


def of_week(unit: int, monday: dt.date) -> str:
    """One sentence on the days off of a week that have a name; "" where there is none."""
    days = [monday + dt.timedelta(days=n) for n in range(7)]
    named = [f"{date_format(day, 'm-d')} {called}" for day in days if (called := name(unit, day))]
    return _("Nothing is planned on days off: %(days)s.") % {"days": _(", ").join(named)} if named else ""
