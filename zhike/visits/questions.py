"""What visits ask the manuals: how often, what must be there at closing, what is done about a problem."""

from __future__ import annotations

from zhike.kernel.policy.questions import (
    Bool,
    BoolOut,
    Choice,
    DueTime,
    Enum,
    Fact,
    NumberOut,
    Outcome,
    Question,
    TextOut,
    register,
)

CLASSES = "客户类别"
PURPOSES = "拜访目的"
PROBLEMS = "问题种类"
PHOTOS = "照片种类"
ASPECTS = "指导方面"
SHOWN = "示范项目"
GREETINGS = "问候语"
POLICIES = "当月政策"  # kinds of information that are read before a visit
# lists whose lines are answered one by one at a visit, by the code under which the answers are kept
FINDINGS = {
    "MARKET": "市场信息",
    "RECORD": "拜访记录",
    "BOOK": "客户服务手册",
    "TALK": "面谈记录",
    "FIRST": "初访信息",
}
GIVEN = {
    "INFO": "宣传信息",
    "TOPIC": "沟通主题",
    "ITEM": "发放物品",
    "POLICY": "解释事项",
    "GIFT": "礼品",
}
CHECKS = "拜访检查"  # 用途 of the lists that are ticked

KINDS = [
    ("PLANNED", "计划拜访", "Planned visit"),
    ("ROUND", "不定期巡访", "Unscheduled round"),
    ("FIRST", "初次拜访", "First visit"),
    ("RETURN", "回访", "Return visit"),
    ("POLICY", "政策解释", "Explanation of policy"),
]
DEMANDS = [
    ("PURPOSE", "拜访目的", "Purpose and target"),
    ("POLICY_READ", "当月政策", "Policies of the month read"),
    ("FOCUS", "重点工作和宣传内容", "Key work and what to publicise"),
    ("CHECKS", "检查", "Checklist"),
    ("ARRIVED", "到达时间", "Arrival"),
    ("PLACE", "位置", "Position"),
    ("HOST", "接待人", "Who received the visitor"),
    ("DECIDES", "决策权", "Decision power"),
    ("FINDINGS", "信息", "Findings"),
    ("PROBLEMS", "问题", "Problems"),
    ("GIVEN", "宣传", "Information given"),
    ("GUIDED", "指导", "Guidance"),
    ("MINUTES", "培训时间", "Training time"),
    ("PHOTO", "照片", "Photo"),
    ("SATISFACTION", "满意度", "Satisfaction"),
    ("REPORT", "拜访报告", "Visit report"),
    ("SIGNATURE", "客户签字", "Customer's signature"),
    ("NEXT", "下次拜访时间", "Next visit"),
    ("LEFT", "离开时间", "Leaving"),
]
MATTERS = [
    ("PLAN", "下周计划", "Plan of next week"),
    ("RECORD", "整理记录", "Visit record"),
    ("URGENT", "紧急问题", "Urgent problem"),
    ("RETURN", "承诺后回访", "Return visit after a promise"),
    ("CALL", "客户不在后电话", "Call after the customer was out"),
]
ACTIONS = [
    ("REPORT", "报告部门领导", "Report to the department leader"),
    ("COORDINATE", "协调办理", "Coordinate with other departments"),
    ("WEEKLY", "列入每周信息反馈单", "Weekly feedback sheet"),
    ("SOLVE", "当场解决", "Solve on the spot"),
]

CADENCE = register(
    Question(
        "visits.cadence",
        facts=[Fact("shop_class", Enum(CLASSES), zh="类别", en="class", optional=True)],
        outcome=[
            Outcome("every", DueTime, zh="拜访周期", en="visit interval"),
            Outcome("focus", TextOut, zh="重点工作", en="key work", optional=True),
        ],
    )
)
SERVICE = register(
    Question(
        "visits.service",
        facts=[
            Fact("shop_class", Enum(CLASSES), zh="类别", en="class", optional=True),
            Fact("kind", Enum(KINDS), zh="拜访种类", en="kind of visit"),
        ],
        outcome=[
            Outcome("minutes", NumberOut, zh="停留分钟", en="minutes at the customer's"),
            Outcome("detour", NumberOut, zh="顺路分钟", en="minutes of detour that an early visit is worth"),
        ],
        required=False,
    )
)
DEMAND = register(
    Question(
        "visits.demands",
        facts=[
            Fact("kind", Enum(KINDS), zh="拜访种类", en="kind of visit"),
            Fact("absent", Bool, zh="客户不在", en="customer out"),
        ],
        outcome=[
            Outcome("demand", Choice(DEMANDS), zh="要求", en="demand"),
            Outcome("list", TextOut, zh="清单", en="list", optional=True),
            Outcome("count", NumberOut, zh="数量", en="count", optional=True),
            Outcome("step", NumberOut, zh="步骤", en="step"),
            Outcome("excusable", BoolOut, zh="可说明原因", en="or a reason"),
        ],
        required=False,
    )
)
FIRST = register(
    Question(
        "visits.first",
        facts=[
            Fact("kind", Enum(KINDS), zh="拜访种类", en="kind of visit"),
            Fact("absent", Bool, zh="客户不在", en="customer out"),
        ],
        outcome=DEMAND.outcome,
        required=False,
    )
)
PROBLEM = register(
    Question(
        "visits.problem",
        facts=[
            Fact("in_authority", Bool, zh="权限内", en="within authority"),
            Fact("at_once", Bool, zh="当场能解决", en="solvable at once"),
            Fact("urgent", Bool, zh="紧急", en="urgent"),
            Fact("needs_others", Bool, zh="需要其他部门", en="needs other departments"),
        ],
        outcome=[
            Outcome("action", Choice(ACTIONS), zh="办法", en="action"),
            Outcome("reply", BoolOut, zh="告知答复时间", en="tell the reply time"),
        ],
    )
)
DEADLINE = register(
    Question(
        "visits.deadline",
        facts=[Fact("matter", Enum(MATTERS), zh="事项", en="matter")],
        outcome=[Outcome("limit", DueTime, zh="期限", en="limit")],
        required=False,
    )
)
