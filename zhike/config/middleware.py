"""One number for each request, by which entries of the audit trail and lines of the log are found together."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from contextlib import nullcontext

from django.http import HttpRequest, HttpResponse

from zhike.kernel.audit import requests
from zhike.kernel.parties.held import holding


class RequestNumber:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        number = uuid.uuid4().hex[:16]
        # what only reads may hold what it has read; an action holds for itself
        reads = holding() if request.method in {"GET", "HEAD"} else nullcontext()
        with requests.named(number), reads:
            response = self.get_response(request)
        response.headers["X-Request-ID"] = number
        return response
