"""Relation activities under the eight strategies: planned, decided on by somebody else, held, called off."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.http import FileResponse, Http404, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from zhike.customers.access import customers_of
from zhike.kernel import clock
from zhike.kernel.parties.models import Unit
from zhike.kernel.records import attachments, values
from zhike.kernel.records.models import Attachment
from zhike.people.access import StaffRequest, may, staff_required, standing
from zhike.tracking import access, actions, forms, queries, sheets, statistics
from zhike.tracking.models import Activity
from zhike.tracking.wording import words_of
from zhike.ui import lists, paper, parts
from zhike.ui.deeds import deed, typed

KINDS = {"PLANNED": "run", "APPROVED": "brand", "REFUSED": "late", "HELD": "met", "DROPPED": "pause"}

ACTIVITIES = lists.List(
    name="activities",
    title=gettext_lazy("Relation activities"),
    href=lambda row: reverse("tracking:activity", args=[row.pk]),
    row_name=lambda row: row.number,
    sort="-on",
    empty=gettext_lazy("No activity matches."),
    columns=(
        lists.Column("number", gettext_lazy("Number"), lambda r, n: r.number, lambda r: r.number, width=138, link=True, phone="side"),
        lists.Column("title", gettext_lazy("Name"), lambda r, n: parts.cut(r.title), lambda r: r.title, link=True, phone="title"),
        lists.Column("strategy", gettext_lazy("Strategy"), lambda r, n: str(r.strategy), lambda r: r.strategy, ("strategy", "id"), 84),
        lists.Column("kind", gettext_lazy("Kind"), lambda r, n: r.get_kind_display(), lambda r: r.get_kind_display(), width=120),
        lists.Column("on", gettext_lazy("Day"), lambda r, n: r.on.isoformat(), lambda r: r.on, ("on", "id"), 108),
        lists.Column("budget", gettext_lazy("Budget"), lambda r, n: f"{r.budget:,.0f}", lambda r: r.budget, ("budget", "id"), 96, numeric=True, drop=1),
        lists.Column("cost", gettext_lazy("Cost"), lambda r, n: "—" if r.cost is None else f"{r.cost:,.0f}", lambda r: r.cost, ("cost", "id"), 96, numeric=True, drop=1),
        lists.Column("state", gettext_lazy("State"), lambda r, n: parts.status(r.get_state_display(), KINDS[r.state]), lambda r: r.get_state_display(), width=140),
        lists.Column("by", gettext_lazy("Planned by"), lambda r, n: parts.person(r.by), lambda r: r.by.name, width=110, drop=2, phone=""),
    ),
    filters=(
        lists.text("q", gettext_lazy("Name"), apply=lambda rows, typed: rows.filter(title__contains=typed)),
        lists.choice("state", gettext_lazy("State"), Activity.State.choices, "state"),
        lists.choice("kind", gettext_lazy("Kind"), Activity.Kind.choices, "kind"),
        lists.choice("effort", gettext_lazy("Kind of effort"), [(code, statistics.EFFORTS[code]) for code in statistics.HELD], apply=lambda rows, code: rows.filter(statistics.HELD[code]), more=True),
        lists.flag("answered", gettext_lazy("With feedback"), lambda rows: rows.exclude(feedback=""), more=True),
        lists.choice("strategy", gettext_lazy("Strategy"), [(str(n), str(n)) for n in range(1, 9)], "strategy"),
        lists.dates("on", gettext_lazy("Day"), "on", moments=False),
    ),
    views=(
        lists.View("all", gettext_lazy("All"), "sort=-on"),
        lists.View("planned", gettext_lazy("Waiting for approval"), "state=PLANNED"),
        lists.View("approved", gettext_lazy("Approved"), "state=APPROVED"),
        lists.View("held", gettext_lazy("Took place"), "state=HELD"),
    ),
)  # fmt: skip


@staff_required(access.SEE)
def activities(request: StaffRequest) -> HttpResponseBase:
    rows = queries.activities(access.scope(request.user))
    catalogue = words_of("STRATEGIES", request.user.party.unit_id or 0, clock.now())
    return lists.answer(
        request, ACTIVITIES, rows, "tracking/activities.html", now=clock.now(),
        context={"catalogue": catalogue, "may_plan": may(request.user, access.WORK)},
    )  # fmt: skip


def _units(request: StaffRequest) -> list[Unit]:
    """Where the person plans, the own place first."""
    home = request.user.party.unit_id
    reached = standing(request.user).units(access.WORK)
    found = queries.units_of(reached)
    return sorted(found, key=lambda unit: (unit.pk != home, unit.path))


@staff_required(access.WORK)
def new_activity(request: StaffRequest) -> HttpResponse:
    units = _units(request)
    now = clock.now()
    home = units[0].pk if units else 0
    form = forms.ActivityForm(
        typed(request), strategies=words_of("STRATEGIES", home, now), units=units, seen=customers_of(request.user)
    )  # fmt: skip

    def do(**given: Any) -> str:
        row = actions.plan_activity(by=request.user.party, now=now, **given)
        return reverse("tracking:activity", args=[row.pk])

    return deed(
        request,
        form,
        do,
        refused=actions.CannotPlan,
        back=reverse("tracking:activities"),
        title=_("Plan a relation activity"),
        submit=_("Ask for approval"),
        said=_("The activity waits for approval."),
    )


@staff_required(access.SEE)
def activity(request: StaffRequest, pk: int) -> HttpResponse:
    row = access.activity_for(request.user, pk)
    mine = may(request.user, access.WORK, row.unit_id, named=(row.by_id,))
    leads = may(request.user, access.LEAD, row.unit_id) and row.by_id != request.user.pk
    guests = queries.customers(access.scope(request.user)).filter(activities=row)
    return render(
        request,
        "tracking/activity.html",
        {
            "row": row,
            "kind": KINDS[row.state],
            "guests": guests,
            "hidden": row.customers.count() - guests.count(),
            "may_decide": leads and row.state == Activity.State.PLANNED,
            "may_hold": mine and row.state == Activity.State.APPROVED,
            "may_add": mine and row.state in {Activity.State.APPROVED, Activity.State.HELD},
            "photos": sheets.photos_of(row),
            "may_drop": mine and row.state in {Activity.State.PLANNED, Activity.State.APPROVED},
            "properties": [
                (_("Strategy"), sheets.strategy_of(row)),
                (_("Kind"), row.get_kind_display()),
                (_("Day"), row.on.isoformat()),
                (pgettext_lazy("of a meeting", "Place"), row.place),
                (_("Other participants"), row.participants),
                (_("Budget (yuan)"), f"{row.budget:,.2f}"),
                (_("Planned by"), row.by.name),
                (_("Decided by"), row.decided_by.name if row.decided_by else ""),
                (_("Opinion"), row.opinion),
                (_("Cost (yuan)"), "" if row.cost is None else f"{row.cost:,.2f}"),
                (_("How many came"), "" if row.heads is None else str(row.heads)),
                (_("Effect"), row.effect),
                (_("Feedback of the customers"), row.feedback),
                (_("Introductions won"), str(row.introductions) if row.introductions else ""),
                (_("Business won by them (yuan)"), f"{row.business:,.2f}" if row.business else ""),
            ],
        },
    )


@staff_required(access.LEAD)
def decide(request: StaffRequest, pk: int) -> HttpResponse:
    row = access.activity_for(request.user, pk, to="lead")
    return deed(
        request,
        forms.DecideForm(typed(request), initial={"approved": "1"}),
        partial(actions.decide, activity=row, by=request.user.party, now=clock.now()),
        refused=actions.CannotPlan,
        back=reverse("tracking:activity", args=[pk]),
        title=_("Decide on the activity"),
        submit=_("Decide"),
        said=_("The decision is saved."),
    )


@staff_required(access.WORK)
def hold(request: StaffRequest, pk: int) -> HttpResponse:
    row = access.activity_for(request.user, pk, to="work")
    return deed(
        request,
        forms.HoldForm(typed(request)),
        partial(actions.hold, activity=row, by=request.user.party, now=clock.now()),
        refused=actions.CannotPlan,
        back=reverse("tracking:activity", args=[pk]),
        title=_("Cost and effect of the activity"),
        submit=_("Save"),
        said=_("Cost and effect are saved."),
    )


@staff_required(access.WORK)
def drop(request: StaffRequest, pk: int) -> HttpResponse:
    row = access.activity_for(request.user, pk, to="work")
    return deed(
        request,
        forms.WhyForm(typed(request)),
        partial(actions.drop, activity=row, by=request.user.party, now=clock.now()),
        refused=actions.CannotPlan,
        back=reverse("tracking:activity", args=[pk]),
        title=_("Call off the activity"),
        submit=_("Call off"),
        said=_("The activity is called off."),
        danger=True,
    )


@staff_required(access.WORK)
def add_photo(request: StaffRequest, pk: int) -> HttpResponse:
    row = access.activity_for(request.user, pk, to="work")
    form = forms.PhotoForm(typed(request), request.FILES or None)
    return deed(
        request,
        form,
        partial(actions.add_photo, activity=row, by=request.user.party, now=clock.now()),
        refused=actions.CannotPlan,
        back=reverse("tracking:activity", args=[pk]),
        title=_("Add a photo"),
        submit=_("Add"),
        said=_("The photo is added."),
    )


@staff_required(access.WORK)
def remove_photo(request: StaffRequest, pk: int, file: int) -> HttpResponse:
    row = access.activity_for(request.user, pk, to="work")
    return deed(
        request,
        forms.WhyForm(typed(request)),
        partial(
            actions.remove_photo,
            activity=row,
            photo=_photo(row, file),
            by=request.user.party,
            now=clock.now(),
        ),
        refused=actions.CannotPlan,
        back=reverse("tracking:activity", args=[pk]),
        title=_("Remove the photo"),
        submit=_("Remove"),
        said=_("The photo is removed."),
        danger=True,
    )


@staff_required(access.SEE)
def photo(request: StaffRequest, pk: int, file: int) -> HttpResponseBase:
    found = _photo(access.activity_for(request.user, pk), file)
    try:
        opened = attachments.open_file(found)
    except attachments.FileMissing as missing:
        raise Http404 from missing
    answer = FileResponse(opened)
    for name, value in attachments.headers(found, inline=True).items():
        answer[name] = value
    return answer


def _photo(row: Activity, file: int) -> Attachment:
    found = attachments.attachments_of(row).filter(pk=file).first()
    if found is None:
        raise Http404
    return found


@staff_required(access.SEE)
def print_activity(request: StaffRequest, pk: int, kind: str) -> HttpResponse:
    """F000-15."""
    row = access.activity_for(request.user, pk)
    sheet = paper.Sheet(
        form=sheets.ACTIVITY,
        data=values.gather(sheets.ACTIVITY, row),
        head=paper.head_of(request, row.unit, row.number),
        address=lambda one: reverse("tracking:print_activity", args=[pk, one]),
        back=reverse("tracking:activity", args=[pk]),
        pictures=sheets.pictures_of(row),
    )
    return paper.answer(request, sheet, kind)
