"""Everything about a person as a file: JSON for programs, a sheet (HTML, PDF) for people."""

from __future__ import annotations

import json
from typing import Any
from zoneinfo import ZoneInfo

from django.utils.translation import get_language

from zhike.customers.models import Customer
from zhike.kernel.records import values
from zhike.kernel.records.forms import Field, Form, Lines, cell
from zhike.kernel.records.models import Record
from zhike.kernel.worktime import calendars

from . import holdings, queries
from .telling import COLUMNS, GROUPS, word

SHEET = Form(
    code="PIPL-COPY",
    zh="个人信息副本",
    en="Copy of personal information",
    fields=(
        Field("name", "姓名", "Name"),
        Field("number", "客户编号", "Customer no."),
        Field("day", "日期", "Day", "date"),
        Field(
            "rows",
            "所持有的信息",
            "What is held",
            "table",
            columns=(
                Field("group", "类别", "Group", width=3),
                Field("label", "项目", "Item", width=3),
                Field("value", "内容", "Content", "long", width=9),
            ),
        ),
    ),
    layout=((cell("name"), cell("number"), cell("day")), Lines("rows")),
)


def groups(customer: Customer) -> list[holdings.Group]:
    """All that is held: the file itself and those merged into it, every table that points to them, sheets, and what the
    trades hold."""
    return [group for file in queries.with_merged(customer) for group in _of_file(file)]


def _of_file(customer: Customer) -> list[holdings.Group]:
    found: list[holdings.Group] = [(Customer._meta.label, [holdings.told(customer)])]
    found += list(holdings.tables(customer))
    label = Customer._meta.label
    sheets = Record.objects.filter(subject_label=label, subject_id=customer.pk).exclude(state="VOID")
    rows = [
        {"form": row.form, **{key: holdings.plain(value) for key, value in row.data.items() if value and key != "_options"}}
        for row in sheets
    ]  # fmt: skip
    if rows:
        found.append(("forms", rows))
    for holding in holdings.all_holdings():
        found += list(holding.gather(customer))
    return found


def as_json(customer: Customer, found: list[holdings.Group]) -> bytes:
    data: dict[str, Any] = {"customer": customer.number, "data": {}}
    for name, rows in found:
        data["data"].setdefault(name, []).extend(rows)
    return json.dumps(data, ensure_ascii=False, indent=2).encode()


def _told(value: Any, zone: ZoneInfo) -> Any:
    """Moments as people read them; the file for programs keeps them as they are."""
    at = values.moment(value)
    return value if at is None else f"{at.astimezone(zone):%Y-%m-%d %H:%M}"


def as_sheet(customer: Customer, found: list[holdings.Group], day: Any) -> dict[str, Any]:
    """Values of SHEET."""
    english = (get_language() or "").startswith("en")
    zone = calendars.calendar_for(customer.unit_id).zone
    rows = [
        {
            "group": word(GROUPS, name, english=english) if place == 0 and not number else "",
            "label": word(COLUMNS, label, english=english),
            "value": _told(value, zone),
        }
        for name, lines in found
        for number, line in enumerate(lines)
        for place, (label, value) in enumerate(line.items())
    ]
    return {"name": customer.name, "number": customer.number, "day": day.isoformat(), "rows": rows}
