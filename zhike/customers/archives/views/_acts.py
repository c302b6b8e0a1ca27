"""Verbs of archives, each with its dialog."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext_lazy
from django.views.decorators.http import require_POST

from zhike.customers.access import customer_for
from zhike.customers.archives import access, actions, forms, queries, questions
from zhike.customers.models import Archive
from zhike.customers.regulation import regulation, staff_near
from zhike.kernel import clock
from zhike.kernel.worktime import calendars
from zhike.people.access import StaffRequest, may, staff_required
from zhike.people.deeds import who
from zhike.ui import answers
from zhike.ui.deeds import deed, typed


def _act(request: StaffRequest, form: Any, do: Any, *, back: Any, **words: Any) -> HttpResponse:
    def done(**given: Any) -> str | None:
        made = do(**who(request), **given)
        return _page(made) if isinstance(made, Archive) else None

    return deed(request, form, done, refused=actions.CannotArchive, back=back, **words)


def _page(row: Archive | int) -> str:
    return reverse("customers:archive", args=[row if isinstance(row, int) else row.pk])


@staff_required(access.KEEP)
def open_archive(request: StaffRequest, pk: int) -> HttpResponse:
    """A new file for a customer."""
    customer = customer_for(request.user, pk)
    if not may(request.user, access.KEEP, customer.unit_id):
        raise Http404
    found = regulation(questions.FILING.name, customer.unit_id, clock.now())
    form = forms.OpenForm(
        typed(request),
        kinds=found.choices(questions.CLASSES) if found else [],
        staff=staff_near(customer.unit_id),
        initial={"keeper": request.user.party.pk},
    )
    return _act(
        request, form, partial(actions.open_archive, customer=customer), back=customer,
        title=_("Open an archive"), submit=_("Open"), said=_("The archive is opened."),
    )  # fmt: skip


@staff_required(access.SEE)
def announce_item(request: StaffRequest, archive: int) -> HttpResponse:
    """A document that belongs into the file; everybody who sees the customer may hand one in."""
    row = access.archive_for(request.user, archive)
    today = calendars.local_day(clock.now(), row.unit_id)
    form = forms.ItemForm(typed(request), initial={"arose_on": today, "pages": 1, "medium": row.medium})
    return _act(
        request, form, partial(actions.announce_item, archive=row), back=_page(row),
        title=_("Hand in a document"), submit=_("Hand in"), said=_("Handed in; its filing is owed from now on."),
    )  # fmt: skip


@staff_required(access.KEEP)
@require_POST
def file_item(request: StaffRequest, archive: int, item: int) -> HttpResponse:
    row = access.archive_for(request.user, archive, to=access.KEEP)
    found = row.items.filter(pk=item).first()
    if found is None:
        raise Http404
    try:
        actions.file_item(item=found, **who(request))
    except actions.CannotArchive as refusal:
        return answers.refuse(request, str(refusal), then=_page(row))
    return answers.go(request, _page(row), message=_("Filed."))


@staff_required(access.KEEP)
def close_archive(request: StaffRequest, archive: int) -> HttpResponse:
    row = access.archive_for(request.user, archive, to=access.KEEP)
    return _act(
        request, forms.NothingForm(typed(request)), partial(actions.close_archive, archive=row), back=_page(row),
        title=_("Close the archive"), submit=_("Close"), said=_("Closed; the time of keeping has begun."),
        intro=_("Nothing more comes in. It is kept for %(time)s from today.") % {"time": row.keep_time},
    )  # fmt: skip


@staff_required(access.KEEP)
def move_archive(request: StaffRequest, archive: int) -> HttpResponse:
    row = access.archive_for(request.user, archive, to=access.KEEP)
    return _act(
        request, forms.PlaceForm(typed(request), initial={"place": row.place}),
        partial(actions.move_archive, archive=row), back=_page(row), title=_("Another place"),
        submit=_("Save"), said=_("Saved."),
    )  # fmt: skip


@staff_required(access.SEE)
def ask_loan(request: StaffRequest, archive: int) -> HttpResponse:
    row = access.archive_for(request.user, archive)
    return _act(
        request, forms.LoanForm(typed(request)), partial(actions.ask_loan, archive=row), back=_page(row),
        title=_("Borrow"), submit=pgettext_lazy("for leave", "Ask"), said=_("Asked for; you are told of the decision in the duty."), intro=str(row),
    )  # fmt: skip


@staff_required(access.APPROVE)
def decide_loan(request: StaffRequest, loan: int) -> HttpResponse:
    row = access.loan_for(request.user, loan, to=access.APPROVE)
    form = forms.DecideForm(typed(request), initial={"approve": "1"})
    said = {"name": row.borrower.name, "purpose": row.purpose, "time": row.days}
    return _act(
        request, form, partial(actions.decide_loan, loan=row), back=_page(row.archive_id),
        title=_("Decide on the loan"), submit=_("Decide"), said=_("Decided."),
        intro=_("%(name)s: %(purpose)s (%(time)s)") % said,
    )  # fmt: skip


@staff_required(access.KEEP)
def take_back(request: StaffRequest, loan: int) -> HttpResponse:
    row = access.loan_for(request.user, loan, to=access.KEEP)
    return _act(
        request, forms.ReturnForm(typed(request)), partial(actions.take_back, loan=row), back=_page(row.archive_id),
        title=_("Take back"), submit=_("Take back"), said=_("The archive is back."), intro=str(row),
    )  # fmt: skip


@staff_required(access.KEEP)
@require_POST
def begin_check(request: StaffRequest) -> HttpResponse:
    """Check the archives of one's own unit."""
    unit = request.user.party.unit
    assert unit is not None
    try:
        check = actions.begin_check(unit=unit, **who(request))
    except actions.CannotArchive as refusal:
        return answers.refuse(request, str(refusal), then=reverse("customers:archive_checks"))
    return answers.go(request, reverse("customers:archive_check", args=[check.pk]))


@staff_required(access.KEEP)
def end_check(request: StaffRequest, check: int) -> HttpResponse:
    row = access.check_for(request.user, check)
    return _act(
        request, forms.EndForm(typed(request)), partial(actions.end_check, check=row),
        back=reverse("customers:archive_checks"), title=_("End the check"), submit=_("End the check"),
        said=_("The check has ended; the next one is owed."),
    )  # fmt: skip


@staff_required(access.KEEP)
def propose_destruction(request: StaffRequest) -> HttpResponse:
    """A list of the files of one's unit whose time is over."""
    unit = request.user.party.unit
    assert unit is not None
    today = calendars.local_day(clock.now(), unit.pk)
    form = forms.DestroyForm(typed(request), ripe=queries.ripe(access.scope(request.user), unit.pk, today))
    return _act(
        request, form, actions.propose_destruction, back=reverse("customers:destructions"),
        title=_("Propose a destruction"), submit=_("Propose"), said=_("Proposed; two other persons sign it."),
    )  # fmt: skip


@staff_required(access.APPROVE)
def sign_destruction(request: StaffRequest, destruction: int) -> HttpResponse:
    row = access.destruction_for(request.user, destruction, to=access.APPROVE)
    last = row.state == row.State.SIGNED
    return _act(
        request, forms.NothingForm(typed(request)), partial(actions.sign_destruction, row=row),
        back=reverse("customers:destruction", args=[row.pk]), title=_("Sign the destruction"), submit=pgettext_lazy("a signature", "Sign"),
        said=_("Signed."), danger=last,
        intro=_("With your signature the files are destroyed for good.") if last else _("A second person signs after you."),
    )  # fmt: skip


@staff_required(access.APPROVE)
def refuse_destruction(request: StaffRequest, destruction: int) -> HttpResponse:
    row = access.destruction_for(request.user, destruction, to=access.APPROVE)
    return _act(
        request, forms.ReasonForm(typed(request)), partial(actions.refuse_destruction, row=row),
        back=reverse("customers:destruction", args=[row.pk]), title=_("Refuse the destruction"),
        submit=_("Refuse"), said=_("Refused; the files stay."),
    )  # fmt: skip
