"""Which period a report is about that is written on a day: next month's plan, this week, this month, last month."""

from __future__ import annotations

import datetime as dt

from zhike.kernel.tallies.periods import Kind, Period

from .models import Report


def period_of(kind: str, day: dt.date, tz: str) -> Period:
    month = Period.around(Kind.MONTH, day, tz)
    if kind == Report.Kind.WEEK:
        return Period.around(Kind.WEEK, day, tz)
    if kind == Report.Kind.MONTH_PLAN:
        return Period.around(Kind.MONTH, month.after, tz)
    return month.previous() if kind == Report.Kind.SUMMARY else month


def of_report(report: Report, tz: str) -> Period:
    kind = Kind.WEEK if report.kind == Report.Kind.WEEK else Kind.MONTH
    return Period(kind, report.first, report.after, tz)


def counted(report: Report, tz: str) -> Period:
    """The period whose records fill a report in; a plan rests on the month before."""
    own = of_report(report, tz)
    return own.previous() if report.kind == Report.Kind.MONTH_PLAN else own
