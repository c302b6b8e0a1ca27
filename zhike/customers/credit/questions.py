"""What credit asks the regulation `customer-credit`: points, the rating, who signs, review and risk."""

from __future__ import annotations

from zhike.kernel.policy.questions import (
    Bool,
    Choice,
    DueTime,
    Enum,
    Fact,
    Int,
    Money,
    Number,
    Outcome,
    Question,
    register,
)

from . import words

GRADES = "信用等级"
PAYMENTS = "付款方式"
CHANGES = "信用异动"
LEVELS = "危险等级"

ATTITUDE = Fact("attitude", Enum(words.ATTITUDE), zh="付款态度", en="payment attitude", optional=True)

POINTS = register(
    Question(
        "customer.credit_points",
        facts=[
            Fact("bank", Enum(words.FIVE), zh="银行信用", en="bank credit", optional=True),
            ATTITUDE,
            Fact("trade", Enum(words.FIVE), zh="同业者评价", en="judgement of the trade", optional=True),
            Fact("neighbours", Enum(words.FIVE), zh="近邻评价", en="judgement of neighbours", optional=True),
            Fact("accounting", Enum(words.ACCOUNTING), zh="账务体系", en="accounting", optional=True),
            Fact("insured", Enum(words.INSURED), zh="保险", en="insurance", optional=True),
            Fact("years", Number, zh="往来年数", en="years of dealings", optional=True),
        ],
        outcome=[Outcome("points", Number, zh="分值", en="points")],
        required=False,
    )
)

RATING = register(
    Question(
        "customer.credit",
        facts=[
            Fact("score", Number, zh="信用评分", en="credit score"),
            ATTITUDE,
            Fact("capital", Money, zh="资本额", en="capital"),
        ],
        outcome=[
            Outcome("grade", Choice(GRADES), zh="信用等级", en="credit grade"),
            Outcome("payment", Choice(PAYMENTS), zh="付款方式", en="payment method"),
            Outcome("limit", Number, zh="赊销限额", en="credit limit"),
            Outcome("needs_guarantee", Bool, zh="需担保", en="guarantee needed"),
            Outcome("valid", DueTime, zh="有效期", en="valid for"),
        ],
    )
)

SIGNING = register(
    Question("customer.credit_signing", stage_kinds=("survey", "review", "approval"), required=False)
)

CHANGE = register(
    Question(
        "customer.credit_change",
        facts=[Fact("kind", Enum(CHANGES), zh="信用异动", en="credit change")],
        outcome=[
            Outcome("stop", Bool, zh="暂停赊销", en="stop sales on account"),
            Outcome("limit", DueTime, zh="复审期限", en="review within"),
        ],
    )
)

RISK = register(
    Question(
        "customer.credit_risk",
        facts=[
            Fact("kind", Enum(words.RISKS), zh="危险类别", en="kind of risk"),
            Fact("days", Int, zh="逾期天数", en="days overdue"),
            Fact("use", Number, zh="额度使用率", en="use of the limit"),
        ],
        outcome=[
            Outcome("level", Choice(LEVELS), zh="危险等级", en="level"),
            Outcome("measure", Choice(words.MEASURES), zh="处理措施", en="measure"),
            Outcome("limit", DueTime, zh="处理期限", en="act within"),
        ],
    )
)
