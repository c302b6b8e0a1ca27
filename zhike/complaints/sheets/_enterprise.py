"""The enterprise's forms (D20): the complaint case, and the exception handling sheet where no loss came about."""

from __future__ import annotations

from zhike.kernel.records.forms import Band, Field, Form, Lines, cell, register

from ._fields import (
    CLASS,
    CLOSED_AT,
    COMPENSATION,
    CUSTOMER,
    CUSTOMER_ANSWER,
    DECISIONS,
    DEMAND,
    EFFECT,
    EVIDENCE,
    HANDLER,
    OPENED_AT,
    SUMMARY,
    TEXT,
    VALUE,
    due,
    limit,
    lines,
    more,
    named,
    signed,
    written,
    written_at,
    yes_no,
)
from ._reading import Either, More, Written

EXCEPTION_NAME = "异常处理单"
DEPARTMENT = Field(
    "department",
    "责任部门",
    "Department",
    source=Either(
        (
            More(("responsible_department",)),
            Written(("responsibility", "root_cause"), part="责任部门", whole=False),
        )
    ),
)
PERSON = Field(
    "person",
    "责任人员",
    "Person",
    source=Either(
        (
            More(("responsible_person",)),
            Written(("responsibility", "root_cause"), part="责任人员", whole=False),
        )
    ),
)

CASE = register(
    Form(
        code="F001-60",
        zh="客户投诉案件",
        en="Customer complaint case",
        fields=(
            CUSTOMER,
            yes_no("foreign", "国外客户", "Customer abroad"),
            OPENED_AT,
            written_at("filed_at", "立案时间", "Case opened", "check"),
            more("order_no", "订单编号", "Order no."),
            more("material_no", "料号", "Material no."),
            more("quantity", "数量", "Quantity", kind="number"),
            more("shipped_on", "交运日期", "Shipping date", kind="date"),
            CLASS,
            TEXT,
            DEMAND,
            more("reason", "投诉理由", "Reason"),
            EVIDENCE,
            written("investigation", "品质调查", "Investigation", "investigation"),
            written("cause", "原因", "Cause", "root_cause"),
            DEPARTMENT,
            PERSON,
            written("responsibility", "责任认定", "Responsibility", "responsibility"),
            written("plan", "对策", "Measures", "plan"),
            written("solution", "处理方式", "Way of handling", "solution"),
            VALUE,
            more("loss", "损失(元)", "Loss (yuan)", kind="money"),
            COMPENSATION,
            lines("approvals", "核决", "Approvals", "review", "approval", "signoff"),
            DECISIONS,
            written("improvement", "改善方案", "Improvement", "report"),
            written("execution", "执行情况", "Execution", "execution"),
            EFFECT,
            CUSTOMER_ANSWER,
            lines("times", "各步骤时间", "Step times", columns="stage by due at"),
            limit("due", "全案期限", "Whole case due", "summary"),
            CLOSED_AT,
            SUMMARY,
        ),
        layout=(
            (cell("customer"), cell("opened_at"), cell("filed_at")),
            (cell("order_no"), cell("material_no"), cell("quantity")),
            (cell("shipped_on"), cell("foreign"), cell("class")),
            (cell("text", span=5, tall=14),),
            (cell("demand", span=2), cell("reason", span=2)),
            (cell("evidence", span=5),),
            Band("调查和责任", "Investigation and responsibility"),
            (cell("investigation", span=5, tall=10),),
            (cell("cause", span=5, tall=10),),
            (cell("department"), cell("person", span=3)),
            (cell("responsibility", span=5),),
            Band("处理", "Handling"),
            (cell("plan", span=5, tall=10),),
            (cell("solution", span=5, tall=10),),
            (cell("value"), cell("loss"), cell("compensation")),
            (cell("improvement", span=5, tall=10),),
            (cell("execution", span=5),),
            (cell("effect", span=5),),
            (cell("customer_answer", span=5),),
            Band("核决", "Approvals"),
            Lines("approvals", least=1),
            Band("金额的审批", "Approvals of amounts"),
            Lines("decisions", least=1),
            Band("各步骤时间", "Step times"),
            Lines("times", least=1),
            (cell("due"), cell("closed_at", span=3)),
            (cell("summary", span=5),),
        ),
        note_zh="每一案件有唯一编号；编号、期限和核决权限按所依据的制度。",
        note_en="Every case has its own number; number, limits and approval follow the regulation.",
    )
)

EXCEPTION = register(
    Form(
        code="F001-61",
        zh=EXCEPTION_NAME,
        en="Exception handling sheet",
        fields=(
            CUSTOMER,
            more("product", "产品", "Product", "product", "material_no"),
            more("order_no", "订单编号", "Order no."),
            yes_no("no_loss", "未造成损失", "No loss"),
            OPENED_AT,
            named(HANDLER, "经办人", "Handled by"),
            TEXT,
            written("problem", "异常内容", "Problem", "issue", part="异常内容", on=EXCEPTION_NAME),
            written("urging", "督促意见", "Urged", "issue", part="督促意见", on=EXCEPTION_NAME, whole=False),
            signed("issue_sign", "业务部", "Business department", "issue", on=EXCEPTION_NAME),
            DEPARTMENT,
            PERSON,
            due("improvement_due", "改善期限", "Improvement due", "execution"),
            written("improvement", "改善情况", "Improvement", "execution", on=EXCEPTION_NAME),
            signed("improvement_sign", "责任部门", "Department", "execution", on=EXCEPTION_NAME),
            CLOSED_AT,
        ),
        layout=(
            (cell("customer"), cell("product"), cell("order_no")),
            (cell("opened_at"), cell("no_loss"), cell("handler")),
            (cell("text", span=5, tall=20),),
            (cell("problem", "urging", "issue_sign", span=5, tall=30, vertical=True),),
            (cell("department"), cell("person"), cell("improvement_due")),
            (cell("improvement", "improvement_sign", span=5, tall=30, vertical=True),),
            (cell("closed_at", span=5),),
        ),
        note_zh="没有索赔、退货、赔偿的，算没有造成损失，由业务部查明后填写，并督促有关部门改善。",
        note_en="No claim, no return, no compensation: the business department fills it in and urges improvement.",
    )
)
