"""The shell of the API: sign-in by key, refusals in one shape, answers kept for repeated calls.

Routers of the apps (`complaints/api.py` ...) take from here `caller`, `once`, `page`, `Refused`; `config` mounts
them on `api`.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.db.models import Model, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import gettext as _
from ninja import NinjaAPI, Schema
from ninja.errors import AuthenticationError, HttpError, ValidationError
from ninja.security import HttpBearer

from zhike.kernel import clock
from zhike.people.models import User

from . import actions, rates
from .models import ApiToken, KeptAnswer
from .paging import BadCursor, Page, page_of
from .wrongs import sentence

M = TypeVar("M", bound=Model)
log = logging.getLogger(__name__)

PER_TOKEN = rates.Rate("api-token", most=600, seconds=60)
WRONG_KEYS = rates.Rate("api-wrong-key", most=30, seconds=60)
LONGEST_KEY = 80


class Refused(Exception):
    """An answer other than success: `{"error": {"code", "message", "field"}}`."""

    def __init__(self, status: int, code: str, message: str, field: str = "") -> None:
        super().__init__(message)
        self.status, self.code, self.message, self.field = status, code, message, field


@dataclass(frozen=True)
class Caller:
    """For whom a call acts, by which key, when."""

    user: User
    token: ApiToken
    now: dt.datetime


class TokenAuth(HttpBearer):
    """`Authorization: Bearer zk_...`"""

    def authenticate(self, request: HttpRequest, token: str) -> Caller | None:
        now = clock.now()
        found = actions.find_token(token.strip(), now)
        if found is None:
            rates.count_lightly(WRONG_KEYS, rates.address_of(request.META), now)
            return None
        rates.count_lightly(PER_TOKEN, str(found.pk), now)
        return Caller(found.party.user, found, now)


api = NinjaAPI(
    title="Zhike",
    version="1",
    description="Refusals come as `{'error': {'code', 'message', 'field'}}` in the language of Accept-Language.",
    docs_url=None,
    auth=TokenAuth(),
    urls_namespace="api",
)


def caller(request: HttpRequest, scope: str) -> Caller:
    """Who calls, if the key holds the scope. Raises Refused 403."""
    found: Caller = request.auth  # type: ignore[attr-defined]
    if scope not in found.token.scopes:
        raise Refused(403, "scope", _("This key may not do this: it lacks “%(scope)s”.") % {"scope": scope})
    return found


def once(request: HttpRequest, call: Callable[[], Schema], *, status: int = 201) -> HttpResponse:
    """Answer a call that writes; with an Idempotency-Key, exactly once.

    The first answer is kept in the transaction of the call, so that a call that did not end left nothing. The same
    key again gives the same answer (header `Idempotent-Replayed: true`); with another body, 422. A refused call is
    not kept.
    """
    key = request.headers.get("Idempotency-Key", "").strip()
    if not key:
        return _written(call().model_dump_json(), status)
    if len(key) > LONGEST_KEY or not key.isprintable():
        raise Refused(
            422, "idempotency_key", _("The Idempotency-Key must be a line of at most 80 characters.")
        )
    found: Caller = request.auth  # type: ignore[attr-defined]
    digest = _digest(request)
    try:
        with transaction.atomic():
            kept = KeptAnswer.objects.create(token=found.token, key=key, digest=digest, at=found.now)
            kept.body, kept.status = call().model_dump_json(), status
            kept.save(update_fields=["body", "status"])
    except IntegrityError:
        known = KeptAnswer.objects.filter(token=found.token, key=key).first()
        if known is None:
            raise
        return _replayed(known, digest)
    return _written(kept.body, status)


def _replayed(known: KeptAnswer, digest: str) -> HttpResponse:
    if known.digest != digest:
        raise Refused(
            422, "idempotency_key_reused", _("This Idempotency-Key was used for another call already.")
        )
    response = _written(known.body, known.status)
    response["Idempotent-Replayed"] = "true"
    return response


def _written(body: str, status: int) -> HttpResponse:
    return HttpResponse(body, status=status, content_type="application/json; charset=utf-8")


def _digest(request: HttpRequest) -> str:
    """Of method, path and content; files by their bytes, since the boundary of a form differs each time."""
    found = hashlib.sha256(f"{request.method} {request.get_full_path()}\n".encode())
    if request.content_type == "multipart/form-data":
        for name, values in sorted(request.POST.lists()):
            found.update(repr((name, values)).encode())
        for name, files in sorted(request.FILES.lists()):
            for file in files:
                found.update(repr((name, file.name, file.size)).encode())
                for chunk in file.chunks():
                    found.update(chunk)
                file.seek(0)
    else:
        found.update(request.body)
    return found.hexdigest()


def page(rows: QuerySet[M], *, cursor: str, limit: int, moment: str) -> Page[M]:
    """One page of a list. Raises Refused 422 for a strange cursor."""
    try:
        return page_of(rows, cursor=cursor, limit=limit, moment=moment)
    except BadCursor as wrong:
        raise Refused(422, "cursor", str(wrong), "cursor") from wrong


# ---- refusals in one shape


def error(status: int, code: str, message: str, field: str = "") -> JsonResponse:
    return JsonResponse(
        {"error": {"code": code, "message": message, "field": field}},
        status=status,
        json_dumps_params={"ensure_ascii": False},
    )


@api.exception_handler(Refused)
def _refused(request: HttpRequest, wrong: Refused) -> HttpResponse:
    return error(wrong.status, wrong.code, wrong.message, wrong.field)


@api.exception_handler(AuthenticationError)
def _unknown(request: HttpRequest, wrong: AuthenticationError) -> HttpResponse:
    response = error(401, "unauthenticated", _("Send a valid key: Authorization: Bearer zk_…"))
    response["WWW-Authenticate"] = "Bearer"
    return response


@api.exception_handler(rates.TooOften)
def _too_often(request: HttpRequest, wrong: rates.TooOften) -> HttpResponse:
    response = error(429, "too_many", str(wrong))
    response["Retry-After"] = str(wrong.wait)
    return response


@api.exception_handler(Http404)
def _missing(request: HttpRequest, wrong: Http404) -> HttpResponse:
    return error(404, "not_found", _("There is no such thing, or it is not within your scope."))


@api.exception_handler(PermissionDenied)
def _denied(request: HttpRequest, wrong: PermissionDenied) -> HttpResponse:
    return error(403, "forbidden", _("The person for whom this key acts may not do this."))


@api.exception_handler(ValidationError)
def _invalid(request: HttpRequest, wrong: ValidationError) -> HttpResponse:
    first: dict[str, Any] = wrong.errors[0] if wrong.errors else {}
    field, message = sentence(first)
    return error(422, "invalid", message, field)


@api.exception_handler(HttpError)
def _http(request: HttpRequest, wrong: HttpError) -> HttpResponse:
    if wrong.status_code == 400:
        return error(400, "invalid", _("The body is no valid JSON."))
    return error(wrong.status_code, "refused", str(wrong))


@api.exception_handler(Exception)
def _failed(request: HttpRequest, wrong: Exception) -> HttpResponse:
    log.exception("%s %s failed", request.method, request.path)
    return error(500, "internal", _("That did not go through. The error is in the log of the server."))


def list_of(values: Sequence[str], field: str, known: Sequence[str]) -> list[str]:
    """Values of a filter, each of them known. Raises Refused 422."""
    for value in values:
        if value not in known:
            raise Refused(
                422,
                "invalid",
                _("“%(value)s” is not one of %(known)s.") % {"value": value, "known": ", ".join(known)},
                field,
            )
    return list(values)
