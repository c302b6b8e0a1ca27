"""Lists of visits, problems, findings and guidance: every figure opens into one of them."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.http import HttpRequest, HttpResponseBase
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from zhike.kernel import clock
from zhike.kernel.worktime import calendars
from zhike.people.access import StaffRequest, may, staff_required
from zhike.people.requests.models import Request
from zhike.ui import lists, parts
from zhike.visits import access, queries, questions, rules
from zhike.visits.models import Problem, Visit
from zhike.visits.tallying import link

STATES = {"PLANNED": "", "UNDER_WAY": "run", "CLOSED": "met", "MISSED": "late"}


def managers(request: HttpRequest) -> list[tuple[str, Any]]:
    """Oneself first, then everybody with visits in sight."""
    kept: list[tuple[str, Any]] | None = getattr(request, "_visits_of", None)
    if kept is None:
        user: Any = request.user
        rows = queries.visits(access.scope(user)).exclude(manager=user.pk).order_by("manager__name")
        found = rows.values_list("manager", "manager__name").distinct()[:100]
        kept = [(str(user.pk), _("Me")), *((str(pk), name) for pk, name in found)]
        request._visits_of = kept  # type: ignore[attr-defined]
    return kept


def _regions(request: HttpRequest) -> list[tuple[str, Any]]:
    user: Any = request.user
    rows = queries.customers(access.scope(user)).exclude(region="").order_by("region")
    return [(name, name) for name in rows.values_list("region", flat=True).distinct()[:100]]


def words(request: HttpRequest, name: str) -> list[tuple[str, Any]]:
    """A list of the regulation at one's own unit; empty without one."""
    user: Any = request.user
    try:
        return list(rules.rules_at(user.party.unit_id or 0, clock.now()).words(name))
    except rules.NoRegulation:
        return []


def _name(row: Any) -> Any:
    return parts.cut(row.customer.name)


def _kind(row: Visit, _now: Any) -> Any:
    return parts.tag(row.get_kind_display(), "gold" if row.kind == Visit.Kind.FIRST else "")


VISITS = lists.List(
    name="visits",
    title=gettext_lazy("Visits"),
    href=lambda row: reverse("visits:visit", args=[row.pk]),
    row_name=lambda row: row.number,
    sort="-on",
    empty=gettext_lazy("No visit matches."),
    columns=(
        lists.Column("number", gettext_lazy("Number"), lambda r, n: r.number, lambda r: r.number, width=142, link=True, phone="side"),
        lists.Column("customer", gettext_lazy("Customer"), lambda r, n: _name(r), lambda r: r.customer.name, link=True, phone="title", hideable=False),
        lists.Column("on", gettext_lazy("Day"), lambda r, n: r.planned_on.isoformat(), lambda r: r.planned_on, ("planned_on", "id"), 108),
        lists.Column("kind", gettext_lazy("Kind"), _kind, lambda r: r.get_kind_display(), width=130),
        lists.Column("state", gettext_lazy("State"), lambda r, n: parts.status(r.get_state_display(), STATES[r.state]), lambda r: r.get_state_display(), width=110),
        lists.Column("area", gettext_lazy("Upkeep area"), lambda r, n: r.customer.region or "—", lambda r: r.customer.region, width=90, drop=1, phone=""),
        lists.Column("minutes", gettext_lazy("Minutes"), lambda r, n: "—" if r.minutes is None else str(r.minutes), lambda r: r.minutes, width=84, numeric=True, drop=1, phone=""),
        lists.Column("satisfaction", gettext_lazy("Satisfaction"), lambda r, n: str(r.satisfaction or "—"), lambda r: r.satisfaction, ("satisfaction", "id"), 90, numeric=True, shown=False),
        lists.Column("reason", gettext_lazy("Why not made"), lambda r, n: parts.cut(r.reason or "—"), lambda r: r.reason, width=150, drop=2, phone=""),
        lists.Column("manager", gettext_lazy("Visitor"), lambda r, n: parts.person(r.manager), lambda r: r.manager.name, width=110, phone=""),
    ),
    filters=(
        lists.text("q", gettext_lazy("Customer"), apply=lambda rows, typed: rows.filter(customer__name__contains=typed)),
        lists.choice("state", gettext_lazy("State"), Visit.State.choices, "state"),
        lists.choice("kind", gettext_lazy("Kind"), Visit.Kind.choices, "kind"),
        lists.choice("manager", gettext_lazy("Visitor"), managers, apply=lambda rows, code: rows.filter(manager=int(code)) if code.isdecimal() else rows),
        lists.dates("on", gettext_lazy("Day"), "planned_on", moments=False),
        lists.choice("area", gettext_lazy("Upkeep area"), _regions, "customer__region", more=True),
        lists.flag("late", gettext_lazy("Completed on a later day"), queries.late, more=True),
        lists.choice("satisfaction", gettext_lazy("Satisfaction"), [*((str(n), str(n)) for n in range(5, 0, -1)), ("-", gettext_lazy("not said"))], apply=queries.judged, more=True),
        lists.flag("pleased", gettext_lazy("Customers satisfied (4 and 5)"), queries.pleased, more=True),
        lists.flag("bare", gettext_lazy("First visits without the information"), queries.bare_firsts, more=True),
    ),
    views=(
        lists.View("all", gettext_lazy("All"), "sort=-on"),
        lists.View("planned", gettext_lazy("Planned"), "state=PLANNED&sort=on"),
        lists.View("under-way", gettext_lazy("Visit under way"), "state=UNDER_WAY"),
        lists.View("missed", gettext_lazy("Not made"), "state=MISSED&sort=-on"),
        lists.View("first", gettext_lazy("First visits"), "kind=FIRST&sort=-on"),
        lists.View("late", gettext_lazy("Completed late"), "late=1&sort=-on"),
    ),
    bulk=(lists.Bulk("print", gettext_lazy("Record sheets (PDF)"), "printer", "visits:print_many", dialog=False),),
)  # fmt: skip


def ways(manager: int, today: dt.date) -> list[tuple[str, str]]:
    """The own sheets of today, this week and the next one: words and address."""
    monday = today - dt.timedelta(days=today.weekday())
    spans = [
        (_("Today"), today, today),
        (_("This week"), monday, monday + dt.timedelta(days=6)),
        (_("Next week"), monday + dt.timedelta(days=7), monday + dt.timedelta(days=13)),
    ]
    return [
        (label, link("visits:print_many", manager=manager, on_from=first.isoformat(), on_to=last.isoformat()))
        for label, first, last in spans
    ]


@staff_required(access.SEE)
def visits(request: StaffRequest) -> HttpResponseBase:
    scope, now = access.scope(request.user), clock.now()
    return lists.answer(
        request, VISITS, queries.visits(scope), "visits/list.html", now=now,
        context={
            "may_start": may(request.user, access.WORK), "entries": list(queries.unsettled(scope)[:6]),
            "prints": ways(request.user.party.pk, calendars.local_day(now, request.user.party.unit_id or 0)),
        },
    )  # fmt: skip


def _visit_of(row: Any) -> str:
    return reverse("visits:visit", args=[row.visit_id])


def _done(row: Problem, _now: Any) -> Any:
    words = {code: (zh, en) for code, zh, en in questions.ACTIONS}
    from django.utils.translation import get_language

    place = 1 if (get_language() or "").startswith("en") else 0
    return parts.cut(_(", ").join(words.get(code, (code, code))[place] for code in row.actions))


def _reply(row: Problem, now: Any) -> Any:
    if row.reply_by is None:
        return parts.status(_("Solved on the spot"), "met")
    return parts.due_badge(row.reply_by, now, done_at=row.answered_at)


def _asked(row: Problem, _now: Any) -> Any:
    if row.request is None:
        return "—"
    return parts.status(row.request.get_state_display(), "met" if row.request.answer else "run")


def _answer_link(row: Problem, _now: Any) -> Any:
    if row.state == Problem.State.ANSWERED:
        return parts.cut(row.answer)
    return format_html(
        '<a class="btn btn-sm" href="{}" data-dialog>{}</a>',
        reverse("visits:answer", args=[row.pk]),
        _("Answer"),
    )


CUSTOMER = lists.Column("customer", gettext_lazy("Customer"), lambda r, n: parts.cut(r.visit.customer.name), lambda r: r.visit.customer.name, width=150, link=True, phone="side")  # fmt: skip
AT = lists.Column("at", gettext_lazy("When"), lambda r, n: parts.moment(r.at, n), lambda r: r.at, ("at", "id"), 120)  # fmt: skip
BY = lists.Column("by", gettext_lazy("Visitor"), lambda r, n: parts.person(r.by), lambda r: r.by.name, width=110, drop=1, phone="")  # fmt: skip

PROBLEMS = lists.List(
    name="visit-problems",
    title=gettext_lazy("Problems and answers"),
    href=_visit_of,
    row_name=lambda row: row.text[:40],
    sort="-at",
    empty=gettext_lazy("No problem matches."),
    columns=(
        lists.Column("text", gettext_lazy("Problem"), lambda r, n: parts.cut(r.text), lambda r: r.text, link=True, phone="title", hideable=False),
        CUSTOMER,
        lists.Column("reply", gettext_lazy("Answer due"), _reply, lambda r: r.reply_by, ("reply_by", "id"), 150),
        lists.Column("urgent", gettext_lazy("Urgent"), lambda r, n: parts.tag(_("urgent"), "late") if r.urgent else "—", lambda r: r.urgent, width=70, drop=1),
        lists.Column("what", gettext_lazy("What is done"), _done, lambda r: ",".join(r.actions), width=150, drop=1),
        lists.Column("asked", gettext_lazy("Others asked"), _asked, lambda r: r.request.number if r.request else "", width=110, drop=2, phone=""),
        lists.Column("answer", gettext_lazy("Answer"), _answer_link, lambda r: r.answer, width=140, phone="line"),
        AT, BY,
    ),
    filters=(
        lists.text("q", gettext_lazy("Customer"), apply=lambda rows, typed: rows.filter(visit__customer__name__contains=typed)),
        lists.choice("state", gettext_lazy("State"), Problem.State.choices, "state"),
        lists.flag("urgent", gettext_lazy("Urgent"), lambda rows: rows.filter(urgent=True)),
        lists.flag("spot", gettext_lazy("Solved on the spot"), lambda rows: rows.filter(state=Problem.State.ANSWERED, reply_by=None), more=True),
        lists.flag("kept", gettext_lazy("Answered in time"), queries.answered_in_time, more=True),
        lists.flag("late", gettext_lazy("Answered late"), queries.answered_late, more=True),
        lists.choice("asked", gettext_lazy("Others asked"), Request.State.choices, "request__state", more=True),
        lists.dates("reply", gettext_lazy("Answer due"), "reply_by", more=True),
        lists.dates("at", gettext_lazy("When"), "at"),
    ),
    views=(
        lists.View("open", gettext_lazy("To be answered"), "state=OPEN&sort=reply"),
        lists.View("all", gettext_lazy("All"), "sort=-at"),
        lists.View("urgent", gettext_lazy("Urgent"), "urgent=1&sort=-at"),
    ),
)  # fmt: skip


@staff_required(access.SEE)
def problems(request: StaffRequest) -> HttpResponseBase:
    rows = queries.problems(access.scope(request.user))
    return lists.answer(request, PROBLEMS, rows, "visits/problems.html", now=clock.now())


def _lines(request: HttpRequest) -> list[tuple[str, Any]]:
    return words(request, questions.FINDINGS["MARKET"])


def _label_of(row: Any) -> Any:
    return getattr(row, "shown", row.kind)


def _name_findings(rows: list[Any]) -> None:
    """What the lines are called by the regulation of each visit's unit, read once for a unit and day."""
    known: dict[tuple[int, Any], rules.Rules | None] = {}
    for row in rows:
        key = (row.visit.unit_id, row.visit.planned_on)
        if key not in known:
            try:
                known[key] = rules.rules(*key)
            except rules.NoRegulation:
                known[key] = None
        found = known[key]
        if found is not None:
            name = questions.FINDINGS[row.group] if hasattr(row, "group") else questions.ASPECTS
            row.shown = found.label(name, row.kind if hasattr(row, "kind") else row.aspect)


FINDINGS = lists.List(
    name="visit-findings",
    title=gettext_lazy("Market information"),
    href=_visit_of,
    row_name=lambda row: row.text[:40],
    sort="-at",
    prepare=_name_findings,
    empty=gettext_lazy("Nothing was learnt that matches."),
    columns=(
        lists.Column("text", gettext_lazy("What was learnt"), lambda r, n: parts.cut(r.text or _("nothing new")), lambda r: r.text, link=True, phone="title", hideable=False),
        lists.Column("kind", gettext_lazy("Kind"), lambda r, n: parts.tag(_label_of(r), "late" if r.kind == "ILLEGAL" else ""), _label_of, width=150),
        lists.Column("area", gettext_lazy("Upkeep area"), lambda r, n: r.area or "—", lambda r: r.area, width=100),
        CUSTOMER, AT, BY,
    ),
    filters=(
        lists.text("q", gettext_lazy("Words"), "text__contains"),
        lists.choice("kind", gettext_lazy("Kind"), _lines, "kind"),
        lists.choice("area", gettext_lazy("Upkeep area"), _regions, "area"),
        lists.flag("all", gettext_lazy("Also without news"), lambda rows: rows),
        lists.choice("group", gettext_lazy("List"), [(key, name) for key, name in questions.FINDINGS.items()], "group", more=True),
        lists.dates("at", gettext_lazy("When"), "at"),
    ),
    usual=lambda rows, given: rows if given.get("all") else rows.exclude(text=""),
    views=(
        lists.View("market", gettext_lazy("Market"), "group=MARKET&sort=-at"),
        lists.View("illegal", gettext_lazy("Illegal cigarettes"), "group=MARKET&kind=ILLEGAL&sort=-at"),
        lists.View("everything", gettext_lazy("All"), "sort=-at"),
    ),
)  # fmt: skip


@staff_required(access.SEE)
def findings(request: StaffRequest) -> HttpResponseBase:
    rows = queries.findings(access.scope(request.user))
    return lists.answer(request, FINDINGS, rows, "visits/findings.html", now=clock.now())


def _aspects(request: HttpRequest) -> list[tuple[str, Any]]:
    return words(request, questions.ASPECTS)


def _said(row: Any) -> str:
    return row.finding or row.text or (_("in order") if row.is_fine else _("shown in person"))


def _effect(row: Any, _now: Any) -> Any:
    if row.effect:
        return parts.cut(row.effect)
    if row.is_fine:
        return "—"
    return format_html(
        '<a class="btn btn-sm" href="{}" data-dialog>{}</a>',
        reverse("visits:effect", args=[row.pk]),
        _("Effect"),
    )


GUIDANCE = lists.List(
    name="visit-guidance",
    title=gettext_lazy("Guidance and demonstrations"),
    href=_visit_of,
    row_name=lambda row: row.text[:40],
    sort="-at",
    prepare=_name_findings,
    empty=gettext_lazy("No guidance matches."),
    columns=(
        lists.Column("what", gettext_lazy("Finding, advice"), lambda r, n: parts.cut(_said(r)), _said, link=True, phone="title", hideable=False),
        lists.Column("aspect", gettext_lazy("Aspect"), lambda r, n: parts.tag(getattr(r, "shown", r.aspect)), lambda r: getattr(r, "shown", r.aspect), width=130),
        CUSTOMER,
        lists.Column("shown", gettext_lazy("Shown"), lambda r, n: _("yes") if r.demonstration else "—", lambda r: bool(r.demonstration), width=80, drop=1),
        lists.Column("effect", gettext_lazy("Effect"), _effect, lambda r: r.effect, width=150, phone="line"),
        AT, BY,
    ),
    filters=(
        lists.text("q", gettext_lazy("Customer"), apply=lambda rows, typed: rows.filter(visit__customer__name__contains=typed)),
        lists.choice("aspect", gettext_lazy("Aspect"), _aspects, "aspect"),
        lists.flag("shown", gettext_lazy("Shown in person"), lambda rows: rows.exclude(demonstration="")),
        lists.flag("effect", gettext_lazy("With an effect"), lambda rows: rows.exclude(effect="")),
        lists.flag("found", gettext_lazy("Not in order"), lambda rows: rows.filter(is_fine=False)),
        lists.dates("at", gettext_lazy("When"), "at"),
    ),
    views=(
        lists.View("found", gettext_lazy("Not in order"), "found=1&sort=-at"),
        lists.View("all", gettext_lazy("All"), "sort=-at"),
        lists.View("shown", gettext_lazy("Demonstrations"), "shown=1&sort=-at"),
    ),
)  # fmt: skip


@staff_required(access.SEE)
def guidance(request: StaffRequest) -> HttpResponseBase:
    rows = queries.guidance(access.scope(request.user))
    return lists.answer(request, GUIDANCE, rows, "visits/guidance.html", now=clock.now())
