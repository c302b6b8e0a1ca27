"""The list of pairs that are perhaps one customer."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from zhike.customers.matching import queries
from zhike.customers.matching.likeness import REASONS
from zhike.customers.matching.models import Candidate
from zhike.people.access import standing
from zhike.people.models import User
from zhike.ui import lists, parts


def _may_export(request: HttpRequest) -> bool:
    assert isinstance(request.user, User)
    return standing(request.user).has("data.export")


def _why(row: Candidate) -> str:
    return " · ".join(str(REASONS[code]) for code in row.reasons if code in REASONS)


def _file(customer: Any) -> Any:
    return format_html('{} <span class="ink3 s12">{}</span>', customer.name, customer.number)


LIST = lists.List(
    name="duplicates",
    title=_("Duplicates"),
    columns=(
        lists.Column(
            "first", _("One file"), lambda row, now: _file(row.first), lambda row: f"{row.first} {row.first.number}",
            link=True, hideable=False, phone="title",
        ),
        lists.Column(
            "second", _("The other"), lambda row, now: _file(row.second),
            lambda row: f"{row.second} {row.second.number}", link=True, hideable=False, phone="line",
        ),
        lists.Column("why", _("Alike in"), lambda row, now: _why(row), _why, width=344),
        lists.Column(
            "score", _("Likeness"), lambda row, now: f"{row.score} %", lambda row: row.score, ("score",), width=90,
            numeric=True, phone="side",
        ),
        lists.Column(
            "unit", _("Unit"), lambda row, now: row.first.unit.label, lambda row: row.first.unit.label, width=150, drop=1,
        ),
        lists.Column(
            "origin", _("Came by"), lambda row, now: row.get_origin_display(), lambda row: row.get_origin_display(),
            width=150, drop=2, phone="", shown=False,
        ),
        lists.Column(
            "found", _("Found"), lambda row, now: parts.moment(row.found_at, now), lambda row: row.found_at,
            ("found_at",), width=116, phone="",
        ),
        lists.Column(
            "state", _("State"), lambda row, now: parts.status(row.get_state_display()),
            lambda row: row.get_state_display(), width=120, phone="",
        ),
    ),
    href=lambda row: reverse("customers:duplicate", args=[row.pk]),
    filters=(
        lists.choice("state", _("State"), Candidate.State.choices, apply=queries.in_state, width=150),
        lists.choice(
            "why", _("Alike in"), [(code, label) for code, label in REASONS.items()],
            apply=lambda rows, code: rows.filter(reasons__icontains=f'"{code}"'), width=180,
        ),
        lists.numbers("score", _("Likeness"), "score"),
        lists.dates("found", _("Found"), "found_at", more=True),
    ),
    views=(
        lists.View("open", _("To be looked at"), "state=OPEN"),
        lists.View("different", _("Not the same"), "state=DIFFERENT"),
        lists.View("merged", _("Merged"), "state=MERGED"),
    ),
    sort="-score",
    may_export=_may_export,
    row_name=lambda row: f"{row.first.name} / {row.second.name}",
    empty=_("No pair of files is waiting."),
)  # fmt: skip
