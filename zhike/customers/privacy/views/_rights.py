"""Requests of persons about their data."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse, HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from zhike.customers.models import RightsRequest
from zhike.customers.privacy import access, actions, copy, forms, queries
from zhike.customers.privacy.actions._rights import refusal
from zhike.kernel import clock
from zhike.kernel.worktime import calendars
from zhike.people.access import StaffRequest, scope_of, staff_required
from zhike.people.deeds import act, who
from zhike.ui import answers, lists, paper, parts
from zhike.ui.deeds import deed, typed

from .listing import guard, may_export

State = RightsRequest.State
MARKS = {State.GRANTED: "met", State.REFUSED: ""}


def _state(row: RightsRequest, now: Any) -> Any:
    if row.state == State.OPEN and row.due_at is not None:
        return parts.due_badge(row.due_at, now)
    return parts.status(row.get_state_display(), MARKS.get(row.state, "run"))  # type: ignore[call-overload]


REQUESTS = lists.List(
    name="rights_requests",
    title=gettext_lazy("Requests about personal data"),
    href=lambda row: reverse("customers:rights_request", args=[row.pk]),
    row_name=lambda row: row.number,
    sort="-received",
    may_export=may_export(access.ANSWER),
    guard_export=guard("rights_requests", "customer"),
    marked=True,
    empty=gettext_lazy("No request matches."),
    columns=(
        lists.Column("number", gettext_lazy("Number"), lambda r, n: r.number, lambda r: r.number, ("number",), 130, link=True, phone="side"),
        lists.Column("kind", gettext_lazy("Request"), lambda r, n: r.get_kind_display(), lambda r: r.get_kind_display(), ("kind", "id"), 150, link=True, phone="title"),
        lists.Column("customer", gettext_lazy("Customer"), lambda r, n: r.customer.name, lambda r: r.customer.name, ("customer__sort_key", "id")),
        lists.Column("state", gettext_lazy("State"), _state, lambda r: r.get_state_display(), ("due_at", "id"), 160),
        lists.Column("received", gettext_lazy("Received"), lambda r, n: parts.moment(r.received_at, n), lambda r: r.received_at, ("received_at", "id"), 120),
        lists.Column("by", gettext_lazy("Answered by"), lambda r, n: parts.person(r.ended_by) if r.ended_by else "—", lambda r: r.ended_by.name if r.ended_by else "", width=110, drop=1, phone=""),
    ),
    filters=(
        lists.text("q", gettext_lazy("Search"), "number__iexact", "customer__name__icontains"),
        lists.choice("kind", gettext_lazy("Request"), list(RightsRequest.Kind.choices), "kind"),
        lists.choice("state", gettext_lazy("State"), list(State.choices), "state"),
    ),
    views=(
        lists.View("open", pgettext_lazy("not done yet", "Open"), "state=OPEN&sort=state"),
        lists.View("refused", gettext_lazy("Refused"), "state=REFUSED"),
        lists.View("all", gettext_lazy("All"), "sort=-received"),
    ),
)  # fmt: skip


@staff_required(access.ANSWER)
def rights_requests(request: StaffRequest) -> HttpResponseBase:
    """The register of requests."""
    rows = queries.requests(scope_of(request.user, access.ANSWER))
    return lists.answer(request, REQUESTS, rows, "customers/privacy/list.html", now=clock.now(), context={"tab": "rights"})  # fmt: skip


@staff_required(access.ANSWER)
def rights_request(request: StaffRequest, request_id: int) -> HttpResponse:
    """One request: what is asked, what stands against it, how it was answered."""
    row = access.request_for(request.user, request_id)
    blocked = ""
    if row.kind == RightsRequest.Kind.ERASE and row.state == State.OPEN:
        blocked = refusal(row.customer, clock.now(), besides=row)
    context = {"row": row, "customer": row.customer, "blocked": blocked, "tab": "rights"}
    return answers.page(request, "customers/privacy/request.html", context)


@staff_required(access.ANSWER)
def receive_request(request: StaffRequest, pk: int) -> HttpResponse:
    customer = access.customer_for(request.user, pk, to=access.ANSWER)

    def do(**given: Any) -> str:
        row = actions.receive(customer=customer, **who(request), **given)
        return reverse("customers:rights_request", args=[row.pk])

    return deed(
        request, forms.RequestForm(typed(request)), do, refused=actions.CannotAnswer, back=customer,
        title=_("Request about personal data"), submit=_("Enter"), said=_("Entered; the answer is owed from now on."),
    )  # fmt: skip


def _act(request: StaffRequest, row: RightsRequest, form: Any, do: Any, **words: Any) -> HttpResponse:
    back = reverse("customers:rights_request", args=[row.pk])
    return act(request, form, partial(do, row=row), refused=actions.CannotAnswer, back=back, **words)


@staff_required(access.ANSWER)
def answer_request(request: StaffRequest, request_id: int) -> HttpResponse:
    row = access.request_for(request.user, request_id)
    return _act(request, row, forms.AnswerForm(typed(request)), actions.answer, title=_("Answer"), submit=_("Answered"), said=_("The request is answered."))  # fmt: skip


@staff_required(access.ANSWER)
def refuse_request(request: StaffRequest, request_id: int) -> HttpResponse:
    row = access.request_for(request.user, request_id)
    blocked = refusal(row.customer, clock.now(), besides=row) if row.kind == RightsRequest.Kind.ERASE else ""
    form = forms.AnswerForm(typed(request), initial={"text": blocked})
    return _act(request, row, form, actions.refuse, title=_("Refuse the request"), submit=_("Refuse"), said=_("The request is refused."))  # fmt: skip


@staff_required(access.ANSWER)
def withdraw_consent(request: StaffRequest, request_id: int) -> HttpResponse:
    row = access.request_for(request.user, request_id)
    return _act(request, row, forms.WithdrawForm(typed(request)), actions.withdraw_consent, title=_("Withdraw consent"), submit=_("Withdraw"), said=_("Withdrawn; no campaign reaches the customer for it any more."))  # fmt: skip


@staff_required(access.ANSWER)
def erase(request: StaffRequest, request_id: int) -> HttpResponse:
    row = access.request_for(request.user, request_id)
    return _act(
        request, row, forms.NothingForm(typed(request)), actions.erase, title=_("Make the person anonymous"),
        submit=_("Make anonymous"), said=_("The person was made anonymous."), danger=True,
        intro=_("Names, numbers, texts, mails and files go for good; cases, figures and rulings stay without the person. This cannot be taken back."),
    )  # fmt: skip


@staff_required(access.ANSWER)
def copy_of(request: StaffRequest, request_id: int, kind: str) -> HttpResponse:
    """Everything about the person as a file; the log says who made it."""
    row = access.request_for(request.user, request_id)
    if row.kind != RightsRequest.Kind.COPY or row.state == State.REFUSED:
        raise PermissionDenied(access.ANSWER)
    if kind not in {"json", "html", *paper.FILES}:
        raise Http404
    customer, now = row.customer, clock.now()
    found = copy.groups(customer)
    actions.copy_made(row=row, fmt=kind, by=request.user.party, now=now)
    if kind == "json":
        response = HttpResponse(copy.as_json(customer, found), content_type="application/json")
        response["Content-Disposition"] = f'attachment; filename="{customer.number}.json"'
        return response
    sheet = paper.Sheet(
        form=copy.SHEET,
        data=copy.as_sheet(customer, found, calendars.local_day(now, customer.unit_id)),
        head=paper.head_of(request, customer.unit, row.number, row.clause),
        address=lambda other: reverse("customers:copy_of", args=[row.pk, other]),
        back=reverse("customers:rights_request", args=[row.pk]),
    )
    return paper.answer(request, sheet, kind)
