"""Today, approvals, notices, search, files."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field, replace
from typing import Any

from django.http import FileResponse, HttpResponse, HttpResponseBase, HttpResponseNotModified, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from zhike.complaints import access as complaints
from zhike.complaints import queries as complaint_queries
from zhike.customers import access as customers
from zhike.customers import queries as customer_queries
from zhike.kernel import clock
from zhike.kernel.audit import trail
from zhike.kernel.outbox import inbox
from zhike.kernel.outbox.models import Message
from zhike.kernel.parties import subjects
from zhike.kernel.parties.scope import Scope
from zhike.kernel.procedures import approvals
from zhike.kernel.records import attachments
from zhike.kernel.search import index
from zhike.kernel.worktime import arithmetic, calendars
from zhike.manuals import queries as manuals
from zhike.manuals.information import queries as information
from zhike.people import access as people
from zhike.people.access import StaffRequest, staff_required
from zhike.people.models import business_day
from zhike.ui import answers, deeds, doors, lists, menu, words

from . import access, forms, live, queries
from .audit_list import TRAIL, ways_of
from .reports.regulation import indicators
from .reports.trades import link


@dataclass
class Row:
    """A duty with the words and addresses that its line prints."""

    duty: Any
    noun: str
    icon: str
    href: str
    peek: str = ""


def _rows(duties: list[Any]) -> list[Row]:
    rows = []
    for duty in duties:
        subject = subjects.known(duty.subject_label)
        rows.append(
            Row(
                duty,
                str(subject.noun) if subject else "",
                subject.icon if subject else "point",
                subject.url(duty.subject_id) if subject else "",
            )
        )
    return rows


@dataclass(frozen=True)
class Day:
    """The local day of a unit."""

    unit: int
    date: dt.date
    start: dt.datetime
    end: dt.datetime


def _day(unit: int, now: dt.datetime) -> Day:
    calendar = calendars.calendar_for(unit)
    day = arithmetic.local_date(now, calendar.tz)
    start = dt.datetime(day.year, day.month, day.day, tzinfo=calendar.zone)
    return Day(unit, day, start, start + dt.timedelta(days=1))


@staff_required()
def today(request: StaffRequest) -> HttpResponse:
    """Home: what is late, due today, to approve and unread; for who leads also the team."""
    now = clock.now()
    day = _day(request.user.party.unit_id or 0, now)
    found = queries.today(request.user.pk, now=now, day_end=day.end)
    scope = access.team_scope(request.user)
    leads = scope.units is None or bool(scope.units)
    context: dict[str, Any] = {
        "today": found,
        "late": _rows(found.late),
        "oldest": now - found.late[0].due_at if found.late and found.late[0].due_at else None,
        "due": _rows(found.due),
        "later": _rows(found.later),
        "day": words.day_line(now, now),
        "now": now,
        "changes": manuals.changes_near(day.unit, day.date),
        "information": information.unread(
            Scope(party=request.user.pk), request.user.party, on=day.date
        ).count(),
    }
    if people.may(request.user, complaints.POWERS["take"]):
        context["to_classify"] = complaint_queries.waiting_to_be_classified(complaints.scope(request.user))
    if leads:
        context |= _team(scope, day, now)
    return render(request, "workbench/today.html", context)


SHOWN = 12  # persons of the team on the page; the list of duties has all
PILES = (
    ("done", gettext_lazy("done"), "met"),
    ("late", gettext_lazy("overdue"), "late"),
    ("open", gettext_lazy("to do"), "run"),
)


def _team(scope: Scope, day: Day, now: dt.datetime) -> dict[str, Any]:
    """For who leads: what the team has to do today and how punctual it is. Every number opens into its duties."""
    rows = queries.team(scope, now=now, day_start=day.start, day_end=day.end)
    done, late = queries.on_time(scope, since=day.start.replace(day=1))
    days = queries.daily(scope, since=day.start - dt.timedelta(days=13), tz=day.start.tzinfo)
    hours = queries.by_hour(scope, now=now, day_start=day.start, day_end=day.end, tz=day.start.tzinfo)
    span = range(min(hours), max(hours) + 1) if hours else range(0)
    target = next((one.target for one in indicators(day.unit, now) if one.code == "DUTIES"), None)
    total, finished = sum(row["all"] for row in rows), sum(row["done"] for row in rows)
    until = {"due_to": day.date.isoformat()}
    return {
        "team": [
            row
            | {
                "to_do": link("workbench:duties", who=row["owner"], state="open", **until),
                "overdue": link("workbench:duties", who=row["owner"], state="overdue"),
            }
            for row in rows[:SHOWN]
        ],
        "team_more": len(rows) - SHOWN,
        "team_all": link("workbench:duties", state="open", **until),
        "totals": {"all": total, "done": finished, "percent": 100 * finished // total if total else None},
        "month_rate": f"{100 * (done - late) / done:.1f}" if done else "—",
        "hours": {
            "labels": [f"{hour}:00" for hour in span],
            "series": [
                {
                    "name": str(name),
                    "state": look,
                    "values": [hours.get(hour, {}).get(pile, 0) for hour in span],
                }
                for pile, name, look in PILES
            ],
        },
        "target": target,
        "line": {
            "labels": [f"{row['day']:%m-%d}" for row in days],
            "values": [round(100 * (row["n"] - row["late"]) / row["n"], 1) for row in days],
            "unit": "%",
            "to": 100,
        }
        | ({"goal": float(target)} if target is not None else {}),
    }


@staff_required()
def pulse(request: StaffRequest) -> HttpResponse:
    """What is new for the person; asked by every open page, answered 304 while nothing is."""
    found = live.pulse(request.user.pk, clock.now())
    tag = live.tag_of(found)
    known = request.headers.get("If-None-Match") == tag
    response: HttpResponse = HttpResponseNotModified() if known else JsonResponse(found)
    response["ETag"] = tag
    response["Cache-Control"] = "no-store"
    return response


@staff_required()
def notices(request: StaffRequest) -> HttpResponse:
    """Messages to the person, newest first."""
    rows = inbox.messages(Scope(party=request.user.pk)).select_related("by")[:100]
    ways = doors.ways(request.user, [(row.subject_label, row.subject_id) for row in rows if row.subject_id])
    shown = [(row, ways.get((row.subject_label, row.subject_id or 0), "")) for row in rows]
    return answers.page(request, "workbench/notices.html", {"messages": shown})


@staff_required()
@require_POST
def read_notices(request: StaffRequest) -> HttpResponse:
    """Mark one, or all, as read."""
    one = request.POST.get("id", "")
    inbox.mark_read(Scope(party=request.user.pk), [int(one)] if one.isdigit() else None, clock.now())
    return answers.go(request, "workbench:notices")


@staff_required()
def open_notice(request: StaffRequest, pk: int) -> HttpResponse:
    """Open what a message is about, and mark it as read."""
    row: Message | None = inbox.messages(Scope(party=request.user.pk)).filter(pk=pk).first()
    if row is None:
        return redirect("workbench:notices")
    inbox.mark_read(Scope(party=request.user.pk), [pk], clock.now())
    return redirect(access.way_to(request.user, row.subject_label, row.subject_id) or "workbench:notices")


@staff_required()
def approval_list(request: StaffRequest) -> HttpResponse:
    """Approvals in which it is the person's turn."""
    rows = queries.approvals_of(request.user.pk, clock.now())
    return render(request, "workbench/approvals.html", {"approvals": rows})


@staff_required()
def approval(request: StaffRequest, pk: int) -> HttpResponse:
    """One approval: what is asked, under which clause, the line of people, and the decision."""
    row = access.approval_for(request.user, pk)
    now = clock.now()
    step = approvals.step_of(row, request.user.party, now)
    form = forms.DecisionForm(deeds.typed(request), initial={"decision": "YES"})
    if request.method == "POST" and form.is_valid():
        try:
            approvals.decide(approval=row, by=request.user.party, now=now, **form.cleaned_data)
        except approvals.CannotApprove as refusal:
            form.add_error(None, str(refusal))
        else:
            return answers.go(request, "workbench:approvals", message=_("Your decision is recorded."))
    row.refresh_from_db()
    context = {
        "approval": row,
        "step": step,
        "form": form,
        "mine": row.asked_by_id == request.user.pk,
        "subject_url": access.way_to(request.user, row.subject_label, row.subject_id),
    }
    return answers.again(request, "workbench/approval.html#decision", context)


@staff_required()
@require_POST
def withdraw(request: StaffRequest, pk: int) -> HttpResponse:
    """Take one's own request back."""
    row = access.approval_for(request.user, pk)
    try:
        approvals.withdraw(approval=row, by=request.user.party, now=clock.now())
    except approvals.CannotApprove as refusal:
        return answers.refuse(request, str(refusal), then=reverse("workbench:approval", args=[pk]))
    return answers.go(
        request, reverse("workbench:approval", args=[pk]), message=_("The request is withdrawn.")
    )


CASE, GRUMBLE = "complaints.Complaint", "complaints.Grumble"


@dataclass
class Hit:
    label: str
    href: str
    icon: str = "arrow-right"
    note: str = ""
    keys: str = ""
    drawer: str = field(default="")


def _found(request: StaffRequest, typed: str, limit: int) -> list[tuple[str, list[Hit]]]:
    """Cases and customers that match, each cut to its own scope."""
    scope = complaints.scope(request.user)
    # one look for both kinds: a kind of which few rows match would be sought among all the others
    found = index.find(scope, typed, labels=[CASE, GRUMBLE], limit=2 * limit)
    hits = [hit for hit in found if hit.label == CASE][:limit]
    # the index knows units and secrecy, the gate also who is complained of
    open_to = complaint_queries.complaints(scope).filter(pk__in=[hit.subject_id for hit in hits])
    visible = set(open_to.values_list("pk", flat=True)) if hits else set()
    cases = [
        Hit(f"{hit.number} {hit.title}", hit.url, "message-exclamation", hit.excerpt)
        for hit in hits
        if hit.subject_id in visible
    ]
    grumbles_found = [
        Hit(f"{hit.number} {hit.title}", hit.url, "mood-sad", hit.excerpt)
        for hit in found
        if hit.label == GRUMBLE  # of grumbles unit and secrecy are all that a scope asks
    ][:limit]
    customers_found = [
        Hit(row.name, reverse("customers:detail", args=[row.pk]), "user", row.number)
        for row in customer_queries.with_words(customers.customers_of(request.user), typed)[:limit]
    ]
    clauses_found = [
        Hit(one.name, one.url, "book-2", one.excerpt)
        for one in manuals.clauses_found(typed, business_day(clock.now()), limit=limit)
    ]
    return [
        (_("Cases"), cases),
        (_("Grumbles"), grumbles_found),
        (_("Customers"), customers_found),
        (_("Clauses"), clauses_found),
    ]


@staff_required()
def palette(request: StaffRequest) -> HttpResponse:
    """Results of the command palette: pages, cases, customers, things to do."""
    typed = request.GET.get("q", "").strip()[:100]
    pages = [
        Hit(str(line.label), line.href, line.icon, keys=f"G {line.keys.upper()}" if line.keys else "")
        for group in menu.shown(request)
        for line in group.lines
        if not typed or typed.lower() in str(line.label).lower()
    ]
    found = _found(request, typed, 6) if typed else []
    todo = []
    if people.may(request.user, complaints.POWERS["take"]):
        todo = [
            Hit(_("Register a complaint"), reverse("complaints:new"), "plus"),
            Hit(_("Record a grumble"), reverse("grumbles:new"), "plus"),
        ]
    todo = [hit for hit in todo if not typed or typed.lower() in hit.label.lower()]
    groups = [(_("Go to"), pages), *found, (_("Do"), todo)]
    return render(
        request, "ui/components/palette_results.html", {"groups": [g for g in groups if g[1]], "words": typed}
    )


@staff_required()
def search(request: StaffRequest) -> HttpResponse:
    """The search page, also without JavaScript."""
    typed = request.GET.get("q", "").strip()[:100]
    groups = _found(request, typed, 50) if typed else []
    return render(
        request,
        "workbench/search.html",
        {"words": typed, "groups": groups, "any": any(hits for _label, hits in groups)},
    )


@staff_required("audit.read")
def audit(request: StaffRequest) -> HttpResponseBase:
    """The audit trail of the units one is responsible for."""
    rows = trail.entries(people.scope_of(request.user, "audit.read")).select_related("by")
    # entries from before a case became confidential carry its number and title
    rows = rows.exclude(
        subject_label="complaints.Complaint",
        subject_id__in=complaint_queries.hidden(complaints.scope(request.user)).values("pk"),
    )
    spec = replace(TRAIL, prepare=lambda rows: ways_of(rows, request.user))
    return lists.answer(request, spec, rows, "workbench/audit.html", now=clock.now())


@staff_required()
def file(request: StaffRequest, pk: int) -> HttpResponseBase:
    """A file of a case, for who may see the case."""
    row = access.attachment_for(request.user, pk)
    headers = attachments.headers(row, inline=True)
    response = FileResponse(attachments.open_file(row))
    for name, value in headers.items():
        response[name] = value
    return response
