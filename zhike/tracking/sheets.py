"""Forms of tracking: F000-15 relation activity, F003-07 contact at a key moment."""

from __future__ import annotations

from django.urls import reverse

from zhike.customers.contacts.sheets import WAYS
from zhike.kernel.records import attachments, printing
from zhike.kernel.records.forms import Field, Form, Option, cell, register
from zhike.kernel.records.models import Attachment

from .models import Activity
from .wording import words_of

KINDS = (
    Option("MATCH", "比赛", "Match"), Option("SHOW", "演出", "Performance"), Option("MEAL", "聚餐", "Meal"),
    Option("LEADERS", "领导走访", "Leaders' visit"), Option("WORKS", "参观工厂", "Works tour"),
    Option("TRAVEL", "旅游", "Travel"), Option("MEETING", "会议", "Meeting"), Option("GIFT", "礼物", "Gift"),
    Option("TRIAL", "试用", "Trial of a product"),
)  # fmt: skip
STATES = (
    Option("PLANNED", "待批准", "Waiting for approval"), Option("APPROVED", "已批准", "Approved"),
    Option("REFUSED", "不批准", "Refused"), Option("HELD", "已举办", "Took place"),
    Option("DROPPED", "取消", "Called off"),
)  # fmt: skip
MOMENTS = (
    Option("BEFORE", "服务前需求确认", "Before service: confirm the need"),
    Option("DURING", "服务中进度告知", "During service: tell the progress"),
    Option("AFTER", "服务后满意度回访", "After service: satisfaction call-back"),
    Option("FESTIVAL", "节日问候", "Festival greeting"),
    Option("ANNIVERSARY", "纪念日问候", "Anniversary greeting"),
    Option("DEAL", "成交后联络", "After a deal: build the relation"),
)


def photos_of(row: Activity) -> list[Attachment]:
    """The pictures of an activity, oldest first."""
    return [one for one in attachments.attachments_of(row) if one.is_image]


def pictures_of(row: Activity) -> list[printing.Picture]:
    """Those that every kind of file can show, for the form."""
    return [
        printing.Picture(
            attachments.path_of(one.sha256), one.name, reverse("tracking:photo", args=[row.pk, one.pk])
        )
        for one in photos_of(row)
        if one.content_type in {"image/jpeg", "image/png"} and attachments.path_of(one.sha256).exists()
    ]


def strategy_of(row: Activity) -> str:
    words = dict(words_of("STRATEGIES", row.unit_id, row.at))
    return f"{row.strategy} {words.get(str(row.strategy), '')}".strip()


ACTIVITY = register(
    Form(
        code="F000-15",
        zh="客户关系活动计划/记录",
        en="Relationship activity plan and record",
        fields=(
            Field("number", "编号", "No.", source=lambda a: a.number),
            Field("title", "名称", "Name", source=lambda a: a.title),
            Field("strategy", "所用策略", "Strategy no.", source=strategy_of),
            Field("kind", "类型", "Type", "ticks", source=lambda a: [a.kind], options=KINDS),
            Field("on", "日期", "Day", "date", source=lambda a: a.on),
            Field("place", "地点", "Place", source=lambda a: a.place),
            Field("customers", "客户", "Customers", "long", source=lambda a: "、".join(one.name for one in a.customers.all())),
            Field("participants", "其他参加人", "Participants", "long", source=lambda a: a.participants),
            Field("budget", "预算(元)", "Budget", source=lambda a: f"{a.budget:,.2f}"),
            Field("state", "审批", "Approval", "ticks", source=lambda a: [a.state], options=STATES),
            Field("decided_by", "批准人", "Decided by", "person", source=lambda a: a.decided_by.name if a.decided_by else ""),
            Field("opinion", "意见", "Opinion", source=lambda a: a.opinion),
            Field("cost", "费用(元)", "Cost", source=lambda a: "" if a.cost is None else f"{a.cost:,.2f}"),
            Field("heads", "到场人数", "Who came", source=lambda a: "" if a.heads is None else str(a.heads)),
            Field("effect", "效果", "Effect", "long", source=lambda a: a.effect),
            Field("introductions", "带来的介绍", "Introductions won", source=lambda a: str(a.introductions)),
            Field("business", "带来的业务(元)", "Business won", source=lambda a: f"{a.business:,.2f}"),
            Field("photos", "照片", "Photos", source=lambda a: str(len(photos_of(a)) or "")),
            Field("by", "经办人", "Planned by", "person", source=lambda a: a.by.name),
        ),
        layout=(
            (cell("number"), cell("title", span=3)),
            (cell("strategy", span=5),),
            (cell("kind", span=5),),
            (cell("on"), cell("place", span=3)),
            (cell("customers", span=5, tall=24, vertical=True),),
            (cell("participants", span=5, tall=24, vertical=True),),
            (cell("budget"), cell("by", span=3)),
            (cell("state", span=5),),
            (cell("decided_by"), cell("opinion", span=3)),
            (cell("cost"), cell("heads", span=3)),
            (cell("effect", span=5, tall=40, vertical=True),),
            (cell("introductions"), cell("business"), cell("photos")),
        ),
    )
)  # fmt: skip

MOMENT = register(
    Form(
        code="F003-07",
        zh="关键时机沟通任务",
        en="Contact task",
        fields=(
            Field("number", "客户编号", "Customer no.", source=lambda m: m.customer.number),
            Field("customer", "客户", "Customer", "person", source=lambda m: m.customer.name),
            Field("moment", "时机", "Moment", "ticks", source=lambda m: [m.kind], options=MOMENTS),
            Field("occasion", "事由", "Occasion", source=lambda m: m.occasion),
            Field("due", "期限", "Due", "moment", source=lambda m: m.due_at),
            Field("way", "渠道", "Channel", "ticks", source=lambda m: [m.way], options=WAYS),
            Field("template", "模板", "Template", "long", source=lambda m: m.template),
            Field("done", "完成时间", "Done at", "moment", source=lambda m: m.ended_at),
            Field("by", "完成人", "Done by", "person", source=lambda m: m.ended_by.name if m.ended_by else ""),
            Field("reply", "客户回复", "Reply", "long", source=lambda m: m.reply or m.why),
        ),
        layout=(
            (cell("number"), cell("customer", span=3)),
            (cell("moment", span=5),),
            (cell("occasion"), cell("due", span=3)),
            (cell("way", span=5),),
            (cell("template", span=5, tall=40, vertical=True),),
            (cell("done"), cell("by", span=3)),
            (cell("reply", span=5, tall=40, vertical=True),),
        ),
    )
)  # fmt: skip
