"""Bills as people see them: what is owed, since when, how often the tenant was reminded."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Count, ExpressionWrapper, F, Q, QuerySet

from zhike.customers.credit.queries import MONEY
from zhike.customers.models import Charge, ChargeStep, Customer
from zhike.customers.regulation import regulation
from zhike.kernel.parties.scope import Scope
from zhike.kernel.policy.manual.periods import add_months

from . import questions

OWED = ExpressionWrapper(F("sale__amount") - F("sale__discount") - F("sale__collected"), output_field=MONEY)
REMINDED = Count("steps", filter=Q(steps__kind=ChargeStep.Kind.REMINDED))


def charges(scope: Scope) -> QuerySet[Charge]:
    rows = scope.rows(Charge.objects.all(), unit="sale__customer__unit", secrecy="sale__customer__secrecy")
    # not `owed`, which the row says of itself
    return rows.select_related("sale__customer__unit").annotate(open=OWED, reminders=REMINDED)


def of_customer(customer: Customer) -> QuerySet[Charge]:
    rows = Charge.objects.filter(sale__customer=customer).select_related("sale", "by", "ruling")
    return rows.annotate(open=OWED, reminders=REMINDED)


def overdue(rows: QuerySet[Any], today: dt.date) -> QuerySet[Any]:
    return rows.filter(open__gt=0, sale__due_on__lt=today)


def in_time() -> Q:
    """Settled by the day on which it was due."""
    return Q(open__lte=0, settled_on__lte=F("sale__due_on"))


def following(customer: Customer) -> dict[str, Any]:
    """What the next bill will say if it goes on like the last one: the period after it, the same day of the month."""
    last = of_customer(customer).order_by("-period_to", "-id").first()
    if last is None or last.sale.due_on is None:
        return {}
    begins = last.period_to
    months = (begins.year - last.period_from.year) * 12 + begins.month - last.period_from.month
    whole = months > 0 and begins.day == last.period_from.day
    ends = add_months(begins, months) if whole else begins + (last.period_to - last.period_from)
    due = add_months(last.sale.due_on, months) if whole else last.sale.due_on + (begins - last.period_from)
    return {
        "kind": last.kind,
        "shop": last.sale.model,
        "amount": last.sale.amount,
        "period_from": begins,
        "last_day": ends - dt.timedelta(days=1),
        "due_on": due,
    }


@dataclass(frozen=True)
class Age:
    """A band of days overdue, from a first day to before the next band."""

    code: str
    label: str
    first: int
    after: int | None

    def within(self, today: dt.date) -> Q:
        latest = Q(sale__due_on__lte=today - dt.timedelta(days=self.first))
        if self.after is None:
            return latest
        return latest & Q(sale__due_on__gt=today - dt.timedelta(days=self.after))


def ages(unit: int, now: dt.datetime) -> list[Age]:
    """The bands of the regulation; none where nothing is in force."""
    found = regulation(questions.CHARGE.name, unit, now)
    if found is None:
        return []
    rows = [(row.word.code, int(Decimal(row.cells["起始天数"].text))) for row in found.rows(questions.AGES)]
    names = dict(found.choices(questions.AGES))
    firsts = [first for _code, first in rows[1:]]
    return [
        Age(code, names[code], first, after)
        for (code, first), after in zip(rows, [*firsts, None], strict=True)
    ]


def bands(rows: QuerySet[Charge], now: dt.datetime) -> list[Age]:
    """The bands of the regulation that the first of these bills stands under."""
    unit = rows.order_by("pk").values_list("sale__customer__unit", flat=True).first()
    return ages(unit, now) if unit is not None else []
