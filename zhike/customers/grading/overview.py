"""How customers are spread over the values of each dimension, and over segments and stages."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

from django.db.models import Avg, Count, QuerySet, Sum
from django.urls import reverse

from zhike.customers.models import Customer, Grade
from zhike.kernel.parties.scope import Scope
from zhike.kernel.parties.tree import tree
from zhike.kernel.policy import inforce
from zhike.kernel.worktime import calendars

from . import queries, standard
from .dimensions import DIMENSIONS, Dimension


@dataclass
class Share:
    """One value: how many customers have it, what they are worth. `url` opens into them."""

    code: str
    label: str
    count: int = 0
    part: float = 0.0  # of all that have a value, 0 to 1
    spend: Decimal = Decimal(0)
    expected: Decimal = Decimal(0)
    referred: Decimal = Decimal(0)
    satisfaction: Decimal | None = None
    url: str = ""

    @property
    def percent(self) -> int:
        return round(100 * self.part)


@dataclass
class Spread:
    dimension: Dimension
    shares: list[Share] = field(default_factory=list)
    total: int = 0
    clause: str = ""
    version_id: int | None = None


def grades_in_force(scope: Scope, dimension: str, unit: int | None = None) -> QuerySet[Grade]:
    """The values of visible active customers, of a unit and below where one is named."""
    rows = Grade.objects.filter(dimension=dimension, until=None, customer__state=Customer.State.ACTIVE)
    if unit is not None:
        rows = rows.filter(customer__unit__in=sorted(tree().below(unit)))
    return scope.rows(
        rows, unit="customer__unit", named=("customer__created_by",), secrecy="customer__secrecy"
    )


def dimensions(scope: Scope, now: dt.datetime, unit: int | None = None) -> list[Spread]:
    """Every dimension in which somebody stands somewhere. One query each."""
    found = [spread(scope, one.code, now, unit) for one in DIMENSIONS.values()]
    return [one for one in found if one.total]


def spread(scope: Scope, dimension: str, now: dt.datetime, unit: int | None = None) -> Spread:
    """Values in the order of the manual, with number and worth."""
    rows = grades_in_force(scope, dimension, unit).order_by()
    counted: dict[str, Any] = {
        row["value"]: row
        for row in rows.values("value").annotate(
            n=Count("pk"),
            spend=Sum("customer__profile__spend", default=Decimal(0)),
            expected=Sum("customer__profile__expected_spend", default=Decimal(0)),
            referred=Sum("customer__profile__referred_spend", default=Decimal(0)),
            satisfaction=Avg("customer__profile__satisfaction"),
        )
    }
    versions = list(
        rows.exclude(version_id=None)
        .values_list("version_id", flat=True)
        .distinct()
        .order_by("-version_id")[:3]
    )
    names: dict[str, str] = {}
    for version in filter(None, versions):
        for word in queries.words_of(inforce.manual_of(version), dimension):
            names.setdefault(word.code, queries.label_of(word))
    total = sum(row["n"] for row in counted.values())
    order = [*names, *sorted(set(counted) - set(names))]
    shares = [
        _share(dimension, code, names.get(code, code), counted.get(code), total, unit) for code in order
    ]
    return Spread(DIMENSIONS[dimension], shares, total, version_id=versions[0] if versions else None)


def _share(
    dimension: str, code: str, label: str, row: dict[str, Any] | None, total: int, unit: int | None
) -> Share:
    found = Share(code, label, url=opened(dimension, code, unit))
    if row is not None:
        found.count, found.part = row["n"], row["n"] / total
        found.spend, found.expected, found.referred = row["spend"], row["expected"], row["referred"]
        found.satisfaction = row["satisfaction"]
    return found


def opened(dimension: str, code: str, unit: int | None = None) -> str:
    """The list of exactly these customers."""
    query = {"dimension": dimension, "value": code, **({"unit": str(unit)} if unit else {})}
    return f"{reverse('customers:graded')}?{urlencode(query)}"


def settings_seen(scope: Scope, dimension: str, now: dt.datetime) -> list[standard.Setting]:
    """What the manual sets for each value, at the first unit of the scope that has one."""
    units = (
        sorted(scope.units)
        if scope.units is not None
        else sorted(Customer.objects.order_by().values_list("unit_id", flat=True).distinct())
    )
    for unit in units:
        found = standard.settings_of(dimension, unit, calendars.local_day(now, unit))
        if found:
            return found
    return []
