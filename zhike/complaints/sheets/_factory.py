"""The factory's forms (D14): the register, the handling sheet, the plan of corrective and preventive action."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from zhike.complaints.capa.models import CapaJudgement
from zhike.kernel.records.forms import Band, Field, Form, Lines, cell, register

from ._corrective import Corrected, Judged, Measured, first, rounds
from ._fields import (
    CAUSE,
    CHANNEL,
    CLASS,
    CLOSED_AT,
    CUSTOMER,
    CUSTOMER_ANSWER,
    EFFECT,
    EFFECT_SIGN,
    EVIDENCE,
    EXECUTION,
    FILES,
    GRADE,
    HANDLER,
    HAPPENED_ON,
    MAJOR,
    OPENED_AT,
    TAKER,
    TEXT,
    due,
    limit,
    lines,
    more,
    named,
    signed,
    written,
    written_at,
    written_by,
    yes_no,
)
from ._reading import Column, Either, Filled, Owed, Said, Written

PRODUCT = more("product", "产品", "Product", "product", "material_no", "goods")
LOT = more("lot", "批号", "Lot", "lot", "batch")
SHEET_NAME = "客户投诉处理单"
PLAN_NAME = "纠正预防措施计划"
KIND = CapaJudgement.Kind
ANSWER_DUE = Either((Owed(("reply",), limit=True), lambda filled: filled.complaint.due_at))


# the line of a complaint in the register, in two halves since it is wider than the sheet
ENTRY = (
    Field("number", "编号", "No.", width=27, source=Column("number")),
    replace(OPENED_AT, width=25),
    replace(CHANNEL, width=14),
    replace(CUSTOMER, width=22),
    replace(PRODUCT, width=20),
    replace(LOT, width=16),
)
STATE = (
    replace(HAPPENED_ON, width=25),
    replace(CLASS, width=37),
    Field("due", "答复期限", "Due", "moment", width=31, source=ANSWER_DUE),
    replace(CLOSED_AT, width=31),
)


@dataclass(frozen=True)
class Line:
    """One line of the register: the values of these columns."""

    columns: tuple[Field, ...]

    def __call__(self, filled: Filled) -> list[dict[str, Any]]:
        return [{one.key: one.source(filled) for one in self.columns if one.source}]


REGISTER = register(
    Form(
        code="F001-48",
        zh="客户投诉登记表",
        en="Complaint register",
        fields=(
            Field("entry", "登记", "Entry", "table", source=Line(ENTRY), columns=ENTRY),
            Field("state", "办理", "State", "table", source=Line(STATE), columns=STATE),
            TEXT,
            GRADE,
            yes_no("foreign", "国外客户", "Customer abroad"),
            named(TAKER, "营销登记", "Marketing"),
            more("received_by", "收到人", "Received by"),
            more("passed_on", "转交文员", "Passed to the clerk", kind="date"),
            written_by("quality_by", "品质登记", "Quality", "responsibility"),
            written_at("quality_at", "登记时间", "Entered at", "responsibility"),
            written("responsibility", "调查和责任", "Investigation", "responsibility"),
            lines("kept", "营销和品质的记录", "Kept", on="客户投诉登记表"),
        ),
        layout=(
            Lines("entry"),
            Lines("state"),
            (cell("text", span=5, tall=14),),
            (cell("grade"), cell("foreign"), cell("taker")),
            (cell("received_by"), cell("passed_on"), cell("quality_by")),
            (cell("responsibility", span=3), cell("quality_at")),
            Band("营销部门和品质部门的记录", "Kept by marketing and by quality"),
            Lines("kept", least=3),
        ),
        note_zh="营销部门登记并跟踪，品质部门登记调查结果和责任部门。",
        note_en="Marketing registers and traces; quality enters what it found and which department is responsible.",
    )
)

SHEET = register(
    Form(
        code="F001-49",
        zh=SHEET_NAME,
        en="Complaint handling sheet",
        fields=(
            CUSTOMER,
            PRODUCT,
            LOT,
            OPENED_AT,
            written_at("issued_at", "发单时间", "Issued at", "issue", on=SHEET_NAME),
            written_by("issued_by", "发单人", "Issued by", "issue", on=SHEET_NAME),
            CLASS,
            GRADE,
            MAJOR,
            HANDLER,
            TEXT,
            written("issued", "发单说明", "As issued", "issue", on=SHEET_NAME),
            EVIDENCE,
            lines("approvals", "核准", "Approvals", "approval", on=SHEET_NAME),
            written("signoff", "品质签收", "Quality sign-off", "signoff"),
            signed("signoff_sign", "品质负责人", "Head of quality", "signoff"),
            Field(
                "temporary",
                "临时措施",
                "Temporary measure",
                "long",
                source=Either(
                    (
                        Corrected("containment"),
                        Written(("containment",)),
                        Written(("check",), part="临时措施"),
                    )
                ),
            ),
            limit("temporary_due", "期限", "Due", "containment"),
            first(Corrected("cause"), CAUSE),
            first(
                Corrected("plan"),
                written("plan", "纠正方案", "Corrective plan", "plan", part="纠正方案", whole=False),
            ),
            first(Corrected("execution"), named(EXECUTION, "永久措施", "Permanent measure", key="permanent")),
            first(Measured("due"), due("permanent_due", "期限", "Due", "execution")),
            first(Judged(KIND.EFFECT), EFFECT),
            first(Judged(KIND.EFFECT, "sign"), EFFECT_SIGN),
            Field(
                "answer",
                "答复客户",
                "Answer to the customer",
                "long",
                source=Either((Written(("reply",)), Said("REPLY"))),
            ),
            written_at("answered_at", "答复时间", "Answered at", "reply"),
            limit("answer_due", "答复期限", "Answer due", "reply"),
            CUSTOMER_ANSWER,
            CLOSED_AT,
        ),
        layout=(
            (cell("customer"), cell("product"), cell("lot")),
            (cell("opened_at"), cell("issued_at"), cell("issued_by")),
            (cell("class", span=3), cell("grade")),
            (cell("text", "issued", span=5, tall=16),),
            (cell("evidence", span=3), cell("major", "handler")),
            Band("核准和签收", "Approval and sign-off"),
            Lines("approvals", least=2),
            (cell("signoff", "signoff_sign", span=5),),
            Band("处理", "Handling"),
            (cell("temporary", span=3, tall=10), cell("temporary_due")),
            (cell("cause", "plan", span=5, tall=16),),
            (cell("permanent", span=3, tall=10), cell("permanent_due")),
            (cell("effect", "effect_sign", span=5),),
            Band("答复", "Answer"),
            (cell("answer", span=5, tall=10),),
            (cell("customer_answer", span=5, tall=10),),
            (cell("answer_due"), cell("answered_at"), cell("closed_at")),
        ),
        note_zh="收到后一小时内开出；重大投诉另经营销副总核准；答复期限从品质签收时起算。",
        note_en="Issued within one hour of receipt; a major one also needs the vice general manager; "
        "the clocks of the answer start when quality signs.",
    )
)

PLAN = register(
    Form(
        code="F001-50",
        zh=PLAN_NAME,
        en="Corrective and preventive action plan",
        fields=(
            CUSTOMER,
            PRODUCT,
            LOT,
            named(TEXT, "问题", "Problem"),
            first(
                Corrected("cause"),
                written("cause", "根本原因", "Root cause", "plan", part="根本原因", on=PLAN_NAME),
            ),
            first(
                Corrected("plan"),
                written("plan", "纠正预防方案", "Plan", "plan", part="纠正方案", on=PLAN_NAME, whole=False),
            ),
            signed("plan_sign", "责任部门", "Department", "plan", on=PLAN_NAME),
            first(
                Corrected("owners"),
                Field("owner", "责任人", "Owner", "person", source=Owed(("execution",), "owner")),
            ),
            first(
                Measured("due"), Field("due", "完成期限", "Due", "moment", source=Owed(("execution", "plan")))
            ),
            first(
                Measured("done"),
                Field("done_at", "完成时间", "Done at", "moment", source=Owed(("execution",), "done")),
            ),
            first(
                Judged(KIND.REVIEW),
                written("review", "品质初审", "Review by quality", "review", on=PLAN_NAME),
            ),
            first(
                Judged(KIND.REVIEW, "sign"),
                signed("review_sign", "品质工程师", "Quality engineer", "review", on=PLAN_NAME),
            ),
            first(rounds, lines("rounds", "审核", "Reviews", "review", "approval", on=PLAN_NAME)),
            first(Judged(KIND.APPROVAL), written("approval", "批准", "Approval", "approval", on=PLAN_NAME)),
            first(
                Judged(KIND.APPROVAL, "sign"),
                signed("approval_sign", "批准人", "Approved by", "approval", on=PLAN_NAME),
            ),
            first(Corrected("execution"), EXECUTION),
            named(FILES, "证据", "Evidence", key="evidence"),
            first(Judged(KIND.EFFECT), EFFECT),
            first(Judged(KIND.EFFECT, "sign"), EFFECT_SIGN),
        ),
        layout=(
            (cell("customer"), cell("product"), cell("lot")),
            (cell("text", span=5, tall=12),),
            (cell("cause", span=5, tall=16, vertical=True),),
            (cell("plan", "plan_sign", span=5, tall=20, vertical=True),),
            (cell("owner"), cell("due"), cell("done_at")),
            Band("初审和批准", "Review and approval"),
            (cell("review", "review_sign", span=5, tall=12),),
            (cell("approval", "approval_sign", span=5, tall=12),),
            Lines("rounds", least=2),
            Band("执行和效果", "Execution and effect"),
            (cell("execution", span=5, tall=12),),
            (cell("evidence", span=5, tall=8),),
            (cell("effect", "effect_sign", span=5, tall=12),),
        ),
        note_zh="初审不通过的退回重新分析，次数不限；管理者代表或者总经理批准。",
        note_en="A plan that fails goes back any number of times; the management representative or the general "
        "manager approves.",
    )
)
