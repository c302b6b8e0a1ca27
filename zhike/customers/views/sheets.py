"""Official forms of the customer file: on the screen as they print, or as PDF, Word or Excel."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Literal, cast

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.http import content_disposition_header
from django.utils.translation import get_language

from zhike.kernel import clock
from zhike.kernel.parties.models import Unit
from zhike.kernel.records import printing
from zhike.kernel.records.forms import Form
from zhike.kernel.records.sheet import Head
from zhike.kernel.worktime import calendars
from zhike.people.access import StaffRequest

TYPES = {kind: printing.CONTENT_TYPES[kind] for kind in ("pdf", "docx", "xlsx")}


def head_of(request: StaffRequest, unit: Unit, number: str, basis: str = "") -> Head:
    """Who printed it and when stands on every sheet."""
    return Head(
        organisation=printing.organisation_of(unit),
        number=number,
        basis=basis,
        printer=request.user.party.name,
        printed_at=clock.now(),
        tz=calendars.calendar_for(unit.pk).zone,
    )


def answer_sheet(
    request: StaffRequest,
    form: Form,
    data: Mapping[str, Any],
    kind: str,
    *,
    head: Head,
    address: Callable[[str], str],
    back: str,
) -> HttpResponse:
    """A filled-in form as a page or a file. Raises Http404 for an unknown kind."""
    lang = get_language() or "zh-hans"
    if kind == "html":
        shown = {
            "sheet": printing.render(form, data, kind="html", lang=lang, head=head).decode(),
            "links": [(one.upper(), address(one)) for one in TYPES],
            "title": form.title(lang),
            "number": head.number,
            "back": back,
        }
        return render(request, "customers/sheet.html", shown)
    if kind not in TYPES:
        raise Http404
    asked = cast(Literal["pdf", "docx", "xlsx"], kind)
    try:
        made = printing.render(form, data, kind=asked, lang=lang, head=head)
    except printing.NoChineseFont as missing:
        return HttpResponse(str(missing), status=503, content_type="text/plain; charset=utf-8")
    response = HttpResponse(made, content_type=TYPES[kind])
    name = printing.file_name(form, head.number, asked, lang)
    response["Content-Disposition"] = content_disposition_header(kind != "pdf", name) or "inline"
    return response
