"""Forms of reports: F004-02 monthly plan, F004-11 weekly report, F004-12 monthly report, F001-59 work summary."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from zhike.kernel.records.forms import Field, Form, Lines, Row, cell, register

from .models import Measure, Report, Version


@dataclass(frozen=True)
class Filled:
    """A report with its parts in order, its versions and the measures of the summary before."""

    row: Report
    parts: dict[str, str]  # label -> text
    versions: list[Version]
    before: list[Measure]


def _texts(filled: Filled) -> list[dict[str, Any]]:
    return [{"part": label, "text": text} for label, text in filled.parts.items()]


def _gaps(filled: Filled) -> list[dict[str, Any]]:
    return [
        {
            "name": gap.name, "target": str(gap.target), "actual": "" if gap.actual is None else str(gap.actual),
            "short": "" if gap.short is None else str(gap.short), "cause": gap.cause,
        }
        for gap in filled.row.gaps.all()
    ]  # fmt: skip


def _measures(rows: Any) -> list[dict[str, Any]]:
    return [
        {"text": row.text, "due": row.due_on, "fate": f"{row.get_fate_display()} {row.fate_note}".strip()}
        for row in rows
    ]


def _versions(filled: Filled) -> list[dict[str, Any]]:
    return [
        {"number": str(one.number), "at": one.at, "reason": one.reason} for one in reversed(filled.versions)
    ]


HEAD = (
    Field("author", "填报人", "Reporter", "person", source=lambda f: f.row.author.name),
    Field("unit", "部门", "Department", source=lambda f: f.row.unit.label),
    Field("period", "期间", "Period", source=lambda f: f"{f.row.first} ~ {f.row.last}"),
    Field("at", "填报时间", "Report time", "moment", source=lambda f: f.row.submitted_at),
    Field(
        "parts", "内容", "Content", "table", source=_texts,
        columns=(Field("part", "项目", "Part", width=22), Field("text", "内容", "Content", "long", width=78)),
    ),
    Field("comment", "领导批示", "Leader's comment", "long", source=lambda f: f.row.comment),
    Field("leader", "批示人", "Leader", "person", source=lambda f: f.row.commented_by.name if f.row.commented_by else ""),
    Field("commented", "批示时间", "Commented at", "moment", source=lambda f: f.row.commented_at),
)  # fmt: skip
TOP: tuple[Row, ...] = ((cell("author"), cell("at", span=3)), (cell("unit"), cell("period", span=3)))
FOOT: tuple[Row, ...] = (
    (cell("comment", span=5, tall=30, vertical=True),),
    (cell("leader"), cell("commented", span=3)),
)
VERSIONS = Field(
    "versions", "调整记录", "Versions", "table", source=_versions,
    columns=(Field("number", "版本", "Version", width=12), Field("at", "时间", "At", "moment", width=28), Field("reason", "原因", "Reason", "long", width=60)),
)  # fmt: skip
GAPS = Field(
    "gaps", "服务差距", "Service gaps", "table", source=_gaps,
    columns=(
        Field("name", "指标", "Indicator", width=26), Field("target", "目标（%）", "Target (%)", width=12),
        Field("actual", "实际（%）", "Actual (%)", width=12), Field("short", "差距", "Gap", width=10),
        Field("cause", "原因", "Cause", "long", width=40),
    ),
)  # fmt: skip
NEXT = Field(
    "measures", "下一步措施", "Next measures", "table", source=lambda f: _measures(f.row.measures.all()),
    columns=(Field("text", "措施", "Measure", "long", width=72), Field("due", "完成日期", "Due", "date", width=28)),
)  # fmt: skip
BEFORE = Field(
    "before", "上月措施的落实", "Fate of last month's measures", "table", source=lambda f: _measures(f.before),
    columns=(
        Field("text", "措施", "Measure", "long", width=45), Field("due", "完成日期", "Due", "date", width=20),
        Field("fate", "落实情况", "What became of it", "long", width=35),
    ),
)  # fmt: skip

FORMS = {
    "MONTH_PLAN": register(
        Form("F004-02", "月工作计划", "Monthly work plan", (*HEAD, VERSIONS), (*TOP, Lines("parts"), Lines("versions", least=1), *FOOT))
    ),
    "WEEK": register(Form("F004-11", "周工作报告", "Weekly work report", (*HEAD, VERSIONS), (*TOP, Lines("parts"), Lines("versions", least=1), *FOOT))),
    "MONTH": register(
        Form("F004-12", "月工作报告", "Monthly work report", (*HEAD, GAPS), (*TOP, Lines("gaps"), Lines("parts"), *FOOT))
    ),
    "SUMMARY": register(
        Form("F001-59", "工作总结", "Monthly work summary", (*HEAD, NEXT, BEFORE), (*TOP, Lines("before", least=1), Lines("parts"), Lines("measures", least=3), *FOOT))
    ),
}  # fmt: skip
