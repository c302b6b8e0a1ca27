"""The weekly summary (F001-40) and the analysis (FM002-22): what they count, and the forms they are kept on."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.utils import translation

from zhike.complaints.followups import Summary
from zhike.complaints.regime import reads_english
from zhike.kernel.records.forms import Band, Field, Form, Lines, Row, cell, register

from . import papers, reports
from .reading import Reading
from .tables import Filled, Section

CASES = Section("cases", "投诉案件", "Cases", reports.CASES, reports.case_rows)
DEPARTMENTS = Section(
    "by_department", "按部门汇总", "By department", reports.DEPARTMENTS, reports.department_rows
)
WEEK_SECTIONS = (DEPARTMENTS, CASES)

_TOTALS = (
    Field("total", "投诉总数", "Complaints", "number"),
    Field("unanswered", "未答复", "Unanswered", "number"),
)
_SIGNED = (
    Field("comment", "汇总说明", "Comment", "long"),
    Field("signed", "汇总人", "Summed up by", "signature"),
    Field("opinion", "总经理意见", "General manager's opinion", "long"),
    Field("read", "总经理", "General manager", "signature"),
)
WEEK = register(
    Form(
        code="F001-40",
        zh="投诉周汇总",
        en="Weekly complaint summary",
        series="ZH-{yyyy}-{seq:03}",
        fields=(*papers.HEAD[:2], *_TOTALS, *map(papers.table, WEEK_SECTIONS), *_SIGNED),
        layout=(
            (cell("unit"), cell("period", span=3)),
            (cell("total"), cell("unanswered", span=3)),
            Band("按部门汇总", "By department"),
            Lines("by_department"),
            Band("案件、处理和答复", "Cases, handling and answer"),
            Lines("cases"),
            (cell("comment", "signed", span=5, tall=20),),
            (cell("opinion", "read", span=5, tall=20),),
        ),
        note_zh="每周汇总后报总经理，并归档保存。",
        note_en="Summed up each week for the general manager and filed.",
    )
)

MEASURES = Field(
    "measures", "改进措施", "Improvement measures", "table",
    columns=(Field("text", "措施", "Measure", "long", width=6), Field("owner", "责任人", "Owner", "person", width=2),
             Field("due", "完成期限", "Due", "date", width=2)),
)  # fmt: skip


def _analysis() -> Form:
    layout: list[Row | Band | Lines] = [(cell("unit"), cell("period", span=3))]
    for section in reports.ANALYSIS.sections:
        layout += [Band(section.zh, section.en), Lines(section.key)]
    layout += [
        (cell("problems", span=5, tall=24),),
        Band("改进措施", "Improvement measures"),
        Lines("measures"),
        (cell("signed", span=5),),
    ]
    return Form(
        code="FM002-22",
        zh="客户投诉分析表",
        en="Complaint analysis",
        series="FX-{yyyy}-{seq:03}",
        fields=(
            *papers.HEAD[:2],
            *map(papers.table, reports.ANALYSIS.sections),
            Field("problems", "主要问题", "Main problems", "long", required=True),
            MEASURES,
            Field("signed", "分析人", "Analyst", "signature"),
        ),
        layout=tuple(layout),
    )


ANALYSIS = register(_analysis())
FORMS = {Summary.Kind.WEEK: WEEK, Summary.Kind.ANALYSIS: ANALYSIS}


def week_tables(reading: Reading) -> list[Filled]:
    return [Filled(section, section.make(reading)) for section in WEEK_SECTIONS]


def week_figures(reading: Reading, *, unit: str) -> dict[str, Any]:
    """What the form of a week is prefilled with: by department, each case with handling and answer, the totals."""
    with translation.override(settings.LANGUAGE_CODE):  # a record is kept in one language, whoever signs it
        return _texts(week_tables(reading)) | {
            "unit": unit,
            "period": str(reading.asked.period),
            "total": reading.total,
            "unanswered": int(reading.totals["unanswered"]),
        }


def analysis_figures(reading: Reading, *, unit: str) -> dict[str, Any]:
    """What an analysis keeps of its period, in the language of the records."""
    with translation.override(settings.LANGUAGE_CODE):
        found = reports.filled(reports.ANALYSIS, reading)
        return _texts(found) | {"unit": unit, "period": str(reading.asked.period)}


def _texts(found: list[Filled]) -> dict[str, Any]:
    return {
        one.section.key: [{key: shown.text for key, shown in row.items()} for row in one.rows]
        for one in found
    }


def kept_tables(summary: Summary) -> list[tuple[str, list[tuple[bool, str]], list[list[tuple[bool, str]]]]]:
    """The tables of a signed summary as they were signed: heading, head and rows of (is a number, text)."""
    form, data = FORMS[Summary.Kind(summary.kind)], summary.record.data if summary.record else {}
    lang = "en" if reads_english() else "zh"
    sections = WEEK_SECTIONS if summary.kind == Summary.Kind.WEEK else reports.ANALYSIS.sections
    numeric = {
        (section.key, column.key): column.numeric for section in sections for column in section.columns
    }
    return [
        (
            field.label(lang),
            [(numeric.get((field.key, column.key), False), column.label(lang)) for column in field.columns],
            [
                [
                    (numeric.get((field.key, column.key), False), str(row.get(column.key) or ""))
                    for column in field.columns
                ]
                for row in data[field.key]
            ],
        )
        for field in form.fields
        if field.kind == "table" and field.key != MEASURES.key and data.get(field.key)
    ]


def printed(summary: Summary) -> dict[str, Any]:
    """What the form prints: what was signed, and what the reader has written on it since."""
    record = summary.record
    assert record is not None
    read: dict[str, Any] = {}
    if summary.read_by is not None and summary.read_at is not None:
        read = {
            "opinion": record.opinion,
            "read": {"name": summary.read_by.name, "at": summary.read_at.isoformat()},
        }
    return {**record.data, **read}
