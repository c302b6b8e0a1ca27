"""Pages of contacts and promises."""

from __future__ import annotations

from functools import partial

from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext_lazy

from zhike.customers.access import customer_for
from zhike.customers.contacts import access, actions, forms, queries, sheets
from zhike.customers.contacts.days import end_of_day
from zhike.customers.contacts.people import in_office
from zhike.customers.grading import queries as grading
from zhike.kernel import clock
from zhike.kernel.records import values
from zhike.people.access import StaffRequest, staff_required
from zhike.ui import lists, paper
from zhike.ui.deeds import deed, typed

from ._lists import CONTACTS, PROMISES


@staff_required(access.SEE)
def contacts(request: StaffRequest) -> HttpResponseBase:
    """Every contact with customers (FM002-09)."""
    rows = queries.interactions(access.scope(request.user))
    return lists.answer(request, CONTACTS, rows, "customers/contacts/list.html", now=clock.now())


@staff_required(access.SEE)
def contact_entry(request: StaffRequest, pk: int) -> HttpResponse:
    """One contact with what came of it, and what colleagues say of it."""
    row = access.interaction_for(request.user, pk)
    entry = getattr(row, "journal_entry", None)
    return render(
        request,
        "customers/contacts/contact.html",
        {
            "row": row,
            "entry": entry,
            "moved": [
                grading.named(row.customer.unit_id, "grade", code)
                for code in (entry.grade_before, entry.grade_after)
            ]
            if entry
            else [],
            "may_remark": access.may_remark(request.user, row),
            "properties": [
                (_("Customer"), row.customer.name),
                (_("Person contacted"), f"{row.contact.name} {row.contact.post}" if row.contact else ""),
                (_("Way"), row.get_way_display()),
                (pgettext_lazy("of a meeting", "Place"), row.place),
                (_("Purpose of the contact"), row.purpose),
                (_("Content"), row.content),
                (_("What the customer said"), row.feedback),
                (_("Outcome of the contact"), row.result),
                (_("Progress made"), entry.progress if entry else ""),
                (_("Next step"), entry.next_step if entry else ""),
                (_("Next contact"), row.next_on.isoformat() if row.next_on else ""),
                (_("Contact of our side"), row.by.name if row.by else ""),
            ],
        },
    )


@staff_required(access.SEE)
def remark(request: StaffRequest, pk: int) -> HttpResponse:
    row = access.interaction_for(request.user, pk, to="remark")
    return deed(
        request,
        forms.RemarkForm(typed(request), initial={"text": row.remark}),
        partial(actions.remark, interaction=row, by=request.user.party, now=clock.now()),
        refused=actions.CannotRemark,
        back=reverse("customers:contact_entry", args=[pk]),
        title=_("Remark on the contact"),
        submit=_("Save"),
        said=_("The remark is saved."),
    )


@staff_required(access.SEE)
def print_contact(request: StaffRequest, pk: int, code: str, kind: str) -> HttpResponse:
    """FM002-09, F000-07 or F001-37: on the screen as it prints, or as a file."""
    row = access.interaction_for(request.user, pk)
    offered = sheets.of_contact(row)
    form = next((one for one in offered if one.code == code), None)
    if form is None:
        raise Http404
    shown = form

    def address(one: str, of: str = "") -> str:
        return reverse("customers:print_contact", args=[pk, of or shown.code, one])

    sheet = paper.Sheet(
        form=form,
        data=values.gather(form, row),
        head=paper.head_of(request, row.customer.unit, row.customer.number),
        address=address,
        back=reverse("customers:contact_entry", args=[pk]),
        others=[(one, address("html", one.code)) for one in offered],
    )
    return paper.answer(request, sheet, kind)


@staff_required(access.SEE)
def promises(request: StaffRequest) -> HttpResponseBase:
    """The register of promises with keeper and date (R002-085)."""
    rows = queries.promises(access.scope(request.user))
    return lists.answer(request, PROMISES, rows, "customers/contacts/promises.html", now=clock.now())


@staff_required(access.SEE)
def promise_page(request: StaffRequest, pk: int) -> HttpResponse:
    row = access.promise_for(request.user, pk)
    now = clock.now()
    return render(
        request,
        "customers/contacts/promise.html",
        {
            "row": row,
            "late": row.state == "OPEN" and row.due_at < now,
            "may_end": access.may_end(request.user, row),
            "properties": [
                (_("Customer"), row.customer.name),
                (_("Who keeps it"), row.keeper.name),
                (_("Promised by our customer to"), row.holder),
                (_("Rests on (product or service)"), row.depends_on),
                (_("Which must be ready by"), row.ready_on.isoformat() if row.ready_on else ""),
                (_("What became of it"), row.outcome),
            ],
        },
    )


@staff_required(access.EDIT)
def promise(request: StaffRequest, pk: int) -> HttpResponse:
    """Promise something to a customer."""
    customer = customer_for(request.user, pk, to="edit")
    form = forms.PromiseForm(
        typed(request), keepers=in_office(clock.now()), initial={"keeper": request.user.party}
    )

    def do(due_on: object, **given: object) -> None:
        due = end_of_day(customer.unit_id, due_on)  # type: ignore[arg-type]
        actions.promise(
            customer=customer,
            due_at=due,
            by=request.user.party,
            now=clock.now(),
            **given,  # type: ignore[arg-type]
        )

    return deed(
        request,
        form,
        do,
        refused=actions.CannotPromise,
        back=customer,
        title=_("Promise to %(name)s") % {"name": customer.name},
        submit=_("Promise"),
        said=_("The promise stands in the register."),
    )


@staff_required(access.SEE)
def end_promise(request: StaffRequest, pk: int) -> HttpResponse:
    row = access.promise_for(request.user, pk, to="end")
    return deed(
        request,
        forms.EndForm(typed(request), initial={"state": "KEPT"}),
        partial(actions.end_promise, promise=row, by=request.user.party, now=clock.now()),
        refused=actions.CannotEnd,
        back=reverse("customers:promise", args=[pk]),
        title=_("How the promise ended"),
        submit=_("Save"),
        said=_("The promise has ended."),
    )


@staff_required(access.SEE)
def print_promise(request: StaffRequest, pk: int, kind: str) -> HttpResponse:
    """F001-24."""
    row = access.promise_for(request.user, pk)
    sheet = paper.Sheet(
        form=sheets.PROMISE,
        data=values.gather(sheets.PROMISE, row),
        head=paper.head_of(request, row.customer.unit, row.customer.number),
        address=lambda one: reverse("customers:print_promise", args=[pk, one]),
        back=reverse("customers:promise", args=[pk]),
    )
    return paper.answer(request, sheet, kind)
