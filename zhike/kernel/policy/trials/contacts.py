"""What recurring phrases ask for: how many contacts a month, and how many people that takes. Pure arithmetic."""

from __future__ import annotations

from fractions import Fraction
from math import ceil
from typing import Any

from zhike.kernel.policy.manual import model
from zhike.kernel.worktime.limits import Period, Recurrence
from zhike.kernel.worktime.phrases import Kind, PhraseError, parse_phrase

# A year of 365 days, 52 weeks, 12 months, 4 quarters and 2 half-years: figures that people can check by hand.
A_YEAR = {
    Period.DAY: 365,
    Period.WEEK: 52,
    Period.MONTH: 12,
    Period.QUARTER: 4,
    Period.HALF_YEAR: 2,
    Period.YEAR: 1,
}


def a_month(recurrence: Recurrence) -> Fraction:
    """每周2次 is 2 × 52 ÷ 12."""
    return Fraction(recurrence.times * A_YEAR[recurrence.period], recurrence.every * 12)


def of_cell(cell: model.OutcomeCell) -> Fraction | None:
    """Contacts a month that an outcome asks for; None when it is no recurring phrase."""
    if isinstance(cell.value, model.Due):
        phrase = cell.value.phrase
        return a_month(phrase.recurrence) if phrase.recurrence is not None else None
    try:
        read = parse_phrase(cell.text)
    except PhraseError:
        return None
    return a_month(read.recurrence) if read.kind is Kind.RECURRING and read.recurrence else None


def of_row(row: model.DecisionRow) -> Fraction | None:
    """All recurring outcomes of a row together; None when it has none."""
    found = [each for cell in row.outcomes if (each := of_cell(cell)) is not None]
    return sum(found, Fraction()) if found else None


def recurs(table: model.DecisionTable) -> bool:
    return any(of_row(row) is not None for row in table.rows)


def people(contacts: Fraction, minutes: Fraction, hours: Fraction) -> Fraction:
    """How many people these contacts keep busy, each with so many hours a month."""
    return contacts * minutes / 60 / hours


def staffing(
    before: Fraction, after: Fraction, minutes: Fraction, hours: Fraction, there: int | None = None
) -> dict[str, Any]:
    """People needed before and after, and how many are short of those who are there (default: needed before)."""
    was, now = ceil(people(before, minutes, hours)), ceil(people(after, minutes, hours))
    have = was if there is None else there
    return {
        "minutes": float(minutes),
        "hours": float(hours),
        "needed_before": was,
        "needed_after": now,
        "there": have,
        "short": max(0, now - have),
    }
