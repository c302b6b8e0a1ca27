"""The lists of complaints and of penalties, declared for the list helper."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy

from zhike.complaints import access, queries, queries_after
from zhike.complaints.models import Complaint, Penalty
from zhike.ui import lists, parts, words

from .list_parts import (
    STATES,
    accused,
    address,
    backtest_asked,
    by_backtest_in,
    by_cut,
    by_item,
    by_report,
    by_state,
    clause_cell,
    customer_column,
    cut_asked,
    due_cell,
    due_today,
    handlers,
    houses,
    item_label,
    items,
    log_export,
    may_assign,
    may_export,
    not_joined,
    number_column,
    prepare,
    reports,
    search,
    state_cell,
    units,
)


def _seen(request: HttpRequest) -> Any:
    user: Any = request.user
    return queries.bare(access.scope(user))


COMPLAINTS = lists.List(
    name="complaints",
    title=gettext_lazy("Complaints"),
    href=address,
    row_name=lambda row: row.number,
    sort="due",
    prepare=prepare,
    may_export=may_export,
    on_export=log_export,
    usual=not_joined,
    empty=gettext_lazy("No complaint matches."),
    columns=(
        number_column(),
        lists.Column(
            "title", gettext_lazy("Title"), lambda r, n: parts.cut(r.title), lambda r: r.title, phone="title"
        ),
        customer_column(),
        lists.Column(
            "item",
            gettext_lazy("Item"),
            lambda r, n: lists.declare.plain(item_label(r)),
            item_label,
            width=112,
            drop=2,
        ),
        lists.Column(
            "value",
            gettext_lazy("Value (yuan)"),
            lambda r, n: words.money(r.value) if r.value is not None else "—",
            lambda r: r.value,
            ("value",),
            96,
            numeric=True,
            phone="",
        ),
        lists.Column(
            "state",
            gettext_lazy("State"),
            state_cell,
            lambda r: (
                r.stage
                or ("VOID" if r.is_void else "JOINED" if r.is_joined else "" if r.is_open else "CLOSED")
            ),
            width=144,
        ),
        lists.Column("due", gettext_lazy("Due"), due_cell, lambda r: r.due_at, ("due_at", "id"), 150),
        lists.Column(
            "handler",
            gettext_lazy("Handler"),
            lambda r, n: parts.person(r.handler),
            lambda r: r.handler.name if r.handler else "",
            width=100,
            joins=("handler",),
        ),
        lists.Column(
            "clause", gettext_lazy("Clause"), clause_cell, lambda r: r.clause, width=84, drop=1, phone=""
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
            joins=("unit",),
        ),
        lists.Column(
            "channel",
            gettext_lazy("Channel"),
            lambda r, n: r.get_channel_display(),
            lambda r: r.channel,
            width=80,
            shown=False,
            phone="",
        ),
        lists.Column(
            "origin",
            gettext_lazy("Origin"),
            lambda r, n: lists.declare.plain(r.get_origin_display()),
            lambda r: r.get_origin_display(),
            width=120,
            shown=False,
            phone="",
        ),
        lists.Column(
            "taker",
            gettext_lazy("Taker"),
            lambda r, n: parts.person(r.taker),
            lambda r: r.taker.name if r.taker else "",
            width=100,
            shown=False,
            phone="",
            joins=("taker",),
        ),
        lists.Column(
            "closed",
            gettext_lazy("Closed"),
            lambda r, n: parts.moment(r.closed_at, n),
            lambda r: r.closed_at,
            ("closed_at",),
            110,
            shown=False,
            phone="",
        ),
    ),
    filters=(
        lists.text(
            "q", gettext_lazy("Keyword"), apply=search, placeholder=gettext_lazy("No., customer, title, text")
        ),
        lists.choice("item", gettext_lazy("Item"), items, apply=by_item, width=130),
        lists.choice("state", gettext_lazy("State"), STATES, apply=by_state),
        lists.choice("handler", gettext_lazy("Handled by"), handlers, "handler_code"),
        lists.one("who", gettext_lazy("Handled by"), "handler", _seen),
        lists.dates("opened", gettext_lazy("Opened"), "opened_at"),
        lists.choice("unit", gettext_lazy("Unit"), units, "unit_id", more=True, width=150),
        lists.choice(
            "channel", gettext_lazy("Channel"), list(Complaint.Channel.choices), "channel", more=True
        ),
        lists.choice("origin", gettext_lazy("Origin"), list(Complaint.Origin.choices), "origin", more=True),
        lists.numbers("value", gettext_lazy("Goods value"), "value"),
        lists.flag(
            "unpriced", gettext_lazy("Without goods value"), lambda rows: rows.filter(value=None), more=True
        ),
        lists.choice("accused", gettext_lazy("Staff complained of"), accused, "accused_id", more=True),
        lists.flag("today", gettext_lazy("Due within 24 hours"), due_today, more=True),
        lists.flag("mine", gettext_lazy("Mine"), lambda rows: rows, more=True),
        lists.flag(
            "visit",
            gettext_lazy("Waiting for a return visit"),
            queries_after.waiting_for_follow_up,
            more=True,
        ),
        lists.flag("unhappy", gettext_lazy("Customer not satisfied"), queries_after.dissatisfied, more=True),
        lists.flag(
            "again", gettext_lazy("Taken up again"), lambda rows: rows.filter(reopened__gt=0), more=True
        ),
        lists.flag("imported", gettext_lazy("Imported"), lambda rows: rows.filter(imported=True), more=True),
        lists.dates("closed", gettext_lazy("Closed"), "closed_at", more=True),
        lists.unit("below", gettext_lazy("Unit and those below"), choices=houses, more=True),
        lists.choice("regime", gettext_lazy("Report"), reports, apply=by_report, more=True),
        lists.choice("cut", gettext_lazy("Figure"), cut_asked, apply=by_cut, more=True),
        lists.choice(
            "backtest", gettext_lazy("Back-test"), backtest_asked, apply=lambda rows, token: rows, more=True
        ),
    ),
    views=(
        lists.View("open", gettext_lazy("Under way"), "state=open"),
        lists.View("late", gettext_lazy("Overdue"), "state=late", late=True),
        lists.View("today", gettext_lazy("Due today"), "today=1"),
        lists.View("unclassified", gettext_lazy("To classify"), "item=-&state=open&sort=-opened"),
        lists.View("mine", gettext_lazy("Handled by me"), "mine=1&state=open"),
        lists.View("closed", gettext_lazy("Closed"), "state=closed&sort=-closed"),
        lists.View("all", gettext_lazy("All"), "sort=-opened"),
    ),
    bulk=(
        lists.Bulk(
            "hand_over",
            gettext_lazy("Hand over"),
            "arrows-exchange",
            "complaints:bulk_hand_over",
            needs=may_assign,
        ),
    ),
)


def complaints_for(request: HttpRequest) -> lists.List:
    """The list with the conditions that depend on who reads: “mine”."""
    from dataclasses import replace

    user: Any = request.user
    scope = access.scope(user)

    def by_backtest(rows: Any, token: str) -> Any:
        found = by_backtest_in(scope, rows, token)
        return rows.none() if found is None else found

    own = {
        "mine": lambda rows, _typed: rows.filter(handler=user.pk),
        "backtest": by_backtest,
    }
    filters = tuple(replace(one, apply=own[one.key]) if one.key in own else one for one in COMPLAINTS.filters)
    return replace(COMPLAINTS, filters=filters)


PENALTIES = lists.List(
    name="penalties",
    title=gettext_lazy("Penalties"),
    href=lambda row: reverse("complaints:penalty", args=[row.pk]),
    row_name=lambda row: row.number,
    sort="-number",
    may_export=may_export,
    empty=gettext_lazy("No penalty matches."),
    columns=(
        number_column(phone="title"),
        lists.Column(
            "person",
            gettext_lazy("Who"),
            lambda r, n: parts.person(r.person),
            lambda r: r.person.name,
            width=110,
        ),
        lists.Column(
            "evidence",
            gettext_lazy("Evidence"),
            lambda r, n: parts.cut(r.fault.evidence, 120),
            lambda r: r.fault.evidence,
        ),
        lists.Column(
            "count", gettext_lazy("Count"), lambda r, n: r.count, lambda r: r.count, width=60, numeric=True
        ),
        lists.Column(
            "month", gettext_lazy("Month"), lambda r, n: f"{r.month:%Y-%m}", lambda r: r.month, ("month",), 90
        ),
        lists.Column(
            "clause",
            gettext_lazy("Clause"),
            lambda r, n: parts.clause(r.clause),
            lambda r: r.clause,
            width=84,
        ),
        lists.Column(
            "state",
            gettext_lazy("State"),
            lambda r, n: parts.status(
                r.get_state_display(), {"PROPOSED": "run", "IMPOSED": "late", "DROPPED": ""}[r.state]
            ),
            lambda r: r.state,
            width=100,
            phone="side",
        ),
    ),
    filters=(
        lists.text("q", gettext_lazy("Keyword"), "number__icontains", "person__name__startswith"),
        lists.choice("state", gettext_lazy("State"), list(Penalty.State.choices)),
        lists.dates("found", gettext_lazy("Recorded"), "fault__at"),
        lists.choice("unit", gettext_lazy("Unit"), units, "ruling__unit_id", more=True, width=150),
    ),
    views=(
        lists.View("open", gettext_lazy("Proposed"), "state=PROPOSED"),
        lists.View("all", gettext_lazy("All"), "sort=-number"),
    ),
)
