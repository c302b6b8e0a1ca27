"""Pages of hospitality: applications, one of them, settlement, costs by person and customer, the sheet."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from zhike.kernel import clock
from zhike.kernel.records import values
from zhike.kernel.tallies.periods import Kind
from zhike.people.access import StaffRequest, may, staff_required
from zhike.ui import lists, paper, parts
from zhike.ui.deeds import deed, typed
from zhike.visits import access as visits
from zhike.visits.queries import customers
from zhike.visits.tallying import link
from zhike.visits.views._figures import _choice, _days, period_of

from . import access, actions, forms, queries, sheets
from .models import Hospitality


def seen(request: HttpRequest) -> QuerySet[Hospitality]:
    user: Any = request.user
    return queries.hospitality(access.scope(user))


LOOKS = {"ASKED": "run", "APPROVED": "brand", "REFUSED": "late", "WITHDRAWN": "pause", "SETTLED": "met"}


LIST = lists.List(
    name="hospitality",
    title=gettext_lazy("Hospitality"),
    href=lambda row: reverse("visits:reception:hospitality", args=[row.pk]),
    row_name=lambda row: row.number,
    sort="-on",
    empty=gettext_lazy("Nothing was applied for."),
    columns=(
        lists.Column("number", gettext_lazy("Number"), lambda r, n: r.number, lambda r: r.number, width=142, link=True, phone="side"),
        lists.Column("customer", gettext_lazy("Customer"), lambda r, n: parts.cut(r.customer.name), lambda r: r.customer.name, link=True, phone="title", hideable=False),
        lists.Column("kind", gettext_lazy("Kind"), lambda r, n: parts.tag(r.get_kind_display()), lambda r: r.get_kind_display(), width=120),
        lists.Column("on", gettext_lazy("Day"), lambda r, n: r.on.isoformat(), lambda r: r.on, ("on", "id"), 108),
        lists.Column("budget", gettext_lazy("Budget"), lambda r, n: f"{r.budget:,.2f}", lambda r: r.budget, ("budget", "id"), 110, numeric=True),
        lists.Column("cost", gettext_lazy("Actual cost"), lambda r, n: "—" if r.cost is None else f"{r.cost:,.2f}", lambda r: r.cost, width=110, numeric=True),
        lists.Column("by", gettext_lazy("Applicant"), lambda r, n: parts.person(r.by), lambda r: r.by.name, width=110),
        lists.Column("state", gettext_lazy("State"), lambda r, n: parts.status(r.get_state_display(), LOOKS[r.state]), lambda r: r.get_state_display(), width=130),
    ),
    filters=(
        lists.text("q", gettext_lazy("Customer"), "customer__name__contains"),
        lists.choice("state", gettext_lazy("State"), Hospitality.State.choices, "state"),
        lists.choice("kind", gettext_lazy("Kind"), Hospitality.Kind.choices, "kind"),
        lists.dates("on", gettext_lazy("Day"), "on", moments=False),
        lists.one("by", gettext_lazy("Applicant"), "by", seen),
        lists.one("of", gettext_lazy("Customer"), "customer", seen),
        lists.flag("spent", gettext_lazy("Approved or settled"), lambda rows: rows.filter(queries.SPENT), more=True),
    ),
    views=(
        lists.View("all", gettext_lazy("All"), "sort=-on"),
        lists.View("asked", gettext_lazy("Waiting for approval"), "state=ASKED"),
        lists.View("open", gettext_lazy("To be settled"), "state=APPROVED"),
    ),
    may_export=lambda request: may(request.user, "data.export"),  # type: ignore[arg-type]
)  # fmt: skip


@staff_required(*access.SEE)
def applications(request: StaffRequest) -> HttpResponseBase:
    rows = seen(request)
    more = {"may_apply": may(request.user, visits.WORK), "may_report": may(request.user, access.FIGURES)}
    return lists.answer(request, LIST, rows, "visits/hospitality/list.html", now=clock.now(), context=more)


@staff_required(visits.WORK)
def apply(request: StaffRequest) -> HttpResponse:
    reach = customers(visits.scope(request.user)).order_by("sort_key")

    def do(customer: Any, **given: Any) -> str:
        visits.customer_for(request.user, customer.pk, to="work")
        row = actions.apply(customer=customer, by=request.user.party, now=clock.now(), **given)
        return reverse("visits:reception:hospitality", args=[row.pk])

    return deed(
        request, forms.ApplyForm(typed(request), customers=reach), do, refused=actions.CannotHost,
        back=reverse("visits:reception:applications"), title=_("Apply for hospitality"), submit=_("Apply"),
        said=_("The application is on its way."),
    )  # fmt: skip


@staff_required(*access.SEE)
def hospitality(request: StaffRequest, pk: int) -> HttpResponse:
    row = access.hospitality_for(request.user, pk)
    context = {
        "row": row,
        "look": LOOKS[row.state],
        "may_settle": access.settles(request.user, row),
        "approval": queries.approval_of(row),
    }
    return render(request, "visits/hospitality/one.html", context)


@staff_required(*access.SEE)
def settle(request: StaffRequest, pk: int) -> HttpResponse:
    row = access.hospitality_for(request.user, pk, to="settle")
    return deed(
        request, forms.SettleForm(typed(request), initial={"actual_on": row.on, "actual_guests": row.guests}),
        partial(actions.settle, hospitality=row, by=request.user.party, now=clock.now()),
        refused=actions.CannotHost, back=row, title=_("Settle %(number)s") % {"number": row.number},
        submit=_("Settle"), said=_("Settled."), intro=row.customer.name,
    )  # fmt: skip


@staff_required(access.FIGURES)
def costs(request: StaffRequest) -> HttpResponse:
    """ST002-56: budget, actual cost and variance by person and customer; each opens into its applications."""
    period, problem = period_of(request, Kind.MONTH)
    scope, on = access.scope(request.user), _days(period, "on")

    def opened(column: str, key: str) -> list[Any]:
        rows = queries.costs(scope, period, column)
        return [
            (row, link("visits:reception:applications", spent=1, **{key: row["key"]}, **on)) for row in rows
        ]

    context = {
        **_choice(period, problem),
        "tables": [(_("By applicant"), opened("by", "by")), (_("By customer"), opened("customer", "of"))],
    }
    return render(request, "visits/hospitality/costs.html", context)


@staff_required(*access.SEE)
def print_sheet(request: StaffRequest, pk: int, kind: str) -> HttpResponse:
    row = access.hospitality_for(request.user, pk)
    sheet = paper.Sheet(
        form=sheets.SHEET,
        data=values.gather(sheets.SHEET, row),
        head=paper.head_of(request, row.unit, row.number),
        address=lambda one: reverse("visits:reception:print_hospitality", args=[pk, one]),
        back=reverse("visits:reception:hospitality", args=[pk]),
    )
    return paper.answer(request, sheet, kind)
