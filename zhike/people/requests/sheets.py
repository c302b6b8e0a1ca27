"""Forms of requests: F004-07 weekly feedback sheet, F004-08 urgent problem report, F004-16 coordination request."""

from __future__ import annotations

import datetime as dt
from typing import Any

from zhike.kernel.parties.models import Party
from zhike.kernel.records.forms import Field, Form, Lines, cell, register

from .models import Request
from .queries import WeekSheet


def _name(row: Request) -> str:
    return row.customer.name if row.customer is not None else ""


def _by(row: Request) -> str:
    return row.answered_by.name if row.answered_by is not None else ""


def _lines(sheet: WeekSheet) -> list[dict[str, Any]]:
    return [
        {
            "shop": _name(row),
            "problem": row.text,
            "kind": row.topic,
            "asked_of": row.to_unit.label,
            "answer": row.answer,
            "answered_at": row.answered_at,
            "told_at": row.told_at,
        }
        for row in sheet.requests
    ]


def _signed(who: Party | None, at: dt.datetime | None) -> dict[str, str]:
    """What was done in the system stands as signed; a line to sign on stays where nobody has done it yet."""
    return {
        "name": who.name if who is not None and at is not None else "",
        "at": at.isoformat() if at else "",
    }


def _signatures(asks: tuple[str, str], answers: tuple[str, str]) -> tuple[Field, Field]:
    return (
        Field("asked_sign", *asks, "signature", source=lambda r: _signed(r.asked_by, r.asked_at)),
        Field("answer_sign", *answers, "signature", source=lambda r: _signed(r.answered_by, r.answered_at)),
    )


WEEK = register(
    Form(
        code="F004-07",
        zh="每周信息反馈单",
        en="Weekly feedback sheet",
        fields=(
            Field("author", "客户经理", "Customer manager", "person", source=lambda s: s.author.name),
            Field("unit", "部门", "Department", source=lambda s: s.unit.label),
            Field("week", "周次", "Week", source=lambda s: f"{s.monday} ~ {s.sunday:%m-%d}"),
            Field(
                "lines",
                "一般问题",
                "General problems",
                "table",
                source=_lines,
                columns=(
                    Field("shop", "店铺", "Shop", width=14),
                    Field("problem", "问题", "Problem", "long", width=26),
                    Field("kind", "类别", "Kind", width=9),
                    Field("asked_of", "请求部门", "Asked of", width=13),
                    Field("answer", "答复", "Answer", "long", width=22),
                    Field("answered_at", "答复时间", "Answered at", "moment", width=12),
                    Field("told_at", "转告客户", "Told the shop", "moment", width=12),
                ),
            ),
            Field("sign", "填表人签字", "Filled in by", "signature"),
            Field("seen", "主管审阅", "Seen by the leader", "signature"),
        ),
        layout=(
            (cell("author"), cell("unit"), cell("week")),
            Lines("lines", least=8),
            (cell("sign"), cell("seen", span=3)),
        ),
    )
)

URGENT = register(
    Form(
        code="F004-08",
        zh="紧急问题汇报记录",
        en="Urgent problem report",
        fields=(
            Field("number", "编号", "No.", source=lambda r: r.number),
            Field("shop", "店铺", "Shop", source=_name),
            Field("by", "汇报人", "Reported by", "person", source=lambda r: r.asked_by.name),
            Field("at", "汇报时间", "Reported at", "moment", source=lambda r: r.asked_at),
            Field("text", "紧急问题", "Urgent problem", "long", source=lambda r: r.text),
            Field("leader", "部门领导", "Leader", "person", source=lambda r: r.owner.name),
            Field("answer", "领导指示", "Instruction", "long", source=lambda r: r.answer),
            Field("answered_at", "指示时间", "Instructed at", "moment", source=lambda r: r.answered_at),
            Field("result", "处理结果", "Result", "long", source=lambda r: r.result),
            Field("ended_at", "办结时间", "Settled at", "moment", source=lambda r: r.ended_at),
            *_signatures(("汇报人签字", "Reporter's signature"), ("领导签字", "Leader's signature")),
        ),
        layout=(
            (cell("number"), cell("shop", span=3)),
            (cell("by"), cell("at", span=3)),
            (cell("text", span=5, tall=46, vertical=True),),
            (cell("leader"), cell("answered_at", span=3)),
            (cell("answer", span=5, tall=40, vertical=True),),
            (cell("result", span=5, tall=30, vertical=True),),
            (cell("ended_at", span=5),),
            (cell("asked_sign"), cell("answer_sign", span=3)),
        ),
    )
)

COORDINATION = register(
    Form(
        code="F004-16",
        zh="协调事项单",
        en="Coordination request",
        fields=(
            Field("number", "编号", "No.", source=lambda r: r.number),
            Field("kind", "类别", "Kind", source=lambda r: r.topic or r.get_kind_display()),
            Field("by", "提出人", "Asked by", "person", source=lambda r: r.asked_by.name),
            Field("unit", "提出部门", "Asking department", source=lambda r: r.unit.label),
            Field("at", "提出时间", "Asked at", "moment", source=lambda r: r.asked_at),
            Field("shop", "客户", "Customer", source=_name),
            Field("text", "需协调的问题", "Problem", "long", source=lambda r: r.text),
            Field("to", "承办部门", "Department", source=lambda r: r.to_unit.label),
            Field("owner", "承办人", "In charge", "person", source=lambda r: r.owner.name),
            Field("due", "期限", "Due", "moment", source=lambda r: r.due_at),
            Field("passings", "转办次数", "Passed on", source=lambda r: str(r.passings)),
            Field("answer", "答复", "Answer", "long", source=lambda r: r.answer),
            Field("answered_by", "答复人", "Answered by", "person", source=_by),
            Field("answered_at", "答复时间", "Answered at", "moment", source=lambda r: r.answered_at),
            Field("result", "办理结果", "Result", "long", source=lambda r: r.result),
            *_signatures(("提出人签字", "Asker's signature"), ("答复人签字", "Answerer's signature")),
        ),
        layout=(
            (cell("number"), cell("kind", span=3)),
            (cell("by"), cell("unit", span=3)),
            (cell("at"), cell("shop", span=3)),
            (cell("text", span=5, tall=40, vertical=True),),
            (cell("to"), cell("owner", span=3)),
            (cell("due"), cell("passings", span=3)),
            (cell("answer", span=5, tall=40, vertical=True),),
            (cell("answered_by"), cell("answered_at", span=3)),
            (cell("result", span=5, tall=30, vertical=True),),
            (cell("asked_sign"), cell("answer_sign", span=3)),
        ),
    )
)


def form_of(row: Request) -> Form:
    return URGENT if row.kind == Request.Kind.URGENT else COORDINATION
