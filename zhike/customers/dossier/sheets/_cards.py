"""Cards and files: F000-01, F001-18, FM002-34, FM002-35, F004-01."""

from __future__ import annotations

from zhike.kernel.records.forms import Band, Field, Form, Lines, Option, cell, register

from . import _reading as r
from ._reading import field

POSITIONS = (Option("INTERMEDIATE", "中间客户", "Intermediate"), Option("END", "终端客户", "End customer"))

CUSTOMER_FILE = register(
    Form(
        code="F000-01",
        zh="客户资料",
        en="Customer file",
        fields=(
            r.NO,
            field("name", "租户名称", "Tenant", r.column("name")),
            field("shop", "铺位号", "Shop no.", r.fact("shop")),
            field("line", "线路/站点", "Line, station", r.column("region")),
            field("trade", "业态", "Trade", r.column("industry")),
            field("brand", "品牌", "Brand", r.fact("brand")),
            field("legal", "法定代表人", "Legal representative", r.fact("legal")),
            field("finance", "财务联系人", "Finance contact", r.contact("FINANCE")),
            r.PHONE,
            field("lease", "合同号", "Lease no.", r.number("LEASE")),
            field("term", "租期", "Term", r.fact("term")),
            field("area", "面积(㎡)", "Area (m²)", r.profile("area"), "number"),
            field("rent", "月租金(元)", "Monthly rent (yuan)", r.profile("monthly_rent"), "money"),
            field("deposit", "押金", "Deposit", r.fact("deposit")),
            field("grade", "等级", "Grade", r.grade("tenant")),
            field(
                "position", "客户类型", "Type", lambda f: [f.customer.position], "ticks", options=POSITIONS
            ),
            field("stage", "生命周期阶段", "Life-cycle stage", r.grade("stage")),
            field("owner", "定人", "Person", lambda f: f.customer.owner.name if f.customer.owner else ""),
            field("zone", "定区", "Area", r.column("region")),
            field("place", "定点", "Place", r.address),
            field("cadence", "定时", "Cadence", r.fact("cadence")),
            field("notes", "备注", "Notes", r.column("note"), "long"),
            r.CONTACTS,
            r.GRADINGS,
        ),
        layout=(
            (cell("no"), cell("name", span=3)),
            (cell("shop"), cell("line"), cell("trade")),
            (cell("brand"), cell("legal"), cell("phone")),
            (cell("finance", span=3), cell("position")),
            (cell("lease"), cell("term"), cell("deposit")),
            (cell("area"), cell("rent"), cell("grade")),
            (cell("owner"), cell("zone"), cell("stage")),
            (cell("place", span=3), cell("cadence")),
            Band("各职能联系人", "Contacts by function"),
            Lines("contacts", 2),
            Band("分级记录", "Grade history"),
            Lines("gradings", 2),
            (cell("notes", span=5, tall=14),),
        ),
    )
)

_CARD = (
    field("name", "客户姓名", "Name", r.column("name")),
    field("employer", "工作单位", "Employer", r.fact("employer")),
    field("position", "职位", "Position", r.column("title")),
    field("address", "住址", "Address", r.address),
    field("contact", "联系方式", "Contact", r.phones),
    r.NO,
    field("birthday", "生日", "Birthday", r.birthday),
    field("days", "纪念日", "Anniversaries", r.days),
    field("family", "家庭", "Family", r.fact("family")),
    r.PREFERENCES,
    r.VERIFIED,
    r.VERIFIER,
    r.TALKS,
    r.CHANGES,
)
_CARD_LAYOUT = (
    (cell("name"), cell("employer", span=3)),
    (cell("position"), cell("contact", span=3)),
    (cell("no"), cell("address", span=3)),
    (cell("birthday"), cell("days"), cell("family")),
    (cell("preferences", span=5, tall=16),),
    (cell("verified"), cell("verifier", span=3)),
)
_LOGS = (
    Band("联系记录", "Contact log"),
    Lines("talks", 3),
    Band("变更记录", "Change history"),
    Lines("changes", 3),
)

RELATION_CARD = register(
    Form(
        code="FM002-34",
        zh="客户关系卡",
        en="Customer relation card",
        fields=_CARD,
        layout=(*_CARD_LAYOUT, *_LOGS),
    )
)

KEY_CARD = register(
    Form(
        code="FM002-35",
        zh="重点客户资料卡",
        en="Key customer card",
        fields=(
            *_CARD,
            r.OWNER,
            field("plan", "服务方案", "Service plan", r.fact("plan"), "long"),
            field("chain", "决策链", "Decision chain", r.fact("chain"), "long"),
            r.CONTACTS,
        ),
        layout=(
            *_CARD_LAYOUT,
            (cell("owner", span=5),),
            (cell("plan", span=5, tall=24),),
            (cell("chain", span=5, tall=16),),
            Band("联系人和决策作用", "Contacts and their say"),
            Lines("contacts", 2),
            *_LOGS,
        ),
    )
)

PERSONAL_FILE = register(
    Form(
        code="F001-18",
        zh="一对一客户资讯档案",
        en="One-to-one customer information file",
        fields=(
            field("customer", "顾客", "Customer", r.column("name")),
            field("assistant", "营业员", "Assistant", lambda f: f.customer.owner.name if f.customer.owner else ""),
            r.NO,
            r.PHONE,
            field("sizes", "尺码", "Sizes", r.fact("preference.size")),
            field("colours", "喜欢的颜色", "Colours", r.fact("preference.colour")),
            field("family", "家庭", "Family", r.fact("family")),
            field("festivals", "节日和纪念日", "Festivals", r.days),
            r.PREFERENCES,
            Field(
                "purchases", "购买记录", "Purchases", "table", source=r.purchases,
                columns=(
                    Field("on", "日期", "Date", "date", width=20), Field("product", "商品", "Goods", width=40),
                    Field("model", "型号", "Model", width=20), Field("amount", "金额(元)", "Amount", "money", width=20),
                ),
            ),
        ),
        layout=(
            (cell("customer"), cell("assistant"), cell("no")),
            (cell("phone"), cell("sizes"), cell("colours")),
            (cell("family"), cell("festivals", span=3)),
            (cell("preferences", span=5, tall=24),),
            Band("购买记录", "Purchases"),
            Lines("purchases", 5),
        ),
    )
)  # fmt: skip

SHOP_FILE = register(
    Form(
        code="F004-01",
        zh="标准店客户档案",
        en="Standard shop file",
        fields=(
            field("shop", "店名", "Shop", r.column("name")),
            field("licence", "专卖证号", "Licence no.", r.number("TOBACCO")),
            field("holder", "店主", "Owner", r.contact("HEAD")),
            r.PHONE,
            r.ADDRESS,
            field("form", "业态", "Business form", r.column("industry")),
            field("area", "面积(㎡)", "Area (m²)", r.profile("area"), "number"),
            field("environment", "经营环境", "Trading environment", r.fact("trait.environment")),
            field("scale", "经营规模", "Trading scale", r.fact("trait.scale")),
            field("traits", "自身特点", "Own traits", r.fact("trait.own"), "long"),
            field("class", "客户类别", "Class", r.grade("class")),
            field("sales", "近12个月销售(元)", "Sales, 12 months", r.profile("spend"), "money"),
            field("profit", "盈利", "Profit", r.fact("profit")),
            field("score", "评价", "Evaluation", r.profile("score"), "number"),
            field("order_day", "订货日", "Order day", r.fact("custom.order_day")),
            field("line", "送货线路", "Delivery line", r.fact("custom.delivery_line")),
            field("bank", "开户行和账号", "Bank and account", r.number("ACCOUNT")),
            field("manager", "客户经理", "Customer manager", lambda f: f.customer.owner.name if f.customer.owner else ""),
            field("route", "拜访线路", "Route", r.fact("custom.route")),
            field("grade", "等级", "Grade", r.grade("grade")),
            field("photo", "店面照片", "Photo", lambda f: "", "long"),
        ),
        layout=(
            (cell("shop", span=3), cell("licence")),
            (cell("holder", span=3), cell("phone")),
            (cell("address", span=5),),
            (cell("form"), cell("area"), cell("grade")),
            (cell("environment"), cell("scale"), cell("class")),
            (cell("traits", span=5, tall=20),),
            (cell("sales"), cell("profit"), cell("score")),
            (cell("order_day"), cell("line"), cell("route")),
            (cell("bank", span=3), cell("manager")),
            (cell("photo", span=5, tall=40),),
        ),
    )
)  # fmt: skip
