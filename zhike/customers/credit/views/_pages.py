"""The credit file of one customer, and the printed list of customers at risk."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from django.http import HttpResponse
from django.urls import reverse

from zhike.customers.credit import access, queries, questions, sheets
from zhike.customers.credit.standing import said, standing
from zhike.customers.models import CreditRisk, CreditSurvey
from zhike.customers.regulation import Regulation, regulation
from zhike.kernel import clock
from zhike.kernel.audit import trail
from zhike.kernel.records import values
from zhike.kernel.worktime import calendars
from zhike.people.access import StaffRequest, scope_of, staff_required
from zhike.ui import answers, lists, paper

from .lists import RISKS


@staff_required(access.SEE)
def credit_of(request: StaffRequest, pk: int) -> HttpResponse:
    """Everything about the credit of one customer."""
    customer = access.customer_for(request.user, pk)
    now = clock.now()
    trail.record(
        "customers.credit_read", subject=customer, by=request.user.party, at=now, after={"way": request.path}
    )
    found = regulation(questions.RATING.name, customer.unit_id, now)
    scope = scope_of(request.user, access.SEE)
    ratings = list(customer.credit_ratings.select_related("by", "survey__record", "ruling__version")[:20])
    context = {
        "customer": customer,
        "may": access.may_do(request.user, customer),
        **standing(customer),
        "ratings": [(row, said(found, row)) for row in ratings],
        "under_way": queries.under_way(customer),
        "surveys": queries.surveys(scope).filter(customer=customer)[:20],
        "changes": [
            (row, found.label(questions.CHANGES, row.kind) if found else row.kind)
            for row in queries.changes(scope).filter(customer=customer)[:20]
        ],
        "risks": [
            (row, found.label(questions.LEVELS, row.level) if found else row.level)
            for row in queries.risks(scope).filter(customer=customer)[:20]
        ],
        "sales": customer.sales.filter(due_on__isnull=False, charge=None).annotate(owed=queries.OWED)[:20],
        "regulated": found is not None,
        "today": calendars.local_day(now, customer.unit_id),
        "states": CreditSurvey.State,
    }
    return answers.page(request, "customers/credit/page.html", context)


def _basis(found: Regulation | None, risks: Sequence[CreditRisk]) -> str:
    """The regulation, with the clauses under which the lines were ruled."""
    clauses = dict.fromkeys(risk.ruling.clause for risk in risks if risk.ruling is not None)
    return " ".join([str(found.version), *clauses]) if found else ""


def _levels(risks: Sequence[CreditRisk], now: dt.datetime) -> dict[str, str]:
    """What the regulations of the customers' units call the levels of risk."""
    found = (regulation(questions.RISK.name, unit, now) for unit in {risk.customer.unit_id for risk in risks})
    return {row.word.code: row.word.name for one in found if one for row in one.rows(questions.LEVELS)}


@staff_required(access.SEE)
def print_risks(request: StaffRequest, kind: str) -> HttpResponse:
    """FM002-29: the list with the conditions of the page, as a sheet."""
    now = clock.now()
    rows = lists.filtered(request, RISKS, queries.risks(scope_of(request.user, access.SEE)))
    unit = request.user.party.unit
    assert unit is not None
    found = regulation(questions.RISK.name, unit.pk, now)
    risks = list(rows[:2000])
    listed = sheets.RiskList(
        unit.label, calendars.local_day(now, unit.pk), risks, request.user.party.name, _levels(risks, now)
    )
    query = request.GET.urlencode()
    sheet = paper.Sheet(
        form=sheets.RISKS,
        data=values.gather(sheets.RISKS, listed),
        head=paper.head_of(request, unit, basis=_basis(found, listed.risks)),
        address=lambda other: f"{reverse('customers:print_risks', args=[other])}?{query}",
        back=f"{reverse('customers:credit_risks')}?{query}",
    )
    return paper.answer(request, sheet, kind)
