"""Who owes rent, the bills of one tenant, and their small verbs."""

from __future__ import annotations

import datetime as dt
from functools import partial
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from zhike.customers.charges import access, actions, forms, queries, questions, reading, sheets
from zhike.customers.models import Charge, Customer
from zhike.customers.privacy.views.listing import guard, may_export
from zhike.customers.regulation import Regulation, regulation
from zhike.customers.views.listing import units_of_list
from zhike.kernel import clock
from zhike.kernel.audit import trail
from zhike.kernel.records import values
from zhike.kernel.worktime import calendars
from zhike.people.access import StaffRequest, scope_of, staff_required, standing
from zhike.people.deeds import act
from zhike.ui import answers, lists, paper, parts
from zhike.ui.deeds import typed
from zhike.ui.words import UNKNOWN

RULED = questions.CHARGE.name


def _today(customer: Customer) -> dt.date:
    return calendars.local_day(clock.now(), customer.unit_id)


def _home(request: HttpRequest) -> int:
    user: Any = request.user
    return user.party.unit_id or 0


def with_words(rows: list[Any]) -> None:
    """The kinds of charges in words, and how late the bills are; each regulation is read once."""
    now = clock.now()
    kept: dict[int, Regulation | None] = {}
    for row in rows:
        unit = row.sale.customer.unit_id
        if unit not in kept:
            kept[unit] = regulation(RULED, unit, now)
        found = kept[unit]
        row.what = found.label(questions.KINDS, row.kind) if found else row.sale.product
        row.days = row.days_overdue(calendars.local_day(now, unit))


def state_cell(row: Any, _now: dt.datetime) -> SafeString:
    if row.owed <= 0:
        return parts.status(_("Paid off"), "met")
    if row.days:
        return parts.status(_("%(n)d days overdue") % {"n": row.days}, "late")
    return parts.status(_("To be paid"), "run")


def _period(row: Charge) -> str:
    return f"{row.period_from:%Y-%m-%d} – {row.last_day:%Y-%m-%d}"


def _kinds(request: HttpRequest) -> list[tuple[str, str]]:
    found = regulation(RULED, _home(request), clock.now())
    return found.choices(questions.KINDS) if found else []


def _bands(request: HttpRequest) -> list[tuple[str, str]]:
    return [(one.code, one.label) for one in queries.ages(_home(request), clock.now())]


def _by_state(rows: QuerySet[Any], code: str) -> QuerySet[Any]:
    if code == "SETTLED":
        return rows.filter(open__lte=0)
    late = queries.overdue(rows, calendars.local_day(clock.now(), 0))
    if code == "OVERDUE":
        return late
    if code == "INTIME":
        return rows.filter(queries.in_time())
    return rows.filter(open__gt=0)


def _by_age(rows: QuerySet[Any], code: str) -> QuerySet[Any]:
    now = clock.now()
    band = next((one for one in queries.bands(rows, now) if one.code == code), None)
    if band is None:
        return rows.none()
    return rows.filter(band.within(calendars.local_day(now, 0)), open__gt=0)


def _by_station(rows: QuerySet[Any], words: str) -> QuerySet[Any]:
    """A dash asks for tenants without a station, as it stands for them in a report."""
    return rows.filter(sale__customer__region="" if words == UNKNOWN else words)


def _seen(request: HttpRequest) -> QuerySet[Charge]:
    user: Any = request.user
    return queries.charges(scope_of(user, access.SEE))


CHARGES = lists.List(
    name="charges",
    title=gettext_lazy("Rent and charges"),
    href=lambda row: reverse("customers:charges_of", args=[row.sale.customer_id]),
    row_name=lambda row: row.sale.number,
    sort="due",
    prepare=with_words,
    may_export=may_export(access.SEE),
    guard_export=guard("charges", "sale__customer"),
    marked=True,
    empty=gettext_lazy("No bill matches."),
    columns=(
        lists.Column("customer", gettext_lazy("Tenant"), lambda r, n: r.sale.customer.name, lambda r: r.sale.customer.name, ("sale__customer__sort_key", "id"), link=True, hideable=False, phone="title"),
        lists.Column("what", gettext_lazy("Charge"), lambda r, n: r.what, lambda r: r.what, width=84),
        lists.Column("shop", gettext_lazy("Shop no."), lambda r, n: r.sale.model, lambda r: r.sale.model, ("sale__model", "id"), width=84, drop=2),
        lists.Column("period", gettext_lazy("Period"), lambda r, n: _period(r), _period, ("period_from", "id"), width=190, drop=1, phone=""),
        lists.Column("amount", gettext_lazy("Amount"), lambda r, n: parts.number(r.sale.amount), lambda r: r.sale.amount, ("sale__amount", "id"), 104, numeric=True, phone="", drop=2),
        lists.Column("owed", gettext_lazy("Owed"), lambda r, n: parts.number(r.owed), lambda r: r.owed, ("open", "id"), 104, numeric=True, phone="side"),
        lists.Column("due", gettext_lazy("To be paid by"), lambda r, n: r.sale.due_on, lambda r: r.sale.due_on, ("sale__due_on", "id"), 110),
        lists.Column("reminders", gettext_lazy("Reminders"), lambda r, n: r.reminders or "", lambda r: r.reminders, ("reminders", "id"), 78, numeric=True, drop=1, phone=""),
        lists.Column("state", gettext_lazy("State"), state_cell, lambda r: str(state_cell(r, clock.now())), width=152),
        lists.Column("station", gettext_lazy("Line, station"), lambda r, n: r.sale.customer.region, lambda r: r.sale.customer.region, ("sale__customer__region", "id"), 110, drop=2, phone=""),
    ),
    filters=(
        lists.unit("unit", gettext_lazy("Unit"), "sale__customer__unit", choices=units_of_list, more=True),
        lists.text("q", gettext_lazy("Tenant"), "sale__customer__name__icontains", "sale__customer__sort_key__startswith"),
        lists.choice("state", gettext_lazy("State"), [("OPEN", gettext_lazy("Not settled")), ("OVERDUE", gettext_lazy("Overdue")), ("SETTLED", gettext_lazy("Paid off")), ("INTIME", gettext_lazy("Paid in time"))], apply=_by_state),
        lists.choice("kind", gettext_lazy("Charge"), _kinds, "kind"),
        lists.choice("age", gettext_lazy("Days overdue"), _bands, apply=_by_age),
        lists.text("station", gettext_lazy("Line, station"), apply=_by_station, more=True),
        lists.dates("due", gettext_lazy("To be paid by"), "sale__due_on", moments=False, more=True),
        lists.one("of", gettext_lazy("Tenant"), "sale__customer", _seen),
    ),
    views=(
        lists.View("overdue", gettext_lazy("Overdue"), "state=OVERDUE&sort=due", late=True),
        lists.View("open", gettext_lazy("Not settled"), "state=OPEN&sort=due"),
        lists.View("settled", gettext_lazy("Paid off"), "state=SETTLED&sort=-due"),
        lists.View("all", gettext_lazy("All"), "sort=-due"),
    ),
)  # fmt: skip


@staff_required(access.SEE)
def charges(request: StaffRequest) -> HttpResponseBase:
    """Who owes what since when."""
    rows = queries.charges(scope_of(request.user, access.SEE))
    figures = (
        reverse("customers:report_of", args=["P000-01"]) if standing(request.user).has("report.see") else ""
    )
    return lists.answer(
        request, CHARGES, rows, "customers/charges/list.html", now=clock.now(), context={"figures": figures}
    )


@staff_required(access.SEE)
def charges_of(request: StaffRequest, pk: int) -> HttpResponse:
    """The bills of one tenant with what happened to each."""
    customer = access.customer_for(request.user, pk)
    trail.record(
        "customers.credit_read", subject=customer, by=request.user.party, at=clock.now(), after={"way": request.path}
    )  # fmt: skip
    rows = _bills(customer)
    with_words(rows)
    context = {
        "customer": customer,
        "charges": [(row, state_cell(row, clock.now()), row.late_fee(_today(customer))) for row in rows],
        "standing": reading.standing(customer),
        "may": access.may_do(request.user, customer),
        "regulated": regulation(RULED, customer.unit_id, clock.now()) is not None,
    }
    return answers.page(request, "customers/charges/ledger.html", context)


def _bills(customer: Customer) -> list[Any]:
    rows = queries.of_customer(customer).order_by("-sale__due_on", "-id").prefetch_related("steps__by")
    return list(rows[:60])


def _act(request: StaffRequest, customer: Customer, form: Any, do: Any, **words: Any) -> HttpResponse:
    back = reverse("customers:charges_of", args=[customer.pk])
    return act(request, form, do, refused=actions.CannotCharge, back=back, **words)


@staff_required(access.SEE)
def bill(request: StaffRequest, pk: int) -> HttpResponse:
    """A new bill; the next period of the last one is offered."""
    customer = access.customer_for(request.user, pk, to=access.KEEP)
    found = regulation(RULED, customer.unit_id, clock.now())
    form = forms.BillForm(
        typed(request),
        kinds=found.choices(questions.KINDS) if found else [],
        initial=queries.following(customer),
    )
    return _act(
        request, customer, form, partial(actions.bill, customer=customer),
        title=_("Write a bill"), submit=_("Write the bill"), said=_("The bill is written; to collect it is owed from now on."),
    )  # fmt: skip


@staff_required(access.SEE)
def receive(request: StaffRequest, charge: int) -> HttpResponse:
    row = access.charge_for(request.user, charge)
    form = forms.ReceiveForm(typed(request), initial={"amount": row.owed, "on": _today(row.sale.customer)})
    return _act(
        request, row.sale.customer, form, partial(actions.receive, charge=row),
        title=_("Enter a payment"), submit=_("Enter"), said=_("The payment is entered."), intro=_intro(row),
    )  # fmt: skip


@staff_required(access.SEE)
def remind(request: StaffRequest, charge: int) -> HttpResponse:
    row = access.charge_for(request.user, charge)
    return _act(
        request, row.sale.customer, forms.RemindForm(typed(request)), partial(actions.remind, charge=row),
        title=_("Remind of a bill"), submit=_("Save"), said=_("The reminder is written down; the next one has its date."), intro=_intro(row),
    )  # fmt: skip


@staff_required(access.SEE)
def remit(request: StaffRequest, charge: int) -> HttpResponse:
    row = access.charge_for(request.user, charge, to=access.REMIT)
    return _act(
        request, row.sale.customer, forms.RemitForm(typed(request), initial={"amount": row.owed}), partial(actions.remit, charge=row),
        title=_("Remit a bill"), submit=_("Remit"), said=_("The remission is entered."), intro=_intro(row), danger=True,
    )  # fmt: skip


def _intro(row: Charge) -> str:
    said = {"owed": f"{row.owed:,.2f}", "what": row.sale.product, "period": _period(row)}
    return _("%(owed)s yuan are owed for %(what)s, %(period)s.") % said


@staff_required(access.SEE)
def print_ledger(request: StaffRequest, pk: int, kind: str) -> HttpResponse:
    """F000-06."""
    customer = access.customer_for(request.user, pk)
    found = regulation(RULED, customer.unit_id, clock.now())
    ledger = sheets.Ledger(customer, _today(customer), _bills(customer))
    sheet = paper.Sheet(
        form=sheets.LEDGER,
        data=values.gather(sheets.LEDGER, ledger),
        head=paper.head_of(
            request, customer.unit, customer.number, basis=str(found.version) if found else ""
        ),
        address=lambda other: reverse("customers:print_charges", args=[pk, other]),
        back=reverse("customers:charges_of", args=[pk]),
    )
    return paper.answer(request, sheet, kind)
