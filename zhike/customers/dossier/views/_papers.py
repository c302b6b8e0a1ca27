"""Addresses and numbers of a customer."""

from __future__ import annotations

from functools import partial

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from zhike.customers import access
from zhike.customers.dossier import access as gates
from zhike.customers.dossier import actions, forms
from zhike.customers.dossier.models import Address, Identifier
from zhike.customers.models import Customer
from zhike.people.access import StaffRequest, staff_required
from zhike.ui.deeds import typed

from ._common import act, secret


@staff_required("customer.edit")
def add_address(request: StaffRequest, pk: int) -> HttpResponse:
    customer = access.customer_for(request.user, pk, to="edit")
    person = customer.kind == Customer.Kind.PERSON
    kind = Address.Kind.HOME if person else Address.Kind.BUSINESS
    form = forms.AddressForm(typed(request), initial={"kind": kind})
    del form.fields["is_main"]
    return act(
        request, customer, form, partial(actions.add_address, customer=customer), title=_("New address")
    )


@staff_required("customer.edit")
def correct_address(request: StaffRequest, pk: int, row: int) -> HttpResponse:
    address = gates.part_for(request.user, Address, pk, row, to="edit")
    columns = {
        key: getattr(address, key)
        for key in ("kind", "province", "city", "district", "text", "latitude", "longitude", "is_main")
    }
    return act(
        request,
        address.customer,
        forms.AddressForm(typed(request), initial=columns),
        partial(actions.correct_address, address=address),
        title=_("Correct the address"),
    )


@staff_required("customer.edit")
def remove_address(request: StaffRequest, pk: int, row: int) -> HttpResponse:
    address = gates.part_for(request.user, Address, pk, row, to="edit")
    return act(
        request,
        address.customer,
        forms.ReasonForm(typed(request)),
        partial(actions.remove_address, address=address),
        title=_("Remove the address"),
        submit=_("Remove"),
        said=_("Removed."),
        intro=address.text,
        danger=True,
    )


@staff_required("customer.edit")
def add_identifier(request: StaffRequest, pk: int) -> HttpResponse:
    customer = access.customer_for(request.user, pk, to="edit")
    person = customer.kind == Customer.Kind.PERSON
    kind = Identifier.Kind.MEMBER if person else Identifier.Kind.LICENCE
    return act(
        request,
        customer,
        forms.IdentifierForm(typed(request), initial={"kind": kind}),
        partial(actions.add_identifier, customer=customer),
        title=_("New number"),
    )


@staff_required("customer.edit")
def remove_identifier(request: StaffRequest, pk: int, row: int) -> HttpResponse:
    identifier = gates.part_for(request.user, Identifier, pk, row, to="edit")
    return act(
        request,
        identifier.customer,
        forms.ReasonForm(typed(request)),
        partial(actions.remove_identifier, identifier=identifier),
        title=_("Remove the number"),
        submit=_("Remove"),
        said=_("Removed."),
        intro=f"{identifier.get_kind_display()} {identifier.masked}",
        danger=True,
    )


@staff_required("customer.see")
@require_http_methods(["GET", "POST"])
def identifier(request: StaffRequest, pk: int, row: int) -> HttpResponse:
    """One number: masked, or full for a minute."""
    shown = gates.part_for(request.user, Identifier, pk, row, to="see")
    return secret(request, shown.customer, shown.masked, partial(actions.reveal_identifier, identifier=shown))
