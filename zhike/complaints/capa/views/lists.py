"""The list of corrective actions, declared for the list helper."""

from __future__ import annotations

import datetime as dt

from django.db.models import QuerySet
from django.http import HttpResponseBase
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from zhike.complaints import access as cases
from zhike.complaints.capa import queries
from zhike.complaints.capa.models import Capa
from zhike.complaints.views.list_parts import may_export, number_column, units
from zhike.kernel import clock
from zhike.people.access import StaffRequest, staff_required
from zhike.ui import lists, parts

Phase = Capa.Phase
MARKS = {Phase.CLOSED: "met", Phase.DROPPED: "", Phase.SUMMARY: "met", Phase.EFFECT: "brand"}


def phase_cell(row: Capa, now: dt.datetime) -> SafeString:
    due = getattr(row, "next_due", None)
    late = row.is_open and due is not None and due < now
    return parts.status(row.get_phase_display(), "late" if late else MARKS.get(row.phase, "run"))  # type: ignore[call-overload]


def by_state(rows: QuerySet[Capa], code: str) -> QuerySet[Capa]:
    if code == "open":
        return rows.filter(ended_at=None)
    if code == "late":
        return queries.with_overdue(rows, clock.now())
    if code == "effect":
        return rows.filter(phase=Phase.EFFECT)
    return rows.filter(phase=Phase.CLOSED)


STATES = [
    ("open", gettext_lazy("Under way")),
    ("late", gettext_lazy("Actions overdue")),
    ("effect", gettext_lazy("Waiting for the effect check")),
    ("closed", gettext_lazy("Closed")),
]

CAPAS = lists.List(
    name="capas",
    title=gettext_lazy("Corrective actions"),
    href=lambda row: reverse("complaints:capa", args=[row.pk]),
    row_name=lambda row: row.number,
    sort="-opened",
    may_export=may_export,
    empty=gettext_lazy("No corrective action matches."),
    columns=(
        number_column(width=150),
        lists.Column(
            "title",
            gettext_lazy("What is to be corrected"),
            lambda r, n: parts.cut(r.title),
            lambda r: r.title,
            phone="title",
        ),
        lists.Column("phase", gettext_lazy("Phase"), phase_cell, lambda r: r.phase, ("phase", "id"), 150),
        lists.Column(
            "round",
            gettext_lazy("Round"),
            lambda r, n: r.round,
            lambda r: r.round,
            ("round", "id"),
            64,
            numeric=True,
            drop=2,
            phone="",
        ),
        lists.Column(
            "due",
            gettext_lazy("Next due"),
            lambda r, n: parts.due_badge(r.next_due, n) if r.is_open and r.next_due else "—",
            lambda r: r.next_due,
            ("next_due", "id"),
            150,
        ),
        lists.Column(
            "open_count",
            gettext_lazy("Open measures"),
            lambda r, n: r.open_count if r.is_open else 0,
            lambda r: r.open_count if r.is_open else 0,
            ("open_count", "id"),
            120,
            numeric=True,
            drop=2,
            phone="",
        ),
        lists.Column(
            "lead",
            gettext_lazy("Lead"),
            lambda r, n: parts.person(r.lead),
            lambda r: r.lead.name,
            ("lead__name", "id"),
            110,
        ),
        lists.Column(
            "recurrence",
            gettext_lazy("Recurrence"),
            lambda r, n: parts.status(_("Came back"), "late") if r.recurs_id else "—",
            lambda r: _("Came back") if r.recurs_id else "",
            width=116,
            drop=1,
            phone="",
        ),
        lists.Column(
            "opened",
            gettext_lazy("Opened"),
            lambda r, n: parts.moment(r.opened_at, n),
            lambda r: r.opened_at,
            ("opened_at", "id"),
            110,
            drop=1,
            phone="",
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
            "q",
            gettext_lazy("Keyword"),
            "number__icontains",
            "title__icontains",
            "cases__complaint__number__iexact",
        ),
        lists.choice("state", gettext_lazy("State"), STATES, apply=by_state),
        lists.choice("phase", gettext_lazy("Phase"), list(Phase.choices), "phase"),
        lists.dates("opened", gettext_lazy("Opened"), "opened_at"),
        lists.choice("unit", gettext_lazy("Unit"), units, "unit_id", more=True, width=150),
        lists.flag(
            "back", gettext_lazy("Came back"), lambda rows: rows.filter(recurs__isnull=False), more=True
        ),
    ),
    views=(
        lists.View("open", gettext_lazy("Under way"), "state=open"),
        lists.View("late", gettext_lazy("Actions overdue"), "state=late", late=True),
        lists.View("effect", gettext_lazy("Waiting for the effect check"), "state=effect"),
        lists.View("closed", gettext_lazy("Closed"), "state=closed"),
        lists.View("all", gettext_lazy("All"), "sort=-opened"),
    ),
)


@staff_required(cases.SEE)
def capas(request: StaffRequest) -> HttpResponseBase:
    """The register of corrective actions."""
    rows = queries.lines(cases.scope(request.user))
    return lists.answer(request, CAPAS, rows, "complaints/capa/list.html", now=clock.now())
