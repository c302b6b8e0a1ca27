"""The evaluations of a month: what is due this week, scoring one customer."""

from __future__ import annotations

from typing import Any

from django.db.models import F, Q
from django.http import HttpResponse, HttpResponseBase
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from zhike.customers.grading import access, actions, forms, queries, standard
from zhike.customers.grading.dimensions import DIMENSIONS
from zhike.customers.models import Evaluation
from zhike.kernel import clock
from zhike.kernel.parties.models import Unit
from zhike.people.access import StaffRequest, scope_of, staff_required
from zhike.people.models import business_day
from zhike.ui import lists, parts
from zhike.ui.deeds import deed, typed

from ._proposals import _may_export

Column = lists.Column


def _state(row: Evaluation, now: Any) -> Any:
    if row.at is not None:
        return parts.status(_("Evaluated"), "met")
    late = row.due_on < business_day(now)
    return parts.status(_("Overdue") if late else _("Due"), "late" if late else "")


def _verb(row: Evaluation, _now: Any) -> Any:
    if row.at is not None:
        return f"{row.total}"
    url = reverse("customers:evaluate", args=[row.pk])
    return format_html('<a href="{}" hx-get="{}" hx-target="#dialog">{}</a>', url, url, _("Score"))


def _by_state(rows: Any, value: str) -> Any:
    today = business_day(clock.now())
    conditions = {
        "open": Q(at=None),
        "late": Q(at=None, due_on__lt=today),
        "done": Q(at__isnull=False),
        "proposed": Q(at__isnull=False) & ~Q(proposed=""),
    }
    return rows.filter(conditions[value]) if value in conditions else rows


def _prepare(rows: list[Evaluation]) -> None:
    """The words of classes, one reading of the manual for each unit."""
    known: dict[int, dict[str, str]] = {}
    for row in rows:
        unit = row.customer.unit_id
        if unit not in known:
            known[unit] = dict(queries.words_at(unit, "class"))
        row.word = known[unit].get(row.proposed, row.proposed)  # type: ignore[attr-defined]


EVALUATIONS = lists.List(
    name="evaluations",
    title=gettext_lazy("Evaluation of customers"),
    columns=(
        Column("customer", gettext_lazy("Customer"), lambda r, n: r.customer.name, lambda r: r.customer.name, ("customer__sort_key", "pk"), link=True, phone="title"),
        Column("month", gettext_lazy("Month"), lambda r, n: f"{r.month:%Y-%m}", lambda r: f"{r.month:%Y-%m}", ("month", "pk"), 100),
        Column("due", gettext_lazy("Before Friday, by"), lambda r, n: r.due_on.isoformat(), lambda r: r.due_on, ("due_on", "pk"), 130),
        Column("owner", gettext_lazy("Account owner"), lambda r, n: parts.person(r.customer.owner), lambda r: r.customer.owner.name if r.customer.owner else "", width=130, drop=1),
        Column("unit", gettext_lazy("Unit"), lambda r, n: r.customer.unit.label, lambda r: r.customer.unit.label, width=150, drop=2),
        Column("state", gettext_lazy("State"), _state, lambda r: str(r.at is not None), width=110, phone="side"),
        Column("total", gettext_lazy("Score"), _verb, lambda r: r.total, ("total", "pk"), 90),
        Column("proposed", gettext_lazy("Class"), lambda r, n: r.word, lambda r: r.proposed, width=110, drop=1),
    ),
    href=lambda row: reverse("customers:grades", args=[row.customer_id]),
    filters=(
        lists.text("q", gettext_lazy("Search"), "customer__name", placeholder=gettext_lazy("Name of the customer")),
        lists.choice(
            "is",
            gettext_lazy("State"),
            [("open", pgettext_lazy("not done yet", "Open")), ("late", gettext_lazy("Overdue")), ("done", gettext_lazy("Evaluated")), ("proposed", gettext_lazy("Another class proposed"))],
            apply=_by_state,
        ),
        lists.dates("due", gettext_lazy("Due"), "due_on"),
        lists.dates("month", gettext_lazy("Month"), "month", more=True),
    ),
    views=(
        lists.View("open", pgettext_lazy("not done yet", "Open"), "is=open"),
        lists.View("late", gettext_lazy("Overdue"), "is=late", late=True),
        lists.View("done", gettext_lazy("Evaluated"), "is=done"),
        lists.View("proposed", gettext_lazy("Another class proposed"), "is=proposed"),
    ),
    sort="due",
    prepare=_prepare,
    may_export=_may_export,
    empty=gettext_lazy("Nothing is planned. Plan the evaluations of a month first."),
)  # fmt: skip


@staff_required(access.SEE)
def evaluations(request: StaffRequest) -> HttpResponseBase:
    rows = scope_of(request.user, access.SEE).rows(
        Evaluation.objects.select_related("customer__unit", "customer__owner"),
        unit="customer__unit",
        named=("customer__owner", "by"),
        secrecy="customer__secrecy",
    )
    return lists.answer(
        request,
        EVALUATIONS,
        rows.order_by(F("at").asc(nulls_first=True)),
        "customers/grading/plain_list.html",
        now=clock.now(),
    )


@staff_required("customer.edit")
def evaluate(request: StaffRequest, pk: int) -> HttpResponse:
    """Score one customer on the items of the standard."""
    row = access.evaluation_for(request.user, pk, to="edit")
    customer, now = row.customer, clock.now()
    answer = queries.answer_for(DIMENSIONS["class"], customer.unit_id, queries.today(customer, now))
    items = standard.items_of(answer.manual) if answer is not None else []
    form = forms.EvaluationForm(typed(request), items=items)

    def do(note: str = "", **scores: int) -> None:
        actions.evaluate(evaluation=row, scores=scores, note=note, by=request.user.party, now=now)

    return deed(
        request, form, do, refused=actions.CannotGrade, back=reverse("customers:evaluations"),
        title=_("Evaluation of %(customer)s, %(month)s") % {"customer": customer.name, "month": f"{row.month:%Y-%m}"},
        submit=_("Save"), said=_("Evaluated; a change of the class is proposed."),
        intro=_("Each item from 0 to 100; the weights are those of the regulation."),
    )  # fmt: skip


@staff_required(access.GRADE)
def plan_month(request: StaffRequest) -> HttpResponse:
    """Spread the evaluations of a month over its weeks."""
    units = access.units_to_grade(request.user)
    now = clock.now()
    form = forms.PlanMonthForm(
        typed(request), units=units, initial={"month": business_day(now), "unit": request.user.party.unit_id}
    )

    def do(unit: Unit, month: Any) -> None:
        made = actions.plan_evaluations(unit=unit, month=month, by=request.user.party, now=now)
        if not made:
            raise actions.CannotGrade(
                _(
                    "Nothing to plan: every customer of this unit has its evaluation, or no regulation asks for one."
                )
            )

    return deed(
        request, form, do, refused=actions.CannotGrade, back=reverse("customers:evaluations"),
        title=_("Plan the evaluations of a month"), submit=_("Plan"), said=_("The evaluations are spread over the weeks."),
        intro=_("Every customer is scored once in the month; each week's share is due before Friday."),
    )  # fmt: skip
