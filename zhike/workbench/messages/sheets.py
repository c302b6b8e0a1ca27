"""F004-09: an interaction item or customer message with its reply."""

from __future__ import annotations

from zhike.customers.contacts.sheets import WAYS as OPTIONS
from zhike.kernel.records.forms import Field, Form, cell, register

WAYS = {one.code: one.zh for one in OPTIONS}

MESSAGE = register(
    Form(
        code="F004-09",
        zh="信息互动/客户留言回复",
        en="Interaction item and customer message",
        fields=(
            Field("number", "编号", "No.", source=lambda m: m.number),
            Field("way", "留言方式", "Way", source=lambda m: WAYS[m.interaction.way]),
            Field("shop", "客户", "Customer", source=lambda m: m.customer.name),
            Field("at", "留言时间", "Received at", "moment", source=lambda m: m.at),
            Field("text", "留言内容", "Message", "long", source=lambda m: m.text),
            Field("due", "答复期限", "Due", "moment", source=lambda m: m.due_at),
            Field("reply", "回复内容", "Reply", "long", source=lambda m: m.reply),
            Field("by", "回复人", "Replied by", "person", source=lambda m: m.replied_by.name if m.replied_by else ""),
            Field("replied_at", "回复时间", "Replied at", "moment", source=lambda m: m.replied_at),
        ),
        layout=(
            (cell("number"), cell("shop"), cell("way")),
            (cell("at"), cell("due", span=3)),
            (cell("text", span=5, tall=50, vertical=True),),
            (cell("reply", span=5, tall=50, vertical=True),),
            (cell("by"), cell("replied_at", span=3)),
        ),
    )
)  # fmt: skip
