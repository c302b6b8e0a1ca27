"""Pages of requests between departments: the list, one request with its steps, the weekly feedback sheet."""

from __future__ import annotations

import datetime as dt
from functools import partial
from typing import Any

from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from zhike.kernel import clock
from zhike.kernel.parties import subjects
from zhike.kernel.records import values
from zhike.kernel.worktime import calendars
from zhike.people.access import StaffRequest, may, staff_required
from zhike.ui import doors, lists, parts
from zhike.ui.deeds import deed, typed
from zhike.ui.paper import Sheet, answer, head_of

from . import access, actions, forms, queries, sheets
from .models import Request

LOOKS = {"OPEN": "run", "ANSWERED": "brand", "SETTLED": "met", "WITHDRAWN": "pause"}


def seen(request: HttpRequest) -> QuerySet[Request]:
    user: Any = request.user
    return queries.requests(access.scope(user))


REQUESTS = lists.List(
    name="requests",
    title=gettext_lazy("Requests between departments"),
    href=lambda row: reverse("people:request", args=[row.pk]),
    row_name=lambda row: row.number,
    sort="due",
    empty=gettext_lazy("No request matches."),
    columns=(
        lists.Column("number", gettext_lazy("Number"), lambda r, n: r.number, lambda r: r.number, ("number",), 138, link=True, phone="side"),
        lists.Column("text", gettext_lazy("What is requested"), lambda r, n: parts.cut(r.text[:120]), lambda r: r.text, link=True, phone="title"),
        lists.Column("kind", gettext_lazy("Kind"), lambda r, n: parts.tag(r.get_kind_display(), "late" if r.urgent else ""), lambda r: r.get_kind_display(), ("kind", "id"), 120),
        lists.Column("customer", gettext_lazy("Customer"), lambda r, n: r.customer.name if r.customer else "—", lambda r: r.customer.name if r.customer else "", width=130, drop=1),
        lists.Column("by", gettext_lazy("Requested by"), lambda r, n: parts.person(r.asked_by), lambda r: r.asked_by.name, width=110, drop=2),
        lists.Column("to", gettext_lazy("Lies with"), lambda r, n: f"{r.to_unit.label} · {r.owner.name}", lambda r: r.to_unit.label, width=190),
        lists.Column("due", gettext_lazy("Due"), lambda r, n: parts.due_badge(r.due_at, n, done_at=r.answered_at), lambda r: r.due_at, ("due_at", "id"), 130),
        lists.Column("state", gettext_lazy("State"), lambda r, n: parts.status(r.get_state_display(), LOOKS[r.state]), lambda r: r.get_state_display(), ("state", "id"), 176),
    ),
    filters=(
        lists.text("q", gettext_lazy("Words"), apply=lambda rows, said: rows.filter(text__contains=said)),
        lists.choice("state", gettext_lazy("State"), Request.State.choices, "state"),
        lists.choice("kind", gettext_lazy("Kind"), Request.Kind.choices, "kind"),
        lists.dates("asked", gettext_lazy("Requested"), "asked_at"),
        lists.text("by", gettext_lazy("Requested by"), "asked_by__name__startswith", more=True),
        lists.one("who", gettext_lazy("Requested by"), "asked_by", seen),
        lists.text("owner", gettext_lazy("Owed by"), "owner__name__startswith", more=True),
    ),
    views=(
        lists.View("open", gettext_lazy("Waiting for an answer"), "state=OPEN&sort=due"),
        lists.View("answered", gettext_lazy("Answered, to be settled"), "state=ANSWERED"),
        lists.View("all", gettext_lazy("All"), "sort=-number"),
    ),
    may_export=lambda request: may(request.user, "data.export"),  # type: ignore[arg-type]
)  # fmt: skip


@staff_required()
def requests(request: StaffRequest) -> HttpResponseBase:
    rows = seen(request)
    more = {"may_ask": may(request.user, access.ASK)}
    return lists.answer(request, REQUESTS, rows, "people/requests/list.html", now=clock.now(), context=more)


@staff_required(access.ASK)
def ask(request: StaffRequest) -> HttpResponse:
    kind = request.GET.get("kind", "COORDINATION")
    initial = {"kind": kind if kind in Request.Kind.values else "COORDINATION"}
    form = forms.AskForm(typed(request), units=queries.units(), initial=initial)

    def do(**given: Any) -> str:
        row = actions.ask(by=request.user.party, now=clock.now(), **given)
        return reverse("people:request", args=[row.pk])

    return deed(
        request, form, do, refused=actions.CannotAsk, back=reverse("people:requests"),
        title=_("Ask another department"), submit=_("Make a request"), said=_("The request is on its way."),
    )  # fmt: skip


@staff_required()
def one(request: StaffRequest, pk: int) -> HttpResponse:
    row = access.request_for(request.user, pk)
    subject, key = subjects.known(row.subject_label), (row.subject_label, row.subject_id or 0)
    way = doors.ways(request.user, [key]).get(key, "")
    return render(
        request,
        "people/requests/detail.html",
        {
            "row": row,
            "look": LOOKS[row.state],
            "may": access.may(request.user, row),
            "steps": queries.steps(access.scope(request.user), row),
            "about": (subject.noun, way) if subject and row.subject_id else None,
            "now": clock.now(),
            "properties": [
                (_("Kind"), row.get_kind_display()),
                (_("Problem"), row.topic),
                (_("Customer"), row.customer.name if row.customer else ""),
                (_("Requested by"), f"{row.asked_by.name} · {row.unit.label}"),
                (_("Lies with"), f"{row.owner.name} · {row.to_unit.label}"),
                (_("Passed on"), str(row.passings) if row.passings else ""),
                (_("What came of it"), row.result),
            ],
        },
    )


def _back(pk: int) -> str:
    return reverse("people:request", args=[pk])


@staff_required()
def give_answer(request: StaffRequest, pk: int) -> HttpResponse:
    row = access.request_for(request.user, pk, to="answer")
    return deed(
        request, forms.AnswerForm(typed(request)),
        partial(actions.answer, request=row, by=request.user.party, now=clock.now()),
        refused=(actions.CannotAnswer, actions.CannotAsk), back=_back(pk), title=_("Answer %(number)s") % {"number": row.number},
        submit=_("Answer"), said=_("The asker has been told."), intro=row.text,
    )  # fmt: skip


@staff_required()
def pass_on(request: StaffRequest, pk: int) -> HttpResponse:
    row = access.request_for(request.user, pk, to="answer")
    form = forms.PassForm(typed(request), units=queries.units(lambda rows: rows.exclude(pk=row.to_unit_id)))
    return deed(
        request, form, partial(actions.pass_on, request=row, by=request.user.party, now=clock.now()),
        refused=(actions.CannotPass, actions.CannotAsk), back=reverse("people:requests"),
        title=_("Pass %(number)s on") % {"number": row.number}, submit=_("Pass on"),
        said=_("The request lies with the other unit now."),
    )  # fmt: skip


@staff_required()
def settle(request: StaffRequest, pk: int) -> HttpResponse:
    row = access.request_for(request.user, pk, to="settle")
    form = forms.SettleForm(typed(request), customer=row.customer_id is not None)
    return deed(
        request, form, partial(actions.settle, request=row, by=request.user.party, now=clock.now()),
        refused=actions.CannotAnswer, back=_back(pk), title=_("What came of %(number)s") % {"number": row.number},
        submit=_("Settle"), said=_("The request is settled."),
    )  # fmt: skip


@staff_required()
def send_back(request: StaffRequest, pk: int) -> HttpResponse:
    row = access.request_for(request.user, pk, to="settle")
    return deed(
        request, forms.WhyForm(typed(request)),
        partial(actions.send_back, request=row, by=request.user.party, now=clock.now()),
        refused=(actions.CannotAnswer, actions.CannotAsk), back=_back(pk), title=_("Ask %(number)s again") % {"number": row.number},
        submit=_("Ask again"), said=_("Another answer is owed."),
    )  # fmt: skip


@staff_required()
def withdraw_request(request: StaffRequest, pk: int) -> HttpResponse:
    row = access.request_for(request.user, pk, to="withdraw")
    return deed(
        request, forms.WhyForm(typed(request)),
        partial(actions.withdraw, request=row, by=request.user.party, now=clock.now()),
        refused=actions.CannotAnswer, back=_back(pk), title=_("Withdraw %(number)s") % {"number": row.number},
        submit=_("Withdraw"), said=_("The request is withdrawn."), danger=True,
    )  # fmt: skip


@staff_required()
def print_request(request: StaffRequest, pk: int, kind: str) -> HttpResponse:
    """F004-08 of an urgent report, F004-16 of any other request."""
    row = access.request_for(request.user, pk)
    form = sheets.form_of(row)
    sheet = Sheet(
        form=form,
        data=values.gather(form, row),
        head=head_of(request, row.unit, row.number, row.clause),
        address=lambda one: reverse("people:print_request", args=[pk, one]),
        back=_back(pk),
    )
    return answer(request, sheet, kind)


@staff_required()
def print_week(request: StaffRequest, monday: str, kind: str) -> HttpResponse:
    """F004-07: the feedback sheet of one's own week; a day that is none shows this week's."""
    home = request.user.party.unit
    if home is None:
        raise Http404
    today = calendars.local_day(clock.now(), home.pk)
    try:
        day = dt.date.fromisoformat(monday)
    except ValueError:
        day = today
    day -= dt.timedelta(days=day.weekday())
    found = queries.week_sheet(access.scope(request.user), request.user.party, home, day)
    sheet = Sheet(
        form=sheets.WEEK,
        data=values.gather(sheets.WEEK, found),
        head=head_of(request, home, f"{request.user.party} {day}"),
        address=lambda one: reverse("people:print_week", args=[day.isoformat(), one]),
        back=reverse("people:requests"),
    )
    return answer(request, sheet, kind)
