from __future__ import annotations

import datetime as dt
from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from zhike.kernel import clock
from zhike.kernel.worktime.models import CalendarDay, WorkCalendar
from zhike.people import actions, almanac, forms, queries
from zhike.people.access import StaffRequest, staff_required
from zhike.people.models import business_day
from zhike.ui import answers

from ._trying import tried

CALENDAR = "people/calendar.html"


@staff_required("calendar.configure")
def calendars(request: StaffRequest) -> HttpResponse:
    """The calendars of the units in scope."""
    return render(request, "people/calendars.html", _all(request))


@staff_required("calendar.configure")
def calendar(request: StaffRequest, pk: int) -> HttpResponse:
    """One calendar: its week, the year with open and closed days, and the days that differ."""
    return answers.page(request, CALENDAR, _page(request, _calendar(request, pk)))


@require_POST
@staff_required("calendar.configure")
def open_calendar(request: StaffRequest) -> HttpResponse:
    form = forms.CalendarForm(request.POST, units=_units(request))
    made: list[WorkCalendar] = []
    by, now = request.user.party, clock.now()
    if tried(form, lambda: made.append(actions.open_calendar(by=by, now=now, **form.cleaned_data))):
        return answers.go(request, _address(made[0]), message=_("Calendar opened."))
    return answers.again(request, "people/calendars.html", _all(request, form))


@require_POST
@staff_required("calendar.configure")
def set_week(request: StaffRequest, pk: int) -> HttpResponse:
    row = _calendar(request, pk)
    form = forms.WeekForm(request.POST)

    def act() -> None:
        actions.set_week(
            calendar=row,
            week=form.week,
            holidays=form.cleaned_data["holidays"],
            convention=form.cleaned_data["convention"],
            by=request.user.party,
            now=clock.now(),
        )

    if tried(form, act):
        return _changed(request, row, _("Hours saved."))
    return answers.again(request, f"{CALENDAR}#calendar", _page(request, row, week=form))


@require_POST
@staff_required("calendar.configure")
def set_day(request: StaffRequest, pk: int) -> HttpResponse:
    row = _calendar(request, pk)
    form = forms.DayForm(request.POST)

    def act() -> None:
        actions.set_day(
            calendar=row,
            day=form.cleaned_data["day"],
            hours=form.kept,
            note=form.cleaned_data["note"],
            by=request.user.party,
            now=clock.now(),
        )

    if tried(form, act):
        return _changed(request, row, _("Day saved."))
    return answers.again(request, f"{CALENDAR}#calendar", _page(request, row, day=form))


@require_POST
@staff_required("calendar.configure")
def drop_day(request: StaffRequest, pk: int) -> HttpResponse:
    scope = request.standing.scope("calendar.configure")
    rows = scope.rows(CalendarDay.objects.select_related("calendar__unit"), unit="calendar__unit")
    day = get_object_or_404(rows, pk=pk)
    row = day.calendar
    actions.drop_day(row=day, by=request.user.party, now=clock.now())
    return _changed(request, row, _("The day follows the week and the holidays again."))


def _changed(request: StaffRequest, row: WorkCalendar, message: str) -> HttpResponse:
    return answers.done(
        request, f"{CALENDAR}#calendar", _page(request, row), then=_address(row), message=message
    )


def _calendar(request: StaffRequest, pk: int) -> WorkCalendar:
    scope = request.standing.scope("calendar.configure")
    return get_object_or_404(scope.rows(WorkCalendar.objects.select_related("unit")), pk=pk)


def _address(row: WorkCalendar) -> str:
    return reverse("people:calendar", args=[row.pk])


def _units(request: StaffRequest) -> Any:
    return queries.tree_order(queries.open_units(request.standing.units("calendar.configure")))


def _all(request: StaffRequest, form: forms.CalendarForm | None = None) -> dict[str, Any]:
    scope = request.standing.scope("calendar.configure")
    rows = scope.rows(WorkCalendar.objects.select_related("unit").order_by("unit__path"))
    return {
        "rows": [{"row": row, "week": almanac.week_lines(row.week)} for row in rows],
        "form": form or forms.CalendarForm(units=_units(request)),
    }


def _page(request: StaffRequest, row: WorkCalendar, **bound: Any) -> dict[str, Any]:
    today = business_day(clock.now())
    year = _year(request, today)
    typed = {key: almanac.hours_text(row.week.get(key, [])) for key, _label in almanac.WEEKDAYS}
    rules = {"holidays": row.holidays, "convention": row.convention}
    return {
        "calendar": row,
        "year": almanac.year_of(row, year, today),
        "days": row.days.filter(day__year=year),
        "week_form": bound.get("week") or forms.WeekForm(initial={**typed, **rules}),
        "day_form": bound.get("day") or forms.DayForm(),
    }


def _year(request: StaffRequest, today: dt.date) -> int:
    asked = request.GET.get("year", "")
    return int(asked) if asked.isdigit() and 2000 <= int(asked) <= 2100 else today.year
