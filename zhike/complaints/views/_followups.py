"""Summaries of a period, measures, sheets on what is overdue, and the flow chart of a case."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from zhike.complaints import access, actions, flow, forms, queries, sheets
from zhike.complaints.followups import Measure, OverdueSheet, Summary
from zhike.complaints.regime import reads_english
from zhike.complaints.reporting import reports, summaries
from zhike.complaints.reporting.reading import Asked, Reading
from zhike.kernel import clock
from zhike.kernel.parties.scope import EVERYTHING
from zhike.kernel.procedures import stages
from zhike.kernel.records import printing, values
from zhike.kernel.tallies.periods import Kind, Period
from zhike.people.access import StaffRequest, staff_required
from zhike.ui import answers, lists, parts
from zhike.ui.deeds import typed
from zhike.ui.printing import Sheet, answer

from ._case import _regime as regime_of_case
from ._print import _head
from ._reports import POWER, choose
from .list_parts import units as units_seen

# ---- the flow chart


@staff_required(access.SEE)
def flow_chart(request: StaffRequest, pk: int) -> HttpResponse:
    """The stages of the case's regulation as a chart, with where it stands and what is done."""
    complaint = access.complaint_for(request.user, pk)
    regime = regime_of_case(complaint)
    done = {move.from_stage for move in queries.file_of(complaint, findings=False).moves}
    chart = flow.chart(regime, now=complaint.stage, done=done) if regime is not None else None
    if chart is None:
        raise Http404
    here = complaint.stage or _("Closed")
    said = _("Flow chart of the procedure; the case stands at: %(stage)s") % {"stage": here}
    return render(request, "complaints/flow.html", {"complaint": complaint, "chart": chart, "said": said})


# ---- summaries


SUMMARIES = lists.List(
    name="complaint-summaries",
    title=gettext_lazy("Complaint summaries"),
    href=lambda row: reverse("complaints:summary", args=[row.pk]),
    row_name=str,
    sort="-first",
    empty=gettext_lazy("No summary matches."),
    columns=(
        lists.Column("number", gettext_lazy("No."), lambda r, n: r.record.number if r.record else "—", width=140,
                     link=True, hideable=False, phone="side"),
        lists.Column("kind", gettext_lazy("Kind"), lambda r, n: r.get_kind_display(), width=140, link=True, phone="title"),
        lists.Column("first", gettext_lazy("Period"), lambda r, n: f"{r.first} ~ {r.last}", sort=("first", "id"), width=200),
        lists.Column("unit", gettext_lazy("Unit"), lambda r, n: r.unit.label, width=150),
        lists.Column("signed", gettext_lazy("Signed by"), lambda r, n: parts.person(r.signed_by), width=120),
        lists.Column("read", gettext_lazy("Read by"), lambda r, n: parts.person(r.read_by), width=120, phone=""),
    ),
    filters=(
        lists.choice("kind", gettext_lazy("Kind"), list(Summary.Kind.choices)),
        lists.choice("unit", gettext_lazy("Unit"), units_seen, "unit_id", width=150),
        lists.flag("due", gettext_lazy("Not sent yet"), lambda rows: rows.filter(signed_at=None)),
        lists.flag("unread", gettext_lazy("Not read yet"),
                   lambda rows: rows.filter(kind="WEEK", signed_at__isnull=False, read_at=None)),
    ),
    views=(
        lists.View("all", gettext_lazy("All"), "sort=-first"),
        lists.View("due", gettext_lazy("Not sent yet"), "due=1"),
        lists.View("unread", gettext_lazy("Not read yet"), "unread=1"),
    ),
)  # fmt: skip


@staff_required()
def summary_list(request: StaffRequest) -> HttpResponseBase:
    """Weekly summaries and analyses of the units whose reports one sees, and what one owes of them."""
    rows = queries.summaries(access.reports_scope(request.user))
    return lists.answer(request, SUMMARIES, rows, "complaints/plain_list.html", now=clock.now())


@staff_required()
def summary(request: StaffRequest, pk: int) -> HttpResponse:
    """One summary: what it counts, or counted when it was signed; to send or to read it."""
    row = access.summary_for(request.user, pk)
    now, me = clock.now(), request.user.party
    sends = row.signed_at is None and actions.owes(row, me, now, "complaint.weekly")
    reads = row.record is not None and actions.owes(row, me, now, "complaint.reading")
    form = forms.NoteForm(typed(request))
    if request.method == "POST" and form.is_valid():
        try:
            _act_on(row, form.cleaned_data["text"], sends=sends, request=request)
        except actions.CannotSum as refusal:
            form.add_error(None, str(refusal))
        else:
            return answers.go(request, row, message=_("Sent.") if sends else _("Read and filed."))
    found = summaries.kept_tables(row) if row.record else _present(row)
    context = {
        "summary": row,
        "tables": found,
        "form": form if sends or reads else None,
        "sends": sends,
        "data": summaries.printed(row) if row.record else {},
        "measures": list(row.measures.select_related("owner", "done_by")),
    }
    return render(request, "complaints/summary.html", context)


def _act_on(row: Summary, text: str, *, sends: bool, request: StaffRequest) -> None:
    by, now = request.user.party, clock.now()
    if sends:
        figures = summaries.week_figures(_week(row), unit=row.unit.name)
        actions.send_summary(summary=row, figures=figures, comment=text, by=by, now=now)
    else:
        actions.read_summary(summary=row, opinion=text, by=by, now=now)


def _week(row: Summary) -> Reading:
    """All complaints of the unit in the week: who sums it up does so for the house, whoever handles each case."""
    tz = timezone.get_current_timezone_name()
    period = Period(Kind.WEEK, row.first, Period.of_days(row.first, row.last, tz).after, tz)
    return Reading(Asked(scope=EVERYTHING, period=period, now=clock.now(), unit=row.unit_id))


def _present(row: Summary) -> list[tuple[str, list[tuple[bool, str]], list[list[tuple[bool, str]]]]]:
    """The tables of a summary that is not signed yet, as they stand now."""
    return [
        (
            one.section.label,
            [(column.numeric, column.label) for column in one.section.columns],
            [[(column.numeric, shown.text) for column, shown in line] for line in one.lines],
        )
        for one in summaries.week_tables(_week(row))
    ]


@staff_required()
def print_summary(request: StaffRequest, pk: int, kind: str) -> HttpResponse:
    """F001-40 or FM002-22 as it was signed."""
    row = access.summary_for(request.user, pk)
    if row.record is None:
        raise Http404
    sheet = Sheet(
        form=summaries.FORMS[Summary.Kind(row.kind)],
        data=summaries.printed(row),
        head=_record_head(request, row),
        address=lambda kind: reverse("complaints:print_summary", args=[pk, kind]),
        back=reverse("complaints:summary", args=[pk]),
    )
    return answer(request, sheet, kind)


def _record_head(request: StaffRequest, row: Summary) -> Any:
    assert row.record is not None
    head = _head(request, row.unit, row.record.number, row.version, row.clause)
    return printing.record_head(row.record, "en" if reads_english() else "zh", head)


@staff_required(POWER)
def sign_analysis(request: StaffRequest) -> HttpResponse:
    """FM002-22: the analyst adds problems and measures to the figures of a period and signs."""
    chosen = choose(request, reports.ANALYSIS, units_seen(request))
    unit = queries.house_of(chosen.asked.unit, request.user.party.unit)
    form = forms.AnalysisForm(typed(request), staff=queries.staff_near(unit.pk))
    if request.method == "POST" and form.is_valid():
        try:
            made = actions.sign_analysis(
                unit=unit,
                period=chosen.asked.period,
                figures=summaries.analysis_figures(Reading(chosen.asked), unit=unit.name),
                problems=form.cleaned_data["problems"],
                plans=[actions.Plan(*plan) for plan in form.plans],
                by=request.user.party,
                now=clock.now(),
            )
        except actions.CannotSum as refusal:
            form.add_error(None, str(refusal))
        else:
            return answers.go(request, made, message=_("The analysis is signed."))
    context = {
        "form": form,
        "period": chosen.asked.period,
        "unit": unit,
        "query": chosen.query,
        "problem": chosen.problem,
    }
    return render(request, "complaints/analysis.html", context)


@staff_required()
def measure(request: StaffRequest, pk: int) -> HttpResponse:
    """One measure: its owner says what was done."""
    row = access.measure_for(request.user, pk)
    form = forms.NoteForm(typed(request), required=True)
    if request.method == "POST" and form.is_valid():
        try:
            actions.finish_measure(
                measure=row, result=form.cleaned_data["text"], by=request.user.party, now=clock.now()
            )
        except actions.CannotSum as refusal:
            form.add_error(None, str(refusal))
        else:
            return answers.go(request, row.summary, message=_("The measure is reported."))
    mine = row.done_at is None and _owes_measure(row, request)
    return render(request, "complaints/measure.html", {"measure": row, "form": form if mine else None})


def _owes_measure(row: Measure, request: StaffRequest) -> bool:
    owed = queries.duties_about(row)
    return any(stages.signs(duty, request.user.party, clock.now()) for duty in owed)


# ---- what is overdue


SHEETS = lists.List(
    name="overdue-sheets",
    title=gettext_lazy("Overdue sheets"),
    href=lambda row: reverse("complaints:overdue_sheet", args=[row.pk]),
    row_name=str,
    sort="-at",
    empty=gettext_lazy("No sheet matches."),
    columns=(
        lists.Column("number", gettext_lazy("No."), lambda r, n: r.number, width=140, link=True, hideable=False, phone="side"),
        lists.Column("kind", gettext_lazy("Kind"), lambda r, n: r.get_kind_display(), width=120),
        lists.Column("case", gettext_lazy("Complaint"), lambda r, n: parts.cut(f"{r.complaint.number} {r.complaint.title}"),
                     phone="title"),
        lists.Column("step", gettext_lazy("What is overdue"), lambda r, n: r.step, width=130),
        lists.Column("department", gettext_lazy("Department"), lambda r, n: r.department, width=160),
        lists.Column("to", gettext_lazy("To"), lambda r, n: parts.person(r.to), width=100),
        lists.Column("days", gettext_lazy("Days overdue"), lambda r, n: r.days, width=110, numeric=True, phone=""),
        lists.Column("at", gettext_lazy("Written"), lambda r, n: parts.moment(r.at, n), sort=("at", "id"), width=120),
        lists.Column("answered", gettext_lazy("Answered"),
                     lambda r, n: parts.moment(r.answered_at, n) if r.answered_at else parts.due_badge(r.reply_by, n), width=150),
    ),
    filters=(
        lists.text("q", gettext_lazy("Keyword"), "number__icontains", "complaint__number__iexact", "department__icontains"),
        lists.choice("kind", gettext_lazy("Kind"), list(OverdueSheet.Kind.choices)),
        lists.choice("unit", gettext_lazy("Unit"), units_seen, "unit_id", width=150),
        lists.flag("waiting", gettext_lazy("Not answered"), lambda rows: rows.filter(answered_at=None)),
        lists.dates("at", gettext_lazy("Written"), "at"),
    ),
    views=(
        lists.View("waiting", gettext_lazy("Not answered"), "waiting=1", late=True),
        lists.View("reminders", gettext_lazy("Reminder sheets"), "kind=REMINDER"),
        lists.View("inquiries", gettext_lazy("Inquiry sheets"), "kind=INQUIRY"),
        lists.View("all", gettext_lazy("All"), "sort=-at"),
    ),
)  # fmt: skip


@staff_required(access.SEE)
def overdue_list(request: StaffRequest) -> HttpResponseBase:
    """Reminder and inquiry sheets of the complaints that one sees."""
    rows = queries.overdue_sheets(access.own_scope(request.user))
    return lists.answer(request, SHEETS, rows, "complaints/plain_list.html", now=clock.now())


@staff_required()
def overdue_sheet(request: StaffRequest, pk: int) -> HttpResponse:
    """One sheet, and the department's answer."""
    row = access.overdue_sheet_for(request.user, pk)
    form = forms.NoteForm(typed(request), required=True)
    if request.method == "POST" and form.is_valid():
        try:
            actions.answer_sheet(
                sheet=row, text=form.cleaned_data["text"], by=request.user.party, now=clock.now()
            )
        except actions.CannotAnswer as refusal:
            form.add_error(None, str(refusal))
        else:
            return answers.go(request, row, message=_("The answer is recorded."))
    waits = row.answered_at is None and actions.owes_reply(row, request.user.party, clock.now())
    sees = queries.complaints(access.scope(request.user)).filter(pk=row.complaint_id).exists()
    context = {"sheet": row, "form": form if waits else None, "sees_complaint": sees}
    return render(request, "complaints/overdue_sheet.html", context)


@staff_required()
def print_overdue(request: StaffRequest, pk: int, kind: str) -> HttpResponse:
    """F001-63: on the screen as it prints, or as PDF, Word or Excel."""
    row = access.overdue_sheet_for(request.user, pk)
    sheet = Sheet(
        form=sheets.OVERDUE,
        data=values.gather(sheets.OVERDUE, row),
        head=_head(request, row.unit, row.number, row.complaint.manual, row.clause),
        address=lambda kind: reverse("complaints:print_overdue", args=[pk, kind]),
        back=reverse("complaints:overdue_sheet", args=[pk]),
    )
    return answer(request, sheet, kind)


__all__ = [
    "flow_chart", "measure", "overdue_list", "overdue_sheet", "print_overdue", "print_summary", "sign_analysis",
    "summary", "summary_list",
]  # fmt: skip
