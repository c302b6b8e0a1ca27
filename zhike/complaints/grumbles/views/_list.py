"""The list of grumbles, declared for the list helper."""

from __future__ import annotations

from typing import Any

from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy

from zhike.complaints.grumbles.actions import exported
from zhike.complaints.grumbles.models import Grumble
from zhike.complaints.views.list_parts import customer_column, items, may_export, number_column, units
from zhike.kernel import clock
from zhike.kernel.search import index
from zhike.ui import lists, parts

KINDS = {Grumble.State.OPEN: "run", Grumble.State.SETTLED: "met", Grumble.State.COMPLAINT: "late"}


def search(rows: QuerySet[Grumble], typed: str) -> QuerySet[Grumble]:
    """By number, text and what was done through the index; by the customer's name as it begins."""
    found = Q(number__iexact=typed) | Q(customer__name__startswith=typed)
    if len(typed) > 1:
        found |= Q(pk__in=index.matching(typed, label=Grumble._meta.label))
    return rows.filter(found)


def to_contact(rows: QuerySet[Grumble]) -> QuerySet[Grumble]:
    return rows.filter(state=Grumble.State.OPEN, again_on__isnull=False)


def by_item(rows: QuerySet[Grumble], code: str) -> QuerySet[Grumble]:
    return rows.filter(item="" if code == "-" else code)


def log_export(request: HttpRequest, fmt: str, rows: int) -> None:
    user: Any = request.user
    exported(by=user.party, now=clock.now(), fmt=fmt, rows=rows, query=request.GET.urlencode())


def _state(row: Grumble) -> str:
    label = row.get_state_display()
    return f"{label} {row.complaint.number}" if row.complaint else label


GRUMBLES = lists.List(
    name="grumbles",
    title=gettext_lazy("Grumbles"),
    href=lambda row: reverse("grumbles:detail", args=[row.pk]),
    row_name=lambda row: row.number,
    sort="-at",
    may_export=may_export,
    on_export=log_export,
    empty=gettext_lazy("No grumble matches."),
    columns=(
        number_column(),
        lists.Column(
            "text", gettext_lazy("Grumble"), lambda r, n: parts.cut(r.text), lambda r: r.text, phone="title"
        ),
        customer_column(),
        lists.Column(
            "source",
            gettext_lazy("Heard"),
            lambda r, n: r.get_source_display(),
            lambda r: r.get_source_display(),
            width=110,
        ),
        lists.Column(
            "state",
            gettext_lazy("State"),
            lambda r, n: parts.status(r.get_state_display(), KINDS[r.state]),
            _state,
            width=150,
        ),
        lists.Column(
            "complaint",
            gettext_lazy("Complaint"),
            lambda r, n: r.complaint.number if r.complaint else "—",
            lambda r: r.complaint.number if r.complaint else "",
            width=138,
            drop=1,
            phone="",
        ),
        lists.Column(
            "action",
            gettext_lazy("What was done"),
            lambda r, n: parts.cut(r.action) if r.action else "—",
            lambda r: r.action,
            drop=2,
            phone="",
        ),
        lists.Column(
            "again",
            gettext_lazy("Contact again on"),
            lambda r, n: f"{r.again_on:%m-%d}" if r.again_on else "—",
            lambda r: r.again_on,
            ("again_on", "id"),
            100,
            shown=False,
            phone="",
        ),
        lists.Column(
            "by",
            gettext_lazy("Recorded by"),
            lambda r, n: parts.person(r.by),
            lambda r: r.by.name,
            width=100,
            drop=1,
        ),
        lists.Column(
            "at",
            gettext_lazy("Heard at"),
            lambda r, n: parts.moment(r.at, n),
            lambda r: r.at,
            ("at", "id"),
            110,
        ),
        lists.Column(
            "unit",
            gettext_lazy("Unit"),
            lambda r, n: r.unit.label,
            lambda r: r.unit.name,
            width=100,
            shown=False,
            phone="",
        ),
    ),
    filters=(
        lists.text(
            "q", gettext_lazy("Keyword"), apply=search, placeholder=gettext_lazy("No., customer, text")
        ),
        lists.choice("state", gettext_lazy("State"), list(Grumble.State.choices)),
        lists.choice("source", gettext_lazy("Heard"), list(Grumble.Source.choices)),
        lists.dates("at", gettext_lazy("Heard at"), "at"),
        lists.choice("item", gettext_lazy("Item"), items, apply=by_item, more=True, width=130),
        lists.choice("unit", gettext_lazy("Unit"), units, "unit_id", more=True, width=150),
        lists.flag("again", gettext_lazy("To be contacted again"), to_contact, more=True),
    ),
    views=(
        lists.View("open", gettext_lazy("Not settled yet"), "state=OPEN"),
        lists.View("again", gettext_lazy("To be contacted again"), "again=1&sort=again"),
        lists.View("became", gettext_lazy("Became a complaint"), "state=COMPLAINT"),
        lists.View("all", gettext_lazy("All"), "sort=-at"),
    ),
)
