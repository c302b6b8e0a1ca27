"""Where a customer becomes a member without standing at the counter (F003-14)."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import path, reverse
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from zhike.channels import doors, rates
from zhike.channels.portal import count
from zhike.customers.actions import CannotCreate
from zhike.kernel import clock
from zhike.kernel.parties.system import system_party

from . import members
from .forms import MemberForm
from .rules import units_with_rules

NEW = rates.Rate("portal-member", most=10, seconds=3600)

doors.open_door(
    doors.Door(
        "member_portal:shops",
        gettext_lazy("Become a member"),
        gettext_lazy("Say your name and mobile phone; your card waits at the counter."),
        "id-badge-2",
        40,
    )
)


@require_safe
@never_cache
def choose(request: HttpRequest) -> HttpResponse:
    """Choose the shop; where there is one only, it is chosen."""
    found = units_with_rules(clock.now())
    if len(found) == 1:
        return HttpResponseRedirect(reverse("member_portal:new", args=[found[0].pk]))
    return render(request, "customers/dossier/portal_shops.html", {"shops": found})


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def new(request: HttpRequest, unit: int) -> HttpResponse:
    """The form; the answer is the same whether the number was known or not."""
    now = clock.now()
    shop = next((one for one in units_with_rules(now) if one.pk == unit), None)
    if shop is None:
        return HttpResponseRedirect(reverse("member_portal:shops"))
    form = MemberForm(request.POST if request.method == "POST" else None)
    page: dict[str, Any] = {"form": form, "shop": shop}
    if request.method != "POST":
        return render(request, "customers/dossier/portal_member.html", page)
    try:
        count(request, NEW, now)
    except rates.TooOften as refusal:
        form.add_error(None, str(refusal))
        response = render(request, "customers/dossier/portal_member.html", page)
        response.status_code = 429
        response["Retry-After"] = str(refusal.wait)
        return response
    if form.is_valid():
        given = {key: value for key, value in form.cleaned_data.items() if key != "agrees"}
        try:
            members.register(unit=shop, by=system_party("portal"), now=now, seen=False, **given)
        except CannotCreate as refusal:
            form.add_error(None, str(refusal))
        else:
            return render(request, "customers/dossier/portal_done.html", {"shop": shop})
    return render(request, "customers/dossier/portal_member.html", page)


urlpatterns = [
    path("", choose, name="shops"),
    path("new/<int:unit>/", new, name="new"),
]
