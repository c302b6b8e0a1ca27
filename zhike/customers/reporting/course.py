"""How customers move: the funnel of stages (P003-02), moves between grades, results of the class goals (P004-08)."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.db.models import Avg, Count, DateTimeField, DurationField, F, OuterRef, Q, Subquery, Value
from django.db.models.functions import Coalesce
from django.urls import reverse

from zhike.customers.grading import overview, standard, value
from zhike.customers.grading.dimensions import DIMENSIONS
from zhike.customers.models import Customer, Evaluation, Grade
from zhike.kernel.policy import inforce
from zhike.kernel.policy.manual import model
from zhike.manuals import flow
from zhike.people.models import business_day

from .tables import NAME, NONE, Asked, Cell, Column, Row, Section, number, share, text

DAYS = Column("days", "平均停留(天)", "Mean days in stage")
ENTERED = Column("entered", "期间进入", "Entered")
ON = Column("on", "期间转下一阶段", "Went on")
CONVERSION = Column("conversion", "转化率", "Conversion")
WIDE = 360


def grades(asked: Asked, dimension: str) -> Any:
    rows = Grade.objects.filter(dimension=dimension, customer__state=Customer.State.ACTIVE)
    return asked.customers(rows).order_by()


def moves(asked: Asked, dimension: str) -> list[tuple[str, str, int]]:
    """Changes of the period as (before, after, how many); first values are no moves."""
    earlier = Grade.objects.filter(
        customer=OuterRef("customer"), dimension=OuterRef("dimension"), until=OuterRef("since")
    ).order_by("-id")
    rows = (
        grades(asked, dimension)
        .filter(**asked.within("since"))
        .annotate(was=Subquery(earlier.values("value")[:1]))
        .exclude(was=None)
        .values_list("was", "value")
        .annotate(n=Count("pk"))
    )
    return sorted((was, to, n) for was, to, n in rows if was != to)


def opened(asked: Asked, dimension: str, code: str, before: str = "") -> str:
    """The changes behind a number."""
    last = asked.period.last
    query = {
        "dimension": dimension, "value": code, "before": before, "since_from": asked.period.first.isoformat(),
        "since_to": last.isoformat(), "unit": str(asked.unit or ""),
    }  # fmt: skip
    return f"{reverse('customers:graded')}?{urlencode({key: one for key, one in query.items() if one})}"


def names_of(asked: Asked, dimension: str) -> dict[str, str]:
    """The words of the manuals that gave values, in their order."""
    found = overview.spread(asked.scope, dimension, asked.now, asked.unit)
    return {one.code: one.label for one in found.shares}


# --- funnel


def funnel(asked: Asked) -> list[Row]:
    """Customers of each stage, how many of those who were in it went on in the period, and how long they stayed."""
    found = overview.spread(asked.scope, "stage", asked.now, asked.unit)
    if not found.total:
        return []
    order = [one.code for one in found.shares]
    moved = moves(asked, "stage")
    stayed = _stayed(asked)
    lines: list[Row] = []
    for place, one in enumerate(found.shares):
        onward = sum(n for was, to, n in moved if was == one.code and to in order[place + 1 :])
        entered = sum(n for _was, to, n in moved if to == one.code)
        lines.append(
            {
                "name": Cell(one.label),
                "count": number(one.count, one.url),
                "entered": number(entered, opened(asked, "stage", one.code)),
                "on": number(onward),
                "conversion": share(onward, onward + one.count) if place < len(order) - 1 else Cell(NONE),
                "days": text(stayed.get(one.code)),
            }
        )
    return lines


def _stayed(asked: Asked) -> dict[str, int]:
    """Mean days in a stage, of those who left it in the period and of those who are in it, up to now."""
    began = asked.period.begins_at
    rows = grades(asked, "stage").filter(Q(until=None) | Q(until__gte=began), since__lt=asked.period.ends_at)
    stay = Coalesce("until", Value(asked.now, DateTimeField())) - F("since")
    found = rows.values_list("value").annotate(mean=Avg(stay, output_field=DurationField()))
    return {code: round(mean / dt.timedelta(days=1)) for code, mean in found}


@dataclass(frozen=True)
class Step:
    points: str
    y: float
    label: str
    value: str


def funnel_picture(asked: Asked) -> tuple[str, Any] | None:
    found = overview.spread(asked.scope, "stage", asked.now, asked.unit)
    if not found.total:
        return None
    # whoever is in a later stage has come through the earlier ones
    reached = [sum(one.count for one in found.shares[place:]) for place in range(len(found.shares))]
    steps = []
    for place, one in enumerate(found.shares):
        half = WIDE / 2 * reached[place] / max(reached[0], 1)
        later = (
            WIDE
            / 2
            * (reached[place + 1] if place + 1 < len(reached) else reached[place])
            / max(reached[0], 1)
        )
        top, low = place * 40, place * 40 + 34
        middle = WIDE / 2
        points = f"{middle - half:.1f},{top} {middle + half:.1f},{top} {middle + later:.1f},{low} {middle - later:.1f},{low}"
        steps.append(Step(points, top + 22, one.label, f"{reached[place]:,}"))
    return "customers/reporting/_funnel.html", {"steps": steps, "high": 40 * len(steps), "wide": WIDE}


# --- moves between grades


def move_rows(dimension: str) -> Any:
    def make(asked: Asked) -> list[Row]:
        names = names_of(asked, dimension)
        return [
            {
                "name": Cell(f"{names.get(was, was)} → {names.get(to, to)}"),
                "count": number(n, opened(asked, dimension, to, was)),
            }
            for was, to, n in sorted(moves(asked, dimension), key=lambda one: -one[2])
        ]

    return make


def flow_picture(dimension: str) -> Any:
    def draw(asked: Asked) -> tuple[str, Any] | None:
        moved = moves(asked, dimension)
        names = names_of(asked, dimension)
        codes = [*names, *sorted({code for was, to, _n in moved for code in (was, to)} - set(names))]
        outcomes = [
            {
                "before": sum(n for was, _value, n in moved if was == code),
                "after": sum(n for _was, to, n in moved if to == code),
            }
            for code in codes
        ]
        flows = [{"old": codes.index(was), "new": codes.index(to), "count": n} for was, to, n in moved]
        picture = flow.flow_of([names.get(code, code) for code in codes], outcomes, flows)
        return ("customers/reporting/_flow.html", picture) if picture else None

    return draw


# --- class goals and evaluation


GOAL = Column("goal", "目标", "Goal", 4, numeric=False)
BEGAN = Column("began", "期初", "At the beginning")
KEPT = Column("kept", "保持", "Kept")
RAISED = Column("raised", "提升", "Raised")
LOWERED = Column("lowered", "下降", "Lowered")
MET = Column("met", "达到目标", "Goal met")


def goals(asked: Asked) -> list[Row]:
    """What became of the shops of each class over the period: kept, raised, turned to regular trading, lowered."""
    begin = asked.period.begins_at
    end = min(asked.period.ends_at, asked.now)
    at_end = (
        Grade.objects.filter(customer=OuterRef("customer"), dimension="class", since__lte=end)
        .order_by("-since", "-id")
        .values("value")[:1]
    )
    rows = grades(asked, "class").filter(since__lte=begin).exclude(until__lte=begin)
    counted = rows.annotate(then=Subquery(at_end)).values_list("value", "then").annotate(n=Count("pk"))
    names = names_of(asked, "class")
    order = list(names)
    found: dict[str, dict[str, int]] = {}
    for was, then, n in counted:
        tally = found.setdefault(was, {"began": 0, "kept": 0, "raised": 0, "lowered": 0})
        tally["began"] += n
        if was == then or was not in order or then not in order:
            tally["kept"] += n
        else:
            tally["raised" if order.index(then) < order.index(was) else "lowered"] += n
    manual = _manual_of_classes(asked)
    texts = value.goals(manual) if manual is not None else {}
    staying = value.met_by_staying(manual) if manual is not None else set()
    return [
        {
            "name": Cell(names.get(code, code)),
            "goal": text(texts.get(code)),
            "began": number(line["began"]),
            "kept": number(line["kept"]),
            "raised": number(line["raised"]),
            "lowered": number(line["lowered"]),
            "met": share(line["raised"] + (line["kept"] if code in staying else 0), line["began"]),
        }
        for code in [*order, *sorted(set(found) - set(order))]
        if (line := found.get(code))
    ]


def _manual_of_classes(asked: Asked) -> model.Manual | None:
    """The newest manual in use by which customers have their classes."""
    rows = grades(asked, "class").exclude(version_id=None)
    version = rows.order_by("-version_id").values_list("version_id", flat=True).first()
    return inforce.manual_of(version) if version is not None else None


MONTH = Column("month", "月份", "Month", 2, numeric=False)
EVALUATED = Column("done", "已评价", "Evaluated")
OPEN = Column("open", "未评价", "Open")
LATE = Column("late", "逾期", "Overdue")
MEAN = Column("mean", "平均分", "Mean score")
CHANGES = Column("changes", "建议变更类别", "Class changes proposed")


def evaluations(asked: Asked) -> list[Row]:
    """The months of the period and the five before: scores, what is owed, classes proposed."""
    first = asked.period.first.replace(day=1) - dt.timedelta(days=150)
    rows = asked.customers(
        Evaluation.objects.filter(month__gte=first.replace(day=1), month__lte=asked.period.last)
    )
    today = business_day(asked.now)
    found = (
        rows.order_by()
        .values("month")
        .annotate(
            done=Count("pk", filter=Q(at__isnull=False)),
            open=Count("pk", filter=Q(at=None)),
            late=Count("pk", filter=Q(at=None, due_on__lt=today)),
            mean=Avg("total"),
            changes=Count("pk", filter=~Q(proposed="")),
        )
        .order_by("month")
    )
    here = reverse("customers:evaluations")
    return [
        {
            "month": Cell(f"{row['month']:%Y-%m}"),
            "done": number(row["done"], f"{here}?{_of_month(row['month'])}&is=done"),
            "open": number(row["open"], f"{here}?{_of_month(row['month'])}&is=open"),
            "late": number(row["late"], f"{here}?{_of_month(row['month'])}&is=late"),
            "mean": text(f"{row['mean']:.1f}" if row["mean"] is not None else None),
            "changes": number(row["changes"], f"{here}?{_of_month(row['month'])}&is=proposed"),
        }
        for row in found
    ]


def _of_month(month: dt.date) -> str:
    return urlencode({"month_from": month.isoformat(), "month_to": month.isoformat()})


def item_rows(asked: Asked) -> list[Row]:
    """Mean score of each item of the standard in the period."""
    sums: dict[str, list[int]] = {}
    rows = asked.customers(Evaluation.objects.filter(at__isnull=False, **asked.within("at")))
    for scores in rows.values_list("scores", flat=True).iterator():
        for code, score in scores.items():
            sums.setdefault(code, []).append(score)
    names = _item_names(asked)
    return [
        {
            "name": Cell(names.get(code, code)),
            "mean": text(f"{sum(given) / len(given):.1f}"),
            "count": number(len(given)),
        }
        for code, given in sums.items()
    ]


def _item_names(asked: Asked) -> dict[str, str]:
    versions = (
        asked.customers(Evaluation.objects.exclude(version_id=None))
        .order_by()
        .values_list("version_id", flat=True)
    )
    names: dict[str, str] = {}
    for version in versions.distinct()[:5]:
        names |= {item.code: item.label for item in standard.items_of(inforce.manual_of(version))}
    return names


FUNNEL = Section(
    "funnel", "生命周期漏斗", "Life-cycle funnel",
    (NAME, Column("count", "客户数", "Customers"), ENTERED, ON, CONVERSION, DAYS), funnel, funnel_picture,
)  # fmt: skip


def moved(dimension: str) -> Section:
    zh = {
        "grade": "等级变动",
        "class": "类别变动",
        "rank": "级别变动",
        "stage": "阶段变动",
        "segment": "客户群变动",
    }[dimension]
    label = str(DIMENSIONS[dimension].question.outcome[0].en)
    columns = (NAME, Column("count", "次数", "Times"))
    return Section(
        f"moves_{dimension}",
        zh,
        f"Moves of the {label}",
        columns,
        move_rows(dimension),
        flow_picture(dimension),
    )


GOALS = Section(
    "goals", "四类客户目标", "Goals of the classes", (NAME, GOAL, BEGAN, KEPT, RAISED, LOWERED, MET), goals
)
EVALUATIONS = Section(
    "evaluations",
    "客户评价",
    "Evaluation of customers",
    (MONTH, EVALUATED, OPEN, LATE, MEAN, CHANGES),
    evaluations,
)
ITEMS = Section(
    "items", "各项平均分", "Mean score by item", (NAME, MEAN, Column("count", "次数", "Times")), item_rows
)
