"""An invented sheet with every kind of cell, for the tests of printing."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from zoneinfo import ZoneInfo

from zhike.kernel.records.forms import Band, Field, Form, Lines, Option, cell
from zhike.kernel.records.sheet import Head

SHANGHAI = ZoneInfo("Asia/Shanghai")
MONDAY = dt.datetime(2026, 9, 28, 14, 20, tzinfo=SHANGHAI)
WAYS = (
    Option("MAIL", "来信", "Letter"),
    Option("CALL", "来电", "Call"),
    Option("VISIT", "来访", "Visit"),
    Option("OTHER", "其他", "Other"),
)
CONTENT = (
    Option("Y", "满意", "Satisfied"),
    Option("M", "基本满意", "Mostly"),
    Option("N", "不满意", "Not satisfied"),
)
FORM = Form(
    code="T-01",
    zh="器物登记表",
    en="Register of objects",
    fields=(
        Field("received_on", "受理日期", "Received on", "date", required=True),
        Field("received_at", "受理时间", "Received at", "moment"),
        Field("taker", "受理人", "Taken by", "person"),
        Field("way", "受理方式", "By way of", "ticks", options=WAYS, required=True),
        Field("company", "来访单位", "Company"),
        Field("visitor", "来访人", "Visitor", "person"),
        Field("address", "地址", "Address"),
        Field("phone", "电话", "Phone", "phone"),
        Field("goods", "器物名称", "Object"),
        Field("batch", "订单/批号", "Order/batch"),
        Field("value", "数量金额", "Amount", "money"),
        Field("kind", "类别", "Kind", "choice", options=(Option("Q", "质量", "Quality"),)),
        Field("content", "登记内容", "Content", "long", required=True),
        Field("opinion", "初审意见", "First opinion", "long"),
        Field("opinion_by", "营销部主任", "Head of sales", "signature"),
        Field("result", "处理结果", "Result", "ticks", options=CONTENT),
        Field("visitor_sign", "签字", "Signature", "signature"),
        Field("visitor_seal", "来访单位盖章", "Seal of the visitor", "seal"),
        Field("own_seal", "公章", "Seal", "seal"),
        Field(
            "objects",
            "器物",
            "Objects",
            "table",
            columns=(
                Field("name", "名称", "Name", width=3),
                Field("count", "数量", "Count", "number"),
                Field("price", "金额", "Price", "money"),
            ),
        ),
    ),
    layout=(
        (cell("received_on"), cell("received_at"), cell("taker")),
        (cell("way", span=5),),
        (cell("company", span=3), cell("visitor")),
        (cell("address", span=3), cell("phone")),
        (cell("goods"), cell("batch"), cell("value")),
        (cell("kind", span=5),),
        (cell("content", span=5, tall=30, vertical=True),),
        (cell("opinion", "opinion_by", span=5, tall=22, vertical=True),),
        (cell("result", "visitor_sign", "visitor_seal", span=3, tall=34), cell("own_seal", tall=34)),
        Band("所附器物", "Objects attached"),
        Lines("objects", least=3),
    ),
    basis_zh="《器物登记办法》第 2 版 5.1",
    basis_en="Rules on objects, version 2, 5.1",
    note_zh="1. 本表一式两份，保存三年。2. 口头登记由受理人代填，当日录入。",
    note_en="Two copies, kept for three years.",
)
DATA = {
    "received_on": "2026-09-24",
    "received_at": "2026-09-24T07:00:00+00:00",
    "taker": "陆一鸣",
    "way": ["CALL"],
    "company": "澜石精密机械有限公司",
    "visitor": "欧阳静怡",
    "address": "浦江路 88 号 3 幢",
    "phone": "158****0746",
    "goods": "主轴轴承 ZC-7014",
    "batch": "DD-260811 / B2609",
    "value": str(Decimal("86400.00")),
    "kind": "Q",
    "content": "9 月 22 日到货的 B2609 批次主轴轴承，装机后径向跳动实测 0.018 至 0.023 mm，超出图纸要求的 0.010 mm。",
    "opinion": "情况属实，先行调换 60 件应急。",
    "opinion_by": {"name": "周启明", "at": "2026-09-24T09:00:00+08:00"},
    "result": [],
    "objects": [{"name": "轴承", "count": "240", "price": "86400"}],
}
HEAD = Head(
    organisation="长禾精工制造有限公司",
    number="QW-202609-0290",
    printer="周启明",
    printed_at=MONDAY,
    check_code="7F3A-91C2",
)
