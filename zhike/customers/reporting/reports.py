"""The reports on customers, as the register describes them, and their forms on paper."""

from __future__ import annotations

from typing import Any

from zhike.kernel.records.forms import Band, Field, Form, Lines, cell, register
from zhike.kernel.records.forms import Row as FormRow

from . import course, rent, resources, worth
from .tables import Asked, Column, Filled, Report

REPORTS: dict[str, Report] = {
    report.code: report
    for report in (
        Report(
            "ST002-47", "客户资源统计", "Customer resources",
            (resources.BY_KIND, resources.BY_GRADE, resources.BY_REGION, resources.BY_STAGE, resources.COVERAGE),
        ),
        Report(
            "ST002-48", "客户需求变化报告", "Changes of customers' needs", (worth.NEEDS, worth.TREND, worth.LEARNT),
        ),
        Report(
            "ST002-63", "等级、区域、销售和风险统计", "Rank, region, sales and risk",
            (resources.BY_RANK, resources.BY_REGION, resources.BY_SALES, resources.BY_RISK, course.moved("rank")),
        ),
        Report(
            "P003-02", "生命周期漏斗", "Life-cycle funnel", (course.FUNNEL, course.moved("stage")),
        ),
        Report("P003-03", "客户价值", "Value of customers", (worth.VALUE, worth.BEST)),
        Report("P003-04", "客户细分", "Segments of customers", (worth.SEGMENTS, course.moved("segment"))),
        Report(
            "P004-06", "客户评价", "Evaluation of customers",
            (course.EVALUATIONS, course.ITEMS, course.moved("class")),
        ),
        Report("P004-08", "四类客户目标", "Goals of the classes", (resources.BY_CLASS, course.GOALS)),
        Report(
            "P000-01", "租金收缴", "Collection of rent",
            (rent.WHOLE, rent.BY_AGE, rent.BY_STATION, rent.BY_TENANT),
        ),
        Report("S000-15", "客户等级变动", "Moves between grades", (resources.BY_GRADE, course.moved("grade"))),
    )
}  # fmt: skip


def filled(report: Report, asked: Asked, *, pictures: bool = True) -> list[Filled]:
    """Every table of a report that has rows."""
    found = [
        Filled(section, section.make(asked), section.picture(asked) if pictures and section.picture else None)
        for section in report.sections
    ]
    return [one for one in found if one.rows]


# --- on paper

HEAD = (
    Field("unit", "单位", "Unit"),
    Field("period", "统计期间", "Period"),
    Field("made_by", "制表人", "Made by", "person"),
)
ANALYSIS = Field("analysis", "分析和建议", "Analysis and suggestions", "long")


def _column(column: Column) -> Field:
    return Field(column.key, column.zh, column.en, "figure" if column.numeric else "long", width=column.width)


def form_of(report: Report) -> Form:
    """The paper of a report; signed by who makes it, reviewed by another, and so published (R002-P06)."""
    layout: list[FormRow | Band | Lines] = [(cell("unit"), cell("period"), cell("made_by"))]
    for section in report.sections:
        layout += [Band(section.zh, section.en), Lines(section.key)]
    layout += [Band("分析", "Analysis"), (cell("analysis", span=5, tall=16),)]
    tables = (
        Field(section.key, section.zh, section.en, "table", columns=tuple(map(_column, section.columns)))
        for section in report.sections
    )
    return Form(
        code=report.code,
        zh=report.zh,
        en=report.en,
        fields=(*HEAD, *tables, ANALYSIS),
        layout=tuple(layout),
        reviewed=True,
    )


FORMS = {code: register(form_of(report)) for code, report in REPORTS.items()}


def values(found: list[Filled], *, unit: str, period: str, by: str, analysis: str = "") -> dict[str, Any]:
    """What the form holds: texts, so that the paper says what the page said."""
    return {"unit": unit, "period": period, "made_by": by, "analysis": analysis} | {
        one.section.key: [{key: shown.text for key, shown in row.items()} for row in one.rows]
        for one in found
    }
