"""The shell of the portal: its first page, and the count that keeps visitors from trying too often."""

from __future__ import annotations

import datetime as dt

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from . import rates
from .doors import doors


@require_safe
@never_cache
def home(request: HttpRequest) -> HttpResponse:
    """What a customer can do here."""
    return render(request, "channels/home.html", {"doors": doors()})


def count(request: HttpRequest, rate: rates.Rate, now: dt.datetime) -> None:
    """Count one attempt by address and by session. Raises TooOften; the form is shown again with status 429."""
    rates.count(rate, f"address {rates.address_of(request.META)}", now)
    if request.session.session_key:
        rates.count(rate, f"session {request.session.session_key}", now)
