"""The grades of one customer: all of them with their history, the facts, a value confirmed or changed."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from zhike.customers import access as customers
from zhike.customers.grading import access, actions, facts, forms, queries, reading, sheets, value
from zhike.customers.grading.dimensions import DIMENSIONS, NAMED
from zhike.customers.models import Customer
from zhike.kernel import clock
from zhike.kernel.records.models import Record
from zhike.people.access import StaffRequest, staff_required
from zhike.ui.deeds import deed, typed

_act = partial(deed, refused=actions.CannotGrade)


@staff_required(access.SEE)
@require_GET
def grades(request: StaffRequest, pk: int) -> HttpResponse:
    """Every value that the customer has and had, and what follows from it."""
    customer = customers.customer_for(request.user, pk)
    now = clock.now()
    rows = list(queries.history(customer)[:200])
    names = queries.labels(rows)
    context = {
        "customer": customer,
        "may": customers.may_do(request.user, customer),
        "panel": {"boxes": reading.boxes(customer, now)},
        "changeable": _ruled(customer, now),
        "history": [
            (row, NAMED[row.dimension].label, names.get((row.dimension, row.value), row.value))
            for row in rows
            if row.dimension in NAMED
        ],
        "value": value.value_lines(customer, now),
        "consequences": value.consequences(queries.current(customer)),
        "unreviewed": _unreviewed(customer),
        "forms": [
            (form.code, form.title(request.LANGUAGE_CODE), _sheet(customer, form.code))
            for form in sheets.OF_CUSTOMER
        ],
    }
    return render(request, "customers/grading/grades.html", context)


def _unreviewed(customer: Customer) -> Record | None:
    """The analysis that waits for its second signature."""
    record = actions.newest_record(customer, sheets.ANALYSIS)
    return record if record is not None and record.state == Record.State.SUBMITTED else None


def _sheet(customer: Customer, code: str) -> str:
    return reverse("customers:customer_sheet", args=[customer.pk, code, "html"])


def _ruled(customer: Customer, now: Any) -> list[Any]:
    day = queries.today(customer, now)
    return [one for one in DIMENSIONS.values() if queries.answer_for(one, customer.unit_id, day) is not None]


@staff_required("customer.edit")
def note_facts(request: StaffRequest, pk: int) -> HttpResponse:
    """What is known of the customer; the grades follow at once."""
    customer = customers.customer_for(request.user, pk, to="edit")
    profile = facts.profile_of(customer)
    form = forms.FactsForm(typed(request), initial={name: getattr(profile, name) for name in actions.NOTED})

    def do(**given: Any) -> None:
        actions.note(customer=customer, by=request.user.party, now=clock.now(), **given)

    return _act(
        request, form, do, back=customer, title=_("Customer information and grade"), submit=_("Save"),
        said=_("Saved; the grades follow the regulation."),
        intro=_("The regulation grades the customer anew by what you note here."),
    )  # fmt: skip


@staff_required("customer.edit")
def change_grade(request: StaffRequest, pk: int, dimension: str) -> HttpResponse:
    """Confirm what the regulation gives, or another value: decided by who may, else proposed to them."""
    customer = customers.customer_for(request.user, pk, to="edit")
    now = clock.now()
    known = queries.words(customer, dimension, now) if dimension in DIMENSIONS else []
    if not known:
        raise Http404
    here = queries.current(customer).get(dimension)
    decides = access.may_grade(request.user, customer.unit_id)
    form = forms.GradeForm(typed(request), words=known, initial={"value": here.value if here else ""})

    def do(value: str, reason: str, valid_to: Any) -> None:
        said: dict[str, Any] = {
            "customer": customer,
            "dimension": dimension,
            "value": value,
            "by": request.user.party,
        }
        ruled = actions.ruled_value(customer=customer, dimension=dimension, now=now)
        if decides or value == ruled:
            actions.regrade(**said, reason=reason, valid_to=valid_to, now=now)
        else:
            actions.propose(**said, reason=reason, valid_to=valid_to, now=now)

    return _act(
        request, form, do, back=customer, title=DIMENSIONS[dimension].label, submit=_("Save"),
        said=_("Saved.") if decides else _("Saved; another value waits for approval."),
        intro=""
        if decides
        else _("What the regulation gives you confirm yourself; another value is proposed to your supervisor."),
    )  # fmt: skip
