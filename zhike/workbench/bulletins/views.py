"""Drafting a bulletin (ST002-46)."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from zhike.kernel import clock
from zhike.kernel.tallies.periods import Kind, Period
from zhike.kernel.worktime import arithmetic
from zhike.manuals.information import access as information
from zhike.manuals.information.actions import CannotPublish
from zhike.people.access import StaffRequest, staff_required
from zhike.people.requests import access as requests_access
from zhike.people.requests import queries as requests
from zhike.ui.deeds import deed, typed

from . import drafting
from .forms import BulletinForm


@staff_required(information.PUBLISH)
def bulletin(request: StaffRequest) -> HttpResponse:
    """A period is chosen; the records begin the text, its writer completes and publishes it."""
    now, tz = clock.now(), settings.TIME_ZONE
    asked = requests.requests(requests_access.scope(request.user)).filter(kind="ENQUIRY", state="OPEN")
    today = arithmetic.local_date(now, tz)
    form = BulletinForm(typed(request), enquiries=asked, initial={"day": today})

    def do(kind: str, day: Any, enquiry: Any) -> str:
        party = request.user.party
        if party.unit is None:
            raise CannotPublish(_("You belong to no unit."))
        row = drafting.draft(
            scope=information.scope(request.user), unit=party.unit, period=Period.around(Kind(kind), day, tz),
            by=party, now=now, enquiry=enquiry,
        )  # fmt: skip
        return reverse("manuals:information_item", args=[row.pk])

    return deed(
        request, form, do, refused=CannotPublish, back=reverse("manuals:information_sent"),
        title=_("Draft a bulletin"), submit=_("Draft"), said=_("The records have begun the text; complete and publish it."),
    )  # fmt: skip
