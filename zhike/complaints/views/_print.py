from __future__ import annotations

from typing import Any, Literal, cast

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.utils.translation import get_language

from zhike.complaints import access, queries, sheets
from zhike.kernel import clock
from zhike.kernel.policy.models import ManualVersion
from zhike.kernel.records import printing, values
from zhike.kernel.records.forms import Form
from zhike.kernel.records.sheet import Head
from zhike.kernel.worktime import calendars
from zhike.people.access import StaffRequest, staff_required

from ._case import _regime as regime_of_case
from ._penalties import _regime as regime_of_penalty

TYPES = {
    "pdf": "application/pdf",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


@staff_required(access.SEE)
def print_record(request: StaffRequest, pk: int, kind: str) -> HttpResponse:
    """F001-34: on the screen as it prints, or as PDF, Word or Excel."""
    complaint = access.complaint_for(request.user, pk)
    filled = sheets.Filled(queries.file_of(complaint, findings=False), regime_of_case(complaint))
    head = _head(request, complaint.unit, complaint.number, complaint.manual, complaint.clause)
    back = reverse("complaints:detail", args=[pk])
    return _answer(
        request, sheets.RECORD, values.gather(sheets.RECORD, filled), head, kind, "complaints:print", pk, back
    )


@staff_required()
def print_penalty(request: StaffRequest, pk: int, kind: str) -> HttpResponse:
    """F001-35: on the screen as it prints, or as PDF, Word or Excel."""
    penalty = access.penalty_for(request.user, pk)
    notice = sheets.Notice(penalty, regime_of_penalty(penalty))
    head = _head(request, penalty.ruling.unit, penalty.number, penalty.ruling.version, penalty.clause)
    back = reverse("complaints:penalty", args=[pk])
    return _answer(
        request,
        sheets.NOTICE,
        values.gather(sheets.NOTICE, notice),
        head,
        kind,
        "complaints:print_penalty",
        pk,
        back,
    )


def _head(request: StaffRequest, unit: Any, number: str, version: ManualVersion | None, clause: str) -> Head:
    return Head(
        organisation=printing.organisation_of(unit),
        number=number,
        basis=f"{version} {clause}".strip() if version else "",
        printer=request.user.party.name,
        printed_at=clock.now(),
        tz=calendars.calendar_for(unit.pk).zone,
    )


def _answer(
    request: StaffRequest,
    form: Form,
    data: dict[str, Any],
    head: Head,
    kind: str,
    name: str,
    pk: int,
    back: str,
) -> HttpResponse:
    lang = get_language() or "zh-hans"
    if kind == "html":
        sheet = printing.render(form, data, kind="html", lang=lang, head=head).decode()
        links = [(one.upper(), reverse(name, args=[pk, one])) for one in TYPES]
        return render(
            request,
            "complaints/print.html",
            {"sheet": sheet, "links": links, "title": form.title(lang), "number": head.number, "back": back},
        )
    if kind not in TYPES:
        raise Http404
    try:
        made = printing.render(
            form, data, kind=cast(Literal["pdf", "docx", "xlsx"], kind), lang=lang, head=head
        )
    except printing.NoChineseFont as missing:
        return HttpResponse(str(missing), status=503, content_type="text/plain; charset=utf-8")
    response = HttpResponse(made, content_type=TYPES[kind])
    name_of_file = printing.file_name(form, head.number, cast(Any, kind), lang)
    response["Content-Disposition"] = content_disposition_header(kind != "pdf", name_of_file) or "inline"
    return response
