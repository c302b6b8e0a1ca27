"""Forms of the customer file on the screen, as PDF, Word and Excel. Other parts of the file print by it too."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Literal, cast

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.http import content_disposition_header
from django.utils.translation import get_language

from zhike.customers.models import Customer
from zhike.kernel import clock
from zhike.kernel.records import printing
from zhike.kernel.records.forms import Form
from zhike.kernel.records.sheet import Head
from zhike.kernel.worktime import calendars
from zhike.people.access import StaffRequest

FILES = ("pdf", "docx", "xlsx")


@dataclass(frozen=True)
class Sheet:
    """One filled-in form, where its files are, and the other forms of the same customer."""

    form: Form
    data: dict[str, Any]
    head: Head
    address: Callable[[str], str]
    back: str
    others: Sequence[tuple[Form, str]] = ()


def head_of(request: StaffRequest, customer: Customer, basis: str = "") -> Head:
    return Head(
        organisation=printing.organisation_of(customer.unit),
        number=customer.number,
        basis=basis,
        printer=request.user.party.name,
        printed_at=clock.now(),
        tz=calendars.calendar_for(customer.unit_id).zone,
    )


def answer(request: StaffRequest, sheet: Sheet, kind: str) -> HttpResponse:
    """The sheet as `html`, `pdf`, `docx` or `xlsx`; another kind does not exist (404)."""
    lang = get_language() or "zh-hans"
    form, head = sheet.form, sheet.head
    if kind == "html":
        made = printing.render(form, sheet.data, kind="html", lang=lang, head=head)
        shown = {
            "sheet": made.decode(),
            "links": [(one.upper(), sheet.address(one)) for one in FILES],
            "forms": [(one.code, one.title(lang), address) for one, address in sheet.others],
            "code": form.code,
            "title": form.title(lang),
            "number": head.number,
            "back": sheet.back,
        }
        return render(request, "customers/print.html", shown)
    if kind not in FILES:
        raise Http404
    try:
        made = printing.render(
            form, sheet.data, kind=cast(Literal["pdf", "docx", "xlsx"], kind), lang=lang, head=head
        )
    except printing.NoChineseFont as missing:
        return HttpResponse(str(missing), status=503, content_type="text/plain; charset=utf-8")
    response = HttpResponse(made, content_type=printing.CONTENT_TYPES[kind])
    name = printing.file_name(form, head.number, cast(Any, kind), lang)
    response["Content-Disposition"] = content_disposition_header(kind != "pdf", name) or "inline"
    return response
