"""The list of customers: columns, conditions, tabs, export."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from zhike.customers import queries
from zhike.customers.dossier import completeness
from zhike.customers.dossier import queries as dossier
from zhike.customers.dossier.models import Fact
from zhike.customers.dossier.tallying import known_from
from zhike.customers.models import Customer
from zhike.customers.privacy.views.listing import guard, may_export
from zhike.kernel import clock
from zhike.kernel.parties.models import Unit
from zhike.kernel.worktime import calendars
from zhike.people.access import standing
from zhike.people.models import User
from zhike.ui import lists, parts


def _user(request: HttpRequest) -> User:
    assert isinstance(request.user, User)
    return request.user


def units_of_list(request: HttpRequest) -> list[tuple[str, Any]]:
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
    marks = [parts.tag(_("Key customer"), "gold")] if row.is_key else []
    if row.kind == Customer.Kind.ORGANISATION:
        marks.append(parts.tag(_("Business"), "brand"))
    if row.secrecy:
        marks.append(parts.tag(_("Of limited access"), "pause", "lock"))
    return format_html("{} {}", row.name, SafeString(" ".join(marks))) if marks else row.name


def _state(row: Customer, _now: Any) -> Any:
    return parts.status(row.get_state_display())


def wanted_of(request: HttpRequest) -> list[tuple[str, Any]]:
    """What a file may lack: anything, or the one thing that the address asks for (from the page of quality)."""
    code, anything = request.GET.get("lacks", ""), [("*", _("anything"))]
    if code in {"", "*"}:
        return anything
    units = [int(unit) for unit, _label in units_of_list(request)]
    return anything + [
        (one, label) for one, label in completeness.labels(units, today()).items() if one == code
    ]


def today() -> dt.date:
    return calendars.local_day(clock.now(), 0)


def list_for(request: HttpRequest) -> lists.List:
    """The list with the conditions that depend on who reads: “mine”, and those of the regulations in their units."""
    user = _user(request)

    def units() -> list[int]:
        return [int(code) for code, _label in units_of_list(request)]

    applies: dict[str, Any] = {
        "mine": lambda rows, _typed: rows.filter(owner=user.pk),
        "lacks": lambda rows, code: completeness.incomplete(
            rows, units(), today(), "" if code == "*" else code
        ),
        "unverified": lambda rows, _typed: dossier.unverified(rows, units(), today()),
        "stale": lambda rows, _typed: dossier.stale(rows, units(), today()),
        "idle": lambda rows, _typed: dossier.idle(rows, units(), today()),
    }
    filters = tuple(
        replace(one, apply=applies[one.key]) if one.key in applies else one for one in LIST.filters
    )
    return replace(LIST, filters=filters)


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
            "owner",
            _("Owner"),
            lambda row, now: parts.person(row.owner) if row.owner else "—",
            lambda row: row.owner.name if row.owner else "",
            width=104,
            drop=1,
            joins=("owner",),
        ),
        lists.Column(
            "position",
            _("Position"),
            lambda row, now: row.get_position_display() or parts.tag(_("undecided"), "run"),
            lambda row: row.get_position_display(),
            width=132,
            shown=False,
        ),
        lists.Column(
            "industry",
            _("Trade or occupation"),
            lambda row, now: row.industry or "—",
            lambda row: row.industry,
            width=130,
            shown=False,
        ),
        lists.Column(
            "region",
            _("Region"),
            lambda row, now: row.region or "—",
            lambda row: row.region,
            width=110,
            shown=False,
        ),
        lists.Column(
            "verified",
            pgettext_lazy("of a card", "Verified"),
            lambda row, now: row.verified_on.isoformat() if row.verified_on else "—",
            lambda row: row.verified_on,
            width=104,
            shown=False,
        ),
        lists.Column(
            "updated",
            _("Changed"),
            lambda row, now: parts.moment(row.updated_at or row.created_at, now),
            lambda row: row.updated_at or row.created_at,
            width=110,
            shown=False,
        ),
        lists.Column(
            "source",
            _("Came by"),
            lambda row, now: row.get_source_display(),
            lambda row: row.get_source_display(),
            width=96,
            shown=False,
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
        lists.unit("unit", _("Unit"), choices=units_of_list),
        lists.choice("state", _("State"), Customer.State.choices),
        lists.dates("created", _("On file since"), "created_at", more=True),
        lists.choice("source", _("Came by"), Customer.Source.choices, more=True),
        lists.choice("position", _("Position"), Customer.Position.choices, more=True, width=150),
        lists.choice("dealing", _("Dealing"), Customer.Dealing.choices, more=True, width=130),
        lists.text("region", _("Region"), "region", more=True, width=130),
        lists.flag("no_region", _("Without a region"), lambda rows: rows.filter(region=""), more=True),
        lists.numbers("spend", _("Spent in twelve months (yuan)"), "profile__spend"),
        lists.text("industry", _("Trade or occupation"), "industry__startswith", more=True, width=150),
        lists.choice("lacks", _("Lacks"), lambda request: wanted_of(request), more=True, width=150),
        lists.choice("known", _("Known from"), Fact.Source.choices, apply=known_from, more=True, width=140),
        lists.flag("mine", _("Mine"), lambda rows: rows, more=True),
        lists.flag("key", _("Key customers"), lambda rows: rows.filter(is_key=True), more=True),
        lists.flag("ordinary", _("Without key customers"), lambda rows: rows.filter(is_key=False), more=True),
        lists.flag("no_finance", _("Without a finance contact"), dossier.without_finance_contact, more=True),
        lists.flag("unverified", _("To be verified"), lambda rows: rows, more=True),
        lists.flag("stale", _("Not updated"), lambda rows: rows, more=True),
        lists.flag("idle", _("Without contact or order"), lambda rows: rows, more=True),
    ),
    views=(
        lists.View("active", _("All"), "state=ACTIVE"),
        lists.View("mine", _("Mine"), "state=ACTIVE&mine=1"),
        lists.View("key", _("Key customers"), "state=ACTIVE&key=1"),
        lists.View("lacking", _("Parts missing"), "state=ACTIVE&lacks=*"),
        lists.View("unverified", _("To be verified"), "state=ACTIVE&unverified=1"),
        lists.View("stale", _("Not updated"), "state=ACTIVE&stale=1"),
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
