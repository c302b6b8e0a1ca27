"""Forms on the screen, as PDF, Word and Excel; the analysis is entered, signed and reviewed."""

from __future__ import annotations

from typing import Any

from django import forms as django_forms
from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from zhike.customers import access as customers
from zhike.customers.grading import access, actions, forms, queries, sheets
from zhike.customers.grading.dimensions import DIMENSIONS
from zhike.customers.models import Customer
from zhike.kernel import clock
from zhike.kernel.records import printing, values
from zhike.kernel.records.forms import Field, Form
from zhike.kernel.worktime import calendars
from zhike.people.access import StaffRequest, scope_of, staff_required
from zhike.ui import paper
from zhike.ui.deeds import deed, typed

BY_CODE = {form.code: form for form in sheets.OF_CUSTOMER}
OF_UNIT = {form.code: form for form in sheets.OF_UNIT}


def _filled(request: StaffRequest, customer: Customer) -> sheets.Filled:
    return sheets.Filled(customer, queries.today(customer, clock.now()), request.user.party.name)


@staff_required(access.SEE)
@require_GET
def customer_sheet(request: StaffRequest, pk: int, code: str, kind: str) -> HttpResponse:
    """A form of one customer; what was signed last is shown as it was signed."""
    customer = customers.customer_for(request.user, pk)
    form = BY_CODE.get(code)
    if form is None:
        raise Http404
    record = actions.newest_record(customer, form)
    data = record.data if record is not None else values.gather(form, _filled(request, customer))
    head = (
        printing.record_head(record, request.LANGUAGE_CODE)
        if record is not None
        else paper.head_of(request, customer.unit, customer.number)
    )
    sheet = paper.Sheet(
        form=form,
        data=data,
        head=head,
        address=lambda kind: _address(pk, form, kind),
        back=reverse("customers:grades", args=[pk]),
        others=[(one, _address(pk, one, "html")) for one in sheets.OF_CUSTOMER],
    )
    return paper.answer(request, sheet, kind)


def _address(pk: int, form: Form, kind: str) -> str:
    return reverse("customers:customer_sheet", args=[pk, form.code, kind])


class SheetForm(django_forms.Form):
    """The fields of an official form that no source fills in."""

    def __init__(self, *args: Any, form: Form, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for one in form.fields:
            if one.source is None and one.kind != "table":
                self.fields[one.key] = _input(one)


def _input(one: Field) -> django_forms.CharField:
    widget: Any = django_forms.Textarea(attrs={"rows": 3}) if one.kind == "long" else django_forms.TextInput()
    return django_forms.CharField(
        label=one.label(_language()), required=one.required, max_length=2000, widget=widget
    )


def _language() -> str:
    return get_language() or "zh-hans"


@staff_required("customer.edit")
def sign_sheet(request: StaffRequest, pk: int, code: str) -> HttpResponse:
    """Write what only a person knows, and sign the form as it stands."""
    customer = customers.customer_for(request.user, pk, to="edit")
    form = BY_CODE.get(code)
    if form is None:
        raise Http404
    filled = _filled(request, customer)

    def do(**given: Any) -> None:
        actions.sign_sheet(form=form, filled=filled, typed=given, by=request.user.party, now=clock.now())

    return deed(
        request, SheetForm(typed(request), form=form), do, refused=actions.CannotGrade,
        back=reverse("customers:grades", args=[pk]), title=form.title(_language()), submit=pgettext_lazy("a signature", "Sign"),
        said=_("Signed; somebody else reviews it."),
    )  # fmt: skip


@staff_required("customer.edit")
def review_sheet(request: StaffRequest, pk: int, record: int) -> HttpResponse:
    """A second person signs the newest form of a customer."""
    customer = customers.customer_for(request.user, pk, to="edit")
    row = access.record_of(customer, record)
    if row.form not in BY_CODE:
        raise Http404

    def do(opinion: str) -> None:
        actions.review_sheet(record=row, opinion=opinion, by=request.user.party, now=clock.now())

    return deed(
        request, forms.OpinionForm(typed(request)), do, refused=actions.CannotGrade,
        back=reverse("customers:grades", args=[pk]), title=_("Review the form"), submit=pgettext_lazy("a signature", "Sign"),
        said=_("Reviewed."),
    )  # fmt: skip


@staff_required(access.SEE)
@require_GET
def print_sheet(request: StaffRequest, code: str, unit: int, kind: str) -> HttpResponse:
    """A form of the customers of a unit, as far as the reader sees them."""
    form = OF_UNIT.get(code)
    place = access.units_to_see(request.user).filter(pk=unit).first()
    scope = scope_of(request.user, access.SEE)
    if form is None or place is None:
        raise Http404
    dimension = request.GET.get("dimension", "")
    now = clock.now()
    listed = sheets.Listed(
        place,
        scope,
        calendars.local_day(now, unit),
        request.user.party.name,
        dimension if dimension in DIMENSIONS else "",
    )
    query = f"?dimension={dimension}" if listed.dimension else ""
    sheet = paper.Sheet(
        form=form,
        data=values.gather(form, listed),
        head=paper.head_of(request, place),
        address=lambda kind: reverse("customers:print_sheet", args=[form.code, unit, kind]) + query,
        back=reverse("customers:grading"),
        others=[
            (one, reverse("customers:print_sheet", args=[one.code, unit, "html"])) for one in sheets.OF_UNIT
        ],
    )
    return paper.answer(request, sheet, kind)


@staff_required(access.SEE)
@require_GET
def segment_sheet(request: StaffRequest, what: str, pk: int, kind: str) -> HttpResponse:
    """The card of a persona (`persona`) or the strategy sheet of a segment (`plan`)."""
    rows: Any = access.personas(request.user) if what == "persona" else access.plans(request.user)
    row = rows.filter(pk=pk).first()
    if row is None or what not in {"persona", "plan"}:
        raise Http404
    name = dict(queries.words_at(row.unit_id, "segment")).get(row.segment, row.segment)
    form, filled = (
        (sheets.PERSONA, sheets.Card(row, name))
        if what == "persona"
        else (sheets.SEGMENT, sheets.Plan(row, name))
    )
    sheet = paper.Sheet(
        form=form,
        data=values.gather(form, filled),
        head=paper.head_of(request, row.unit),
        address=lambda kind: reverse("customers:segment_sheet", args=[what, pk, kind]),
        back=reverse("customers:segments"),
    )
    return paper.answer(request, sheet, kind)
