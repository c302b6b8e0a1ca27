"""The list of customers: columns, conditions, tabs, export."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from zhike.customers import queries
from zhike.customers.models import Customer
from zhike.customers.privacy.views.listing import guard, may_export
from zhike.kernel.parties.models import Unit
from zhike.people.access import standing
from zhike.people.models import User
from zhike.ui import lists, parts


def _user(request: HttpRequest) -> User:
    assert isinstance(request.user, User)
    return request.user


def _units(request: HttpRequest) -> list[tuple[str, Any]]:
    """The units whose customers this person sees; read once for a request, since a list asks several times."""
    kept: list[tuple[str, Any]] | None = getattr(request, "_customer_units", None)
    if kept is None:
        reached = standing(_user(request)).units("customer.see")
        rows = Unit.objects.filter(closed_on=None)
        rows = rows if reached is None else rows.filter(pk__in=sorted(reached))
        kept = [(str(unit.pk), unit.label) for unit in rows]
        request._customer_units = kept  # type: ignore[attr-defined]
    return kept


def _name(row: Customer, _now: Any) -> Any:
    marks = [parts.tag(_("Business"), "brand")] if row.kind == Customer.Kind.ORGANISATION else []
    if row.secrecy:
        marks.append(parts.tag(_("Of limited access"), "pause", "lock"))
    return format_html("{} {}", row.name, SafeString(" ".join(marks))) if marks else row.name


def _state(row: Customer, _now: Any) -> Any:
    return parts.status(row.get_state_display())


LIST = lists.List(
    name="customers",
    title=_("Customers"),
    columns=(
        lists.Column(
            "name",
            _("Name"),
            _name,
            lambda row: row.name,
            ("sort_key",),
            link=True,
            hideable=False,
            phone="title",
        ),
        lists.Column(
            "number",
            _("Number"),
            lambda row, now: row.number,
            lambda row: row.number,
            ("party",),
            width=116,
            link=True,
            phone="side",
        ),
        lists.Column(
            "phone", _("Telephone"), lambda row, now: queries.shown_phone(row), queries.shown_phone, width=140
        ),
        lists.Column(
            "title", _("Address as"), lambda row, now: row.title, lambda row: row.title, width=120, drop=2
        ),
        lists.Column(
            "unit", _("Unit"), lambda row, now: row.unit.label, lambda row: row.unit.label, width=160
        ),
        lists.Column(
            "source",
            _("Came by"),
            lambda row, now: row.get_source_display(),
            lambda row: row.get_source_display(),
            width=96,
            drop=1,
            phone="",
        ),
        lists.Column("state", _("State"), _state, lambda row: row.get_state_display(), width=96, phone=""),
        lists.Column(
            "created",
            _("On file since"),
            lambda row, now: parts.moment(row.created_at, now),
            lambda row: row.created_at,
            ("created_at",),
            width=116,
            phone="",
        ),
    ),
    href=lambda row: reverse("customers:detail", args=[row.pk]),
    filters=(
        lists.text(
            "q",
            _("Search"),
            apply=queries.with_words,
            width=240,
            placeholder=_("Name, pinyin, phone or its last 4 digits"),
        ),
        lists.choice("kind", _("Kind"), Customer.Kind.choices),
        lists.choice("unit", _("Unit"), _units, width=160),
        lists.choice("state", _("State"), Customer.State.choices),
        lists.dates("created", _("On file since"), "created_at", more=True),
        lists.choice("source", _("Came by"), Customer.Source.choices, more=True),
    ),
    views=(
        lists.View("active", _("Active"), "state=ACTIVE"),
        lists.View("people", _("Private persons"), "state=ACTIVE&kind=PERSON"),
        lists.View("organisations", _("Businesses"), "state=ACTIVE&kind=ORGANISATION"),
        lists.View("closed", _("Not in use"), "state=CLOSED"),
    ),
    sort="name",
    may_export=may_export("customer.see"),
    guard_export=guard("customers", "pk"),
    marked=True,
    empty=_("No customer matches."),
)
