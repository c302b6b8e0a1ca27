"""The official forms of credit: the survey FM002-03 and the statistics of customers at risk FM002-29."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from zhike.customers.models import Contact, Customer
from zhike.customers.regulation import Regulation
from zhike.kernel.records.forms import Band, Field, Form, Lines, Option, cell, register
from zhike.kernel.worktime import calendars

from . import questions, words
from .models import CreditRating, CreditRisk, CreditSignature


@dataclass(frozen=True)
class Filled:
    """A survey as it prints: the rating and the signatures of its last round beside what was typed."""

    rating: CreditRating | None
    signatures: Sequence[CreditSignature]
    regulation: Regulation | None

    def label(self, name: str, code: str) -> str:
        return self.regulation.label(name, code) if self.regulation else code


def _ticks(key: str, zh: str, en: str, entries: words.Words, *, required: bool = False) -> Field:
    options = [Option(code, word, english) for code, word, english in entries]
    return Field(key, zh, en, "ticks", options=options, required=required)


def _text(key: str, zh: str, en: str, **more: Any) -> Field:
    return Field(key, zh, en, **more)


def _rated(
    key: str, zh: str, en: str, read: Callable[[Filled, CreditRating], Any], kind: Any = "text", **more: Any
) -> Field:
    """A figure of the rating; empty while the survey has none."""

    def source(what: Any) -> Any:
        return read(what, what.rating) if isinstance(what, Filled) and what.rating is not None else None

    return Field(key, zh, en, kind, source=source, **more)


def _signed(key: str, zh: str, en: str, step: int) -> Field:
    def source(what: Any) -> Any:
        rows = what.signatures if isinstance(what, Filled) else ()
        row = next((one for one in rows if one.step == step and one.passed), None)
        return {"name": row.by.name, "at": row.at} if row is not None else None

    return Field(key, zh, en, "signature", source=source)


def _of(read: Callable[[Customer], Any]) -> Callable[[Any], Any]:
    """What the file of the customer knows already; people may write over it."""
    return lambda what: read(what) if isinstance(what, Customer) else None


def _head(customer: Customer) -> str:
    found = customer.contacts.filter(function=Contact.Function.HEAD, left_on=None).first()
    return found.name if found is not None else ""


def _address(customer: Customer) -> str:
    found = customer.addresses.first()
    return found.text if found is not None else ""


def _since(customer: Customer) -> Any:
    return customer.sales.order_by("on").values_list("on", flat=True).first()


PRODUCTS = Field(
    "products",
    "交易品种",
    "Products traded",
    "table",
    columns=(
        Field("kind", "品种", "Kind", width=3),
        Field("brand", "品牌", "Brand", width=3),
        Field("month_volume", "月销售量", "Monthly volume", "number", width=2),
        Field("month_amount", "金额", "Amount", "money", width=2),
        Field("year_volume", "年销售量", "Annual volume", "number", width=2),
        Field("year_amount", "金额", "Amount", "money", width=2),
        Field("remarks", "备注", "Remarks", width=3),
    ),
)

# what the interviewer fills in
TYPED: tuple[Field, ...] = (
    _text("enterprise", "企业", "Enterprise", source=_of(lambda customer: customer.name), required=True),
    _text("number", "编号", "No.", source=_of(lambda customer: customer.number)),
    _text("address", "地址", "Address", source=_of(_address)),
    _text("phone", "电话", "Telephone", kind="phone"),
    _text("head", "负责人", "Person in charge", source=_of(_head), required=True),
    _text("head_home", "住所", "Home"),
    _text("head_phone", "电话", "Telephone", kind="phone"),
    _text("founded", "创业日期", "Date founded", kind="date"),
    _text("items", "营业项目", "Business items"),
    _ticks("operation", "经营方式", "Form of operation", words.OPERATION),
    _text("dealings", "开始交易日期", "Dealings began", kind="date", source=_of(_since)),
    _text("area", "营业区域", "Business area", source=_of(lambda customer: customer.region)),
    _ticks("place", "经营地点", "Place of business", words.PLACE),
    _text("character", "性格", "Character"),
    _text("temperament", "气质", "Temperament"),
    _text("interests", "兴趣", "Interests"),
    _text("reputation", "名誉", "Reputation"),
    _text("post", "职位", "Post"),
    _text("education", "学历", "Education"),
    _text("native_place", "籍贯", "Native place"),
    _text("career", "经历", "Career"),
    _ticks("eloquence", "口才", "Eloquence", words.ELOQUENCE),
    _text("thinking", "思想", "Thinking"),
    _ticks("alcohol", "酒", "Alcohol", words.DRINKS),
    _ticks("tobacco", "香烟", "Tobacco", words.SMOKES),
    _text("merits", "优点", "Merits"),
    _text("skills", "特长", "Special skills"),
    _text("faults", "缺点", "Faults"),
    _ticks("technique", "技术", "Technique", words.TECHNIQUE),
    _text("banks", "往来银行", "Banks"),
    _ticks("bank", "银行信用", "Bank credit", words.FIVE, required=True),
    _ticks("accounting", "账务体系", "Accounting system", words.ACCOUNTING),
    _ticks("trade", "同业者评价", "Judgement of the trade", words.FIVE, required=True),
    _ticks("organisation", "经营组织", "Organisation", words.ORGANISATION),
    _ticks("neighbours", "近邻评价", "Judgement of neighbours", words.FIVE),
    _text("capital", "资本额(元)", "Capital (yuan)", kind="money", required=True),
    _ticks("attitude", "付款态度", "Payment attitude", words.ATTITUDE, required=True),
    _text("licence", "营业执照登记号码", "Business licence no."),
    _text("notes", "其他说明", "Other notes", kind="long"),
    _text("cars_own", "汽车自有(辆)", "Cars, own", kind="number"),
    _text("cars_rented", "汽车租用(辆)", "Cars, rented", kind="number"),
    _ticks("location", "场所处于", "Location of the premises", words.LOCATION),
    _text("area_own", "自有面积(平方米)", "Premises, own (m²)", kind="number"),
    _text("area_rented", "租用面积(平方米)", "Premises, rented (m²)", kind="number"),
    _ticks("decoration", "装饰", "Decoration", words.DECORATION),
    _text("floors", "层数", "Floors", kind="number"),
    _text("price", "市价", "Market price", kind="money"),
    _ticks("insured", "保险", "Insurance", words.INSURED),
    _text("insured_amount", "保险金额(元)", "Insured for (yuan)", kind="money"),
    PRODUCTS,
)
KEYS = frozenset(one.key for one in TYPED)
# the parts of the sheet as the page of the draft shows them
PARTS: tuple[tuple[str, str, tuple[str, ...]], ...] = (
    ("企业", "Enterprise", ("enterprise", "number", "address", "phone", "founded", "items", "operation", "dealings", "area", "place", "licence")),
    ("负责人情况", "Person in charge", ("head", "head_home", "head_phone", "character", "temperament", "interests", "reputation", "post", "education", "native_place", "career", "eloquence", "thinking", "alcohol", "tobacco", "merits", "skills", "faults", "technique")),
    ("财务状况", "Finance", ("banks", "bank", "accounting", "trade", "organisation", "neighbours", "capital", "attitude", "notes")),
    ("办公情况和资产", "Office and assets", ("cars_own", "cars_rented", "location", "area_own", "area_rented", "decoration", "floors", "price", "insured", "insured_amount")),
)  # fmt: skip

SURVEY = register(
    Form(
        code="FM002-03",
        zh="客户信用调查表",
        en="Customer credit survey",
        fields=(
            *TYPED,
            _rated("grade", "信用等级", "Credit grade", lambda f, r: f.label(questions.GRADES, r.grade)),
            _rated("score", "信用评分", "Credit score", lambda f, r: r.score, "number"),
            _rated(
                "payment",
                "付款方式选择",
                "Payment method",
                lambda f, r: f.label(questions.PAYMENTS, r.payment),
            ),
            _rated("limit", "赊销限额", "Credit-sale limit", lambda f, r: r.limit, "money"),
            _rated(
                "guaranteed",
                "是否担保",
                "Guaranteed",
                lambda f, r: ["YES" if r.is_guaranteed else "NO"],
                "ticks",
                options=[Option(*one) for one in words.YES_NO],
            ),
            _rated(
                "remarks",
                "备注",
                "Remarks",
                lambda f, r: "\n".join(text for text in (r.remark, r.reason, r.guarantor) if text),
            ),
            _signed("general_manager", "总经理", "General manager", 3),
            _signed("manager", "经理", "Manager", 2),
            _signed("interviewer", "调查人", "Interviewer", 1),
        ),
        layout=(
            (cell("enterprise", span=3), cell("number")),
            (cell("address", span=3), cell("phone")),
            (cell("head"), cell("head_home"), cell("head_phone")),
            (cell("founded"), cell("items", span=3)),
            (cell("operation", span=3), cell("dealings")),
            (cell("area"), cell("place", span=3)),
            Band("负责人情况", "Person in charge"),
            (cell("character"), cell("temperament"), cell("interests")),
            (cell("reputation"), cell("post"), cell("education")),
            (cell("native_place"), cell("career", span=3)),
            (cell("eloquence", span=3), cell("thinking")),
            (cell("alcohol"), cell("tobacco"), cell("skills")),
            (cell("merits"), cell("faults"), cell("technique")),
            Band("财务状况", "Finance"),
            (cell("banks"), cell("bank", span=3)),
            (cell("accounting"), cell("trade", span=3)),
            (cell("organisation", span=5),),
            (cell("neighbours", span=3), cell("capital")),
            (cell("attitude", span=5),),
            (cell("licence", span=5),),
            (cell("notes", span=5, tall=12),),
            Band("办公情况和资产", "Office and assets"),
            (cell("cars_own"), cell("cars_rented"), cell("decoration")),
            (cell("location"), cell("area_own"), cell("area_rented")),
            (cell("floors"), cell("price"), cell("insured", "insured_amount")),
            Band("营业状况(交易品种)", "Business (products traded)"),
            Lines("products", least=4),
            Band("信用评定", "Credit rating"),
            (cell("grade"), cell("score"), cell("payment")),
            (cell("limit"), cell("guaranteed"), cell("remarks")),
            (cell("general_manager", span=5, tall=12),),
            (cell("manager", span=5, tall=12),),
            (cell("interviewer", span=5, tall=12),),
        ),
        series="XY-{yyyy}{mm}-{seq:04}",
        reviewed=True,
        basis_zh="客户信用管理规定",
        basis_en="Regulation on customer credit",
    )
)


@dataclass(frozen=True)
class RiskList:
    """The lines that a person sees, for a unit and a day."""

    unit: str
    day: Any
    risks: Sequence[CreditRisk]
    by: str
    levels: dict[str, str] = field(default_factory=dict)


def _risk_row(listed: RiskList, risk: CreditRisk) -> dict[str, Any]:
    zh = {code: word for code, word, _en in (*words.RISKS, *words.MEASURES)}
    limit = f"{risk.limit:,.2f}" if risk.limit is not None else "—"
    return {
        "customer": risk.customer.name,
        "kind": zh[risk.kind],
        "signs": risk.signs,
        "owed": f"{risk.outstanding:,.2f}\n逾期{risk.days_overdue}天",
        "limit": f"{limit}\n已用{risk.use:.0%}",
        "last_order": risk.last_order_on,
        "measure": f"{listed.levels.get(risk.level, risk.level)}\n{zh[risk.measure]}",
        "owner": f"{risk.owner.name}\n{_day(risk, risk.due_at)}",
        "result": f"{'未解除' if risk.state == CreditRisk.State.OPEN else '已解除'}\n{risk.result}\n{_day(risk, risk.ended_at)}".strip(),
    }


def _day(risk: CreditRisk, at: dt.datetime | None) -> str:
    return calendars.local_day(at, risk.customer.unit_id).isoformat() if at else ""


RISKS = register(
    Form(
        code="FM002-29",
        zh="危险客户统计表",
        en="Risk customer statistics",
        fields=(
            Field("unit", "单位", "Unit", source=lambda f: f.unit),
            Field("day", "日期", "Day", "date", source=lambda f: f.day),
            Field("by", "制表人", "Made by", "person", source=lambda f: f.by),
            Field(
                "rows",
                "危险客户",
                "Customers at risk",
                "table",
                source=lambda f: [_risk_row(f, risk) for risk in f.risks],
                columns=(
                    Field("customer", "客户", "Customer", width=4),
                    Field("kind", "危险类别", "Kind of risk", width=3),
                    Field("signs", "表现", "Signs", "long", width=6),
                    Field("owed", "欠款、逾期天数", "Outstanding, days overdue", "long", width=4),
                    Field("limit", "赊销限额和使用", "Credit limit and use", "long", width=4),
                    Field("last_order", "最近订货", "Last order", width=4),
                    Field("measure", "等级、措施", "Level, measure", "long", width=3),
                    Field("owner", "负责人、期限", "Owner, due date", "long", width=4),
                    Field("result", "状态、结果、日期", "State, result, date", "long", width=5),
                ),
            ),
        ),
        layout=((cell("unit"), cell("day"), cell("by")), Lines("rows", least=8)),
        basis_zh="客户信用管理规定",
        basis_en="Regulation on customer credit",
    )
)
