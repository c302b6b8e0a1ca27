"""One message for the next page: kept in a signed cookie, shown once, then gone.

A cookie and not the session, so that an action writes no session row; the browser cannot forge it.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.core import signing
from django.http import HttpRequest, HttpResponse

COOKIE = "zk_said"
_SALT = "zhike.ui.flash"
_SECONDS = 120
KINDS = {"met", "late", "run", "brand"}


@dataclass(frozen=True)
class Said:
    """`kind`: met (done), late (refused), run (mind this), brand (to know)."""

    text: str
    kind: str = "met"


def say(response: HttpResponse, text: str, kind: str = "met") -> HttpResponse:
    """Let the next page of this browser show `text` (cut at 600 characters)."""
    if text:
        value = signing.dumps([kind, str(text)[:600]], salt=_SALT, compress=True)
        response.set_cookie(COOKIE, value, max_age=_SECONDS, httponly=True, samesite="Lax")
    return response


def heard(request: HttpRequest) -> list[Said]:
    """What was said to this browser; marks it as shown, so that the middleware takes the cookie away."""
    raw = request.COOKIES.get(COOKIE)
    if not raw:
        return []
    request.zk_heard = True  # type: ignore[attr-defined]
    said = _opened(raw)
    return [] if said is None else [said]


def text_of(raw: str) -> str:
    """What a cookie of `say` says, for who has no browser."""
    said = _opened(raw)
    return "" if said is None else said.text


def _opened(raw: str) -> Said | None:
    try:
        kind, text = signing.loads(raw, salt=_SALT, max_age=_SECONDS)
    except (signing.BadSignature, ValueError, TypeError):
        return None
    return Said(str(text), kind if kind in KINDS else "brand")
