"""Exceptions and registers: gaps of the four fixes, silence, risk of leaving, introductions, key moments."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

from django.db.models import Q
from django.http import HttpRequest, HttpResponseBase
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from zhike.customers.models import Customer
from zhike.kernel import clock
from zhike.people.access import StaffRequest, staff_required
from zhike.tracking import access, cadence, queries, questions, tallying
from zhike.tracking.models import Moment, Plan
from zhike.tracking.wording import figure_of, words_of
from zhike.ui import lists, parts

from ._due import _regions, by_owner, in_area, owners, with_powers, works
from ._work import MISSING

Text = Any


def attach(rows: list[Any]) -> None:
    """Grade and last contact of the customers on the page: one query."""
    grades = cadence.standings([row.pk for row in rows])
    for row in rows:
        row.grade = grades.get(row.pk, ("", ""))[0]
        profile = getattr(row, "profile", None)
        row.spoken_at = profile.last_contact_at if profile is not None else None


def deed_link(name: str, row: Any, label: Text) -> Any:
    return format_html(
        '<a class="btn btn-sm" href="{}" data-dialog>{}</a>', reverse(name, args=[row.pk]), label
    )


def _place(row: Any) -> str:
    plan = queries.plan_of(row)
    return plan.place if plan is not None else ""


def _said(row: Any) -> str:
    """Why nobody called: what was said of it, or that the plan rests."""
    plan = queries.plan_of(row)
    return (plan.silence or plan.resting) if plan is not None else ""


def _name(row: Any, _now: Any) -> Any:
    grade = parts.tag(row.grade, "brand") if row.grade else ""
    return format_html("{} {}", row.name, grade)


def work_of(row: Any) -> str:
    return reverse("tracking:work", args=[row.pk])


def _grades(request: HttpRequest) -> list[tuple[str, Any]]:
    user: Any = request.user
    return [("-", _("None")), *words_of("GRADES", user.party.unit_id or 0, clock.now())]


CUSTOMER = lists.Column("name", gettext_lazy("Customer"), _name, lambda r: r.name, ("sort_key", "party"), link=True, phone="title", hideable=False)  # fmt: skip
OWNER = lists.Column("owner", gettext_lazy("In charge"), lambda r, n: parts.person(r.owner, empty="—"), lambda r: r.owner.name if r.owner else "", width=120)  # fmt: skip
AREA = lists.Column(
    "region", gettext_lazy("Upkeep area"), lambda r, n: r.region or "—", lambda r: r.region, width=110
)
LAST = lists.Column("last", gettext_lazy("Last contact"), lambda r, n: parts.moment(r.spoken_at, n) if r.spoken_at else "—", None, width=120, phone="side")  # fmt: skip
DEALING = lists.Column("dealing", gettext_lazy("Dealing"), lambda r, n: r.get_dealing_display(), lambda r: r.get_dealing_display(), width=120, drop=1)  # fmt: skip
FILTERS = (
    lists.text("q", gettext_lazy("Customer"), apply=lambda rows, typed: rows.filter(name__startswith=typed)),
    lists.choice("owner", gettext_lazy("In charge"), owners, apply=by_owner),
    lists.choice("area", gettext_lazy("Upkeep area"), _regions, apply=in_area("region")),
    lists.choice("dealing", gettext_lazy("Dealing"), Customer.Dealing.choices, "dealing"),
    lists.choice(
        "stage", gettext_lazy("Stage"),
        [("EXISTING", gettext_lazy("Existing customer")), ("FUTURE", gettext_lazy("Future customer")), ("POTENTIAL", gettext_lazy("Potential customer"))],
        apply=lambda rows, code: rows.filter(queries.STAGES[code]),
    ),
    lists.choice("kind", gettext_lazy("Kind"), Customer.Kind.choices, "kind", more=True),
    lists.choice("grade", gettext_lazy("Customer grade"), _grades, apply=queries.graded, more=True),
    lists.flag("key", gettext_lazy("Key customers"), lambda rows: rows.filter(is_key=True), more=True),
)  # fmt: skip


def _lacks(row: Any, _now: Any) -> Any:
    return format_html_join(
        " ", "{}", ((parts.tag(MISSING[code], "late"),) for code in queries.missing_of(row))
    )


def lacking(rows: Any, code: str) -> Any:
    return rows.filter(queries.MISSING[code])


GAPS = lists.List(
    name="tracking-gaps",
    title=gettext_lazy("Gaps of the four fixes"),
    href=work_of,
    row_name=lambda row: row.name,
    sort="name",
    prepare=attach,
    empty=gettext_lazy("Every customer has person, place, time and area."),
    columns=(
        CUSTOMER,
        lists.Column("lacks", gettext_lazy("Missing"), _lacks, lambda r: " ".join(str(MISSING[c]) for c in queries.missing_of(r)), width=210),
        OWNER, AREA,
        lists.Column("place", pgettext_lazy("of a meeting", "Place"), lambda r, n: parts.cut(_place(r) or "—"), _place, width=150, drop=1),
        DEALING, LAST,
        lists.Column("ops", gettext_lazy("Work"), lambda r, n: deed_link("tracking:fix", r, _("Fix")) if works(r) else "", None, width=90, hideable=False),
    ),
    filters=(
        *FILTERS,
        lists.choice("lacks", gettext_lazy("Missing"), [(c, MISSING[c]) for c in MISSING], apply=lacking),
    ),
    views=(
        lists.View("all", gettext_lazy("All"), "sort=name"),
        *(lists.View(code.lower(), label, f"lacks={code}") for code, label in (
            ("PERSON", gettext_lazy("No person")), ("PLACE", gettext_lazy("No place")),
            ("TIME", gettext_lazy("No time")), ("AREA", gettext_lazy("No area")),
        )),
        lists.View("indirect", gettext_lazy("Indirect customers"), "dealing=INDIRECT"),
    ),
)  # fmt: skip


@staff_required(access.SEE)
def gaps(request: StaffRequest) -> HttpResponseBase:
    """Customers without person, place, time or area (R000-11)."""
    rows = queries.gaps(access.scope(request.user))
    return lists.answer(request, with_powers(request, GAPS), rows, "tracking/gaps.html", now=clock.now())


def _why(row: Any, _now: Any) -> Any:
    said = _said(row)
    return parts.cut(said) if said else parts.tag(_("no reason given"), "late")


def _silent_ops(row: Any, _now: Any) -> Any:
    if not works(row):
        return ""
    record = deed_link("tracking:enter", row, _("Record"))
    if queries.plan_of(row) is None:
        return record
    return format_html("{} {}", record, deed_link("tracking:explain", row, _("Say why")))


SILENT = lists.List(
    name="tracking-silent",
    title=gettext_lazy("Without contact"),
    href=work_of,
    row_name=lambda row: row.name,
    sort="name",
    prepare=attach,
    empty=gettext_lazy("Every customer has heard from us lately."),
    columns=(
        CUSTOMER, LAST, OWNER, AREA, DEALING,
        lists.Column("why", gettext_lazy("Why"), _why, _said, width=190),
        lists.Column("ops", gettext_lazy("Work"), _silent_ops, None, width=170, hideable=False),
    ),
    filters=(
        *FILTERS,
        lists.flag("unexplained", gettext_lazy("No reason given"), lambda rows: rows.filter(contact_plan__silence="", contact_plan__resting="") | rows.filter(contact_plan=None), more=True),
    ),
    views=(
        lists.View("all", gettext_lazy("All"), "sort=name"),
        lists.View("existing", gettext_lazy("Existing customers"), "stage=EXISTING"),
        lists.View("key", gettext_lazy("Key customers"), "key=1"),
    ),
)  # fmt: skip


@staff_required(access.SEE)
def silent(request: StaffRequest) -> HttpResponseBase:
    """Customers without contact for longer than the regulation allows, and why (R002-102)."""
    now = clock.now()
    days = figure_of("久未联络天数", questions.CADENCE.name, request.user.party.unit_id or 0, now, usual=45)
    rows = queries.silent(access.scope(request.user), since=now - dt.timedelta(days=days))
    return lists.answer(
        request, with_powers(request, SILENT), rows, "tracking/silent.html", now=now, context={"days": days}
    )


def _churn_ops(row: Any, _now: Any) -> Any:
    if not works(row):
        return ""
    url = reverse("tracking:observe", args=[row.pk])
    return format_html('<a class="btn btn-sm" href="{}?kind=CHURN" data-dialog>{}</a>', url, _("Note a sign"))


RISKS = {"HIGH": "late", "MIDDLE": "run", "LOW": "pause"}
CHURN = lists.List(
    name="tracking-churn",
    title=gettext_lazy("Risk of leaving"),
    href=work_of,
    row_name=lambda row: str(row),
    sort="risk",
    empty=gettext_lazy("Nobody is about to leave, as far as the figures tell."),
    columns=(
        lists.Column("name", gettext_lazy("Customer"), lambda r, n: r.customer.name, lambda r: r.customer.name, link=True, phone="title", hideable=False),
        lists.Column("risk", pgettext_lazy("of losing a customer", "Risk"), lambda r, n: parts.status(r.get_risk_display(), RISKS[r.risk]), lambda r: r.get_risk_display(), ("rank", "customer"), 172, phone="side"),
        lists.Column("why", gettext_lazy("Why"), lambda r, n: parts.cut(r.risk_why), lambda r: r.risk_why),
        lists.Column("measure", gettext_lazy("Measure of the regulation"), lambda r, n: parts.cut(r.risk_measure or "—"), lambda r: r.risk_measure, width=180),
        lists.Column("clause", gettext_lazy("Clause"), lambda r, n: parts.clause(r.risk_clause), lambda r: r.risk_clause, width=80, drop=1, phone=""),
        lists.Column("owner", gettext_lazy("In charge"), lambda r, n: parts.person(r.customer.owner, empty="—"), lambda r: r.customer.owner.name if r.customer.owner else "", width=120),
        lists.Column("ops", gettext_lazy("Work"), _churn_ops, None, width=128, hideable=False),
    ),
    filters=(
        lists.text("q", gettext_lazy("Customer"), apply=lambda rows, typed: rows.filter(customer__name__startswith=typed)),
        lists.choice("risk", pgettext_lazy("of losing a customer", "Risk"), Plan.Risk.choices, "risk"),
        lists.choice("owner", gettext_lazy("In charge"), owners, apply=lambda rows, code: rows.filter(customer__owner=int(code)) if code.isdecimal() else rows),
        lists.choice("area", gettext_lazy("Upkeep area"), _regions, apply=in_area("customer__region")),
    ),
    views=(
        lists.View("all", gettext_lazy("All"), "sort=risk"),
        *(lists.View(code.lower(), label, f"risk={code}", late=code == "HIGH") for code, label in Plan.Risk.choices),
    ),
)  # fmt: skip


@staff_required(access.SEE)
def churn(request: StaffRequest) -> HttpResponseBase:
    """Who may leave, by which signs, and what the regulation asks to do (R002-086)."""
    rows = queries.at_risk(access.scope(request.user))
    spec = with_powers(request, CHURN, lambda row: row.customer)
    return lists.answer(request, spec, rows, "tracking/churn.html", now=clock.now())


INTRODUCTIONS = lists.List(
    name="introductions",
    title=gettext_lazy("Introductions"),
    href=lambda row: reverse("tracking:work", args=[row.customer_id]),
    row_name=lambda row: row.customer.name,
    sort="-since",
    empty=gettext_lazy("No introduction matches."),
    columns=(
        lists.Column("customer", gettext_lazy("New customer"), lambda r, n: r.customer.name, lambda r: r.customer.name, link=True, phone="title"),
        lists.Column("introducer", gettext_lazy("Introduced by"), lambda r, n: format_html('<a href="{}">{}</a>', reverse("tracking:work", args=[r.other_id]), r.other.name), lambda r: r.other.name, width=200),
        lists.Column("since", gettext_lazy("Day"), lambda r, n: r.since.isoformat() if r.since else "—", lambda r: r.since, ("since", "id"), 110, phone="side"),
        lists.Column("business", gettext_lazy("Business won"), lambda r, n: parts.cut(r.business or "—"), lambda r: r.business, width=200),
        lists.Column("amount", gettext_lazy("Amount (yuan)"), lambda r, n: "—" if r.amount is None else f"{r.amount:,.0f}", lambda r: r.amount, ("amount", "id"), 120, numeric=True),
        lists.Column("by", gettext_lazy("Recorded by"), lambda r, n: parts.person(r.by, empty="—"), lambda r: r.by.name if r.by else "", width=120, drop=1, phone=""),
    ),
    filters=(
        lists.text("q", gettext_lazy("New customer"), apply=lambda rows, typed: rows.filter(customer__name__startswith=typed)),
        lists.text("introducer", gettext_lazy("Introduced by"), apply=lambda rows, typed: rows.filter(other__name__startswith=typed)),
        lists.dates("since", gettext_lazy("Day"), "since", moments=False),
        lists.flag("won", gettext_lazy("With business won"), lambda rows: rows.filter(amount__gt=0)),
    ),
    views=(
        lists.View("all", gettext_lazy("All"), "sort=-since"),
        lists.View("won", gettext_lazy("With business won"), "won=1&sort=-amount"),
    ),
)  # fmt: skip


@staff_required(access.SEE)
def introductions(request: StaffRequest) -> HttpResponseBase:
    """Who came through whom, with the business won; the introducers first among them (R000-35, R001-014)."""
    rows = queries.introductions(access.scope(request.user))
    return lists.answer(
        request, INTRODUCTIONS, rows, "tracking/introductions.html", now=clock.now(),
        context={"introducers": queries.introducers(rows)},
    )  # fmt: skip


STATES = {"OPEN": "run", "DONE": "met", "LEFT_OUT": "pause"}
OUTCOMES = [
    ("due", gettext_lazy("all that fell due")),
    ("made", gettext_lazy("in time")),
    ("late", gettext_lazy("late")),
    ("overdue", gettext_lazy("overdue")),
    ("ahead", gettext_lazy("not due yet")),
]


def narrowed(rows: Any, parts: Callable[[dt.datetime], dict[str, Q]], code: str) -> Any:
    return rows if code == "due" else rows.filter(parts(clock.now())[code])


def _moment_ops(row: Moment, _now: Any) -> Any:
    if row.state != Moment.State.OPEN:
        return format_html(
            '<a class="btn btn-sm" href="{}">{}</a>',
            reverse("tracking:print_moment", args=[row.pk, "html"]),
            _("Print"),
        )
    if not works(row):
        return ""
    return format_html(
        '<a class="btn btn-sm btn-primary" href="{}" data-dialog>{}</a> <a class="btn btn-sm" href="{}" data-dialog>{}</a>',
        reverse("tracking:reach", args=[row.pk]), _("Record"), reverse("tracking:leave_out", args=[row.pk]), _("Leave out"),
    )  # fmt: skip


def _moment_state(row: Moment, now: Any) -> Any:
    late = row.state == Moment.State.OPEN and row.due_at < now
    return parts.status(
        _("Overdue") if late else row.get_state_display(), "late" if late else STATES[row.state]
    )


MOMENTS = lists.List(
    name="moments",
    title=gettext_lazy("Key moments"),
    href=lambda row: reverse("tracking:work", args=[row.customer_id]),
    row_name=lambda row: str(row),
    sort="due",
    empty=gettext_lazy("No key moment matches."),
    columns=(
        lists.Column("customer", gettext_lazy("Customer"), lambda r, n: r.customer.name, lambda r: r.customer.name, link=True, phone="title"),
        lists.Column("kind", gettext_lazy("Moment"), lambda r, n: r.get_kind_display(), lambda r: r.get_kind_display(), width=214),
        lists.Column("occasion", gettext_lazy("Occasion"), lambda r, n: parts.cut(r.occasion), lambda r: r.occasion, width=170),
        lists.Column("due", gettext_lazy("Due"), lambda r, n: parts.due_badge(r.due_at, n, done_at=r.ended_at), lambda r: r.due_at, ("due_at", "id"), 150, phone="side"),
        lists.Column("way", gettext_lazy("Way"), lambda r, n: r.get_way_display(), lambda r: r.get_way_display(), width=100, drop=1),
        lists.Column("state", gettext_lazy("State"), _moment_state, lambda r: r.get_state_display(), width=110),
        lists.Column("reply", gettext_lazy("Reply"), lambda r, n: parts.cut(r.reply or r.why or "—"), lambda r: r.reply or r.why, drop=2, phone=""),
        lists.Column("ops", gettext_lazy("Work"), _moment_ops, None, width=170, hideable=False),
    ),
    filters=(
        lists.text("q", gettext_lazy("Customer"), apply=lambda rows, typed: rows.filter(customer__name__startswith=typed)),
        lists.choice("kind", gettext_lazy("Moment"), Moment.Kind.choices, "kind"),
        lists.choice("state", gettext_lazy("State"), Moment.State.choices, "state"),
        lists.choice("outcome", gettext_lazy("Made"), OUTCOMES, apply=lambda rows, code: narrowed(rows.exclude(state=Moment.State.LEFT_OUT), tallying.of_moments, code), more=True),
        lists.dates("due", gettext_lazy("Due"), "due_at"),
    ),
    views=(
        lists.View("open", gettext_lazy("Still to do"), "state=OPEN&sort=due"),
        lists.View("festival", gettext_lazy("Festivals"), "state=OPEN&kind=FESTIVAL"),
        lists.View("anniversary", gettext_lazy("Anniversaries"), "state=OPEN&kind=ANNIVERSARY"),
        lists.View("all", gettext_lazy("All"), "sort=-due"),
    ),
)  # fmt: skip


@staff_required(access.SEE)
def moments(request: StaffRequest) -> HttpResponseBase:
    rows = queries.moments(access.scope(request.user))
    spec = with_powers(request, MOMENTS, lambda row: row.customer)
    return lists.answer(request, spec, rows, "tracking/moments.html", now=clock.now())
