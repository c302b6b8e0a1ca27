"""Pages of the customer file."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from django.http import HttpResponse, HttpResponseBase, JsonResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from zhike.customers import access, actions, forms, history, panels, queries
from zhike.customers.dossier import access as gates
from zhike.customers.dossier import reading
from zhike.customers.dossier.sheets import offered
from zhike.customers.models import Customer, Phone
from zhike.customers.privacy.actions import note_opening
from zhike.customers.views.listing import list_for
from zhike.kernel import clock
from zhike.kernel.parties.held import holding
from zhike.people.access import StaffRequest, scope_of, staff_required
from zhike.ui import answers, lists

PAGE = "customers/detail.html"
SHOWN_FOR = 60  # seconds that a full number stays on the screen
HISTORY = 200  # lines of the history when it is opened
FIRST = 15  # of them on the page as it opens: what its box shows without scrolling


@staff_required("customer.see")
@require_GET
def listing(request: StaffRequest) -> HttpResponseBase:
    rows = access.customers_of(request.user)
    has = request.standing.has
    context = {
        "may_create": has(access.POWERS["edit"]),
        "may_keep": has("customer.keep"),
        "may_report": has("report.see"),
        "may_define": has(gates.DEFINE),
    }
    return lists.answer(
        request, list_for(request), rows, "customers/list.html", now=clock.now(), context=context
    )


@staff_required("customer.see")
@require_GET
def detail(request: StaffRequest, pk: int) -> HttpResponse:
    customer = access.customer_for(request.user, pk)
    note_opening(customer=customer, by=request.user.party, now=clock.now(), way=request.path)
    if answers.is_htmx(request):  # the history: as the page opens, a tab of it, or the rest of it
        return answers.page(request, f"{PAGE}#history", {**_history(request, customer), "fetched": True})
    with holding():
        # whose opening is recorded comes in one piece: one opening, one entry
        later = _later(request, customer) if customer.secrecy else {}
        if customer.secrecy or request.GET:  # without htmx, a tab is the page with its history
            later |= _history(request, customer)
        return answers.page(request, f"{PAGE}#history", {**_file(request, customer), **later})


@staff_required("customer.see")
@require_GET
def beside(request: StaffRequest, pk: int) -> HttpResponse:
    """What stands beside and below the history, after the page has opened; without htmx the page with everything."""
    customer = access.customer_for(request.user, pk)
    note_opening(customer=customer, by=request.user.party, now=clock.now(), way=request.path)
    with holding():
        first: dict[str, Any] = {"apart": True}
        if not answers.is_htmx(request):
            first = {**_file(request, customer), **_history(request, customer)}
        return answers.page(request, f"{PAGE}#beside", {**first, **_later(request, customer)})


def _later(request: StaffRequest, customer: Customer) -> dict[str, Any]:
    return {
        "customer": customer,
        "may": access.may_do(request.user, customer),
        "later": panels.of(request.user, customer, panels.LATER),
        "alike": _alike(request, customer),
    }


def _history(request: StaffRequest, customer: Customer) -> dict[str, Any]:
    only, whole = request.GET.get("only", ""), bool(request.GET.get("whole"))
    shown = history.of(request.user, customer, limit=HISTORY if whole else FIRST, only=only)
    return {
        "customer": customer,
        "history": shown,
        "only": only,
        "whole": whole,
        "reasons": _reasons(shown.open_lines),
    }


def _file(request: StaffRequest, customer: Customer, **more: Any) -> dict[str, Any]:
    """The page of a customer as it opens, its history still to come; what several parts read is read once."""
    with holding():
        return {
            **_phones(request, customer),
            "beginnings": history.beginnings(request.user, customer),
            "reasons": _reasons([]),
            "panels": panels.of(request.user, customer, panels.FIRST),
            "file": reading.file_of(customer),
            "sheets": offered(customer),
            **more,
        }


def _alike(request: StaffRequest, customer: Customer) -> list[Customer]:
    """Visible files of the same name: perhaps the same person."""
    rows = access.customers_of(request.user).filter(name=customer.name, state=Customer.State.ACTIVE)
    return list(rows.exclude(pk=customer.pk)[:5])


def _reasons(open_lines: list[history.Line]) -> list[str]:
    """What the reason for looking at a number may be, open cases first."""
    numbers = [line.number for line in open_lines if line.number]
    return [_("Call back about %(number)s") % {"number": number} for number in numbers[:5]] + [
        str(reason) for reason in forms.REASONS
    ]


@staff_required("customer.see")
@require_GET
def drawer(request: StaffRequest, pk: int) -> HttpResponse:
    """The file in the right-hand drawer; the whole page for a browser without htmx."""
    customer = access.customer_for(request.user, pk)
    if not answers.is_htmx(request):
        return answers.go(request, reverse("customers:detail", args=[pk]))
    note_opening(customer=customer, by=request.user.party, now=clock.now(), way=request.path)
    shown = history.of(request.user, customer, limit=10)
    context = {
        "customer": customer,
        "phones": list(customer.phones.all()),
        "may": access.may_do(request.user, customer),
        "history": shown,
        "reasons": _reasons(shown.open_lines),
        "wishes": reading.wishes_of(customer),
    }
    return answers.page(request, "customers/drawer.html", context)


@staff_required("customer.see")
@require_GET
def card(request: StaffRequest, pk: int) -> HttpResponse:
    """The card beside a case, by itself."""
    customer = access.customer_for(request.user, pk)
    return answers.page(request, "customers/_card.html", {"card": access.card_for(request.user, customer)})


@staff_required("customer.see")
@require_GET
def look_up(request: StaffRequest) -> HttpResponse:
    """Customers while typing: JSON, or for htmx a list of choices named `customer`."""
    found = queries.look_up(scope_of(request.user, "customer.see"), request.GET.get("q", "")[:60])
    if answers.is_htmx(request):
        context = {"found": found, "words": request.GET.get("q", "").strip(), "only": "only" in request.GET}
        return answers.page(request, "customers/_found.html", context)
    return JsonResponse({"found": [asdict(one) for one in found]})


@staff_required("customer.edit")
@require_http_methods(["GET", "POST"])
def create(request: StaffRequest) -> HttpResponse:
    units = access.units_to_create_in(request.user)
    form = forms.CreateForm(
        request.POST or None, units=units, staff=gates.staff_of(request.user), initial=_first_values(request)
    )
    context: dict[str, Any] = {"form": form, "back": reverse("customers:list")}
    if request.method == "POST" and form.is_valid():
        source = Customer.Source.COUNTER
        try:
            customer = actions.create(
                by=request.user.party, now=clock.now(), source=source, **form.cleaned_data
            )
        except actions.PerhapsKnown as doubt:
            context["alike"] = access.customers_of(request.user).filter(
                pk__in=[one.pk for one in doubt.customers]
            )
            form.add_error("name", str(doubt))
        except actions.AlreadyKnown as refusal:
            context["alike"] = access.customers_of(request.user).filter(pk=refusal.customer.pk)
            form.add_error("phone", str(refusal))
        except actions.CannotCreate as refusal:
            form.add_error(None, str(refusal))
        else:
            return answers.done(
                request, f"{PAGE}#head", {"customer": customer}, then=customer, message=_("Saved.")
            )
    return answers.again(request, "customers/create.html", context)


def _first_values(request: StaffRequest) -> dict[str, Any]:
    """The store or company of the person who opens the file, and what a link already knows."""
    unit = request.user.party.unit
    given = {key: request.GET[key] for key in ("name", "phone") if key in request.GET}
    return {"kind": Customer.Kind.PERSON, "unit": queries.house(unit) if unit else None, **given}


@staff_required("customer.edit")
@require_http_methods(["GET", "POST"])
def correct(request: StaffRequest, pk: int) -> HttpResponse:
    customer = access.customer_for(request.user, pk, to="edit")
    columns = {key: getattr(customer, key, "") for key in forms.CorrectForm.base_fields}
    columns |= {"owner": customer.owner_id, "learned_from": forms.FIRST_SOURCE}
    form = forms.CorrectForm(request.POST or None, initial=columns, staff=gates.staff_near(customer))
    if request.method == "POST" and form.is_valid():
        try:
            actions.correct(customer=customer, by=request.user.party, now=clock.now(), **form.cleaned_data)
        except actions.CannotCorrect as refusal:
            form.add_error(None, str(refusal))
        else:
            return answers.done(
                request, f"{PAGE}#head", {"customer": customer}, then=customer, message=_("Saved.")
            )
    context = {"form": form, "customer": customer, "back": reverse("customers:detail", args=[pk])}
    return answers.again(request, "customers/correct.html", context)


@staff_required("customer.edit")
@require_POST
def add_phone(request: StaffRequest, pk: int) -> HttpResponse:
    customer = access.customer_for(request.user, pk, to="edit")
    form = forms.PhoneForm(request.POST)
    if form.is_valid():
        try:
            actions.add_phone(customer=customer, by=request.user.party, now=clock.now(), **form.cleaned_data)
        except actions.CannotCorrect as refusal:
            form.add_error("number", str(refusal))
        else:
            fresh = access.customer_for(request.user, pk)
            return answers.done(
                request, f"{PAGE}#phones", _phones(request, fresh), then=customer, message=_("Saved.")
            )
    shown = _phones if answers.is_htmx(request) else _file
    return answers.again(request, f"{PAGE}#phones", {**shown(request, customer), "phone_form": form})


def _phones(request: StaffRequest, customer: Customer) -> dict[str, Any]:
    return {
        "customer": customer,
        "phones": list(customer.phones.all()),
        "may": access.may_do(request.user, customer),
        "phone_form": forms.PhoneForm(),
    }


@staff_required("customer.edit")
@require_POST
def remove_phone(request: StaffRequest, pk: int, phone: int) -> HttpResponse:
    gone = access.phone_for(request.user, pk, phone, to="edit")
    actions.remove_phone(phone=gone, by=request.user.party, now=clock.now())
    customer = access.customer_for(request.user, pk)
    return answers.done(
        request, f"{PAGE}#phones", _phones(request, customer), then=customer, message=_("Removed.")
    )


@staff_required("customer.see")
@require_GET
def phone(request: StaffRequest, pk: int, phone: int) -> HttpResponse:
    """One masked number: what comes back when a full one has been shown long enough."""
    shown = access.phone_for(request.user, pk, phone, to="see")
    return _phone(request, shown)


@staff_required("customer.reveal")
@require_POST
def reveal_phone(request: StaffRequest, pk: int, phone: int) -> HttpResponse:
    """The full number for a minute, with a reason that is kept."""
    hidden = access.phone_for(request.user, pk, phone, to="reveal")
    form = forms.RevealForm(request.POST)
    number = ""
    if form.is_valid():
        try:
            number = actions.reveal_phone(
                phone=hidden, reason=form.cleaned_data["reason"], by=request.user.party, now=clock.now()
            )
        except actions.NoReason as refusal:
            form.add_error("reason", str(refusal))
    response = _phone(request, hidden, number=number, reveal_form=form)
    if number and not answers.is_htmx(request):
        response["Refresh"] = f"{SHOWN_FOR}; url={reverse('customers:detail', args=[pk])}"
    return response


def _phone(request: StaffRequest, shown: Phone, **more: Any) -> HttpResponse:
    customer = shown.customer
    context = {"phone": shown, "customer": customer, "may": access.may_do(request.user, customer), **more}
    if not answers.is_htmx(request):
        context = _file(request, customer, opened=shown.pk, **more)
    response = answers.again(request, f"{PAGE}#phone", context)
    response["Cache-Control"] = "no-store"
    return response


@staff_required("customer.edit")
@require_POST
def close(request: StaffRequest, pk: int) -> HttpResponse:
    customer = access.customer_for(request.user, pk, to="edit")
    try:
        actions.close(
            customer=customer, reason=request.POST.get("reason", ""), by=request.user.party, now=clock.now()
        )
    except actions.CannotCorrect as refusal:
        return answers.refuse(request, str(refusal), then=customer)
    return answers.go(request, customer, message=_("The file is closed."))


@staff_required("customer.edit")
@require_POST
def reopen(request: StaffRequest, pk: int) -> HttpResponse:
    customer = access.customer_for(request.user, pk, to="edit")
    try:
        actions.reopen(customer=customer, by=request.user.party, now=clock.now())
    except actions.CannotCorrect as refusal:
        return answers.refuse(request, str(refusal), then=customer)
    return answers.go(request, customer, message=_("The file is open again."))
