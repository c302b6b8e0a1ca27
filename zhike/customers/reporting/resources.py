"""Customers by kind, grade, region and stage (ST002-47); by rank, region, sales and risk (ST002-63); and the map."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

from django.db.models import Avg, Count, Exists, OuterRef, Q, Sum
from django.urls import reverse

from zhike.customers.grading import overview
from zhike.customers.models import Customer, Interaction, Profile

from .tables import (
    COUNT,
    NAME,
    SHARE,
    SPEND,
    Asked,
    Cell,
    Column,
    Row,
    Section,
    money,
    number,
    said,
    share,
    text,
)

MONEY = Decimal(0)


def customers(asked: Asked) -> Any:
    rows = Customer.objects.filter(state=Customer.State.ACTIVE)
    if asked.units is not None:
        rows = rows.filter(unit__in=asked.units)
    return asked.scope.rows(rows, named=("created_by",), secrecy="secrecy").order_by()


def opened(asked: Asked, **conditions: str) -> str:
    """The list of customers under these conditions."""
    unit = {"unit": str(asked.unit)} if asked.unit is not None else {}
    return f"{reverse('customers:list')}?{urlencode({'state': 'ACTIVE', **unit, **conditions})}"


def by_kind(asked: Asked) -> list[Row]:
    counted = dict(customers(asked).values_list("kind").annotate(n=Count("pk")))
    total = sum(counted.values())
    return [
        {
            "name": Cell(str(label)),
            "count": number(counted.get(code, 0), opened(asked, kind=code)),
            "share": share(counted.get(code, 0), total),
        }
        for code, label in Customer.Kind.choices
    ]


def by_dimension(code: str) -> Any:
    """Rows of a dimension; every number opens into the customers of that value."""

    def make(asked: Asked) -> list[Row]:
        found = overview.spread(asked.scope, code, asked.now, asked.unit)
        return [
            {
                "name": Cell(one.label),
                "count": number(one.count, one.url),
                "share": share(one.count, found.total),
                "spend": money(one.spend),
            }
            for one in found.shares
            if found.total
        ]

    return make


def by_region(asked: Asked) -> list[Row]:
    rows = list(
        customers(asked)
        .values("region")
        .annotate(n=Count("pk"), spend=Sum("profile__spend", default=MONEY))
        .order_by("-n", "region")
    )
    total = sum(row["n"] for row in rows)
    return [
        {
            "name": text(row["region"]) if row["region"] else Cell(said("没有区域", "No region")),
            "count": number(
                row["n"],
                opened(asked, **({"region": row["region"]} if row["region"] else {"no_region": "1"})),
            ),
            "share": share(row["n"], total),
            "spend": money(row["spend"]),
        }
        for row in rows
    ]


# from and to, both included, in yuan; no figures of a regulation: nothing is decided by them, they lay out one table
BANDS = [
    (Decimal(0), Decimal(0), "没有成交", "No sales"),
    (Decimal("0.01"), Decimal("9999.99"), "1万元以下", "Below 10,000"),
    (Decimal(10_000), Decimal("99999.99"), "1万至10万元", "10,000 to 100,000"),
    (Decimal(100_000), Decimal("999999.99"), "10万至100万元", "100,000 to 1,000,000"),
    (Decimal(1_000_000), None, "100万元以上", "1,000,000 and more"),
]


def by_sales(asked: Asked) -> list[Row]:
    """Customers by the sales of twelve months; a bound belongs to the band above."""
    rows = asked.customers(Profile.objects.filter(customer__state=Customer.State.ACTIVE)).order_by()
    counted: dict[str, Any] = {}
    for low, high, _zh, _en in BANDS:
        inside = Q(spend__gte=low) & (Q() if high is None else Q(spend__lte=high))
        counted[f"n{low}"] = Count("pk", filter=inside)
        counted[f"s{low}"] = Sum("spend", filter=inside, default=MONEY)
    found = rows.aggregate(**counted)
    total = sum(found[f"n{low}"] for low, *_rest in BANDS)
    return [
        {
            "name": Cell(said(zh, en)),
            "count": number(
                found[f"n{low}"],
                opened(asked, spend_from=str(low), spend_to="" if high is None else str(high)),
            ),
            "share": share(found[f"n{low}"], total),
            "spend": money(found[f"s{low}"]),
        }
        for low, high, zh, en in BANDS
    ]


# --- the map


@dataclass(frozen=True)
class Dot:
    x: float
    y: float
    radius: float
    label: str
    said: str
    bare: bool


@dataclass(frozen=True)
class Plot:
    dots: list[Dot]
    lines: list[tuple[float, str]]
    columns: list[tuple[float, str]]
    wide: int
    high: int


WIDE, HIGH, EDGE = 720, 420, 40
COVERED = Column("covered", "期间联系过", "Contacted")
BARE = Column("bare", "没有联系", "Not contacted")


def _areas(asked: Asked) -> list[dict[str, Any]]:
    """Customers of each region, contacted in the period or not, with the middle of their addresses."""
    reached = Exists(Interaction.objects.filter(customer=OuterRef("pk"), **asked.within("at")))
    rows = customers(asked).exclude(region="")
    counted = {
        row["region"]: row
        for row in rows.values("region").annotate(n=Count("pk"), covered=Count("pk", filter=reached))
    }
    placed = rows.filter(addresses__latitude__isnull=False, addresses__longitude__isnull=False)
    for row in placed.values("region").annotate(x=Avg("addresses__longitude"), y=Avg("addresses__latitude")):
        counted[row["region"]] |= {"x": float(row["x"]), "y": float(row["y"])}
    return sorted(counted.values(), key=lambda row: (-row["n"], row["region"]))


def coverage(asked: Asked) -> list[Row]:
    return [
        {
            "name": Cell(row["region"]),
            "count": number(row["n"], opened(asked, region=row["region"])),
            "covered": number(row["covered"]),
            "bare": number(row["n"] - row["covered"]),
            "share": share(row["covered"], row["n"]),
        }
        for row in _areas(asked)
    ]


def plot(asked: Asked) -> tuple[str, Any] | None:
    """Regions by their coordinates, as large as they have customers; hollow where nobody was contacted."""
    rows = [row for row in _areas(asked) if "x" in row]
    if not rows:
        return None
    west, east = min(row["x"] for row in rows) - 0.5, max(row["x"] for row in rows) + 0.5
    south, north = min(row["y"] for row in rows) - 0.5, max(row["y"] for row in rows) + 0.5
    most = max(row["n"] for row in rows)

    def across(degree: float) -> float:
        return float(EDGE + (WIDE - 2 * EDGE) * (degree - west) / (east - west))

    def down(degree: float) -> float:
        return float(HIGH - EDGE - (HIGH - 2 * EDGE) * (degree - south) / (north - south))

    dots = [
        Dot(
            round(across(row["x"]), 1),
            round(down(row["y"]), 1),
            round(5 + 21 * (row["n"] / most) ** 0.5, 1),
            row["region"],
            f"{row['region']}: {row['covered']} / {row['n']}",
            row["covered"] == 0,
        )
        for row in rows
    ]
    step = max(1, round((north - south) / 4))
    stride = max(1, round((east - west) / 6))
    lines = [(round(down(d), 1), f"{d}°N") for d in range(int(south) + 1, int(north) + 1, step)]
    columns = [(round(across(d), 1), f"{d}°E") for d in range(int(west) + 1, int(east) + 1, stride)]
    return "customers/reporting/_plot.html", Plot(dots, lines, columns, WIDE, HIGH)


BREAKDOWN = (NAME, COUNT, SHARE, SPEND)
BY_KIND = Section("by_kind", "按客户类型", "By kind", (NAME, COUNT, SHARE), by_kind)
BY_GRADE = Section("by_grade", "按等级", "By grade", BREAKDOWN, by_dimension("grade"))
BY_RANK = Section("by_rank", "按级别", "By rank", BREAKDOWN, by_dimension("rank"))
BY_CLASS = Section("by_class", "按类别", "By class", BREAKDOWN, by_dimension("class"))
BY_STAGE = Section("by_stage", "按阶段", "By stage", BREAKDOWN, by_dimension("stage"))
BY_RISK = Section("by_risk", "按风险", "By risk", BREAKDOWN, by_dimension("risk"))
BY_REGION = Section("by_region", "按区域", "By region", BREAKDOWN, by_region)
BY_SALES = Section("by_sales", "按年销售额", "By yearly sales", BREAKDOWN, by_sales)
COVERAGE = Section(
    "coverage", "各区域的覆盖", "Coverage by area", (NAME, COUNT, COVERED, BARE, SHARE), coverage, plot
)
