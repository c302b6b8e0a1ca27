from __future__ import annotations

from collections.abc import Callable
from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.cache import patch_vary_headers

from . import flash, menu

POLICY = (
    "default-src 'self'; img-src 'self' data: blob:; object-src 'none'; base-uri 'self'; "
    "frame-ancestors 'none'; form-action 'self'"
)


class ContentSecurityMiddleware:
    """A strict policy on every answer: nothing inline, nothing from elsewhere.

    It also ends two stories of the answers that only the outermost layer can end: a message that was shown is
    taken away, and a lost sign-in sends the whole page of an htmx request to the sign-in, not only its part.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        response.headers.setdefault("Content-Security-Policy", POLICY)
        # a part and its page share an address: without this the Back button of a browser shows a bare part
        patch_vary_headers(response, ("HX-Request", "HX-Target"))
        response.headers.setdefault("Permissions-Policy", "geolocation=(self), camera=(self), microphone=()")
        if getattr(request, "zk_heard", False) and flash.COOKIE not in response.cookies:
            response.delete_cookie(flash.COOKIE, samesite="Lax")
        if request.headers.get("HX-Request") == "true" and response.status_code in {301, 302, 303}:
            return _out_of_htmx(request, response)
        return response


def _out_of_htmx(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """A redirect to the sign-in as HX-Redirect, coming back to the page and not to the part."""
    target = response.headers.get("Location", "")
    sign_in = menu.address(settings.LOGIN_URL) or settings.LOGIN_URL
    if target.partition("?")[0] != sign_in:
        return response
    answer = HttpResponse()
    here = request.htmx.current_url_abs_path if hasattr(request, "htmx") else None
    answer["HX-Redirect"] = f"{sign_in}?{urlencode({'next': here})}" if here else target
    answer["Content-Security-Policy"] = POLICY
    return answer
