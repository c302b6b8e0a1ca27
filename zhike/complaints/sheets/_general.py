"""The general forms of the handbook (FM002): registration, investigation, report, tracking."""

from __future__ import annotations

import datetime as dt
from typing import Any

from zhike.complaints.capa.models import CapaJudgement
from zhike.kernel.records.forms import Band, Field, Form, Lines, Option, cell, register
from zhike.kernel.worktime import calendars

from . import _reading as reading
from ._corrective import Corrected, Judged, Measured, first, vain
from ._fields import (
    CAUSE,
    CLASS,
    CLOSED_AT,
    COMPENSATION,
    CUSTOMER,
    DEMAND,
    EVIDENCE,
    EXECUTION,
    HANDLER,
    MEASURE,
    NUMBER,
    OPENED_AT,
    PHONE,
    TAKER,
    TEXT,
    VALUE,
    due,
    lines,
    more,
    named,
    satisfaction,
    signed,
    written,
    written_at,
    written_by,
)
from ._reading import YES_NO, Either, Filled, More, Owed, Written

WAYS = (
    Option("LETTER", "来信", "Letter"),
    Option("PHONE", "来电", "Call"),
    Option("COUNTER", "来访", "Visit"),
    Option("EMAIL", "电子邮件", "E-mail"),
    Option("OTHER", "其他", "Other"),
)
KINDS = (
    Option("质量", "质量", "Quality"),
    Option("交", "交货", "Delivery"),
    Option("服务", "服务", "Service"),
    Option("价", "价格", "Price"),
    Option("OTHER", "其他", "Other"),
)
LEVELS = (Option("是", "重大", "Major"), Option("否", "一般", "Ordinary"))
MEASURES = (
    Option("REPAIR", "修理", "Repair"),
    Option("EXCHANGE", "换货", "Exchange"),
    Option("RETURN", "退货", "Return"),
    Option("DISCOUNT", "折价", "Discount"),
    Option("COMPENSATION", "赔偿", "Compensation"),
    Option("APOLOGY", "道歉", "Apology"),
    Option("EXPLANATION", "解释", "Explanation"),
)
COMPLAINANT = named(CUSTOMER, "投诉人", "Complainant")
RESPONSIBLE = Either(
    (
        lambda f: "、".join(share.who for share in f.file.after.shares),
        More(("responsible_department",)),
        Written(("responsibility",), part="责任部门"),
    )
)
LOSS = more("loss", "客户损失(元)", "Customer's loss (yuan)", "loss", "claim", kind="money")
OPINION = Field(
    "opinion",
    "意见",
    "Opinion",
    "long",
    source=Either((Written(("opinion", "report")), Written(("plan",), part="纠正方案"))),
)
INVESTIGATION = ("investigation", "responsibility", "details", "check")


def _way(filled: Filled) -> list[str]:
    known = {option.code for option in WAYS}
    return [filled.complaint.channel if filled.complaint.channel in known else "OTHER"]


def _kind(filled: Filled) -> list[str]:
    """The kind that the item, or else its class, has in its own words."""
    complaint, regime = filled.complaint, filled.regime
    if regime is None or not complaint.item:
        return []
    names = (regime.name_of("投诉项目", complaint.item), regime.name_of("投诉大类", complaint.group))
    found = [option.code for name in names for option in KINDS if option.code in name]
    return found[:1] or ["OTHER"]


def _unit(filled: Filled) -> str:
    """The business that complains; nothing where a person does."""
    customer = filled.complaint.customer
    return customer.name if customer and customer.kind == customer.Kind.ORGANISATION else ""


def _measures(filled: Filled) -> list[str]:
    """What is on record; the others are ticked by hand."""
    agreement = filled.file.after.agreement
    found = {"COMPENSATION"} if filled.complaint.compensation else set()
    found |= set(agreement.ways) if agreement else set()
    found |= {"APOLOGY"} if filled.raw("apology") == "是" else set()
    return [option.code for option in MEASURES if option.code in found]


def _borne(filled: Filled) -> str:
    """Who bears how much, a line each, with the part of the compensation."""
    lines = []
    for share, part in filled.file.after.borne(filled.complaint.compensation):
        money = f" {part}元" if part is not None else ""
        nature = f"({share.nature})" if share.nature else ""
        lines.append(f"{share.who} {share.percent.normalize():f}%{money}{nature}")
    return "\n".join(lines)


def _percents(filled: Filled) -> str:
    return "、".join(f"{share.who} {share.percent.normalize():f}%" for share in filled.file.after.shares)


def _agreed(filled: Filled) -> str:
    """What the customer said to the solution, by whom and which way."""
    row = filled.file.after.agreement
    if row is None:
        return ""
    said = "同意" if row.agreed else "不同意"
    return f"{said}({row.who},{row.get_channel_display()},{row.at:%Y-%m-%d}){row.text}"


def _visited(filled: Filled) -> dt.date | None:
    row = filled.file.after.rating
    return calendars.local_day(row.at, filled.complaint.unit_id) if row else None


def _penalties(filled: Filled) -> str:
    """Penalties that the manual proposes for confirmed findings, for those who may see findings."""
    return "\n".join(
        f"{fault.person.name} {filled.label('处分', fault.penalty.measure)} {fault.penalty.clause}".strip()
        for fault in filled.file.faults
        if fault.confirmed and hasattr(fault, "penalty")
    )


def _reopened(filled: Filled) -> list[str]:
    """Whether the case was taken up again, or the check of the effect sent it back; nothing before either."""
    if filled.complaint.reopened:
        return ["是"]
    checks = [step.decision for step in filled.file.steps if step.kind == "effect"]
    return ["是" if any(checks) else "否"] if checks else []


def _tracked(filled: Filled) -> list[dict[str, Any]]:
    """Steps and what was said to and by the customer, in order; internal notes stay inside."""
    steps = [(step.at, step.by, step.text, filled.stage_label(step.stage)) for step in filled.file.steps]
    said = [
        (entry.at, entry.by or filled.complaint.customer, entry.text, entry.get_kind_display())
        for entry in filled.file.entries
        if entry.kind != "NOTE"
    ]
    return [
        {"at": at, "by": by.name if by else "", "text": text, "state": state}
        for at, by, text, state in sorted([*steps, *said], key=lambda row: row[0])
    ]


REGISTRATION = register(
    Form(
        code="FM002-20",
        zh="客户投诉登记表",
        en="Complaint registration",
        fields=(
            NUMBER,
            named(OPENED_AT, "日期时间", "Date and time"),
            Field("way", "方式", "Way", "ticks", source=_way, options=WAYS),
            COMPLAINANT,
            Field("unit", "单位", "Unit", source=_unit),
            named(PHONE, "电话", "Telephone"),
            more("address", "地址", "Address"),
            more("product", "产品", "Product", "product", "goods", "model", "product_class", "material_no"),
            more("order", "订单或批号", "Order / batch", "order_no", "lot", "batch", "vin"),
            more("quantity", "数量", "Quantity", kind="number"),
            named(VALUE, "金额(元)", "Amount (yuan)", key="amount"),
            Field("kind", "种类", "Kind", "ticks", source=_kind, options=KINDS),
            CLASS,
            named(TEXT, "内容", "Content"),
            named(DEMAND, "要求", "Demand"),
            EVIDENCE,
            Field(
                "level",
                "级别",
                "Level",
                "ticks",
                source=lambda f: ["是" if f.complaint.major else "否"],
                options=LEVELS,
            ),
            TAKER,
            HANDLER,
            Field(
                "limit",
                "处理期限",
                "Time limit",
                "moment",
                source=reading.limit,
            ),
            Field("state", "状态", "State", source=reading.state),
        ),
        layout=(
            (cell("number"), cell("opened_at", span=3)),
            (cell("way", span=5),),
            (cell("customer"), cell("unit"), cell("phone")),
            (cell("address", span=5),),
            (cell("product"), cell("order"), cell("quantity")),
            (cell("kind", span=3), cell("amount")),
            (cell("class", span=3), cell("level")),
            (cell("text", span=5, tall=40, vertical=True),),
            (cell("demand", span=5, tall=16),),
            (cell("evidence", span=5, tall=16),),
            (cell("taker"), cell("handler"), cell("state")),
            (cell("limit", span=5),),
        ),
    )
)

INVESTIGATED = register(
    Form(
        code="FM002-21",
        zh="客户投诉调查表",
        en="Complaint investigation",
        fields=(
            NUMBER,
            written_by("investigator", "调查人", "Investigator", *INVESTIGATION),
            Field("department", "调查部门", "Department", source=lambda f: _department(f)),
            Field("from", "开始日期", "From", "moment", source=lambda f: f.complaint.opened_at),
            written_at("to", "完成日期", "To", *INVESTIGATION),
            written("method", "方法", "Method", "investigation", part="方法", whole=False),
            written("facts", "事实", "Facts", *INVESTIGATION),
            named(EVIDENCE, "证据和样品", "Evidence and samples"),
            written("tests", "检验结果", "Test results", "signoff", part="检验结果"),
            CAUSE,
            Field("responsible", "责任部门", "Department responsible", source=RESPONSIBLE),
            Field(
                "person",
                "责任人",
                "Person responsible",
                source=Either((More(("responsible_person",)), Written(("responsibility",), part="责任人员"))),
            ),
            Field("share", "责任比例", "Responsibility share", source=_percents),
            LOSS,
            named(OPINION, "意见和建议", "Opinion and suggestion"),
            signed("reviewer", "审核人", "Reviewer", "review", "approval"),
        ),
        layout=(
            (cell("number"), cell("investigator"), cell("department")),
            (cell("from"), cell("to", span=3)),
            (cell("method", span=5, tall=12),),
            (cell("facts", span=5, tall=40, vertical=True),),
            (cell("evidence", span=5, tall=16),),
            (cell("tests", span=5, tall=16),),
            (cell("cause", span=5, tall=30, vertical=True),),
            (cell("responsible"), cell("person"), cell("share")),
            (cell("loss", span=5),),
            (cell("opinion", span=5, tall=24),),
            (cell("reviewer", span=5, tall=10),),
        ),
    )
)


def _department(filled: Filled) -> str:
    """The unit of who investigated."""
    found = filled.steps(INVESTIGATION)
    return found[-1].by.unit.label if found and found[-1].by.unit else ""


HANDLING = register(
    Form(
        code="FM002-23",
        zh="投诉处理报告表",
        en="Complaint handling report",
        fields=(
            NUMBER,
            CUSTOMER,
            OPENED_AT,
            named(TEXT, "内容摘要", "Summary of the content"),
            written("investigation", "调查结果", "Investigation result", *INVESTIGATION),
            Field("responsibility", "责任", "Responsibility", "long", source=Either((_borne, RESPONSIBLE))),
            Field("measures", "处理方案", "Handling plan", "ticks", source=_measures, options=MEASURES),
            named(MEASURE, "方案说明", "Plan", key="plan"),
            named(COMPENSATION, "金额(元)", "Amount (yuan)", key="amount"),
            lines("opinions", "部门意见", "Opinions", "opinion", "review", "signoff"),
            written("approval", "批准", "Approval", "approval"),
            signed("approval_sign", "批准人", "Approved by", "approval"),
            EXECUTION,
            Field(
                "customer_opinion",
                "客户意见",
                "Customer's opinion",
                "long",
                source=Either(
                    (_agreed, reading.Said("CUSTOMER"), Written(("reply", "effect"), part="客户意见"))
                ),
            ),
            Field("penalty", "处分建议", "Penalty proposal", "long", source=_penalties),
            written("preventive", "预防措施", "Preventive measure", "summary"),
            signed("reporter", "报告人", "Reporter", "report", "summary", "archive"),
        ),
        layout=(
            (cell("number"), cell("customer"), cell("opened_at")),
            (cell("text", span=5, tall=24),),
            (cell("investigation", span=5, tall=24),),
            (cell("responsibility", span=5, tall=10),),
            (cell("measures", span=5),),
            (cell("plan", span=3, tall=12), cell("amount")),
            Band("各部门意见", "Opinions of departments"),
            Lines("opinions", least=3),
            (cell("approval", "approval_sign", span=5, tall=14),),
            (cell("execution", span=5, tall=14),),
            (cell("customer_opinion", span=5, tall=12),),
            (cell("penalty", span=5, tall=10),),
            (cell("preventive", "reporter", span=5, tall=14),),
        ),
    )
)

TRACKING = register(
    Form(
        code="FM002-24",
        zh="投诉处理追踪表",
        en="Complaint handling tracking",
        fields=(
            NUMBER,
            CUSTOMER,
            first(Corrected("plan"), MEASURE),
            first(
                Corrected("owners"),
                Field(
                    "person", "负责人", "Person responsible", "person", source=Owed(("execution",), "owner")
                ),
            ),
            first(Measured("due"), due("planned", "计划日期", "Planned", "execution")),
            first(
                Measured("done"),
                Field("actual", "实际日期", "Actual", "moment", source=Owed(("execution",), "done")),
            ),
            Field(
                "records",
                "追踪记录",
                "Tracking records",
                "table",
                source=_tracked,
                columns=(
                    Field("at", "日期", "Date", "moment", width=27),
                    Field("by", "人员", "Person", "person", width=14),
                    Field("text", "内容", "Content", "long", width=60),
                    Field("state", "状态", "State", width=18),
                ),
            ),
            Field("visited_on", "回访日期", "Return visit", "date", source=_visited),
            Field("satisfaction", "满意程度", "Satisfaction", source=satisfaction),
            first(vain, Field("reopened", "重新处理", "Reopened", "ticks", source=_reopened, options=YES_NO)),
            first(
                Judged(CapaJudgement.Kind.EFFECT),
                written("improvement", "改善确认", "Improvement check", "effect"),
            ),
            written_by("closed_by", "结案人", "Closed by", "summary", "archive"),
            CLOSED_AT,
        ),
        layout=(
            (cell("number"), cell("customer", span=3)),
            (cell("measure", span=5, tall=16),),
            (cell("person"), cell("planned"), cell("actual")),
            Band("追踪记录", "Tracking records"),
            Lines("records", least=6),
            (cell("visited_on"), cell("satisfaction"), cell("reopened")),
            (cell("improvement", span=5, tall=16),),
            (cell("closed_by"), cell("closed_at", span=3)),
        ),
    )
)
