"""What tracking asks the manuals: cadence by grade, key moments, lunar days, risk of leaving."""

from __future__ import annotations

from zhike.customers.contacts.questions import CONTENT
from zhike.kernel.policy.questions import (
    Choice,
    DueTime,
    Enum,
    Fact,
    Int,
    Multi,
    NumberOut,
    Outcome,
    Question,
    TextOut,
    register,
)

GRADES = "客户等级"
CLASSES = "店铺类别"
BUSINESSES = "服务业务"
STRATEGIES = "关系策略"
MEASURES = "客情措施"
SIGNS = "流失迹象"
FESTIVALS = "节日"
GUIDANCE = "维护指引"
STAGE_WORDS = [
    ("EXISTING", "现有", "Existing"),
    ("FUTURE", "未来", "Future"),
    ("POTENTIAL", "潜在", "Potential"),
]
JOURNALS = [
    ("DAY", "日志", "Day journal"),
    ("WEEK", "周志", "Week journal"),
    ("HALF_MONTH", "半月志", "Half-month journal"),
    ("MONTH", "月志", "Month journal"),
    ("YEAR", "年志", "Year journal"),
]
WAYS = [
    ("VISIT", "上门", "Visit"),
    ("PHONE", "电话", "Telephone"),
    ("EVENT", "活动", "Event"),
    ("MESSAGE", "信息", "Message"),
    ("EMAIL", "邮件", "E-mail"),
    ("LETTER", "信函", "Letter"),
]
MOMENTS = [
    ("BEFORE", "服务前", "Before service"),
    ("DURING", "服务中", "During service"),
    ("AFTER", "服务后", "After service"),
    ("FESTIVAL", "节日", "Festival"),
    ("ANNIVERSARY", "纪念日", "Anniversary"),
    ("DEAL", "成交后", "After a deal"),
]
ABSENT_DAYS = [("THIRTIETH", "三十日", "Thirtieth day"), ("LEAP_MONTH", "闰月", "Leap month")]
INSTEAD = [
    ("DAY_BEFORE", "前一天", "The day before"),
    ("DAY_AFTER", "后一天", "The day after"),
    ("PLAIN_MONTH", "平月同日", "Same day of the plain month"),
    ("NONE", "不发", "No greeting"),
]
RISKS = [("HIGH", "高", "High"), ("MIDDLE", "中", "Middle"), ("LOW", "低", "Low"), ("NONE", "无", "None")]

CADENCE = register(
    Question(
        "tracking.cadence",
        facts=[
            Fact("grade", Enum(GRADES), zh="等级", en="grade", optional=True),
            Fact("shop_class", Enum(CLASSES), zh="类别", en="class", optional=True),
        ],
        outcome=[
            Outcome("journal", Choice(JOURNALS), zh="追踪志", en="journal"),
            Outcome("every", DueTime, zh="间隔", en="interval"),
            Outcome("phone", DueTime, zh="电话间隔", en="telephone interval", optional=True),
            Outcome("visit", DueTime, zh="上门间隔", en="visit interval", optional=True),
            Outcome("ways", Multi(WAYS), zh="形式", en="form", optional=True),
        ],
    )
)

MOMENT = register(
    Question(
        "tracking.moment",
        facts=[
            Fact("moment", Enum(MOMENTS), zh="时机", en="moment"),
            Fact("business", Enum(BUSINESSES), zh="业务", en="business", optional=True),
        ],
        outcome=[
            Outcome("task", TextOut, zh="任务", en="task", optional=True),
            Outcome("limit", DueTime, zh="期限", en="limit", optional=True),
            Outcome("ahead", NumberOut, zh="提前天数", en="days ahead", optional=True),
            Outcome("way", Choice(WAYS), zh="方式", en="way", optional=True),
            Outcome("content", Choice(CONTENT), zh="内容", en="content", optional=True),
            Outcome("template", TextOut, zh="模板", en="template", optional=True),
        ],
        required=False,
    )
)

LUNAR = register(
    Question(
        "tracking.lunar",
        facts=[Fact("absent", Enum(ABSENT_DAYS), zh="缺少的日子", en="missing day")],
        outcome=[Outcome("instead", Choice(INSTEAD), zh="改为", en="instead")],
        required=False,
    )
)

CHURN = register(
    Question(
        "tracking.churn",
        facts=[
            Fact("signs", Int, zh="迹象数", en="signs"),
            Fact("since_purchase", Int, zh="未购天数", en="days without purchase", optional=True),
            Fact("since_contact", Int, zh="未联络天数", en="days without contact", optional=True),
            Fact("complaints", Int, zh="投诉数", en="complaints"),
        ],
        outcome=[
            Outcome("risk", Choice(RISKS), zh="流失风险", en="risk of leaving"),
            Outcome("measure", TextOut, zh="措施", en="measure", optional=True),
        ],
        required=False,
    )
)

UPKEEP = register(
    Question(
        "tracking.upkeep",
        facts=[Fact("stage", Enum(STAGE_WORDS), zh="阶段", en="stage")],
        outcome=[Outcome("action", TextOut, zh="维护动作", en="maintenance action")],
        required=False,
    )
)
