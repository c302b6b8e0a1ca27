"""Forms of the reception: F001-70 registration of visitors and new customers, F001-71 locker record."""

from __future__ import annotations

from typing import Any

from zhike.kernel.records.forms import Field, Form, Lines, cell, register

from .models import Reception


def _phone(row: Reception) -> str:
    first = row.customer.phones.order_by("-is_primary", "id").first() if row.customer is not None else None
    return first.masked if first else ""


def _name(person: Any) -> str:
    return person.name if person is not None else ""


def _lockers(row: Reception) -> list[dict[str, Any]]:
    return [
        {"locker": str(one.locker), "key": one.key, "in": one.given_at, "out": one.returned_at}
        for one in row.lockers.order_by("given_at")
    ]


REGISTRATION = register(
    Form(
        code="F001-70",
        zh="客户信息登记",
        en="Visitor and new-customer registration",
        fields=(
            Field("number", "编号", "No.", source=lambda r: r.number),
            Field("arrived", "到达时间", "Arrived", "moment", source=lambda r: r.arrived_at),
            Field("greeted", "迎接时间", "Greeted", "moment", source=lambda r: r.greeted_at),
            Field("customer", "客户", "Customer", "person", source=lambda r: r.name),
            Field("phone", "电话", "Phone", source=_phone),
            Field("company", "单位", "Company", source=lambda r: r.company),
            Field("source", "来源", "Source", source=lambda r: r.source),
            Field("purpose", "来意", "Purpose", "long", source=lambda r: r.purpose or r.matter),
            Field("passed", "转给", "Passed to", "person", source=lambda r: _name(r.passed_to)),
            Field("receiver", "接待人", "Receiver", "person", source=lambda r: _name(r.receiver)),
            Field("by", "指定人", "Assigned by", "person", source=lambda r: _name(r.assigned_by)),
            Field("answer", "接待结果", "Result", "long", source=lambda r: r.answer),
        ),
        layout=(
            (cell("number"), cell("arrived"), cell("greeted")),
            (cell("customer"), cell("phone"), cell("company")),
            (cell("source"), cell("passed", span=3)),
            (cell("purpose", span=5, tall=30, vertical=True),),
            (cell("receiver"), cell("by", span=3)),
            (cell("answer", span=5, tall=40, vertical=True),),
        ),
    )
)

LOCKERS = register(
    Form(
        code="F001-71",
        zh="货物存放箱记录",
        en="Locker record",
        fields=(
            Field("number", "接待编号", "Reception", source=lambda r: r.number),
            Field("customer", "客户", "Customer", "person", source=lambda r: r.name),
            Field(
                "lines", "存放箱", "Lockers", "table", source=_lockers,
                columns=(
                    Field("locker", "箱号", "Locker", width=10),
                    Field("key", "钥匙", "Key", width=14),
                    Field("in", "存入时间", "Time in", "moment", width=20),
                    Field("out", "取出时间", "Time out", "moment", width=20),
                ),
            ),
        ),
        layout=((cell("number"), cell("customer", span=3)), Lines("lines", least=4)),
    )
)  # fmt: skip

SHEETS = {one.code: one for one in (REGISTRATION, LOCKERS)}
