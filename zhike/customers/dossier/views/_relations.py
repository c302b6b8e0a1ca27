"""Links between customers; what a customer agrees to and refuses."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.http import HttpResponse
from django.utils.translation import gettext as _

from zhike.customers import access
from zhike.customers.dossier import access as gates
from zhike.customers.dossier import actions, forms
from zhike.customers.dossier.models import Link
from zhike.people.access import StaffRequest, staff_required
from zhike.ui.deeds import typed

from ._common import act


@staff_required("customer.edit")
def link(request: StaffRequest, pk: int) -> HttpResponse:
    customer = access.customer_for(request.user, pk, to="edit")
    form = forms.LinkForm(
        typed(request),
        visible=access.customers_of(request.user),
        initial={"kind": request.GET.get("kind", Link.Kind.INTRODUCED)},
    )
    return act(
        request,
        customer,
        form,
        partial(actions.link, customer=customer),
        title=_("Link to another customer"),
        said=_("The two files point to each other."),
    )


@staff_required("customer.edit")
def end_link(request: StaffRequest, pk: int, row: int) -> HttpResponse:
    found = gates.part_for(request.user, Link, pk, row, to="edit")
    return act(
        request,
        found.customer,
        forms.ReasonForm(typed(request)),
        partial(actions.end_link, link=found),
        title=_("End the link"),
        submit=_("End the link"),
        said=_("The link has ended."),
        intro=str(found),
    )


@staff_required("customer.edit")
def agree(request: StaffRequest, pk: int) -> HttpResponse:
    """Take down what the customer agrees to or refuses."""
    customer = access.customer_for(request.user, pk, to="edit")

    def do(*, purpose: str, is_given: bool, way: str, **given: Any) -> None:
        if purpose == forms.ConsentForm.EVERYTHING:
            actions.refuse_contact(customer=customer, **given)
        else:
            actions.agree(customer=customer, purpose=purpose, is_given=is_given, way=way, **given)

    return act(
        request,
        customer,
        forms.ConsentForm(typed(request)),
        do,
        title=_("What the customer agrees to"),
        intro=_("A refusal binds every campaign from now on."),
    )
