"""Forms of one customer: information and grade, grading, analysis, sales, evaluation."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import Any

from django.db.models import F, Sum

from zhike.customers.credit import queries as credit
from zhike.customers.credit.questions import GRADES
from zhike.customers.grading import facts, queries, standard, value
from zhike.customers.grading.dimensions import DIMENSIONS
from zhike.customers.models import Customer, Evaluation, Grade, Need, Profile, Sale
from zhike.customers.regulation import Regulation
from zhike.kernel.policy import inforce
from zhike.kernel.records.forms import Band, Field, Form, Lines, cell, register
from zhike.people.models import business_day

YEAR = dt.timedelta(days=365)


@dataclass(frozen=True)
class Filled:
    """A customer as the forms read it on a day; `by` has the sheet made."""

    customer: Customer
    today: dt.date
    by: str = ""

    @cached_property
    def profile(self) -> Profile:
        return facts.profile_of(self.customer)

    @cached_property
    def grades(self) -> dict[str, Grade]:
        return queries.current(self.customer)

    def label(self, dimension: str) -> str:
        grade = self.grades.get(dimension)
        return queries.label(grade) if grade is not None else ""

    @cached_property
    def history(self) -> list[Grade]:
        return list(queries.history(self.customer).order_by("since", "id"))

    @cached_property
    def sales(self) -> list[Sale]:
        return list(Sale.objects.filter(customer=self.customer, on__gt=self.today - YEAR, on__lte=self.today))

    @property
    def net(self) -> Decimal:
        return sum((sale.amount - sale.discount for sale in self.sales), Decimal(0))

    @cached_property
    def net_before(self) -> Decimal:
        rows = Sale.objects.filter(
            customer=self.customer, on__gt=self.today - 2 * YEAR, on__lte=self.today - YEAR
        )
        return sum((sale.amount - sale.discount for sale in rows), Decimal(0))

    @cached_property
    def evaluation(self) -> Evaluation | None:
        rows = Evaluation.objects.filter(customer=self.customer).exclude(at=None).select_related("by")
        return rows.order_by("-month").first()


def _of(key: str, zh: str, en: str, kind: Any, source: Callable[[Filled], Any], **more: Any) -> Field:
    return Field(key, zh, en, kind, source=source, **more)


CUSTOMER = _of("customer", "客户", "Customer", "text", lambda f: f"{f.customer.number} {f.customer.name}")
DATE = _of("date", "日期", "Date", "date", lambda f: f.today)
BY = _of("by", "制表人", "Prepared by", "person", lambda f: f.by)
OWNER = _of(
    "owner",
    "客户负责人",
    "Account owner",
    "person",
    lambda f: f.customer.owner.name if f.customer.owner else "",
)
REGION = _of("region", "区域", "Region", "text", lambda f: f.customer.region)
TRADE = _of("trade", "业种", "Trade", "text", lambda f: f.customer.industry)


def _dimension(code: str, zh: str, en: str) -> Field:
    return _of(code, zh, en, "text", lambda f: f.label(code))


# --- F001-36

HISTORY = (
    Field("since", "起", "Since", "date", width=2),
    Field("dimension", "划分", "View", width=3),
    Field("value", "结果", "Value", width=3),
    Field("until", "止", "Until", "date", width=2),
    Field("reason", "理由", "Reason", "long", width=5),
)


def _history(f: Filled) -> list[dict[str, Any]]:
    names = queries.labels(f.history)
    return [
        {
            "since": _day(row.since),
            "dimension": str(DIMENSIONS[row.dimension].label),
            "value": names.get((row.dimension, row.value), row.value),
            "until": _day(row.until) if row.until else "",
            "reason": row.reason,
        }
        for row in f.history
        if row.dimension in DIMENSIONS
    ]


def _day(moment: dt.datetime) -> dt.date:
    return business_day(moment)


FACTS = register(
    Form(
        "F001-36", "客户信息和等级", "Customer information and grade",
        fields=(
            CUSTOMER, OWNER, DATE,
            _of("need", "需求", "Need", "text", lambda f: str(f.profile.get_need_display())),
            _of("expected", "预计成交", "Expected deal", "date", lambda f: f.profile.deal_expected_on),
            _of("amount", "可能成交额", "Possible amount", "money", lambda f: f.profile.possible_amount),
            _dimension("grade", "等级", "Grade"),
            _dimension("deal_state", "成交状态", "Deal state"),
            _dimension("importance", "重要程度", "Importance"),
            _dimension("urgency", "处理时间", "Urgency"),
            _of("need_class", "需求类别", "Class by need", "text", lambda f: f.label("need")),
            BY,
            Field("history", "变动", "History", "table", source=_history, columns=HISTORY),
        ),
        layout=(
            (cell("customer"), cell("owner"), cell("date")),
            (cell("need"), cell("expected"), cell("amount")),
            (cell("grade"), cell("deal_state"), cell("importance")),
            (cell("urgency"), cell("need_class"), cell("by")),
            Band("变动记录", "History"),
            Lines("history", least=4),
        ),
    )
)  # fmt: skip


# --- FM002-07

PROPOSED = (
    Field("before", "原等级", "Previous", width=2),
    Field("value", "新等级", "New", width=2),
    Field("reason", "理由", "Reason", "long", width=4),
    Field("from", "有效期起", "Valid from", "date", width=2),
    Field("to", "有效期止", "Valid to", "date", width=2),
    Field("proposer", "提出人", "Proposer", "person", width=2),
    Field("approver", "批准人", "Approver", "person", width=2),
)


def _proposals(f: Filled) -> list[dict[str, Any]]:
    names: dict[str, dict[str, str]] = {}
    lines = []
    for row in f.customer.proposals.select_related("by", "decided_by").order_by("at", "id"):
        words = names.setdefault(row.dimension, dict(queries.words(f.customer, row.dimension)))
        approved = row.state == row.State.APPROVED
        lines.append(
            {
                "before": words.get(row.before, row.before),
                "value": words.get(row.value, row.value),
                "reason": row.reason,
                "from": _day(row.decided_at) if approved and row.decided_at else "",
                "to": row.valid_to,
                "proposer": row.by.name,
                "approver": row.decided_by.name if approved and row.decided_by else "",
            }
        )
    return lines


def _consequence(part: str) -> Callable[[Filled], str]:
    def read(f: Filled) -> str:
        lines = value.consequences(f.grades)
        return "\n".join(f"{label}: {text}" for label, text in lines if part in label)

    return read


def _criteria(f: Filled) -> str:
    """The rows of the tables that gave the values, with their clauses."""
    found = []
    for code, grade in f.grades.items():
        if grade.version_id is None or code not in {"grade", "rank", "class", "tenant"}:
            continue
        version = inforce.manual_of(grade.version_id)
        found.append(f"{DIMENSIONS[code].label}: {queries.label(grade)} · {version.title} {grade.clause}")
    return "\n".join(found)


GRADING = register(
    Form(
        "FM002-07", "客户分级表", "Customer grading",
        fields=(
            CUSTOMER, OWNER, DATE,
            _dimension("grade", "等级", "Grade"), _dimension("rank", "级别", "Rank"), _dimension("class", "类别", "Class"),
            _of("spend", "近一年销售额", "Yearly sales", "money", lambda f: f.profile.spend),
            _of("monthly", "月均销售额", "Average monthly sales", "money", lambda f: (f.profile.spend / 12).quantize(Decimal("0.01"))),
            _of("score", "评价得分", "Score", "number", lambda f: f.profile.score),
            _of("criteria", "标准", "Criteria", "long", _criteria),
            _of("cadence", "拜访频率", "Visit frequency", "long", lambda f: _consequence("联系频率")(f) or _consequence("cadence")(f)),
            _of("service", "服务方式", "Form of service", "long", lambda f: _consequence("服务方式")(f) or _consequence("service")(f)),
            Field("changes", "调整", "Changes", "table", source=_proposals, columns=PROPOSED),
            BY,
        ),
        layout=(
            (cell("customer"), cell("owner"), cell("date")),
            (cell("grade"), cell("rank"), cell("class")),
            (cell("spend"), cell("monthly"), cell("score")),
            (cell("criteria", span=5, tall=10),),
            (cell("cadence", span=3), cell("by")),
            (cell("service", span=5),),
            Band("等级调整", "Changes of the grade"),
            Lines("changes", least=3),
        ),
    )
)  # fmt: skip


# --- FM002-06


def _products(f: Filled) -> str:
    by_product: dict[str, Decimal] = {}
    for sale in f.sales:
        by_product[sale.product] = by_product.get(sale.product, Decimal(0)) + sale.amount - sale.discount
    best = sorted(by_product.items(), key=lambda one: -one[1])[:5]
    return "、".join(name for name, _amount in best)


def _growth(f: Filled) -> str:
    if not f.net_before:
        return ""
    return f"{(f.net / f.net_before - 1):+.1%}"


def _share(f: Filled) -> str:
    """The customer's part of what its unit sold in the year."""
    rows = Sale.objects.filter(
        customer__unit=f.customer.unit_id, on__gt=f.today - YEAR, on__lte=f.today
    ).aggregate(whole=Sum(F("amount") - F("discount")))
    return f"{f.net / rows['whole']:.1%}" if rows["whole"] else ""


def _profit(f: Filled) -> Decimal | None:
    known = [sale for sale in f.sales if sale.cost is not None]
    return (
        sum((sale.amount - sale.discount - (sale.cost or 0) for sale in known), Decimal(0)) if known else None
    )


def _collected(f: Filled) -> str:
    return f"{sum((sale.collected for sale in f.sales), Decimal(0)) / f.net:.1%}" if f.net else ""


def _credit(f: Filled) -> str:
    """The rating that holds, in the words of the regulation it rests on."""
    rating = credit.current(f.customer)
    if rating is None:
        return ""
    if rating.ruling is None:
        return rating.grade
    version = rating.ruling.version
    return Regulation(version, inforce.manual_of(version.pk)).label(GRADES, rating.grade)


def _needs(f: Filled) -> str:
    rows = f.customer.needs.filter(state=Need.State.OPEN).order_by("-at")[:5]
    return "\n".join(f"{row.get_kind_display()}: {row.text}" for row in rows)


ANALYSIS = register(
    Form(
        "FM002-06", "客户分析表", "Customer analysis",
        fields=(
            CUSTOMER,
            _of("period", "期间", "Period", "text", lambda f: f"{f.today - YEAR + dt.timedelta(days=1)} ~ {f.today}"),
            DATE,
            _of("products", "主要产品", "Main products", "text", _products),
            _of("sales", "销售额", "Sales", "money", lambda f: f.net),
            _of("share", "占比", "Share of total", "text", _share),
            _of("growth", "比上期", "Growth", "text", _growth),
            _of("profit", "毛利", "Gross profit", "money", _profit),
            _of("collection", "回款率", "Collected", "text", _collected),
            _of("rank", "级别", "Rank", "text", lambda f: f.label("rank")),
            _of("credit", "信用等级", "Credit grade", "text", _credit),
            _of("satisfaction", "满意度", "Satisfaction", "number", lambda f: f.profile.satisfaction),
            _of("needs", "需求", "Needs", "long", _needs),
            Field("behaviour", "购买行为", "Buying behaviour", "long", required=True),
            Field("competitors", "竞争者份额", "Share of competitors", "long"),
            _of("potential", "潜力(预期金额)", "Potential (expected amount)", "money", lambda f: f.profile.expected_spend),
            Field("problems", "问题", "Problems", "long", required=True),
            Field("measures", "措施", "Measures", "long", required=True),
            _of("by", "分析人", "Analyst", "person", lambda f: f.by),
        ),
        layout=(
            (cell("customer"), cell("period"), cell("date")),
            (cell("products", span=3), cell("sales")),
            (cell("share"), cell("growth"), cell("profit")),
            (cell("collection"), cell("rank"), cell("credit")),
            (cell("satisfaction"), cell("potential"), cell("by")),
            (cell("needs", span=5, tall=12),),
            (cell("behaviour", span=5, tall=12),),
            (cell("competitors", span=5, tall=10),),
            (cell("problems", span=5, tall=12),),
            (cell("measures", span=5, tall=12),),
        ),
        reviewed=True,
    )
)  # fmt: skip


# --- FM002-27

SALE_COLUMNS = (
    Field("on", "日期", "Date", "date", width=3),
    Field("product", "产品型号", "Product", width=4),
    Field("ordered", "订货", "Ordered", "number", width=2),
    Field("delivered", "交货", "Delivered", "number", width=2),
    Field("returned", "退货", "Returned", "number", width=2),
    Field("price", "单价", "Unit price", "money", width=3),
    Field("amount", "金额", "Amount", "money", width=3),
    Field("discount", "折扣", "Discount", "money", width=2),
    Field("net", "净额", "Net", "money", width=3),
    Field("collected", "回款", "Collected", "money", width=3),
    Field("open", "应收", "Receivable", "money", width=3),
)


def _sales(f: Filled) -> list[dict[str, Any]]:
    return [
        {
            "on": sale.on,
            "product": f"{sale.product} {sale.model}".strip(),
            "ordered": sale.ordered,
            "delivered": sale.delivered,
            "returned": sale.returned,
            "price": (sale.amount / sale.ordered).quantize(Decimal("0.01")) if sale.ordered else "",
            "amount": sale.amount,
            "discount": sale.discount,
            "net": sale.amount - sale.discount,
            "collected": sale.collected,
            "open": sale.amount - sale.discount - sale.collected,
        }
        for sale in sorted(f.sales, key=lambda one: (one.on, one.pk))
    ]


SALES = register(
    Form(
        "FM002-27", "客户销售信息表", "Customer sales information",
        fields=(
            CUSTOMER, ANALYSIS.by_key["period"], BY,
            Field("lines", "明细", "Lines", "table", source=_sales, columns=SALE_COLUMNS),
            _of("net", "净额合计", "Net amount", "money", lambda f: f.net),
            _of("last_year", "上年同期", "Last year", "money", lambda f: f.net_before),
            _of("growth", "增长", "Growth", "text", _growth),
            Field("competitors", "竞争产品销售", "Competitor products sold", "long"),
            Field("stock", "客户库存", "Stock at the customer", "long"),
            Field("remarks", "备注", "Remarks", "long"),
        ),
        layout=(
            (cell("customer"), cell("period"), cell("by")),
            Lines("lines", least=6),
            (cell("net"), cell("last_year"), cell("growth")),
            (cell("competitors", span=5),),
            (cell("stock", span=3), cell("remarks")),
        ),
    )
)  # fmt: skip


# --- F004-10

SCORES = (
    Field("item", "项目", "Item", width=4),
    Field("score", "得分", "Score", "number", width=2),
    Field("weight", "权重", "Weight", width=2),
    Field("part", "加权", "Weighed", "number", width=2),
)


def _scores(f: Filled) -> list[dict[str, Any]]:
    row = f.evaluation
    if row is None or row.version_id is None:
        return []
    names = {item.code: item.label for item in standard.items_of(inforce.manual_of(row.version_id))}
    return [
        {
            "item": names.get(code, code),
            "score": score,
            "weight": f"{Decimal(row.weights.get(code, '0')):.0%}",
            "part": (score * Decimal(row.weights.get(code, "0"))).quantize(Decimal("0.01")),
        }
        for code, score in row.scores.items()
    ]


def _proposed(f: Filled) -> str:
    if f.evaluation is None:
        return ""
    return dict(queries.words(f.customer, "class")).get(f.evaluation.proposed, f.evaluation.proposed)


EVALUATION = register(
    Form(
        "F004-10", "客户关系评价", "Customer relationship evaluation",
        fields=(
            CUSTOMER,
            _of("month", "评价期间", "Period", "text", lambda f: f"{f.evaluation.month:%Y-%m}" if f.evaluation else ""),
            _of("by", "评价人", "Evaluated by", "person", lambda f: f.evaluation.by.name if f.evaluation and f.evaluation.by else ""),
            Field("scores", "评分", "Scores", "table", source=_scores, columns=SCORES),
            _of("total", "总分", "Total", "number", lambda f: f.evaluation.total if f.evaluation else None),
            _of("class", "现类别", "Class", "text", lambda f: f.label("class")),
            _of("proposed", "建议类别", "Class proposed", "text", _proposed),
            _of("note", "说明", "Note", "long", lambda f: f.evaluation.note if f.evaluation else ""),
        ),
        layout=(
            (cell("customer"), cell("month"), cell("by")),
            Lines("scores", least=4),
            (cell("total"), cell("class"), cell("proposed")),
            (cell("note", span=5, tall=10),),
        ),
    )
)  # fmt: skip
