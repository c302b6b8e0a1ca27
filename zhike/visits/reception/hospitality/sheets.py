"""FM002-11, customer entertainment management sheet."""

from __future__ import annotations

from typing import Any

from zhike.kernel.parties import subjects
from zhike.kernel.procedures.models import ApprovalStep
from zhike.kernel.records.forms import Field, Form, Option, cell, register
from zhike.visits.reception.questions import KINDS

from .models import Hospitality

WORDS = tuple(Option(code, zh, en) for code, zh, en in KINDS)
STATES = (
    Option("ASKED", "待批", "Waiting for approval"),
    Option("APPROVED", "未结算", "Not settled"),
    Option("REFUSED", "未批准", "Refused"),
    Option("WITHDRAWN", "已撤回", "Withdrawn"),
    Option("SETTLED", "已结算", "Settled"),
)
GRADES = (Option("KEY", "重点客户", "Key customer"), Option("OTHER", "其他客户", "Other customer"))
SAID = {"YES": "同意", "NO": "不同意", "BACK": "退回"}


def _opinions(row: Hospitality) -> str:
    key = {f"approval__{name}": value for name, value in subjects.key(row).items()}
    steps = ApprovalStep.objects.filter(**key, decision__in=SAID).select_related("approver").order_by("pk")
    return "；".join(f"{one.approver.name}：{SAID[one.decision]} {one.opinion}".strip() for one in steps)


def _money(value: Any) -> str:
    return "" if value is None else f"{value:,.2f}"


def _count(value: Any) -> str:
    return "" if value is None else str(value)


SHEET = register(
    Form(
        code="FM002-11",
        zh="客户招待管理表",
        en="Customer entertainment management",
        fields=(
            Field("number", "申请编号", "Application no.", source=lambda h: h.number),
            Field("by", "申请人", "Applicant", "person", source=lambda h: h.by.name),
            Field("unit", "部门", "Department", source=lambda h: h.unit.label),
            Field("at", "申请时间", "Applied", "moment", source=lambda h: h.at),
            Field("customer", "客户", "Customer", "person", source=lambda h: h.customer.name),
            Field(
                "grade",
                "等级",
                "Grade",
                "choice",
                source=lambda h: "KEY" if h.is_key else "OTHER",
                options=GRADES,
            ),
            Field("guests", "人数", "Guests", source=lambda h: str(h.guests)),
            Field("names", "客人和职务", "Guests and positions", source=lambda h: h.guest_names),
            Field(
                "with",
                "陪同人员",
                "Companions",
                source=lambda h: f"{h.companions} {h.companion_names}".strip(),
            ),
            Field("reason", "事由", "Reason", "long", source=lambda h: h.reason),
            Field("kind", "种类", "Kind", "choice", source=lambda h: h.kind, options=WORDS),
            Field("place", "地点", "Place", source=lambda h: h.place),
            Field("on", "日期", "Day", "date", source=lambda h: h.on),
            Field("each", "人均标准", "Standard per person", source=lambda h: _money(h.each)),
            Field("budget", "预算", "Budget", source=lambda h: _money(h.budget)),
            Field("opinions", "审批意见", "Approvers and opinion", "long", source=_opinions),
            Field("after", "补报原因", "Applied for afterwards because", source=lambda h: h.after_reason),
            Field("actual_on", "实际日期", "Actual day", "date", source=lambda h: h.actual_on),
            Field("actual_guests", "实际人数", "Guests who came", source=lambda h: _count(h.actual_guests)),
            Field("cost", "实际费用", "Actual cost", source=lambda h: _money(h.cost)),
            Field("invoice", "发票号码", "Invoice no.", source=lambda h: h.invoice),
            Field("overrun", "超支原因", "Reason for the overrun", source=lambda h: h.overrun_reason),
            Field("result", "接待效果", "Result", "long", source=lambda h: h.result),
            Field("satisfaction", "满意度", "Satisfaction", source=lambda h: _count(h.satisfaction)),
            Field("state", "结算情况", "Settlement", "choice", source=lambda h: h.state, options=STATES),
        ),
        layout=(
            (cell("number"), cell("by"), cell("unit")),
            (cell("customer"), cell("grade"), cell("at")),
            (cell("guests"), cell("names", span=3)),
            (cell("with", span=5),),
            (cell("reason", span=5, tall=24, vertical=True),),
            (cell("kind"), cell("place"), cell("on")),
            (cell("each"), cell("budget", span=3)),
            (cell("after", span=5),),
            (cell("opinions", span=5, tall=30, vertical=True),),
            (cell("actual_on"), cell("actual_guests"), cell("cost")),
            (cell("invoice"), cell("overrun", span=3)),
            (cell("result", span=5, tall=24, vertical=True),),
            (cell("satisfaction"), cell("state", span=3)),
        ),
    )
)
