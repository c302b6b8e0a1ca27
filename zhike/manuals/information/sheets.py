"""F004-15: a service information item with the record of who read and studied it."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from zhike.kernel.parties.models import Party
from zhike.kernel.records.forms import Field, Form, Lines, cell, register

from .models import Information


@dataclass(frozen=True)
class Item:
    """An item with its kind in words and its readers."""

    row: Information
    kind: str
    posts: str
    readers: list[Party]


def _lines(item: Item) -> list[dict[str, Any]]:
    found: list[Any] = list(item.readers)
    return [
        {"name": one.name, "unit": one.unit.label if one.unit else "", "read_at": one.read_at, "studied_at": one.studied_at}
        for one in found
    ]  # fmt: skip


def _valid(item: Item) -> str:
    last: dt.date | None = item.row.valid_to
    return f"{item.row.valid_from} ~ {last or ''}".strip()


INFORMATION = register(
    Form(
        code="F004-15",
        zh="服务信息",
        en="Service information item",
        fields=(
            Field("number", "编号", "No.", source=lambda i: i.row.number),
            Field("kind", "种类", "Kind", source=lambda i: i.kind),
            Field("title", "标题", "Title", source=lambda i: i.row.title),
            Field("valid", "有效期", "Valid", source=_valid),
            Field("unit", "发布部门", "Published by", source=lambda i: i.row.unit.label),
            Field("audience", "接收对象", "Audience", source=lambda i: i.posts),
            Field("at", "发布时间", "Published at", "moment", source=lambda i: i.row.published_at),
            Field("body", "内容", "Text", "long", source=lambda i: i.row.body),
            Field(
                "readers",
                "接收和学习记录",
                "Read and studied",
                "table",
                source=_lines,
                columns=(
                    Field("name", "姓名", "Name", width=20),
                    Field("unit", "部门", "Department", width=30),
                    Field("read_at", "阅读时间", "Read at", "moment", width=25),
                    Field("studied_at", "学习时间", "Studied at", "moment", width=25),
                ),
            ),
        ),
        layout=(
            (cell("number"), cell("kind", span=3)),
            (cell("title", span=5),),
            (cell("valid"), cell("at", span=3)),
            (cell("unit"), cell("audience", span=3)),
            (cell("body", span=5, tall=60, vertical=True),),
            Lines("readers", least=4),
        ),
    )
)
