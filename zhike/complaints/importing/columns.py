"""What the columns of a file mean: fields of a complaint, guessed from the header in Chinese or English."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext_lazy as _

from zhike.kernel.records.sheets import Row

FIELDS: dict[str, Any] = {  # labels are translated when they are shown
    "text": _("What the customer says"),
    "title": _("Title"),
    "category": _("Category"),
    "external": _("Number in the other system"),
    "opened": _("Received on"),
    "closed": _("Closed on"),
    "status": _("Status"),
    "name": _("Name of the customer"),
    "phone": _("Telephone"),
    "value": _("Value of the goods"),
    "demand": _("What the customer wants"),
    "origin": _("Origin"),
}
NAMES: dict[str, tuple[str, ...]] = {
    "text": (
        "投诉内容", "工单内容", "诉求内容", "问题描述", "事件描述", "内容描述", "投诉详情", "反映内容", "留言内容", "内容", "描述", "详情", "正文",
        "consumercomplaintnarrative", "narrative", "complainttext", "description", "content", "text", "body", "message", "complaint",
    ),
    "title": ("工单标题", "标题", "主题", "摘要", "title", "subject", "issue", "summary", "headline"),
    "category": (
        "投诉项目", "投诉类别", "投诉类型", "问题类型", "工单类型", "工单类别", "诉求类型", "业务类型", "一级分类", "类别", "分类", "类型", "项目", "标签",
        "category", "complainttype", "type", "product", "class", "label",
    ),
    "external": (
        "工单编号", "投诉编号", "工单号", "投诉单号", "流水号", "业务编号", "单号", "编号",
        "complaintid", "ticketid", "caseid", "externalid", "ticketnumber", "casenumber", "ticket", "number", "id",
    ),
    "opened": (
        "受理时间", "受理日期", "登记时间", "登记日期", "投诉时间", "投诉日期", "创建时间", "来电时间", "提交时间", "反映时间", "日期", "时间",
        "datereceived", "createdat", "openedat", "created", "opened", "receivedon", "date",
    ),
    "closed": (
        "办结时间", "办结日期", "结案时间", "结案日期", "关闭时间", "完成时间", "解决时间", "closedat", "resolvedat", "closed", "closedon", "dateclosed",
    ),
    "status": (
        "工单状态", "处理状态", "办理状态", "投诉状态", "状态", "companyresponsetoconsumer", "status", "state",
    ),
    "name": ("投诉人姓名", "顾客姓名", "客户姓名", "投诉人", "联系人", "姓名", "顾客", "客户", "customername", "customer", "name"),
    "phone": ("联系电话", "手机号码", "电话号码", "来电号码", "联系方式", "手机号", "手机", "电话", "phonenumber", "phone", "mobile", "tel"),
    "value": ("涉及金额", "商品金额", "投诉金额", "货值", "金额", "价值", "amount", "value", "price"),
    "origin": ("投诉来源", "投诉人类别", "origin", "complainanttype"),
    "demand": ("顾客要求", "客户要求", "诉求", "要求", "期望", "demand", "request", "desiredoutcome"),
}  # fmt: skip
MOST_CHOICES = 60  # foreign categories that the preview offers for mapping


def plain(header: str) -> str:
    """A name of a column without what differs between systems: case, blanks, marks, a unit in brackets."""
    text = unicodedata.normalize("NFKC", header).lower()
    text = re.sub(r"\([^)]*\)$", "", text.strip())
    return re.sub(r"[\s_\-.:*/]+", "", text)


def guess(header: Sequence[str], rows: Sequence[Row]) -> dict[str, str]:
    """Field -> name of the column. Equal names first; without a column of text, the one with the longest cells."""
    found: dict[str, str] = {}
    names = {plain(column): column for column in reversed(header)}
    for field, known in NAMES.items():
        match = next((names[name] for name in known if name in names), None)
        if match is not None and match not in found.values():
            found[field] = match
    if "text" not in found:
        longest = _longest(header, rows, set(found.values()))
        if longest is not None:
            found["text"] = longest
    return found


def _longest(header: Sequence[str], rows: Sequence[Row], taken: set[str]) -> str | None:
    free = [place for place, column in enumerate(header) if column not in taken]
    some = rows[:200]
    lengths = {place: sum(len(row.cells[place]) for row in some) for place in free}
    best = max(lengths, key=lambda place: lengths[place], default=None)
    return header[best] if best is not None and lengths[best] else None


def guess_items(
    categories: Sequence[str], choices: Sequence[tuple[str, str]], names: dict[str, str]
) -> dict[str, str]:
    """Foreign category -> code of the item whose code, label or Chinese name it is; "" where nothing fits."""
    known = {plain(label): code for code, label in choices}
    known |= {plain(name): code for name, code in names.items()}
    known |= {plain(code): code for code, _label in choices}
    return {word: known.get(plain(word), "") for word in categories}
