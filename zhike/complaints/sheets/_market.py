"""The fruit market's forms (D11): the complaint and opinion book, and the report of a major complaint."""

from __future__ import annotations

from zhike.complaints import questions
from zhike.kernel.records.forms import Band, Field, Form, cell, register

from ._fields import (
    CHANNEL,
    CLASS,
    CLOSED_AT,
    COMPENSATION,
    CUSTOMER,
    DEMAND,
    FILES,
    GRADE,
    HANDLER,
    HAPPENED_ON,
    OPENED_AT,
    PHONE,
    TAKER,
    TEXT,
    more,
    named,
    signed,
    written,
    written_at,
    yes_no,
)
from ._reading import Column, Words

REPORT_NAME = "重大投诉呈报"
STALL = more("stall_no", "摊位号", "Stall no.")
STALL_OWNER = more("stall_owner", "业主", "Stall owner")
GOODS = more("goods", "商品", "Goods")

BOOK = register(
    Form(
        code="F001-39",
        zh="投诉意见簿",
        en="Complaint and opinion book",
        fields=(
            more("book_page", "页号", "Page"),
            OPENED_AT,
            named(HAPPENED_ON, "日期", "Date"),
            named(CUSTOMER, "投诉人", "Complainant"),
            PHONE,
            CHANNEL,
            STALL,
            STALL_OWNER,
            GOODS,
            CLASS,
            yes_no("own_entry", "投诉人亲自填写", "Own entry"),
            named(TEXT, "投诉意见", "Complaint and opinion"),
            named(DEMAND, "要求", "Demand"),
            more("departments", "通知的部门", "Departments informed"),
            TAKER,
            written("investigation", "调查情况", "Investigation", "investigation"),
            written("responsibility", "责任", "Responsibility", "responsibility"),
            written("mediation", "调解情况", "Mediation", "mediation"),
            written("result", "处理结果", "Result", "execution"),
            written("answer", "答复", "Answer", "reply"),
            CLOSED_AT,
            yes_no("complainant_signed", "已签", "Signed"),
            yes_no("opponent_signed", "已签", "Signed"),
            Field("complainant_sign", "投诉人签字", "Complainant's signature", "signature"),
            Field("opponent_sign", "对方签字", "Other side's signature", "signature"),
        ),
        layout=(
            (cell("book_page"), cell("happened_on"), cell("opened_at")),
            (cell("customer"), cell("phone"), cell("channel")),
            (cell("stall_no"), cell("stall_owner"), cell("goods")),
            (cell("class", span=3), cell("own_entry")),
            (cell("text", span=5, tall=34, vertical=True),),
            (cell("demand", span=5, tall=10),),
            (cell("departments", span=3), cell("taker")),
            (cell("investigation", span=5, tall=16),),
            (cell("responsibility", span=5),),
            (cell("mediation", span=5, tall=16),),
            (cell("result", span=5, tall=16),),
            (cell("answer", span=3), cell("closed_at")),
            (
                cell("complainant_sign", "complainant_signed", span=2),
                cell("opponent_sign", "opponent_signed", span=2),
            ),
        ),
        note_zh="请投诉人亲自填写；调解以后双方签字。",
        note_en="Entered by the complainants themselves; both sides sign after the mediation.",
    )
)

REPORT = register(
    Form(
        code="F001-41",
        zh=REPORT_NAME,
        en="Major complaint report",
        fields=(
            OPENED_AT,
            named(CUSTOMER, "投诉人", "Complainant"),
            PHONE,
            STALL,
            STALL_OWNER,
            GOODS,
            GRADE,
            HANDLER,
            Field(
                "circumstances",
                "情形",
                "Circumstances",
                "ticks",
                source=Column("circumstances"),
                options=Words(questions.CIRCUMSTANCES),
            ),
            TEXT,
            more("claim", "索赔金额(元)", "Amount claimed (yuan)", kind="money"),
            COMPENSATION,
            Field("medical", "病历", "Medical record", "long"),
            named(FILES, "附件", "Files"),
            written("reported_to", "上报对象", "Reported to", "report", part="上报对象"),
            written_at("reported_at", "上报时间", "Reported at", "report", part="上报对象"),
            written("investigation", "调查情况", "Investigation", "investigation"),
            written("suggestion", "处理建议", "Suggestion", "report", part="处理建议"),
            signed("suggestion_sign", "呈报人", "Reported by", "report", part="处理建议"),
            written("approval", "总经理批准", "General manager's approval", "approval", on=REPORT_NAME),
            signed("approval_sign", "总经理", "General manager", "approval", on=REPORT_NAME),
            written("chairman", "报董事长", "Chairman informed", "report", part="报告时间"),
            written("result", "落实情况", "Carried out", "execution"),
        ),
        layout=(
            (cell("customer"), cell("phone"), cell("opened_at")),
            (cell("stall_no"), cell("stall_owner"), cell("goods")),
            (cell("circumstances", span=3), cell("grade")),
            (cell("text", span=5, tall=30, vertical=True),),
            (cell("claim"), cell("compensation"), cell("handler")),
            (cell("medical", span=2, tall=10), cell("files", span=2)),
            (cell("reported_to", span=3), cell("reported_at")),
            (cell("investigation", span=5, tall=20),),
            (cell("suggestion", "suggestion_sign", span=5, tall=24),),
            Band("批准", "Approval"),
            (cell("approval", "approval_sign", span=5, tall=24),),
            (cell("chairman", span=5, tall=10),),
            (cell("result", span=5, tall=16),),
        ),
        note_zh="重大投诉的处理意见由总经理批准，并报董事长知悉。",
        note_en="The general manager approves how a major complaint is handled; the chairman is informed.",
    )
)
