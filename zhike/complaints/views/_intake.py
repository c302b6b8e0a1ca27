from __future__ import annotations

import secrets
from functools import partial
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from zhike.complaints import actions, forms, queries
from zhike.complaints.alike import Alike
from zhike.complaints.grumbles.access import grumble_for
from zhike.complaints.grumbles.actions import CannotTurn, turn_into_complaint
from zhike.complaints.grumbles.models import Grumble
from zhike.complaints.regime import Regime, regime_at
from zhike.complaints.trial import who_would_handle
from zhike.customers.access import customers_of
from zhike.customers.actions import CannotCreate
from zhike.customers.models import Customer
from zhike.kernel import clock
from zhike.kernel.parties.held import held
from zhike.kernel.parties.models import Unit
from zhike.kernel.policy.ask import NoRow
from zhike.kernel.policy.inforce import NoManual
from zhike.kernel.records.attachments import AttachmentRefusal
from zhike.people import access as people
from zhike.people.access import StaffRequest, staff_required
from zhike.ui import answers

from ._joining import alike_to_form


@held
@staff_required("complaint.take")
def new(request: StaffRequest) -> HttpResponse:
    """Register a complaint."""
    place = _place(request)
    if place is None:
        return render(request, "complaints/no_manual.html", {"units": _units(request)}, status=200)
    units, unit, regime = place
    form = _form(request, units, unit, regime)
    if request.method == "POST" and form.is_valid():
        given = dict(form.cleaned_data)
        files, token = given.pop("attachments"), given.pop("token")
        given.pop("customer")
        given.pop("grumble")
        changed = given.pop("circumstances_changed")
        if not changed:
            given["circumstances"] = None
        known = _customer(request)
        if known is not None and given["name"] in {"", known.name}:
            given |= {"customer": known, "name": "", "phone": ""}
        grumble = _grumble(request)
        register = partial(turn_into_complaint, grumble=grumble) if grumble else actions.register
        try:
            complaint = register(
                by=request.user.party,
                now=clock.now(),
                files=files,
                request_key=f"staff:{token}" if token else None,
                suggested=request.POST.get("suggested", ""),
                **given,
            )
        except (actions.CannotOpen, CannotTurn, NoManual, NoRow) as refusal:
            form.add_error(None, str(refusal))
        except CannotCreate as refusal:
            form.add_error("phone" if given.get("phone") else "name", str(refusal))
        except AttachmentRefusal as refusal:
            form.add_error("attachments", str(refusal))
        else:
            told = _("%(number)s is registered.") % {"number": complaint.number}
            if complaint.handler is not None:
                told += " " + _("%(name)s handles it under clause %(clause)s.") % {
                    "name": complaint.handler.name,
                    "clause": complaint.clause,
                }
            return answers.go(request, complaint, message=told)
    context = {
        "form": form,
        "regime": regime,
        "unit": unit,
        "grumble": _grumble(request),
        "back": reverse("complaints:list"),
    }
    return answers.again(request, "complaints/new.html#form", context)


@staff_required("complaint.take")
@require_POST
def preview(request: StaffRequest) -> HttpResponse:
    """Who would handle what is typed so far, under which clause, and what it may repeat; nothing is stored."""
    place = _place(request)
    context: dict[str, Any] = {}
    found: list[Alike] = []
    if place is not None:
        units, unit, regime = place
        form = _form(request, units, unit, regime)
        form.is_valid()
        given = form.cleaned_data
        context = who_would_handle(
            regime,
            item=given.get("item") or "",
            value=given.get("value"),
            circumstances=given.get("circumstances") if given.get("circumstances_changed") else None,
            accused_level=given.get("accused_level") or "",
            accused=given["accused"].pk if given.get("accused") else None,
            channel=given.get("channel") or "",
            more=given.get("more"),
            now=clock.now(),
        )
        found = alike_to_form(request, regime, unit, _customer(request), given)
    return render(request, "complaints/new.html#preview", {"trial": context, "alike": found})


def _units(request: StaffRequest) -> list[Unit]:
    return queries.units_to_take(people.scope_of(request.user, "complaint.take"))


def _place(request: StaffRequest) -> tuple[list[Unit], Unit, Regime] | None:
    """The stores in reach, and the one the complaint is about: the one chosen, else the first with a regulation."""
    wanted = request.POST.get("unit") or request.GET.get("unit") or ""
    units = _units(request)
    near = (
        people.standing(request.user).place.of(request.user.party.unit_id or 0)
        if request.user.party.unit_id
        else None
    )
    for unit in sorted(units, key=lambda unit: (str(unit.pk) != wanted, unit.pk != near, unit.path)):
        try:
            return units, unit, regime_at(unit.pk, clock.now())
        except NoManual:
            continue
    return None


def _form(request: HttpRequest, units: list[Unit], unit: Unit, regime: Regime) -> forms.IntakeForm:
    parts: dict[str, Any] = {
        "regime": regime,
        "units": units,
        "staff": queries.staff_near(unit.pk),
        "now": clock.now(),
    }
    if request.method == "POST":
        return forms.IntakeForm(request.POST, request.FILES, **parts)
    initial = {"unit": unit.pk, "token": secrets.token_urlsafe(16), "channel": regime.channels[0][0]}
    known = _customer(request)
    if (grumble := _grumble(request)) is not None:
        initial |= {"grumble": grumble.pk, "text": grumble.text, "item": grumble.item}
        if grumble.source in dict(regime.channels):
            initial["channel"] = grumble.source
        if grumble.customer is not None:
            known = customers_of(request.user).filter(pk=grumble.customer_id).first()  # type: ignore[arg-type]
    if known is not None:
        initial |= {"customer": known.pk, "name": known.name}
    return forms.IntakeForm(initial=initial, **parts)


def _grumble(request: HttpRequest) -> Grumble | None:
    """The grumble that becomes this complaint, through its gate."""
    user: Any = request.user
    wanted = (request.POST if request.method == "POST" else request.GET).get("grumble", "")
    if not wanted.isdecimal() or len(wanted) > 17:
        return None
    return grumble_for(user, int(wanted))


def _customer(request: HttpRequest) -> Customer | None:
    """The customer from whose page one comes, or whom the look-up found; only if the person may see them."""
    user: Any = request.user
    wanted = (request.POST if request.method == "POST" else request.GET).get("customer", "")
    return customers_of(user).filter(pk=int(wanted)).first() if wanted.isdecimal() else None
