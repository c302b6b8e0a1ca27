"""Registering a member at the counter."""

from __future__ import annotations

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from zhike.customers import access, queries
from zhike.customers.actions import CannotCreate
from zhike.customers.dossier import forms, members
from zhike.kernel import clock
from zhike.people.access import StaffRequest, staff_required
from zhike.ui import answers


@staff_required("customer.edit")
@require_http_methods(["GET", "POST"])
def register_member(request: StaffRequest) -> HttpResponse:
    unit = request.user.party.unit
    first = {"unit": queries.house(unit) if unit else None}
    units = access.units_to_create_in(request.user)
    form = forms.MemberHereForm(request.POST or None, units=units, initial=first)
    if request.method == "POST" and form.is_valid():
        given = {key: value for key, value in form.cleaned_data.items() if key != "agrees"}
        try:
            done = members.register(by=request.user.party, now=clock.now(), **given)
        except CannotCreate as refusal:
            form.add_error(None, str(refusal))
        else:
            said = _("%(name)s is a member; card %(card)s.") % {"name": done.customer.name, "card": done.card}
            return answers.go(request, done.customer, message=said)
    context = {"form": form, "back": reverse("customers:list")}
    return answers.again(request, "customers/dossier/member.html", context)
