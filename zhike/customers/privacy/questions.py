"""What the care of data asks the regulation `customer-archives`: secrecy, sharing between departments, rights."""

from __future__ import annotations

from zhike.kernel.policy.questions import Bool, Choice, DueTime, Enum, Fact, Outcome, Question, register

LEVELS = "密级"
DEPARTMENTS = "共享部门"
KINDS = [("PERSON", "个人", "person"), ("ORGANISATION", "企业", "business")]
# what is known of a customer, as far as departments may see different parts of it (R003-16)
DATA = [
    ("CONTACT", "联系方式", "Contact data"),
    ("PAPERS", "证照账号", "Licences and accounts"),
    ("CREDIT", "信用财务", "Credit and finance"),
    ("NEEDS", "需求偏好", "Needs and preferences"),
    ("TRADE", "交易", "Trade"),
]
VIEWS = [("FULL", "全部", "whole"), ("MASKED", "掩码", "masked"), ("NONE", "不可见", "not at all")]
RIGHTS = [
    ("COPY", "查阅复制", "Access and copy"),
    ("CORRECT", "更正", "Correction"),
    ("ERASE", "删除", "Erasure"),
    ("WITHDRAW", "撤回同意", "Withdrawal of consent"),
]

SECRECY = register(
    Question(
        "customer.secrecy",
        facts=[
            Fact("is_key", Bool, zh="大客户", en="key customer", read=lambda customer: customer.is_key),
            Fact("kind", Enum(KINDS), zh="客户类型", en="kind", read=lambda customer: customer.kind),
        ],
        outcome=[Outcome("level", Choice(LEVELS), zh="密级", en="level of secrecy")],
        required=False,
    )
)

SHARING = register(
    Question(
        "customer.sharing",
        facts=[
            Fact("department", Enum(DEPARTMENTS), zh="共享部门", en="department"),
            Fact("data", Enum(DATA), zh="资料类", en="kind of data"),
            Fact("consent", Bool, zh="同意共享", en="consent to sharing"),
        ],
        outcome=[Outcome("view", Choice(VIEWS), zh="可见", en="may see")],
    )
)

RIGHT = register(
    Question(
        "customer.rights",
        facts=[Fact("kind", Enum(RIGHTS), zh="请求", en="request")],
        outcome=[Outcome("limit", DueTime, zh="答复期限", en="answered within")],
    )
)
