"""How lists of customer data leave as files: with the power, within the size, in the log."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest

from zhike.customers.privacy import exports
from zhike.kernel import clock
from zhike.people.access import standing


def may_export(power: str) -> Callable[[HttpRequest], bool]:
    """Who holds the power to export and the one to see the list."""

    def allowed(request: HttpRequest) -> bool:
        user: Any = request.user
        found = standing(user)
        return found.has("data.export") and found.has(power)

    return allowed


def guard(name: str, column: str) -> Callable[[HttpRequest, str, QuerySet[Any], int], str]:
    """The guard of a list whose rows name their customer in `column` ("pk" for customers themselves)."""

    def leave(request: HttpRequest, fmt: str, rows: QuerySet[Any], count: int) -> str:
        user: Any = request.user
        shown = {key: value for key, value in request.GET.items() if key not in {"export", "size", "page"}}
        return exports.allow(
            by=user.party,
            now=clock.now(),
            source=name,
            fmt=fmt,
            count=count,
            customers=exports.named_in(rows, column),
            conditions="&".join(f"{key}={value}" for key, value in sorted(shown.items())),
        )

    return leave
