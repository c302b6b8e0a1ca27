from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Literal, cast

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.utils.translation import get_language

from zhike.complaints import access, actions, queries, sheets
from zhike.complaints.capa.reading import of_complaint
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


@dataclass(frozen=True)
class Sheet:
    """One filled-in form, where its files are, and the other forms of the same case."""

    form: Form
    data: dict[str, Any]
    head: Head
    address: Callable[[str], str]
    back: str
    others: Sequence[tuple[Form, str]] = ()


@staff_required(access.SEE)
def print_record(request: StaffRequest, pk: int, kind: str) -> HttpResponse:
    """A form of the case: on the screen as it prints, or as PDF, Word or Excel.

    `?form=F001-49` chooses among those that the manual of the case names; without it the registration is printed.
    """
    complaint = access.complaint_for(request.user, pk)
    actions.note_reading(complaint=complaint, by=request.user.party, now=clock.now(), way=request.path)
    regime = regime_of_case(complaint)
    findings = access.may(request.user, complaint).see_findings
    filled = sheets.Filled(queries.file_of(complaint, findings=findings), regime)
    offered = [*sheets.offered(regime), *sheets.grant_forms(filled)]
    if sheets.PLAN not in offered and of_complaint(complaint):
        offered.append(sheets.PLAN)
    code = request.GET.get("form") or offered[0].code
    form = next((form for form in offered if form.code == code), None)
    if form is None:
        raise Http404
    sheet = Sheet(
        form=form,
        data=values.gather(form, filled),
        head=_head(request, complaint.unit, complaint.number, complaint.manual, complaint.clause),
        address=lambda kind: _address(pk, kind, form),
        back=reverse("complaints:detail", args=[pk]),
        others=[(one, _address(pk, "html", one)) for one in offered],
    )
    return _answer(request, sheet, kind)


def _address(pk: int, kind: str, form: Form) -> str:
    return f"{reverse('complaints:print', args=[pk, kind])}?form={form.code}"


@staff_required()
def print_penalty(request: StaffRequest, pk: int, kind: str) -> HttpResponse:
    """F001-35: on the screen as it prints, or as PDF, Word or Excel."""
    penalty = access.penalty_for(request.user, pk)
    notice = sheets.Notice(penalty, regime_of_penalty(penalty))
    head = _head(request, penalty.ruling.unit, penalty.number, penalty.ruling.version, penalty.clause)
    sheet = Sheet(
        form=sheets.NOTICE,
        data=values.gather(sheets.NOTICE, notice),
        head=head,
        address=lambda kind: reverse("complaints:print_penalty", args=[pk, kind]),
        back=reverse("complaints:penalty", args=[pk]),
    )
    return _answer(request, sheet, kind)


def _head(request: StaffRequest, unit: Any, number: str, version: ManualVersion | None, clause: str) -> Head:
    return Head(
        organisation=printing.organisation_of(unit),
        number=number,
        basis=f"{version} {clause}".strip() if version else "",
        printer=request.user.party.name,
        printed_at=clock.now(),
        tz=calendars.calendar_for(unit.pk).zone,
    )


def _answer(request: StaffRequest, sheet: Sheet, kind: str) -> HttpResponse:
    lang = get_language() or "zh-hans"
    form, head = sheet.form, sheet.head
    if kind == "html":
        made = printing.render(form, sheet.data, kind="html", lang=lang, head=head)
        shown = {
            "sheet": made.decode(),
            "links": [(one.upper(), sheet.address(one)) for one in TYPES],
            "forms": [(one.code, one.title(lang), address) for one, address in sheet.others],
            "code": form.code,
            "title": form.title(lang),
            "number": head.number,
            "back": sheet.back,
        }
        return render(request, "complaints/print.html", shown)
    if kind not in TYPES:
        raise Http404
    try:
        made = printing.render(
            form, sheet.data, kind=cast(Literal["pdf", "docx", "xlsx"], kind), lang=lang, head=head
        )
    except printing.NoChineseFont as missing:
        return HttpResponse(str(missing), status=503, content_type="text/plain; charset=utf-8")
    response = HttpResponse(made, content_type=TYPES[kind])
    name_of_file = printing.file_name(form, head.number, cast(Any, kind), lang)
    response["Content-Disposition"] = content_disposition_header(kind != "pdf", name_of_file) or "inline"
    return response
