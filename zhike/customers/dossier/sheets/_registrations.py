"""Registrations and records: FM002-28, F003-01, F003-14, F000-13."""

from __future__ import annotations

from zhike.customers.credit import standing
from zhike.customers.dossier.models import Need
from zhike.kernel.records.forms import Band, Field, Form, Lines, Option, cell, register
from zhike.people.models import in_language

from . import _reading as r
from ._reading import Filled, field

KINDS = (Option("ORGANISATION", "企业", "Enterprise"), Option("PERSON", "个人", "Individual"))
DEALINGS = (Option("DIRECT", "直接客户", "Direct"), Option("INDIRECT", "间接客户", "Indirect"))
CONSENTS = (Option("YES", "同意", "Agreed"), Option("NO", "未同意", "Not agreed"))
NEED_KINDS = {
    Need.Kind.PRESENT: "现实需求",
    Need.Kind.CONSCIOUS: "潜在需求(有意识)",
    Need.Kind.UNCONSCIOUS: "潜在需求(无意识)",
}


def _needs(f: Filled) -> str:
    return "\n".join(row.text for row in f.needs if row.state == Need.State.OPEN)


def _bought(f: Filled) -> str:
    """How often: the orders of twelve months, or what was said."""
    if f.profile is not None and f.profile.orders:
        return in_language(f"12 个月 {f.profile.orders} 次", f"{f.profile.orders} in 12 months")
    return str(r.fact("frequency")(f))


def _rated(f: Filled) -> str:
    if f.profile is not None and f.profile.satisfaction is not None:
        return f"{f.profile.satisfaction:g}"
    return str(r.fact("satisfaction")(f))


def _complained(f: Filled) -> str:
    count = f.profile.complaints if f.profile is not None else 0
    return "\n".join(
        part
        for part in (
            in_language(f"12 个月 {count} 件", f"{count} in 12 months") if count else "",
            str(r.fact("complaint")(f)),
        )
        if part
    )


def _percent(f: Filled) -> str:
    return "" if f.completeness is None else f"{f.completeness}%"


def _member(f: Filled) -> list[str]:
    given = f.customer.consents.filter(until=None, is_given=True, source="MEMBER").exists()
    return ["YES" if given else "NO"]


def _records(f: Filled) -> list[dict[str, object]]:
    return [
        {
            "at": row.at, "holder": row.holder, "kind": NEED_KINDS[Need.Kind(row.kind)], "text": row.text,
            "strength": row.strength or "", "source": str(row.get_source_display()), "sent": row.sent_to,
            "outcome": row.outcome,
        }
        for row in f.needs
    ]  # fmt: skip


REGISTRATION = register(
    Form(
        code="FM002-28",
        zh="客户信息登记表",
        en="Customer information registration",
        fields=(
            r.NO,
            r.NAME,
            field("kind", "类别", "Kind", lambda f: [f.customer.kind], "ticks", options=KINDS),
            field("nature", "性质", "Nature", r.fact("nature")),
            r.ADDRESS,
            r.PHONE,
            field("email", "电子邮箱", "E-mail", r.email),
            field("legal", "法定代表人", "Legal representative", r.fact("legal")),
            field("head", "负责人", "Person in charge", r.contact("HEAD")),
            field("contact", "联系人", "Contact person", r.contact()),
            field("trade", "行业和经营范围", "Trade, scope", r.column("industry")),
            field("size", "规模", "Size", r.fact("trait.scale")),
            field("founded", "成立时间", "Founded", r.fact("founded")),
            field("bank", "开户行账号", "Bank account", r.number("ACCOUNT")),
            field("licence", "证照/税号", "Licence, tax no.", r.number("LICENCE", "TAX", "TOBACCO")),
            field("channel", "首次接触渠道", "First contact", r.label("source")),
            field("relation", "关系", "Relation", lambda f: [f.customer.dealing], "ticks", options=DEALINGS),
            field("stage", "生命周期阶段", "Life-cycle stage", r.grade("stage")),
            field("rank", "等级", "Rank", r.grade("rank")),
            field("credit", "信用", "Credit", lambda f: standing.grade_of(f.customer)),
            field("needs", "需求", "Needs", _needs, "long"),
            field("secrecy", "密级", "Secrecy level", lambda f: f.secrecy),
            r.OWNER,
            r.REGISTRAR,
            r.UPDATED,
        ),
        layout=(
            (cell("no"), cell("name", span=3)),
            (cell("kind"), cell("nature"), cell("relation")),
            (cell("address", span=5),),
            (cell("phone", span=3), cell("email")),
            (cell("legal"), cell("head", span=3)),
            (cell("contact", span=3), cell("founded")),
            (cell("trade", span=3), cell("size")),
            (cell("licence", span=3), cell("bank")),
            (cell("channel"), cell("stage"), cell("rank")),
            (cell("credit"), cell("secrecy"), cell("owner")),
            (cell("needs", span=5, tall=24),),
            (cell("updated"), cell("registrar", span=3)),
        ),
    )
)

UNIFIED_FILE = register(
    Form(
        code="F003-01",
        zh="统一客户档案",
        en="Unified customer file",
        fields=(
            r.NO,
            r.NAME,
            r.PHONE,
            r.INDUSTRY,
            field("type", "类型", "Type", lambda f: [f.customer.kind], "ticks", options=KINDS),
            field("gender", "性别", "Gender", r.label("gender")),
            field("birthday", "生日", "Birthday", r.birthday),
            field("days", "纪念日", "Anniversaries", r.days),
            r.ADDRESS,
            field("source", "来源", "Source", r.label("source")),
            r.OWNER,
            field("stage", "生命周期阶段", "Life-cycle stage", r.grade("stage")),
            field("segment", "细分", "Segment", r.grade("segment")),
            field("value", "价值", "Value", r.profile("spend"), "money"),
            r.PREFERENCES,
            field("frequency", "消费频率", "Spending frequency", _bought),
            r.TALKS,
            field("satisfaction", "满意度评价", "Satisfaction rating", _rated),
            field("suggestion", "建议", "Suggestions", r.fact("suggestion"), "long"),
            field("complaint", "投诉", "Complaints", _complained, "long"),
            field("consents", "告知同意", "Consents", r.consents),
            field("complete", "完整度", "Completeness", _percent),
            r.REGISTRAR,
            r.UPDATED,
        ),
        layout=(
            Band("基础信息", "Basic information"),
            (cell("no"), cell("name", span=3)),
            (cell("phone", span=3), cell("type")),
            (cell("gender"), cell("birthday"), cell("industry")),
            (cell("address", span=3), cell("days")),
            (cell("source"), cell("owner"), cell("complete")),
            Band("行为信息", "Behaviour"),
            (cell("preferences", span=5, tall=16),),
            (cell("frequency"), cell("value"), cell("segment")),
            Band("互动历史", "Interaction history"),
            Lines("talks", 3),
            Band("反馈信息", "Feedback"),
            (cell("satisfaction"), cell("complaint", span=3)),
            (cell("suggestion", span=5, tall=14),),
            (cell("consents", span=3), cell("stage")),
            (cell("updated"), cell("registrar", span=3)),
        ),
    )
)

MEMBERSHIP = register(
    Form(
        code="F003-14",
        zh="会员注册",
        en="Member registration",
        fields=(
            field("name", "姓名", "Name", r.column("name")),
            field("mobile", "手机", "Mobile phone", r.phones),
            field("birthday", "生日", "Birthday", r.birthday),
            field("consent", "告知同意", "Consent", _member, "ticks", options=CONSENTS),
            field("consents", "同意事项", "Agreed to", r.consents),
            field("card", "会员卡号", "Card no.", r.number("MEMBER")),
            field(
                "date",
                "注册日期",
                "Date",
                lambda f: f.facts["member"].at if "member" in f.facts else "",
                "moment",
            ),
            field("sign", "会员签名", "Member's signature", kind="signature"),
        ),
        layout=(
            (cell("name"), cell("mobile", span=3)),
            (cell("birthday"), cell("card", span=3)),
            (cell("consent"), cell("consents", span=3)),
            (cell("date"), cell("sign", span=3)),
        ),
    )
)

NEED = register(
    Form(
        code="F000-13",
        zh="需求记录",
        en="Need record",
        fields=(
            r.NO,
            r.NAME,
            r.OWNER,
            Field(
                "needs", "需求", "Needs", "table", source=_records,
                columns=(
                    Field("at", "时间", "At", "moment", width=16), Field("holder", "客户的客户", "Whose", width=12),
                    Field("kind", "类型", "Kind", width=14), Field("text", "内容", "Description", "long", width=24),
                    Field("strength", "强度", "Strength", width=6), Field("source", "来源", "Source", width=10),
                    Field("sent", "送交", "Sent to", width=10), Field("outcome", "结果", "Outcome", "long", width=16),
                ),
            ),
        ),
        layout=((cell("no"), cell("name"), cell("owner")), Lines("needs", 4)),
    )
)  # fmt: skip
