"""Forms of contacts and promises: FM002-09, F000-07, F001-37, F001-24."""

from __future__ import annotations

from typing import Any

from zhike.customers.grading import queries as grading
from zhike.kernel.records.forms import Field, Form, Option, cell, register

from .models import Interaction

WAYS = (
    Option("PHONE", "电话", "Telephone"),
    Option("LETTER", "信函", "Letter"),
    Option("EMAIL", "邮件", "E-mail"),
    Option("MESSAGE", "信息", "Message"),
    Option("VISIT", "上门", "Visit"),
    Option("EVENT", "活动", "Event"),
    Option("COUNTER", "柜台", "At the counter"),
    Option("ONLINE", "网上", "Online"),
)


def _entry(row: Interaction) -> Any:
    return getattr(row, "journal_entry", None)


def _of_entry(name: str) -> Any:
    return lambda row: getattr(_entry(row), name, "") if _entry(row) is not None else ""


def _grade(name: str) -> Any:
    return lambda row: grading.named(row.customer.unit_id, "grade", _of_entry(name)(row))


def _contact(row: Interaction) -> str:
    return f"{row.contact.name} {row.contact.post}".strip() if row.contact else ""


def _need_change(row: Interaction) -> str:
    return ";".join(one.text for one in getattr(row, "observations").filter(kind="NEED"))  # noqa: B009


def _requests(row: Interaction) -> str:
    return row.feedback


def _promised(row: Interaction) -> str:
    return ";".join(one.text for one in row.promises.all())


def _number(row: Any) -> str:
    return str(row.customer.number)


CUSTOMER = Field("customer", "客户", "Customer", "person", source=lambda r: r.customer.name)
NUMBER = Field("number", "客户编号", "Customer no.", source=_number)
CONTACT = Field("contact", "联络对象及职务", "Person and position", "person", source=_contact)
AT = Field("at", "联络时间", "Date and time", "moment", source=lambda r: r.at)
WAY = Field("way", "联络方式", "Way", "ticks", source=lambda r: [r.way], options=WAYS)
CONTENT = Field("content", "内容", "Content", "long", source=lambda r: r.content)
FEEDBACK = Field("feedback", "客户反馈", "Customer's feedback", "long", source=lambda r: r.feedback)
NEED = Field("need", "需求变化", "Change in needs", "long", source=_need_change)
NEXT = Field("next_on", "下次联络日期", "Next contact", "date", source=lambda r: r.next_on)
OURS = Field("by", "我方联络人", "Contact of our side", "person", source=lambda r: r.by.name if r.by else "")
PLACE = Field("place", "地点", "Place", source=lambda r: r.place)

CONTACT_SHEET = register(
    Form(
        code="FM002-09",
        zh="客户联络管理表",
        en="Customer contact management",
        fields=(
            NUMBER, CUSTOMER, CONTACT, AT, WAY,
            Field("purpose", "联络目的", "Purpose", source=lambda r: r.purpose),
            CONTENT, FEEDBACK, NEED,
            Field("result", "结果", "Result", source=lambda r: r.result),
            NEXT, OURS,
            Field("remark", "主管批注", "Remark of the supervisor", "long", source=lambda r: r.remark),
        ),
        layout=(
            (cell("number"), cell("customer", span=3)),
            (cell("contact"), cell("at"), cell("by")),
            (cell("way", span=5),),
            (cell("purpose", span=5),),
            (cell("content", span=5, tall=40, vertical=True),),
            (cell("feedback", span=5, tall=30, vertical=True),),
            (cell("need", span=5, tall=24, vertical=True),),
            (cell("result", span=3), cell("next_on")),
            (cell("remark", span=5, tall=24, vertical=True),),
        ),
    )
)  # fmt: skip

UPKEEP_SHEET = register(
    Form(
        code="F000-07",
        zh="客情维护记录",
        en="Relationship contact record",
        fields=(
            NUMBER, CUSTOMER, CONTACT, AT, WAY, PLACE,
            Field("area", "片区", "Area", source=lambda r: r.customer.region),
            Field("owner", "负责人", "Person in charge", "person", source=lambda r: r.customer.owner.name if r.customer.owner else ""),
            Field("topics", "话题", "Topics", "long", source=lambda r: r.content),
            Field("requests", "客户要求", "Requests", "long", source=_requests),
            Field("promises", "承诺事项", "Promises", "long", source=_promised),
            NEXT, OURS,
        ),
        layout=(
            (cell("number"), cell("customer", span=3)),
            (cell("owner"), cell("place"), cell("area")),
            (cell("contact"), cell("at"), cell("by")),
            (cell("way", span=5),),
            (cell("topics", span=5, tall=40, vertical=True),),
            (cell("requests", span=5, tall=30, vertical=True),),
            (cell("promises", span=5, tall=30, vertical=True),),
            (cell("next_on", span=5),),
        ),
    )
)  # fmt: skip

JOURNALS = (
    Option("DAY", "追踪日志", "Day journal"),
    Option("WEEK", "周志", "Week journal"),
    Option("HALF_MONTH", "半月志", "Half-month journal"),
    Option("MONTH", "月志", "Month journal"),
    Option("YEAR", "年志", "Year journal"),
)

JOURNAL_SHEET = register(
    Form(
        code="F001-37",
        zh="客户追踪志",
        en="Tracking journal",
        fields=(
            NUMBER, CUSTOMER, AT, WAY, OURS,
            Field("journal", "追踪志", "Journal", "ticks", source=lambda r: [_entry(r).journal] if _entry(r) else [], options=JOURNALS),
            Field("refreshed", "更新的信息", "Refreshed information", "long", source=lambda r: ";".join(filter(None, (r.content, r.feedback)))),
            Field("before", "原等级", "Former grade", source=_grade("grade_before")),
            Field("after", "新等级", "New grade", source=_grade("grade_after")),
            Field("progress", "进展", "Progress", "long", source=_of_entry("progress")),
            Field("next_step", "下一步", "Next step", source=_of_entry("next_step")),
            Field("next_at", "下次到期", "Next due", "moment", source=lambda r: _entry(r).next_at if _entry(r) else None),
        ),
        layout=(
            (cell("number"), cell("customer", span=3)),
            (cell("at"), cell("by", span=3)),
            (cell("journal", span=5),),
            (cell("way", span=5),),
            (cell("refreshed", span=5, tall=50, vertical=True),),
            (cell("progress", span=5, tall=40, vertical=True),),
            (cell("before"), cell("after"), cell("next_at")),
            (cell("next_step", span=5),),
        ),
    )
)  # fmt: skip

PROMISE = register(
    Form(
        code="F001-24",
        zh="承诺记录",
        en="Promise record",
        fields=(
            NUMBER, CUSTOMER,
            Field("text", "承诺内容", "Promise", "long", source=lambda p: p.text),
            Field("keeper", "兑现人", "Keeper", "person", source=lambda p: p.keeper.name),
            Field("due", "兑现期限", "Due", "moment", source=lambda p: p.due_at),
            Field("depends", "所依赖的产品或服务", "Product or service it rests on", source=lambda p: p.depends_on),
            Field("ready", "就绪日期", "Ready by", "date", source=lambda p: p.ready_on),
            Field("holder", "客户的客户", "Customer's customer", "person", source=lambda p: p.holder),
            Field("kept", "是否兑现", "Kept", "ticks", source=lambda p: [p.state], options=(
                Option("OPEN", "未到期", "Open"), Option("KEPT", "已兑现", "Kept"),
                Option("BROKEN", "未兑现", "Not kept"), Option("RELEASED", "客户免除", "Released"),
            )),
            Field("ended", "办结时间", "Ended", "moment", source=lambda p: p.ended_at),
            Field("outcome", "说明", "What became of it", "long", source=lambda p: p.outcome),
            Field("by", "承诺人", "Promised by", "person", source=lambda p: p.by.name if p.by else ""),
            Field("at", "承诺时间", "Promised at", "moment", source=lambda p: p.at),
        ),
        layout=(
            (cell("number"), cell("customer", span=3)),
            (cell("by"), cell("at", span=3)),
            (cell("text", span=5, tall=40, vertical=True),),
            (cell("keeper"), cell("due", span=3)),
            (cell("holder"), cell("depends"), cell("ready")),
            (cell("kept", span=5),),
            (cell("ended"), cell("outcome", span=3)),
        ),
    )
)  # fmt: skip


def of_contact(row: Interaction) -> list[Form]:
    """The forms that this contact fills; the journal only where the grade was decided."""
    return [CONTACT_SHEET, UPKEEP_SHEET, *([JOURNAL_SHEET] if _entry(row) is not None else [])]
