"""F000-10, the complaint record of a house that serves tenants."""

from __future__ import annotations

from zhike.kernel.records.forms import Field, Form, cell, register

from ._fields import (
    CHANNEL,
    CLASS,
    CLOSED_AT,
    CUSTOMER,
    HANDLER,
    NUMBER,
    OPENED_AT,
    TEXT,
    limit,
    named,
    satisfaction,
    written,
)
from ._reading import Either, Filled, Said, Written


def _origin(filled: Filled) -> str:
    return filled.label("投诉来源", filled.complaint.origin)


RECORD = register(
    Form(
        code="F000-10",
        zh="客户投诉记录",
        en="Complaint record",
        fields=(
            NUMBER,
            named(OPENED_AT, "日期", "Date"),
            CHANNEL,
            named(CUSTOMER, "投诉人", "Complainant"),
            Field("origin", "来源", "Origin", source=_origin),
            CLASS,
            named(TEXT, "内容", "Content"),
            HANDLER,
            limit("reply_due", "答复期限", "Reply due", "reply"),
            Field(
                "reply",
                "答复",
                "Reply",
                "long",
                source=Either((Said("REPLY"), Written(("reply",)))),
            ),
            written("result", "处理结果", "Result", "execution", "solution", "summary"),
            Field("satisfaction", "满意程度", "Satisfaction", source=satisfaction),
            CLOSED_AT,
        ),
        layout=(
            (cell("number"), cell("opened_at"), cell("channel")),
            (cell("customer", span=3), cell("origin")),
            (cell("class", span=5),),
            (cell("text", span=5, tall=50, vertical=True),),
            (cell("handler"), cell("reply_due", span=3)),
            (cell("reply", span=5, tall=30),),
            (cell("result", span=5, tall=30),),
            (cell("satisfaction"), cell("closed_at", span=3)),
        ),
    )
)
