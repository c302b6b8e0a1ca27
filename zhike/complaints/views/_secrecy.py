from __future__ import annotations

from django.http import HttpResponse
from django.utils.translation import gettext as _

from zhike.complaints import access, actions, forms, forms_after, queries
from zhike.kernel import clock
from zhike.kernel.parties.models import Party
from zhike.people.access import StaffRequest, staff_required
from zhike.ui.deeds import typed

from ._acts import _act


@staff_required(access.SEE)
def confide(request: StaffRequest, pk: int) -> HttpResponse:
    """Make the case confidential: from then on only named people read it."""
    complaint = access.complaint_for(request.user, pk, to="confide")
    form = forms_after.PersonForm(typed(request), staff=queries.staff_near(complaint.unit_id), required=False)

    def do(person: Party | None, reason: str) -> None:
        actions.make_confidential(
            complaint=complaint,
            persons=[person] if person else [],
            reason=reason,
            by=request.user.party,
            now=clock.now(),
        )

    return _act(
        request, complaint, form, do, title=_("Make confidential"), submit=_("Make confidential"),
        said=_("Only named people read this complaint now."),
        intro=_("It is read by whoever takes, handles or owes the step, by you, and by the people named. It stands in nobody else's lists, search or figures."),
    )  # fmt: skip


@staff_required(access.SEE)
def end_confidence(request: StaffRequest, pk: int) -> HttpResponse:
    """Let the case be read again by post."""
    complaint = access.complaint_for(request.user, pk, to="confide")
    form = forms.ReasonForm(typed(request))

    def do(reason: str) -> None:
        actions.end_confidence(complaint=complaint, reason=reason, by=request.user.party, now=clock.now())

    return _act(
        request, complaint, form, do, title=_("End the confidence"), submit=_("End the confidence"),
        said=_("The complaint is read again by whoever may by their post."),
    )  # fmt: skip


@staff_required(access.SEE)
def name_person(request: StaffRequest, pk: int) -> HttpResponse:
    """Let one more person read a confidential case."""
    complaint = access.complaint_for(request.user, pk, to="confide")
    form = forms_after.PersonForm(typed(request), staff=queries.staff_near(complaint.unit_id))

    def do(person: Party, reason: str) -> None:
        actions.name_person(
            complaint=complaint, person=person, reason=reason, by=request.user.party, now=clock.now()
        )

    return _act(
        request, complaint, form, do, title=_("Name a person"), submit=_("Name"), said=_("The person is named and may read it."),
        intro=_("The person is told in the product and by e-mail, without a word of what it is about."),
    )  # fmt: skip


@staff_required(access.SEE)
def remove_person(request: StaffRequest, pk: int, member: int) -> HttpResponse:
    """Somebody reads a confidential case no longer."""
    complaint = access.complaint_for(request.user, pk, to="confide")
    row = access.member_for(complaint, member)
    form = forms.ReasonForm(typed(request))

    def do(reason: str) -> None:
        actions.remove_person(member=row, reason=reason, by=request.user.party, now=clock.now())

    return _act(
        request, complaint, form, do, title=_("Remove %(name)s") % {"name": row.person.name}, submit=_("Remove"),
        said=_("%(name)s reads it no longer.") % {"name": row.person.name}, danger=True,
    )  # fmt: skip
