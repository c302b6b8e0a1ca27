"""What the pages of the file share."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.forms import Form
from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from zhike.customers import access, forms
from zhike.customers.actions import CannotCorrect, NoReason
from zhike.customers.models import Customer
from zhike.kernel import clock
from zhike.people import deeds
from zhike.people.access import StaffRequest
from zhike.ui import answers
from zhike.ui.deeds import Text

SHOWN_FOR = 60  # seconds that a full number stays on the screen


def act(
    request: StaffRequest,
    customer: Customer,
    form: Form,
    do: Callable[..., Any],
    *,
    title: Text,
    submit: Text = "",
    said: Text = "",
    intro: Text = "",
    danger: bool = False,
    back: Any = None,
) -> HttpResponse:
    """A verb on one file, with a small form of its own."""
    return deeds.act(
        request, form, do, refused=CannotCorrect, back=back or customer, title=title, submit=submit or _("Save"),
        said=said or _("Saved."), intro=intro, danger=danger,
    )  # fmt: skip


def secret(
    request: StaffRequest, customer: Customer, masked: str, reveal: Callable[..., str]
) -> HttpResponse:
    """A number that is shown masked (GET), or full for a minute with a reason (POST).

    A browser without htmx gets the part by itself, as a page.
    """
    number, form = "", forms.RevealForm(request.POST or None)
    if request.method == "POST":
        access.customer_for(request.user, customer.pk, to="reveal")
        if form.is_valid():
            try:
                number = reveal(reason=form.cleaned_data["reason"], by=request.user.party, now=clock.now())
            except NoReason as refusal:
                form.add_error("reason", str(refusal))
    context = {
        "customer": customer,
        "masked": masked,
        "number": number,
        "url": request.path,
        "may": access.may_do(request.user, customer),
        "reveal_form": form if request.method == "POST" else None,
        "back": reverse("customers:detail", args=[customer.pk]),
    }
    page = "customers/dossier/_secret.html" if answers.is_htmx(request) else "customers/dossier/secret.html"
    response = answers.page(request, page, context)
    response["Cache-Control"] = "no-store"
    if number and not answers.is_htmx(request):
        response["Refresh"] = f"{SHOWN_FOR}; url={context['back']}"
    return response
