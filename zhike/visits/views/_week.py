"""The week of one person: who is due, the visits by day, adding and moving, setting and printing ahead."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.conf import settings
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from zhike.kernel import clock
from zhike.kernel.parties.models import Party
from zhike.kernel.records import values
from zhike.kernel.worktime import arithmetic, calendars
from zhike.people.access import StaffRequest, may, staff_required
from zhike.ui import answers, paper
from zhike.ui.deeds import deed, typed
from zhike.visits import access, actions, cadence, forms, holidays, queries, rules, sheets
from zhike.visits.models import Visit, WeekPlan

WEEK = dt.timedelta(days=7)
DUE = 60  # who is due, on one page


@staff_required(access.SEE)
def week(request: StaffRequest) -> HttpResponse:
    """The plan of a week if there is one, else who is due in it."""
    now = clock.now()
    manager, monday = _asked(request, now)
    plan_row = queries.plans(access.scope(request.user)).filter(manager=manager, monday=monday).first()
    return _page(request, manager, monday, plan_row, now)


@staff_required(access.SEE)
def plan(request: StaffRequest, pk: int) -> HttpResponse:
    row = access.plan_for(request.user, pk)
    return _page(request, row.manager, row.monday, row, clock.now())


def _form(request: StaffRequest, data: Any) -> forms.WeekForm:
    return forms.WeekForm(data, managers=queries.managers(access.scope(request.user)))


def _asked(request: StaffRequest, now: dt.datetime) -> tuple[Party, dt.date]:
    """Whose week and which; what cannot be read is one's own and this week."""
    form = _form(request, request.GET)
    form.is_valid()
    manager = form.cleaned_data.get("manager") or request.user.party
    day = form.cleaned_data.get("monday") or arithmetic.local_date(now, settings.TIME_ZONE)
    return manager, day - dt.timedelta(days=day.weekday())


def _page(
    request: StaffRequest, manager: Party, monday: dt.date, row: WeekPlan | None, now: dt.datetime
) -> HttpResponse:
    scope = access.scope(request.user)
    unit = row.unit_id if row is not None else manager.unit_id or 0
    found = queries.visits(scope).filter(
        manager=manager, planned_on__gte=monday, planned_on__lt=monday + WEEK
    )
    visits = list(found.order_by("planned_on", "order"))
    due, problem = _due(request, manager, unit, monday, {visit.customer_id for visit in visits})
    waiting = Paginator(due, DUE).get_page(request.GET.get("due"))
    briefs = queries.briefs(
        {visit.customer_id for visit in visits} | {one.customer.pk for one in waiting},
        calendars.local_day(now, unit),
    )
    own = manager.pk == request.user.party.pk and may(request.user, access.WORK, unit, named=(manager.pk,))
    context = {
        "manager": manager,
        "managers": queries.managers(scope)[:100],
        "monday": monday,
        "before": monday - WEEK,
        "after": monday + WEEK,
        "plan": row,
        "days": _days(unit, monday, visits, briefs, now),
        "total": len(visits),
        "made": sum(visit.state == Visit.State.CLOSED for visit in visits),
        "due": [(one, briefs[one.customer.pk]) for one in waiting],
        "due_count": len(due),
        "waiting": waiting,
        "holidays": holidays.of_week(unit, monday),
        "problem": problem,
        "may_work": own or access.leads(request.user, unit),
        "duty": queries.duty_of(row) if row is not None else None,
        "returns": list(queries.returns_due(scope).filter(keeper=manager)[:8]),
    }
    return render(request, "visits/week.html", context)


def _due(
    request: StaffRequest, manager: Party, unit: int, monday: dt.date, planned: set[int]
) -> tuple[list[cadence.Due], str]:
    """Customers of this person who are due by the end of the week and have no visit in it."""
    rows = queries.customers(access.scope(request.user)).filter(owner=manager).exclude(pk__in=planned)
    try:
        return cadence.due(list(rows), unit=unit, until=monday + dt.timedelta(days=6)), ""
    except rules.NoRegulation as trouble:
        return [], str(trouble)


def _days(
    unit: int, monday: dt.date, visits: list[Visit], briefs: dict[int, queries.Brief], now: dt.datetime
) -> list[dict[str, Any]]:
    """Every day of the week on which one works or has a visit."""
    calendar, today = calendars.calendar_for(unit), calendars.local_day(now, unit)
    found = []
    for offset in range(7):
        day = monday + dt.timedelta(days=offset)
        rows = [(visit, briefs[visit.customer_id]) for visit in visits if visit.planned_on == day]
        works = arithmetic.is_working_day(calendar, day)
        if works or rows:
            found.append(
                {"day": day, "rows": rows, "works": works, "today": day == today, "over": day < today}
            )
    return found


@staff_required(access.WORK)
@require_POST
def make_plan(request: StaffRequest) -> HttpResponse:
    """Draft the week: what was agreed, and who is due."""
    now = clock.now()
    asked = _form(request, request.POST)
    if not asked.is_valid() or asked.cleaned_data["monday"] is None:
        return answers.refuse(request, _("Choose a week."), then=reverse("visits:week"))
    manager = asked.cleaned_data["manager"] or request.user.party
    unit = manager.unit_id or 0
    back = f"{reverse('visits:week')}?manager={manager.pk}&monday={asked.cleaned_data['monday'].isoformat()}"
    if manager.pk != request.user.party.pk and not access.leads(request.user, unit):
        return answers.refuse(request, _("Only who leads the visits plans for others."), then=back)
    try:
        row = actions.plan_week(
            manager=manager, unit=unit, monday=asked.cleaned_data["monday"], by=request.user.party, now=now
        )
    except actions.CannotVisit as refusal:
        return answers.refuse(request, str(refusal), then=back)
    return answers.go(request, row, message=_("The week is drafted."))


@staff_required(access.WORK)
def add(request: StaffRequest, pk: int) -> HttpResponse:
    row = access.plan_for(request.user, pk, to="work")
    given = {name: request.GET[name] for name in ("customer", "on") if request.GET.get(name)}
    form = forms.AddForm(
        typed(request),
        customers=queries.customers(access.scope(request.user)).order_by("sort_key"),
        initial={"on": row.monday, **given},
    )

    def do(**said: Any) -> None:
        actions.add(manager=row.manager, by=request.user.party, now=clock.now(), **said)

    return deed(
        request, form, do, refused=actions.CannotVisit, back=row, title=_("Add a visit"), submit=_("Add"),
        said=_("The visit is planned."),
    )  # fmt: skip


@staff_required(access.WORK)
@require_POST
def set_plan(request: StaffRequest, pk: int) -> HttpResponse:
    row = access.plan_for(request.user, pk, to="work")
    try:
        actions.set_plan(plan=row, by=request.user.party, now=clock.now())
    except actions.CannotVisit as refusal:
        said = " ".join([str(refusal), _(", ").join(refusal.problems[:8])])
        return answers.refuse(request, said, then=row)
    return answers.go(request, row, message=_("The plan is set."))


# --- print -------------------------------------------------------------------------------------------------


def _answer(
    request: StaffRequest, form: Any, row: Any, kind: str, *, unit: Any, number: str, name: str
) -> HttpResponse:
    sheet = paper.Sheet(
        form=form,
        data=values.gather(form, row),
        head=paper.head_of(request, unit, number),
        address=lambda one: reverse(f"visits:{name}", args=[row.pk, form.code, one]),
        back=reverse("customers:detail", args=[row.pk]) if name == "print_customer" else answers.where(row),
    )
    return paper.answer(request, sheet, kind)


@staff_required(access.SEE)
def print_plan(request: StaffRequest, pk: int, code: str, kind: str) -> HttpResponse:
    """F004-03, FM002-38. The plan sheet as a file counts as printed (R004-10)."""
    row = access.plan_for(request.user, pk)
    if code not in sheets.OF_PLAN:
        raise Http404
    answer = _answer(
        request, sheets.OF_PLAN[code], row, kind, unit=row.unit, number=str(row), name="print_plan"
    )
    if code == sheets.WEEK.code and row.printed_at is None and row.manager_id == request.user.party.pk:
        actions.printed(plan=row, by=request.user.party, now=clock.now())
    return answer


@staff_required(access.SEE)
def print_visit(request: StaffRequest, pk: int, code: str, kind: str) -> HttpResponse:
    """F004-04, FM002-36, FM002-10, F001-54, F001-58."""
    row = access.visit_for(request.user, pk)
    if code not in sheets.OF_VISIT:
        raise Http404
    return _answer(
        request, sheets.OF_VISIT[code], row, kind, unit=row.unit, number=row.number, name="print_visit"
    )


@staff_required(access.SEE)
def print_customer(request: StaffRequest, pk: int, code: str, kind: str) -> HttpResponse:
    """FM002-37, F004-05, F004-06."""
    row = access.customer_for(request.user, pk)
    if code not in sheets.OF_CUSTOMER:
        raise Http404
    return _answer(
        request, sheets.OF_CUSTOMER[code], row, kind, unit=row.unit, number=row.number, name="print_customer"
    )
