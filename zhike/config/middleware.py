"""One number for each request, by which entries of the audit trail and lines of the log are found together."""

from __future__ import annotations

import uuid
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from zhike.kernel.audit import requests


class RequestNumber:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        number = uuid.uuid4().hex[:16]
        with requests.named(number):
            response = self.get_response(request)
        response.headers["X-Request-ID"] = number
        return response
