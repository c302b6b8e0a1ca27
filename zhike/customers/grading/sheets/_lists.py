"""Forms of the customers of a unit: by class, by rank, by region, and the key customers."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from itertools import groupby
from typing import Any

from django.db.models import F, Prefetch, Q, Sum

from zhike.customers import queries as customers
from zhike.customers.grading import queries
from zhike.customers.grading.dimensions import DIMENSIONS
from zhike.customers.models import Address, Contact, Customer, Grade, Sale
from zhike.kernel.parties.models import Unit
from zhike.kernel.parties.scope import Scope
from zhike.kernel.parties.tree import tree
from zhike.kernel.records.forms import Field, Form, Lines, cell, register
from zhike.people.models import business_day

MOST = 1000  # lines of one sheet; more belong into a list that is exported
KEY_LINES = 50
PRODUCTS = 3  # of a customer, in one cell


@dataclass(frozen=True)
class Listed:
    """The customers of a unit and those below, as far as the reader sees them."""

    unit: Unit
    scope: Scope
    today: dt.date
    by: str
    dimension: str = ""

    @cached_property
    def rows(self) -> list[Customer]:
        addresses = Prefetch("addresses", queryset=Address.objects.order_by("-is_main", "pk"))
        rows = customers.customers(self.scope).filter(
            unit__in=sorted(tree().below(self.unit.pk)), state=Customer.State.ACTIVE
        )
        return list(rows.select_related("unit", "profile", "owner").prefetch_related(addresses)[:MOST])

    @cached_property
    def grades(self) -> dict[tuple[int, str], Grade]:
        codes = {"rank", "risk", self.dimension or "grade"}
        return queries.current_of([row.pk for row in self.rows], *codes)

    @cached_property
    def names(self) -> dict[tuple[str, str], str]:
        return queries.labels(self.grades.values())

    def label(self, customer: Customer, dimension: str) -> str:
        grade = self.grades.get((customer.pk, dimension))
        return self.names.get((dimension, grade.value), grade.value) if grade is not None else ""


def _spend(customer: Customer) -> Decimal:
    return customer.profile.spend if hasattr(customer, "profile") else Decimal(0)


def _owner(customer: Customer) -> str:
    return customer.owner.name if customer.owner else ""


def _name(customer: Customer) -> str:
    return f"{customer.number} {customer.name}"


UNIT = Field("unit", "单位", "Unit", source=lambda f: f.unit.name)
DATE = Field("date", "日期", "Date", "date", source=lambda f: f.today)
BY = Field("by", "制表人", "Prepared by", "person", source=lambda f: f.by)
HEAD = (cell("unit"), cell("date"), cell("by"))


def _sheet(
    code: str,
    zh: str,
    en: str,
    columns: tuple[Field, ...],
    lines: Callable[[Listed], list[dict[str, Any]]],
    across: bool = False,
) -> Form:
    return register(
        Form(
            code, zh, en,
            fields=(UNIT, DATE, BY, Field("lines", "客户", "Customers", "table", source=lines, columns=columns)),
            layout=(HEAD, Lines("lines", least=5)),
            across=across,
        )
    )  # fmt: skip


# --- FM002-05


def _classes(f: Listed) -> list[dict[str, Any]]:
    code = f.dimension or "grade"
    dimension = DIMENSIONS[code]
    return [
        {
            "place": place,
            "customer": _name(row),
            "dimension": str(dimension.label),
            "class": f.label(row, code),
            "basis": grade.clause if (grade := f.grades.get((row.pk, code))) else "",
            "region": row.region,
            "owner": _owner(row),
            "spend": _spend(row),
            "remarks": f"{row.get_dealing_display()} {row.industry}".strip(),
        }
        for place, row in enumerate(f.rows, start=1)
    ]


CLASSES = _sheet(
    "FM002-05", "客户分类表", "Customer classification",
    (
        Field("place", "序号", "No.", "number", width=1),
        Field("customer", "客户编号、名称", "Customer", "long", width=5),
        Field("dimension", "分类维度", "Dimension", width=2),
        Field("class", "类别", "Class", width=2),
        Field("basis", "依据", "Basis", width=2),
        Field("region", "区域", "Region", width=2),
        Field("owner", "负责人", "Owner", "person", width=2),
        Field("spend", "年往来额", "Annual dealings", "money", width=3),
        Field("remarks", "备注", "Remarks", "long", width=3),
    ),
    _classes,
)  # fmt: skip


# --- FM002-25


def _by_rank(f: Listed) -> list[dict[str, Any]]:
    def order(row: Customer) -> tuple[str, Decimal]:
        return f.grades[row.pk, "rank"].value if (row.pk, "rank") in f.grades else "~", -_spend(row)

    return [
        {
            "rank": f.label(row, "rank") or "—",
            "customer": _name(row),
            "trade": row.industry,
            "region": row.region,
            "spend": _spend(row),
            "score": row.profile.score if hasattr(row, "profile") else None,
            "owner": _owner(row),
            "rated": _rated(f, row),
            "remarks": f.label(row, "risk"),
        }
        for row in sorted(f.rows, key=order)
    ]


def _rated(f: Listed, row: Customer) -> dt.date | None:
    grade = f.grades.get((row.pk, "rank"))
    return business_day(grade.since) if grade is not None else None


BY_RANK = _sheet(
    "FM002-25", "客户等级分类表", "Customer rank classification",
    (
        Field("rank", "级别", "Rank", width=2),
        Field("customer", "客户编号、名称", "Customer", "long", width=5),
        Field("trade", "行业", "Trade", width=2),
        Field("region", "区域", "Region", width=2),
        Field("spend", "年销售额", "Annual sales", "money", width=3),
        Field("score", "得分", "Score", "number", width=2),
        Field("owner", "负责人", "Owner", "person", width=2),
        Field("rated", "评定日期", "Rated on", "date", width=3),
        Field("remarks", "风险", "Risk", width=2),
    ),
    _by_rank,
)  # fmt: skip


# --- FM002-26


def _region(row: Customer) -> str:
    address = next(iter(row.addresses.all()), None)
    place = f"{address.province}{address.city}" if address is not None else ""
    return row.region or place or "—"


def _by_region(f: Listed) -> list[dict[str, Any]]:
    """Customers under their region, with number and sales of each."""
    lines: list[dict[str, Any]] = []
    for region, group in groupby(sorted(f.rows, key=_region), key=_region):
        members = list(group)
        whole = sum((_spend(row) for row in members), Decimal(0))
        lines.append({"region": region, "customer": f"({len(members)})", "spend": whole})
        for row in members:
            address = next(iter(row.addresses.all()), None)
            lines.append(
                {
                    "region": "",
                    "customer": _name(row),
                    "address": address.text if address is not None else "",
                    "phone": customers.shown_phone(row),
                    "trade": row.industry,
                    "rank": f.label(row, "rank"),
                    "spend": _spend(row),
                    "owner": _owner(row),
                    "branch": row.unit.name,
                }
            )
    return lines


BY_REGION = _sheet(
    "FM002-26", "客户区域分类表", "Customer region classification",
    (
        Field("region", "区域", "Region", width=2),
        Field("customer", "客户", "Customer", "long", width=4),
        Field("address", "地址", "Address", "long", width=4),
        Field("phone", "电话", "Telephone", width=3),
        Field("trade", "行业", "Trade", width=2),
        Field("rank", "级别", "Rank", width=2),
        Field("spend", "销售额", "Sales", "money", width=3),
        Field("owner", "负责人", "Responsible", "person", width=2),
        Field("branch", "服务部门", "Branch", width=3),
    ),
    _by_region,
)  # fmt: skip


# --- FM002-08


def _ledger(keys: list[int], today: dt.date) -> dict[int, dict[str, Any]]:
    """What the ledger says of these customers: the month, the year, the year before, profit and collection."""
    year, before = today - dt.timedelta(days=365), today - dt.timedelta(days=730)
    net, lately = F("amount") - F("discount"), Q(on__gt=year)
    rows = (
        Sale.objects.filter(customer__in=keys, on__gt=before, on__lte=today)
        .order_by()
        .values("customer_id")
        .annotate(
            month=Sum(net, filter=Q(on__gte=today.replace(day=1)), default=Decimal(0)),
            year=Sum(net, filter=lately, default=Decimal(0)),
            before=Sum(net, filter=~lately, default=Decimal(0)),
            costed=Sum(net, filter=lately & Q(cost__isnull=False), default=Decimal(0)),
            cost=Sum("cost", filter=lately, default=Decimal(0)),
            collected=Sum("collected", filter=lately, default=Decimal(0)),
        )
    )
    return {row["customer_id"]: dict(row) for row in rows}


def _products(keys: list[int], today: dt.date) -> dict[int, list[str]]:
    """What each of these customers bought most of within a year, by value."""
    rows = (
        Sale.objects.filter(customer__in=keys, on__gt=today - dt.timedelta(days=365), on__lte=today)
        .exclude(product="")
        .order_by()
        .values_list("customer_id", "product")
        .annotate(worth=Sum(F("amount") - F("discount")))
        .order_by("-worth", "product")
    )
    found: dict[int, list[str]] = {}
    for pk, product, _worth in rows:
        found.setdefault(pk, []).append(product)
    return {pk: products[:PRODUCTS] for pk, products in found.items()}


def _part(part: Decimal, whole: Decimal) -> str:
    return f"{part / whole:.1%}" if whole else ""


def _key(f: Listed) -> list[dict[str, Any]]:
    """Key customers by sales, with share and cumulative share of all that the unit sold."""
    whole = sum((_spend(row) for row in f.rows), Decimal(0))
    so_far, lines = Decimal(0), []
    keys = sorted((row for row in f.rows if row.is_key), key=lambda row: -_spend(row))[:KEY_LINES]
    known = _ledger([row.pk for row in keys], f.today)
    products = _products([row.pk for row in keys], f.today)
    people = dict(
        Contact.objects.filter(customer__in=keys, is_main=True, left_on=None).values_list(
            "customer_id", "name"
        )
    )
    for place, row in enumerate(keys, start=1):
        so_far += _spend(row)
        sold = known.get(row.pk, {})
        first = row.profile.first_order_on if hasattr(row, "profile") else None
        lines.append(
            {
                "place": place,
                "customer": _name(row),
                "region": row.region,
                "person": people.get(row.pk, ""),
                "phone": customers.shown_phone(row),
                "products": "、".join(products.get(row.pk, [])),
                "month": sold.get("month", Decimal(0)),
                "spend": _spend(row),
                "share": _part(_spend(row), whole),
                "cumulated": _part(so_far, whole),
                "profit": _part(sold["costed"] - sold["cost"], sold["costed"]) if sold else "",
                "collected": _part(sold["collected"], sold["year"]) if sold else "",
                "years": (f.today - first).days // 365 if first else "",
                "owner": _owner(row),
                "trend": f"{sold['year'] / sold['before'] - 1:+.0%}" if sold and sold["before"] else "",
            }
        )
    return lines


KEY = _sheet(
    "FM002-08", "重点客户统计表", "Key customer statistics",
    (
        Field("place", "名次", "Rank", "number", width=1),
        Field("customer", "客户", "Customer", "long", width=4),
        Field("region", "区域", "Region", width=2),
        Field("person", "负责人", "Person in charge", "person", width=2),
        Field("phone", "电话", "Telephone", width=3),
        Field("products", "主要产品", "Main products", "long", width=3),
        Field("month", "本月销售", "Sales of the month", "money", width=3),
        Field("spend", "年销售额", "Sales of the year", "money", width=3),
        Field("share", "占比", "Share", width=2),
        Field("cumulated", "累计占比", "Cumulative", width=2),
        Field("profit", "毛利率", "Gross profit rate", width=2),
        Field("collected", "回款率", "Collected", width=2),
        Field("years", "往来年数", "Years", "number", width=1),
        Field("owner", "我方负责", "Account owner", "person", width=2),
        Field("trend", "趋势", "Trend", width=2),
        Field("remarks", "备注", "Remarks", width=2),
    ),
    _key,
    across=True,
)  # fmt: skip
