"""What is known: learned, and marked as obsolete."""

from __future__ import annotations

from functools import partial

from django.http import Http404, HttpResponse
from django.utils.translation import gettext as _

from zhike.customers import access
from zhike.customers.dossier import access as gates
from zhike.customers.dossier import actions, fields, forms
from zhike.customers.dossier.known import CUSTOM
from zhike.customers.dossier.models import Fact
from zhike.people.access import StaffRequest, staff_required
from zhike.ui.deeds import typed

from ._common import act


@staff_required("customer.edit")
def learn(request: StaffRequest, pk: int) -> HttpResponse:
    """Write down something that was found out."""
    customer = access.customer_for(request.user, pk, to="edit")
    chosen = {"field": request.GET.get("field", "preference.way")}
    return act(
        request,
        customer,
        forms.FactForm(typed(request), initial=chosen),
        partial(actions.learn, customer=customer),
        title=_("What was found out"),
    )


@staff_required("customer.edit")
def own_field(request: StaffRequest, pk: int, row: int) -> HttpResponse:
    """Fill a field that the unit defined."""
    customer = access.customer_for(request.user, pk, to="edit")
    known = fields.definitions(customer.unit_id, customer.kind)
    definition = next((one for one in known if one.pk == row), None)
    if definition is None:
        raise Http404
    field = f"{CUSTOM}{definition.code}"
    label = fields.named([field])[field]
    given = {"value": customer.more.get(definition.code, "")}
    return act(
        request,
        customer,
        forms.OwnFieldForm(typed(request), definition=definition, label=label, initial=given),
        partial(actions.learn, customer=customer, field=field),
        title=label,
    )


@staff_required("customer.edit")
def forget(request: StaffRequest, pk: int, row: int) -> HttpResponse:
    """Mark a fact as obsolete."""
    fact = gates.part_for(request.user, Fact, pk, row, to="edit")
    return act(
        request,
        fact.customer,
        forms.ReasonForm(typed(request)),
        partial(actions.forget, fact=fact),
        title=_("Mark as obsolete"),
        submit=_("Mark as obsolete"),
        said=_("Marked as obsolete; it stays in the history."),
        intro=f"{fields.named([fact.field])[fact.field]}: {fact.value}",
    )
