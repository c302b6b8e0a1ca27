"""The card as a whole: verified, kept apart for key customers, its history, on paper."""

from __future__ import annotations

from functools import partial

from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from zhike.customers import access
from zhike.customers.dossier import access as gates
from zhike.customers.dossier import actions, facts, fields, forms, queries, reading, sheets
from zhike.kernel import clock
from zhike.kernel.records import values
from zhike.people.access import StaffRequest, staff_required
from zhike.ui import answers, paper
from zhike.ui.deeds import typed

from ._common import act

PAGE = 50


@staff_required("customer.edit")
def verify(request: StaffRequest, pk: int) -> HttpResponse:
    """The card was gone through with the customer."""
    customer = access.customer_for(request.user, pk, to="edit")
    return act(
        request,
        customer,
        forms.ReasonForm(typed(request)),
        partial(actions.verify, customer=customer),
        title=_("The card is verified"),
        submit=_("Verified today"),
        said=_("Verified."),
        intro=_("You have gone through the card with the customer, and what it says is right."),
    )


@staff_required("customer.edit")
def key(request: StaffRequest, pk: int) -> HttpResponse:
    """The key-customer card: owner, service plan, decision chain."""
    customer = access.customer_for(request.user, pk, to="edit")
    known = facts.current(customer, ["plan", "chain"])
    initial = {"is_key": True, "owner": customer.owner_id} | {code: row.value for code, row in known.items()}
    form = forms.KeyForm(typed(request), staff=gates.staff_near(customer), initial=initial)
    return act(
        request, customer, form, partial(actions.make_key, customer=customer), title=_("Key-customer card")
    )


@staff_required("customer.see")
@require_GET
def card_history(request: StaffRequest, pk: int) -> HttpResponse:
    """Every fact there ever was on the card, newest first; `?field=` shows one field."""
    customer = access.customer_for(request.user, pk)
    field = request.GET.get("field", "")
    page = Paginator(queries.history(customer, field), PAGE).get_page(request.GET.get("page"))
    context = {
        "customer": customer,
        "page": page,
        "rows": reading.shown(page.object_list),
        "field": fields.named([field])[field] if field else "",
        "may": access.may_do(request.user, customer),
    }
    return answers.page(request, "customers/dossier/history.html", context)


@staff_required("customer.see")
@require_GET
def print_form(request: StaffRequest, pk: int, code: str, kind: str) -> HttpResponse:
    """One form of the file: on the screen as it prints, or as PDF, Word or Excel."""
    customer = access.customer_for(request.user, pk)
    filled = sheets.filled(customer, clock.now())
    offered = sheets.offered(customer)
    form = next((one for one in sheets.FORMS if one.code == code), None)
    if form is None:
        raise Http404

    def address(kind: str, code: str = form.code) -> str:
        return reverse("customers:print_form", args=[pk, code, kind])

    sheet = paper.Sheet(
        form=form,
        data=values.gather(form, filled),
        head=paper.head_of(request, customer.unit, customer.number),
        address=address,
        back=reverse("customers:detail", args=[pk]),
        others=[(one, address("html", one.code)) for one in offered],
    )
    return paper.answer(request, sheet, kind)
