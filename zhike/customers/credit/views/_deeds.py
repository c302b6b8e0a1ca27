"""Small verbs of credit, each with its dialog."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from zhike.customers.credit import access, actions, forms, queries, questions
from zhike.customers.credit.actions._rating import Decision
from zhike.customers.models import Customer
from zhike.customers.regulation import regulation, staff_near
from zhike.kernel import clock
from zhike.kernel.worktime import calendars
from zhike.people.access import StaffRequest, staff_required
from zhike.people.deeds import act
from zhike.ui.deeds import typed


def _act(request: StaffRequest, customer: Customer, form: Any, do: Any, **words: Any) -> HttpResponse:
    back = reverse("customers:credit_of", args=[customer.pk])
    return act(request, form, do, refused=actions.CannotCredit, back=back, **words)


def _today(customer: Customer) -> Any:
    return calendars.local_day(clock.now(), customer.unit_id)


@staff_required(access.SEE)
def decide_rating(request: StaffRequest, rating: int) -> HttpResponse:
    """Another grade or limit than the one that holds, with a reason."""
    row = access.rating_for(request.user, rating, to=access.APPROVE)
    found = regulation(questions.RATING.name, row.customer.unit_id, clock.now())
    form = forms.DecisionForm(
        typed(request),
        initial={"grade": row.grade, "payment": row.payment, "limit": row.limit},
        grades=found.choices(questions.GRADES) if found else [],
        payments=found.choices(questions.PAYMENTS) if found else [],
    )

    def do(by: Any, now: Any, **given: Any) -> None:
        actions.decide_rating(rating=row, decision=Decision(**given), by=by, now=now)

    return _act(
        request, row.customer, form, do, title=_("Change the rating"), submit=_("Decide"),
        said=_("The rating holds from now on."),
    )  # fmt: skip


@staff_required(access.SEE)
def guarantee(request: StaffRequest, rating: int) -> HttpResponse:
    row = access.rating_for(request.user, rating, to=access.SIGN)
    return _act(
        request, row.customer, forms.GuaranteeForm(typed(request)), partial(actions.take_guarantee, rating=row),
        title=_("Enter a guarantee"), submit=_("Save"), said=_("The guarantee is entered."),
    )  # fmt: skip


@staff_required(access.SEE)
def enter_change(request: StaffRequest, pk: int) -> HttpResponse:
    customer = access.customer_for(request.user, pk, to=access.SURVEY)
    found = regulation(questions.CHANGE.name, customer.unit_id, clock.now())
    kinds = found.choices(questions.CHANGES) if found else []
    form = forms.ChangeForm(typed(request), kinds=kinds, initial={"seen_on": _today(customer)})
    return _act(
        request, customer, form, partial(actions.enter_change, customer=customer),
        title=_("Enter a change in credit"), submit=_("Enter"),
        said=_("Entered; the review of the rating is owed from now on."),
    )  # fmt: skip


@staff_required(access.SEE)
def review_change(request: StaffRequest, change: int) -> HttpResponse:
    row = access.change_for(request.user, change)
    return _act(
        request, row.customer, forms.ReviewForm(typed(request)), partial(actions.review_change, change=row),
        title=_("Review the change"), submit=_("Close the review"), said=_("The review is closed."), intro=row.sign,
    )  # fmt: skip


@staff_required(access.SEE)
def enter_risk(request: StaffRequest, pk: int) -> HttpResponse:
    customer = access.customer_for(request.user, pk, to=access.SURVEY)
    form = forms.RiskForm(typed(request), staff=staff_near(customer.unit_id))
    return _act(
        request, customer, form, partial(actions.enter_risk, customer=customer),
        title=_("Put on the list of customers at risk"), submit=_("Enter"), said=_("The customer stands on the list."),
    )  # fmt: skip


@staff_required(access.SEE)
def end_risk(request: StaffRequest, risk: int) -> HttpResponse:
    row = access.risk_for(request.user, risk)
    return _act(
        request, row.customer, forms.ResultForm(typed(request)), partial(actions.end_risk, risk=row),
        title=_("The risk is over"), submit=_("Take off the list"), said=_("The customer is off the list."), intro=row.signs,
    )  # fmt: skip


@staff_required(access.SEE)
def sell(request: StaffRequest, pk: int) -> HttpResponse:
    customer = access.customer_for(request.user, pk, to=access.SURVEY)
    limit, owed = queries.limit(customer), queries.open_balance(customer)
    said = {"limit": f"{limit:,.2f}" if limit is not None else "—", "owed": f"{owed:,.2f}"}
    return _act(
        request, customer, forms.SaleForm(typed(request)), partial(actions.sell_on_account, customer=customer),
        title=_("Sale on account"), submit=_("Enter the sale"), said=_("The sale is entered."),
        intro=_("Credit limit %(limit)s yuan, owed %(owed)s yuan.") % said,
    )  # fmt: skip


@staff_required(access.SEE)
def collect(request: StaffRequest, pk: int, sale: int) -> HttpResponse:
    customer = access.customer_for(request.user, pk, to=access.SURVEY)
    row = customer.sales.filter(pk=sale, charge=None).first()  # a bill is paid on its own page
    if row is None:
        raise Http404
    owed = row.amount - row.discount - row.collected
    return _act(
        request, customer, forms.PaymentForm(typed(request), initial={"amount": owed}), partial(actions.collect, sale=row),
        title=_("Enter a payment"), submit=_("Enter"), said=_("The payment is entered."),
        intro=_("%(owed)s yuan are owed for %(product)s.") % {"owed": f"{owed:,.2f}", "product": row.product},
    )  # fmt: skip
