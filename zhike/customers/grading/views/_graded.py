"""The rows behind the figures: values of customers, in force or as they changed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from zhike.customers.grading import access, queries
from zhike.customers.grading.dimensions import DIMENSIONS
from zhike.customers.models import Customer, Grade
from zhike.kernel import clock
from zhike.kernel.audit import trail
from zhike.people.access import StaffRequest, scope_of, staff_required
from zhike.ui import lists, parts

from ._proposals import _may_export, _name

Column = lists.Column


def _prepare(rows: list[Grade]) -> None:
    names = queries.labels(rows)
    for row in rows:
        row.label = names.get((row.dimension, row.value), row.value)  # type: ignore[attr-defined]


def _label(row: Any, _now: Any = None) -> Any:
    return row.label


def _spend(row: Grade) -> Any:
    return row.customer.profile.spend if hasattr(row.customer, "profile") else None


def _expected(row: Grade) -> Any:
    return row.customer.profile.expected_spend if hasattr(row.customer, "profile") else None


def _usual(rows: QuerySet[Grade], params: Mapping[str, str]) -> QuerySet[Grade]:
    """What is in force, unless changes are asked for."""
    asked = any(params.get(key) for key in ("before", "since_from", "since_to"))
    return rows if asked else rows.filter(until=None)


def _units(request: HttpRequest) -> list[tuple[str, Any]]:
    return [(str(unit.pk), unit.label) for unit in access.units_to_see(request.user)]  # type: ignore[arg-type]


def _log(request: HttpRequest, fmt: str, rows: int) -> None:
    party = request.user.party  # type: ignore[union-attr]
    after = {"format": fmt, "rows": rows, "list": "graded"}
    trail.record("customers.exported", subject=party, by=party, at=clock.now(), after=after)


GRADED = lists.List(
    name="graded-customers",
    title=_("Customers by value"),
    columns=(
        Column("customer", _("Customer"), lambda r, n: r.customer.name, lambda r: r.customer.name, ("customer__sort_key", "pk"), link=True, hideable=False, phone="title"),
        Column("dimension", _("Dimension"), lambda r, n: _name(r.dimension), lambda r: str(_name(r.dimension)), ("dimension", "pk"), 110, drop=2),
        Column("value", _("Value"), _label, lambda r: r.value, ("value", "pk"), 120, phone="side"),
        Column("since", _("Since"), lambda r, n: parts.moment(r.since, n), lambda r: r.since, ("since", "pk"), 116),
        Column("until", _("Until"), lambda r, n: parts.moment(r.until, n) if r.until else "", lambda r: r.until, ("until", "pk"), 116, shown=False),
        Column("origin", _("Came by"), lambda r, n: r.get_origin_display(), lambda r: r.get_origin_display(), width=150, drop=1),
        Column("region", _("Region"), lambda r, n: r.customer.region, lambda r: r.customer.region, ("customer__region", "pk"), 110, drop=1),
        Column("unit", _("Unit"), lambda r, n: r.customer.unit.label, lambda r: r.customer.unit.label, width=140, drop=2),
        Column("spend", _("Twelve months (yuan)"), lambda r, n: parts.money(_spend(r)), _spend, ("customer__profile__spend", "pk"), 140, numeric=True),
        Column("expected", _("Expected (yuan)"), lambda r, n: parts.money(_expected(r)), _expected, ("customer__profile__expected_spend", "pk"), 130, numeric=True, drop=1),
    ),
    href=lambda row: reverse("customers:detail", args=[row.customer_id]),
    filters=(
        lists.text("q", _("Search"), "customer__name", placeholder=_("Name of the customer")),
        lists.choice("dimension", _("Dimension"), [(one.code, one.label) for one in DIMENSIONS.values()]),
        lists.text("value", _("Value"), apply=lambda rows, value: rows.filter(value=value), width=100),
        lists.unit("unit", _("Unit"), "customer__unit", choices=_units),
        lists.dates("since", _("Since"), "since", more=True),
        lists.text("before", _("Value before"), apply=queries.with_value_before, more=True, width=100),
        lists.text("region", _("Region"), apply=lambda rows, value: rows.filter(customer__region=value), more=True, width=110),
        lists.choice("kind", _("Kind"), Customer.Kind.choices, apply=lambda rows, value: rows.filter(customer__kind=value), more=True),
        lists.choice("origin", _("Came by"), Grade.Origin.choices, more=True),
    ),
    views=(lists.View("all", _("In force"), ""),),
    sort="-since",
    prepare=_prepare,
    may_export=_may_export,
    on_export=_log,
    usual=_usual,
    empty=_("No customer has this value."),
)  # fmt: skip


@staff_required(access.SEE)
def graded(request: StaffRequest) -> HttpResponseBase:
    """Customers by what a manual made of them; every figure about grades opens here."""
    rows = scope_of(request.user, access.SEE).rows(
        Grade.objects.filter(customer__state=Customer.State.ACTIVE).select_related(
            "customer__unit", "customer__profile"
        ),
        unit="customer__unit",
        named=("customer__created_by",),
        secrecy="customer__secrecy",
    )
    return lists.answer(request, GRADED, rows, "customers/grading/plain_list.html", now=clock.now())
