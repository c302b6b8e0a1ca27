"""What customers are worth (P003-03), what segments are worth and use (P003-04), and what they need (ST002-48)."""

from __future__ import annotations

from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

from django.db.models import Count, F, Q, Sum
from django.urls import reverse

from zhike.customers.dossier import queries as dossier
from zhike.customers.grading import overview
from zhike.customers.models import Customer, Fact, Interaction, Need, Profile
from zhike.kernel.tallies.periods import Period

from .tables import COUNT, NAME, SPEND, Asked, Cell, Column, Row, Section, money, number, said, share, text

TOP = 20
FIGURE = Column("figure", "数值", "Figure", 3)
EXPECTED = Column("expected", "预期一年(元)", "Expected in a year (yuan)", 3)
REFERRED = Column("referred", "介绍客户", "Introduced")
BROUGHT = Column("brought", "介绍带来(元)", "Brought (yuan)", 3)
REPEATS = Column("repeats", "复购次数", "Repeat orders")
SATISFACTION = Column("satisfaction", "满意度", "Satisfaction")
CONTACTS = Column("contacts", "期间联系次数", "Contacts in the period")
MINUTES = Column("each", "每客户联系", "Contacts per customer")


def profiles(asked: Asked) -> Any:
    return asked.customers(Profile.objects.filter(customer__state=Customer.State.ACTIVE)).order_by()


def parts(asked: Asked) -> list[Row]:
    """The three parts of value (R003-06) and repeat business (R003-07)."""
    zero = Decimal(0)
    found = profiles(asked).aggregate(
        n=Count("pk"),
        spend=Sum("spend", default=zero),
        expected=Sum("expected_spend", default=zero),
        forecast=Count("pk", filter=Q(expected_spend__isnull=False)),
        referrals=Sum("referrals", default=0),
        brought=Sum("referred_spend", default=zero),
        bought=Count("pk", filter=Q(total_orders__gte=1)),
        again=Count("pk", filter=Q(total_orders__gte=2)),
        orders=Sum("total_orders", default=0),
    )
    repeats = found["orders"] - found["bought"]
    return [
        {"name": Cell(said("当前消费价值：近一年金额(元)", "Spent in twelve months (yuan)")), "figure": money(found["spend"])},
        {"name": Cell(said("未来潜在价值：预期一年金额(元)", "Expected in the coming year (yuan)")), "figure": money(found["expected"])},
        {"name": Cell(said("有预期的客户", "Customers with a forecast")), "figure": number(found["forecast"])},
        {"name": Cell(said("口碑价值：介绍来的客户", "Customers brought by word of mouth")), "figure": number(found["referrals"])},
        {"name": Cell(said("介绍客户的累计金额(元)", "What they have spent (yuan)")), "figure": money(found["brought"])},
        {"name": Cell(said("成交过的客户", "Customers who have bought")), "figure": number(found["bought"])},
        {"name": Cell(said("复购的客户", "Customers who came back")), "figure": number(found["again"])},
        {"name": Cell(said("复购率", "Share who came back")), "figure": share(found["again"], found["bought"])},
        {"name": Cell(said("复购次数", "Repeat orders")), "figure": number(repeats)},
    ]  # fmt: skip


def best(asked: Asked) -> list[Row]:
    """The customers worth most, all three parts together."""
    rows = (
        profiles(asked)
        .select_related("customer")
        .order_by("-spend", F("expected_spend").desc(nulls_last=True), "pk")[:TOP]
    )
    return [
        {
            "name": Cell(row.customer.name, reverse("customers:detail", args=[row.pk])),
            "spend": money(row.spend),
            "expected": money(row.expected_spend),
            "referred": number(row.referrals),
            "brought": money(row.referred_spend),
            "repeats": number(max(row.total_orders - 1, 0)),
        }
        for row in rows
    ]


# --- segments


def segments(asked: Asked) -> list[Row]:
    """Size, worth, satisfaction and contacts used of each segment."""
    found = overview.spread(asked.scope, "segment", asked.now, asked.unit)
    contacts = _contacts(asked)
    return [
        {
            "name": Cell(one.label),
            "count": number(one.count, one.url),
            "spend": money(one.spend),
            "expected": money(one.expected),
            "referred": money(one.referred),
            "satisfaction": text(f"{one.satisfaction:.1f}" if one.satisfaction is not None else None),
            "contacts": number(contacts.get(one.code, 0)),
            "each": text(f"{contacts.get(one.code, 0) / one.count:.1f}" if one.count else None),
        }
        for one in found.shares
        if found.total
    ]


def _contacts(asked: Asked) -> dict[str, int]:
    """Contacts of the period by the segment in which their customers are now."""
    rows = asked.customers(
        Interaction.objects.filter(
            customer__grades__dimension="segment", customer__grades__until=None, **asked.within("at")
        )
    )
    return dict(rows.order_by().values_list("customer__grades__value").annotate(n=Count("pk", distinct=True)))


def segment_picture(asked: Asked) -> tuple[str, Any] | None:
    """Bars of what each segment spends."""
    found = overview.spread(asked.scope, "segment", asked.now, asked.unit)
    most = max((one.spend for one in found.shares), default=Decimal(0))
    if not most:
        return None
    bars = [
        {
            "y": 6 + 30 * place,
            "text": 20 + 30 * place,
            "width": round(float(190 * one.spend / most), 1),
            "label": one.label,
            "value": f"{one.spend:,.0f}",
        }
        for place, one in enumerate(found.shares)
    ]
    return "customers/reporting/_bars.html", {"bars": bars, "high": 10 + 30 * len(bars)}


# --- needs


NEW = Column("new", "新增", "New")
CHANGED = Column("changed", "变更", "Changed")
CLOSED = Column("closed", "关闭", "Closed")
OPEN = Column("open", "期末未关闭", "Open at the end")


def needs(asked: Asked) -> Any:
    return asked.customers(Need.objects.all()).order_by()


def need_rows(asked: Asked) -> list[Row]:
    """New, changed and closed needs by kind; whose need follows another has changed (R002-152, R002-160)."""
    counts = _moved(asked.period)
    counts["open"] = Count("pk", filter=dossier.still_open(asked.period.ends_at))
    rows = {row["kind"]: row for row in needs(asked).values("kind").annotate(**counts)}
    return [
        {
            "name": Cell(str(label)),
            **{
                key: number(
                    rows[code][key] if code in rows else 0, _needs(asked, asked.period, key, kind=code)
                )
                for key in counts
            },
        }
        for code, label in Need.Kind.choices
    ]


def _moved(period: Period) -> dict[str, Any]:
    inside = Q(at__gte=period.begins_at, at__lt=period.ends_at)
    ended = Q(closed_at__gte=period.begins_at, closed_at__lt=period.ends_at)
    return {
        "new": Count("pk", filter=inside & Q(follows=None)),
        "changed": Count("pk", filter=inside & Q(follows__isnull=False)),
        "closed": Count("pk", filter=ended & Q(state=Need.State.CLOSED)),
    }


def _needs(asked: Asked, period: Period, key: str, **more: str) -> str:
    """The list of exactly the needs behind a number."""
    first, last = period.first.isoformat(), period.last.isoformat()
    made = {"at_from": first, "at_to": last}
    query = (
        more
        | {
            "new": made | {"first": "1"},
            "changed": made | {"again": "1"},
            "closed": {"closed_from": first, "closed_to": last, "state": Need.State.CLOSED},
            "open": {"stood_to": last},
        }[key]
    )
    unit = {"unit": str(asked.unit)} if asked.unit is not None else {}
    return f"{reverse('customers:needs')}?{urlencode(query | unit)}"


def need_trend(asked: Asked) -> list[Row]:
    """New, changed and closed needs of the six periods up to this one."""
    lines, period = [], asked.period
    for _back in range(6):
        found = needs(asked).aggregate(**_moved(period))
        figures = {key: number(n, _needs(asked, period, key)) for key, n in found.items()}
        lines.append({"name": Cell(str(period)), **figures})
        period = period.previous()
    return lines[::-1]


def opinions(asked: Asked) -> list[Row]:
    """Basics, needs, opinions and suggestions, classified (R002-160): what was learnt in the period, by its kind."""
    rows = asked.customers(Fact.objects.filter(**asked.within("at"))).order_by()
    counted = dict(rows.values_list("group").annotate(n=Count("pk")))
    wanted = needs(asked).filter(**asked.within("at")).count()
    return [
        *(
            {"name": Cell(str(label)), "count": number(counted.get(code, 0))}
            for code, label in Fact.Group.choices
        ),
        {"name": Cell(said("需求", "Needs")), "count": number(wanted)},
    ]


VALUE = Section("value", "客户价值的三个部分", "The three parts of value", (NAME, FIGURE), parts)
BEST = Section(
    "best",
    "价值最高的客户",
    "Customers worth most",
    (NAME, SPEND, EXPECTED, REFERRED, BROUGHT, REPEATS),
    best,
)
SEGMENTS = Section(
    "segments", "各客户群", "Segments",
    (NAME, COUNT, SPEND, EXPECTED, Column("referred", "介绍带来(元)", "Brought (yuan)", 3), SATISFACTION, CONTACTS, MINUTES),
    segments, segment_picture,
)  # fmt: skip
NEEDS = Section("needs", "需求的变化", "Changes of needs", (NAME, NEW, CHANGED, CLOSED, OPEN), need_rows)
TREND = Section("trend", "六期走势", "Trend of six periods", (NAME, NEW, CHANGED, CLOSED), need_trend)
LEARNT = Section(
    "learnt",
    "客户信息分类汇总",
    "What was learnt, by kind",
    (NAME, Column("count", "条数", "Entries")),
    opinions,
)
