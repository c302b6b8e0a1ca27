"""Forms of visits: plan and record sheets, report, card, lists, handbook, issue register, explanations."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from zhike.customers.models import Customer
from zhike.kernel.records.forms import Band, Field, Form, Lines, Option, cell, register

from . import questions, rules
from .models import Visit, WeekPlan
from .queries import Brief, briefs

KINDS = tuple(Option(code, zh, en) for code, zh, en in questions.KINDS)
YES_NO = (Option("YES", "是", "yes"), Option("NO", "否", "no"))


def _col(key: str, zh: str, en: str, width: int = 1, kind: Any = "text") -> Field:
    return Field(key, zh, en, kind, width=width)


def _names(visit: Visit, name: str, codes: list[str]) -> str:
    """Codes of a list as the regulation of the visit's day writes them."""
    return "、".join(_word(visit, name, code) for code in codes)


def _word(visit: Visit, name: str, code: str) -> str:
    try:
        found = rules.rules(visit.unit_id, visit.planned_on)
    except rules.NoRegulation:
        return code
    return next((row.written for row in found.rows(name) if row.word.code == code), code)


def _findings(group: str) -> Callable[[Visit], list[dict[str, str]]]:
    name = questions.FINDINGS[group]

    def read(visit: Visit) -> list[dict[str, str]]:
        return [
            {"kind": _word(visit, name, row.kind), "text": row.text or "无变化"}
            for row in visit.findings.all()
            if row.group == group
        ]

    return read


def _text_of(group: str, kind: str) -> Callable[[Visit], str]:
    return lambda visit: "；".join(
        row.text for row in visit.findings.all() if row.group == group and row.kind == kind and row.text
    )


def _given(*groups: str) -> Callable[[Visit], list[dict[str, str]]]:
    def read(visit: Visit) -> list[dict[str, str]]:
        return [
            {
                "topic": _word(visit, questions.GIVEN[row.group], row.topic),
                "text": row.text,
                "quantity": "" if row.quantity is None else str(row.quantity),
                "value": "" if row.value is None else f"{row.value:,.2f}",
                "accepted": "" if row.accepted is None else ("接受" if row.accepted else "不接受"),
                "objection": row.objection,
                "handling": row.handling,
            }
            for row in visit.given.all()
            if row.group in groups
        ]

    return read


def _problems(visit: Visit) -> list[dict[str, str]]:
    return [
        {
            "text": row.text,
            "proposal": row.proposal,
            "reply_by": "" if row.reply_by is None else row.reply_by.isoformat(),
            "answer": row.answer or ("待答复" if row.state == "OPEN" else ""),
        }
        for row in visit.problems.all()
    ]


def _guidance(visit: Visit) -> list[dict[str, str]]:
    return [
        {
            "aspect": _word(visit, questions.ASPECTS, row.aspect),
            "finding": "正常" if row.is_fine and not row.finding else row.finding,
            "cause": row.cause,
            "text": row.text or row.praise,
            "shown": _word(visit, questions.SHOWN, row.demonstration) if row.demonstration else "",
        }
        for row in visit.guidance.all()
    ]


def _signature(visit: Visit) -> dict[str, str]:
    at = "" if visit.signed_at is None else visit.signed_at.isoformat()
    return {"name": visit.signer, "at": at}


def _checked(visit: Visit) -> list[dict[str, str]]:
    return [
        {"list": name, "done": _names(visit, name, [code for code, done in said.items() if done]),
         "lacking": _names(visit, name, [code for code, done in said.items() if not done])}
        for name, said in visit.checks.items()
    ]  # fmt: skip


def _day(value: Any) -> str:
    return "" if value is None else value.isoformat()


NUMBER = Field("number", "编号", "No.", source=lambda v: v.number)
CUSTOMER = Field("customer", "客户", "Customer", source=lambda v: v.customer.name)
CUSTOMER_NO = Field("customer_no", "客户编号", "Customer no.", source=lambda v: v.customer.number)
VISITOR = Field("visitor", "拜访人", "Visitor", "person", source=lambda v: v.manager.name)
KIND = Field("kind", "拜访种类", "Kind", "ticks", source=lambda v: [v.kind], options=KINDS)
ON = Field("on", "日期", "Date", "date", source=lambda v: v.planned_on)
ARRIVED = Field("arrived", "到达", "Arrived", "moment", source=lambda v: v.arrived_at)
LEFT = Field("left", "离开", "Left", "moment", source=lambda v: v.left_at)
HOST = Field("host", "接待人", "Received by", source=lambda v: v.host)
POSITION = Field("position", "职位", "Position", source=lambda v: v.host_position)
PURPOSE = Field(
    "purpose", "拜访目的", "Purpose", source=lambda v: _names(v, questions.PURPOSES, v.purposes) or v.focus
)
TARGET = Field("target", "目标", "Target", source=lambda v: v.target)
NEXT = Field("next", "下次拜访时间", "Next visit", "date", source=lambda v: v.next_on)
SATISFACTION = Field(
    "satisfaction", "满意度（1–5）", "Satisfaction", source=lambda v: str(v.satisfaction or "")
)
REMARK = Field("remark", "客户评价", "Customer's judgement", "long", source=lambda v: v.remark)
SIGNED = Field("signed", "客户签字", "Customer's signature", "signature", source=_signature)
DECIDES = Field(
    "decides", "决策权", "Decision power", "ticks", options=YES_NO,
    source=lambda v: [] if v.host_decides is None else ["YES" if v.host_decides else "NO"],
)  # fmt: skip
FOUND = (_col("kind", "项目", "Item", 3), _col("text", "内容", "What was learnt", 7))
PROBLEMS = Field(
    "problems", "问题和异议", "Problems and objections", "table", source=_problems,
    columns=(_col("text", "问题、异议", "Problem, objection", 4), _col("proposal", "建议的办法", "Proposed solution", 3),
             _col("reply_by", "答复时间", "Reply by", 2, "moment"), _col("answer", "结果", "Outcome", 3)),
)  # fmt: skip
GUIDED = Field(
    "guidance", "指导", "Guidance", "table", source=_guidance,
    columns=(_col("aspect", "方面", "Aspect", 2), _col("finding", "发现", "Finding", 3), _col("cause", "原因", "Cause", 2),
             _col("text", "建议和鼓励", "Advice, praise", 3), _col("shown", "示范", "Shown", 2)),
)  # fmt: skip
CHECKED = Field(
    "checks", "准备检查", "Preparation", "table", source=_checked,
    columns=(_col("list", "检查", "Check", 2), _col("done", "已做到", "Done", 6), _col("lacking", "没有", "Lacking", 2)),
)  # fmt: skip
MARKET = Field("market", "市场信息", "Market information", "table", source=_findings("MARKET"), columns=FOUND)
RECORDED = Field("record", "拜访记录", "Visit record", "table", source=_findings("RECORD"), columns=FOUND)
TALK = Field("talk", "面谈记录", "Talk", "table", source=_findings("TALK"), columns=FOUND)
TOLD = Field(
    "told", "宣传和沟通", "Told", "table", source=_given("INFO", "TOPIC"),
    columns=(_col("topic", "主题", "Topic", 3), _col("text", "内容", "What", 4), _col("objection", "异议", "Objection", 2),
             _col("handling", "处理", "Handling", 2)),
)  # fmt: skip
GIFTS = Field(
    "gifts", "礼品", "Gifts", "table", source=_given("GIFT"),
    columns=(_col("topic", "礼品", "Gift", 3), _col("quantity", "数量", "Quantity"), _col("value", "价值（元）", "Value")),
)  # fmt: skip
MINUTES = Field(
    "minutes",
    "培训分钟",
    "Training minutes",
    source=lambda v: str(sum(row.minutes for row in v.guidance.all())),
)

RECORD_SHEET = register(
    Form(
        code="F004-04", zh="客户拜访记录表", en="Customer visit record sheet",
        fields=(NUMBER, CUSTOMER, CUSTOMER_NO, VISITOR, ON, ARRIVED, LEFT, KIND, PURPOSE, CHECKED, MARKET, PROBLEMS, TOLD,
                GUIDED, RECORDED, REMARK, NEXT, SIGNED,
                Field("photos", "照片", "Photos", source=lambda v: str(len(v.photos.all())) if v.photos.all() else "")),
        layout=((cell("number"), cell("customer", span=3)), (cell("customer_no"), cell("visitor"), cell("on")),
                (cell("arrived"), cell("left"), cell("photos")), (cell("kind", span=5),), (cell("purpose", span=5),),
                Band("准备检查", "Preparation"), Lines("checks", 2), Band("市场信息", "Market information"), Lines("market", 7),
                Band("问题和异议", "Problems and objections"), Lines("problems", 3), Band("宣传和沟通", "Told"), Lines("told", 3),
                Band("指导", "Guidance"), Lines("guidance", 6), Band("拜访记录", "Visit record"), Lines("record", 3),
                (cell("remark", span=5, tall=14),), (cell("next"), cell("signed", span=3, tall=16))),
    )
)  # fmt: skip

REPORT = register(
    Form(
        code="FM002-36", zh="拜访报告", en="Visit report",
        fields=(NUMBER, CUSTOMER, VISITOR, ON, KIND, PURPOSE, TARGET, HOST, POSITION, DECIDES, TALK, TOLD, PROBLEMS, GUIDED,
                MINUTES, SATISFACTION, NEXT, Field("report", "报告", "Report", "long", source=lambda v: v.report),
                Field("reviewer", "审阅", "Reviewed by", "person", source=lambda v: _remark_by(v)),
                Field("opinion", "意见", "Opinion", "long", source=lambda v: _supervisor(v))),
        layout=((cell("number"), cell("customer", span=3)), (cell("visitor"), cell("on", span=3)), (cell("kind", span=5),),
                (cell("purpose"), cell("target", span=3)), (cell("host"), cell("position"), cell("decides")),
                (cell("report", span=5, tall=40, vertical=True),), Band("面谈记录", "Talk"), Lines("talk", 2),
                Band("宣传和沟通", "Told"), Lines("told", 2), Band("问题和承诺", "Problems and commitments"), Lines("problems", 2),
                Band("指导", "Guidance"), Lines("guidance", 2), (cell("minutes"), cell("satisfaction"), cell("next")),
                (cell("reviewer"), cell("opinion", span=3))),
    )
)  # fmt: skip

MANAGEMENT = register(
    Form(
        code="FM002-10", zh="客户拜访管理表", en="Customer visit management",
        fields=(NUMBER, CUSTOMER, VISITOR, ON, ARRIVED, KIND, PURPOSE, TARGET, CHECKED, HOST, POSITION, DECIDES, TALK, TOLD,
                PROBLEMS, MINUTES, GIFTS, SATISFACTION, REMARK,
                Field("prospects", "发现的准客户", "Prospects found", source=_text_of("TALK", "PROSPECT")),
                Field("competitor", "竞争对手", "Competitors", source=_text_of("TALK", "COMPETITOR")),
                Field("credit", "信用异动及原因", "Change in credit", source=_text_of("TALK", "CREDIT")),
                Field("return_on", "回访", "Return visit", source=lambda v: _return_of(v)),
                Field("cost", "费用（元）", "Cost", source=lambda v: "" if v.cost is None else f"{v.cost:,.2f}"),
                Field("reported", "报告", "Report submitted", source=lambda v: "已交" if v.report and v.closed_at else "未交"),
                Field("opinion", "主管批注", "Supervisor's remark", "long", source=lambda v: _supervisor(v))),
        layout=((cell("number"), cell("customer", span=3)), (cell("visitor"), cell("on"), cell("arrived")),
                (cell("kind", span=5),), (cell("purpose"), cell("target", span=3)),
                (cell("host"), cell("position"), cell("decides")), Band("准备检查", "Preparation"), Lines("checks", 1),
                Band("面谈记录", "Talk"), Lines("talk", 2), (cell("competitor"), cell("prospects"), cell("credit")),
                Band("沟通主题", "Topics"), Lines("told", 2), Band("问题、异议和承诺", "Problems, objections, commitments"),
                Lines("problems", 2), Band("礼品", "Gifts"), Lines("gifts", 1),
                (cell("minutes"), cell("satisfaction"), cell("return_on")), (cell("remark", span=5),),
                (cell("cost"), cell("reported", span=3)), (cell("opinion", span=5, tall=14),)),
    )
)  # fmt: skip

FIRST = register(
    Form(
        code="F001-54", zh="初次拜访记录", en="First-visit record",
        fields=(NUMBER, CUSTOMER, VISITOR, ON, HOST, POSITION, NEXT, CHECKED,
                Field("persons", "在场人数", "Persons met", source=lambda v: "" if v.persons is None else str(v.persons)),
                Field("cards", "名片", "Cards given", source=lambda v: "" if v.cards is None else str(v.cards)),
                Field("absent", "客户不在，留下名片", "Customer out, card left", "ticks", options=YES_NO,
                      source=lambda v: ["YES" if v.is_absent else "NO"]),
                Field("quantity", "新产品订货数量", "Quantity of a new product", source=_text_of("FIRST", "QUANTITY")),
                Field("budget", "包装费用预算", "Packaging budget", source=_text_of("FIRST", "BUDGET")),
                Field("talk", "闲谈和赞美", "Small talk and praise", source=_text_of("FIRST", "SMALL_TALK")),
                Field("hook", "下次拜访的伏笔", "Hook for the next visit", source=_text_of("FIRST", "HOOK"))),
        layout=((cell("number"), cell("customer", span=3)), (cell("visitor"), cell("on"), cell("next")),
                (cell("host"), cell("position"), cell("persons")), (cell("cards"), cell("absent", span=3)),
                (cell("quantity"), cell("budget", span=3)), (cell("talk", span=5, tall=14),), (cell("hook", span=5, tall=14),),
                Band("检查", "Checks"), Lines("checks", 2)),
    )
)  # fmt: skip

EXPLAINED = Field(
    "explained", "解释", "Explained", "table", source=_given("POLICY"),
    columns=(_col("topic", "主题", "Topic", 3), _col("text", "解释内容", "What was said", 3), _col("accepted", "结果", "Result", 2),
             _col("objection", "不接受的原因", "Reason", 3), _col("handling", "处理", "Handling", 2)),
)  # fmt: skip
EXPLANATION = register(
    Form(
        code="F001-58", zh="解释记录", en="Explanation record",
        fields=(NUMBER, Field("customer", "零售户", "Retailer", source=lambda v: v.customer.name), VISITOR, ON, EXPLAINED),
        layout=((cell("number"), cell("customer", span=3)), (cell("visitor"), cell("on", span=3)), Lines("explained", 3)),
    )
)  # fmt: skip


def _remark_by(visit: Visit) -> str:
    told = visit.interaction
    return told.remark_by.name if told is not None and told.remark_by is not None else ""


def _supervisor(visit: Visit) -> str:
    return visit.interaction.remark if visit.interaction is not None else ""


def _return_of(visit: Visit) -> str:
    found = [row.promise.return_visits.first() for row in visit.problems.all() if row.promise is not None]
    return "、".join(
        f"{one.planned_on.isoformat()} {one.get_state_display()}" for one in found if one is not None
    )


# --- of a week and of a customer ---------------------------------------------------------------------------


def _brief(found: dict[int, Brief], visit: Visit) -> str:
    """One line: sales, profit, score and class."""
    brief = found[visit.customer_id]
    parts = [
        brief.shop_class,
        f"销售 {brief.sales:,.0f}" if brief.sales is not None else "",
        f"盈利 {brief.profit:,.0f}" if brief.profit is not None else "",
        f"评价 {brief.score}" if brief.score is not None else "",
    ]
    return " · ".join(part for part in parts if part)


def _planned(plan: WeekPlan) -> list[dict[str, str]]:
    rows = list(plan.visits.select_related("customer").order_by("planned_on", "order"))
    found = briefs([row.customer_id for row in rows], plan.monday)
    return [
        {
            "on": f"{row.planned_on:%m-%d}",
            "order": str(row.order),
            "customer": row.customer.name,
            "purpose": _names(row, questions.PURPOSES, row.purposes) or row.focus,
            "brief": _brief(found, row),
            "problems": "；".join(one.text for one in found[row.customer_id].open_problems),
            "done": {"CLOSED": "已完成", "MISSED": f"未去：{row.reason}"}.get(row.state, ""),
        }
        for row in rows
    ]


WEEK = register(
    Form(
        code="F004-03", zh="客户拜访计划表", en="Customer visit plan sheet",
        fields=(Field("manager", "客户经理", "Customer manager", "person", source=lambda p: p.manager.name),
                Field("monday", "周（周一）", "Week (Monday)", "date", source=lambda p: p.monday),
                Field("state", "状态", "State", source=lambda p: "已定" if p.state == "SET" else "草稿"),
                Field("visits", "拜访", "Visits", "table", source=_planned,
                      columns=(_col("on", "日期", "Date"), _col("order", "顺序", "No."), _col("customer", "客户", "Customer", 3),
                               _col("purpose", "目的、重点", "Purpose, focus", 3), _col("brief", "销售、盈利、评价", "Sales, profit, score", 4),
                               _col("problems", "未了问题", "Open problems", 3), _col("done", "完成", "Done", 2)))),
        layout=((cell("manager"), cell("monday"), cell("state")), Lines("visits", 10)),
    )
)  # fmt: skip


def _listed(plan: WeekPlan) -> list[dict[str, str]]:
    rows = list(plan.visits.select_related("customer").order_by("planned_on", "order"))
    found = briefs([row.customer_id for row in rows], plan.monday)
    return [
        {
            "no": row.customer.number,
            "customer": row.customer.name,
            "region": row.customer.region,
            "brief": _brief(found, row),
            "last": _day(found[row.customer_id].last_on),
            "open": "；".join(one.text for one in found[row.customer_id].open_problems),
        }
        for row in rows
    ]


CUSTOMER_LIST = register(
    Form(
        code="FM002-38", zh="客户信息一览表", en="Customer information list for visits",
        fields=(Field("manager", "拜访人", "Visitor", "person", source=lambda p: p.manager.name),
                Field("monday", "周（周一）", "Week (Monday)", "date", source=lambda p: p.monday),
                Field("customers", "客户", "Customers", "table", source=_listed,
                      columns=(_col("no", "编号", "No.", 2), _col("customer", "客户", "Customer", 3), _col("region", "片区", "Area", 2),
                               _col("brief", "关键数据", "Key data", 4), _col("last", "上次拜访", "Last visit", 2, "date"),
                               _col("open", "未了事项", "Open matters", 3)))),
        layout=((cell("manager"), cell("monday", span=3)), Lines("customers", 10)),
    )
)  # fmt: skip


def _made(customer: Customer) -> list[Visit]:
    rows = Visit.objects.filter(customer=customer, state=Visit.State.CLOSED).select_related(
        "manager", "customer"
    )
    return list(rows.prefetch_related("findings", "given")[:60])


def _card_rows(customer: Customer) -> list[dict[str, str]]:
    return [
        {
            "on": _day(row.planned_on),
            "visitor": row.manager.name,
            "host": f"{row.host} {row.host_position}".strip(),
            "purpose": _names(row, questions.PURPOSES, row.purposes) or row.focus,
            "result": row.report or row.remark,
            "next": _day(row.next_on),
        }
        for row in _made(customer)
    ]


C_NO = Field("no", "客户编号", "Customer no.", source=lambda c: c.number)
C_NAME = Field("name", "客户", "Customer", source=lambda c: c.name)
C_OWNER = Field(
    "owner", "客户经理", "Customer manager", "person", source=lambda c: c.owner.name if c.owner else ""
)
CARD = register(
    Form(
        code="FM002-37", zh="拜访客户记录卡", en="Visit record card",
        fields=(C_NO, C_NAME, C_OWNER,
                Field("visits", "拜访", "Visits", "table", source=_card_rows,
                      columns=(_col("on", "日期", "Date", 2, "date"), _col("visitor", "拜访人", "Visitor", 2), _col("host", "接待人", "Received by", 2),
                               _col("purpose", "目的", "Purpose", 3), _col("result", "结果", "Result", 4), _col("next", "下次", "Next", 2, "date")))),
        layout=((cell("no"), cell("name"), cell("owner")), Lines("visits", 10)),
    )
)  # fmt: skip


def _book(customer: Customer) -> list[dict[str, str]]:
    found = []
    for row in _made(customer):
        said = {one.kind: one.text for one in row.findings.all() if one.group == "BOOK" and one.text}
        if said:
            found.append(
                {
                    "on": _day(row.planned_on),
                    "manager": row.manager.name,
                    **{k.lower(): v for k, v in said.items()},
                }
            )
    return found


HANDBOOK = register(
    Form(
        code="F004-05", zh="客户服务手册", en="Customer's service handbook",
        fields=(C_NO, C_NAME, C_OWNER,
                Field("entries", "记录", "Entries", "table", source=_book,
                      columns=(_col("on", "日期", "Date", 2, "date"), _col("manager", "客户经理", "Manager", 2), _col("purchase", "购进记录", "Purchases", 3),
                               _col("profit", "盈利情况", "Profit", 3), _col("trade", "经营信息", "Trading", 3), _col("promotion", "促销信息", "Promotion", 3),
                               _col("guidance", "指导信息", "Guidance", 3)))),
        layout=((cell("no"), cell("name"), cell("owner")), Lines("entries", 8)),
    )
)  # fmt: skip


def _issued(customer: Customer) -> list[dict[str, str]]:
    found = []
    for row in _made(customer):
        for one in row.given.all():
            if one.group == "ITEM":
                found.append({"on": _day(row.planned_on), "item": _word(row, questions.GIVEN["ITEM"], one.topic),
                              "quantity": str(one.quantity or ""), "text": one.text, "by": row.manager.name})  # fmt: skip
    return found


ISSUED = register(
    Form(
        code="F004-06", zh="物品发放登记", en="Issue register",
        fields=(C_NO, C_NAME, C_OWNER,
                Field("items", "物品", "Items", "table", source=_issued,
                      columns=(_col("on", "日期", "Date", 2, "date"), _col("item", "物品、表单", "Item, form", 3), _col("quantity", "数量", "Quantity"),
                               _col("text", "调查答复、采集内容和来源", "Answers; content and source", 5), _col("by", "发放人", "By", 2)))),
        layout=((cell("no"), cell("name"), cell("owner")), Lines("items", 10)),
    )
)  # fmt: skip

OF_VISIT = {form.code: form for form in (RECORD_SHEET, REPORT, MANAGEMENT, FIRST, EXPLANATION)}
OF_PLAN = {form.code: form for form in (WEEK, CUSTOMER_LIST)}
OF_CUSTOMER = {form.code: form for form in (CARD, HANDBOOK, ISSUED)}
