"""Addresses for the tests of the frame: no trade is mounted."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponseBase
from django.urls import include, path

from zhike.kernel.parties.models import Party
from zhike.ui import lists

from .cast import NOW, PEOPLE


def people(request: HttpRequest) -> HttpResponseBase:
    return lists.answer(request, PEOPLE, Party.objects.all(), "ui/list.html", now=NOW)


urlpatterns = [
    path("people/", people),
    path("ui/", include("zhike.ui.urls")),
    path("i18n/", include("django.conf.urls.i18n")),
]
