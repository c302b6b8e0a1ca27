"""The lists of complaints and of penalties, declared for the list helper."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.urls import get_script_prefix, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from zhike.complaints import access, queries, queries_after, questions
from zhike.complaints.models import Complaint, Penalty
from zhike.complaints.regime import Regime, regime_of, regime_on
from zhike.complaints.reporting import cuts, regimes
from zhike.complaints.templatetags.complaints import stage_words
from zhike.kernel import clock
from zhike.kernel.parties.models import Party, Unit
from zhike.kernel.parties.tree import tree
from zhike.kernel.policy.inforce import NoManual
from zhike.kernel.search import index
from zhike.people import access as people
from zhike.people.models import business_day
from zhike.ui import lists, parts, words


def _regime(request: HttpRequest) -> Regime | None:
    """The regulation whose words the list speaks: that of the reader's own unit, else of the first with one."""
    user: Any = request.user
    if not hasattr(request, "_regime"):
        # words do not depend on the hour, so the enterprise's day will do
        day = business_day(clock.now())
        near = (regime_on(unit, day) for unit in [user.party.unit_id, *tree().parents] if unit is not None)
        request._regime = next((found for found in near if found is not None), None)  # type: ignore[attr-defined]
    return request._regime  # type: ignore[attr-defined,no-any-return]


def items(request: HttpRequest) -> list[tuple[str, str]]:
    regime = _regime(request)
    return [*(regime.choices(questions.ITEMS) if regime else []), ("-", _("Not classified yet"))]


def handlers(request: HttpRequest) -> list[tuple[str, str]]:
    regime = _regime(request)
    return regime.choices(questions.HANDLERS) if regime else []


def units(request: HttpRequest) -> list[tuple[str, str]]:
    user: Any = request.user
    scope = access.scope(user)
    rows = Unit.objects.exclude(kind__in=[Unit.Kind.DEPARTMENT, Unit.Kind.TEAM]).order_by("path")
    if scope.units is not None:
        rows = rows.filter(pk__in=sorted(scope.units))
    return [(str(unit.pk), unit.label) for unit in rows]


def search(rows: QuerySet[Complaint], typed: str) -> QuerySet[Complaint]:
    """By number, title and text through the index; by the customer's name as it begins."""
    found = Q(number__iexact=typed) | Q(customer__name__startswith=typed)
    if len(typed) > 1:
        found |= Q(pk__in=index.matching(typed, label=Complaint._meta.label))
    return rows.filter(found)


def by_item(rows: QuerySet[Complaint], code: str) -> QuerySet[Complaint]:
    return rows.filter(item="" if code == "-" else code)


STATES = [
    ("open", gettext_lazy("Under way")),
    ("late", gettext_lazy("Overdue")),
    ("closed", gettext_lazy("Closed")),
    ("void", gettext_lazy("Void")),
    ("joined", gettext_lazy("Joined to another")),
    ("valid", gettext_lazy("All but void")),
]


def by_state(rows: QuerySet[Complaint], code: str) -> QuerySet[Complaint]:
    if code == "open":
        return rows.filter(closed_at=None)
    if code == "late":
        return rows.filter(closed_at=None, due_at__lt=clock.now())
    if code == "void":
        return rows.filter(voided_at__isnull=False)
    if code == "joined":
        return rows.filter(joined_to__isnull=False)
    if code == "valid":
        return rows.filter(voided_at=None, joined_to=None)
    return rows.filter(closed_at__isnull=False, voided_at=None, joined_to=None)


def not_joined(rows: QuerySet[Complaint], params: Mapping[str, str]) -> QuerySet[Complaint]:
    """A joined complaint counts with its main one; it is listed when asked for, or looked for by its words.

    The states decide for themselves, and what is due today is open: then the index need not hold the column.
    """
    if any(params.get(key) for key in ("state", "q", "today")):
        return rows
    return rows.filter(joined_to=None)


def accused(request: HttpRequest) -> list[tuple[str, str]]:
    """Whom the figures of an employee are about: only the one asked for, since a house has many."""
    asked = request.GET.get("accused", "")
    if not asked.isdecimal() or len(asked) > 17:
        return []
    user: Any = request.user
    staff = access.scope(user).rows(Party.objects.filter(kind=Party.Kind.STAFF), named=("pk",))
    return [(str(party.pk), party.name) for party in staff.filter(pk=int(asked))]


def cut_asked(request: HttpRequest) -> list[tuple[str, str]]:
    """The figure of a report that was opened: only the one asked for, if it is any."""
    asked = request.GET.get("cut", "")
    known = bool(asked) and cuts.is_known(asked, clock.now())
    return [(asked, _("as counted in the report"))] if known else []


def by_cut(rows: QuerySet[Complaint], text: str) -> QuerySet[Complaint]:
    found = cuts.apply(rows, text, clock.now())
    return rows.none() if found is None else found


def houses(request: HttpRequest) -> list[tuple[str, str]]:
    """The unit of which a report was opened: a list that comes from no report asks for none."""
    return units(request) if "below" in request.GET else []


def reports(request: HttpRequest) -> list[tuple[str, str]]:
    """The regulation whose report was opened, by the report's code: only the one asked for."""
    if "regime" not in request.GET:
        return []
    user: Any = request.user
    offered = regimes.offers(access.scope(user), business_day(clock.now()))
    return [(offer.code, f"{offer.title} {offer.code}") for offer in offered.values()]


def by_report(rows: QuerySet[Complaint], code: str) -> QuerySet[Complaint]:
    return rows.filter(manual__in=list(regimes.versions(code)))


def due_today(rows: QuerySet[Complaint]) -> QuerySet[Complaint]:
    now = clock.now()
    return rows.filter(closed_at=None, due_at__gte=now, due_at__lt=now + dt.timedelta(hours=24))


def _stage(row: Complaint) -> str:
    """The stage in the reader's language, put on the row by `prepare`."""
    return getattr(row, "stage_label", row.stage)


def state_cell(row: Complaint, now: dt.datetime) -> SafeString:
    if row.is_void:
        return parts.status(_("Void"), "")
    if row.is_joined:
        return parts.status(_("Joined"), "")
    if not row.is_open:
        return parts.status(_("Closed"), "met")
    return parts.status(_stage(row) or _("Under way"), "late" if row.is_late(now) else "run")


def due_cell(row: Complaint, now: dt.datetime) -> SafeString:
    """The due date; of a joined one the number of the complaint by whose dates it goes."""
    if row.is_joined:
        return format_html("{}", getattr(row, "main_number", ""))
    if not row.is_open:
        return SafeString("")
    return parts.due_badge(row.due_at, now)


def clause_cell(row: Complaint, now: dt.datetime) -> SafeString:
    if not row.clause:
        return SafeString("—")
    ruling = f"{address(row)}ruling/"
    return parts.clause(row.clause, ruling, peek=ruling)


def address(row: Complaint) -> str:
    """The page of a complaint; a list asks for hundreds, and resolving a name takes its time."""
    return f"{_root(get_script_prefix())}{row.pk}/"


@lru_cache(maxsize=8)
def _root(_prefix: str) -> str:
    return reverse("complaints:list")


def item_label(row: Complaint) -> str:
    """The item in words; kept on the row by `prepare`."""
    return getattr(row, "item_label", row.item) or row.source_category


def prepare(rows: list[Complaint]) -> None:
    """Words of items, by the manual of each complaint, whatever the values of its unit; numbers of main ones."""
    mains = {row.joined_to_id for row in rows if row.joined_to_id}
    numbers = queries.numbers_of(mains) if mains else {}
    regimes: dict[int | None, Regime | None] = {}
    for row in rows:
        if row.manual_id not in regimes:
            try:
                regimes[row.manual_id] = regime_of(row)
            except NoManual:
                regimes[row.manual_id] = None
        regime = regimes[row.manual_id]
        if regime and row.stage:
            row.stage_label = stage_words(row.stage, regime)  # type: ignore[attr-defined]
        row.main_number = numbers.get(row.joined_to_id or 0, "")  # type: ignore[attr-defined]
        row.item_label = regime.label(questions.ITEMS, row.item) if regime and row.item else ""  # type: ignore[attr-defined]


def may_export(request: HttpRequest) -> bool:
    user: Any = request.user
    return people.may(user, "data.export")


def may_assign(request: HttpRequest) -> bool:
    user: Any = request.user
    return people.may(user, "complaint.assign")


def log_export(request: HttpRequest, fmt: str, rows: int) -> None:
    from zhike.complaints.actions import exported

    user: Any = request.user
    exported(by=user.party, now=clock.now(), fmt=fmt, rows=rows, query=request.GET.urlencode())


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
        lists.Column(
            "number",
            gettext_lazy("No."),
            lambda r, n: r.number,
            lambda r: r.number,
            ("id",),
            138,
            link=True,
            hideable=False,
            phone="side",
        ),
        lists.Column(
            "title", gettext_lazy("Title"), lambda r, n: parts.cut(r.title), lambda r: r.title, phone="title"
        ),
        lists.Column(
            "customer",
            gettext_lazy("Customer"),
            lambda r, n: r.customer.name if r.customer else "—",
            lambda r: r.customer.name if r.customer else "",
            width=100,
        ),
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
            width=108,
        ),
        lists.Column("due", gettext_lazy("Due"), due_cell, lambda r: r.due_at, ("due_at", "id"), 150),
        lists.Column(
            "handler",
            gettext_lazy("Handler"),
            lambda r, n: parts.person(r.handler),
            lambda r: r.handler.name if r.handler else "",
            width=100,
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
    filters = tuple(
        lists.flag("mine", one.label, lambda rows: rows.filter(handler=user.pk), more=True)
        if one.key == "mine"
        else one
        for one in COMPLAINTS.filters
    )
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
        lists.Column(
            "number",
            gettext_lazy("No."),
            lambda r, n: r.number,
            lambda r: r.number,
            ("id",),
            138,
            link=True,
            hideable=False,
            phone="title",
        ),
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
