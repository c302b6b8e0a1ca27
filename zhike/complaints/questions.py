"""What complaints ask the manuals: one family of questions for every regime (design, section 8)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db.models import F

from zhike.kernel.policy.manual.model import Manual
from zhike.kernel.policy.questions import (
    Bool,
    Choice,
    Count,
    DueTime,
    Enum,
    Fact,
    Money,
    Multi,
    Outcome,
    Question,
    Tags,
    TextOut,
    register,
)

ITEMS = "投诉项目"
GROUPS = "投诉大类"
CIRCUMSTANCES = "投诉情形"
HANDLERS = "处理人"
LEVELS = "被投诉人级别"
MATTERS = "时限事项"
APPROVALS = "审批事项"
DECISIONS = "决定"
# columns of that list: a circumstance that holds once the answer is yes, or no
BRINGS = {True: "是的情形", False: "否的情形"}
SEND_BACK = "退回"  # the decision that sends a case back
OFFENCES = "过失"
ALLOWANCES = "津贴"
MEASURES = "处分"
GRADES = "级别"
FIELDS = "登记事项"
ORIGINS = "投诉来源"  # codes of Complaint.Origin; a regulation with this list serves tenants
# (code of Complaint.Channel, Chinese, English); a manual asks by the Chinese word
CHANNELS = [
    ("COUNTER", "面诉", "In person"),
    ("PHONE", "电话", "Phone"),
    ("LETTER", "来函", "Letter"),
    ("FAX", "传真", "Fax"),
    ("EMAIL", "电子邮件", "E-mail"),
    ("PORTAL", "网上", "Portal"),
    ("MEDIA", "媒体", "Media"),
    ("WORD", "口头转告", "Word of mouth"),
    ("API", "接口", "API"),
    ("FILE", "文件", "File"),
    ("OTHER", "其他", "Other"),
]
USUAL_CHANNELS = ("COUNTER", "PHONE", "LETTER")

STAGE_KINDS = (
    "intake",
    "cause",
    "empathy",
    "details",
    "check",
    "investigation",
    "mediation",
    "report",
    "review",
    "issue",
    "approval",
    "signoff",
    "containment",
    "responsibility",
    "root_cause",
    "plan",
    "opinion",
    "solution",
    "execution",
    "effect",
    "reply",
    "guidance",
    "summary",
    "archive",
)
# Kinds in which somebody judges what another has written down.
JUDGING = frozenset({"review", "approval"})
# Kinds that nobody takes for the one whom the manual names, whatever their powers.
OWNERS_ONLY = JUDGING | {"signoff", "opinion"}
# The matter of 时限事项 that asks for a return visit, and what its clock runs from besides the stage that was last.
FOLLOW_UP = "follow_up"
FOLLOW_UP_DUTY = f"complaint.{FOLLOW_UP}"
CLOSING = frozenset({"结案", "closing"})
REOPENING = frozenset({"重开", "reopening"})
WAYS = "处理方式"
# Roles that a manual's 负责 may name, besides posts.
ROLES = {"接待人": "taker", "处理人": "handler"}


def more(complaint: Any, manual: Manual) -> Mapping[str, Any]:
    """What the registration says of the manual's own 登记事项, by label, as typed."""
    table = manual.lists.get(FIELDS)
    rows = table.rows if table else ()
    return {row.word.name: complaint.more.get(row.word.code) for row in rows}


ITEM = Fact(
    "item",
    Enum(ITEMS),
    zh="项目",
    en="item",
    optional=True,
    read=lambda c: c.item or None,
    column=F("item"),
)
GROUP = Fact(
    "group",
    Enum(GROUPS),
    zh="大类",
    en="group",
    optional=True,
    read=lambda c: c.group or None,
    column=F("group"),
)
VALUE = Fact("value", Money, zh="货值", en="value", optional=True, read=lambda c: c.value, column=F("value"))
CIRCUMSTANCE_SET = Fact(
    "circumstances",
    Tags(CIRCUMSTANCES),
    zh="情形",
    en="circumstances",
    read=lambda c: frozenset(c.circumstances),
    column=F("circumstance_bits"),
)
ACCUSED_LEVEL = Fact(
    "accused_level",
    Enum(LEVELS),
    zh="被投诉人",
    en="accused",
    optional=True,
    read=lambda c: c.accused_level or None,
    column=F("accused_level"),
)
GRADE_FACT = Fact(
    "grade",
    Enum(GRADES),
    zh="级别",
    en="grade",
    optional=True,
    read=lambda c: c.grade or None,
    column=F("grade"),
)
MAJOR = Fact("major", Bool, zh="重大", en="major", read=lambda c: c.major, column=F("major"))
CHANNEL = Fact(
    "channel", Enum(CHANNELS), zh="渠道", en="channel", read=lambda c: c.channel, column=F("channel")
)

CIRCUMSTANCE = register(
    Question(
        "complaint.circumstance",
        facts=[ITEM],
        outcome=[
            Outcome("circumstances", Multi(CIRCUMSTANCES), zh="情形", en="circumstances", optional=True)
        ],
        more=more,
    )
)

GRADE = register(
    Question(
        "complaint.grade",
        facts=[CIRCUMSTANCE_SET, ITEM, GROUP, VALUE, CHANNEL],
        outcome=[
            Outcome("grade", Choice(GRADES), zh="级别", en="grade"),
            Outcome("major", Bool, zh="重大", en="major", optional=True),
        ],
        required=False,
        more=more,
    )
)

AUTHORITY = register(
    Question(
        "complaint.authority",
        facts=[VALUE, CIRCUMSTANCE_SET, ACCUSED_LEVEL, ITEM, GROUP, GRADE_FACT, MAJOR, CHANNEL],
        outcome=[Outcome("handler", Choice(HANDLERS), zh="处理人", en="handler")],
        more=more,
    )
)

LIMITS = register(
    Question(
        "complaint.limits",
        facts=[GROUP, ITEM, CIRCUMSTANCE_SET, GRADE_FACT, MAJOR, CHANNEL],
        outcome=[
            Outcome("matter", Choice(MATTERS), zh="事项", en="matter"),
            Outcome("limit", DueTime, zh="时限", en="limit"),
            Outcome("owner", TextOut, zh="负责", en="owner"),
        ],
        events=sorted(CLOSING | REOPENING),
        required=False,
        more=more,
    )
)

STAGES = register(
    Question(
        "complaint.stages",
        facts=[MAJOR, CIRCUMSTANCE_SET, GROUP, ITEM, GRADE_FACT, CHANNEL],
        stage_kinds=STAGE_KINDS,
        more=more,
    )
)

WEEKLY = register(Question("complaint.weekly", stage_kinds=("weekly", "reading"), required=False))

VALID = Outcome("valid", Bool, zh="有效", en="valid")
VALIDITY = register(
    Question(
        "complaint.validity",
        facts=[CIRCUMSTANCE_SET, GROUP, ITEM],
        outcome=[VALID],
        required=False,
        more=more,
    )
)

PENALTY = register(
    Question(
        "complaint.penalty",
        facts=[
            Fact("offence", Enum(OFFENCES), zh="过失", en="offence", read=lambda f: f.offence),
            Fact("count", Count, zh="次数", en="count"),
        ],
        outcome=[
            Outcome("allowance", Choice(ALLOWANCES), zh="当月津贴", en="allowance"),
            Outcome("measure", Choice(MEASURES), zh="处分", en="measure"),
        ],
    )
)

APPROVAL = register(
    Question(
        "complaint.approval",
        facts=[
            Fact("matter", Enum(APPROVALS), zh="事项", en="matter"),
            Fact("amount", Money, zh="金额", en="amount"),
        ],
        outcome=[
            Outcome("approvers", Multi(), zh="审批人", en="approvers", optional=True),
            Outcome("limit", DueTime, zh="时限", en="limit", optional=True),
        ],
        required=False,
    )
)
