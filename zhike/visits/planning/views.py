"""The page that plans a week by routes: ask, look, put by hand, plan the rest again, take over or throw away."""

from __future__ import annotations

from typing import Any

from django.forms.models import model_to_dict
from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from zhike.kernel import clock
from zhike.people.access import StaffRequest, staff_required
from zhike.ui import answers
from zhike.ui.deeds import deed, typed
from zhike.visits import access, holidays, rules
from zhike.visits.actions import CannotVisit
from zhike.visits.models import Routes, WeekPlan
from zhike.visits.routing.week import SECONDS

from . import actions, forms, queries, showing
from .task import Task

PAGE = "visits/routes.html#proposal"
MOST_LEFT = 60  # of those left out that the page shows at once


@staff_required(access.WORK)
def routes(request: StaffRequest, pk: int) -> HttpResponse:
    """One's own proposal for a plan, or the question whether to make one."""
    plan = access.plan_for(request.user, pk, to="work")
    return answers.page(request, PAGE, _context(request, plan, _own(request, plan)))


def _own(request: StaffRequest, plan: WeekPlan) -> Routes | None:
    return queries.proposal(access.scope(request.user), plan)


def _proposal(request: StaffRequest, pk: int) -> Routes:
    plan = access.plan_for(request.user, pk, to="work")
    row = _own(request, plan)
    if row is None:
        raise Http404
    row.plan = plan
    return row


def _context(
    request: StaffRequest, plan: WeekPlan, row: Routes | None, task: Task | None = None, said: str = ""
) -> dict[str, Any]:
    now = clock.now()
    context: dict[str, Any] = {
        "plan": plan, "routes": row, "said": said, "seconds": SECONDS,
        "holidays": holidays.of_week(plan.unit_id, plan.monday),
        "silent": row is not None and actions.given_up(row, now),
        "stale": row is not None and row.seen != plan.revision,
    }  # fmt: skip
    if row is not None and row.state == Routes.State.DONE:
        try:
            found = showing.shown(task or actions.task_of(row, now), row)
        except rules.NoRegulation as trouble:
            return {**context, "problem": str(trouble)}
        context |= {"shown": found, "left": found.left[:MOST_LEFT], "unshown": len(found.left) - MOST_LEFT}
    return context


@staff_required(access.WORK)
@require_POST
def ask_routes(request: StaffRequest, pk: int) -> HttpResponse:
    plan = access.plan_for(request.user, pk, to="work")
    form = forms.AskForm(request.POST)
    form.is_valid()
    try:
        actions.ask(plan=plan, by=request.user.party, now=clock.now(), early=form.cleaned_data["early"])
    except CannotVisit as refusal:
        return answers.refuse(request, str(refusal), then=plan)
    return answers.go(request, _here(plan))


@staff_required(access.WORK)
@require_POST
def place_in_routes(request: StaffRequest, pk: int) -> HttpResponse:
    """A visit was dragged, moved by keys or sent to another day."""
    row = _proposal(request, pk)
    form = forms.PlaceForm(request.POST)
    if not form.is_valid():
        return answers.refuse(request, _("Say which visit goes where."), then=_here(row.plan))
    given = form.cleaned_data
    row.revision = given.pop("revision")
    try:
        task, change = actions.place(routes=row, now=clock.now(), **given)
    except (CannotVisit, rules.NoRegulation) as refusal:
        return answers.refuse(request, str(refusal), then=_here(row.plan))
    context = _context(request, row.plan, row, task, _told(task, row, given["key"], change))
    message = "" if answers.is_htmx(request) else context["said"]  # the part says it itself
    return answers.done(request, PAGE, context, then=_here(row.plan), message=message)


def _told(task: Task, row: Routes, key: int, change: dict[str, int]) -> str:
    """Where it stands now and what that costs."""
    name = task.wanted[key].customer.name
    found = next(((day, keys.index(key) + 1) for day, keys in row.days.items() if key in keys), None)
    if found is None:
        where = _("%(name)s is left out.") % {"name": name}
    else:
        day = next(one for one in task.days if one.isoformat() == found[0])
        where = _("%(name)s: %(day)s, place %(place)s.") % {
            "name": name, "day": date_format(day, "l"), "place": found[1],
        }  # fmt: skip
    cost = [_signed(change["driving"], _("driving")), _signed(change["overtime"], _("overtime"))]
    return " ".join([where, _(", ").join(text for text in cost if text)]).strip()


def _signed(seconds: int, what: str) -> str:
    count = round(seconds / 60)
    if not count:
        return ""
    return ngettext("%(what)s %(count)s minute", "%(what)s %(count)s minutes", abs(count)) % {
        "what": what,
        "count": f"{count:+}".replace("-", "−"),
    }


@staff_required(access.WORK)
@require_POST
def plan_routes_again(request: StaffRequest, pk: int) -> HttpResponse:
    row = _proposal(request, pk)
    try:
        actions.ask_again(routes=row, now=clock.now())
    except CannotVisit as refusal:
        return answers.refuse(request, str(refusal), then=_here(row.plan))
    return answers.done(request, PAGE, _context(request, row.plan, row), then=_here(row.plan))


@staff_required(access.WORK)
@require_POST
def accept_routes(request: StaffRequest, pk: int) -> HttpResponse:
    row = _proposal(request, pk)
    try:
        plan = actions.accept(routes=row, by=request.user.party, now=clock.now())
    except (CannotVisit, rules.NoRegulation) as refusal:
        return answers.refuse(request, str(refusal), then=_here(row.plan))
    return answers.go(request, plan, message=_("The week goes by the routes."))


@staff_required(access.WORK)
@require_POST
def discard_routes(request: StaffRequest, pk: int) -> HttpResponse:
    row = _proposal(request, pk)
    actions.discard(routes=row)
    return answers.go(request, row.plan, message=_("The proposal is thrown away; the plan is as it was."))


@staff_required(access.WORK)
def workday(request: StaffRequest, pk: int) -> HttpResponse:
    """Where and when the day of this plan's person begins and ends."""
    plan = access.plan_for(request.user, pk, to="work")
    known = queries.workday(plan)
    form = forms.WorkdayForm(typed(request), initial=model_to_dict(known) if known is not None else {})

    def do(**said: Any) -> None:
        actions.keep_workday(manager=plan.manager, by=request.user.party, now=clock.now(), **said)

    return deed(
        request, form, do, refused=CannotVisit, back=_here(plan), title=_("Day of visits"), submit=_("Save"),
        said=_("Kept; it counts from the next planning on."),
    )  # fmt: skip


def _here(plan: WeekPlan) -> str:
    return reverse("visits:planning:routes", args=[plan.pk])
