"""Possible duplicates, and what a person does with them: join and part."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from zhike.complaints import access, actions, forms, queries
from zhike.complaints.alike import Alike, alike
from zhike.complaints.models import Complaint
from zhike.complaints.regime import Regime, regime_of
from zhike.customers.models import Customer
from zhike.customers.queries import called, house_of
from zhike.kernel import clock
from zhike.kernel.parties.models import Unit
from zhike.kernel.policy.inforce import NoManual
from zhike.people.access import StaffRequest, staff_required
from zhike.ui.deeds import typed

from ._acts import _act


def alike_to_form(
    request: StaffRequest, regime: Regime, unit: Unit, customer: Customer | None, given: dict[str, Any]
) -> list[Alike]:
    """Possible duplicates of what is typed so far."""
    return alike(
        queries.lines(access.scope(request.user)),
        regime,
        text=given.get("text") or "",
        now=clock.now(),
        customers=[customer.pk] if customer is not None else [],
        phone_customers=[one.pk for one in called(given.get("phone") or "", house_of(unit))],
        item=given.get("item") or "",
        channel=given.get("channel") or "",
    )


@staff_required(access.SEE)
def duplicates(request: StaffRequest, pk: int) -> HttpResponse:
    """Possible duplicates of one complaint, each with the way to join the later one to the earlier."""
    complaint = access.complaint_for(request.user, pk)
    found: list[tuple[Alike, Complaint, Complaint]] = []
    if complaint.is_open:
        for one in _alike_to(request, complaint):
            pair = sorted(
                [complaint, one.complaint], key=lambda row: (not row.is_open, row.opened_at, row.pk)
            )
            found.append((one, pair[1], pair[0]))
    context = {"complaint": complaint, "found": found, "may": access.may(request.user, complaint)}
    return render(request, "complaints/duplicates.html", context)


def _alike_to(request: StaffRequest, complaint: Complaint) -> list[Alike]:
    try:
        regime = regime_of(complaint)
    except NoManual:
        return []
    return alike(
        queries.lines(access.scope(request.user)),
        regime,
        text=complaint.text,
        now=clock.now(),
        customers=[complaint.customer_id] if complaint.customer_id else [],
        item=complaint.item,
        channel=complaint.channel,
        other_than=complaint.pk,
    )


@staff_required(access.SEE)
def join(request: StaffRequest, pk: int) -> HttpResponse:
    """Make the complaint part of another that the person sees and may work."""
    complaint = access.complaint_for(request.user, pk, to="join")
    form = forms.JoinForm(typed(request), initial={"into": request.GET.get("into", "")[:40]})

    def do(into: str, reason: str) -> None:
        main = _to_join(request, into)
        actions.join(complaint=complaint, into=main, reason=reason, by=request.user.party, now=clock.now())

    return _act(
        request, complaint, form, do, title=_("Join to another complaint"), submit=_("Join"), said=_("The complaints are joined."),
        intro=_("%(number)s becomes part of the other one: its duties are cancelled, its customer, entries and files stay its own and show in the other's course of events. It closes with the other one, counts once, and can be parted again.")
        % {"number": complaint.number},
    )  # fmt: skip


def _to_join(request: StaffRequest, number: str) -> Complaint:
    """The complaint of this number, through the gate; the main one where it is joined itself. Raises CannotJoin."""
    found = queries.complaints(access.scope(request.user)).filter(number__iexact=number.strip()).first()
    if found is None:
        raise actions.CannotJoin(_("No complaint with this number lies within your reach."))
    try:
        main = access.complaint_for(request.user, found.joined_to_id or found.pk)
    except Http404:
        raise actions.CannotJoin(_("No complaint with this number lies within your reach.")) from None
    if main.is_open and not access.may(request.user, main).join:
        raise actions.CannotJoin(_("You may not work %(number)s.") % {"number": main.number})
    return main


@staff_required(access.SEE)
def part(request: StaffRequest, pk: int) -> HttpResponse:
    """Part the complaint from the one it is joined to."""
    complaint = access.complaint_for(request.user, pk, to="part")
    form = forms.ReasonForm(typed(request))

    def do(reason: str) -> None:
        actions.part(complaint=complaint, reason=reason, by=request.user.party, now=clock.now())

    return _act(
        request, complaint, form, do, title=_("Part from %(number)s") % {"number": complaint.joined_to.number if complaint.joined_to else ""},
        submit=_("Part"), said=_("The complaint goes on by itself."),
        intro=_("It goes on at the stage where it stood, and what was owed is owed again. The customer has waited all the time: the dates stay as they were, so that some may be late already."),
    )  # fmt: skip
