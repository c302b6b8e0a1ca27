"""Contacts of a customer."""

from __future__ import annotations

from functools import partial

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext_lazy
from django.views.decorators.http import require_http_methods

from zhike.customers import access
from zhike.customers.dossier import access as gates
from zhike.customers.dossier import actions, forms
from zhike.customers.dossier.models import Contact
from zhike.kernel import clock
from zhike.kernel.worktime import calendars
from zhike.people.access import StaffRequest, staff_required
from zhike.ui.deeds import typed

from ._common import act, secret


@staff_required("customer.edit")
def add_contact(request: StaffRequest, pk: int) -> HttpResponse:
    customer = access.customer_for(request.user, pk, to="edit")
    first = {"function": request.GET.get("function", Contact.Function.HEAD)}
    return act(
        request,
        customer,
        forms.ContactForm(typed(request), initial=first),
        partial(actions.add_contact, customer=customer),
        title=_("New contact"),
    )


@staff_required("customer.edit")
def correct_contact(request: StaffRequest, pk: int, row: int) -> HttpResponse:
    contact = gates.part_for(request.user, Contact, pk, row, to="edit")
    columns = {
        key: getattr(contact, key) for key in ("name", "function", "post", "say", "email", "is_main", "note")
    }
    return act(
        request,
        contact.customer,
        forms.ContactForm(typed(request), initial=columns, masked=contact.masked),
        partial(actions.correct_contact, contact=contact),
        title=_("Correct the contact"),
    )


@staff_required("customer.edit")
def verify_contact(request: StaffRequest, pk: int, row: int) -> HttpResponse:
    contact = gates.part_for(request.user, Contact, pk, row, to="edit")
    return act(
        request,
        contact.customer,
        forms.ReasonForm(typed(request)),
        partial(actions.verify_contact, contact=contact),
        title=_("The contact is still right"),
        submit=pgettext_lazy("of a card", "Verified"),
        said=_("Verified."),
        intro=actions.in_words(contact),
    )


@staff_required("customer.edit")
def end_contact(request: StaffRequest, pk: int, row: int) -> HttpResponse:
    contact = gates.part_for(request.user, Contact, pk, row, to="edit")
    today = calendars.local_day(clock.now(), contact.customer.unit_id)
    return act(
        request,
        contact.customer,
        forms.LeaveForm(typed(request), initial={"left_on": today}),
        partial(actions.end_contact, contact=contact),
        title=_("%(name)s has left") % {"name": contact.name},
        said=_("The contact has left; what was done with them stays."),
    )


@staff_required("customer.see")
@require_http_methods(["GET", "POST"])
def contact_number(request: StaffRequest, pk: int, row: int) -> HttpResponse:
    """The telephone of a contact: masked, or full for a minute."""
    contact = gates.part_for(request.user, Contact, pk, row, to="see")
    return secret(request, contact.customer, contact.masked, partial(actions.reveal_contact, contact=contact))
