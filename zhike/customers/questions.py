"""What the customer file asks the manuals: where a customer stands in each dimension, and what follows from it.

All questions share the facts. A fact is a column of `Profile` or of its customer, so that one statement answers for
a whole queryset of profiles.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.db.models import F

from zhike.customers.models import Customer, Profile
from zhike.kernel.policy.questions import (
    Bool,
    Choice,
    DueTime,
    Enum,
    Fact,
    FactType,
    Int,
    Money,
    Number,
    Outcome,
    Question,
    Text,
    TextOut,
    Until,
    register,
)

OF_CUSTOMER = "customer__"  # before the name of a column of the customer, as seen from the profile
# (code, Chinese, English)
KINDS = [("PERSON", "个人", "Private person"), ("ORGANISATION", "单位", "Business")]
POSITIONS = [("INTERMEDIATE", "中间客户", "Intermediate customer"), ("END", "终端客户", "End customer")]
DEALINGS = [("DIRECT", "直接客户", "Direct customer"), ("INDIRECT", "间接客户", "Indirect customer")]
NEEDS = [
    ("CLEAR", "明确", "Clear need"),
    ("LATENT", "潜在", "Latent need"),
    ("NONE", "没有", "No need or no chance"),
]


def _reader(path: str) -> Callable[[Customer], Any]:
    """How one customer's file gives the fact; an empty text is unknown."""

    def read(customer: Customer) -> Any:
        if path.startswith(OF_CUSTOMER):
            found = getattr(customer, path.removeprefix(OF_CUSTOMER))
        else:
            found = getattr(customer.profile, path)
        return None if found == "" else found

    return read


def _optional(path: str) -> bool:
    """Whether the column may be empty: what is not known is said by NULL or by an empty text."""
    model, name = (
        (Customer, path.removeprefix(OF_CUSTOMER)) if path.startswith(OF_CUSTOMER) else (Profile, path)
    )
    field: Any = model._meta.get_field(name)
    return bool(field.null or field.blank)


def _fact(path: str, kind: FactType, zh: str, en: str) -> Fact:
    name = path.removeprefix(OF_CUSTOMER)
    return Fact(name, kind, zh, en, optional=_optional(path), read=_reader(path), column=F(path))


FACTS = (
    _fact("customer__kind", Enum(KINDS), "客户类型", "kind of customer"),
    _fact("customer__position", Enum(POSITIONS), "客户层次", "position"),
    _fact("customer__dealing", Enum(DEALINGS), "往来方式", "dealing"),
    _fact("customer__is_key", Bool, "重点客户", "key customer"),
    _fact("customer__region", Text, "区域", "region"),
    _fact("customer__industry", Text, "行业", "industry"),
    _fact("need", Enum(NEEDS), "需求", "need"),
    _fact("deal_expected_on", Until, "预计成交", "deal expected"),
    _fact("possible_amount", Money, "可能成交额", "possible amount"),
    _fact("is_negotiating", Bool, "正在谈判", "negotiating"),
    _fact("is_regular", Bool, "规范经营", "regular trading"),
    _fact("environment", Text, "经营环境", "environment"),
    _fact("size", Text, "规模", "size"),
    _fact("area", Number, "面积", "area"),
    _fact("monthly_rent", Money, "月租金", "monthly rent"),
    _fact("spend", Money, "近一年金额", "amount of twelve months"),
    _fact("orders", Int, "近一年次数", "orders of twelve months"),
    _fact("total_spend", Money, "累计金额", "amount so far"),
    _fact("total_orders", Int, "累计次数", "orders so far"),
    _fact("silent_days", Int, "未成交天数", "days without an order"),
    _fact("expected_spend", Money, "预期金额", "expected amount"),
    _fact("referrals", Int, "介绍客户数", "customers introduced"),
    _fact("referred_spend", Money, "介绍金额", "amount of those introduced"),
    _fact("score", Number, "评价得分", "score"),
    _fact("satisfaction", Number, "满意度", "satisfaction"),
    _fact("complaints", Int, "投诉次数", "complaints"),
)

CADENCE = Outcome("cadence", DueTime, zh="联系频率", en="contact cadence", optional=True)


def _text(name: str, zh: str, en: str) -> Outcome:
    return Outcome(name, TextOut, zh=zh, en=en, optional=True)


def _ask(code: str, vocabulary: str, zh: str, en: str, *more: Outcome) -> Question:
    """A question whose first outcome is the value of a dimension: a word of the manual's list."""
    return register(
        Question(
            f"customer.{code}",
            facts=FACTS,
            outcome=[Outcome("value", Choice(vocabulary), zh=zh, en=en), *more],
            required=False,
        )
    )


DEAL_STATE = _ask("deal_state", "成交状态", "成交状态", "deal state")
IMPORTANCE = _ask("importance", "重要程度", "重要程度", "importance")
URGENCY = _ask("urgency", "处理时间", "处理时间", "urgency")
NEED = _ask("need", "需求类别", "需求类别", "class by need")
GRADE = _ask("grade", "客户等级", "等级", "grade", _text("journal", "日志", "journal"), CADENCE)
CLASS = _ask("class", "客户类别", "类别", "class", _text("goal", "目标", "goal"), _text("measure", "措施", "measure"), CADENCE)  # fmt: skip
TENANT = _ask("tenant", "租户等级", "租户等级", "tenant grade", _text("support", "支持", "support"), CADENCE)
RANK = _ask("rank", "客户级别", "级别", "rank", _text("service", "服务方式", "form of service"), CADENCE)
REGION = _ask("region", "客户区域", "所属区域", "sales region")
STAGE = _ask("stage", "生命周期阶段", "阶段", "stage")
SEGMENT = _ask("segment", "客户群", "客户群", "segment")
RISK = _ask("risk", "风险等级", "风险", "risk", _text("measure", "措施", "measure"))
# scores of value, 1 low to 5 high: how lately, how often and for how much the customer has bought
RECENCY = _ask("recency", "价值分", "近度分", "recency score")
FREQUENCY = _ask("frequency", "价值分", "频度分", "frequency score")
AMOUNT = _ask("amount", "价值分", "额度分", "amount score")
