"""A report on paper and in files: the tables as an official form, printed like every other."""

from __future__ import annotations

from typing import Any

from zhike.kernel.records.forms import Band, Field, Form, Lines, Row, cell, register

from .reports import REPORTS
from .tables import Column, Filled, Report, Section

# what stands at the head of every report
HEAD = (
    Field("unit", "单位", "Unit"),
    Field("period", "统计期间", "Period"),
    Field("made_by", "制表人", "Made by", "person"),
)


def _column(column: Column) -> Field:
    return Field(column.key, column.zh, column.en, "text" if column.numeric else "long", width=column.width)


def table(section: Section) -> Field:
    return Field(section.key, section.zh, section.en, "table", columns=tuple(map(_column, section.columns)))


def form_of(report: Report) -> Form:
    layout: list[Row | Band | Lines] = [(cell("unit"), cell("period"), cell("made_by"))]
    for section in report.sections:
        layout += [Band(section.zh, section.en), Lines(section.key)]
    return Form(
        code=report.code,
        zh=report.zh,
        en=report.en,
        fields=(*HEAD, *map(table, report.sections)),
        layout=tuple(layout),
    )


FORMS = {code: register(form_of(report)) for code, report in REPORTS.items()}


def values(found: list[Filled], *, unit: str, period: str, by: str) -> dict[str, Any]:
    """What the form holds: texts, so that the paper says what the page said."""
    return {"unit": unit, "period": period, "made_by": by} | {
        one.section.key: [{key: shown.text for key, shown in row.items()} for row in one.rows]
        for one in found
    }
