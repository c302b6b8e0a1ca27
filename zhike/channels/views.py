"""Pages of an administrator: keys of the API."""

from __future__ import annotations

import datetime as dt

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from zhike.kernel import clock
from zhike.kernel.worktime import calendars
from zhike.kernel.worktime.arithmetic import local_date
from zhike.people.access import StaffRequest, staff_required
from zhike.ui import answers

from . import access, actions, forms, queries

YEAR, SECOND = dt.timedelta(days=365), dt.timedelta(seconds=1)


@require_safe
@staff_required(access.MANAGE)
def tokens(request: StaffRequest) -> HttpResponse:
    """Every key, with its end and its last use."""
    now = clock.now()
    rows = list(queries.tokens(access.scope(request.user)))
    for row in rows:
        row.good = row.is_good(now)  # type: ignore[attr-defined]
        if row.expires_at is not None:  # the end is excluded; people read the last day
            row.last_on = local_date(row.expires_at - SECOND, _zone(request))  # type: ignore[attr-defined]
    return render(request, "channels/tokens.html", {"tokens": rows, "labels": actions.SCOPES})


@require_http_methods(["GET", "HEAD", "POST"])
@staff_required(access.MANAGE)
@never_cache
def new_token(request: StaffRequest) -> HttpResponse:
    """Make a key; the answer shows its secret, once."""
    now = clock.now()
    today = _today(request, now)
    form = forms.TokenForm(
        request.POST or None,
        scope=access.scope(request.user),
        today=today,
        initial={"expires_on": today + YEAR},
    )
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        end = dt.datetime.combine(
            given["expires_on"] + dt.timedelta(days=1), dt.time(), tzinfo=_zone(request)
        )
        try:
            token, secret = actions.make_token(
                party=given["person"].party,
                name=given["name"],
                scopes=given["scopes"],
                expires_at=end,
                by=request.user.party,
                now=now,
            )
        except actions.CannotMakeToken as refusal:
            form.add_error(None, str(refusal))
        else:
            return render(request, "channels/token_made.html", {"token": token, "secret": secret})
    context = {"form": form, "back": reverse("channels:tokens"), "submit": _("Make the key")}
    return render(request, "channels/token_new.html", context)


@require_POST
@staff_required(access.MANAGE)
def revoke_token(request: StaffRequest, pk: int) -> HttpResponse:
    """The key stops working at once."""
    token = access.token_for(request.user, pk)
    then = reverse("channels:tokens")
    try:
        actions.revoke_token(token=token, by=request.user.party, now=clock.now())
    except actions.CannotRevokeToken as refusal:
        return answers.refuse(request, str(refusal), then=then)
    return answers.go(request, then, message=_("The key “%(name)s” works no more.") % {"name": token.name})


def _zone(request: StaffRequest) -> dt.tzinfo:
    return calendars.calendar_for(request.user.party.unit_id or 0).zone


def _today(request: StaffRequest, now: dt.datetime) -> dt.date:
    return calendars.local_day(now, request.user.party.unit_id or 0)
