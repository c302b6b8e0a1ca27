from __future__ import annotations

from typing import Any

from axes.helpers import get_cool_off
from django.conf import settings
from django.contrib.auth import authenticate, login, logout
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render, resolve_url
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import ensure_csrf_cookie
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from zhike.kernel import clock
from zhike.people import forms, queries
from zhike.people.models import User

_BACKEND = "django.contrib.auth.backends.ModelBackend"
_MONTH = 30 * 24 * 60 * 60
# What the sign-in page shows of the product: one ruling, in the words of the mall's regulation.
EXAMPLE = {
    "outcome": _lazy("Handled by the store manager"),
    "clause": "三(五)1",
    "text": "食物中毒、变质过期食品、安全、建筑设施或者叉车擦伤顾客的投诉，由店长处理。",
    "manual": "《商场顾客投诉处理规定》· 处理权限 第 2 行",
    "values": "",  # a dictionary would answer with its method
}


@sensitive_post_parameters("password")
@never_cache
@ensure_csrf_cookie
def sign_in(request: HttpRequest) -> HttpResponse:
    """User name or work telephone, and the password. Five wrong tries lock for a quarter of an hour."""
    if request.user.is_authenticated:
        return HttpResponseRedirect(_next(request))
    form = forms.SignInForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        user = authenticate(
            request,
            username=queries.username_of(form.cleaned_data["username"]),
            password=form.cleaned_data["password"],
        )
        if isinstance(user, User):
            login(request, user)
            if form.cleaned_data["remember"]:
                request.session.set_expiry(_MONTH)
            return _in_own_look(HttpResponseRedirect(_next(request)), user)
        form.add_error(None, _("User name or password is wrong."))
    return render(request, "people/sign_in.html", _page(request, form))


@require_POST
def demo_sign_in(request: HttpRequest) -> HttpResponse:
    """One click signs in as a role of the demonstration; outside demo mode this address does not exist."""
    if not settings.DEMO:
        raise Http404
    users = [row.party_id for row in queries.demo_roles(clock.now())]
    user = get_object_or_404(User, pk__in=users, username=request.POST.get("as", ""))
    login(request, user, backend=_BACKEND)
    return _in_own_look(HttpResponseRedirect(_next(request)), user)


@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    logout(request)
    return HttpResponseRedirect(resolve_url("people:sign_in"))


def locked_out(request: HttpRequest, *_more: Any) -> HttpResponse:
    """Too many wrong passwords: status 429, one sentence with the waiting time. Called by axes."""
    wait = get_cool_off(request)
    minutes = max(1, round(wait.total_seconds() / 60)) if wait else 0
    response = render(request, "people/locked_out.html", {"minutes": minutes}, status=429)
    if wait:
        response["Retry-After"] = str(int(wait.total_seconds()))
    return response


def _page(request: HttpRequest, form: forms.SignInForm) -> dict[str, Any]:
    roles = []
    if settings.DEMO:
        for row in queries.demo_roles(clock.now()):
            user = row.party.user
            note = f"{row.post.label} · {row.unit.label}"
            roles.append({"key": user.username, "name": row.party.name, "tint": row.party_id, "note": note})
    return {
        "form": form,
        "house": queries.house_name(),
        "roles": roles,
        "example": EXAMPLE,
        "next": request.POST.get("next") or request.GET.get("next", ""),
    }


def _next(request: HttpRequest) -> str:
    """Where the person wanted to go, if that is a page of this house."""
    wanted = request.POST.get("next") or request.GET.get("next", "")
    safe = url_has_allowed_host_and_scheme(
        wanted, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return wanted if safe else resolve_url(settings.LOGIN_REDIRECT_URL)


def _in_own_look(response: HttpResponse, user: User) -> HttpResponse:
    """The person's language and theme on this browser from now on."""
    response.set_cookie(
        settings.LANGUAGE_COOKIE_NAME, user.language, max_age=365 * 24 * 60 * 60, samesite="Lax"
    )
    if user.theme:
        response.set_cookie("zk_theme", user.theme, max_age=365 * 24 * 60 * 60, samesite="Lax")
    return response
