"""Reads of requests between departments; every query takes a scope first."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass

from django.db.models import Q, QuerySet

from zhike.kernel.parties.models import Party, Unit
from zhike.kernel.parties.scope import Scope

from .models import Request, RequestStep


def requests(scope: Scope) -> QuerySet[Request]:
    """What was asked of the visible units or by them; who asks or owes the answer sees it anyway."""
    asked_by_them = Q(unit__in=sorted(scope.units or ()), secrecy__lte=scope.secrecy)
    rows = scope.rows(
        Request.objects.all(), unit="to_unit", named=("asked_by", "owner"), secrecy="secrecy", also=asked_by_them
    )  # fmt: skip
    return rows.select_related("unit", "to_unit", "owner", "asked_by", "answered_by", "customer")


def steps(scope: Scope, request: Request) -> QuerySet[RequestStep]:
    rows = RequestStep.objects.filter(request=request, request__in=requests(scope).order_by().values("pk"))
    return rows.select_related("by", "to_unit", "owner")


@dataclass(frozen=True)
class WeekSheet:
    """The weekly feedback sheet of one person (F004-07): what was asked of the back office in a week."""

    author: Party
    unit: Unit
    monday: dt.date
    requests: list[Request]

    @property
    def sunday(self) -> dt.date:
        return self.monday + dt.timedelta(days=6)


def week_sheet(scope: Scope, author: Party, unit: Unit, monday: dt.date) -> WeekSheet:
    rows = requests(scope).filter(asked_by=author, kind=Request.Kind.FEEDBACK, week=monday)
    rows = rows.exclude(state=Request.State.WITHDRAWN).order_by("asked_at", "id")
    return WeekSheet(author, unit, monday, list(rows))


def units(shown: Callable[[QuerySet[Unit]], QuerySet[Unit]] = lambda rows: rows) -> QuerySet[Unit]:
    """Units of which something may be asked: names of all of them are open to all staff."""
    return shown(Unit.objects.filter(closed_on=None).order_by("path"))
