"""Official forms: on the screen as they print, or as PDF, Word and Excel.

sheet = paper.Sheet(form, data, paper.head_of(request, case.unit, case.number), address, back)
return paper.answer(request, sheet, kind)
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, cast

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.http import content_disposition_header
from django.utils.translation import get_language

from zhike.kernel import clock
from zhike.kernel.parties.models import Unit
from zhike.kernel.records import printing
from zhike.kernel.records.forms import Form
from zhike.kernel.records.models import Record
from zhike.kernel.records.sheet import Head
from zhike.kernel.worktime import calendars

FILES = ("pdf", "docx", "xlsx")


@dataclass(frozen=True)
class Sheet:
    """One filled-in form, where its files are, and the other forms of the same subject."""

    form: Form
    data: Mapping[str, Any] | Record
    head: Head
    address: Callable[[str], str]
    back: str
    others: Sequence[tuple[Form, str]] = ()
    pictures: Sequence[printing.Picture] = ()


def head_of(request: HttpRequest, unit: Unit, number: str = "", basis: str = "") -> Head:
    """Whose sheet it is, who printed it and when."""
    user: Any = request.user
    return Head(
        organisation=printing.organisation_of(unit),
        number=number,
        basis=basis,
        printer=user.party.name,
        printed_at=clock.now(),
        tz=calendars.calendar_for(unit.pk).zone,
    )


def answer(request: HttpRequest, sheet: Sheet, kind: str) -> HttpResponse:
    """The sheet as `html`, `pdf`, `docx` or `xlsx`; another kind does not exist (404)."""
    lang = get_language() or "zh-hans"
    form, head = sheet.form, sheet.head
    made_of: dict[str, Any] = {"lang": lang, "head": head, "pictures": sheet.pictures}
    if kind == "html":
        shown = {
            "sheet": printing.render(form, sheet.data, kind="html", **made_of).decode(),
            "links": [(one.upper(), sheet.address(one)) for one in FILES],
            "forms": [(one.code, one.title(lang), address) for one, address in sheet.others],
            "code": form.code,
            "title": form.title(lang),
            "number": head.number,
            "back": sheet.back,
        }
        return render(request, "ui/paper.html", shown)
    if kind not in FILES:
        raise Http404
    asked = cast(Literal["pdf", "docx", "xlsx"], kind)
    return _file(lambda: printing.render(form, sheet.data, kind=asked, **made_of), form, head.number, kind)


def many(form: Form, sheets: Sequence[tuple[Mapping[str, Any], Head]]) -> HttpResponse:
    """Many sheets of one form as one PDF, in their order, each with pages of its own numbers."""
    lang = get_language() or "zh-hans"
    numbers = [head.number for _data, head in sheets]
    number = numbers[0] if len(numbers) == 1 else f"{numbers[0]}_{len(numbers)}"
    return _file(lambda: printing.render_many(form, sheets, lang=lang), form, number, "pdf")


def _file(make: Callable[[], bytes], form: Form, number: str, kind: str) -> HttpResponse:
    try:
        made = make()
    except printing.NoChineseFont as missing:
        return HttpResponse(str(missing), status=503, content_type="text/plain; charset=utf-8")
    response = HttpResponse(made, content_type=printing.CONTENT_TYPES[kind])
    name = printing.file_name(form, number, cast(Any, kind), get_language() or "zh-hans")
    response["Content-Disposition"] = content_disposition_header(kind != "pdf", name) or "inline"
    return response
