"""P001-16: complaints by item, handler and value band; times; penalties; complaints per employee and month."""

from __future__ import annotations

import calendar
import datetime as dt
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise
from typing import Any
from urllib.parse import urlencode

from django.db.models import Avg, Count, DurationField, ExpressionWrapper, F, Q, QuerySet, Sum
from django.db.models.functions import TruncMonth

from zhike.kernel.parties.scope import Scope

from . import queries
from .models import Complaint, Penalty
from .reporting.reading import Kept, kept

CENT = Decimal("0.01")
CONFIRMED = "COMPLAINED_OF"  # the offence by which a complaint about a person is found to be true (R001-112)


@dataclass(frozen=True)
class Line:
    """One number of the report with the conditions of the list that shows its rows."""

    label: str
    count: int
    query: str


@dataclass(frozen=True)
class Report:
    """All figures of one period; `total` counts registrations that were not voided.

    What was joined to another complaint is counted there, once; `repeats` says how many such reports there were.
    """

    total: Line
    repeats: Line
    closed: Line
    open: Line
    by_item: list[Line]
    by_handler: list[Line]
    by_band: list[Line]
    response: dt.timedelta | None
    solution: dt.timedelta | None
    answer: dt.timedelta | None
    duties_owed: int  # done, or late by now; in cases
    duties_late: int
    compensation: Decimal
    by_employee: list[dict[str, Any]]
    penalties: list[Line]
    by_clause: list[tuple[Kept, str, str]]  # with the lists of its cases and of the late ones


def bands(amounts: Sequence[Decimal]) -> list[tuple[str, Q, str]]:
    """Label, condition and list query of each band of goods value; none where the manual draws no line."""
    if not amounts:
        return []
    low, high = amounts[0], amounts[-1]
    return [
        ("—", Q(value=None), "unpriced=1"),
        (f"< {low:g}", Q(value__lt=low), f"value_to={low - CENT}"),
        *(
            (f"{a:g} – {b:g}", Q(value__gte=a, value__lt=b), f"value_from={a}&value_to={b - CENT}")
            for a, b in pairwise(amounts)
        ),
        (f"≥ {high:g}", Q(value__gte=high), f"value_from={high}"),
    ]


def report(
    scope: Scope,
    *,
    since: dt.datetime,
    until: dt.datetime,
    now: dt.datetime,
    days: str,
    items: list[tuple[str, str]],
    handlers: list[tuple[str, str]],
    cuts: list[tuple[str, Q, str]],
    unit: int | None = None,
    punished: Scope | None = None,
) -> Report:
    """The figures for `[since, until)`; `days` is the same period as list conditions, by which each opens.

    `punished` says whose penalties the reader sees, where that is less than whose complaints.
    """
    rows = queries.complaints(scope).filter(opened_at__gte=since, opened_at__lt=until, voided_at=None)
    if unit is not None:
        rows = rows.filter(unit=unit)
    every = rows.select_related(None).defer(None).order_by()
    plain = every.filter(joined_to=None)
    totals = plain.aggregate(
        total=Count("id"),
        closed=Count("id", filter=Q(closed_at__isnull=False)),
        compensation=Sum("compensation", filter=Q(compensation_approved_at__isnull=False)),
        response=_mean("responded_at"),
        solution=_mean("solved_at"),
        answer=_mean("replied_at"),
        **{f"band{n}": Count("id", filter=condition) for n, (_label, condition, _q) in enumerate(cuts)},
    )
    found_items = Counter({row["item"]: row["n"] for row in plain.values("item").annotate(n=Count("id"))})
    found_handlers = Counter(
        {row["handler_code"]: row["n"] for row in plain.values("handler_code").annotate(n=Count("id"))}
    )
    done = kept(plain, now)
    place = f"&unit={unit}" if unit is not None else ""
    base = f"{days}{place}&sort=-opened"
    valid = f"state=valid&{base}"
    return Report(
        total=Line("", totals["total"], valid),
        repeats=Line("", every.filter(joined_to__isnull=False).count(), f"state=joined&{base}"),
        closed=Line("", totals["closed"], f"state=closed&{base}"),
        open=Line("", totals["total"] - totals["closed"], f"state=open&{base}"),
        by_item=[
            Line(label, found_items[code], f"item={code or '-'}&{valid}")
            for code, label in items
            if found_items[code]
        ],
        by_handler=[Line(label, found_handlers[code], f"handler={code}&{valid}") for code, label in handlers],
        by_band=[
            Line(label, totals[f"band{n}"], f"{query}&{valid}") for n, (label, _c, query) in enumerate(cuts)
        ],
        response=totals["response"],
        solution=totals["solution"],
        answer=totals["answer"],
        duties_owed=sum(row.cases for row in done),
        duties_late=sum(row.late for row in done),
        compensation=totals["compensation"] or Decimal(0),
        by_employee=_employees(plain, f"state=valid{place}&sort=-opened"),
        penalties=_penalties(
            punished or scope, since, until, unit, f"{days.replace('opened', 'found')}{place}"
        ),
        by_clause=[(row, _cut(row.cut("owed"), valid), _cut(row.cut("late"), valid)) for row in done],
    )


def _mean(column: str) -> Avg:
    return Avg(
        ExpressionWrapper(F(column) - F("opened_at"), output_field=DurationField()),
        filter=Q(**{f"{column}__isnull": False}),
    )


def _cut(cut: str, query: str) -> str:
    return f"{urlencode({'cut': cut})}&{query}"


def _employees(rows: QuerySet[Complaint], query: str) -> list[dict[str, Any]]:
    """Complaints about each employee and month, and how many of them were confirmed."""
    confirmed = Q(faults__confirmed=True, faults__offence=CONFIRMED, faults__person=F("accused"))
    found = (
        rows.filter(accused__isnull=False)
        .annotate(month=TruncMonth("opened_at"))
        .values("accused", "accused__name", "month")
        .annotate(n=Count("id", distinct=True), confirmed=Count("id", distinct=True, filter=confirmed))
        .order_by("-n", "accused__name", "month")[:50]
    )
    return [row | {"query": f"accused={row['accused']}&{_month(row['month'])}&{query}"} for row in found]


def _month(first: dt.datetime) -> str:
    """A month as conditions of the list of complaints."""
    days = calendar.monthrange(first.year, first.month)[1]
    return f"opened_from={first:%Y-%m}-01&opened_to={first:%Y-%m}-{days}"


def _penalties(
    scope: Scope, since: dt.datetime, until: dt.datetime, unit: int | None, query: str
) -> list[Line]:
    rows = queries.penalties(scope).filter(fault__at__gte=since, fault__at__lt=until)
    if unit is not None:
        rows = rows.filter(ruling__unit=unit)
    counted = Counter(rows.values_list("state", flat=True))
    return [
        Line(str(label), counted[code], f"state={code}&{query}&sort=-number")
        for code, label in Penalty.State.choices
    ]
