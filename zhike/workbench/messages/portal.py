"""Where a customer leaves a message and later reads the answer, without an account."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core import signing
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import path, reverse
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from zhike.channels import doors, rates
from zhike.channels.portal import count
from zhike.kernel import clock
from zhike.workbench.models import CustomerMessage

from . import actions, queries
from .places import houses_that_answer

NEW = rates.Rate("portal-message", most=10, seconds=3600)
SALT = "customer-message"

doors.open_door(
    doors.Door(
        "message_portal:houses",
        gettext_lazy("Leave a message"),
        gettext_lazy("Ask or tell us something; the answer stands on your page."),
        "message-2",
        30,
    )
)


class MessageForm(forms.Form):
    name = forms.CharField(label=gettext_lazy("Name"), max_length=60)
    phone = forms.CharField(label=gettext_lazy("Telephone"), max_length=40)
    email = forms.EmailField(
        label=gettext_lazy("E-mail"),
        required=False,
        help_text=gettext_lazy("If you write your address, the answer comes there too."),
    )
    text = forms.CharField(
        label=gettext_lazy("Message"), max_length=2000, widget=forms.Textarea(attrs={"rows": 5})
    )


@require_safe
@never_cache
def houses(request: HttpRequest) -> HttpResponse:
    found = houses_that_answer(clock.now())
    if len(found) == 1:
        return HttpResponseRedirect(reverse("message_portal:new", args=[found[0].pk]))
    return render(request, "workbench/messages/portal_houses.html", {"shops": found})


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def new(request: HttpRequest, unit: int) -> HttpResponse:
    now = clock.now()
    shop = next((one for one in houses_that_answer(now) if one.pk == unit), None)
    if shop is None:
        return HttpResponseRedirect(reverse("message_portal:houses"))
    form = MessageForm(request.POST if request.method == "POST" else None)
    page: dict[str, Any] = {"form": form, "shop": shop}
    status = 200
    if request.method == "POST":
        try:
            count(request, NEW, now)
            if form.is_valid():
                row = actions.write_in(unit=shop, now=now, **form.cleaned_data)
                return HttpResponseRedirect(
                    reverse("message_portal:read", args=[signing.dumps(row.pk, salt=SALT)])
                )
        except actions.CannotTake as refusal:
            form.add_error(None, str(refusal))
        except rates.TooOften as refusal:
            form.add_error(None, str(refusal))
            status = 429
    return render(request, "workbench/messages/portal_new.html", page, status=status)


@require_safe
@never_cache
def read(request: HttpRequest, token: str) -> HttpResponse:
    """Message and answer, for whoever has the address that the customer was given."""
    try:
        pk = signing.loads(token, salt=SALT)
    except signing.BadSignature as wrong:
        raise Http404 from wrong
    row = CustomerMessage.objects.select_related("interaction").filter(pk=pk).first()
    if row is None:
        raise Http404
    return render(request, "workbench/messages/portal_read.html", {"row": row, "talk": queries.talk(row)})


urlpatterns = [
    path("", houses, name="houses"),
    path("new/<int:unit>/", new, name="new"),
    path("read/<str:token>/", read, name="read"),
]
