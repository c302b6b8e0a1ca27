from __future__ import annotations

from django.http import Http404, HttpResponse
from django.urls import reverse

from zhike.complaints import access, actions, queries, sheets
from zhike.complaints.capa.reading import of_complaint
from zhike.kernel import clock
from zhike.kernel.parties.models import Unit
from zhike.kernel.policy.models import ManualVersion
from zhike.kernel.records import values
from zhike.kernel.records.forms import Form
from zhike.kernel.records.sheet import Head
from zhike.people.access import StaffRequest, staff_required
from zhike.ui.printing import Sheet, answer, head_of

from ._case import _regime as regime_of_case
from ._penalties import _regime as regime_of_penalty


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
    return answer(request, sheet, kind)


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
    return answer(request, sheet, kind)


def _head(request: StaffRequest, unit: Unit, number: str, version: ManualVersion | None, clause: str) -> Head:
    return head_of(request, unit, number, f"{version} {clause}".strip() if version else "")
