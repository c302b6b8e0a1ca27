"""Pages of grumbles: the list, the quick entry, one grumble, the figures."""

from __future__ import annotations

import datetime as dt
import secrets
from functools import partial
from typing import Any

from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from zhike.complaints import queries as complaints
from zhike.complaints import questions
from zhike.complaints.grumbles import access, actions, forms, queries, sheets
from zhike.complaints.grumbles.models import Grumble
from zhike.complaints.regime import Regime, regime_on
from zhike.complaints.views._print import _head
from zhike.complaints.views.list_parts import units as units_of_list
from zhike.customers.access import customers_of
from zhike.customers.actions import CannotCreate
from zhike.customers.models import Customer
from zhike.kernel import clock
from zhike.kernel.parties.models import Unit
from zhike.kernel.records import values
from zhike.kernel.worktime import calendars
from zhike.people import access as people
from zhike.people.access import StaffRequest, staff_required
from zhike.ui import answers, lists, paper
from zhike.ui.deeds import deed, typed

from ._list import GRUMBLES


@staff_required(access.SEE)
def index(request: StaffRequest) -> HttpResponseBase:
    """The list of grumbles."""
    scope = access.scope(request.user)
    return lists.answer(
        request,
        GRUMBLES,
        queries.grumbles(scope),
        "complaints/grumbles/list.html",
        now=clock.now(),
        context={"may_record": people.may(request.user, access.RECORD)},
        halves=queries.halves(scope),
    )


@staff_required(access.RECORD)
def new(request: StaffRequest) -> HttpResponse:
    """The quick entry: text, source, who it was; all else may stay empty."""
    units = _units(request)
    regime = _regime(units[0].pk) if units else None
    items = regime.choices(questions.ITEMS) if regime else []
    known = _customer(request)
    initial = {"source": Grumble.Source.PHONE, "token": secrets.token_urlsafe(16)}
    if known is not None:
        initial |= {"customer": str(known.pk), "name": known.name}
    data = typed(request)
    form = forms.RecordForm(data, initial=initial, units=units, items=items)
    if request.method == "POST" and form.is_valid():
        given = dict(form.cleaned_data)
        token = given.pop("token")
        given.pop("customer")
        if known is not None and given["name"] in {"", known.name}:
            given |= {"customer": known, "name": "", "phone": ""}
        key = f"staff:{token}" if token else None
        try:
            grumble = actions.record(by=request.user.party, now=clock.now(), request_key=key, **given)
        except actions.CannotRecord as refusal:
            form.add_error(None, str(refusal))
        except CannotCreate as refusal:
            form.add_error("phone" if given.get("phone") else "name", str(refusal))
        else:
            return answers.go(
                request, grumble, message=_("%(number)s is recorded.") % {"number": grumble.number}
            )
    context = {"form": form, "back": reverse("grumbles:list")}
    return answers.again(request, "complaints/grumbles/new.html#form", context)


def _units(request: StaffRequest) -> list[Unit]:
    """Where the person records, one's own place first."""
    wanted = request.POST.get("unit") or request.GET.get("unit") or ""
    home = request.user.party.unit_id
    near = people.standing(request.user).place.of(home) if home else None
    rows = complaints.units_to_take(people.scope_of(request.user, access.RECORD))
    return sorted(rows, key=lambda unit: (str(unit.pk) != wanted, unit.pk != near, unit.path))


def _regime(unit: int) -> Regime | None:
    return regime_on(unit, calendars.local_day(clock.now(), unit))


def _customer(request: StaffRequest) -> Customer | None:
    """The customer from whose page one comes, or whom the look-up found; only if the person may see them."""
    wanted = (request.POST if request.method == "POST" else request.GET).get("customer", "")
    return customers_of(request.user).filter(pk=int(wanted)).first() if wanted.isdecimal() else None


@staff_required(access.SEE)
def detail(request: StaffRequest, pk: int) -> HttpResponse:
    """One grumble."""
    return answers.page(request, "complaints/grumbles/detail.html", _context(request, pk))


@staff_required(access.SEE)
def drawer(request: StaffRequest, pk: int) -> HttpResponse:
    """A short look without leaving the list."""
    return render(request, "complaints/grumbles/drawer.html", _context(request, pk))


def _context(request: StaffRequest, pk: int) -> dict[str, Any]:
    grumble = access.grumble_for(request.user, pk)
    regime = _regime(grumble.unit_id)
    item = regime.label(questions.ITEMS, grumble.item) if regime and grumble.item else grumble.item
    sees = complaints.complaints(access.scope(request.user))
    return {
        "grumble": grumble,
        "may": access.may(request.user, grumble),
        "sees_complaint": grumble.complaint_id is not None and sees.filter(pk=grumble.complaint_id).exists(),
        "sees_customer": grumble.customer is not None
        and people.scope_of(request.user, "customer.see").sees_unit(grumble.customer.unit_id),
        "properties": [
            (_("Heard"), grumble.get_source_display()),
            (_("Item"), item),
            (_("Recorded by"), grumble.by.name),
            (_("Unit"), grumble.unit.label),
            (_("Contact again on"), grumble.again_on.isoformat() if grumble.again_on else ""),
            (_("Settled by"), grumble.settled_by.name if grumble.settled_by else ""),
        ],
    }


@staff_required(access.SEE)
def settle(request: StaffRequest, pk: int) -> HttpResponse:
    """Say what was done, and ask whether there is anything else."""
    grumble = access.grumble_for(request.user, pk, to="settle")
    form = forms.SettleForm(typed(request))
    return deed(
        request,
        form,
        partial(actions.settle, grumble=grumble, by=request.user.party, now=clock.now()),
        refused=actions.CannotSettle,
        back=grumble,
        title=_("Settle the grumble"),
        submit=_("Settle"),
        said=_("The grumble is settled."),
    )


@staff_required(access.SEE)
def print_record(request: StaffRequest, pk: int, kind: str) -> HttpResponse:
    """F001-38: on the screen as it prints, or as PDF, Word or Excel."""
    grumble = access.grumble_for(request.user, pk)
    sheet = paper.Sheet(
        form=sheets.RECORD,
        data=values.gather(sheets.RECORD, sheets.Filled(grumble, _regime(grumble.unit_id))),
        head=_head(request, grumble.unit, grumble.number, None, ""),
        address=lambda kind: reverse("grumbles:print", args=[pk, kind]),
        back=reverse("grumbles:detail", args=[pk]),
    )
    return paper.answer(request, sheet, kind)


@staff_required("report.see")
def report(request: StaffRequest) -> HttpResponse:
    """Known grumbles of a month, and how many are estimated to be unknown (R001-135)."""
    home = request.user.party.unit_id or 0
    zone, today = calendars.calendar_for(home).zone, calendars.local_day(clock.now(), home)
    month, problem = today.replace(day=1), ""
    if asked := request.GET.get("month", ""):
        try:
            month = dt.date.fromisoformat(f"{asked}-01")
        except ValueError:
            problem = _("“%(text)s” is not a month such as 2026-09.") % {"text": asked[:20]}
    following = (month + dt.timedelta(days=32)).replace(day=1)
    since, until = (dt.datetime(day.year, day.month, 1, tzinfo=zone) for day in (month, following))
    stores = units_of_list(request)
    unit = request.GET.get("unit", "")
    chosen = int(unit) if unit in {code for code, _label in stores} else None
    found = queries.figures(
        access.scope(request.user),
        since=since,
        until=until,
        unit=chosen or home,
        day=today,
        only=chosen,
    )
    context = {
        "figures": found,
        "percent": f"{found.share * 100:.0f}" if found.share else "",
        "month": f"{month:%Y-%m}",
        "before": f"{month - dt.timedelta(days=1):%Y-%m}",
        "after": f"{following:%Y-%m}",
        "query": f"at_from={month}&at_to={following - dt.timedelta(days=1)}&sort=-at"
        + (f"&unit={unit}" if chosen else ""),
        "stores": stores,
        "unit": unit,
        "problem": problem,
    }
    return render(request, "complaints/grumbles/report.html", context)
