"""F001-38, the grumble record."""

from __future__ import annotations

from dataclasses import dataclass

from zhike.complaints import questions
from zhike.complaints.regime import Regime
from zhike.kernel.records.forms import Field, Form, Option, cell, register

from .models import Grumble

YES_NO = (Option("YES", "是", "Yes"), Option("NO", "否", "No"))


@dataclass(frozen=True)
class Filled:
    """A grumble and the words of the regulation in force where it was heard."""

    grumble: Grumble
    regime: Regime | None


def _item(filled: Filled) -> str:
    item = filled.grumble.item
    return filled.regime.label(questions.ITEMS, item) if filled.regime and item else item


def _phone(filled: Filled) -> str:
    customer = filled.grumble.customer
    first = customer.phones.order_by("-is_primary", "id").first() if customer else None
    return first.masked if first else ""


def _sources(_filled: Filled) -> list[Option]:
    zh = {
        "COUNTER": "柜台",
        "PHONE": "电话",
        "VISIT": "拜访",
        "FOLLOW_UP": "回访",
        "SURVEY": "调查",
        "SOCIAL": "社交媒体",
        "STAFF": "员工听到",
        "OTHER": "其他",
    }
    english = {code: str(label) for code, label in Grumble.Source.choices}
    return [Option(code, word, english[code]) for code, word in zh.items()]


RECORD = register(
    Form(
        code="F001-38",
        zh="抱怨记录",
        en="Grumble record",
        fields=(
            Field("number", "编号", "No.", source=lambda f: f.grumble.number),
            Field("at", "听到时间", "Heard at", "moment", source=lambda f: f.grumble.at),
            Field("by", "记录人", "Recorded by", "person", source=lambda f: f.grumble.by.name),
            Field("unit", "单位", "Unit", source=lambda f: f.grumble.unit.label),
            Field(
                "customer",
                "客户",
                "Customer",
                "person",
                source=lambda f: f.grumble.customer.name if f.grumble.customer else "",
            ),
            Field("phone", "电话", "Phone", source=_phone),
            Field("source", "来源", "Source", "ticks", source=lambda f: [f.grumble.source], options=_sources),
            Field("item", "项目", "Item", source=_item),
            Field("text", "抱怨内容", "Grumble", "long", source=lambda f: f.grumble.text),
            Field("action", "采取的措施", "Action", "long", source=lambda f: f.grumble.action),
            Field(
                "became",
                "是否转为投诉",
                "Turned into a complaint",
                "ticks",
                source=lambda f: ["YES" if f.grumble.complaint_id else "NO"],
                options=YES_NO,
            ),
            Field(
                "complaint",
                "投诉单号",
                "Complaint no.",
                source=lambda f: f.grumble.complaint.number if f.grumble.complaint else "",
            ),
            Field("state", "状态", "State", source=lambda f: f.grumble.get_state_display()),
            Field(
                "again_on", "再次联系日期", "Contact again on", "date", source=lambda f: f.grumble.again_on
            ),
            Field("settled_at", "了结时间", "Settled at", "moment", source=lambda f: f.grumble.settled_at),
        ),
        layout=(
            (cell("number"), cell("at"), cell("by")),
            (cell("customer"), cell("phone"), cell("unit")),
            (cell("source", span=5),),
            (cell("item", span=3), cell("state")),
            (cell("text", span=5, tall=50, vertical=True),),
            (cell("action", span=5, tall=40, vertical=True),),
            (cell("became"), cell("complaint"), cell("settled_at")),
            (cell("again_on", span=5),),
        ),
    )
)
