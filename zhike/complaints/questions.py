"""What complaints ask the manuals: one family of questions for every regime (design, section 8)."""

from __future__ import annotations

from django.db.models import F

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
OFFENCES = "过失"
ALLOWANCES = "津贴"
MEASURES = "处分"

STAGE_KINDS = (
    "intake",
    "cause",
    "empathy",
    "details",
    "solution",
    "approval",
    "execution",
    "reply",
    "summary",
)
# Roles that a manual's 负责 may name, besides posts.
ROLES = {"接待人": "taker", "处理人": "handler"}

CIRCUMSTANCE = register(
    Question(
        "complaint.circumstance",
        facts=[
            Fact(
                "item",
                Enum(ITEMS),
                zh="项目",
                en="item",
                optional=True,
                read=lambda c: c.item or None,
                column=F("item"),
            ),
        ],
        outcome=[
            Outcome("circumstances", Multi(CIRCUMSTANCES), zh="情形", en="circumstances", optional=True)
        ],
    )
)

AUTHORITY = register(
    Question(
        "complaint.authority",
        facts=[
            Fact(
                "value",
                Money,
                zh="货值",
                en="value",
                optional=True,
                read=lambda c: c.value,
                column=F("value"),
            ),
            Fact(
                "circumstances",
                Tags(CIRCUMSTANCES),
                zh="情形",
                en="circumstances",
                read=lambda c: frozenset(c.circumstances),
                column=F("circumstance_bits"),
            ),
            Fact(
                "accused_level",
                Enum(LEVELS),
                zh="被投诉人",
                en="accused",
                optional=True,
                read=lambda c: c.accused_level or None,
                column=F("accused_level"),
            ),
            Fact(
                "item",
                Enum(ITEMS),
                zh="项目",
                en="item",
                optional=True,
                read=lambda c: c.item or None,
                column=F("item"),
            ),
            Fact(
                "group",
                Enum(GROUPS),
                zh="大类",
                en="group",
                optional=True,
                read=lambda c: c.group or None,
                column=F("group"),
            ),
        ],
        outcome=[Outcome("handler", Choice(HANDLERS), zh="处理人", en="handler")],
    )
)

LIMITS = register(
    Question(
        "complaint.limits",
        facts=[
            Fact(
                "group",
                Enum(GROUPS),
                zh="大类",
                en="group",
                optional=True,
                read=lambda c: c.group or None,
                column=F("group"),
            ),
            Fact(
                "item",
                Enum(ITEMS),
                zh="项目",
                en="item",
                optional=True,
                read=lambda c: c.item or None,
                column=F("item"),
            ),
            Fact(
                "circumstances",
                Tags(CIRCUMSTANCES),
                zh="情形",
                en="circumstances",
                read=lambda c: frozenset(c.circumstances),
                column=F("circumstance_bits"),
            ),
        ],
        outcome=[
            Outcome("matter", Choice(MATTERS), zh="事项", en="matter"),
            Outcome("limit", DueTime, zh="时限", en="limit"),
            Outcome("owner", TextOut, zh="负责", en="owner"),
        ],
        required=False,
    )
)

STAGES = register(
    Question(
        "complaint.stages",
        facts=[Fact("major", Bool, zh="重大", en="major", optional=True, read=lambda c: None)],
        stage_kinds=STAGE_KINDS,
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
            Fact("matter", Enum("审批事项"), zh="事项", en="matter"),
            Fact("amount", Money, zh="金额", en="amount"),
        ],
        outcome=[
            Outcome("approvers", Multi(), zh="审批人", en="approvers", optional=True),
            Outcome("limit", DueTime, zh="时限", en="limit", optional=True),
        ],
        required=False,
    )
)
