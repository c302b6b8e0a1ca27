"""What the case page shows of e-mail, the mail as it came, and the one step by which a case is classified."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.http import FileResponse, Http404, HttpResponse, HttpResponseBase
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from zhike.channels.mail import replies
from zhike.channels.mail.models import InboundMail
from zhike.complaints import access, actions, forms, queries
from zhike.complaints.models import Complaint
from zhike.complaints.regime import Regime, regime_of
from zhike.kernel import clock
from zhike.kernel.outbox.models import Message
from zhike.kernel.policy.ask import NoRow
from zhike.kernel.policy.inforce import NoManual
from zhike.kernel.procedures.stages import WrongStage
from zhike.people.access import StaffRequest, staff_required
from zhike.ui import answers


@dataclass(frozen=True)
class Talk:
    """The e-mails of a case: whom replies go to, what came, the letter of each reply."""

    address: str
    came: list[InboundMail]
    acknowledgement: Message | None


def mail_of(request: StaffRequest, complaint: Complaint, file: queries.File) -> Talk | None:
    """The e-mails of a case; puts on each reply the letter by which it left. None where nobody wrote one."""
    if not complaint.source.get("address"):
        return None
    came, went = queries.mails_of(complaint)
    letters = {letter.envelope.get("entry"): letter for letter in went}
    for entry in file.entries:
        entry.letter = letters.get(entry.pk)  # type: ignore[attr-defined]
    thread = replies.thread_of(complaint)
    said = next((one for one in went if one.kind == replies.ACKNOWLEDGEMENT), None)
    return Talk(thread.address if thread else "", came, said)


def classify_form(complaint: Complaint, regime: Regime | None, data: Any = None) -> forms.ClassifyForm | None:
    """The form for a case that has no item yet."""
    if complaint.item or complaint.source_category or regime is None:
        return None
    return forms.ClassifyForm(data, regime=regime, initial={"value": complaint.value})


@staff_required(access.SEE)
@require_POST
def classify(request: StaffRequest, pk: int) -> HttpResponse:
    """Say what the complaint is about; the manual is asked again."""
    from ._case import case_context

    complaint = access.complaint_for(request.user, pk, to="change")
    form = classify_form(complaint, regime_of(complaint), request.POST)
    if form is None:
        return answers.refuse(request, _("This complaint is classified already."), then=complaint)
    if form.is_valid():
        try:
            actions.classify(complaint=complaint, by=request.user.party, now=clock.now(), **form.cleaned_data)
        except (actions.CannotHandOver, NoManual, NoRow, WrongStage) as refusal:
            form.add_error(None, str(refusal))
        else:
            return answers.go(request, complaint, message=_("Classified; the manual was asked again."))
    return answers.again(
        request, "complaints/detail.html#classify", case_context(request, pk, classify_form=form)
    )


@require_safe
@staff_required(access.SEE)
def mail_as_it_came(request: StaffRequest, pk: int, mail: int) -> HttpResponseBase:
    """The e-mail with all its headers and files, to be saved and opened in a mail program."""
    complaint = access.complaint_for(request.user, pk)
    row = next((one for one in queries.mails_of(complaint)[0] if one.pk == mail), None)
    if row is None:
        raise Http404
    from zhike.channels.mail.queries import open_raw

    opened = open_raw(row)
    if opened is None:
        raise Http404
    response = FileResponse(opened, as_attachment=True, filename=f"{complaint.number}-{row.pk}.eml")
    response["Content-Type"] = "message/rfc822"
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response["Cache-Control"] = "private, no-store"
    return response
