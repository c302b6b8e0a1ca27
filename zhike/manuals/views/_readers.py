"""Who has read a regulation, what a person must read, and the button that confirms it."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from zhike.kernel import clock
from zhike.kernel.audit import trail
from zhike.manuals import access, actions, queries
from zhike.people import access as people
from zhike.people.access import StaffRequest, staff_required
from zhike.people.models import business_day
from zhike.ui import answers, lists, parts

from ._reading import _version, tabs

STATES = [
    ("read", gettext_lazy("Read and confirmed")),
    ("opened", gettext_lazy("Only opened")),
    ("unread", gettext_lazy("Not yet read")),
]


def state_of(row: Any) -> str:
    return "read" if row.confirmed_at else "opened" if row.opened_at else "unread"


def _state(row: Any) -> SafeString:
    state = state_of(row)
    return parts.status(str(dict(STATES)[state]), {"read": "met", "opened": "run"}.get(state, "late"))


def by_state(rows: QuerySet[Any], code: str) -> QuerySet[Any]:
    if code == "read":
        return rows.filter(confirmed_at__isnull=False)
    return rows.filter(confirmed_at=None, opened_at__isnull=code == "unread")


def may_export(request: HttpRequest) -> bool:
    user: Any = request.user
    return people.may(user, access.READERS)


def log_export(request: HttpRequest, fmt: str, rows: int) -> None:
    user: Any = request.user
    match = request.resolver_match
    version = _version(match.kwargs["pk"] if match else 0)
    after = {"format": fmt, "rows": rows}
    trail.record("manuals.readers_exported", subject=version, by=user.party, at=clock.now(), after=after)


READERS = lists.List(
    name="readers",
    title=gettext_lazy("Who has read it"),
    row_name=lambda row: row.name,
    sort="unit",
    may_export=may_export,
    on_export=log_export,
    empty=gettext_lazy("Nobody in your units must read it."),
    columns=(
        lists.Column("name", gettext_lazy("Reader"), lambda r, n: parts.person(r), lambda r: r.name, ("name", "pk"), phone="title"),
        lists.Column("unit", gettext_lazy("Unit"), lambda r, n: r.unit.label if r.unit else "—", lambda r: r.unit.name if r.unit else "", ("unit__path", "name", "pk"), 180),
        lists.Column("state", gettext_lazy("State"), lambda r, n: _state(r), lambda r: str(dict(STATES)[state_of(r)]), width=160),
        lists.Column("opened", gettext_lazy("First opened"), lambda r, n: parts.moment(r.opened_at, n), lambda r: r.opened_at, ("opened_at", "pk"), 130),
        lists.Column("confirmed", gettext_lazy("Reading confirmed"), lambda r, n: parts.moment(r.confirmed_at, n), lambda r: r.confirmed_at, ("confirmed_at", "pk"), 130),
        lists.Column("due", gettext_lazy("To be read by"), lambda r, n: parts.due_badge(r.read_by, n, done_at=r.confirmed_at) if r.read_by else "—", lambda r: r.read_by, width=150, phone="side"),
    ),
    filters=(
        lists.text("q", gettext_lazy("Reader"), "name__icontains", width=150),
        lists.choice("state", gettext_lazy("State"), STATES, apply=by_state, width=150),
        lists.unit("unit", gettext_lazy("Unit")),
    ),
    views=(
        lists.View("all", gettext_lazy("All")),
        lists.View("unread", gettext_lazy("Not yet read"), "state=unread", late=True),
        lists.View("opened", gettext_lazy("Only opened"), "state=opened"),
        lists.View("read", gettext_lazy("Read and confirmed"), "state=read"),
    ),
)  # fmt: skip


@staff_required(access.READERS)
def readers(request: StaffRequest, pk: int) -> HttpResponseBase:
    """Who of the own units has read a version, has only opened it, or has not yet."""
    version, now = _version(pk), clock.now()
    day = business_day(now)
    scope = people.scope_of(request.user, access.READERS)
    rows = queries.with_readings(version, queries.readers(version, day, scope))
    context = {**tabs(request, version, "readers"), "share": queries.share(version, day)}
    return lists.answer(request, READERS, rows, "manuals/readers.html", now=now, context=context)


@staff_required()
def mine(request: StaffRequest) -> HttpResponse:
    """What I must read of the regulations in force, and what I have read."""
    rows = queries.mine(request.user.party, business_day(clock.now()))
    return render(request, "manuals/mine.html", {"rows": rows})


@staff_required()
@require_POST
def confirm(request: StaffRequest, pk: int) -> HttpResponse:
    """I have read this version and will work by it."""
    version = _version(pk)
    address = reverse("manuals:reader", args=[version.pk])
    try:
        actions.confirm_reading(version=version, by=request.user.party, now=clock.now())
    except actions.CannotConfirm as refusal:
        return answers.refuse(request, str(refusal), then=address)
    return answers.go(request, address, message=_("Your confirmation is recorded."))
