"""Official forms around regulations: on the screen as they print, or as PDF, Word or Excel."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Literal, cast

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.http import content_disposition_header
from django.utils.translation import get_language

from zhike.kernel import clock
from zhike.kernel.records import printing
from zhike.kernel.records.forms import Form
from zhike.kernel.records.models import Record
from zhike.kernel.records.sheet import Head
from zhike.people.access import StaffRequest

TYPES = {kind: printing.CONTENT_TYPES[kind] for kind in ("pdf", "docx", "xlsx")}


def answer(
    request: StaffRequest,
    form: Form,
    what: Record | Mapping[str, Any],
    kind: str,
    *,
    address: Callable[[str], str],
    back: str,
    number: str = "",
    basis: str = "",
) -> HttpResponse:
    """A filled-in form as a page or a file. Raises Http404 for an unknown kind."""
    lang = get_language() or "zh-hans"
    number = what.number if isinstance(what, Record) else number
    head = Head(number=number, basis=basis, printer=request.user.party.name, printed_at=clock.now())
    if kind == "html":
        made = printing.render(form, what, kind="html", lang=lang, head=head)
        shown = {
            "sheet": made.decode(),
            "links": [(one.upper(), address(one)) for one in TYPES],
            "title": form.title(lang),
            "number": number,
            "back": back,
        }
        return render(request, "manuals/sheet.html", shown)
    if kind not in TYPES:
        raise Http404
    asked = cast(Literal["pdf", "docx", "xlsx"], kind)
    try:
        made = printing.render(form, what, kind=asked, lang=lang, head=head)
    except printing.NoChineseFont as missing:
        return HttpResponse(str(missing), status=503, content_type="text/plain; charset=utf-8")
    response = HttpResponse(made, content_type=TYPES[kind])
    name = printing.file_name(form, number, asked, lang)
    response["Content-Disposition"] = content_disposition_header(kind != "pdf", name) or "inline"
    return response
