"""F000-06: the ledger of one tenant's rent and other charges."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from zhike.customers.models import Charge, ChargeStep, Customer
from zhike.kernel.records.forms import Field, Form, Lines, cell, register


@dataclass(frozen=True)
class Ledger:
    """The bills of a tenant with their steps, as they stand on a day."""

    customer: Customer
    today: dt.date
    charges: Sequence[Charge]

    def total(self, column: str) -> Decimal:
        return sum((getattr(one.sale, column) for one in self.charges), Decimal(0))


def _days(step: ChargeStep) -> str:
    return f"{step.on:%Y-%m-%d} {step.by.name}：{step.text}"


def _row(ledger: Ledger, charge: Charge) -> dict[str, Any]:
    reminders = [step for step in charge.steps.all() if step.kind == ChargeStep.Kind.REMINDED]
    return {
        "number": charge.sale.number,
        "what": " ".join(filter(None, (charge.sale.product, charge.sale.model))),
        "period": f"{charge.period_from:%Y-%m-%d}\n{charge.last_day:%Y-%m-%d}",
        "amount": f"{charge.sale.amount - charge.sale.discount:,.2f}",
        "due_on": charge.sale.due_on,
        "paid": f"{charge.sale.collected:,.2f}",
        "settled_on": charge.settled_on,
        "late": str(charge.days_overdue(ledger.today) or "—"),
        "fee": f"{fee:,.2f}" if (fee := charge.late_fee(ledger.today)) else "—",
        "reminders": "\n".join(map(_days, reminders)),
    }


LEDGER = register(
    Form(
        code="F000-06",
        zh="租金台账",
        en="Rent ledger",
        fields=(
            Field("tenant", "租户", "Tenant", source=lambda f: f.customer.name),
            Field("no", "客户编号", "Customer no.", source=lambda f: f.customer.number),
            Field("day", "日期", "Day", "date", source=lambda f: f.today),
            Field("owed", "未付合计", "Owed", "money", source=lambda f: f.total("amount") - f.total("discount") - f.total("collected")),
            Field("station", "线路/站点", "Line, station", source=lambda f: f.customer.region),
            Field("owner", "催缴人", "Who collects", "person", source=lambda f: f.customer.owner.name if f.customer.owner else ""),
            Field(
                "rows", "账单", "Bills", "table",
                source=lambda f: [_row(f, one) for one in f.charges],
                columns=(
                    Field("number", "账单号", "Bill no.", width=5),
                    Field("what", "项目、铺位", "Charge, shop", "long", width=3),
                    Field("period", "期间", "Period", "long", width=3),
                    Field("amount", "应付金额", "Amount", "figure", width=3),
                    Field("due_on", "应付日期", "Due", "date", width=3),
                    Field("paid", "实付金额", "Paid", "figure", width=3),
                    Field("settled_on", "结清日期", "Settled", "date", width=3),
                    Field("late", "逾期天数", "Days overdue", "figure", width=2),
                    Field("fee", "滞纳金", "Late fee", "figure", width=2),
                    Field("reminders", "催缴记录", "Reminders", "long", width=5),
                ),
            ),
        ),
        layout=((cell("tenant"), cell("no"), cell("day")), (cell("owner"), cell("station"), cell("owed")), Lines("rows", least=6)),
        basis_zh="租户服务和租金收缴办法",
        basis_en="Service of tenants and collection of rent",
    )
)  # fmt: skip
