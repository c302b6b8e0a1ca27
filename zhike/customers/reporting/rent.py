"""P000-01: rent and charges due, received and overdue, by tenant, station and age, and the share paid in time."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.db.models import Count, F, Q, Sum
from django.urls import reverse

from zhike.customers.charges import queries
from zhike.customers.models import Charge
from zhike.kernel.worktime import calendars

from .tables import NONE, Asked, Cell, Column, Row, Section, money, number, said, share

TOP = 20
ITEM = Column("name", "项目", "Item", 5, numeric=False)
BILLS = Column("bills", "账单数", "Bills")
DUE = Column("due", "应收(元)", "Due (yuan)", 3)
RECEIVED = Column("received", "实收(元)", "Received (yuan)", 3)
LATE = Column("late", "逾期(元)", "Overdue (yuan)", 3)
IN_TIME = Column("in_time", "按时率", "Paid in time")


def _rows(asked: Asked) -> Any:
    """Bills that fall due in the period."""
    period = asked.period
    rows = Charge.objects.filter(sale__due_on__gte=period.first, sale__due_on__lt=period.after)
    return asked.customers(rows, "sale__customer").annotate(open=queries.OWED).order_by()


def _sums(asked: Asked) -> dict[str, Any]:
    """What counts a bill; remissions are not due any more, and what is not due yet cannot be in time."""
    today = calendars.local_day(asked.now, asked.unit or 0)
    late = Q(open__gt=0, sale__due_on__lt=today)
    return {
        "bills": Count("pk"),
        "due": Sum("sale__amount") - Sum("sale__discount"),
        "received": Sum("sale__collected"),
        "late": Sum("open", filter=late),
        "overdue": Count("pk", filter=late),
        "passed": Count("pk", filter=Q(sale__due_on__lt=today) | Q(open__lte=0)),
        "punctual": Count("pk", filter=queries.in_time()),
    }


def _list(asked: Asked, **conditions: str) -> str:
    days = {"due_from": f"{asked.period.first:%Y-%m-%d}", "due_to": f"{asked.period.last:%Y-%m-%d}"}
    place = {"unit": str(asked.unit)} if asked.unit is not None else {}
    return f"{reverse('customers:charges')}?{urlencode({**days, **place, **conditions})}"


def _line(name: str, found: Any, url: str) -> Row:
    return {
        "name": Cell(name),
        "bills": number(found["bills"], url),
        "due": money(found["due"]),
        "received": money(found["received"]),
        "late": money(found["late"]) if found["late"] else Cell(NONE),
        "in_time": share(found["punctual"], found["passed"]),
    }


def whole(asked: Asked) -> list[Row]:
    found = _rows(asked).aggregate(**_sums(asked))
    if not found["bills"]:
        return []
    return [
        {"name": Cell(said("应收", "Due")), "bills": number(found["bills"], _list(asked)), "due": money(found["due"])},
        {"name": Cell(said("实收", "Received")), "due": money(found["received"])},
        {"name": Cell(said("逾期未付", "Overdue")), "bills": number(found["overdue"], _list(asked, state="OVERDUE")), "due": money(found["late"])},
        {"name": Cell(said("按时付清", "Paid in time")), "bills": number(found["punctual"], _list(asked, state="INTIME")), "due": share(found["punctual"], found["passed"])},
    ]  # fmt: skip


def by_age(asked: Asked) -> list[Row]:
    """What is overdue by how long; a band counts what stands unpaid today."""
    bands = queries.bands(_rows(asked), asked.now)
    if not bands:
        return []
    today = calendars.local_day(asked.now, asked.unit or 0)
    sums: dict[str, Any] = {}
    for place, band in enumerate(bands):
        unpaid = band.within(today) & Q(open__gt=0)
        sums |= {f"bills_{place}": Count("pk", filter=unpaid), f"late_{place}": Sum("open", filter=unpaid)}
    found = _rows(asked).aggregate(**sums)
    rows: list[Row] = [
        {
            "name": Cell(band.label),
            "bills": number(found[f"bills_{place}"], _list(asked, age=band.code)),
            "late": money(found[f"late_{place}"]),
        }
        for place, band in enumerate(bands)
    ]
    return rows if any(row["bills"].url for row in rows) else []


def by_station(asked: Asked) -> list[Row]:
    column = "sale__customer__region"
    rows = (
        _rows(asked).values(column).annotate(**_sums(asked)).order_by(F("late").desc(nulls_last=True), column)
    )
    named = [(row[column] or NONE, row) for row in rows]
    return [_line(name, row, _list(asked, station=name)) for name, row in named]


def by_tenant(asked: Asked) -> list[Row]:
    """The tenants who owe most first."""
    columns = ("sale__customer", "sale__customer__name")
    rows = (
        _rows(asked)
        .values(*columns)
        .annotate(**_sums(asked))
        .order_by(F("late").desc(nulls_last=True), "-due", "sale__customer")[:TOP]
    )
    return [_line(row[columns[1]], row, _list(asked, of=str(row[columns[0]]))) for row in rows]


WHOLE = Section(
    "whole", "收缴概况", "Whole", (ITEM, BILLS, Column("due", "金额或比率", "Amount or share", 3)), whole
)
BY_AGE = Section("ages", "逾期账龄", "Overdue by age", (ITEM, BILLS, LATE), by_age)
BY_STATION = Section(
    "stations", "按站点", "By station", (ITEM, BILLS, DUE, RECEIVED, LATE, IN_TIME), by_station
)
BY_TENANT = Section("tenants", "按租户", "By tenant", (ITEM, BILLS, DUE, RECEIVED, LATE, IN_TIME), by_tenant)
