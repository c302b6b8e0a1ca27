"""The regulation on reception as pages and actions read it."""

from __future__ import annotations

import datetime as dt

from django.utils.translation import gettext as _

from zhike.kernel.policy.regulation import Regulation, limit_of, regulation_on
from zhike.kernel.worktime import calendars

from . import questions


class NoRegulation(Exception):
    """No regulation on reception is in force at the unit."""


def in_force(unit: int, day: dt.date) -> Regulation:
    """Raises NoRegulation."""
    found = regulation_on(questions.LIMIT.name, unit, day)
    if found is None:
        raise NoRegulation(
            _("No regulation on reception is in force at this unit. Ask an administrator to install one.")
        )
    return found


def limit(found: Regulation, matter: str, day: dt.date) -> tuple[str, str]:
    """The limit for a matter as text, and its clause."""
    rows = found.decided({"事项": matter}, day)
    return (limit_of(rows[0].outcome["期限"]), rows[0].clause) if rows else ("", "")


def due(found: Regulation, matter: str, unit: int, start: dt.datetime) -> tuple[dt.datetime | None, str]:
    """The moment by which it is done, and the clause; no moment where the regulation names no limit."""
    text, clause = limit(found, matter, calendars.local_day(start, unit))
    return (calendars.due_at(calendars.calendar_for(unit), start, text) if text else None), clause
