"""The lists of credit: ratings that hold, surveys, customers at risk."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db.models import F, QuerySet
from django.http import HttpRequest, HttpResponseBase
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from zhike.customers.credit import access, queries, questions
from zhike.customers.models import CreditRisk, CreditSurvey
from zhike.customers.privacy.views.listing import guard, may_export
from zhike.customers.regulation import Regulation, regulation
from zhike.kernel import clock
from zhike.kernel.worktime import calendars
from zhike.people.access import StaffRequest, scope_of, staff_required
from zhike.ui import lists, parts

State = CreditSurvey.State


def _regulation(request: HttpRequest) -> Regulation | None:
    """The regulation whose words the list speaks: that of the reader's unit."""
    user: Any = request.user
    unit = user.party.unit_id
    return regulation(questions.RATING.name, unit, clock.now()) if unit else None


def _grades(request: HttpRequest) -> list[tuple[str, str]]:
    found = _regulation(request)
    return found.choices(questions.GRADES) if found else []


def _levels(request: HttpRequest) -> list[tuple[str, str]]:
    found = _regulation(request)
    return found.choices(questions.LEVELS) if found else []


class Words:
    """Words of the regulation for the cells of one page, read once for each unit."""

    def __call__(self, rows: list[Any]) -> None:
        now = clock.now()
        kept: dict[int, Regulation | None] = {}
        for row in rows:
            unit = row.customer.unit_id
            if unit not in kept:
                kept[unit] = regulation(questions.RATING.name, unit, now)
            row.regulation = kept[unit]


def _word(row: Any, name: str, code: str) -> str:
    found: Regulation | None = getattr(row, "regulation", None)
    return found.label(name, code) if found else code


def _use(row: Any) -> str:
    limit = queries.granted(row)
    return f"{row.balance / limit:.0%}" if limit else "—"


def _state(row: Any, now: dt.datetime) -> SafeString:
    if row.is_stopped:
        return parts.status(_("Stopped"), "late")
    if row.valid_to is not None and row.valid_to < calendars.local_day(now, row.customer.unit_id):
        return parts.status(_("Review overdue"), "late")
    if row.balance > queries.granted(row):
        return parts.status(_("Above the limit"), "late")
    if row.needs_guarantee and not row.is_guaranteed:
        return parts.status(_("Guarantee missing"), "run")
    return parts.status(_("Valid"), "met")


def _customer_column() -> lists.Column:
    return lists.Column(
        "customer", gettext_lazy("Customer"), lambda r, n: r.customer.name, lambda r: r.customer.name,
        ("customer__sort_key", "id"), link=True, hideable=False, phone="title",
    )  # fmt: skip


def _unit_column() -> lists.Column:
    return lists.Column(
        "unit", gettext_lazy("Unit"), lambda r, n: r.customer.unit.label, lambda r: r.customer.unit.label,
        width=130, drop=2, phone="",
    )  # fmt: skip


def by_state(rows: QuerySet[Any], code: str) -> QuerySet[Any]:
    if code == "over":
        return rows.filter(balance__gt=F("limit"))
    if code == "review":
        # days, so that any zone of the enterprise will do; thirty of them are a view and no figure of a regulation
        return rows.filter(valid_to__lte=calendars.local_day(clock.now() + dt.timedelta(days=30), 0))
    if code == "guarantee":
        return rows.filter(needs_guarantee=True, guarantor="")
    return rows.filter(is_stopped=True)


CREDIT = lists.List(
    name="credit",
    title=gettext_lazy("Credit"),
    href=lambda row: reverse("customers:credit_of", args=[row.customer_id]),
    row_name=lambda row: row.customer.name,
    sort="customer",
    prepare=Words(),
    may_export=may_export(access.SEE),
    guard_export=guard("credit", "customer"),
    marked=True,
    empty=gettext_lazy("No customer has been rated yet."),
    columns=(
        _customer_column(),
        lists.Column("grade", gettext_lazy("Credit grade"), lambda r, n: parts.tag(_word(r, questions.GRADES, r.grade), "brand"), lambda r: _word(r, questions.GRADES, r.grade), ("grade", "id"), 96, phone="side"),
        lists.Column("score", gettext_lazy("Score"), lambda r, n: f"{r.score:.0f}", lambda r: r.score, ("score", "id"), 72, numeric=True, drop=2, phone=""),
        lists.Column("payment", gettext_lazy("Payment method"), lambda r, n: _word(r, questions.PAYMENTS, r.payment), lambda r: _word(r, questions.PAYMENTS, r.payment), width=204, drop=1, phone=""),
        lists.Column("limit", gettext_lazy("Credit limit"), lambda r, n: parts.number(r.limit), lambda r: r.limit, ("limit", "id"), 120, numeric=True),
        lists.Column("balance", gettext_lazy("Owed"), lambda r, n: parts.number(r.balance), lambda r: r.balance, ("balance", "id"), 120, numeric=True),
        lists.Column("use", gettext_lazy("Used"), lambda r, n: _use(r), _use, width=72, numeric=True, phone=""),
        lists.Column("state", gettext_lazy("State"), _state, lambda r: str(_state(r, clock.now())), width=120),
        lists.Column("valid", gettext_lazy("Valid until"), lambda r, n: r.valid_to, lambda r: r.valid_to, ("valid_to", "id"), 110, phone=""),
        _unit_column(),
    ),
    filters=(
        lists.text("q", gettext_lazy("Customer"), "customer__name__icontains", "customer__sort_key__startswith"),
        lists.choice("grade", gettext_lazy("Credit grade"), _grades, "grade"),
        lists.choice("state", gettext_lazy("State"), [("review", gettext_lazy("Review due in 30 days")), ("over", gettext_lazy("Above the limit")), ("guarantee", gettext_lazy("Guarantee missing")), ("stopped", gettext_lazy("Stopped"))], apply=by_state),
    ),
    views=(
        lists.View("all", gettext_lazy("Rated customers"), "sort=customer"),
        lists.View("review", gettext_lazy("Review due"), "state=review&sort=valid"),
        lists.View("over", gettext_lazy("Above the limit"), "state=over", late=True),
        lists.View("guarantee", gettext_lazy("Guarantee missing"), "state=guarantee"),
        lists.View("stopped", gettext_lazy("Stopped"), "state=stopped", late=True),
    ),
)  # fmt: skip

MARKS = {State.RATED: "met", State.DROPPED: "", State.DRAFT: "new"}
SURVEYS = lists.List(
    name="credit_surveys",
    title=gettext_lazy("Credit surveys"),
    href=lambda row: reverse("customers:survey", args=[row.pk]),
    row_name=lambda row: row.customer.name,
    sort="-opened",
    may_export=may_export(access.SEE),
    guard_export=guard("credit_surveys", "customer"),
    marked=True,
    empty=gettext_lazy("No credit survey matches."),
    columns=(
        lists.Column("number", gettext_lazy("Number"), lambda r, n: r.record.number or "—", lambda r: r.record.number, width=140, phone="side"),
        _customer_column(),
        lists.Column("state", gettext_lazy("State"), lambda r, n: parts.status(r.get_state_display(), MARKS.get(r.state, "run")), lambda r: r.get_state_display(), ("state", "id"), 180),
        lists.Column("by", gettext_lazy("Interviewer"), lambda r, n: parts.person(r.by), lambda r: r.by.name, width=120),
        lists.Column("opened", gettext_lazy("Begun"), lambda r, n: parts.moment(r.opened_at, n), lambda r: r.opened_at, ("opened_at", "id"), 120),
        _unit_column(),
    ),
    filters=(
        lists.text("q", gettext_lazy("Customer"), "customer__name__icontains", "record__number__iexact"),
        lists.choice("state", gettext_lazy("State"), list(State.choices), "state"),
        lists.flag("open", gettext_lazy("Under way"), lambda rows: rows.filter(ended_at=None)),
    ),
    views=(
        lists.View("open", gettext_lazy("Under way"), "open=1"),
        lists.View("rated", gettext_lazy("Rated"), "state=RATED"),
        lists.View("all", gettext_lazy("All"), "sort=-opened"),
    ),
)  # fmt: skip

RISKS = lists.List(
    name="credit_risks",
    title=gettext_lazy("Customers at risk"),
    href=lambda row: reverse("customers:credit_of", args=[row.customer_id]),
    row_name=lambda row: row.customer.name,
    sort="due",
    prepare=Words(),
    may_export=may_export(access.SEE),
    guard_export=guard("credit_risks", "customer"),
    marked=True,
    empty=gettext_lazy("No customer is at risk."),
    columns=(
        _customer_column(),
        lists.Column("kind", gettext_lazy("Kind of risk"), lambda r, n: r.get_kind_display(), lambda r: r.get_kind_display(), ("kind", "id"), 144),
        lists.Column("signs", gettext_lazy("Signs"), lambda r, n: parts.cut(r.signs), lambda r: r.signs, drop=1, phone="line"),
        lists.Column("outstanding", gettext_lazy("Outstanding"), lambda r, n: parts.number(r.outstanding), lambda r: r.outstanding, ("outstanding", "id"), 110, numeric=True),
        lists.Column("days", gettext_lazy("Days overdue"), lambda r, n: r.days_overdue, lambda r: r.days_overdue, ("days_overdue", "id"), 96, numeric=True),
        lists.Column("limit", gettext_lazy("Credit limit"), lambda r, n: parts.number(r.limit) if r.limit is not None else "—", lambda r: r.limit, width=110, numeric=True, drop=2, phone=""),
        lists.Column("use", gettext_lazy("Used"), lambda r, n: f"{r.use:.0%}", lambda r: r.use, width=72, numeric=True, drop=2, phone=""),
        lists.Column("last", gettext_lazy("Last order"), lambda r, n: r.last_order_on or "—", lambda r: r.last_order_on, ("last_order_on", "id"), 104, drop=1, phone=""),
        lists.Column("level", gettext_lazy("Level"), lambda r, n: parts.status(_word(r, questions.LEVELS, r.level), "late" if r.level == "HIGH" else "run"), lambda r: _word(r, questions.LEVELS, r.level), ("level", "id"), 84, phone="side"),
        lists.Column("measure", gettext_lazy("Measure taken"), lambda r, n: r.get_measure_display(), lambda r: r.get_measure_display(), width=136),
        lists.Column("owner", gettext_lazy("Owner"), lambda r, n: parts.person(r.owner), lambda r: r.owner.name, ("owner__name", "id"), 100),
        lists.Column("due", gettext_lazy("Due"), lambda r, n: parts.due_badge(r.due_at, n) if r.state == "OPEN" and r.due_at else "—", lambda r: r.due_at, ("due_at", "id"), 140),
        lists.Column("state", gettext_lazy("State"), lambda r, n: r.get_state_display(), lambda r: r.get_state_display(), width=72, shown=False, phone=""),
        lists.Column("result", gettext_lazy("What came of it"), lambda r, n: parts.cut(r.result), lambda r: r.result, shown=False, phone=""),
    ),
    filters=(
        lists.text("q", gettext_lazy("Customer"), "customer__name__icontains"),
        lists.choice("state", gettext_lazy("State"), list(CreditRisk.State.choices), "state"),
        lists.choice("kind", gettext_lazy("Kind of risk"), list(CreditRisk.Kind.choices), "kind"),
        lists.choice("level", gettext_lazy("Level"), _levels, "level"),
        lists.choice("measure", gettext_lazy("Measure taken"), list(CreditRisk.Measure.choices), "measure", more=True),
    ),
    views=(
        lists.View("open", pgettext_lazy("not done yet", "Open"), "state=OPEN"),
        lists.View("high", gettext_lazy("High"), "state=OPEN&level=HIGH", late=True),
        lists.View("done", gettext_lazy("Over"), "state=DONE&sort=-due"),
        lists.View("all", gettext_lazy("All"), "sort=due"),
    ),
)  # fmt: skip


@staff_required(access.SEE)
def credit(request: StaffRequest) -> HttpResponseBase:
    """Who may owe how much, and owes it."""
    rows = queries.ratings(scope_of(request.user, access.SEE))
    return lists.answer(request, CREDIT, rows, "customers/credit/list.html", now=clock.now(), context={"tab": "credit"})  # fmt: skip


@staff_required(access.SEE)
def credit_surveys(request: StaffRequest) -> HttpResponseBase:
    rows = queries.surveys(scope_of(request.user, access.SEE))
    return lists.answer(request, SURVEYS, rows, "customers/credit/list.html", now=clock.now(), context={"tab": "surveys"})  # fmt: skip


@staff_required(access.SEE)
def credit_risks(request: StaffRequest) -> HttpResponseBase:
    rows = queries.risks(scope_of(request.user, access.SEE))
    context = {"tab": "risks", "query": request.GET.urlencode()}
    return lists.answer(request, RISKS, rows, "customers/credit/list.html", now=clock.now(), context=context)
