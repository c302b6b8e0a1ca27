"""F004-09: an interaction item or customer message with its reply."""

from __future__ import annotations

import datetime as dt

from zhike.customers.contacts.sheets import WAYS
from zhike.kernel.records.forms import Field, Form, cell, register
from zhike.kernel.worktime import calendars
from zhike.workbench.models import CustomerMessage

from .queries import talk


def _said(message: CustomerMessage, *, is_incoming: bool) -> str:
    """What the customer wrote, or what was answered; where there is more than one, each with its day."""
    rows = [one.entry for one in talk(message) if one.entry.is_incoming is is_incoming]
    if len(rows) < 2:
        return "".join(row.content for row in rows)
    days = [calendars.local_day(row.at, message.unit_id) for row in rows]
    return "\n".join(f"{day:%Y-%m-%d} {row.content}" for day, row in zip(days, rows, strict=True))


def _replied_at(message: CustomerMessage) -> dt.datetime | None:
    return max((one.entry.at for one in talk(message) if not one.entry.is_incoming), default=None)


MESSAGE = register(
    Form(
        code="F004-09",
        zh="信息互动/客户留言回复",
        en="Interaction item and customer message",
        fields=(
            Field("number", "编号", "No.", source=lambda m: m.number),
            Field("way", "留言方式", "Way", "choice", source=lambda m: m.interaction.way, options=WAYS),
            Field("shop", "客户", "Customer", source=lambda m: m.customer.name),
            Field("at", "留言时间", "Received at", "moment", source=lambda m: m.at),
            Field("text", "留言内容", "Message", "long", source=lambda m: _said(m, is_incoming=True)),
            Field("due", "答复期限", "Due", "moment", source=lambda m: m.due_at),
            Field("reply", "回复内容", "Reply", "long", source=lambda m: _said(m, is_incoming=False)),
            Field("by", "回复人", "Replied by", "person", source=lambda m: m.replied_by.name if m.replied_by else ""),
            Field("replied_at", "回复时间", "Replied at", "moment", source=_replied_at),
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
