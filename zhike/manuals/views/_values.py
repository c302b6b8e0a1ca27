"""Figures of units: where they differ from the manual, and how a change of them begins."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _

from zhike.kernel import clock
from zhike.kernel.parties.models import Unit
from zhike.kernel.policy import inforce
from zhike.kernel.worktime import calendars
from zhike.manuals import access, actions, forms_gate, queries
from zhike.manuals.models import Revision
from zhike.people import access as people
from zhike.people.access import StaffRequest, staff_required
from zhike.ui import answers


@staff_required()
def values(request: StaffRequest) -> HttpResponse:
    """Where units differ from their manuals: open to all staff, as the regulations are."""
    now = clock.now()
    day = calendars.local_day(now, request.user.party.unit_id or 0)
    key = request.GET.get("key", "")
    found = queries.unit_differences(day)
    keys = {one.version.key: one.version for one in found}
    installed = queries.installed_versions(day)
    chosen = installed.get(key)
    places = []
    if chosen is not None and people.may(request.user, access.INSTALL):
        units = access.units_to_install_in(request.user)
        mine = set(units.values_list("pk", flat=True))
        places = [unit for unit in queries.houses_of(key) if unit.pk in mine]
    context = {
        "rows": [one for one in found if not key or one.version.key == key],
        "manuals": sorted(installed.values(), key=lambda one: (one.key != key, one.key not in keys)),
        "differing": set(keys),
        "chosen": chosen,
        "places": places,
        "today": day,
    }
    return render(request, "manuals/values.html", context)


@staff_required(access.INSTALL)
def parameters(request: StaffRequest, key: str, unit: int) -> HttpResponse:
    """Begin to change a unit's own figures, or go on with the draft: the change then goes through the gate."""
    place = get_object_or_404(Unit, pk=unit)
    if not people.may(request.user, access.INSTALL, place):
        raise PermissionDenied(access.INSTALL)
    now = clock.now()
    day = calendars.local_day(now, place.pk)
    version, known = queries.values_of(place, key, day)
    if version is None:
        raise Http404
    draft = queries.open_change(key, place)
    asked = draft is not None and draft.state == Revision.State.ASKED
    coming = {one.name: one.coming for one in queries.unit_differences(day, key=key, unit=place.pk)}
    form = _form(request, known, draft, coming)
    if request.method == "POST" and not asked and form.is_valid():
        given: dict[str, Any] = {
            "values": form.chosen(),
            "by": request.user.party,
            "now": now,
            **form.given(),
        }
        try:
            if draft is None:
                draft = actions.begin_values(key=key, unit=place, **given)
            else:
                seen = form.cleaned_data.get("seen")
                actions.save_values(revision=draft, seen=seen, **given)
        except actions.CannotRevise as refusal:
            if not form.blame(inforce.manual_of(version.pk)):
                form.add_error(None, str(refusal))
        else:
            return answers.go(
                request, reverse("manuals:gate", args=[draft.pk]), message=_("Saved. Look at the effect, then hand it in.")
            )  # fmt: skip
    context = {
        "form": form, "rows": form.rows(queries.inherited(key, place.pk, day), coming),
        "version": version, "unit": place,
        "draft": draft, "asked": asked, "title": _("Values of %(unit)s") % {"unit": place.label},
        "back": f"{reverse('manuals:values')}?key={key}",
    }  # fmt: skip
    return answers.again(request, "manuals/parameters.html", context)


def _form(
    request: StaffRequest, known: list[queries.Value], draft: Revision | None, coming: Mapping[str, Any]
) -> forms_gate.ValuesForm:
    """What is approved for days to come is typed in already, so that a change of another figure keeps it."""
    if request.method == "POST":
        return forms_gate.ValuesForm(request.POST, values=known)
    if draft is None:
        held = {f"p{n}": coming[one.name][-1][1] for n, one in enumerate(known) if coming.get(one.name)}
        return forms_gate.ValuesForm(values=known, initial=held)
    initial: dict[str, Any] = {
        f"p{number}": draft.values.get(value.name, "") for number, value in enumerate(known)
    }
    initial |= {"reason": draft.reason, "effective_on": draft.effective_on, "seen": draft.revision}
    return forms_gate.ValuesForm(values=known, initial=initial)
