"""Verbs of the care of data, each with its dialog."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext_lazy

from zhike.customers import access as customers
from zhike.customers.privacy import access, actions, forms, queries, questions
from zhike.customers.privacy.actions._handover import borrowed
from zhike.customers.privacy.levels import choices
from zhike.customers.regulation import regulation, staff_near
from zhike.kernel import clock
from zhike.kernel.parties.models import Party, Unit
from zhike.people.access import StaffRequest, may, staff_required, standing
from zhike.people.deeds import who
from zhike.ui import answers
from zhike.ui.deeds import ask, deed, typed


def _unit(request: StaffRequest) -> Unit:
    unit = request.user.party.unit
    if unit is None:
        raise Http404
    return unit


@staff_required("customer.see")
def set_secrecy(request: StaffRequest, pk: int) -> HttpResponse:
    """The level of a customer, by who has the power for it (the survey supervisor)."""
    customer = access.customer_for(request.user, pk, to=access.SECRECY)
    cleared = standing(request.user).cleared
    found = regulation(questions.SHARING.name, customer.unit_id, clock.now())
    form = forms.SecrecyForm(
        typed(request), levels=choices(found, most=cleared), initial={"level": customer.secrecy}
    )

    def do(**given: Any) -> None:
        actions.set_secrecy(customer=customer, cleared=cleared, **given, **who(request))

    return deed(
        request, form, do, refused=actions.CannotSetSecrecy, back=customer, title=_("Level of secrecy"),
        submit=_("Set"), said=_("The level is set."),
        intro=_("Posts that are not cleared for the level do not find the customer any more: not in lists, search or duties."),
    )  # fmt: skip


@staff_required("customer.reveal")
def reveal(request: StaffRequest, pk: int, what: str, row: int) -> HttpResponse:
    """A full number of a contact or a paper for a reason; it stands on the screen once."""
    customer = customers.customer_for(request.user, pk, to="reveal")
    found = queries.sensitive(customer, what, row)
    if found is None:
        raise Http404
    form = forms.ReasonForm(typed(request))
    if request.method == "POST" and form.is_valid():
        try:
            number = actions.reveal(row=found, reason=form.cleaned_data["reason"], **who(request))
        except actions.NoReason as refusal:
            form.add_error("reason", str(refusal))
        else:
            context = {"customer": customer, "number": number, "label": str(found)}
            response = answers.page(request, "customers/privacy/revealed.html#shown", context)
            response["Cache-Control"] = "no-store"
            return response
    return ask(
        request, form, back=customer, title=_("Show the full number"), submit=_("Show"),
        intro=_("%(masked)s: the reason stands in the access log.") % {"masked": found.masked},
    )  # fmt: skip


@staff_required("customer.see")
def ask_release(request: StaffRequest) -> HttpResponse:
    back = reverse("customers:releases")

    def do(**given: Any) -> None:
        actions.ask_release(unit=_unit(request), **given, **who(request))

    return deed(
        request, forms.ReleaseForm(typed(request)), do, refused=actions.CannotRelease, back=back,
        title=_("Ask for a release"), submit=pgettext_lazy("for leave", "Ask"), said=_("Asked for; another person decides."),
    )  # fmt: skip


@staff_required(access.APPROVE)
def decide_release(request: StaffRequest, release: int) -> HttpResponse:
    row = access.release_for(request.user, release)
    form = forms.DecideForm(typed(request), initial={"approve": "1"})
    return deed(
        request, form, lambda **given: _none(actions.decide_release(release=row, **given, **who(request))),
        refused=actions.CannotRelease, back=reverse("customers:releases"), title=_("Decide on the release"),
        submit=_("Decide"), said=_("Decided."), intro=f"{row.by.name}: {row.what} – {row.purpose} {row.recipient}",
    )  # fmt: skip


def _none(_done: object) -> None:
    return None


@staff_required("customer.see")
def report_breach(request: StaffRequest) -> HttpResponse:
    """Whoever finds a leak reports it."""
    unit = _unit(request)
    form = forms.BreachForm(
        typed(request), staff=staff_near(unit.pk), initial={"found_at": clock.now(), "owner": request.user.pk}
    )

    def do(**given: Any) -> str:
        data = given.pop("which")
        row = actions.report_breach(unit=unit, data=data, **given, **who(request))
        return reverse("customers:breach", args=[row.pk])

    return deed(
        request, form, do, refused=actions.CannotBreach, back=reverse("customers:list"),
        title=_("Report a leak"), submit=pgettext_lazy("a leak", "Report"), said=_("Reported; telling and mending are owed from now on."),
    )  # fmt: skip


@staff_required()
def tell_breach(request: StaffRequest, breach: int) -> HttpResponse:
    row = _workable(request, breach)
    return deed(
        request, forms.TellForm(typed(request)),
        lambda **given: _none(actions.tell_breach(breach=row, **given, **who(request))),
        refused=actions.CannotBreach, back=reverse("customers:breach", args=[breach]),
        title=_("Report to management and authority"), submit=_("Save"), said=_("Saved."),
    )  # fmt: skip


@staff_required()
def close_breach(request: StaffRequest, breach: int) -> HttpResponse:
    row = _workable(request, breach)
    return deed(
        request, forms.CloseForm(typed(request)),
        lambda **given: _none(actions.close_breach(breach=row, **given, **who(request))),
        refused=actions.CannotBreach, back=reverse("customers:breach", args=[breach]),
        title=_("Close the leak"), submit=_("Close"), said=_("The leak is closed."),
    )  # fmt: skip


def _workable(request: StaffRequest, pk: int) -> Any:
    row = access.breach_for(request.user, pk)
    if not access.may_work_on(request.user, row):
        raise PermissionDenied(access.KEEP)
    return row


@staff_required(access.HAND_OVER)
def hand_over(request: StaffRequest) -> HttpResponse:
    """First who leaves and what they have in hand, then to whom it goes."""
    unit = _unit(request)
    staff = staff_near(unit.pk)
    chosen = request.GET.get("from", "") or request.POST.get("leaver", "")
    leaver = staff.filter(pk=int(chosen)).first() if chosen.isdecimal() else None
    form = forms.HandOverForm(typed(request), staff=staff, initial={"leaver": leaver.pk if leaver else None})
    if request.method == "POST" and form.is_valid():
        given: dict[str, Any] = form.cleaned_data
        try:
            if not _reaches(request, given["leaver"]):
                raise actions.CannotHandOver(_("This person does not work where you may hand over."))
            actions.hand_over(**given, **who(request))
        except actions.CannotHandOver as refusal:
            form.add_error(None, str(refusal))
        else:
            return answers.go(
                request, reverse("customers:handovers"), message=_("Everything is handed over.")
            )
    context = {
        "form": form,
        "leaver": leaver,
        "owned": actions.owned_by(leaver) if leaver is not None else [],
        "lent": borrowed(leaver) if leaver is not None else [],
        "staff": staff,
        "tab": "handovers",
    }
    return render(request, "customers/privacy/handover.html", context)


def _reaches(request: StaffRequest, leaver: Party) -> bool:
    return leaver.unit_id is not None and may(request.user, access.HAND_OVER, leaver.unit_id)
