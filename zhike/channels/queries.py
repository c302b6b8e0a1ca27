"""Reads: keys of the API, files on their way in."""

from __future__ import annotations

from django.db.models import QuerySet
from django.urls import reverse

from zhike.kernel.parties.models import Party
from zhike.kernel.parties.scope import Scope
from zhike.people.models import User

from .models import ApiToken, ColumnPlan, Intake


def tokens(scope: Scope) -> QuerySet[ApiToken]:
    """Keys that act for people of the visible units, newest first."""
    rows = ApiToken.objects.select_related("party__unit", "created_by", "revoked_by")
    return scope.rows(rows, unit="party__unit", named=("party",))


def people_for_tokens(scope: Scope) -> QuerySet[User]:
    """Staff that a key may act for."""
    rows = User.objects.filter(is_active=True).select_related("party__unit")
    return scope.rows(rows, unit="party__unit").order_by("party__unit__path", "party__name")


def intakes(by: Party, kind: str) -> QuerySet[Intake]:
    """The files that a person brought, newest first; nobody sees those of others."""
    return Intake.objects.filter(by=by, kind=kind).select_related("unit")


_pages: dict[str, str] = {}


def show_intakes(kind: str, url: str) -> None:
    """A trade says under which URL name the page of a file of its kind stands; called in `AppConfig.ready()`."""
    _pages[kind] = url


def page_of_intake(pk: int) -> str:
    """The address of the page of a file, whichever trade it is for."""
    kind = Intake.objects.values_list("kind", flat=True).get(pk=pk)
    return reverse(_pages[kind], args=[pk])


def column_plans(by: Party, kind: str) -> QuerySet[ColumnPlan]:
    return ColumnPlan.objects.filter(by=by, kind=kind)
