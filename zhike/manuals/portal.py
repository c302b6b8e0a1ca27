"""Public commitments for customers (R002-167): what is promised, how far it was kept, and the way to complain."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import path, reverse
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from zhike.channels import doors
from zhike.kernel import clock

from . import queries
from .queries import Commitment, Kept

doors.open_door(
    doors.Door(
        "commitment_portal:houses",
        gettext_lazy("What we promise"),
        gettext_lazy("Our commitments, and how far we kept them."),
        "shield-check",
        30,
    )
)


@dataclass(frozen=True)
class Shown:
    """One promise as the public sees it; `kept` only where there were enough cases."""

    one: Commitment
    kept: Kept | None


@require_safe
@never_cache
def houses(request: HttpRequest) -> HttpResponse:
    """Choose the house; where there is one only, it is chosen."""
    found = queries.houses_with_commitments(clock.now())
    if len(found) == 1:
        return HttpResponseRedirect(reverse("commitment_portal:commitments", args=[found[0].pk]))
    return render(request, "manuals/portal_houses.html", {"houses": found})


@require_safe
@never_cache
def commitments(request: HttpRequest, unit: int) -> HttpResponse:
    """The promises in force at a house with the figures of the last quarter: a percentage and a count, no more."""
    now = clock.now()
    house = next((one for one in queries.houses_with_commitments(now) if one.pk == unit), None)
    if house is None:
        return HttpResponseRedirect(reverse("commitment_portal:houses"))
    quarter = queries.last_quarter(now)
    shown = []
    for one in queries.commitments(house.pk, now):
        kept = queries.kept(one, house.pk, quarter, now)
        enough = kept.count >= queries.least(house.pk, one.key, now)
        shown.append(Shown(one, kept if enough else None))
    context = {"house": house, "shown": shown, "quarter": quarter}
    return render(request, "manuals/portal_commitments.html", context)


urlpatterns = [
    path("", houses, name="houses"),
    path("<int:unit>/", commitments, name="commitments"),
]
