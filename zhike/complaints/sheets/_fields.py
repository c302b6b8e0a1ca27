"""Fields that many forms of complaints have, and short ways to declare the others."""

from __future__ import annotations

from dataclasses import replace

from zhike.kernel.records.forms import Field, Kind, Option

from . import _reading as reading
from ._reading import (
    YES_NO,
    Choices,
    Column,
    Either,
    Figure,
    Flag,
    More,
    Owed,
    Records,
    Said,
    Ticked,
    Written,
)


def named(field: Field, zh: str, en: str, key: str = "") -> Field:
    """The same field under other words."""
    return replace(field, zh=zh, en=en, key=key or field.key)


def more(key: str, zh: str, en: str, *codes: str, kind: Kind = "text") -> Field:
    """A field of 登记事项 in words; its code is the key unless others are given."""
    given = codes or (key,)
    source = Figure(given) if kind in {"number", "money"} else More(given, in_words=kind == "text")
    return Field(key, zh, en, kind, source=source)


def yes_no(key: str, zh: str, en: str, *codes: str) -> Field:
    """A field of 登记事项 that is 是 or 否, as two boxes."""
    return Field(key, zh, en, "ticks", source=Ticked(codes or (key,)), options=YES_NO)


def chosen(key: str, zh: str, en: str) -> Field:
    """A field of 登记事项 that chooses from a list of the manual, as boxes."""
    return Field(key, zh, en, "ticks", source=Ticked((key,)), options=Choices(key))


def written(
    key: str, zh: str, en: str, *kinds: str, part: str = "", on: str = "", whole: bool = True
) -> Field:
    """What was last written down in the steps of the first of these kinds."""
    return Field(key, zh, en, "long", source=Written(kinds, part=part, on=on, whole=whole))


def written_at(key: str, zh: str, en: str, *kinds: str, part: str = "", on: str = "") -> Field:
    return Field(key, zh, en, "moment", source=Written(kinds, "at", part=part, on=on))


def written_by(key: str, zh: str, en: str, *kinds: str, part: str = "", on: str = "") -> Field:
    return Field(key, zh, en, "person", source=Written(kinds, "by", part=part, on=on))


def signed(key: str, zh: str, en: str, *kinds: str, part: str = "", on: str = "") -> Field:
    """Name and day of who took the step; a line to sign on until then."""
    return Field(key, zh, en, "signature", source=Written(kinds, "sign", part=part, on=on))


def due(key: str, zh: str, en: str, *kinds: str) -> Field:
    """When the stage of the first of these kinds is due."""
    return Field(key, zh, en, "moment", source=Owed(kinds))


def limit(key: str, zh: str, en: str, *kinds: str) -> Field:
    """When the first of these limits beside the stages is due."""
    return Field(key, zh, en, "moment", source=Owed(kinds, limit=True))


def lines(
    key: str, zh: str, en: str, *kinds: str, on: str = "", columns: str = "stage text decision by at"
) -> Field:
    """Steps as a table: all of them, or those of some kinds and of one form."""
    inner = tuple(_LINE[name] for name in columns.split())
    return Field(key, zh, en, "table", source=Records(kinds, on), columns=inner)


_LINE = {
    "stage": Field("stage", "环节", "Stage", width=18),
    "text": Field("text", "意见和记录", "Record", "long", width=44),
    "decision": Field("decision", "结论", "Decision", width=13),
    "by": Field("by", "经办人", "By", "person", width=13),
    "due": Field("due", "期限", "Due", "moment", width=27),
    "at": Field("at", "完成时间", "Done at", "moment", width=27),
}

NUMBER = Field("number", "投诉单号", "Complaint no.", source=Column("number"))
OPENED_AT = Field("opened_at", "受理时间", "Received at", "moment", source=Column("opened_at"))
CLOSED_AT = Field("closed_at", "结案时间", "Closed at", "moment", source=Column("closed_at"))
CHANNEL = Field("channel", "受理方式", "Channel", source=lambda f: f.complaint.get_channel_display())
TAKER = Field("taker", "接待人", "Taken by", "person", source=Column("taker"))
HANDLER = Field("handler", "处理人", "Handler", "person", source=Column("handler"))
CUSTOMER = Field("customer", "客户", "Customer", "person", source=Column("customer"))
PHONE = Field("phone", "电话", "Phone", source=reading.phone)
HAPPENED_ON = Field("happened_on", "发生日期", "Happened on", "date", source=Column("happened_on"))
TEXT = Field("text", "投诉内容", "Complaint", "long", source=Column("text"))
DEMAND = Field("demand", "客户要求", "Customer wants", "long", source=Column("demand"))
CLASS = Field("class", "类别", "Class", source=reading.class_of)
GRADE = Field("grade", "级别", "Grade", source=lambda f: f.label("级别", f.complaint.grade))
MAJOR = Field("major", "是否重大", "Major", "ticks", source=Flag("major"), options=YES_NO)
VALUE = Field("value", "货值(元)", "Goods value (yuan)", "money", source=Column("value"))
COMPENSATION = Field(
    "compensation", "赔偿(元)", "Compensation (yuan)", "money", source=Column("compensation")
)
CLAUSE = Field("clause", "依据条款", "Clause", source=Column("clause"))
EVIDENCE = Field("evidence", "证据", "Evidence", "long", source=reading.evidence)
FILES = Field("files", "附件", "Files", "long", source=reading.files)
CUSTOMER_ANSWER = Field("customer_answer", "客户答复", "Customer's answer", "long", source=Said("CUSTOMER"))
CAUSE = Field(
    "cause",
    "原因",
    "Cause",
    "long",
    source=Either((Written(("cause", "root_cause")), Written(("plan",), part="根本原因"))),
)
MEASURE = Field(
    "measure",
    "处理措施",
    "Measure",
    "long",
    source=Either(
        (Written(("solution",)), Written(("plan",), part="纠正方案", whole=False), Written(("plan",)))
    ),
)
EXECUTION = written("execution", "执行情况", "Execution", "execution")
EFFECT = written("effect", "效果确认", "Effect", "effect")
EFFECT_SIGN = signed("effect_sign", "确认人", "Confirmed by", "effect")
SUMMARY = written("summary", "总结", "Summing-up", "summary")
DECISIONS = Field(
    "decisions",
    "审批",
    "Approvals",
    "table",
    source=reading.decisions,
    columns=(
        Field("stage", "事项", "Matter", width=30),
        Field("amount", "金额(元)", "Amount (yuan)", "money", width=17),
        Field("text", "意见", "Opinion", "long", width=30),
        Field("decision", "结论", "Decision", width=13),
        Field("by", "审批人", "Approver", "person", width=13),
        Field("at", "时间", "Decided at", "moment", width=27),
    ),
)
VALID = Field(
    "valid",
    "是否有效",
    "Valid",
    "ticks",
    source=reading.Flag("valid"),
    options=(Option("是", "有效", "Valid"), Option("否", "无效", "Invalid")),
)


def satisfaction(filled: reading.Filled) -> str:
    """The customer's latest answer, with its word."""
    row = filled.file.after.rating
    return f"{row.satisfaction} {row.get_satisfaction_display()}" if row else ""
