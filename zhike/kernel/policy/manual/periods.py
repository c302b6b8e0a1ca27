"""Calendar periods as tables test them: adding one to a day, and how long one may be."""

import datetime as dt
from calendar import monthrange
from functools import cache

from zhike.kernel.worktime.limits import Unit

from .terms import Amount


def add_months(day: dt.date, months: int) -> dt.date:
    """The corresponding day, or the last of that month: 31 January + 1 = 28 February."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return dt.date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def shift(day: dt.date, amount: Amount) -> dt.date:
    """`day` plus a calendar period; ValueError for working time, hours and minutes."""
    match amount.unit:
        case Unit.DAY:
            return day + dt.timedelta(days=amount.amount)
        case Unit.WEEK:
            return day + dt.timedelta(weeks=amount.amount)
        case Unit.MONTH:
            return add_months(day, amount.amount)
        case Unit.YEAR:
            return add_months(day, 12 * amount.amount)
        case _:
            raise ValueError(amount.unit)


@cache
def in_days(amount: Amount) -> tuple[int, int]:
    """The shortest and longest number of days of a calendar period: 1 month is (28, 31), half a year (181, 184).

    ValueError for working time, hours and minutes.
    """
    first = dt.date(2001, 1, 1)
    days = (first + dt.timedelta(days=n) for n in range(4 * 365 + 1))
    lengths = {(shift(day, amount) - day).days for day in days}
    return min(lengths), max(lengths)
