"""Pages of reports: the list, one report written beside its figures, gaps, work done in time, all duties."""

from __future__ import annotations

import datetime as dt
from functools import partial
from typing import Any

from django.conf import settings
from django.db.models import F, Q, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language, gettext_lazy, pgettext, pgettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from zhike.kernel import clock
from zhike.kernel.duties.models import Duty
from zhike.kernel.parties import subjects
from zhike.kernel.records import values
from zhike.kernel.tallies.periods import Kind, Period
from zhike.kernel.worktime import arithmetic
from zhike.people.access import StaffRequest, may, staff_required
from zhike.ui import answers, lists, parts
from zhike.ui.deeds import deed, typed
from zhike.ui.paper import Sheet, answer, head_of
from zhike.workbench.models import Report
from zhike.workbench.questions import WORKS

from . import access, actions, forms, queries, regulation, sheets
from .actions._writing import measures_before, missing
from .trades import days, link

LOOKS = {"DRAFT": "run", "SUBMITTED": "brand", "COMMENTED": "met"}


def english() -> bool:
    return (get_language() or "").startswith("en")


REPORTS = lists.List(
    name="work-reports",
    title=gettext_lazy("Plans and reports"),
    href=lambda row: reverse("workbench:report", args=[row.pk]),
    row_name=str,
    sort="-first",
    empty=gettext_lazy("No report matches."),
    columns=(
        lists.Column("kind", gettext_lazy("Kind"), lambda r, n: r.get_kind_display(), lambda r: r.get_kind_display(), ("kind", "id"), 150, link=True, phone="title"),
        lists.Column("first", gettext_lazy("Period"), lambda r, n: f"{r.first} ~ {r.last}", lambda r: r.first, ("first", "id"), 190),
        lists.Column("author", gettext_lazy("Author"), lambda r, n: parts.person(r.author), lambda r: r.author.name, ("author__name", "id"), 120),
        lists.Column("unit", gettext_lazy("Unit"), lambda r, n: r.unit.label, lambda r: r.unit.label, drop=1),
        lists.Column("due", gettext_lazy("Due"), lambda r, n: parts.due_badge(r.due_at, n, done_at=r.submitted_at), lambda r: r.due_at, ("due_at", "id"), 150, phone="side"),
        lists.Column("number", gettext_lazy("Version"), lambda r, n: str(r.number) if r.number else "—", lambda r: r.number, width=84, numeric=True, drop=2),
        lists.Column("state", gettext_lazy("State"), lambda r, n: parts.status(r.get_state_display(), LOOKS[r.state]), lambda r: r.get_state_display(), ("state", "id"), 130),
    ),
    filters=(
        lists.choice("kind", gettext_lazy("Kind"), Report.Kind.choices, "kind"),
        lists.choice("state", gettext_lazy("State"), Report.State.choices, "state"),
        lists.text("author", gettext_lazy("Author"), "author__name__startswith"),
        lists.dates("first", gettext_lazy("Period"), "first", moments=False),
    ),
    views=(
        lists.View("all", gettext_lazy("All"), "sort=-first"),
        lists.View("draft", gettext_lazy("Being written"), "state=DRAFT"),
        lists.View("submitted", gettext_lazy("To be commented"), "state=SUBMITTED"),
    ),
    may_export=lambda request: may(request.user, "data.export"),  # type: ignore[arg-type]
)  # fmt: skip

GAPS = lists.List(
    name="work-gaps",
    title=gettext_lazy("Service gaps"),
    href=lambda row: reverse("workbench:report", args=[row.report_id]),
    row_name=lambda row: row.name,
    sort="-month",
    empty=gettext_lazy("No gap matches."),
    columns=(
        lists.Column("author", gettext_lazy("Manager"), lambda r, n: parts.person(r.report.author), lambda r: r.report.author.name, ("report__author__name", "id"), 130),
        lists.Column("month", gettext_lazy("Month"), lambda r, n: f"{r.report.first:%Y-%m}", lambda r: r.report.first, ("report__first", "id"), 96, phone="side"),
        lists.Column("name", gettext_lazy("Indicator"), lambda r, n: (r.name_en or r.name) if english() else r.name, lambda r: r.name, ("indicator", "id"), 210, link=True, phone="title"),
        lists.Column("target", gettext_lazy("Target"), lambda r, n: f"{r.target:g} %", lambda r: r.target, ("target", "id"), 90, numeric=True),
        lists.Column("actual", gettext_lazy("Actual"), lambda r, n: "—" if r.actual is None else f"{r.actual:g} %", lambda r: r.actual, ("actual", "id"), 90, numeric=True),
        lists.Column("short", gettext_lazy("Shortfall"), lambda r, n: "—" if r.short is None else parts.tag(f"{r.short:g}", "late"), lambda r: r.short, width=80, numeric=True),
        lists.Column("cause", gettext_lazy("Cause"), lambda r, n: parts.cut(r.cause or "—"), lambda r: r.cause),
    ),
    filters=(
        lists.text("author", gettext_lazy("Manager"), "report__author__name__startswith"),
        lists.dates("month", gettext_lazy("Month"), "report__first", moments=False),
        lists.text("name", gettext_lazy("Indicator"), "name__contains"),
    ),
    views=(lists.View("all", gettext_lazy("All"), "sort=-month"),),
    may_export=lambda request: may(request.user, "data.export"),  # type: ignore[arg-type]
)  # fmt: skip


def _href(row: Duty) -> str:
    subject = subjects.known(row.subject_label)
    return subject.url(row.subject_id) if subject is not None else "#"


def _works(rows: Any, work: str) -> Any:
    return rows.filter(kind__in=queries.kinds_of(work))


def _tracked(rows: Any, trade: str) -> Any:
    return rows.filter(kind__startswith=f"{trade}.")


def _seen(request: HttpRequest) -> QuerySet[Duty]:
    user: Any = request.user
    return queries.duties(access.scope(user))


def _timed(rows: Any, state: str) -> Any:
    done, still = Q(state=Duty.State.DONE), Q(state=Duty.State.OPEN)
    return rows.filter(
        {
            "made": done & Q(done_at__lte=F("due_at")),
            "late": done & Q(done_at__gt=F("due_at")),
            "open": still,
            "overdue": still & Q(due_at__lt=clock.now()),
        }.get(state, Q())
    )


STATES = [
    ("made", gettext_lazy("in time")),
    ("late", gettext_lazy("late")),
    ("open", pgettext_lazy("not done yet", "Open")),
    ("overdue", gettext_lazy("overdue")),
]
DUTIES = lists.List(
    name="duties",
    title=pgettext_lazy("owed by people", "Duties"),
    href=_href,
    row_name=lambda row: row.label,
    sort="due",
    empty=gettext_lazy("No duty matches."),
    columns=(
        lists.Column("title", gettext_lazy("Duty"), lambda r, n: r.label, lambda r: r.label, width=200, link=True, phone="title"),
        lists.Column("matter", gettext_lazy("About"), lambda r, n: parts.cut(r.matter), lambda r: r.matter),
        lists.Column("customer", gettext_lazy("Customer"), lambda r, n: r.customer.name if r.customer else "—", lambda r: r.customer.name if r.customer else "", width=130, drop=1),
        lists.Column("owner", gettext_lazy("Owed by"), lambda r, n: parts.person(r.owner), lambda r: r.owner.name if r.owner else r.owner_post, ("owner__name", "id"), 120),
        lists.Column("due", gettext_lazy("Due"), lambda r, n: parts.due_badge(r.due_at, n, done_at=r.done_at), lambda r: r.due_at, ("due_at", "id"), 150, phone="side"),
    ),
    filters=(
        lists.Filter("work", gettext_lazy("Kind of work"), "choice", _works, lambda _request: [("ALL", _("Work to deadline")), *((code, en if english() else zh) for code, zh, en in WORKS)]),
        lists.Filter("state", gettext_lazy("State"), "choice", _timed, STATES),
        lists.text("person", gettext_lazy("Owed by"), "owner__name__startswith"),
        lists.dates("due", gettext_lazy("Due"), "due_at"),
        lists.Filter("of", gettext_lazy("Trade"), "choice", _tracked, [("tracking", gettext_lazy("Tracking"))], more=True),
        lists.one("who", gettext_lazy("Owed by"), "owner", _seen),
    ),
    views=(
        lists.View("overdue", gettext_lazy("Overdue"), "state=overdue", late=True),
        lists.View("open", pgettext_lazy("not done yet", "Open"), "state=open"),
        lists.View("all", gettext_lazy("All"), "sort=-due"),
    ),
)  # fmt: skip


@staff_required()
def duties(request: StaffRequest) -> HttpResponseBase:
    return lists.answer(request, DUTIES, _seen(request), "workbench/reports/duties.html", now=clock.now())


@staff_required()
def reports(request: StaffRequest) -> HttpResponseBase:
    rows = queries.reports(access.scope(request.user))
    return lists.answer(request, REPORTS, rows, "workbench/reports/list.html", now=clock.now())


@staff_required()
def gaps(request: StaffRequest) -> HttpResponseBase:
    rows = queries.gaps(access.scope(request.user))
    return lists.answer(request, GAPS, rows, "workbench/reports/gaps.html", now=clock.now())


@staff_required()
def open_report(request: StaffRequest) -> HttpResponse:
    """A report that one writes although no post asks for it."""
    party = request.user.party

    def do(kind: str) -> str:
        if party.unit is None:
            raise actions.CannotOpen(_("You belong to no unit."))
        row = actions.open_report(kind=kind, author=party, unit=party.unit, by=party, now=clock.now())
        return reverse("workbench:report", args=[row.pk])

    return deed(
        request, forms.OpenForm(typed(request)), do, refused=actions.CannotOpen,
        back=reverse("workbench:reports"), title=_("Write a plan or report"), submit=_("Open"),
        said=_("It is filled in from the records; look it over."),
    )  # fmt: skip


@staff_required()
def report(request: StaffRequest, pk: int) -> HttpResponse:
    """One report: to its author a form beside the figures of the records, to others a page."""
    row = access.report_for(request.user, pk)
    now = clock.now()
    can = access.may(request.user, row)
    labels = regulation.parts(row.kind, row.unit_id, now)
    before = measures_before(row)
    form = forms.ReportForm(typed(request), report=row, parts=labels, before=before) if can.write else None
    if request.method == "POST" and form is not None and form.is_valid():
        party = request.user.party
        try:
            actions.save(report=row, by=party, now=now, **form.written)
            if "submit" in request.POST:
                actions.submit(report=row, by=party, now=now)
                return answers.go(
                    request,
                    reverse("workbench:report", args=[pk]),
                    message=_("Submitted; your leader has been told."),
                )
            return answers.go(request, reverse("workbench:report", args=[pk]), message=_("Saved."))
        except actions.CannotWrite as refusal:
            form.add_error(None, [str(refusal), *refusal.problems])
    english_now = english()
    facts = [(en if english_now else zh, number, url) for _part, zh, en, number, url in row.facts]
    return render(
        request,
        "workbench/reports/report.html",
        {
            "row": row,
            "look": LOOKS[row.state],
            "may": can,
            "form": form,
            "part_fields": [form[f"part_{code}"] for code, _label in labels] if form else [],
            "gap_fields": [(gap, form[f"cause_{gap.pk}"]) for gap in form.gaps] if form else [],
            "fate_fields": [(one, form[f"fate_{one.pk}"], form[f"note_{one.pk}"]) for one in before] if form else [],
            "shown": [(label, row.parts.get(code, "")) for code, label in labels],
            "gaps": row.gaps.all(),
            "before": before,
            "measures": row.measures.all(),
            "facts": facts,
            "lacking": missing(row, now) if form and request.method == "GET" else [],
            "versions": row.versions.select_related("by"),
            "english": english_now,
            "now": now,
        },
    )  # fmt: skip


@staff_required()
@require_POST
def fill(request: StaffRequest, pk: int) -> HttpResponse:
    row = access.report_for(request.user, pk, to="write")
    actions.fill(report=row, by=request.user.party, now=clock.now())
    return answers.go(
        request, reverse("workbench:report", args=[pk]), message=_("The figures are up to date.")
    )


@staff_required()
def adjust(request: StaffRequest, pk: int) -> HttpResponse:
    row = access.report_for(request.user, pk, to="adjust")
    labels = regulation.parts(row.kind, row.unit_id, clock.now())
    form = forms.AdjustForm(typed(request), report=row, parts=labels)

    def do(**given: Any) -> None:
        actions.adjust(
            report=row, parts=form.typed_parts, reason=given["reason"], by=request.user.party, now=clock.now()
        )

    return deed(
        request, form, do, refused=actions.CannotWrite, back=reverse("workbench:report", args=[pk]),
        title=_("Adjust what was submitted"), submit=_("Save as a new version"),
        said=_("The new version holds; the earlier ones are kept."),
    )  # fmt: skip


@staff_required()
def comment(request: StaffRequest, pk: int) -> HttpResponse:
    row = access.report_for(request.user, pk, to="comment")
    return deed(
        request, forms.CommentForm(typed(request), initial={"text": row.comment}),
        partial(actions.comment, report=row, by=request.user.party, now=clock.now()),
        refused=actions.CannotWrite, back=reverse("workbench:report", args=[pk]), title=_("Comment on the report"),
        submit=pgettext("of a leader", "Comment"), said=_("The author has been told."),
    )  # fmt: skip


@staff_required()
def print_report(request: StaffRequest, pk: int, kind: str) -> HttpResponse:
    """F004-02, F004-11, F004-12, F001-59."""
    row = access.report_for(request.user, pk)
    labels = regulation.parts(row.kind, row.unit_id, clock.now())
    filled = sheets.Filled(
        row,
        {label: row.parts.get(code, "") for code, label in labels},
        list(row.versions.all()),
        measures_before(row),
    )
    form = sheets.FORMS[row.kind]
    sheet = Sheet(
        form=form,
        data=values.gather(form, filled),
        head=head_of(request, row.unit, f"{row.author.name} {row.first}", row.clause),
        address=lambda one: reverse("workbench:print_report", args=[pk, one]),
        back=reverse("workbench:report", args=[pk]),
    )
    return answer(request, sheet, kind)


@staff_required()
def timeliness(request: StaffRequest) -> HttpResponse:
    """P004-02: work to deadline, by work and by person; every number opens into its duties."""
    now, tz = clock.now(), settings.TIME_ZONE
    asked, day = request.GET.get("kind", "MONTH"), request.GET.get("day", "")
    kind = Kind(asked) if asked in {"WEEK", "MONTH", "QUARTER", "YEAR"} else Kind.MONTH
    today = arithmetic.local_date(now, tz)
    try:
        period = Period.around(kind, dt.date.fromisoformat(day) if day else today, tz)
    except ValueError:
        period = Period.around(kind, today, tz)
    scope = access.scope(request.user)
    words = {code: en if english() else zh for code, zh, en in WORKS}
    due = days(period, "due")
    states = ("made", "late", "overdue")

    def cells(one: queries.Timely, **more: str) -> list[tuple[int, str]]:
        return [
            (getattr(one, state), link("workbench:duties", state=state, **more, **due)) for state in states
        ]

    return render(
        request,
        "workbench/reports/timeliness.html",
        {
            "period": period,
            "before": period.previous().first.isoformat(),
            "after": period.after.isoformat(),
            "kinds": [("WEEK", _("Week")), ("MONTH", _("Month")), ("QUARTER", _("Quarter")), ("YEAR", _("Year"))],
            "works": [
                (words[work], regulation.deadline(request.user.party.unit_id or 0, work, now), one, link("workbench:duties", work=work, **due), cells(one, work=work))
                for work, one in queries.timeliness(scope, period, now)
            ],
            "people": [
                (name, one, link("workbench:duties", work="ALL", who=pk, **due), cells(one, work="ALL", who=str(pk)))
                for pk, name, one in queries.by_person(scope, period, now)
            ],
        },
    )  # fmt: skip
